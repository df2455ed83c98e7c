/* distillation.h: the student's step (METHOD.md section 2, item 3): a batch drawn from the pool, KL at
 * temperature T against the teacher, SGD with momentum and weight decay. */
#pragma once

#include "synthesis.h"

G_BEGIN_DECLS

typedef struct {
  gsize batch;
  const float *mean, *std;
  DfkdCriterion criterion;
  DfkdSynthesis *synthesis; /* (nullable): whose draw() gives the images; borrowed. NULL: from the pool, augmented */
  gboolean given_batch; /* images, offsets and flips come from variables (DfkdDistillationVariable) */
} DfkdDistillationOptions;

typedef enum {
  DFKD_DISTILLATION_IMAGES, /* N,C,H,W in [0,1] */
  DFKD_DISTILLATION_OFFSET,
  DFKD_DISTILLATION_FLIP,
} DfkdDistillationVariable;

/**
 * DfkdDistillation:
 *
 * Dials of step: temperature (of DFKD_CRITERION_KL), lr, momentum, weight_decay, the counter "draw", and those of dfkd_pool_set_dials().
 * Reads: loss; with given_batch also student_logits and teacher_logits.
 */
typedef struct {
  DfkdProgram *step;
  DfkdBlock *gradient, *buffer; /* of the student's parameters; buffer is SGD's momentum */
  DfkdBlock *constants;
  DfkdBlock *given; /* NULL unless given_batch */
} DfkdDistillation;

/** dfkd_distillation_new: @pool: (nullable): where batches are drawn from; not with given_batch or a synthesis */
DfkdDistillation *dfkd_distillation_new (DfkdDevice *device, const DfkdDistillationOptions *options,
                                         const DfkdPlaced *teacher, const DfkdPlaced *student, DfkdPool *pool,
                                         GError **error);
void dfkd_distillation_free (DfkdDistillation *distillation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdDistillation, dfkd_distillation_free)

G_END_DECLS
