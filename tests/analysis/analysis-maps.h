/* analysis-maps.h: a t-SNE and points for it, for its tests. */
#pragma once

#include "analysis-points.h"
#include "t-sne-private.h"

typedef struct {
  DfkdTSne *t;
  float *rows;
  guint64 *ids;
  gsize n, d;
} Map;

/* points in @clusters, not yet added */
static inline Map
new_map (guint dimensions, gsize n, gsize d, double perplexity, double theta, guint clusters, DfkdThreadPool *pool)
{
  Map map = { .n = n, .d = d, .rows = new_clusters (3, n, d, clusters, 30.0), .ids = g_new (guint64, n) };
  g_autoptr (GError) error = NULL;
  DfkdTSneSettings settings;

  dfkd_t_sne_settings_init (&settings, dimensions, d);
  settings.perplexity = perplexity;
  settings.theta = theta;
  map.t = dfkd_t_sne_new (&settings, pool, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    map.ids[i] = 1000 + 7 * i;
  return map;
}

static inline void
map_clear (Map *map)
{
  dfkd_t_sne_free (map->t);
  g_free (map->rows);
  g_free (map->ids);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Map, map_clear)

static inline void
add (Map *map, gsize first, gsize count)
{
  g_autoptr (GError) error = NULL;

  dfkd_t_sne_add (map->t, map->ids + first, map->rows + first * map->d, NULL, count, NULL, &error);
  g_assert_no_error (error);
}

static inline void
advance (DfkdTSne *t, guint iterations)
{
  g_autoptr (GError) error = NULL;

  dfkd_t_sne_advance (t, iterations, 0.0, NULL, &error);
  g_assert_no_error (error);
}

/* (transfer full) */
static inline float *
new_places (DfkdTSne *t)
{
  float *places = g_new (float, dfkd_t_sne_count (t) * t->settings.dimensions);

  dfkd_t_sne_read (t, places);
  return places;
}
