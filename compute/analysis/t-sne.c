/* t-sne.c: points coming and going, and what is done next. */
#include "t-sne-private.h"

#include "errors.h"
#include "id-hash.h"
#include "points-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

void
dfkd_t_sne_settings_init (DfkdTSneSettings *settings, guint dimensions, gsize n_features)
{
  *settings = (DfkdTSneSettings){ .dimensions = dimensions,
                                  .n_features = n_features,
                                  .perplexity = 30.0,
                                  .theta = 0.5,
                                  .exaggeration = 12.0,
                                  .exaggeration_iterations = 250 };
}

DfkdTSne *
dfkd_t_sne_new (const DfkdTSneSettings *settings, DfkdThreadPool *pool, GError **error)
{
  const DfkdTSneSettings *s = settings;
  DfkdTSne *t;

  if (s->dimensions < 2 || s->dimensions > 3 || s->n_features < 1 || s->n_features > DFKD_MAX_FEATURES
      || !(s->perplexity >= 1.0 && s->perplexity <= 1000.0) || !(s->theta >= 0.0 && s->theta <= 1.0)
      || !(s->exaggeration >= 1.0 && s->exaggeration <= 1000.0) || !(s->rate >= 0.0 && s->rate <= 1e6))
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("a setting of t-SNE is out of its range"));
      return NULL;
    }
  t = g_new0 (DfkdTSne, 1);
  t->settings = *s;
  t->pool = pool;
  t->wanted = (guint) (3.0 * s->perplexity);
  t->capacity = t->wanted + t->wanted / 3;
  t->tree = dfkd_map_tree_new (s->dimensions);
  t->by_id = g_hash_table_new (dfkd_id_hash, g_int64_equal);
  return t;
}

/* what follows from the points is no longer right */
static void
begin_again (DfkdTSne *t)
{
  if (t->has_set)
    dfkd_point_set_clear (&t->set);
  t->has_set = FALSE;
  g_clear_pointer (&t->queue, g_free);
  t->stage = DFKD_T_SNE_NEIGHBOURS;
  t->next = 0;
  g_hash_table_remove_all (t->by_id);
}

void
dfkd_t_sne_free (DfkdTSne *t)
{
  if (t == NULL)
    return;
  begin_again (t);
  g_hash_table_unref (t->by_id);
  dfkd_map_tree_free (t->tree);
  g_free (t->ids);
  g_free (t->rows);
  g_free (t->places);
  g_free (t->velocities);
  g_free (t->gains);
  g_free (t->points);
  g_free (t->near);
  g_free (t->conditional);
  g_free (t->starts);
  g_free (t->columns);
  g_free (t->affinities);
  g_free (t->forces);
  g_free (t->weights);
  g_free (t->gradient);
  g_free (t);
}

/* the array with room for @n, or as it was */
static gpointer
grow (gpointer array, gsize n, gsize size, gboolean *is_grown)
{
  gpointer grown = g_try_realloc_n (array, n, size);

  *is_grown = *is_grown && grown != NULL;
  return grown != NULL ? grown : array;
}

static gboolean
make_room (DfkdTSne *t, gsize n, GError **error)
{
  gsize d = t->settings.dimensions, room = n + n / 4;
  gboolean is_grown = TRUE;

  if (n <= t->room)
    return TRUE;
  t->ids = grow (t->ids, room, sizeof (guint64), &is_grown);
  t->rows = grow (t->rows, room * t->settings.n_features, sizeof (float), &is_grown);
  t->places = grow (t->places, room * d, sizeof (double), &is_grown);
  t->velocities = grow (t->velocities, room * d, sizeof (double), &is_grown);
  t->gains = grow (t->gains, room * d, sizeof (double), &is_grown);
  t->points = grow (t->points, room, sizeof (DfkdMapPoint), &is_grown);
  t->near = grow (t->near, room * t->capacity, sizeof (DfkdNear), &is_grown);
  t->conditional = grow (t->conditional, room * t->wanted, sizeof (float), &is_grown);
  t->starts = grow (t->starts, room + 1, sizeof (gsize), &is_grown);
  t->forces = grow (t->forces, room * d, sizeof (double), &is_grown);
  t->weights = grow (t->weights, room, sizeof (double), &is_grown);
  t->gradient = grow (t->gradient, room * d, sizeof (double), &is_grown);
  if (is_grown)
    t->room = room;
  else
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("there is no memory for a map of %zu points"), n);
  return is_grown;
}

