/* bench.h: what the parts of dfkd bench share: medians, the device's own limits, and a step beside them. */
#pragma once

#include "command.h"

G_BEGIN_DECLS

/** BenchRates: what a device reaches at its best, a second. */
typedef struct {
  double bytes; /* read and written by a copy that no cache holds */
  double flop;  /* of a large matrix product */
} BenchRates;

/** BenchTeacher: an untrained network in a teacher's place; @network NULL for the recipe's own teacher. */
typedef struct {
  const char *network, *input;
  int classes;
} BenchTeacher;

/** bench_median: sorts @values. */
double bench_median (double *values, guint count);

/** bench_measure_device: the best of several copies and matrix products on @device itself. */
gboolean bench_measure_device (DfkdDevice *device, BenchRates *rates, GError **error);

/**
 * bench_roofline: prints and adds to @builder, an open object, what each stage and the ten most expensive kernels
 * reach of the attainable: max (flop / rate, bytes / bandwidth) over the time (Williams, Waterman and Patterson 2009).
 * @stages: seconds of each region of the plan
 */
gboolean bench_roofline (DfkdProgram *program, const BenchRates *rates, const double *stages, int repeats,
                         JsonBuilder *builder, gboolean json, GError **error);

/** bench_memory: the arenas of the programs, and the most that the process ever held. */
void bench_memory (DfkdTrainer *trainer, const char *const *kinds, guint n_kinds, JsonBuilder *builder, gboolean json);

G_END_DECLS
