/* test-t-sne.c: t-SNE: affinities and gradient against their definitions, and what becomes of clusters. */
#include "analysis-maps.h"
#include "neighbours.h"
#include "principal-components.h"

/* ---- affinities */
static void
test_affinities (void)
{
  enum { N = 150, D = 5 };
  g_auto (Map) map = new_map (2, N, D, 10.0, 0.5, 3, NULL);
  g_autofree double *p = g_new0 (double, N * N);
  double sum = 0.0;

  add (&map, 0, N);
  advance (map.t, 0);
  for (gsize i = 0; i < N; i++)
    {
      const float *conditional = map.t->conditional + i * map.t->wanted;
      const DfkdNear *near = map.t->near + i * map.t->capacity;
      double entropy = 0.0, total = 0.0, precision;

      g_assert_cmpuint (map.t->used, ==, 30);
      for (guint j = 0; j < 30; j++)
        {
          entropy -= conditional[j] > 0.0f ? conditional[j] * log (conditional[j]) : 0.0;
          total += conditional[j];
          p[i * N + near[j].index] += conditional[j];
        }
      g_assert_cmpfloat (fabs (total - 1.0), <, 1e-5);
      g_assert_cmpfloat (fabs (exp (entropy) - 10.0), <, 1e-2);
      /* of a Gaussian: log p is linear in the squared distance */
      precision = log (conditional[0] / conditional[9]) / (near[9].square - near[0].square);
      for (guint j = 1; j < 30; j++)
        g_assert_cmpfloat (fabs (log (conditional[0] / conditional[j])
                                 - precision * (near[j].square - near[0].square)),
                           <, 1e-3);
    }
  for (gsize i = 0; i < N; i++)
    {
      gsize count = 0;

      for (gsize e = map.t->starts[i]; e < map.t->starts[i + 1]; e++)
        {
          gsize j = map.t->columns[e];

          for (gsize other = map.t->starts[i]; other < e; other++)
            g_assert_cmpuint (map.t->columns[other], !=, j);
          g_assert_cmpuint (i, !=, j);
          g_assert_cmpfloat (fabs (map.t->affinities[e] - (p[i * N + j] + p[j * N + i]) / (2.0 * N)), <, 1e-9);
          sum += map.t->affinities[e];
        }
      for (gsize j = 0; j < N; j++)
        count += p[i * N + j] + p[j * N + i] > 0.0 ? 1 : 0;
      g_assert_cmpuint (map.t->starts[i + 1] - map.t->starts[i], >=, count);
    }
  g_assert_cmpfloat (fabs (sum - 1.0), <, 1e-5);
}

/* ---- gradient */
/* 4 Σ (p − q) (y_i − y_j) / (1 + d²) over all pairs */
static double *
new_exact_gradient (const DfkdTSne *t, double exaggeration)
{
  guint d = t->settings.dimensions;
  double *gradient = g_new0 (double, t->n * d), z = 0.0;

  for (guint round = 0; round < 2; round++)
    for (gsize i = 0; i < t->n; i++)
      for (gsize j = 0; j < t->n; j++)
        {
          double square = 0.0, p = 0.0, q;

          if (i == j)
            continue;
          for (guint a = 0; a < d; a++)
            square += (t->places[i * d + a] - t->places[j * d + a]) * (t->places[i * d + a] - t->places[j * d + a]);
          q = 1.0 / (1.0 + square);
          if (round == 0)
            {
              z += q;
              continue;
            }
          for (gsize e = t->starts[i]; e < t->starts[i + 1]; e++)
            p += t->columns[e] == j ? t->affinities[e] : 0.0;
          for (guint a = 0; a < d; a++)
            gradient[i * d + a] += 4.0 * (exaggeration * p - q / z) * q * (t->places[i * d + a] - t->places[j * d + a]);
        }
  return gradient;
}

/* length of the difference by that of @wanted */
static double
relative_error (const double *got, const double *wanted, gsize n)
{
  double error = 0.0, length = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      error += (got[i] - wanted[i]) * (got[i] - wanted[i]);
      length += wanted[i] * wanted[i];
    }
  return sqrt (error / length);
}

