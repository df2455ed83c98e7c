/* batch-numbers.h: what both networks say of each image of a batch: probabilities, losses, agreement, and each image's share in
 * those terms of the inversion loss of METHOD.md section 1 that are means over images.
 *
 * Computed in float64 from logarithms of probabilities, so that logits of any size give finite numbers. */
#pragma once

#include "adversarial.h"

#include <glib.h>

G_BEGIN_DECLS

/** DfkdBatchNumber: one number an image; NaN where it needs what was not given. */
typedef enum {
  DFKD_BATCH_CONFIDENCE,         /* the teacher's largest probability */
  DFKD_BATCH_STUDENT_CONFIDENCE, /* the student's */
  DFKD_BATCH_CROSS_ENTROPY,      /* −log of the teacher's probability of the label, nats; NaN for a label that is no class */
  DFKD_BATCH_STUDENT_CROSS_ENTROPY, /* the same of the student's */
  DFKD_BATCH_DIVERGENCE,         /* KL(teacher‖student), nats */
  DFKD_BATCH_AGREEMENT,          /* 1 where both predict the same class, else 0 */
  DFKD_BATCH_DISAGREEMENT,       /* Jensen-Shannon divergence of the two, bits: 0 the same … 1 nothing in common (Lin 1991) */
  DFKD_N_BATCH_NUMBERS
} DfkdBatchNumber;

typedef struct {
  gsize n; /* images */
  guint classes;
  gsize n_left_out; /* images with a logit that is no finite number: class −1, everything else NaN; they still count in n */
  float *teacher;   /* [n, classes]: softmax */
  float *student;   /* [n, classes], or NULL */
  gint32 *teacher_class; /* [n]: predicted; of equal logits the first, as the engine does */
  gint32 *student_class; /* [n], or NULL */
  double *numbers[DFKD_N_BATCH_NUMBERS]; /* [n] each */
} DfkdBatchNumbers;

/**
 * dfkd_batch_numbers_new:
 * @teacher: logits [n, classes]
 * @student: (nullable): the same of the student
 * @labels: (nullable): [n]: the labels that were drawn
 *
 * Returns: NULL with DFKD_ERROR_ARGUMENT when there is no class or the sizes cannot be
 */
DfkdBatchNumbers *dfkd_batch_numbers_new (const float *teacher, const float *student, const gint32 *labels, gsize n, guint classes,
                                          GError **error);
void dfkd_batch_numbers_free (DfkdBatchNumbers *numbers);

/**
 * dfkd_adversarial_shares:
 * @teacher: logits [n, classes]
 * @student: the same of the student
 * @shares: (out): [n]: what each image adds to L_adv by @criterion; NaN for one with a logit that is no finite number
 */
void dfkd_adversarial_shares (const float *teacher, const float *student, gsize n, guint classes, DfkdAdversarial criterion, double *shares);

/**
 * dfkd_activation_shares:
 * @features: [n, columns]: what the teacher's classifier reads
 * @shares: (out): [n]: what each image adds to L_act = −mean│features│
 */
void dfkd_activation_shares (const float *features, gsize n, gsize columns, double *shares);

/**
 * dfkd_batch_numbers_top: the most probable classes of an image, the most probable first; of equal ones the lower first.
 * @probabilities: one row: [classes]
 * @top: (out): room for @m classes
 * @top_probabilities: (out): room for @m
 *
 * Returns: how many there are: at most @m and @classes; 0 for an image that was left out
 */
guint dfkd_batch_numbers_top (const float *probabilities, guint classes, guint m, gint32 *top, float *top_probabilities);

/** dfkd_batch_numbers_order: @order (room for n) becomes the images sorted by @number; equal ones stay in order, NaN is last. */
void dfkd_batch_numbers_order (const DfkdBatchNumbers *numbers, DfkdBatchNumber number, gboolean descending, guint32 *order);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdBatchNumbers, dfkd_batch_numbers_free)

G_END_DECLS
