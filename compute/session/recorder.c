/* recorder.c: writing a run folder. */
#include "recorder-private.h"

#include "atomic-file.h"
#include "clocks-json.h"
#include "errors.h"
#include "history.h"
#include "json-output.h"
#include "pictures-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

gboolean
dfkd_recorder_cannot_write (const char *path, int code, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s; free space, see to it that you may write there, or choose another folder with --run-folder"), path,
               g_strerror (code));
  return FALSE;
}

static DfkdRecorder *
open_log (const char *folder, guint synthesis, GError **error)
{
  g_autoptr (DfkdRecorder) recorder = g_new0 (DfkdRecorder, 1);
  g_autofree char *path = g_build_filename (folder, "events.jsonl", NULL);

  recorder->folder = g_strdup (folder);
  recorder->lines = g_string_new (NULL);
  recorder->flushed = g_get_monotonic_time ();
  recorder->log = g_open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (recorder->log < 0)
    {
      dfkd_recorder_cannot_write (path, errno, error);
      return NULL;
    }
  recorder->written = (guint64) MAX (lseek (recorder->log, 0, SEEK_END), 0);
  recorder->history = dfkd_history_open (folder, DFKD_HISTORY_PICTURES, synthesis, error);
  recorder->films = recorder->history != NULL ? dfkd_history_open (folder, DFKD_HISTORY_FILMS, synthesis, error) : NULL;
  return recorder->films != NULL ? g_steal_pointer (&recorder) : NULL;
}

DfkdRecorder *
dfkd_recorder_new (const char *folder, const DfkdRecipe *recipe, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  if (g_mkdir_with_parents (parent, 0755) == 0 && g_mkdir (folder, 0755) == 0)
    return dfkd_recorder_begin (folder, recipe, error);
  if (errno == EEXIST && g_file_test (folder, G_FILE_TEST_EXISTS)) /* perhaps since a moment ago */
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the run folder %s exists already; name another with --run-folder, or go on in it with --resume"),
                   folder);
      return NULL;
    }
  dfkd_recorder_cannot_write (folder, errno, error);
  return NULL;
}

DfkdRecorder *
dfkd_recorder_begin (const char *folder, const DfkdRecipe *recipe, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "recipe.json", NULL);

  return recipe == NULL || dfkd_recipe_save (recipe, path, error) ? dfkd_recorder_resume (folder, 0, 0, error) : NULL;
}

gboolean
dfkd_recorder_add_recipe (DfkdRecorder *recorder, const DfkdRecipe *recipe, GError **error)
{
  g_autofree char *path = g_build_filename (recorder->folder, "recipe.json", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) || dfkd_recipe_save (recipe, path, error);
}

/* behind the last whole line of @path, which has @length bytes */
static guint64
end_of_lines (const char *path, guint64 length)
{
  g_autoptr (GMappedFile) file = length > 0 ? g_mapped_file_new (path, FALSE, NULL) : NULL;
  const char *text = file != NULL ? g_mapped_file_get_contents (file) : NULL;

  for (length = MIN (length, text != NULL ? g_mapped_file_get_length (file) : 0); length > 0 && text[length - 1] != '\n'; length--)
    ;
  return length;
}

/* What the log tells of steps after the snapshot comes again. A log that is shorter has lost something, and perhaps half a line, which would
 * take the next one with it. */
DfkdRecorder *
dfkd_recorder_resume (const char *folder, guint64 events, guint synthesis, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "events.jsonl", NULL);
  GStatBuf status;
  guint64 length = g_stat (path, &status) == 0 ? (guint64) status.st_size : 0, wanted = length > events ? events : end_of_lines (path, length);

  if (length < events)
    g_message (_("%s is shorter than when the snapshot was written: some of what it told is lost, the run itself is not"), path);
  if (wanted < length && truncate (path, (off_t) wanted) != 0)
    {
      dfkd_recorder_cannot_write (path, errno, error);
      return NULL;
    }
  return open_log (folder, synthesis, error);
}

