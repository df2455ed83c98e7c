/* principal-components-private.h: what the exact and the iterative way to the axes share. */
#pragma once

#include "principal-components.h"

G_BEGIN_DECLS

/** DfkdCentredPoints: X, the points that count less their mean: row i is rows[kept[i]] − mean. */
typedef struct {
  const float *rows;
  gsize n, n_features;
  const guint32 *kept; /* [n] */
  const double *mean;
  DfkdThreadPool *pool;
  const gint *stop;
} DfkdCentredPoints;

/** dfkd_centred_fill: @block [n, n_features] = rows @first … of X, features @feature …. */
void dfkd_centred_fill (const DfkdCentredPoints *points, gsize first, gsize n, gsize feature, gsize n_features, double *block);

/**
 * dfkd_leading_eigenvectors: of a symmetric matrix
 * @a: [m, m], of which the upper triangle is read, by rows; overwritten
 * @values: (out): the @count largest, descending
 * @vectors: (out): [count, m]
 */
gboolean dfkd_leading_eigenvectors (double *a, gsize m, guint count, double *values, double *vectors, GError **error);

/**
 * dfkd_subspace_axes: the axes of X by subspace iteration; n and n_features are larger than 16
 * @axes: (out): [n_axes, n_features], orthonormal
 * @values: (out): eigenvalues of XᵀX, descending
 */
gboolean dfkd_subspace_axes (const DfkdCentredPoints *points, guint n_axes, double *axes, double *values, GError **error);

G_END_DECLS
