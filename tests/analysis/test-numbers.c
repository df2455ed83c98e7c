/* test-numbers.c: percentiles, confusion and statistics' distance, against numbers worked out by hand, by definition in float64,
 * or by sorting. */
#include "analysis-points.h"
#include "confusion.h"
#include "errors.h"
#include "percentiles.h"
#include "statistics-distance.h"

#include <stdlib.h>
#include <string.h>

static void
assert_near (double got, double wanted, double tolerance)
{
  g_assert_true (isfinite (got));
  g_assert_cmpfloat (fabs (got - wanted), <=, tolerance);
}

/* ---- percentiles */
static int
ascending (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* type 7, out of sorted values */
static double
sorted_quantile (const float *sorted, gsize n, double share)
{
  double place = share * (double) (n - 1);
  gsize rank = (gsize) place;

  return rank + 1 < n ? sorted[rank] + (place - (double) rank) * ((double) sorted[rank + 1] - sorted[rank]) : sorted[n - 1];
}

static void
test_percentiles_sorted (void)
{
  static const double shares[] = { 0.0, 0.01, 0.25, 0.5, 0.6180339, 0.99, 1.0 };

  for (gsize n = 1; n < 400; n = n * 3 / 2 + 1)
    for (guint kind = 0; kind < 3; kind++)
      {
        g_autofree float *values = new_noise (1, n, 1), *sorted = NULL;
        float got[G_N_ELEMENTS (shares)];

        for (gsize i = 0; i < n; i++)
          if (kind == 1)
            values[i] = (float) ((int) (values[i] * 2.0f)); /* many equal ones, zeros of both signs */
          else if (kind == 2)
            values[i] = ldexpf (values[i], (int) (i * 37 % 240) - 120);
        sorted = g_memdup2 (values, n * sizeof (float));
        qsort (sorted, n, sizeof (float), ascending);
        g_assert_cmpuint (dfkd_percentiles (values, n, shares, G_N_ELEMENTS (shares), got), ==, n);
        for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
          {
            double wanted = sorted_quantile (sorted, n, shares[i]);

            assert_near (got[i], wanted, fabs (wanted) * 1e-6);
          }
      }
}

static void
test_percentiles_hostile (void)
{
  const float values[] = { NAN, 3.0f, -INFINITY, NAN, 1.0f, 2.0f, INFINITY }, wild[] = { INFINITY, NAN, -INFINITY },
              many[] = { 5, 1, 2, 3, 4, NAN, 1e30f, -1e30f, 6, 7, 8, 9 };
  const double shares[] = { 0.0, 0.25, 0.5, 1.0, 0.9 };
  float got[5], least = -1.0f, greatest = -2.0f;

  g_assert_cmpuint (dfkd_percentiles (values, G_N_ELEMENTS (values), shares, 5, got), ==, 5);
  g_assert_true (got[0] == -INFINITY && got[3] == INFINITY && got[4] == INFINITY);
  g_assert_cmpfloat (got[1], ==, 1.0f);
  g_assert_cmpfloat (got[2], ==, 2.0f);
  g_assert_cmpuint (dfkd_percentiles (wild + 1, 1, shares, 1, got), ==, 0);
  g_assert_true (isnan (got[0]));
  g_assert_cmpuint (dfkd_percentiles (NULL, 0, shares, 1, got), ==, 0);
  g_assert_true (isnan (got[0]));

  g_assert_false (dfkd_robust_range (wild, 3, 0.0, &least, &greatest));
  g_assert_false (dfkd_robust_range (NULL, 0, 0.0, &least, &greatest));
  g_assert_true (least == -1.0f && greatest == -2.0f);
  g_assert_true (dfkd_robust_range (values, G_N_ELEMENTS (values), 0.0, &least, &greatest));
  g_assert_true (least == 1.0f && greatest == 3.0f);
  /* eleven count: the tenth part cuts one wild value at each end */
  g_assert_true (dfkd_robust_range (many, G_N_ELEMENTS (many), 0.1, &least, &greatest));
  g_assert_true (least == 1.0f && greatest == 9.0f);
}

/* ---- confusion */
static void
test_confusion_by_hand (void)
{
  /* 3 classes; label 0: predicted 0, 0, 1; 1: predicted 1, 2; 2: never a label; outside: −1, 3 and a prediction 7 */
  const gint32 labels[] = { 0, 0, 0, 1, 1, -1, 3, 1, G_MININT32 }, predictions[] = { 0, 0, 1, 1, 2, 0, 1, 7, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdConfusion) c = dfkd_confusion_new (3, &error);

  g_assert_no_error (error);
  g_assert_true (isnan (dfkd_confusion_accuracy (c)) && isnan (dfkd_confusion_kappa (c)) && isnan (dfkd_confusion_recall (c, 0)));
  dfkd_confusion_add (c, labels, predictions, 4);
  dfkd_confusion_add (c, labels + 4, predictions + 4, G_N_ELEMENTS (labels) - 4);
  g_assert_cmpuint (c->counted, ==, 5);
  g_assert_cmpuint (c->labels_outside, ==, 3);
  g_assert_cmpuint (c->predictions_outside, ==, 1);
  {
    const guint64 wanted[9] = { 2, 1, 0, 0, 1, 1, 0, 0, 0 };

    g_assert_cmpmem (c->counts, 9 * sizeof (guint64), wanted, sizeof wanted);
  }
  assert_near (dfkd_confusion_accuracy (c), 0.6, 1e-15);
  assert_near (dfkd_confusion_recall (c, 0), 2.0 / 3.0, 1e-15);
  assert_near (dfkd_confusion_recall (c, 1), 0.5, 1e-15);
  g_assert_true (isnan (dfkd_confusion_recall (c, 2)));
  assert_near (dfkd_confusion_precision (c, 0), 1.0, 1e-15);
  assert_near (dfkd_confusion_precision (c, 1), 0.5, 1e-15);
  assert_near (dfkd_confusion_precision (c, 2), 0.0, 1e-15);
  /* by chance: (3·2 + 2·2 + 0·1) / 25 = 0.4 */
  assert_near (dfkd_confusion_kappa (c), (0.6 - 0.4) / (1.0 - 0.4), 1e-15);
  dfkd_confusion_clear (c);
  g_assert_cmpuint (c->counted + c->labels_outside + c->predictions_outside, ==, 0);
  g_assert_true (isnan (dfkd_confusion_accuracy (c)));
}

static void
test_confusion_agreement (void)
{
  enum { N = 20000, CLASSES = 1000 };
  g_autofree gint32 *a = g_new (gint32, N), *b = g_new (gint32, N);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdConfusion) endless = NULL;
  double kappa, share;

  for (gsize i = 0; i < N; i++)
    {
      a[i] = (gint32) (i % CLASSES);
      b[i] = i % 4 == 0 ? (a[i] + 1) % CLASSES : a[i];
    }
  share = dfkd_prediction_agreement (a, b, N, CLASSES, &kappa, &error);
  g_assert_no_error (error);
  assert_near (share, 0.75, 1e-12);
  /* a is uniform, so chance agrees once in 1000 whatever b is */
  assert_near (kappa, (0.75 - 0.001) / 0.999, 1e-12);
  assert_near (dfkd_prediction_agreement (a, a, N, CLASSES, &kappa, NULL), 1.0, 0.0);
  assert_near (kappa, 1.0, 1e-12);
  /* worse than chance */
  for (gsize i = 0; i < 2; i++)
    {
      a[i] = (gint32) i;
      b[i] = 1 - (gint32) i;
    }
  assert_near (dfkd_prediction_agreement (a, b, 2, 2, &kappa, NULL), 0.0, 0.0);
  assert_near (kappa, -1.0, 1e-15);
  /* one class on both sides says nothing */
  a[0] = b[0] = 1;
  g_assert_cmpfloat (dfkd_prediction_agreement (a, b, 1, 2, &kappa, NULL), ==, 1.0);
  g_assert_true (isnan (kappa));
  g_assert_true (isnan (dfkd_prediction_agreement (NULL, NULL, 0, 2, NULL, NULL)));

  endless = dfkd_confusion_new (G_MAXUINT, &error);
  g_assert_null (endless);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
}

