/* preservation.c: neighbourhoods in the original space against those on a map. */
#include "neighbours.h"

#include "nearest-private.h"
#include "points-private.h"

#include <math.h>
#include <string.h>

typedef struct {
  DfkdPointSet rows, map;
  const guint32 *kept; /* [n]: the caller's index of each point that counts */
  gsize n;
  const gint *stop;
  DfkdPreservation *result;
} Work;

/* of a block of queries: neighbours in one space */
typedef struct {
  DfkdNear *near; /* [n_queries, k] */
  guint found[DFKD_QUERIES];
} Lists;

static gboolean
contains (const DfkdNear *near, guint n, guint32 index)
{
  for (guint i = 0; i < n; i++)
    if (near[i].index == index)
      return TRUE;
  return FALSE;
}

/* how much Σ (rank − k) weighs, for one point */
static double
weight_of_rank (double n, double k)
{
  if (2.0 * k < n)
    return 2.0 / (k * (2.0 * n - 3.0 * k - 1.0));
  return n - k > 1.0 ? 2.0 / ((n - k) * (n - k - 1.0)) : 0.0;
}

/* Neighbours in @mine that are none in @others, ranked in the space of @others. Values: 1 less the penalty. */
static void
judge (const Work *w, const guint32 *queries, guint n_queries, const Lists *mine, const DfkdPointSet *space, const Lists *others,
       float *values)
{
  guint k = w->result->k;
  g_autofree guint32 *strangers = g_new (guint32, (gsize) n_queries * k), *ranks = g_new (guint32, (gsize) n_queries * k);
  gsize starts[DFKD_QUERIES + 1] = { 0 };
  double weight = weight_of_rank ((double) w->n, k);

  for (guint q = 0; q < n_queries; q++)
    {
      starts[q + 1] = starts[q];
      for (guint i = 0; i < mine->found[q]; i++)
        {
          guint32 index = mine->near[(gsize) q * k + i].index;

          if (!contains (others->near + (gsize) q * k, others->found[q], index))
            strangers[starts[q + 1]++] = index;
        }
    }
  if (!dfkd_point_set_ranks (space, queries, n_queries, strangers, starts, ranks, w->stop))
    return;
  for (guint q = 0; q < n_queries; q++)
    {
      double penalty = 0.0;

      for (gsize i = starts[q]; i < starts[q + 1]; i++)
        penalty += (double) ranks[i] - k;
      values[w->kept[queries[q]]] = (float) (1.0 - weight * penalty);
    }
}

static void
preservation_task (gpointer data, gsize index)
{
  const Work *w = data;
  guint k = w->result->k, n_queries = (guint) MIN ((gsize) DFKD_QUERIES, w->n - index * DFKD_QUERIES);
  guint32 queries[DFKD_QUERIES];
  Lists original = { .near = g_new (DfkdNear, DFKD_QUERIES * (gsize) k) };
  Lists mapped = { .near = g_new (DfkdNear, DFKD_QUERIES * (gsize) k) };

  for (guint q = 0; q < n_queries; q++)
    queries[q] = (guint32) (index * DFKD_QUERIES + q);
  if (!dfkd_work_is_unwanted (w->stop)
      && dfkd_point_set_nearest (&w->rows, queries, n_queries, 0, w->n, k, original.near, original.found, w->stop)
      && dfkd_point_set_nearest (&w->map, queries, n_queries, 0, w->n, k, mapped.near, mapped.found, w->stop))
    {
      for (guint q = 0; q < n_queries; q++)
        {
          guint both = 0;

          for (guint i = 0; i < original.found[q]; i++)
            both += contains (mapped.near + (gsize) q * k, mapped.found[q], original.near[(gsize) q * k + i].index);
          w->result->kept[w->kept[queries[q]]] = (float) both / (float) k;
        }
      judge (w, queries, n_queries, &mapped, &w->rows, &original, w->result->trustworthiness);
      judge (w, queries, n_queries, &original, &w->map, &mapped, w->result->continuity);
    }
  g_free (original.near);
  g_free (mapped.near);
}

/* indices of points that are finite in both spaces */
static gsize
finite_in_both (const float *rows, gsize n_features, const float *map, gsize dimensions, gsize n, guint32 *kept)
{
  gsize n_rows = dfkd_points_finite (rows, n, n_features, kept), count = 0;

  for (gsize i = 0; i < n_rows; i++)
    {
      guint32 none;

      if (dfkd_points_finite (map + kept[i] * dimensions, 1, dimensions, &none) == 1)
        kept[count++] = kept[i];
    }
  return count;
}

static float *
copy_rows (const float *rows, gsize n_features, const guint32 *kept, gsize n)
{
  float *copy = g_new (float, n * n_features);

  for (gsize i = 0; i < n; i++)
    memcpy (copy + i * n_features, rows + kept[i] * n_features, n_features * sizeof (float));
  return copy;
}

static double
mean_of (const float *values, const guint32 *kept, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += values[kept[i]];
  return sum / (double) n;
}

static gboolean
run (Work *w, const float *rows, gsize n_features, const float *map, gsize dimensions, DfkdThreadPool *pool, GError **error)
{
  g_autofree float *rows_kept = copy_rows (rows, n_features, w->kept, w->n), *map_kept = copy_rows (map, dimensions, w->kept, w->n);

  if (!dfkd_point_set_init (&w->rows, rows_kept, w->n, n_features, error))
    return FALSE;
  if (!dfkd_point_set_init (&w->map, map_kept, w->n, dimensions, error))
    {
      dfkd_point_set_clear (&w->rows);
      return FALSE;
    }
  dfkd_work_over (pool, (w->n + DFKD_QUERIES - 1) / DFKD_QUERIES, preservation_task, w);
  dfkd_point_set_clear (&w->rows);
  dfkd_point_set_clear (&w->map);
  return !dfkd_work_stopped (w->stop, error);
}

DfkdPreservation *
dfkd_preservation_new (const float *rows, gsize n_features, const float *map, gsize dimensions, gsize n, guint k, DfkdThreadPool *pool,
                       const gint *stop, GError **error)
{
  g_autoptr (DfkdPreservation) result = g_new0 (DfkdPreservation, 1);
  g_autofree guint32 *kept = NULL;
  Work work = { .stop = stop, .result = result };

  if (!dfkd_points_check (n, n_features, error) || !dfkd_points_check (n, dimensions, error))
    return NULL;
  work.kept = kept = g_new (guint32, n);
  work.n = finite_in_both (rows, n_features, map, dimensions, n, kept);
  result->n = n;
  result->n_left_out = n - work.n;
  result->k = (guint) MIN ((gsize) k, MAX (work.n, 1) - 1);
  result->kept = g_new (float, n);
  result->trustworthiness = g_new (float, n);
  result->continuity = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    result->kept[i] = result->trustworthiness[i] = result->continuity[i] = NAN;
  result->mean_kept = result->mean_trustworthiness = result->mean_continuity = NAN;
  if (result->k == 0)
    return g_steal_pointer (&result);
  if (!run (&work, rows, n_features, map, dimensions, pool, error))
    return NULL;
  result->mean_kept = mean_of (result->kept, kept, work.n);
  result->mean_trustworthiness = mean_of (result->trustworthiness, kept, work.n);
  result->mean_continuity = mean_of (result->continuity, kept, work.n);
  return g_steal_pointer (&result);
}

void
dfkd_preservation_free (DfkdPreservation *preservation)
{
  if (preservation == NULL)
    return;
  g_free (preservation->kept);
  g_free (preservation->trustworthiness);
  g_free (preservation->continuity);
  g_free (preservation);
}
