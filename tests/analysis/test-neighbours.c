/* test-neighbours.c: nearest neighbours, ranks and what a map keeps of them, against float64 by brute force: on points that are hard
 * for matrix products in float32 too. */
#include "analysis-points.h"
#include "errors.h"
#include "neighbours.h"

#include <string.h>

static double
square_distance (const float *rows, gsize d, gsize i, gsize j)
{
  double sum = 0.0;

  for (gsize f = 0; f < d; f++)
    sum += ((double) rows[i * d + f] - rows[j * d + f]) * ((double) rows[i * d + f] - rows[j * d + f]);
  return sum;
}

typedef struct {
  double square;
  gsize index;
} Other;

static int
by_distance (gconstpointer a, gconstpointer b, gpointer unused)
{
  const Other *x = a, *y = b;

  if (x->square != y->square)
    return x->square < y->square ? -1 : 1;
  return x->index < y->index ? -1 : 1;
}

/* (transfer full): all others of @i that are finite, nearest first */
static GArray *
new_sorted (const float *rows, gsize n, gsize d, gsize i)
{
  GArray *others = g_array_new (FALSE, FALSE, sizeof (Other));

  for (gsize j = 0; j < n; j++)
    {
      Other other = { square_distance (rows, d, i, j), j };

      if (j != i && isfinite (other.square))
        g_array_append_val (others, other);
    }
  g_array_sort_with_data (others, by_distance, NULL);
  return others;
}

/* Distances that agree to float64's rounding may stand in either order: sums are not made in the same order. */
static void
assert_neighbours (const float *rows, gsize n, gsize d, guint k)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNeighbours) got = dfkd_neighbours_new (rows, n, d, k, NULL, NULL, &error);
  g_autofree guint32 *single = g_new (guint32, k);
  g_autofree float *distances = g_new (float, k);

  g_assert_no_error (error);
  g_assert_cmpuint (got->k, ==, MIN (k, MAX (n - got->n_left_out, 1) - 1));
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GArray) wanted = new_sorted (rows, n, d, i);

      g_assert_cmpuint (dfkd_neighbours_of (rows, n, d, rows + i * d, (guint32) i, k, single, distances), ==, MIN (k, wanted->len));
      for (guint r = 0; r < got->k; r++)
        {
          double square = wanted->len > 0 ? g_array_index (wanted, Other, r).square : NAN;
          guint32 index = got->indices[i * got->k + r];

          if (wanted->len == 0) /* left out */
            {
              g_assert_cmpuint (index, ==, DFKD_NO_NEIGHBOUR);
              g_assert_true (isnan (got->distances[i * got->k + r]));
              continue;
            }
          g_assert_cmpuint (index, <, n);
          g_assert_cmpuint (index, !=, i);
          for (guint before = 0; before < r; before++)
            g_assert_cmpuint (index, !=, got->indices[i * got->k + before]);
          g_assert_cmpfloat (fabs (square_distance (rows, d, i, index) - square), <=, 1e-14 * square);
          if (square_distance (rows, d, i, index) == square) /* equal ones by index */
            g_assert_true (r == 0 || square > square_distance (rows, d, i, got->indices[i * got->k + r - 1])
                           || index > got->indices[i * got->k + r - 1]
                           || square_distance (rows, d, i, got->indices[i * got->k + r - 1]) != square);
          g_assert_cmpfloat (got->distances[i * got->k + r], ==, (float) sqrt (square_distance (rows, d, i, index)));
          g_assert_cmpuint (single[r], ==, index);
          g_assert_cmpfloat (distances[r], ==, got->distances[i * got->k + r]);
        }
    }
}

static void
test_sizes (void)
{
  static const gsize sizes[] = { 1, 2, 3, 31, 127, 128, 129, 500 }, features[] = { 1, 3, 64, 65 };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint f = 0; f < G_N_ELEMENTS (features); f++)
      {
        g_autofree float *rows = new_noise (s, sizes[s], features[f]);

        assert_neighbours (rows, sizes[s], features[f], 1);
        assert_neighbours (rows, sizes[s], features[f], 30);
      }
}

/* several tiles, small whole numbers: distances are exact, and many are equal */
static void
test_ties (void)
{
  enum { N = 1500, D = 3 };
  g_autofree float *rows = new_noise (1, N, D);
  g_autoptr (DfkdNeighbours) got = NULL;

  for (gsize i = 0; i < N * D; i++)
    rows[i] = truncf (2.0f * rows[i]);
  got = dfkd_neighbours_new (rows, N, D, 20, NULL, NULL, NULL);
  for (gsize i = 0; i < N; i++)
    {
      g_autoptr (GArray) wanted = new_sorted (rows, N, D, i);

      for (guint r = 0; r < 20; r++)
        g_assert_cmpuint (got->indices[i * 20 + r], ==, g_array_index (wanted, Other, r).index);
    }
}

