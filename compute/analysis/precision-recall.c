/* precision-recall.c: radii of both sets, then each pair once. */
#include "precision-recall.h"

#include "nearest-private.h"
#include "neighbours.h"
#include "points-private.h"

#include <math.h>
#include <string.h>

/* points that count, and how far the balls around them reach */
typedef struct {
  const float *rows;
  gsize n, n_features;
  guint32 *kept;   /* [n]: their rows */
  double *squares; /* [n]: of the radii */
} Set;

static void
set_clear (Set *set)
{
  g_free (set->kept);
  g_free (set->squares);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Set, set_clear)

static const float *
row_of (const Set *set, gsize i)
{
  return set->rows + set->kept[i] * set->n_features;
}

static gboolean
set_init (Set *set, const float *rows, gsize n, gsize n_features, guint k, const gint *stop, GError **error)
{
  g_autoptr (DfkdNeighbours) neighbours = dfkd_neighbours_new (rows, n, n_features, k, NULL, stop, error);

  if (neighbours == NULL)
    return FALSE;
  *set = (Set){ .rows = rows, .n_features = n_features, .kept = g_new (guint32, MAX (n, 1)), .squares = g_new (double, MAX (n, 1)) };
  set->n = dfkd_points_finite (rows, n, n_features, set->kept);
  for (gsize i = 0; neighbours->k == k && i < set->n; i++)
    set->squares[i] = dfkd_square_distance (row_of (set, i), rows + neighbours->indices[(gsize) set->kept[i] * k + k - 1] * n_features, n_features);
  return TRUE;
}

gboolean
dfkd_precision_recall (const float *real, gsize n_real, const float *generated, gsize n_generated, gsize n_features, guint k, const gint *stop,
                       guint8 *covered, DfkdPrecisionRecall *result, GError **error)
{
  g_auto (Set) r = { 0 }, g = { 0 };
  g_autofree gboolean *is_precise = NULL; /* of the generated */
  gsize precise = 0, recalled = 0, n_covered = 0, hits = 0;

  g_return_val_if_fail (k > 0, FALSE);
  if (!set_init (&r, real, n_real, n_features, k, stop, error) || !set_init (&g, generated, n_generated, n_features, k, stop, error))
    return FALSE;
  if (covered != NULL)
    memset (covered, 0, n_real);
  *result = (DfkdPrecisionRecall){ r.n, g.n, (double) NAN, (double) NAN, (double) NAN, (double) NAN };
  if (r.n <= k || g.n <= k)
    return TRUE;
  is_precise = g_new0 (gboolean, g.n);
  for (gsize i = 0; i < r.n; i++)
    {
      gboolean is_recalled = FALSE, is_covered = FALSE;

      if (dfkd_work_stopped (stop, error))
        return FALSE;
      for (gsize j = 0; j < g.n; j++)
        {
          const double square = dfkd_square_distance (row_of (&r, i), row_of (&g, j), n_features);
          const gboolean is_hit = square <= r.squares[i];

          is_covered |= is_hit;
          is_precise[j] |= is_hit;
          hits += is_hit;
          is_recalled |= square <= g.squares[j];
        }
      recalled += is_recalled;
      n_covered += is_covered;
      if (covered != NULL)
        covered[r.kept[i]] = (guint8) is_covered;
    }
  for (gsize j = 0; j < g.n; j++)
    precise += is_precise[j];
  result->precision = (double) precise / (double) g.n;
  result->recall = (double) recalled / (double) r.n;
  result->density = (double) hits / ((double) k * (double) g.n);
  result->coverage = (double) n_covered / (double) r.n;
  return TRUE;
}

float *
dfkd_precision_recall_sample (const float *rows, gsize n, gsize n_features, gsize wanted)
{
  float *sample = g_new (float, MAX (wanted * n_features, 1));

  for (gsize i = 0; i < wanted; i++)
    memcpy (sample + i * n_features, rows + i * n / wanted * n_features, n_features * sizeof (float));
  return sample;
}
