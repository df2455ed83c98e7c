/* neighbours.h: nearest neighbours in the space that points come from, and how well a map of them keeps these.
 *
 * Exact: by Euclidean distance in float64, of equal distances the lower index first. Points with a feature that is no finite
 * number have no neighbours and are nobody's. The same on any number of threads. */
#pragma once

#include "thread-pool.h"

#include <glib.h>

G_BEGIN_DECLS

#define DFKD_NO_NEIGHBOUR G_MAXUINT32

typedef struct {
  gsize n, n_left_out;
  guint k;          /* as asked for, or fewer if there are not so many others */
  guint32 *indices; /* [n, k]: nearest first; DFKD_NO_NEIGHBOUR in the rows of points that are left out */
  float *distances; /* [n, k]: NaN there */
} DfkdNeighbours;

/**
 * dfkd_neighbours_new: the @k nearest others of every point
 * @rows: [n, n_features]
 * @pool: (nullable): threads that help, in use by nobody else
 * @stop: (nullable): a flag that another thread may raise (g_atomic_int_set())
 *
 * About 2·n²·n_features operations of a float32 matrix product, and a look at each product: 90 neighbours of 20,000 points of 64
 * features take 1.9 s of a processor (tests/analysis/benchmark-analysis.c). Points far from the mean of all and very near to
 * each other are compared in float64 besides; a set of nothing else takes as long as that does.
 *
 * Returns: (transfer full): NULL with DFKD_ERROR_ARGUMENT when the sizes cannot be, DFKD_ERROR_CANCELLED, DFKD_ERROR_MEMORY, or
 * DFKD_ERROR_DEVICE without OpenBLAS
 */
DfkdNeighbours *dfkd_neighbours_new (const float *rows, gsize n, gsize n_features, guint k, DfkdThreadPool *pool, const gint *stop,
                                     GError **error);
void dfkd_neighbours_free (DfkdNeighbours *neighbours);

/**
 * dfkd_neighbours_of: the nearest points to one
 * @point: [n_features]
 * @self: its own index, if it is one of @rows, which is then left out; else DFKD_NO_NEIGHBOUR
 * @indices: (out): room for @k
 * @distances: (out) (nullable): room for @k
 *
 * Returns: how many there are, at most @k; 0 when @point is not finite
 */
guint dfkd_neighbours_of (const float *rows, gsize n, gsize n_features, const float *point, guint32 self, guint k, guint32 *indices,
                          float *distances);

/**
 * DfkdPreservation: how a map keeps neighbourhoods of @k points: for each point, and the mean over all that count.
 *
 * kept: the share of the k nearest neighbours that are among the k nearest on the map.
 * trustworthiness: 1 less a penalty for points that came near on the map only: Σ (rank in the original space − k).
 * continuity: the same for neighbours that the map lost: Σ (rank on the map − k).
 * Both as in Venna and Kaski 2001, with the penalty scaled so that 1 is the best and 0 the worst possible: 2 / (nk (2n − 3k − 1))
 * for k < n/2 and 2 / (n (n − k) (n − k − 1)) beyond; 1 when every point is a neighbour of every other.
 */
typedef struct {
  gsize n, n_left_out; /* points left out in either space count nowhere: their numbers are NaN */
  guint k;             /* 0 when fewer than two points count: all numbers are NaN */
  float *kept, *trustworthiness, *continuity; /* [n] */
  double mean_kept, mean_trustworthiness, mean_continuity;
} DfkdPreservation;

/**
 * dfkd_preservation_new:
 * @rows: [n, n_features]: the original space
 * @map: [n, dimensions]
 *
 * About twice what dfkd_neighbours_new() takes. Parameters and errors as there.
 */
DfkdPreservation *dfkd_preservation_new (const float *rows, gsize n_features, const float *map, gsize dimensions, gsize n, guint k,
                                         DfkdThreadPool *pool, const gint *stop, GError **error);
void dfkd_preservation_free (DfkdPreservation *preservation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdNeighbours, dfkd_neighbours_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdPreservation, dfkd_preservation_free)

G_END_DECLS