/* ---- statistics' distance */
static void
test_statistics_by_hand (void)
{
  const float batch_a[] = { 1, 2, 4, 1 }, mean_a[] = { 0, 2 }, variance_a[] = { 1, 1 };
  const float batch_b[] = { 0, 5 }, mean_b[] = { 12 }, variance_b[] = { 0 };
  const float batch_c[] = { 3, NAN }, mean_c[] = { 3 }, variance_c[] = { 1 };
  const float batch_d[] = { 3, 1 }, variance_d[] = { -1 };
  const DfkdStatistics layers[] = { { 2, batch_a, mean_a, variance_a }, { 1, batch_c, mean_c, variance_c },
                                    { 1, batch_b, mean_b, variance_b }, { 1, batch_d, mean_c, variance_d } };
  g_autoptr (DfkdStatisticsDistance) d = dfkd_statistics_distance_new (layers, 4, 1e-5), none = NULL;
  const guint ranking[] = { 2, 0, 1, 3 };

  assert_near (d->layers[0].mean_distance, 1.0, 1e-12);
  assert_near (d->layers[0].variance_distance, 3.0, 1e-12);
  assert_near (d->layers[2].mean_distance, 12.0, 1e-12);
  assert_near (d->layers[2].variance_distance, 5.0, 1e-12);
  assert_near (d->total, 21.0, 1e-12);
  assert_near (d->layers[0].share, 4.0 / 21.0, 1e-12);
  assert_near (d->layers[2].share, 17.0 / 21.0, 1e-12);
  g_assert_cmpmem (d->ranking, 4 * sizeof (guint), ranking, sizeof ranking);
  g_assert_cmpuint (d->n_left_out, ==, 2);
  for (guint i = 1; i < 4; i += 2)
    {
      g_assert_false (d->layers[i].is_finite);
      g_assert_true (isnan (d->layers[i].mean_distance) && isnan (d->layers[i].divergence[0]) && d->layers[i].share == 0.0);
    }
  /* means 1 apart, variances 4 against 1 */
  assert_near (d->layers[0].mean_shift[0], 1.0, 1e-5);
  assert_near (d->layers[0].deviation_shift[0], 1.0, 2e-5);
  assert_near (d->layers[0].divergence[0], 0.25 * (9.0 / 4.0 + 1.0 + 0.25), 2e-5);
  g_assert_true (d->layers[0].mean_shift[1] == 0.0f && d->layers[0].deviation_shift[1] == 0.0f && d->layers[0].divergence[1] == 0.0f);
  /* a variance of 0 is that of epsilon */
  assert_near (d->layers[2].mean_shift[0], -12.0 / sqrt (1e-5), 1.0);
  g_assert_true (isfinite (d->layers[2].divergence[0]));

  none = dfkd_statistics_distance_new (NULL, 0, 1e-5);
  g_assert_true (none->n_layers == 0 && none->total == 0.0);
}

