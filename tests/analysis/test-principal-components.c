/* test-principal-components.c: principal components against Jacobi's method in float64, and against what makes an eigenvector. */
#include "analysis-points.h"
#include "blas.h"
#include "errors.h"
#include "principal-components.h"

#include <string.h>

static void
assert_near (double got, double wanted, double tolerance)
{
  g_assert_true (isfinite (got));
  g_assert_cmpfloat (fabs (got - wanted), <=, tolerance);
}

/* Linked, OpenBLAS would be loaded before its kernels are chosen: see compute/base/blas.h. The first test, as it is loaded for good. */
static void
test_not_linked (void)
{
  g_autofree char *maps = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL);
  if (maps == NULL)
    {
      g_test_skip ("no /proc/self/maps");
      return;
    }
  g_assert_null (strstr (maps, "openblas"));
  g_assert_nonnull (dfkd_lapack (&error));
  g_assert_no_error (error);
  g_clear_pointer (&maps, g_free);
  g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL);
  g_assert_nonnull (strstr (maps, "openblas"));
}

/* eigenvalues descending and vectors by rows, of a symmetric matrix, which is overwritten (Jacobi 1846) */
static void
jacobi (double *a, gsize m, double *values, double *vectors)
{
  for (gsize i = 0; i < m * m; i++)
    vectors[i] = i / m == i % m ? 1.0 : 0.0;
  for (guint sweep = 0; sweep < 60; sweep++)
    for (gsize p = 0; p < m; p++)
      for (gsize q = p + 1; q < m; q++)
        {
          double theta, t, c, s;

          if (a[p * m + q] == 0.0)
            continue;
          theta = (a[q * m + q] - a[p * m + p]) / (2.0 * a[p * m + q]);
          t = (theta >= 0.0 ? 1.0 : -1.0) / (fabs (theta) + sqrt (theta * theta + 1.0));
          c = 1.0 / sqrt (t * t + 1.0);
          s = t * c;
          for (gsize k = 0; k < m; k++)
            {
              double x = a[k * m + p], y = a[k * m + q];

              a[k * m + p] = c * x - s * y;
              a[k * m + q] = s * x + c * y;
            }
          for (gsize k = 0; k < m; k++)
            {
              double x = a[p * m + k], y = a[q * m + k], v = vectors[p * m + k], w = vectors[q * m + k];

              a[p * m + k] = c * x - s * y;
              a[q * m + k] = s * x + c * y;
              vectors[p * m + k] = c * v - s * w;
              vectors[q * m + k] = s * v + c * w;
            }
        }
  for (gsize i = 0; i < m; i++)
    values[i] = a[i * m + i];
  for (gsize i = 0; i < m; i++)
    for (gsize j = i + 1; j < m; j++)
      if (values[j] > values[i])
        {
          double value = values[i];

          values[i] = values[j];
          values[j] = value;
          for (gsize k = 0; k < m; k++)
            {
              double x = vectors[i * m + k];

              vectors[i * m + k] = vectors[j * m + k];
              vectors[j * m + k] = x;
            }
        }
}

/* what holds of any components: orthonormal axes, signs, and coordinates that are products with them */
static void
assert_consistent (const DfkdPrincipalComponents *pc, const float *rows)
{
  gsize d = pc->n_features;

  for (guint a = 0; a < MIN (pc->n_axes, d); a++)
    {
      const double *axis = pc->axes + a * d;
      double largest = 0.0;

      for (guint b = 0; b <= a; b++)
        {
          double product = 0.0;

          for (gsize f = 0; f < d; f++)
            product += axis[f] * pc->axes[b * d + f];
          assert_near (product, a == b ? 1.0 : 0.0, 1e-9);
        }
      for (gsize f = 0; f < d; f++)
        largest = fabs (axis[f]) > fabs (largest) ? axis[f] : largest;
      g_assert_cmpfloat (largest, >, 0.0);
      g_assert_true (a == 0 || pc->variance[a] <= pc->variance[a - 1]);
    }
  for (gsize i = 0; i < pc->n_points; i++)
    for (guint a = 0; a < pc->n_axes; a++)
      {
        double wanted = 0.0;

        for (gsize f = 0; f < d; f++)
          wanted += (rows[i * d + f] - pc->mean[f]) * pc->axes[a * d + f];
        if (isfinite (wanted))
          assert_near (pc->coordinates[i * pc->n_axes + a], wanted, 1e-6 * (1.0 + fabs (wanted)));
        else
          g_assert_true (isnan (pc->coordinates[i * pc->n_axes + a]));
      }
}

