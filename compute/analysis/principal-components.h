/* principal-components.h: principal component analysis (Hotelling 1933) of points to the two or three directions in which
 * they spread most.
 *
 * Up to 2048 features or points it is exact: eigenvectors of the covariance or of the Gram matrix, whichever is smaller, in
 * float64. Beyond, the axes are found by subspace iteration from a random start (Halko, Martinsson and Tropp 2011, algorithm
 * 4.4, with a fixed seed) until the variances stand still to 1e-6 or after 8 rounds. The same points give the same bytes on any
 * number of threads.
 *
 * Processor time, measured by tests/analysis/benchmark-analysis.c as said in t-sne.h: 20,000 points of 64 features 0.02 s,
 * 12,000 of 2048 exactly 2 s, 3000 of 8192 by iteration 0.8 s. */
#pragma once

#include "thread-pool.h"

#include <glib.h>

G_BEGIN_DECLS

enum {
  DFKD_MAX_AXES = 3,
};

typedef struct {
  gsize n_points, n_features;
  gsize n_left_out;   /* points with a feature that is no finite number: they count nowhere */
  guint n_axes;
  double *mean;       /* [n_features] */
  double *axes;       /* [n_axes, n_features]: orthonormal, the largest loading positive; 0 beyond the number of features */
  double variance[DFKD_MAX_AXES]; /* along each axis, by n − 1, descending */
  double total_variance;          /* of all features: variance[i] / total_variance is what axis i explains */
  float *coordinates; /* [n_points, n_axes]: of each point on the axes; NaN for those left out */
} DfkdPrincipalComponents;

/**
 * dfkd_principal_components_new:
 * @rows: points, [n, n_features]
 * @n_axes: 1 … DFKD_MAX_AXES
 * @pool: (nullable): threads that help, in use by nobody else
 * @stop: (nullable): a flag that another thread may raise (g_atomic_int_set())
 *
 * Directions in which nothing varies follow in a fixed choice. @stop is looked at all the time except while the
 * eigenvectors of the small matrix are computed (0.3 s for 1024 × 1024, eight times that for 2048 × 2048).
 *
 * Returns: (transfer full): NULL with DFKD_ERROR_ARGUMENT when no point counts or the sizes cannot be, DFKD_ERROR_CANCELLED,
 * DFKD_ERROR_MEMORY, DFKD_ERROR_NUMBER or, without LAPACK, DFKD_ERROR_DEVICE
 */
DfkdPrincipalComponents *dfkd_principal_components_new (const float *rows, gsize n, gsize n_features, guint n_axes,
                                                        DfkdThreadPool *pool, const gint *stop, GError **error);
void dfkd_principal_components_free (DfkdPrincipalComponents *components);

/** dfkd_principal_components_project: coordinates ([n, n_axes]) of further points on the same axes; NaN where one is not finite. */
void dfkd_principal_components_project (const DfkdPrincipalComponents *components, const float *rows, gsize n, float *coordinates,
                                        DfkdThreadPool *pool);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdPrincipalComponents, dfkd_principal_components_free)

G_END_DECLS