/* places of all scales: a dense heap, a wide cloud, one very far, two that are the same */
static void
scatter (DfkdTSne *t)
{
  guint d = t->settings.dimensions;

  for (gsize i = 0; i < t->n; i++)
    for (guint a = 0; a < d; a++)
      t->places[i * d + a] = (i % 3 == 0 ? 0.01 : i % 3 == 1 ? 1.0 : 15.0) * noise (5, i * d + a) + (i == 20 ? 1e4 : 0.0);
  for (guint a = 0; a < d; a++)
    t->places[d + a] = t->places[a];
}

/* the largest error of a point's force, by the largest force, and of its weight, by itself */
static void
find_repulsion_errors (const double *places, gsize n, guint d, double theta, double *force_error, double *weight_error)
{
  g_autoptr (DfkdMapTree) tree = dfkd_map_tree_new (d);
  g_autofree double *force = g_new (double, n * d), *weight = g_new (double, n);
  double largest = 0.0;

  g_assert_true (dfkd_map_tree_build (tree, places, n));
  dfkd_map_tree_repel (tree, theta, 0, n, force, weight);
  *force_error = *weight_error = 0.0;
  for (gsize i = 0; i < n; i++)
    {
      double wanted[3] = { 0 }, z = 0.0, error = 0.0, length = 0.0;

      for (gsize j = 0; j < n; j++)
        {
          double square = 0.0, q;

          for (guint a = 0; a < d; a++)
            square += (places[i * d + a] - places[j * d + a]) * (places[i * d + a] - places[j * d + a]);
          q = i != j ? 1.0 / (1.0 + square) : 0.0;
          z += q;
          for (guint a = 0; a < d; a++)
            wanted[a] += q * q * (places[i * d + a] - places[j * d + a]);
        }
      for (guint a = 0; a < d; a++)
        {
          error += (force[i * d + a] - wanted[a]) * (force[i * d + a] - wanted[a]);
          length += wanted[a] * wanted[a];
        }
      largest = MAX (largest, sqrt (length));
      *force_error = MAX (*force_error, sqrt (error));
      *weight_error = MAX (*weight_error, fabs (weight[i] - z) / z);
    }
  *force_error /= largest;
}

static void
test_repulsion (void)
{
  for (guint d = 2; d <= 3; d++)
    {
      enum { N = 2000 };
      static const double thetas[] = { 0.0, 0.2, 0.5, 1.0 };
      g_autofree double *places = g_new (double, N * d), *corner = g_new (double, 8 * d);
      double force, weight;

      for (gsize i = 0; i < N * d; i++)
        places[i] = 10.0 * noise (5, i);
      for (guint i = 0; i < G_N_ELEMENTS (thetas); i++)
        {
          find_repulsion_errors (places, N, d, thetas[i], &force, &weight);
          /* of the second order: a quarter of theta² at most; and cells were seen at all */
          g_assert_cmpfloat (force, <, 1e-13 + 0.25 * thetas[i] * thetas[i]);
          g_assert_cmpfloat (weight, <, 1e-13 + 0.25 * thetas[i] * thetas[i]);
          g_assert_cmpfloat (force, >=, 1e-3 * thetas[i]);
        }
      /* Seven of eight in one corner: their centre is farther from the eighth than the cell that all are in is wide. That cell
       * may not stand for its own point. */
      for (gsize i = 0; i < 8 * d; i++)
        corner[i] = i < d ? 1.0 : 0.01 * noise (6, i);
      find_repulsion_errors (corner, 8, d, 1.0, &force, &weight);
      g_assert_cmpfloat (force, <, 1e-13);
      g_assert_cmpfloat (weight, <, 1e-13);
    }
}