/* clusters a millionth as wide as they are apart, everything far from the origin, very large and very small */
static void
test_hard (void)
{
  enum { N = 300, D = 10 };

  for (guint kind = 0; kind < 6; kind++)
    {
      g_autofree float *rows = new_noise (kind, N, D);

      for (gsize i = 0; i < N; i++)
        for (gsize f = 0; f < D; f++)
          {
            float *x = &rows[i * D + f];

            switch (kind)
              {
              case 0: *x = (i % 3 == f % 3 ? 100.0f : 0.0f) + 1e-5f * *x; break;
              case 1: *x = 1e6f + *x; break;
              case 2: *x *= 1e37f; break;
              case 3: *x *= 1e-40f; break;
              case 4: *x = i % 2 ? 0.0f : *x; break; /* half of them are one point */
              default: *x = i % 3 ? 5.0f : -7.0f; break; /* two points */
              }
          }
      assert_neighbours (rows, N, D, 12);
    }
}

static void
test_left_out (void)
{
  g_autofree float *rows = new_noise (1, 60, 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNeighbours) got = NULL, none = NULL, all_bad = NULL;
  guint32 index;

  rows[4 * 7 + 1] = NAN;
  rows[4 * 20] = -INFINITY;
  assert_neighbours (rows, 60, 4, 5);
  assert_neighbours (rows, 60, 4, 100);
  got = dfkd_neighbours_new (rows, 60, 4, 5, NULL, NULL, &error);
  g_assert_cmpuint (got->n_left_out, ==, 2);
  g_assert_cmpuint (dfkd_neighbours_of (rows, 60, 4, rows + 4 * 7, DFKD_NO_NEIGHBOUR, 1, &index, NULL), ==, 0);
  g_assert_cmpuint (dfkd_neighbours_of (rows, 60, 4, rows, DFKD_NO_NEIGHBOUR, 1, &index, NULL), ==, 1);
  g_assert_cmpuint (index, ==, 0);
  none = dfkd_neighbours_new (NULL, 0, 4, 5, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->k, ==, 0);
  all_bad = dfkd_neighbours_new (rows + 4 * 7, 1, 4, 5, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all_bad->n_left_out, ==, 1);
  g_assert_null (dfkd_neighbours_new (rows, 1, 0, 5, NULL, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
}

/* ---- preservation */
static gsize
rank_of (GArray *sorted, gsize index)
{
  for (guint r = 0; r < sorted->len; r++)
    if (g_array_index (sorted, Other, r).index == index)
      return r + 1;
  g_assert_not_reached ();
}

/* by the definition, with all ranks */
static void
assert_preservation (const float *rows, gsize d, const float *map, gsize dimensions, gsize n, guint k)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPreservation) got = dfkd_preservation_new (rows, d, map, dimensions, n, k, NULL, NULL, &error);
  double worst = 0.0, trust_sum = 0.0, continuity_sum = 0.0, kept_sum = 0.0;

  g_assert_no_error (error);
  g_assert_cmpuint (got->k, ==, MIN (k, n - 1));
  k = got->k;
  /* the largest penalty: neighbours are the farthest others */
  for (gsize rank = MAX (k + 1, n - k); rank < n; rank++)
    worst += (double) (rank - k);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GArray) far = new_sorted (rows, n, d, i), near = new_sorted (map, n, dimensions, i);
      double trust = 0.0, continuity = 0.0, kept = 0.0;

      for (guint r = 0; r < k; r++)
        {
          gsize of_map = rank_of (far, g_array_index (near, Other, r).index);
          gsize of_rows = rank_of (near, g_array_index (far, Other, r).index);

          trust += of_map > k ? (double) (of_map - k) : 0.0;
          continuity += of_rows > k ? (double) (of_rows - k) : 0.0;
          kept += of_rows <= k ? 1.0 / k : 0.0;
        }
      g_assert_cmpfloat (fabs (got->kept[i] - kept), <, 1e-6);
      g_assert_cmpfloat (fabs (got->trustworthiness[i] - (worst > 0.0 ? 1.0 - trust / worst : 1.0)), <, 1e-6);
      g_assert_cmpfloat (fabs (got->continuity[i] - (worst > 0.0 ? 1.0 - continuity / worst : 1.0)), <, 1e-6);
      trust_sum += trust;
      continuity_sum += continuity;
      kept_sum += kept;
    }
  g_assert_cmpfloat (fabs (got->mean_kept - kept_sum / (double) n), <, 1e-6);
  if (worst > 0.0)
    {
      g_assert_cmpfloat (fabs (got->mean_trustworthiness - (1.0 - trust_sum / worst / (double) n)), <, 1e-6);
      g_assert_cmpfloat (fabs (got->mean_continuity - (1.0 - continuity_sum / worst / (double) n)), <, 1e-6);
    }
}

