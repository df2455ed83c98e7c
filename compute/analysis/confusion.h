/* confusion.h: labels against predictions, counted: the confusion matrix and what is read from it.
 *
 *   DfkdConfusion *c = dfkd_confusion_new (10, &error);
 *   dfkd_confusion_add (c, labels, predictions, n);      as often as there are batches
 *   dfkd_confusion_accuracy (c);
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint classes;
  guint64 *counts;             /* [classes, classes]: row label, column prediction */
  guint64 counted;             /* pairs in @counts */
  guint64 labels_outside;      /* pairs left out: the label is no class */
  guint64 predictions_outside; /* pairs left out: the label is one, the prediction is not */
} DfkdConfusion;

/** dfkd_confusion_new: all counts 0. @classes ≥ 1. DFKD_ERROR_MEMORY when there is no room for their square. */
DfkdConfusion *dfkd_confusion_new (guint classes, GError **error);
void dfkd_confusion_free (DfkdConfusion *confusion);
void dfkd_confusion_clear (DfkdConfusion *confusion);

/** dfkd_confusion_add: counts @n pairs of a label and a prediction. */
void dfkd_confusion_add (DfkdConfusion *confusion, const gint32 *labels, const gint32 *predictions, gsize n);

/* shares 0 … 1; NaN where nothing is there to take a share of */
/** dfkd_confusion_accuracy: predictions that are the label, of all counted. */
double dfkd_confusion_accuracy (const DfkdConfusion *confusion);
/** dfkd_confusion_recall: of the images with label @class, those predicted so: the class's accuracy. */
double dfkd_confusion_recall (const DfkdConfusion *confusion, guint class);
/** dfkd_confusion_precision: of the images predicted as @class, those that are. */
double dfkd_confusion_precision (const DfkdConfusion *confusion, guint class);

/**
 * dfkd_confusion_kappa: Cohen's kappa (Cohen 1960): (p − e) / (1 − e) with the accuracy p and the accuracy e that labels and
 * predictions of the same frequencies would have by chance: 1 for all right, 0 for chance, below 0 for worse.
 *
 * Returns: NaN when nothing is counted, or when both are always the same class
 */
double dfkd_confusion_kappa (const DfkdConfusion *confusion);

/**
 * dfkd_prediction_agreement: how far two networks predict alike.
 * @kappa: (out) (nullable): Cohen's kappa of the two
 * @error: as dfkd_confusion_new()
 *
 * Returns: the share of equal predictions among those where both are a class; NaN when there is none or on an error
 */
double dfkd_prediction_agreement (const gint32 *a, const gint32 *b, gsize n, guint classes, double *kappa, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdConfusion, dfkd_confusion_free)

G_END_DECLS