/* features of different spread, mixed, far from the origin */
static float *
new_stretched (gsize n, gsize d)
{
  float *rows = new_noise (7, n, d);

  for (gsize i = 0; i < n; i++)
    for (gsize f = 0; f < d; f++)
      rows[i * d + f] = 100.0f + rows[i * d + f] * 8.0f / (float) (f + 1) + (f > 0 ? 0.5f * rows[i * d + f - 1] - 50.0f : 0.0f);
  return rows;
}

static void
test_components_exact (void)
{
  static const struct {
    gsize n, d;
    guint axes;
  } sizes[] = { { 200, 9, 3 }, { 9, 200, 3 }, { 600, 17, 2 }, { 40, 40, 3 }, { 3, 5, 3 },
                { 1100, 4, 2 }, { 5, 1100, 2 }, { 50, 1, 2 }, { 300, 150, 3 } };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      gsize n = sizes[s].n, d = sizes[s].d;
      g_autofree float *rows = new_stretched (n, d), *again = g_new (float, n * 3);
      g_autofree double *covariance = NULL, *vectors = NULL, *values = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdPrincipalComponents) pc = dfkd_principal_components_new (rows, n, d, sizes[s].axes, NULL, NULL, &error);
      double trace = 0.0;

      g_assert_no_error (error);
      assert_consistent (pc, rows);
      g_assert_cmpuint (pc->n_left_out, ==, 0);
      dfkd_principal_components_project (pc, rows, n, again, NULL);
      g_assert_cmpmem (again, n * pc->n_axes * sizeof (float), pc->coordinates, n * pc->n_axes * sizeof (float));
      if (d > 200)
        continue;
      covariance = g_new0 (double, d * d);
      vectors = g_new (double, d * d);
      values = g_new (double, d);
      for (gsize f = 0; f < d; f++)
        for (gsize g = 0; g < d; g++)
          {
            for (gsize i = 0; i < n; i++)
              covariance[f * d + g] += (rows[i * d + f] - pc->mean[f]) * (rows[i * d + g] - pc->mean[g]) / (double) (n - 1);
            trace += f == g ? covariance[f * d + f] : 0.0;
          }
      jacobi (covariance, d, values, vectors);
      assert_near (pc->total_variance, trace, 1e-9 * trace);
      for (guint a = 0; a < MIN (MIN (sizes[s].axes, d), n - 1); a++)
        {
          double product = 0.0;

          assert_near (pc->variance[a], values[a], 1e-9 * values[0]);
          for (gsize f = 0; f < d; f++)
            product += vectors[a * d + f] * pc->axes[a * d + f];
          assert_near (fabs (product), 1.0, 1e-7);
        }
      for (guint a = (guint) MIN (MIN (sizes[s].axes, d), n - 1); a < sizes[s].axes; a++)
        g_assert_cmpfloat (pc->variance[a], ==, 0.0);
    }
}

/* n and d are both above what is decomposed: rank 6, and noise. Halves of it are exact, and so is their sum over features. */
static void
test_components_iterated (void)
{
  enum { N = 2100, D = 2060, RANK = 6 };
  static const float spread[RANK] = { 40, 25, 16, 8, 4, 2 };
  g_autofree float *rows = new_noise (3, N, D), *left = new_noise (4, N, RANK), *right = new_noise (5, RANK, D);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdThreadPool) pool = dfkd_thread_pool_new (2);
  g_autoptr (DfkdPrincipalComponents) pc = NULL, one = NULL;
  double trace = 0.0;

  for (gsize i = 0; i < N; i++)
    for (gsize f = 0; f < D; f++)
      {
        rows[i * D + f] *= 0.1f;
        for (guint r = 0; r < RANK; r++)
          rows[i * D + f] += spread[r] * left[i * RANK + r] * right[r * D + f] / sqrtf (D);
      }
  pc = dfkd_principal_components_new (rows, N, D, 3, pool, NULL, &error);
  g_assert_no_error (error);
  assert_consistent (pc, rows);
  one = dfkd_principal_components_new (rows, N, D, 3, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (pc->axes, 3 * D * sizeof (double), one->axes, 3 * D * sizeof (double));
  g_assert_cmpmem (pc->coordinates, 3 * N * sizeof (float), one->coordinates, 3 * N * sizeof (float));
  for (gsize f = 0; f < D; f++)
    for (gsize i = 0; i < N; i++)
      trace += (rows[i * D + f] - pc->mean[f]) * (rows[i * D + f] - pc->mean[f]) / (N - 1);
  assert_near (pc->total_variance, trace, 1e-9 * trace);
  /* an eigenvector of the covariance is its own image, whatever found it */
  for (guint a = 0; a < 3; a++)
    {
      g_autofree double *image = g_new0 (double, D);
      double difference = 0.0;

      for (gsize i = 0; i < N; i++)
        {
          double product = 0.0;

          for (gsize f = 0; f < D; f++)
            product += (rows[i * D + f] - pc->mean[f]) * pc->axes[a * D + f];
          for (gsize f = 0; f < D; f++)
            image[f] += product * (rows[i * D + f] - pc->mean[f]) / (N - 1);
        }
      for (gsize f = 0; f < D; f++)
        difference += (image[f] - pc->variance[a] * pc->axes[a * D + f]) * (image[f] - pc->variance[a] * pc->axes[a * D + f]);
      g_assert_cmpfloat (sqrt (difference), <, 1e-3 * pc->variance[a]);
      /* spread² · |left|² |right|² / (n − 1) d, to the accuracy of these sums */
      assert_near (pc->variance[a], spread[a] * spread[a], 0.15 * spread[a] * spread[a]);
    }
}