/* KL(a‖b) of two Gaussians, by its definition with logarithms */
static double
gaussian_kl (double mean_a, double a, double mean_b, double b)
{
  return 0.5 * (log (b / a) + (a + (mean_a - mean_b) * (mean_a - mean_b)) / b - 1.0);
}

static void
test_statistics_divergence (void)
{
  enum { C = 64 };
  const double epsilon = 1e-3;
  float batch[2 * C], mean[C], variance[C];
  const DfkdStatistics layer = { C, batch, mean, variance };
  g_autoptr (DfkdStatisticsDistance) d = NULL;
  double means = 0.0, variances = 0.0;

  for (gsize c = 0; c < C; c++)
    {
      batch[c] = noise (1, c);
      mean[c] = noise (2, c);
      batch[C + c] = expf (noise (3, c));
      variance[c] = expf (2.0f * noise (4, c));
      means += ((double) batch[c] - mean[c]) * ((double) batch[c] - mean[c]);
      variances += ((double) batch[C + c] - variance[c]) * ((double) batch[C + c] - variance[c]);
    }
  d = dfkd_statistics_distance_new (&layer, 1, epsilon);
  assert_near (d->total, sqrt (means) + sqrt (variances), 1e-12 * d->total);
  assert_near (d->layers[0].share, 1.0, 1e-15);
  for (gsize c = 0; c < C; c++)
    {
      double a = batch[C + c] + epsilon, b = variance[c] + epsilon;
      double wanted = 0.5 * (gaussian_kl (batch[c], a, mean[c], b) + gaussian_kl (mean[c], b, batch[c], a));

      assert_near (d->layers[0].divergence[c], wanted, 1e-6 * wanted);
      assert_near (d->layers[0].deviation_shift[c], sqrt (a / b) - 1.0, 1e-6 * (1.0 + sqrt (a / b)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/percentiles/sorted", test_percentiles_sorted);
  g_test_add_func ("/percentiles/hostile", test_percentiles_hostile);
  g_test_add_func ("/confusion/by-hand", test_confusion_by_hand);
  g_test_add_func ("/confusion/agreement", test_confusion_agreement);
  g_test_add_func ("/statistics-distance/by-hand", test_statistics_by_hand);
  g_test_add_func ("/statistics-distance/divergence", test_statistics_divergence);
  return g_test_run ();
}