static void
test_gradient (void)
{
  for (guint d = 2; d <= 3; d++)
    {
      enum { N = 400 };
      g_auto (Map) map = new_map (d, N, 6, 12.0, 0.0, 4, NULL);
      g_autofree double *wanted = NULL;
      double z, coarse;

      add (&map, 0, N);
      advance (map.t, 0);
      scatter (map.t);
      wanted = new_exact_gradient (map.t, 4.0);
      g_assert_true (dfkd_t_sne_find_gradient (map.t, 0.0, 4.0, &z));
      g_assert_cmpfloat (relative_error (map.t->gradient, wanted, N * d), <, 1e-12);
      /* coarser cells, greater error: small, but there */
      g_assert_true (dfkd_t_sne_find_gradient (map.t, 0.2, 4.0, &z));
      g_assert_cmpfloat (relative_error (map.t->gradient, wanted, N * d), <, 2e-3);
      g_assert_true (dfkd_t_sne_find_gradient (map.t, 0.5, 4.0, &z));
      coarse = relative_error (map.t->gradient, wanted, N * d);
      g_assert_cmpfloat (coarse, <, 2e-2);
      g_assert_cmpfloat (coarse, >, 1e-8);
      /* theta 1 may not see a point as part of a cell that it is in */
      g_assert_true (dfkd_t_sne_find_gradient (map.t, 1.0, 4.0, &z));
      g_assert_cmpfloat (relative_error (map.t->gradient, wanted, N * d), <, 0.1);
    }
}

static void
test_gradient_is_of_divergence (void)
{
  for (guint d = 2; d <= 3; d++)
    {
      enum { N = 90 };
      const double e = 1e-5;
      g_auto (Map) map = new_map (d, N, 6, 8.0, 0.0, 3, NULL);
      double z, sum = 0.0;

      add (&map, 0, N);
      advance (map.t, 30);
      for (gsize i = 0; i < N * d; i++) /* as after some time */
        map.t->places[i] = noise (8, i);
      g_assert_true (dfkd_t_sne_find_gradient (map.t, 0.0, 1.0, &z));
      for (gsize i = 0; i < N * d; i += 7)
        {
          double before = map.t->places[i], up, down, wanted = map.t->gradient[i];

          map.t->places[i] = before + e;
          up = dfkd_t_sne_divergence (map.t);
          map.t->places[i] = before - e;
          down = dfkd_t_sne_divergence (map.t);
          map.t->places[i] = before;
          g_assert_cmpfloat (fabs ((up - down) / (2.0 * e) - wanted), <, 1e-7 + 1e-4 * fabs (wanted));
          sum += fabs (wanted);
        }
      g_assert_cmpfloat (sum, >, 0.01);
    }
}

/* Jacobs' gains: up by 0.2 where a coordinate goes on, else down by a fifth, not below 0.01; momentum 0.5 while clusters form, then 0.8 */
static void
test_steps (void)
{
  enum { N = 60, D = 2 };
  const double rate = 20.0;
  g_auto (Map) map = new_map (D, N, 6, 8.0, 0.5, 3, NULL);

  add (&map, 0, N);
  advance (map.t, 5);
  map.t->settings.rate = rate;
  for (guint late = 0; late < 2; late++)
    {
      g_autofree double *gains = NULL, *velocities = NULL;
      g_autoptr (GError) error = NULL;
      guint up = 0, least = 0;

      map.t->iteration = late ? map.t->settings.exaggeration_iterations : 5;
      for (gsize i = 0; i < N * D; i++)
        map.t->gains[i] = i % 3 == 0 ? 0.011 : 1.5;
      gains = g_memdup2 (map.t->gains, N * D * sizeof *gains);
      velocities = g_memdup2 (map.t->velocities, N * D * sizeof *velocities);
      g_assert_true (dfkd_t_sne_iterate (map.t, &error));
      for (gsize i = 0; i < N * D; i++)
        {
          const gboolean goes_on = map.t->gradient[i] * velocities[i] < 0.0;
          const double gain = goes_on ? gains[i] + 0.2 : MAX (0.8 * gains[i], 0.01);
          const double velocity = (late ? 0.8 : 0.5) * velocities[i] - rate * gain * map.t->gradient[i];

          g_assert_cmpfloat_with_epsilon (map.t->gains[i], gain, 1e-12);
          g_assert_cmpfloat_with_epsilon (map.t->velocities[i], velocity, 1e-12 * MAX (fabs (velocity), 1.0));
          up += goes_on;
          least += gain == 0.01;
        }
      g_assert_true (up > 0 && least > 0);
    }
}

