/* benchmark-analysis.c: what the analyses cost, on one thread and on two in turns:
 *
 *   meson test -C build/release --benchmark analysis -v        or        benchmark-analysis [POINTS [FEATURES]]
 *
 * Milliseconds: those that pass, the median of several, and those of processors, the least: a busy machine stretches the former
 * more. Points are normal clusters, the same on every run. */
#include "analysis-maps.h"
#include "batch-numbers.h"
#include "neighbours.h"
#include "percentiles.h"
#include "principal-components.h"

#include <stdlib.h>
#include <time.h>

enum {
  CLUSTERS = 10,
  WIDE = 8192,
  N_WIDE = 3000,
  CLASSES = 1000,
  N_BATCH = 256,
};

typedef struct {
  DfkdThreadPool *pools[2]; /* of one thread and of two */
  const float *rows, *wide;
  gsize n, d;
  DfkdTSne *maps[2];
} Bench;

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* @work @rounds times on each number of threads, in turns */
static void
measure (Bench *b, const char *what, guint rounds, void (*work) (Bench *b, guint pool))
{
  double times[2][32], processors[2] = { INFINITY, INFINITY };

  for (guint round = 0; round < rounds; round++)
    for (guint pool = 0; pool < 2; pool++)
      {
        gint64 start = g_get_monotonic_time ();
        clock_t used = clock ();

        work (b, pool);
        processors[pool] = MIN (processors[pool], (double) (clock () - used) * 1000.0 / CLOCKS_PER_SEC);
        times[pool][round] = (double) (g_get_monotonic_time () - start) / 1000.0;
      }
  for (guint pool = 0; pool < 2; pool++)
    qsort (times[pool], rounds, sizeof (double), ascending);
  g_print ("%-50s %9.1f %9.1f %9.1f %9.1f\n", what, times[0][rounds / 2], processors[0], times[1][rounds / 2], processors[1]);
}

static void
components (Bench *b, guint pool)
{
  dfkd_principal_components_free (dfkd_principal_components_new (b->rows, b->n, b->d, 3, b->pools[pool], NULL, NULL));
}

static void
wide_components (Bench *b, guint pool)
{
  dfkd_principal_components_free (dfkd_principal_components_new (b->wide, N_WIDE, WIDE, 3, b->pools[pool], NULL, NULL));
}

static void
square_components (Bench *b, guint pool)
{
  dfkd_principal_components_free (dfkd_principal_components_new (b->wide, N_WIDE * WIDE / 2048, 2048, 3, b->pools[pool], NULL, NULL));
}

static void
neighbours (Bench *b, guint pool)
{
  dfkd_neighbours_free (dfkd_neighbours_new (b->rows, b->n, b->d, 90, b->pools[pool], NULL, NULL));
}

static void
preservation (Bench *b, guint pool)
{
  g_autofree float *map = new_places (b->maps[0]);

  dfkd_preservation_free (dfkd_preservation_new (b->rows, b->d, map, b->maps[0]->settings.dimensions, b->n, 10, b->pools[pool],
                                                      NULL, NULL));
}

/* one of each in turn; both maps are the same at any time */
static void
ready (Bench *b, guint pool)
{
  advance (b->maps[pool], 0);
}

static void
iteration (Bench *b, guint pool)
{
  advance (b->maps[pool], 1);
}

static void
divergence (Bench *b, guint pool)
{
  dfkd_t_sne_divergence (b->maps[pool]);
}

static void
batch (Bench *b, G_GNUC_UNUSED guint pool)
{
  dfkd_batch_numbers_free (dfkd_batch_numbers_new (b->wide, b->wide + N_BATCH * CLASSES, NULL, N_BATCH, CLASSES, NULL));
}

static void
range (Bench *b, G_GNUC_UNUSED guint pool)
{
  float least, greatest;

  dfkd_robust_range (b->wide, 1000000, 0.01, &least, &greatest);
}

static void
layouts (Bench *b, guint dimensions)
{
  g_autofree guint64 *ids = g_new (guint64, b->n);
  g_autoptr (DfkdPrincipalComponents) pc = dfkd_principal_components_new (b->rows, b->n, b->d, dimensions, b->pools[1], NULL, NULL);

  dfkd_t_sne_shrink (pc->coordinates, b->n, dimensions);
  for (gsize i = 0; i < b->n; i++)
    ids[i] = i;
  g_print ("t-SNE in %u dimensions\n", dimensions);
  for (guint pool = 0; pool < 2; pool++)
    {
      DfkdTSneSettings settings;

      dfkd_t_sne_settings_init (&settings, dimensions, b->d);
      b->maps[pool] = dfkd_t_sne_new (&settings, b->pools[pool], NULL);
      dfkd_t_sne_add (b->maps[pool], ids, b->rows, pc->coordinates, b->n, NULL, NULL);
    }
  measure (b, "  neighbours and affinities", 1, ready);
  measure (b, "  iteration, the first ones", 9, iteration);
  for (guint pool = 0; pool < 2; pool++)
    advance (b->maps[pool], 300);
  measure (b, "  iteration, after 300", 15, iteration);
  measure (b, "  divergence", 5, divergence);
  g_print ("  KL %.3f after %u iterations\n", dfkd_t_sne_divergence (b->maps[0]), dfkd_t_sne_iteration (b->maps[0]));
  measure (b, "preservation of 10 neighbours", 1, preservation);
  for (guint pool = 0; pool < 2; pool++)
    g_clear_pointer (&b->maps[pool], dfkd_t_sne_free);
}

int
main (int argc, char **argv)
{
  Bench b = { .n = argc > 1 ? strtoul (argv[1], NULL, 10) : 20000, .d = argc > 2 ? strtoul (argv[2], NULL, 10) : 64 };
  g_autofree float *rows = NULL, *wide = NULL;

  if (b.n < 2 || b.d < 1)
    {
      g_printerr ("%s [POINTS [FEATURES]]\n", argv[0]);
      return 1;
    }
  rows = new_clusters (1, b.n, b.d, CLUSTERS, 20.0);
  wide = new_clusters (2, N_WIDE, WIDE, CLUSTERS, 20.0);
  b.rows = rows;
  b.wide = wide;
  for (guint pool = 0; pool < 2; pool++)
    b.pools[pool] = dfkd_thread_pool_new (pool + 1);
  g_print ("%" G_GSIZE_FORMAT " points of %" G_GSIZE_FORMAT
           " features, ms; 1 thread: passed, used; 2 threads: passed, used\n", b.n, b.d);
  measure (&b, "principal components", 3, components);
  measure (&b, "principal components, 12000 x 2048, exact", 1, square_components);
  measure (&b, "principal components, 3000 x 8192, iterated", 1, wide_components);
  measure (&b, "90 neighbours of all", 3, neighbours);
  layouts (&b, 2);
  layouts (&b, 3);
  measure (&b, "numbers of 256 images, 1000 classes (one thread)", 9, batch);
  measure (&b, "robust range of 1,000,000 values (one thread)", 9, range);
  for (guint pool = 0; pool < 2; pool++)
    dfkd_thread_pool_free (b.pools[pool]);
  return 0;
}