void
dfkd_recorder_free (DfkdRecorder *recorder)
{
  if (recorder == NULL)
    return;
  if (recorder->log >= 0)
    close (recorder->log);
  g_string_free (recorder->lines, TRUE);
  dfkd_history_free (recorder->history);
  dfkd_history_free (recorder->films);
  g_free (recorder->folder);
  g_free (recorder);
}

/* -------------------------------------------------------------------------------------- pictures, summary */

gboolean
dfkd_recorder_add_pictures (DfkdRecorder *recorder, const DfkdPictures *pictures, guint64 limit, GError **error)
{
  guint64 taken = dfkd_history_get_bytes (recorder->films);

  return dfkd_history_add (recorder->history, pictures, limit > taken ? limit - taken : MIN (limit, 1), error);
}

gboolean
dfkd_recorder_add_film (DfkdRecorder *recorder, const DfkdPictures *film, guint64 limit, GError **error)
{
  return dfkd_history_add (recorder->films, film, limit / 4, error);
}

gboolean
dfkd_recorder_add_norms (DfkdRecorder *recorder, const DfkdNorms *norms, GError **error)
{
  g_autofree char *path = dfkd_history_norms_path (recorder->folder);

  return norms->size == 0 || dfkd_norms_save (norms, path, error);
}

char *
dfkd_summary_to_json (DfkdTrainer *trainer)
{
  const DfkdTrainerCounters *c = dfkd_trainer_get_counters (trainer);
  const DfkdRecipe *recipe = dfkd_trainer_get_recipe (trainer);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "accuracy");
  json_builder_begin_object (builder);
  dfkd_json_number (builder, "final", c->accuracy);
  dfkd_json_number (builder, "best", c->best_accuracy);
  dfkd_json_number (builder, "chosen", c->chosen_accuracy);
  dfkd_json_number (builder, "teacher", c->teacher_accuracy);
  json_builder_end_object (builder);
  dfkd_json_clocks (builder, &c->clocks);
  json_builder_set_member_name (builder, "finished");
  json_builder_add_boolean_value (builder, dfkd_trainer_is_finished (trainer));
  dfkd_json_integer (builder, "syntheses", c->synthesis);
  dfkd_json_integer (builder, "chosen_synthesis", c->chosen_synthesis);
  dfkd_json_integer (builder, "images", c->images);
  dfkd_json_integer (builder, "seed", (guint64) recipe->number[DFKD_PARAMETER_SEED]);
  dfkd_json_text (builder, "device", dfkd_device_describe (dfkd_trainer_get_device (trainer))->name);
  dfkd_json_text (builder, "recipe", recipe->name);
  dfkd_json_text (builder, "version", DFKD_VERSION);
  json_builder_end_object (builder);
  return dfkd_json_finish (builder, TRUE);
}

static gboolean
save_student (DfkdRecorder *recorder, DfkdTrainer *trainer, const char *name, GError **error)
{
  g_autoptr (DfkdModel) student = dfkd_trainer_get_student (trainer, error);
  g_autofree char *path = g_build_filename (recorder->folder, name, NULL);

  return student != NULL && dfkd_model_save (student, path, error);
}

gboolean
dfkd_recorder_choose (DfkdRecorder *recorder, DfkdTrainer *trainer, GError **error)
{
  return save_student (recorder, trainer, "student-chosen.safetensors", error);
}

gboolean
dfkd_recorder_summarise (DfkdRecorder *recorder, DfkdTrainer *trainer, GError **error)
{
  g_autofree char *path = g_build_filename (recorder->folder, "summary.json", NULL), *json = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!save_student (recorder, trainer, "student.safetensors", error))
    return FALSE;
  json = dfkd_summary_to_json (trainer);
  bytes = g_bytes_new (json, strlen (json));
  return dfkd_atomic_write (path, &bytes, 1, error);
}
