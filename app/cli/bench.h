/* bench.h: what the parts of dfkd bench share: medians, the device's own limits, and a step beside them. */
#pragma once

#include "command.h"

G_BEGIN_DECLS

/** BenchTeacher: an untrained network in a teacher's place; @network NULL for the recipe's own teacher. */
typedef struct {
  const char *network, *input;
  int classes;
} BenchTeacher;

/** bench_new_teacher: the teacher of @recipe or in its place. */
DfkdModel *bench_new_teacher (const DfkdRecipe *recipe, const BenchTeacher *wanted, GError **error);


/**
 * bench_roofline: prints and adds to @builder, an open object, what each stage and the @listed most expensive kernels
 * reach of the attainable (roofline.h).
 * @stages: seconds of each region of the plan in ordinary runs
 */
gboolean bench_roofline (DfkdProgram *program, const DfkdRates *rates, const double *stages, int repeats, guint listed,
                         JsonBuilder *builder, gboolean json, GError **error);

/** bench_memory: for the temporaries of the device's programs, and the most that the process ever held. */
void bench_memory (DfkdDevice *device, JsonBuilder *builder, gboolean json);

typedef struct {
  int rounds;
  gboolean quick;
  const char *sweep;  /* "batch", "k", "side" or "pool"; NULL: all */
  const char *folder; /* NULL: no files */
} BenchScalingOptions;

/** bench_scaling: dfkd bench --scaling (bench-scaling.h). Returns: an exit code */
int bench_scaling (const DfkdCommonOptions *common, const DfkdRecipe *recipe, const BenchTeacher *teacher,
                   const BenchScalingOptions *options);

G_END_DECLS
