/* branch-point.c: states without images, thinned out evenly. */
#include "branch-point.h"

#include "snapshot-private.h"

#include "errors.h"
#include "numbered-files.h"
#include "run-folder.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum {
  AT_ONCE = 1024, /* images copied from a pool's file */
};

static char *
path_of (const char *folder, guint synthesis)
{
  g_autofree char *points = g_build_filename (folder, "branch-points", NULL);

  return dfkd_numbered_file (points, synthesis);
}

GArray *
dfkd_branch_points_list (const char *folder)
{
  g_autofree char *points = g_build_filename (folder, "branch-points", NULL);

  return dfkd_numbered_files (points);
}

static void
forget (const char *folder, guint synthesis)
{
  g_autofree char *path = path_of (folder, synthesis);

  g_unlink (path);
}

void
dfkd_branch_points_cut (const char *folder, guint synthesis)
{
  g_autoptr (GArray) list = dfkd_branch_points_list (folder);

  for (guint i = 0; i < list->len; i++)
    if (g_array_index (list, guint, i) > synthesis)
      forget (folder, g_array_index (list, guint, i));
}

gboolean
dfkd_branch_point_save (DfkdTrainer *trainer, const char *folder, guint every, guint most, GError **error)
{
  guint synthesis = dfkd_trainer_get_counters (trainer)->synthesis, apart = every;
  g_autofree char *points = g_build_filename (folder, "branch-points", NULL), *path = path_of (folder, synthesis);
  g_autoptr (DfkdSafetensorsWriter) writer = NULL;

  if (most == 0)
    return TRUE;
  while (synthesis / apart > most) /* which stay follows from how far the run is, so that a resumed one keeps the same */
    apart *= 2;
  if (synthesis % apart != 0)
    return TRUE;
  if (g_mkdir_with_parents (points, 0755) != 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the folder %s cannot be made: %s"), points, g_strerror (errno));
      return FALSE;
    }
  writer = dfkd_safetensors_writer_new ();
  if (!dfkd_state_add_blocks (writer, trainer, error) || !dfkd_state_write (writer, trainer, path, error))
    return FALSE;
  {
    g_autoptr (GArray) list = dfkd_branch_points_list (folder);

    for (guint i = 0; i < list->len && list->len > most; i++) /* with another number between them than before, they may be fewer */
      if (g_array_index (list, guint, i) % apart != 0)
        forget (folder, g_array_index (list, guint, i));
  }
  return TRUE;
}

static DfkdSafetensors *
open_point (const char *folder, guint synthesis, GError **error)
{
  g_autofree char *path = path_of (folder, synthesis);
  g_autoptr (GArray) list = NULL;
  GString *there;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return dfkd_state_open (path, error);
  list = dfkd_branch_points_list (folder);
  there = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (there, "%s%u", i > 0 ? ", " : "", g_array_index (list, guint, i));
  if (list->len > 0)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s has no branch point after synthesis %u; there is one after: %s"), folder, synthesis, there->str);
  else if (!dfkd_run_is_folder (folder))
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is not the folder of a run: it has no recipe.json and events.jsonl"), folder);
  else
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s has no branch point: a run keeps one at each snapshot (snapshot_every) while branch_points is not 0, and this one has not come to any"), folder);
  g_string_free (there, TRUE);
  return NULL;
}

DfkdRecipe *
dfkd_branch_point_read_recipe (const char *folder, guint synthesis, GError **error)
{
  g_autoptr (DfkdSafetensors) file = open_point (folder, synthesis, error);

  return file != NULL ? dfkd_recipe_recall (dfkd_safetensors_metadata (file, "recipe"), -1, folder, error) : NULL;
}

gboolean
dfkd_branch_point_keeps (const DfkdRecipe *recipe, DfkdParameterId id)
{
  return dfkd_recipe_is_built (recipe, id) && id != DFKD_PARAMETER_SYNTHESES && id != DFKD_PARAMETER_SEED && id != DFKD_PARAMETER_DATA
         && id != DFKD_PARAMETER_POOL_MEMORY;
}

static gboolean
fail_short (const char *folder, guint64 count, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s does not hold the %.0f images that its branch point needs"), folder, (double) count);
  return FALSE;
}

/* the first @count images of the file of a pool, which may grow meanwhile */
static gboolean
copy_file (DfkdPool *pool, const char *folder, guint64 count, GError **error)
{
  gsize image_bytes = dfkd_pool_image_bytes (pool);
  g_autofree char *path = g_build_filename (folder, "pool.u8", NULL);
  g_autofree guint8 *images = g_malloc (AT_ONCE * image_bytes);
  FILE *file = g_fopen (path, "rb");
  gboolean fine = TRUE;

  if (file == NULL)
    return fail_short (folder, count, error);
  for (guint64 done = 0; done < count && fine; done += AT_ONCE)
    {
      gsize n = (gsize) MIN (count - done, (guint64) AT_ONCE);

      fine = fread (images, image_bytes, n, file) == n ? dfkd_pool_append (pool, images, n, error) : fail_short (folder, count, error);
    }
  fclose (file);
  return fine;
}

static gboolean
take_images (DfkdTrainer *trainer, const char *folder, guint64 count, const char *own, GError **error)
{
  DfkdPool *pool = dfkd_trainer_get_pool (trainer);
  g_autoptr (DfkdSafetensors) newest = dfkd_state_open_newest (folder, error);
  const guint8 *images;
  gsize bytes;

  if (newest == NULL)
    return FALSE;
  if (!dfkd_pool_has_room (pool, count))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s: the pool of the new recipe has no room for the %.0f images of the branch point; take more syntheses"),
                   folder, (double) count);
      return FALSE;
    }
  dfkd_pool_clear (pool);
  if (own != NULL && !dfkd_pool_place (pool, own, error))
    return FALSE;
  images = dfkd_state_images (newest, &bytes);
  if (images == NULL)
    return count == 0 || copy_file (pool, folder, count, error);
  if (bytes < count * dfkd_pool_image_bytes (pool))
    return fail_short (folder, count, error);
  return dfkd_pool_append (pool, images, (gsize) count, error);
}

/* A student that was chosen before the branch point is not in it, and in the other run's folder a later one may be in its place. */
static void
choose_anew (const DfkdTrainer *trainer, DfkdTrainerCounters *counters)
{
  if (counters->chosen_synthesis == counters->synthesis && dfkd_trainer_may_choose (trainer, counters->synthesis))
    return;
  counters->chosen_synthesis = 0;
  counters->chosen_agreement = counters->chosen_accuracy = (double) NAN;
}

gboolean
dfkd_branch_point_load (DfkdTrainer *trainer, const char *folder, guint synthesis, const char *own, GError **error)
{
  g_autoptr (DfkdSafetensors) file = open_point (folder, synthesis, error);
  DfkdTrainerCounters counters = { 0 };

  if (file == NULL || !dfkd_state_take (trainer, file, folder, &counters, error) || !take_images (trainer, folder, counters.images, own, error))
    return FALSE;
  choose_anew (trainer, &counters);
  dfkd_trainer_set_counters (trainer, &counters);
  return TRUE;
}
