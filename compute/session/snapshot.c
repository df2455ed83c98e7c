/* snapshot.c: blocks and counters as safetensors, with a checksum. */
#include "snapshot.h"

#include "snapshot-private.h"

#include "atomic-file.h"
#include "block-file.h"
#include "errors.h"
#include "pool-file.h"
#include "run-folder.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

static const char SUFFIX[] = ".safetensors";
static const char POOL[] = "pool"; /* behind the blocks, whose names begin with digits */
static const char CHOSEN[] = "chosen"; /* student-chosen.safetensors as it was */
static const char *const SUMMED[] = { "pool", "recipe", "counters", "events", "pool_size", "teacher", NULL };
static const char *const SUMMED_ONCE[] = { "pool", "recipe", "counters", NULL }; /* by earlier versions */

/* counters as text: a line "NAME VALUE" for each, in this order, doubles with as many digits as they need to come back exactly */
#define COUNTERS(X)                                                                                                  \
  X (phase, guint32)                                                                                                 \
  X (synthesis, guint32)                                                                                             \
  X (inner, guint32)                                                                                                 \
  X (student, guint32)                                                                                               \
  X (outer_steps, guint32)                                                                                           \
  X (remembered, guint32)                                                                                            \
  X (agreements, guint32)                                                                                            \
  X (chosen_synthesis, guint32)                                                                                      \
  X (inner_steps, guint64)                                                                                           \
  X (student_steps, guint64)                                                                                         \
  X (images, guint64)
#define MEASURES(X)                                                                                                  \
  X (accuracy)                                                                                                       \
  X (best_accuracy)                                                                                                  \
  X (teacher_accuracy)                                                                                               \
  X (agreement_sum)                                                                                                  \
  X (chosen_agreement)                                                                                               \
  X (chosen_accuracy)                                                                                                \
  X (clocks.generate)                                                                                                \
  X (clocks.distil)                                                                                                  \
  X (clocks.evaluate)                                                                                                \
  X (clocks.show)                                                                                                    \
  X (clocks.total)

static char *
name_of (const DfkdBlock *block, guint index)
{
  return g_strdup_printf ("%02u.%s", index, block->name);
}