static void
test_preservation_definition (void)
{
  static const gsize sizes[] = { 2, 3, 7, 40, 300 };
  static const guint ks[] = { 1, 3, 20, 200 };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint k = 0; k < G_N_ELEMENTS (ks); k++)
      {
        gsize n = sizes[s];
        g_autofree float *rows = new_noise (1, n, 6), *map = new_noise (2, n, 2);

        assert_preservation (rows, 6, map, 2, n, ks[k]);
        for (gsize i = 0; i < n; i++) /* a map that keeps something */
          for (guint a = 0; a < 2; a++)
            map[2 * i + a] = rows[6 * i + a] + 0.1f * map[2 * i + a];
        assert_preservation (rows, 6, map, 2, n, ks[k]);
        for (gsize i = 0; i < n * 6; i++) /* ties in both, and points that are the same */
          rows[i] = roundf (rows[i]);
        for (gsize i = 0; i < n * 2; i++)
          map[i] = roundf (map[i]);
        assert_preservation (rows, 6, map, 2, n, ks[k]);
      }
}

static void
test_preservation_extremes (void)
{
  enum { N = 1200, D = 8 };
  g_autofree float *rows = new_noise (1, N, D), *other = new_noise (2, N, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPreservation) same = dfkd_preservation_new (rows, D, rows, D, N, 10, NULL, NULL, &error), random = NULL, none = NULL,
                               marred = NULL;

  g_assert_no_error (error);
  g_assert_true (same->mean_kept == 1.0 && same->mean_trustworthiness == 1.0 && same->mean_continuity == 1.0);
  /* of a map that knows nothing: k / (n − 1) kept, ranks uniform: half the penalty or so */
  random = dfkd_preservation_new (rows, D, other, 2, N, 10, NULL, NULL, &error);
  g_assert_cmpfloat (fabs (random->mean_kept - 10.0 / (N - 1)), <, 0.005);
  g_assert_cmpfloat (fabs (random->mean_trustworthiness - 0.5), <, 0.02);
  g_assert_cmpfloat (fabs (random->mean_continuity - 0.5), <, 0.02);

  none = dfkd_preservation_new (rows, D, other, 2, 1, 10, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (none->k == 0 && isnan (none->mean_kept) && isnan (none->kept[0]));
  rows[D * 3] = NAN;
  other[2 * 5 + 1] = INFINITY;
  marred = dfkd_preservation_new (rows, D, other, 2, 100, 10, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (marred->n_left_out, ==, 2);
  g_assert_true (isnan (marred->kept[3]) && isnan (marred->trustworthiness[5]) && isfinite (marred->continuity[4]));
  g_assert_true (isfinite (marred->mean_kept));
}

static void
test_threads_and_stop (void)
{
  enum { N = 700, D = 20 };
  g_autofree float *rows = new_noise (1, N, D), *map = new_noise (2, N, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNeighbours) one = dfkd_neighbours_new (rows, N, D, 15, NULL, NULL, &error);
  g_autoptr (DfkdPreservation) one_map = dfkd_preservation_new (rows, D, map, 2, N, 15, NULL, NULL, &error);
  gint stop = 1;

  for (guint threads = 2; threads <= 3; threads++)
    {
      g_autoptr (DfkdThreadPool) pool = dfkd_thread_pool_new (threads);
      g_autoptr (DfkdNeighbours) several = dfkd_neighbours_new (rows, N, D, 15, pool, NULL, &error);
      g_autoptr (DfkdPreservation) several_map = dfkd_preservation_new (rows, D, map, 2, N, 15, pool, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (several->indices, N * 15 * 4, one->indices, N * 15 * 4);
      g_assert_cmpmem (several->distances, N * 15 * 4, one->distances, N * 15 * 4);
      g_assert_cmpmem (several_map->trustworthiness, N * 4, one_map->trustworthiness, N * 4);
      g_assert_cmpfloat (several_map->mean_continuity, ==, one_map->mean_continuity);
    }
  g_assert_null (dfkd_neighbours_new (rows, N, D, 15, NULL, &stop, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (dfkd_preservation_new (rows, D, map, 2, N, 15, NULL, &stop, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/neighbours/sizes", test_sizes);
  g_test_add_func ("/neighbours/ties", test_ties);
  g_test_add_func ("/neighbours/hard", test_hard);
  g_test_add_func ("/neighbours/left-out", test_left_out);
  g_test_add_func ("/preservation/definition", test_preservation_definition);
  g_test_add_func ("/preservation/extremes", test_preservation_extremes);
  g_test_add_func ("/neighbours/threads-and-stop", test_threads_and_stop);
  return g_test_run ();
}
