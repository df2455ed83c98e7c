/* precision-recall.h: how far generated images are like real ones, and how far they are as various, by features of both.
 *
 * Each set covers the balls around its points that reach to the k-th nearest other point of the same set. Precision and recall are
 * those of Kynkäänniemi et al. (NeurIPS 2019), density and coverage those of Naeem et al. (ICML 2020), which single far points
 * mislead less. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
  DFKD_PRECISION_RECALL_NEIGHBOURS = 5, /* k as Naeem et al. choose it */
};

typedef struct {
  gsize n_real, n_generated; /* that counted: with no feature that is no finite number */
  double precision; /* share of the generated that lie in a ball of the real */
  double recall;    /* share of the real that lie in a ball of the generated */
  double density;   /* in how many balls of the real a generated one lies on average, over k: 1 where both are alike, and it can be more */
  double coverage;  /* share of the real in whose ball a generated one lies */
} DfkdPrecisionRecall;

/**
 * dfkd_precision_recall:
 * @real, @generated: [n, n_features]
 * @k: neighbours that a ball reaches to
 * @stop: (nullable): a flag that another thread may raise (g_atomic_int_set())
 * @covered: (out) (nullable): [n_real]: 1 for those in whose ball a generated one lies, which are the share @coverage; else 0, and where nothing is known
 * @result: (out): shares are NaN where a set has no more than @k points
 *
 * Exact in float64. Takes n_real · n_generated · n_features operations and those of dfkd_neighbours_new() for each set.
 *
 * Returns: FALSE with DFKD_ERROR_ARGUMENT when the sizes cannot be, DFKD_ERROR_CANCELLED, DFKD_ERROR_MEMORY, or DFKD_ERROR_DEVICE without OpenBLAS
 */
gboolean dfkd_precision_recall (const float *real, gsize n_real, const float *generated, gsize n_generated, gsize n_features, guint k,
                                const gint *stop, guint8 *covered, DfkdPrecisionRecall *result, GError **error);

/** dfkd_precision_recall_sample: @wanted (at most @n) of [n, n_features], one from each of so many equal parts: sets of one size are to be compared,
 * as balls shrink the more points there are. Returns: (transfer full): [wanted, n_features] */
float *dfkd_precision_recall_sample (const float *rows, gsize n, gsize n_features, gsize wanted);

G_END_DECLS