static void
test_components_hostile (void)
{
  float rows[6 * 3] = { 1, 2, 3, NAN, 0, 0, 4, 5, 7, 0, INFINITY, 0, 9, 1, 1, 1e38f, -1e38f, 1e38f };
  g_autofree float *same = g_new (float, 50 * 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPrincipalComponents) pc = dfkd_principal_components_new (rows, 6, 3, 3, NULL, NULL, &error), one = NULL, equal = NULL;
  float point[3] = { NAN, 0, 0 }, coordinates[3];

  g_assert_no_error (error);
  g_assert_cmpuint (pc->n_left_out, ==, 2);
  g_assert_true (isfinite (pc->total_variance) && isfinite (pc->variance[2]));
  for (guint i = 0; i < 6; i++)
    g_assert_cmpint (isnan (pc->coordinates[3 * i]), ==, i == 1 || i == 3);
  dfkd_principal_components_project (pc, point, 1, coordinates, NULL);
  g_assert_true (isnan (coordinates[0]) && isnan (coordinates[2]));

  one = dfkd_principal_components_new (rows, 1, 3, 2, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_consistent (one, rows);
  g_assert_true (one->variance[0] == 0.0 && one->total_variance == 0.0 && one->coordinates[0] == 0.0f);

  for (guint i = 0; i < 200; i++)
    same[i] = 0.1f + (float) (i % 4);
  equal = dfkd_principal_components_new (same, 50, 4, 3, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_consistent (equal, same);
  g_assert_true (equal->variance[0] == 0.0 && equal->total_variance == 0.0 && equal->coordinates[7] == 0.0f);

  g_assert_null (dfkd_principal_components_new (rows, 0, 3, 2, NULL, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (dfkd_principal_components_new (rows + 3, 1, 3, 2, NULL, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (dfkd_principal_components_new (rows, 6, 0, 2, NULL, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (dfkd_principal_components_new (rows, G_MAXSIZE / 2, 3, 2, NULL, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
}

static void
test_components_threads_and_stop (void)
{
  enum { N = 700, D = 300 };
  g_autofree float *rows = new_stretched (N, D);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPrincipalComponents) one = dfkd_principal_components_new (rows, N, D, 3, NULL, NULL, &error);
  gint stop = 1;

  g_assert_no_error (error);
  for (guint threads = 1; threads <= 3; threads++)
    {
      g_autoptr (DfkdThreadPool) pool = dfkd_thread_pool_new (threads);
      g_autoptr (DfkdPrincipalComponents) pc = dfkd_principal_components_new (rows, N, D, 3, pool, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (pc->axes, 3 * D * sizeof (double), one->axes, 3 * D * sizeof (double));
      g_assert_cmpmem (pc->variance, sizeof pc->variance, one->variance, sizeof one->variance);
      g_assert_cmpmem (pc->coordinates, 3 * N * sizeof (float), one->coordinates, 3 * N * sizeof (float));
    }
  g_assert_null (dfkd_principal_components_new (rows, N, D, 3, NULL, &stop, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blas/not-linked", test_not_linked);
  g_test_add_func ("/principal-components/exact", test_components_exact);
  g_test_add_func ("/principal-components/iterated", test_components_iterated);
  g_test_add_func ("/principal-components/hostile", test_components_hostile);
  g_test_add_func ("/principal-components/threads-and-stop", test_components_threads_and_stop);
  return g_test_run ();
}