static char *
counters_text (const DfkdTrainerCounters *c)
{
  GString *text = g_string_new (NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

#define WRITE(field, type) g_string_append_printf (text, #field " %" G_GUINT64_FORMAT "\n", (guint64) c->field);
  COUNTERS (WRITE)
#undef WRITE
#define WRITE(field) g_string_append_printf (text, #field " %s\n", g_ascii_dtostr (number, sizeof number, c->field));
  MEASURES (WRITE)
#undef WRITE
  return g_string_free (text, FALSE);
}

static gboolean
parse_counters (const char *text, DfkdTrainerCounters *c)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint i = 0;

#define COUNT(...) +1
  if (g_strv_length (lines) < 0 COUNTERS (COUNT) MEASURES (COUNT))
    return FALSE;
#undef COUNT
#define PARSE(field, type)                                                                                           \
  if (!g_str_has_prefix (lines[i], #field " "))                                                                      \
    return FALSE;                                                                                                    \
  c->field = (type) g_ascii_strtoull (lines[i++] + strlen (#field " "), NULL, 10);
  COUNTERS (PARSE)
#undef PARSE
#define PARSE(field)                                                                                                 \
  if (!g_str_has_prefix (lines[i], #field " "))                                                                      \
    return FALSE;                                                                                                    \
  c->field = g_ascii_strtod (lines[i++] + strlen (#field " "), NULL);
  MEASURES (PARSE)
#undef PARSE
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) b, *(const char *const *) a);
}

/* The images: in the snapshot, or in a file of their own with its checksum as metadata. */
static gboolean
add_pool (DfkdPool *pool, DfkdSafetensorsWriter *writer, GError **error)
{
  gsize count = (gsize) dfkd_pool_count (pool), bytes = count * dfkd_pool_image_bytes (pool);
  g_autofree guint8 *images = NULL;
  g_autofree char *of_file = NULL;

  if (dfkd_pool_is_on_disk (pool))
    {
      of_file = dfkd_pool_sync (pool, error);
      g_autofree char *size = g_strdup_printf ("%zu %zu", count, dfkd_pool_image_bytes (pool));

      if (of_file == NULL)
        return FALSE;
      dfkd_safetensors_writer_add_metadata (writer, "pool", of_file);
      dfkd_safetensors_writer_add_metadata (writer, "pool_size", size);
      return TRUE;
    }
  if (count == 0)
    return TRUE;
  images = g_try_malloc (bytes);
  if (images == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                   _("there is no memory for the snapshot's %.0f MiB of images; take a smaller --pool-memory, which keeps the rest on disk"), (double) bytes / 0x1p20);
      return FALSE;
    }
  if (!dfkd_pool_read (pool, 0, count, images, error))
    return FALSE;
  dfkd_safetensors_writer_take_tensor (writer, POOL, DFKD_DTYPE_U8, &bytes, 1, g_steal_pointer (&images));
  return TRUE;
}

static gboolean
take_pool (DfkdPool *pool, const DfkdSafetensors *file, const char *folder, guint64 count, GError **error)
{
  const char *of_file = dfkd_safetensors_metadata (file, "pool");
  const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, POOL);

  if (dfkd_pool_has_room (pool, count) && of_file != NULL)
    return dfkd_pool_resume (pool, folder, count, of_file, error);
  if (!dfkd_pool_has_room (pool, count) || (entry != NULL ? entry->bytes : 0) != count * dfkd_pool_image_bytes (pool))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s: the snapshot does not fit its recipe (%s); it cannot be resumed"), folder, POOL);
      return FALSE;
    }
  dfkd_pool_clear (pool);
  return dfkd_pool_place (pool, folder, error) && (entry == NULL || dfkd_pool_append (pool, entry->data, (gsize) count, error));
}

/* Of a run that goes on from here a later one is no choice of its own; without it none would be left. */
static void
add_chosen (DfkdTrainer *trainer, const char *folder, DfkdSafetensorsWriter *writer)
{
  g_autofree char *path = g_build_filename (folder, "student-chosen.safetensors", NULL);
  char *contents;
  gsize length;

  if (dfkd_trainer_get_counters (trainer)->chosen_synthesis > 0 && g_file_get_contents (path, &contents, &length, NULL))
    dfkd_safetensors_writer_take_tensor (writer, CHOSEN, DFKD_DTYPE_U8, &length, 1, contents);
}

static gboolean
put_back_chosen (const DfkdSafetensors *file, const char *folder, const DfkdTrainerCounters *counters, GError **error)
{
  const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, CHOSEN);
  g_autofree char *path = g_build_filename (folder, "student-chosen.safetensors", NULL), *contents = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize length;

  if (entry == NULL)
    {
      if (counters->chosen_synthesis == 0)
        g_unlink (path);
      return TRUE; /* earlier versions had none in it */
    }
  if (g_file_get_contents (path, &contents, &length, NULL) && length == entry->bytes && memcmp (contents, entry->data, length) == 0)
    return TRUE;
  bytes = g_bytes_new (entry->data, entry->bytes);
  return dfkd_atomic_write (path, &bytes, 1, error);
}

/* newest first */
static GPtrArray *
list (const char *folder)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *snapshots = g_build_filename (folder, "snapshots", NULL);
  g_autoptr (GDir) directory = g_dir_open (snapshots, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (paths, g_build_filename (snapshots, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  return paths;
}

/* Leaves the snapshot that was just written and the one before. What is ahead of it was damaged, or the run would have gone on from there. */
static void
tidy (const char *folder, const char *written)
{
  g_autoptr (GPtrArray) paths = list (folder);
  guint at = 0;

  while (at < paths->len && !g_str_equal (g_ptr_array_index (paths, at), written))
    at++;
  for (guint i = 0; at < paths->len && i < paths->len; i++)
    if (i != at && i != at + 1)
      g_unlink (g_ptr_array_index (paths, i));
}

gboolean
dfkd_state_add_blocks (DfkdSafetensorsWriter *writer, DfkdTrainer *trainer, GError **error)
{
  for (guint i = 0; i < dfkd_trainer_block_count (trainer); i++)
    {
      DfkdBlock *block = dfkd_trainer_block (trainer, i);
      g_autofree char *name = name_of (block, i);

      if (!dfkd_block_keep (block, dfkd_trainer_get_device (trainer), writer, name, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
dfkd_state_write (DfkdSafetensorsWriter *writer, DfkdTrainer *trainer, const char *path, GError **error)
{
  g_autofree char *recipe = dfkd_recipe_to_json (dfkd_trainer_get_recipe (trainer)), *text = counters_text (dfkd_trainer_get_counters (trainer));

  dfkd_safetensors_writer_add_metadata (writer, "recipe", recipe);
  dfkd_safetensors_writer_add_metadata (writer, "counters", text);
  dfkd_safetensors_writer_add_metadata (writer, "teacher", dfkd_trainer_teacher_sum (trainer));
  dfkd_safetensors_writer_add_metadata (writer, "version", DFKD_VERSION);
  dfkd_safetensors_writer_add_sum (writer, SUMMED);
  return dfkd_safetensors_writer_write (writer, path, error);
}

char *
dfkd_snapshot_save (DfkdTrainer *trainer, const char *folder, guint64 events, GError **error)
{
  const DfkdTrainerCounters *counters = dfkd_trainer_get_counters (trainer);
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  g_autofree char *length = g_strdup_printf ("%" G_GUINT64_FORMAT, events);
  g_autofree char *snapshots = g_build_filename (folder, "snapshots", NULL), *path = NULL;

  if (g_mkdir_with_parents (snapshots, 0755) != 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the folder %s cannot be made: %s"), snapshots, g_strerror (errno));
      return NULL;
    }
  path = g_strdup_printf ("%s/%010" G_GUINT64_FORMAT "-%010" G_GUINT64_FORMAT "%s", snapshots,
                          counters->inner_steps, counters->student_steps, SUFFIX);
  dfkd_safetensors_writer_add_metadata (writer, "events", length);
  add_chosen (trainer, folder, writer);
  if (!dfkd_state_add_blocks (writer, trainer, error) || !add_pool (dfkd_trainer_get_pool (trainer), writer, error)
      || !dfkd_state_write (writer, trainer, path, error))
    return NULL;
  tidy (folder, path);
  return g_steal_pointer (&path);
}

DfkdSafetensors *
dfkd_state_open (const char *path, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, error);

  if (file == NULL)
    return NULL;
  if (dfkd_safetensors_metadata (file, "recipe") != NULL && dfkd_safetensors_metadata (file, "counters") != NULL
      && (dfkd_safetensors_sum_is_right (file, SUMMED) || dfkd_safetensors_sum_is_right (file, SUMMED_ONCE)))
    return g_steal_pointer (&file);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("the snapshot %s is damaged: its checksum is wrong"), path);
  return NULL;
}

/* Whether the file of the pool still has the images of the snapshot. Earlier versions did not say how many of which size: then who
 * takes the images finds out. */
static gboolean
check_pool (const DfkdSafetensors *file, const char *folder, GError **error)
{
  const char *sum = dfkd_safetensors_metadata (file, "pool"), *size = dfkd_safetensors_metadata (file, "pool_size");
  char *rest;
  guint64 count = size != NULL ? g_ascii_strtoull (size, &rest, 10) : 0, image_bytes = count > 0 ? g_ascii_strtoull (rest, NULL, 10) : 0;

  return sum == NULL || image_bytes == 0 || dfkd_pool_file_check (folder, (gsize) image_bytes, count, sum, error);
}

static DfkdSafetensors *
open_whole (const char *path, const char *folder, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_state_open (path, error);

  return file != NULL && check_pool (file, folder, error) ? g_steal_pointer (&file) : NULL;
}

DfkdSafetensors *
dfkd_state_open_newest (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) paths = list (folder);
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < paths->len; i++)
    {
      DfkdSafetensors *file = open_whole (g_ptr_array_index (paths, i), folder, first == NULL ? &first : NULL);

      if (file == NULL)
        continue;
      if (first != NULL)
        g_message (_("%s; going on from the one before"), first->message);
      return file;
    }
  if (first != NULL)
    g_propagate_error (error, g_steal_pointer (&first));
  else if (!dfkd_run_is_folder (folder)) /* a misspelt one */
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is not the folder of a run: it has no recipe.json and events.jsonl"), folder);
  else
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s holds no snapshot to resume from; start a new run"), folder);
  return NULL;
}

const guint8 *
dfkd_state_images (const DfkdSafetensors *file, gsize *bytes)
{
  const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, POOL);

  *bytes = entry != NULL ? entry->bytes : 0;
  return entry != NULL ? entry->data : NULL;
}

/* Another one would be mixed with the first, and nobody would see it in the student. */
static gboolean
check_teacher (DfkdTrainer *trainer, const DfkdSafetensors *file, const char *folder, GError **error)
{
  const char *then = dfkd_safetensors_metadata (file, "teacher"), *path = dfkd_trainer_get_recipe (trainer)->text[DFKD_PARAMETER_TEACHER];

  if (then == NULL || g_str_equal (then, dfkd_trainer_teacher_sum (trainer))) /* earlier versions did not say */
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
               _("%s: the run was begun with another teacher than %s holds now; put the teacher's file back, or start a new run"), folder,
               *path != '\0' ? path : _("the built-in teacher"));
  return FALSE;
}

gboolean
dfkd_state_take (DfkdTrainer *trainer, const DfkdSafetensors *file, const char *path, DfkdTrainerCounters *counters, GError **error)
{
  if (!check_teacher (trainer, file, path, error))
    return FALSE;
  for (guint i = 0; i < dfkd_trainer_block_count (trainer); i++)
    {
      DfkdBlock *block = dfkd_trainer_block (trainer, i);
      g_autofree char *name = name_of (block, i);

      if (!dfkd_block_recall (block, dfkd_trainer_get_device (trainer), file, name, path, error))
        return FALSE;
    }
  if (!parse_counters (dfkd_safetensors_metadata (file, "counters"), counters) || !dfkd_trainer_has_counters (trainer, counters))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: the counters of the snapshot cannot be read; it cannot be resumed"), path);
      return FALSE;
    }
  return TRUE;
}

/* the length of events.jsonl then */
static guint64
events_of (const DfkdSafetensors *file)
{
  const char *length = dfkd_safetensors_metadata (file, "events");

  return length != NULL ? g_ascii_strtoull (length, NULL, 10) : 0;
}

gboolean
dfkd_snapshot_load (DfkdTrainer *trainer, const char *folder, guint64 *events, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_state_open_newest (folder, error);
  DfkdTrainerCounters counters = { 0 };

  if (file == NULL || !dfkd_state_take (trainer, file, folder, &counters, error)
      || !take_pool (dfkd_trainer_get_pool (trainer), file, folder, counters.images, error) || !put_back_chosen (file, folder, &counters, error))
    return FALSE;
  dfkd_trainer_set_counters (trainer, &counters);
  *events = events_of (file);
  return TRUE;
}

DfkdRecipe *
dfkd_snapshot_read_recipe (const char *folder, guint64 *events, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_state_open_newest (folder, error);

  if (file == NULL)
    return NULL;
  if (events != NULL)
    *events = events_of (file);
  return dfkd_recipe_recall (dfkd_safetensors_metadata (file, "recipe"), -1, folder, error);
}