/* ---- what it is for */
static double
kept_share (const Map *map, const float *places, guint dimensions, guint k)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPreservation) kept = dfkd_preservation_new (map->rows, map->d, places, dimensions, map->n, k, NULL, NULL, &error);

  g_assert_no_error (error);
  return kept->mean_kept;
}

/* the share of points whose nearest on the map is of their own cluster */
static double
purity (const Map *map, const float *places, guint dimensions, guint clusters)
{
  g_autoptr (DfkdNeighbours) near = dfkd_neighbours_new (places, map->n, dimensions, 1, NULL, NULL, NULL);
  double sum = 0.0;

  for (gsize i = 0; i < map->n; i++)
    sum += near->indices[i] % clusters == i % clusters ? 1.0 : 0.0;
  return sum / (double) map->n;
}

static void
test_clusters (void)
{
  for (guint d = 2; d <= 3; d++)
    {
      enum { N = 600, CLUSTERS = 6 };
      g_auto (Map) map = new_map (d, N, 20, 15.0, 0.5, CLUSTERS, NULL);
      g_autofree float *random = new_noise (9, N, d), *places = NULL, *start = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdPrincipalComponents) pc = dfkd_principal_components_new (map.rows, N, 20, d, NULL, NULL, &error);
      double first, mean[3] = { 0 };

      dfkd_t_sne_shrink (pc->coordinates, N, d);
      start = g_memdup2 (pc->coordinates, N * d * sizeof (float));
      g_assert_true (dfkd_t_sne_add (map.t, map.ids, map.rows, start, N, NULL, &error));
      advance (map.t, 0);
      places = new_places (map.t);
      g_assert_cmpmem (places, N * d * sizeof (float), start, N * d * sizeof (float));
      g_clear_pointer (&places, g_free);
      first = dfkd_t_sne_divergence (map.t);
      advance (map.t, 500);
      g_assert_cmpuint (dfkd_t_sne_iteration (map.t), ==, 500);
      places = new_places (map.t);
      g_assert_cmpfloat (dfkd_t_sne_divergence (map.t), <, 0.5 * first);
      /* noise in 20 dimensions does not fit on a map; a random one keeps 10 / 599 of it */
      g_assert_cmpfloat (kept_share (&map, places, d, 10), >, 0.3);
      g_assert_cmpfloat (kept_share (&map, random, d, 10), <, 0.05);
      g_assert_cmpfloat (purity (&map, places, d, CLUSTERS), >, 0.99);
      g_assert_cmpfloat (purity (&map, random, d, CLUSTERS), <, 0.4);
      for (gsize i = 0; i < N * d; i++)
        mean[i % d] += places[i] / N;
      for (guint a = 0; a < d; a++) /* it does not wander */
        g_assert_cmpfloat (fabs (mean[a]), <, 1e-4);
    }
}

static void
test_shrink (void)
{
  float x[] = { 1, 10, 3, NAN, 5, 30, NAN, 4 }, still[] = { 2, 7, 2, 8 };

  dfkd_t_sne_shrink (x, 4, 2);
  g_assert_cmpfloat (fabs (x[4] - x[0] - 1e-4 * 4.0 / sqrt (8.0 / 3.0)), <, 1e-9);
  g_assert_true (isnan (x[3]) && fabs (x[5] / x[1] - 3.0) < 1e-6);
  dfkd_t_sne_shrink (still, 2, 2);
  g_assert_true (still[0] == 2.0f && still[3] == 8.0f);
  dfkd_t_sne_shrink (NULL, 0, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/t-sne/affinities", test_affinities);
  g_test_add_func ("/t-sne/repulsion", test_repulsion);
  g_test_add_func ("/t-sne/gradient", test_gradient);
  g_test_add_func ("/t-sne/gradient-is-of-divergence", test_gradient_is_of_divergence);
  g_test_add_func ("/t-sne/steps", test_steps);
  g_test_add_func ("/t-sne/clusters", test_clusters);
  g_test_add_func ("/t-sne/shrink", test_shrink);
  return g_test_run ();
}
