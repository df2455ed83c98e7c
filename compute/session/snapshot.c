/* snapshot.c: blocks and counters as safetensors, with a checksum. */
#include "snapshot.h"

#include "snapshot-private.h"

#include "errors.h"
#include "pool-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

static const char SUFFIX[] = ".safetensors";
static const char POOL[] = "pool"; /* behind the blocks, whose names begin with digits */

/* counters as JSON text: field by field, doubles in hexadecimal notation so that they come back exactly */
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

static void
add_checksum (GChecksum *sum, const char *name, gconstpointer data, gsize bytes)
{
  g_checksum_update (sum, (const guchar *) name, (gssize) strlen (name) + 1);
  g_checksum_update (sum, data, (gssize) bytes);
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

/* The images: in the snapshot, or in a file of their own with the checksum @sum as metadata. */
static gboolean
add_pool (DfkdPool *pool, DfkdSafetensorsWriter *writer, GChecksum *sum, GError **error)
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
      add_checksum (sum, "pool", of_file, strlen (of_file));
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
  add_checksum (sum, POOL, images, bytes);
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

DfkdStateWriter *
dfkd_state_writer_new (void)
{
  DfkdStateWriter *state = g_new0 (DfkdStateWriter, 1);

  state->writer = dfkd_safetensors_writer_new ();
  state->sum = g_checksum_new (G_CHECKSUM_SHA256);
  return state;
}

void
dfkd_state_writer_free (DfkdStateWriter *state)
{
  if (state == NULL)
    return;
  dfkd_safetensors_writer_free (state->writer);
  g_checksum_free (state->sum);
  g_free (state);
}

gboolean
dfkd_state_writer_add_blocks (DfkdStateWriter *state, DfkdTrainer *trainer, GError **error)
{
  for (guint i = 0; i < dfkd_trainer_block_count (trainer); i++)
    {
      DfkdBlock *block = dfkd_trainer_block (trainer, i);
      g_autofree char *name = g_strdup_printf ("%02u.%s", i, block->name);
      g_autofree guint8 *data = g_malloc (block->bytes);

      if (!dfkd_device_read (dfkd_trainer_get_device (trainer), block, 0, data, block->bytes, error))
        return FALSE;
      add_checksum (state->sum, name, data, block->bytes);
      dfkd_safetensors_writer_take_tensor (state->writer, name, DFKD_DTYPE_U8, &block->bytes, 1, g_steal_pointer (&data));
    }
  return TRUE;
}

gboolean
dfkd_state_writer_write (DfkdStateWriter *state, DfkdTrainer *trainer, const char *path, GError **error)
{
  g_autofree char *recipe = dfkd_recipe_to_json (dfkd_trainer_get_recipe (trainer)), *text = counters_text (dfkd_trainer_get_counters (trainer));

  add_checksum (state->sum, "recipe", recipe, strlen (recipe));
  add_checksum (state->sum, "counters", text, strlen (text));
  dfkd_safetensors_writer_add_metadata (state->writer, "recipe", recipe);
  dfkd_safetensors_writer_add_metadata (state->writer, "counters", text);
  dfkd_safetensors_writer_add_metadata (state->writer, "sha256", g_checksum_get_string (state->sum));
  dfkd_safetensors_writer_add_metadata (state->writer, "version", DFKD_VERSION);
  return dfkd_safetensors_writer_write (state->writer, path, error);
}

char *
dfkd_snapshot_save (DfkdTrainer *trainer, const char *folder, guint64 events, GError **error)
{
  const DfkdTrainerCounters *counters = dfkd_trainer_get_counters (trainer);
  g_autoptr (DfkdStateWriter) state = dfkd_state_writer_new ();
  g_autofree char *length = g_strdup_printf ("%" G_GUINT64_FORMAT, events);
  g_autofree char *snapshots = g_build_filename (folder, "snapshots", NULL), *path = NULL;
  g_autoptr (GPtrArray) old = NULL;

  if (g_mkdir_with_parents (snapshots, 0755) != 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the folder %s cannot be made: %s"), snapshots, g_strerror (errno));
      return NULL;
    }
  path = g_strdup_printf ("%s/%010" G_GUINT64_FORMAT "-%010" G_GUINT64_FORMAT "%s", snapshots,
                          counters->inner_steps, counters->student_steps, SUFFIX);
  dfkd_safetensors_writer_add_metadata (state->writer, "events", length);
  dfkd_safetensors_writer_add_metadata (state->writer, "teacher", dfkd_trainer_teacher_sum (trainer));
  if (!dfkd_state_writer_add_blocks (state, trainer, error) || !add_pool (dfkd_trainer_get_pool (trainer), state->writer, state->sum, error)
      || !dfkd_state_writer_write (state, trainer, path, error))
    return NULL;
  old = list (folder);
  for (guint i = 2; i < old->len; i++)
    g_unlink (g_ptr_array_index (old, i));
  return g_steal_pointer (&path);
}

DfkdSafetensors *
dfkd_state_open (const char *path, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, error);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *recipe, *counters, *wanted, *pool;

  if (file == NULL)
    return NULL;
  recipe = dfkd_safetensors_metadata (file, "recipe");
  counters = dfkd_safetensors_metadata (file, "counters");
  wanted = dfkd_safetensors_metadata (file, "sha256");
  pool = dfkd_safetensors_metadata (file, "pool");
  for (guint i = 0; i < dfkd_safetensors_count (file); i++)
    {
      const DfkdTensorEntry *entry = dfkd_safetensors_get (file, i);

      add_checksum (sum, entry->name, entry->data, entry->bytes);
    }
  if (pool != NULL)
    add_checksum (sum, "pool", pool, strlen (pool));
  if (recipe != NULL && counters != NULL)
    {
      add_checksum (sum, "recipe", recipe, strlen (recipe));
      add_checksum (sum, "counters", counters, strlen (counters));
    }
  if (recipe == NULL || counters == NULL || g_strcmp0 (wanted, g_checksum_get_string (sum)) != 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("the snapshot %s is damaged: its checksum is wrong"), path);
      return NULL;
    }
  return g_steal_pointer (&file);
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

gboolean
dfkd_state_take (DfkdTrainer *trainer, const DfkdSafetensors *file, const char *path, DfkdTrainerCounters *counters, GError **error)
{
  for (guint i = 0; i < dfkd_trainer_block_count (trainer); i++)
    {
      DfkdBlock *block = dfkd_trainer_block (trainer, i);
      g_autofree char *name = g_strdup_printf ("%02u.%s", i, block->name);
      const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, name);

      if (entry == NULL || entry->bytes != block->bytes)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s: the snapshot does not fit its recipe (%s); it cannot be resumed"), path, name);
          return FALSE;
        }
      if (!dfkd_device_write (dfkd_trainer_get_device (trainer), block, 0, entry->data, entry->bytes, error))
        return FALSE;
    }
  if (!parse_counters (dfkd_safetensors_metadata (file, "counters"), counters))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: the counters of the snapshot cannot be read; it cannot be resumed"), path);
      return FALSE;
    }
  return TRUE;
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

  if (file == NULL || !check_teacher (trainer, file, folder, error) || !dfkd_state_take (trainer, file, folder, &counters, error)
      || !take_pool (dfkd_trainer_get_pool (trainer), file, folder, counters.images, error))
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
  return dfkd_recipe_from_json (dfkd_safetensors_metadata (file, "recipe"), -1, folder, error);
}
