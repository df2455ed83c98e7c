/* neighbours.c: neighbours of all points or of one. */
#include "neighbours.h"

#include "errors.h"
#include "nearest-private.h"
#include "points-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct {
  const DfkdPointSet *set;
  const guint32 *kept; /* [set->n]: the caller's index of each */
  const gint *stop;
  DfkdNeighbours *neighbours;
} Work;

static void
neighbours_task (gpointer data, gsize index)
{
  const Work *w = data;
  guint k = w->neighbours->k, n_queries = (guint) MIN ((gsize) DFKD_QUERIES, w->set->n - index * DFKD_QUERIES);
  guint32 queries[DFKD_QUERIES];
  guint found[DFKD_QUERIES];
  g_autofree DfkdNear *near = g_new (DfkdNear, DFKD_QUERIES * (gsize) k);

  for (guint q = 0; q < n_queries; q++)
    queries[q] = (guint32) (index * DFKD_QUERIES + q);
  if (dfkd_work_is_unwanted (w->stop) || !dfkd_point_set_nearest (w->set, queries, n_queries, 0, w->set->n, k, near, found, w->stop))
    return;
  for (guint q = 0; q < n_queries; q++)
    for (guint i = 0; i < found[q]; i++)
      {
        gsize place = (gsize) w->kept[queries[q]] * k + i;

        w->neighbours->indices[place] = w->kept[near[(gsize) q * k + i].index];
        w->neighbours->distances[place] = (float) sqrt (near[(gsize) q * k + i].square);
      }
}

/* the rows @kept, one after the other; @rows themselves if these are all */
static const float *
gather (const float *rows, gsize n, gsize n_features, const guint32 *kept, gsize n_kept, float **copy)
{
  if (n_kept == n)
    return rows;
  *copy = g_new (float, n_kept * n_features);
  for (gsize i = 0; i < n_kept; i++)
    memcpy (*copy + i * n_features, rows + kept[i] * n_features, n_features * sizeof (float));
  return *copy;
}

DfkdNeighbours *
dfkd_neighbours_new (const float *rows, gsize n, gsize n_features, guint k, DfkdThreadPool *pool, const gint *stop, GError **error)
{
  g_autoptr (DfkdNeighbours) neighbours = g_new0 (DfkdNeighbours, 1);
  g_autofree guint32 *kept = NULL;
  g_autofree float *copy = NULL;
  DfkdPointSet set;
  Work work = { &set, NULL, stop, neighbours };
  gsize n_kept;

  if (!dfkd_points_check (n, n_features, error))
    return NULL;
  work.kept = kept = g_new (guint32, n);
  n_kept = dfkd_points_finite (rows, n, n_features, kept);
  neighbours->n = n;
  neighbours->n_left_out = n - n_kept;
  neighbours->k = (guint) MIN ((gsize) k, MAX (n_kept, 1) - 1);
  neighbours->indices = g_try_new (guint32, n * neighbours->k);
  neighbours->distances = g_try_new (float, n * neighbours->k);
  if (n * neighbours->k > 0 && (neighbours->indices == NULL || neighbours->distances == NULL))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("there is no memory for %u neighbours of each point"), neighbours->k);
      return NULL;
    }
  for (gsize i = 0; i < n * neighbours->k; i++)
    {
      neighbours->indices[i] = DFKD_NO_NEIGHBOUR;
      neighbours->distances[i] = NAN;
    }
  if (!dfkd_point_set_init (&set, gather (rows, n, n_features, kept, n_kept, &copy), n_kept, n_features, error))
    return NULL;
  if (neighbours->k > 0)
    dfkd_work_over (pool, (n_kept + DFKD_QUERIES - 1) / DFKD_QUERIES, neighbours_task, &work);
  dfkd_point_set_clear (&set);
  return dfkd_work_stopped (stop, error) ? NULL : g_steal_pointer (&neighbours);
}

void
dfkd_neighbours_free (DfkdNeighbours *neighbours)
{
  if (neighbours == NULL)
    return;
  g_free (neighbours->indices);
  g_free (neighbours->distances);
  g_free (neighbours);
}

guint
dfkd_neighbours_of (const float *rows, gsize n, gsize n_features, const float *point, guint32 self, guint k, guint32 *indices,
                    float *distances)
{
  g_autofree DfkdNear *near = g_new (DfkdNear, k);
  guint found = 0;

  for (gsize i = 0; i < n && k > 0; i++)
    {
      double square = i != self ? dfkd_square_distance (point, rows + i * n_features, n_features) : NAN;
      guint place;

      if (!isfinite (square) || (found == k && square >= near[k - 1].square))
        continue;
      if (found < k)
        found++;
      for (place = found - 1; place > 0 && near[place - 1].square > square; place--)
        near[place] = near[place - 1];
      near[place] = (DfkdNear){ (guint32) i, square };
    }
  for (guint i = 0; i < found; i++)
    {
      indices[i] = near[i].index;
      if (distances != NULL)
        distances[i] = (float) sqrt (near[i].square);
    }
  return found;
}