/* by_id, of the points that there are */
static void
find_ids (DfkdTSne *t)
{
  if (g_hash_table_size (t->by_id) == t->n)
    return;
  g_hash_table_remove_all (t->by_id);
  for (gsize i = 0; i < t->n; i++)
    g_hash_table_insert (t->by_id, &t->ids[i], GSIZE_TO_POINTER (i));
}

/* whether each of @ids is new, and there is only once */
static gboolean
are_new (DfkdTSne *t, const guint64 *ids, gsize n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (dfkd_id_hash, g_int64_equal);

  find_ids (t);
  for (gsize i = 0; i < n; i++)
    if (g_hash_table_contains (t->by_id, &ids[i]) || !g_hash_table_add (seen, (gpointer) &ids[i]))
      return FALSE;
  return TRUE;
}

static void
add_point (DfkdTSne *t, guint64 id, const float *row, const float *start)
{
  gsize d = t->settings.dimensions, i = t->n++;

  t->ids[i] = id;
  memcpy (t->rows + i * t->settings.n_features, row, t->settings.n_features * sizeof (float));
  t->points[i] = (DfkdMapPoint){ .is_stale = TRUE, .has_place = start != NULL };
  for (gsize a = 0; a < d; a++)
    {
      t->velocities[i * d + a] = 0.0;
      t->gains[i * d + a] = 1.0;
      t->points[i].has_place = t->points[i].has_place && isfinite (start[a]);
      t->places[i * d + a] = start != NULL ? start[a] : 0.0;
    }
}

gboolean
dfkd_t_sne_add (DfkdTSne *t, const guint64 *ids, const float *rows, const float *start, gsize n, gsize *n_left_out, GError **error)
{
  g_autofree guint32 *kept = NULL;
  gsize n_kept, d = t->settings.dimensions, width = MAX (t->settings.n_features, t->capacity * sizeof (DfkdNear) / sizeof (float));

  if (n_left_out != NULL)
    *n_left_out = 0;
  if (!dfkd_points_check (n, width, error) || !dfkd_points_check (2 * (t->n + n), width, error))
    return FALSE;
  if (!are_new (t, ids, n))
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("a point with the same id is on the map already"));
      return FALSE;
    }
  kept = g_new (guint32, n);
  n_kept = dfkd_points_finite (rows, n, t->settings.n_features, kept);
  if (n_left_out != NULL)
    *n_left_out = n - n_kept;
  if (n_kept == 0)
    return TRUE;
  begin_again (t);
  if (!make_room (t, t->n + n_kept, error))
    return FALSE;
  for (gsize i = 0; i < n_kept; i++)
    add_point (t, ids[kept[i]], rows + kept[i] * t->settings.n_features, start != NULL ? start + kept[i] * d : NULL);
  return TRUE;
}

static void
move_point (DfkdTSne *t, gsize from, gsize to)
{
  gsize d = t->settings.dimensions, f = t->settings.n_features;

  t->ids[to] = t->ids[from];
  t->points[to] = t->points[from];
  memmove (t->rows + to * f, t->rows + from * f, f * sizeof (float));
  memmove (t->places + to * d, t->places + from * d, d * sizeof (double));
  memmove (t->velocities + to * d, t->velocities + from * d, d * sizeof (double));
  memmove (t->gains + to * d, t->gains + from * d, d * sizeof (double));
  memmove (t->near + to * t->capacity, t->near + from * t->capacity, t->capacity * sizeof (DfkdNear));
  memmove (t->conditional + to * t->wanted, t->conditional + from * t->wanted, t->wanted * sizeof (float));
}

