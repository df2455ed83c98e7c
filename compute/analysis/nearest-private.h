/* nearest-private.h: exact nearest neighbours, block by block of queries, for who cuts the work himself.
 *
 * Distances of a block come from matrix products in float32, each with a bound of its error; what the bound leaves open is
 * computed again in float64. So the result is that of float64 throughout: by distance, equal ones by index. */
#pragma once

#include "blas.h"

#include <glib.h>

G_BEGIN_DECLS

enum {
  DFKD_QUERIES = 128, /* of a block */
};

/** DfkdPointSet: points, all finite, and a centred copy scaled to at most 1. */
typedef struct {
  const DfkdBlas *blas;
  const float *rows; /* [n, n_features]; the caller's */
  gsize n, n_features;
  float *scaled;
  float *low, *high; /* [n]: squared lengths less and plus what rounding can do */
  double slack;      /* relative: of the same for a query */
  double scale;      /* of squared distances */
} DfkdPointSet;

/** DfkdNear: a neighbour. */
typedef struct {
  guint32 index;
  double square; /* of the distance */
} DfkdNear;

/** dfkd_point_set_init: for at least one feature; DFKD_ERROR_MEMORY, or DFKD_ERROR_DEVICE without OpenBLAS. */
gboolean dfkd_point_set_init (DfkdPointSet *set, const float *rows, gsize n, gsize n_features, GError **error);
void dfkd_point_set_clear (DfkdPointSet *set);

/** dfkd_square_distance: squared distance of two points, in float64. */
double dfkd_square_distance (const float *a, const float *b, gsize n_features);

/**
 * dfkd_point_set_nearest: the @k nearest of the points @first … @end − 1 to each of some points
 * @queries: their indices, at most DFKD_QUERIES; none is a neighbour of itself
 * @near: (out): [n_queries, k]
 * @found: (out): [n_queries]: how many there are, fewer than @k only when there are no more points
 *
 * Returns: FALSE, and nothing is found, when @stop (nullable) was raised on the way
 */
gboolean dfkd_point_set_nearest (const DfkdPointSet *set, const guint32 *queries, guint n_queries, gsize first, gsize end, guint k,
                             DfkdNear *near, guint *found, const gint *stop);

/**
 * dfkd_point_set_ranks: where neighbours of one space stand in another
 * @others: for query q the points @starts[q] … @starts[q + 1] − 1
 * @ranks: (out): as @others: 1 for the nearest point to the query, 2 for the next …
 *
 * Returns: FALSE, and ranks mean nothing, when @stop (nullable) was raised on the way
 */
gboolean dfkd_point_set_ranks (const DfkdPointSet *set, const guint32 *queries, guint n_queries, const guint32 *others,
                               const gsize *starts, guint32 *ranks, const gint *stop);

G_END_DECLS
