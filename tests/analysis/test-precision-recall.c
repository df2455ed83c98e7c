/* test-precision-recall.c: precision, recall, density and coverage: worked by hand, from the definitions by brute force, and where they must go when a
 * generator leaves classes out. */
#include "precision-recall.h"

#include "analysis-points.h"
#include "errors.h"

#include <string.h>

static DfkdPrecisionRecall
measure (const float *real, gsize n_real, const float *generated, gsize n_generated, gsize d, guint k)
{
  g_autoptr (GError) error = NULL;
  DfkdPrecisionRecall result;

  g_assert_true (dfkd_precision_recall (real, n_real, generated, n_generated, d, k, NULL, NULL, &result, &error));
  g_assert_no_error (error);
  return result;
}

/* radii of the real ones 1, 1, 1, 8; of the generated ones 0.75, 0.75, 1, 1 */
static void
test_by_hand (void)
{
  static const float real[] = { 0.0f, 1.0f, 2.0f, 10.0f }, generated[] = { 0.5f, 1.25f, 20.0f, 21.0f };
  DfkdPrecisionRecall result = measure (real, 4, generated, 4, 1, 1);
  g_autoptr (GError) error = NULL;
  guint8 covered[4] = { 7, 7, 7, 7 };

  g_assert_cmpfloat (result.precision, ==, 0.5); /* 0.5 and 1.25 */
  g_assert_cmpfloat (result.recall, ==, 0.75);   /* 0, 1, and 2 at the very edge */
  g_assert_cmpfloat (result.density, ==, 1.0);   /* two balls each */
  g_assert_cmpfloat (result.coverage, ==, 0.75); /* all but 10 */
  g_assert_true (dfkd_precision_recall (real, 4, generated, 4, 1, 1, NULL, covered, &result, &error));
  g_assert_cmpmem (covered, 4, ((const guint8[]){ 1, 1, 1, 0 }), 4);
  result = measure (generated, 4, real, 4, 1, 1);
  g_assert_cmpfloat (result.precision, ==, 0.75);
  g_assert_cmpfloat (result.recall, ==, 0.5);
}

static double
distance (const float *a, const float *b, gsize d)
{
  double sum = 0.0;

  for (gsize f = 0; f < d; f++)
    sum += ((double) a[f] - b[f]) * ((double) a[f] - b[f]);
  return sqrt (sum);
}

static int
by_value (gconstpointer a, gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

static double
radius (const float *rows, gsize n, gsize d, gsize i, guint k)
{
  g_autofree double *others = g_new (double, n);
  gsize count = 0;

  for (gsize j = 0; j < n; j++)
    if (j != i)
      others[count++] = distance (rows + i * d, rows + j * d, d);
  qsort (others, count, sizeof (double), by_value);
  return others[k - 1];
}

/* the share of @points in some ball of @centres */
static double
share_inside (const float *points, gsize n, const float *centres, gsize m, gsize d, guint k)
{
  gsize inside = 0;

  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < m; j++)
      if (distance (points + i * d, centres + j * d, d) <= radius (centres, m, d, j, k))
        {
          inside++;
          break;
        }
  return (double) inside / (double) n;
}

static void
test_definitions (void)
{
  enum { REAL = 70, GENERATED = 45, D = 6, K = 3 };
  g_autofree float *real = new_clusters (1, REAL, D, 4, 6.0), *generated = new_clusters (1, GENERATED, D, 3, 6.0);
  DfkdPrecisionRecall result;
  gsize hits = 0, covered = 0;

  for (gsize i = 0; i < (gsize) GENERATED * D; i++)
    generated[i] += 0.7f * noise (2, i);
  result = measure (real, REAL, generated, GENERATED, D, K);
  for (gsize i = 0; i < REAL; i++)
    {
      gsize in_ball = 0;

      for (gsize j = 0; j < GENERATED; j++)
        in_ball += distance (real + i * D, generated + j * D, D) <= radius (real, REAL, D, i, K);
      hits += in_ball;
      covered += in_ball > 0;
    }
  g_assert_cmpfloat_with_epsilon (result.precision, share_inside (generated, GENERATED, real, REAL, D, K), 1e-12);
  g_assert_cmpfloat_with_epsilon (result.recall, share_inside (real, REAL, generated, GENERATED, D, K), 1e-12);
  g_assert_cmpfloat_with_epsilon (result.density, (double) hits / (K * (double) GENERATED), 1e-12);
  g_assert_cmpfloat_with_epsilon (result.coverage, (double) covered / REAL, 1e-12);
  g_assert_cmpfloat (result.precision, >, 0.0);
  g_assert_cmpfloat (result.precision, <, 1.0);
  g_assert_cmpfloat (result.recall, >, 0.0);
  g_assert_cmpfloat (result.recall, <, 1.0);
}