gsize
dfkd_t_sne_drop (DfkdTSne *t, const guint64 *ids, gsize n)
{
  g_autofree gboolean *gone = g_new0 (gboolean, t->n);
  g_autofree guint32 *index = g_new (guint32, t->n);
  gsize count = 0, kept = 0;

  find_ids (t);
  for (gsize i = 0; i < n; i++)
    {
      gpointer place;

      if (g_hash_table_lookup_extended (t->by_id, &ids[i], NULL, &place) && !gone[GPOINTER_TO_SIZE (place)])
        {
          gone[GPOINTER_TO_SIZE (place)] = TRUE;
          count++;
        }
    }
  if (count == 0)
    return 0;
  begin_again (t);
  for (gsize i = 0; i < t->n; i++)
    index[i] = (guint32) (gone[i] ? kept : kept++);
  dfkd_t_sne_forget (t, gone, index);
  for (gsize i = 0; i < t->n; i++)
    if (!gone[i] && index[i] != i)
      move_point (t, i, index[i]);
  t->n = kept;
  return count;
}

gboolean
dfkd_t_sne_advance (DfkdTSne *t, guint iterations, double seconds, const gint *stop, GError **error)
{
  gint64 end = seconds > 0.0 ? g_get_monotonic_time () + (gint64) (MIN (seconds, 1e9) * G_USEC_PER_SEC) : G_MAXINT64;

  while (t->n > 0)
    {
      if (dfkd_work_stopped (stop, error))
        return FALSE;
      if (t->stage == DFKD_T_SNE_NEIGHBOURS)
        {
          if (!dfkd_t_sne_find_neighbours (t, stop, error))
            return FALSE;
        }
      else if (t->stage == DFKD_T_SNE_AFFINITIES)
        {
          if (!dfkd_t_sne_find_affinities (t, error))
            return FALSE;
          dfkd_t_sne_place (t);
        }
      else if (iterations-- == 0)
        break;
      else if (!dfkd_t_sne_iterate (t, error))
        return FALSE;
      if (g_get_monotonic_time () >= end)
        break;
    }
  return TRUE;
}

gsize
dfkd_t_sne_count (const DfkdTSne *t)
{
  return t->n;
}

const guint64 *
dfkd_t_sne_ids (const DfkdTSne *t)
{
  return t->ids;
}

void
dfkd_t_sne_read (const DfkdTSne *t, float *coordinates)
{
  guint d = t->settings.dimensions;

  for (gsize i = 0; i < t->n; i++)
    for (guint a = 0; a < d; a++)
      coordinates[i * d + a] = t->points[i].has_place ? (float) t->places[i * d + a] : NAN;
}

guint
dfkd_t_sne_iteration (const DfkdTSne *t)
{
  return t->iteration;
}

double
dfkd_t_sne_readiness (const DfkdTSne *t)
{
  gsize known = 0;

  if (t->stage != DFKD_T_SNE_NEIGHBOURS || t->n == 0)
    return 1.0;
  for (gsize i = 0; i < t->n; i++)
    known += t->points[i].known == t->n ? 1 : 0;
  return (double) known / (double) t->n;
}

void
dfkd_t_sne_shrink (float *coordinates, gsize n, guint dimensions)
{
  double mean = 0.0, squares = 0.0, scale;
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    if (isfinite (coordinates[i * dimensions]))
      {
        mean += coordinates[i * dimensions];
        count++;
      }
  mean /= (double) MAX (count, 1);
  for (gsize i = 0; i < n; i++)
    if (isfinite (coordinates[i * dimensions]))
      squares += (coordinates[i * dimensions] - mean) * (coordinates[i * dimensions] - mean);
  scale = squares > 0.0 ? 1e-4 / sqrt (squares / (double) count) : 1.0;
  for (gsize i = 0; i < n * dimensions; i++)
    coordinates[i] = (float) (coordinates[i] * scale);
}