/* eight classes: all of them, two of them, and something else altogether */
static void
test_meaning (void)
{
  enum { N = 800, CLASSES = 8, D = 16, K = 5 };
  g_autofree float *all = new_clusters (10, 2 * N, D, CLASSES, 30.0), *two = new_clusters (10, N, D, CLASSES, 30.0), *other = new_noise (11, N, D);
  const float *real = all + (gsize) N * D;
  DfkdPrecisionRecall result = measure (real, N, all, N, D, K);

  g_assert_cmpfloat (result.precision, >, 0.8);
  g_assert_cmpfloat (result.recall, >, 0.8);
  g_assert_cmpfloat_with_epsilon (result.density, 1.0, 0.1);
  g_assert_cmpfloat (result.coverage, >, 0.8);

  for (gsize i = 0; i < N; i++)
    if (i % CLASSES >= 2)
      memcpy (two + i * D, all + i / CLASSES * CLASSES * D + i % 2 * D, D * sizeof (float));
  for (gsize i = 0; i < (gsize) N * D; i++) /* no copies of each other */
    two[i] += 0.3f * noise (12, i);
  result = measure (real, N, two, N, D, K);
  g_assert_cmpfloat (result.precision, >, 0.8);
  g_assert_cmpfloat (result.recall, <, 0.3);
  g_assert_cmpfloat_with_epsilon (result.coverage, 2.0 / CLASSES, 0.05);

  for (gsize i = 0; i < (gsize) N * D; i++)
    other[i] += 200.0f;
  result = measure (real, N, other, N, D, K);
  g_assert_cmpfloat (result.precision, ==, 0.0);
  g_assert_cmpfloat (result.recall, ==, 0.0);
  g_assert_cmpfloat (result.density, ==, 0.0);
  g_assert_cmpfloat (result.coverage, ==, 0.0);
}

/* what is no number counts nowhere; of too few nothing is said */
static void
test_left_out (void)
{
  enum { N = 40, D = 4, K = 5 };
  g_autofree float *real = new_noise (20, N + 1, D), *generated = new_noise (21, N + 1, D);
  g_autoptr (GError) error = NULL;
  DfkdPrecisionRecall whole, result;
  gint stop = 1;

  memmove (real + 3 * D, real + 4 * D, (N - 3) * D * sizeof (float));
  whole = measure (real, N, generated, N, D, K);
  memmove (real + 4 * D, real + 3 * D, (N - 3) * D * sizeof (float));
  real[3 * D + 1] = NAN;
  generated[N * D] = INFINITY;
  result = measure (real, N + 1, generated, N + 1, D, K);
  g_assert_cmpmem (&whole, sizeof whole, &result, sizeof result);
  g_assert_cmpuint (result.n_real, ==, N);

  result = measure (real, N, generated, K, D, K);
  g_assert_true (isnan (result.precision) && isnan (result.recall) && isnan (result.density) && isnan (result.coverage));
  g_assert_cmpuint (result.n_generated, ==, K);
  g_assert_false (dfkd_precision_recall (real, N, generated, N, D, K, &stop, NULL, &result, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/precision-recall/by-hand", test_by_hand);
  g_test_add_func ("/precision-recall/definitions", test_definitions);
  g_test_add_func ("/precision-recall/meaning", test_meaning);
  g_test_add_func ("/precision-recall/left-out", test_left_out);
  return g_test_run ();
}
