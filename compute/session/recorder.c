/* recorder.c: writing a run folder. */
#include "recorder.h"

#include "atomic-file.h"
#include "errors.h"
#include "json-output.h"
#include "safetensors.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

struct _DfkdRecorder
{
  char *folder;
  FILE *log;
  int failure; /* errno of the first write that failed */
};

static gboolean
fail (const char *path, int code, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s; free space or choose another folder with --run-folder"), path,
               g_strerror (code));
  return FALSE;
}

static DfkdRecorder *
open_log (const char *folder, GError **error)
{
  g_autoptr (DfkdRecorder) recorder = g_new0 (DfkdRecorder, 1);
  g_autofree char *path = g_build_filename (folder, "events.jsonl", NULL);

  recorder->folder = g_strdup (folder);
  recorder->log = g_fopen (path, "ae");
  if (recorder->log == NULL)
    {
      fail (path, errno, error);
      return NULL;
    }
  return g_steal_pointer (&recorder);
}

DfkdRecorder *
dfkd_recorder_new (const char *folder, const DfkdRecipe *recipe, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder), *path = g_build_filename (folder, "recipe.json", NULL);

  if (g_file_test (folder, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the run folder %s exists already; name another with --run-folder, or go on in it with --resume"),
                   folder);
      return NULL;
    }
  if (g_mkdir_with_parents (parent, 0755) != 0 || g_mkdir (folder, 0755) != 0)
    {
      fail (folder, errno, error);
      return NULL;
    }
  if (!dfkd_recipe_save (recipe, path, error))
    return NULL;
  return open_log (folder, error);
}

DfkdRecorder *
dfkd_recorder_resume (const char *folder, guint64 events, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "events.jsonl", NULL);
  GStatBuf status;

  if (g_stat (path, &status) == 0 && (guint64) status.st_size > events && truncate (path, (off_t) events) != 0)
    {
      fail (path, errno, error);
      return NULL;
    }
  return open_log (folder, error);
}

void
dfkd_recorder_free (DfkdRecorder *recorder)
{
  if (recorder == NULL)
    return;
  if (recorder->log != NULL)
    fclose (recorder->log);
  g_free (recorder->folder);
  g_free (recorder);
}

/* ---------------------------------------------------------------------------------------------------- log */

static const char *
kind_name (DfkdEventKind kind)
{
  static const char *const names[] = { "started", "parameter", "evaluation", "snapshot", "paused", "notice", "finished", "failed" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == DFKD_N_EVENT_KINDS);

  return names[kind];
}

enum {
  N_CLOCKS = 4,
};

/* as the log lists them: seconds to synthesise, distil, evaluate and show */
static double
clock_of (const DfkdClocks *clocks, guint index)
{
  const double values[N_CLOCKS] = { clocks->generate, clocks->distil, clocks->evaluate, clocks->show };

  return values[index];
}

static char *
event_line (const DfkdEvent *event)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  dfkd_json_text (builder, "event", kind_name (event->kind));
  dfkd_json_integer (builder, "inner_step", event->inner_step);
  dfkd_json_integer (builder, "student_step", event->student_step);
  dfkd_json_integer (builder, "synthesis", event->synthesis);
  json_builder_set_member_name (builder, "clocks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < N_CLOCKS; i++)
    json_builder_add_double_value (builder, clock_of (&event->clocks, i));
  json_builder_end_array (builder);
  if (event->kind == DFKD_EVENT_PARAMETER)
    {
      dfkd_json_text (builder, "parameter", dfkd_parameter (event->parameter)->name);
      dfkd_json_number (builder, "old", event->old_value);
      dfkd_json_number (builder, "new", event->new_value);
    }
  else if (event->kind == DFKD_EVENT_EVALUATION)
    dfkd_json_number (builder, "accuracy", event->new_value);
  if (event->message != NULL)
    dfkd_json_text (builder, "message", event->message);
  json_builder_end_object (builder);
  return dfkd_json_finish (builder, FALSE);
}

void
dfkd_recorder_tap (const DfkdScalar *scalar, const DfkdEvent *event, gpointer data)
{
  DfkdRecorder *recorder = data;
  char value[G_ASCII_DTOSTR_BUF_SIZE], clock[N_CLOCKS][G_ASCII_DTOSTR_BUF_SIZE];
  int written;

  if (scalar != NULL) /* many: written by hand */
    {
      for (guint i = 0; i < N_CLOCKS; i++)
        g_ascii_formatd (clock[i], sizeof clock[i], "%.6f", clock_of (&scalar->clocks, i));
      written = fprintf (recorder->log, "{\"scalar\":\"%s\",\"step\":%" G_GUINT64_FORMAT ",\"clocks\":[%s,%s,%s,%s],\"value\":%s}\n",
                         dfkd_series_name (scalar->series), scalar->step, clock[0], clock[1], clock[2], clock[3],
                         isfinite (scalar->value) ? g_ascii_formatd (value, sizeof value, "%.9g", scalar->value) : "null");
    }
  else
    {
      g_autofree char *line = event_line (event);

      written = fprintf (recorder->log, "%s\n", line);
    }
  if (written < 0 && recorder->failure == 0)
    recorder->failure = errno;
}

gboolean
dfkd_recorder_flush (DfkdRecorder *recorder, GError **error)
{
  g_autofree char *path = NULL;
  int code;

  if (fflush (recorder->log) != 0 && recorder->failure == 0)
    recorder->failure = errno;
  code = recorder->failure;
  if (code == 0)
    return TRUE;
  recorder->failure = 0;
  clearerr (recorder->log);
  path = g_build_filename (recorder->folder, "events.jsonl", NULL);
  return fail (path, code, error);
}

guint64
dfkd_recorder_position (DfkdRecorder *recorder)
{
  off_t position = ftello (recorder->log);

  return position > 0 ? (guint64) position : 0;
}

/* -------------------------------------------------------------------------------------- pictures, summary */

gboolean
dfkd_recorder_add_pictures (DfkdRecorder *recorder, const DfkdPictures *pictures, GError **error)
{
  g_autofree char *folder = g_build_filename (recorder->folder, "pictures", NULL);
  g_autofree char *path = g_strdup_printf ("%s/%06u.safetensors", folder, pictures->synthesis);
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  DfkdShape shape = dfkd_shape_of_type (DFKD_U8, pictures->count, pictures->channels, pictures->height, pictures->width);
  g_autofree guint8 *planar = g_malloc (dfkd_shape_bytes (&shape));

  if (g_mkdir_with_parents (folder, 0755) != 0)
    return fail (folder, errno, error);
  dfkd_tensor_from_storage (&shape, pictures->pixels, planar);
  dfkd_safetensors_writer_add_tensor (writer, "images", DFKD_DTYPE_U8, shape.dim, 4, planar);
  dfkd_safetensors_writer_add_tensor (writer, "labels", DFKD_DTYPE_I32, &pictures->count, 1, pictures->labels);
  return dfkd_safetensors_writer_write (writer, path, error);
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
  dfkd_json_number (builder, "teacher", c->teacher_accuracy);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "seconds");
  json_builder_begin_object (builder);
  dfkd_json_number (builder, "generate", c->clocks.generate);
  dfkd_json_number (builder, "distil", c->clocks.distil);
  dfkd_json_number (builder, "evaluate", c->clocks.evaluate);
  dfkd_json_number (builder, "show", c->clocks.show);
  dfkd_json_number (builder, "total", c->clocks.total);
  json_builder_end_object (builder);
  dfkd_json_integer (builder, "syntheses", c->synthesis);
  dfkd_json_integer (builder, "images", c->images);
  dfkd_json_integer (builder, "seed", (guint64) recipe->number[DFKD_PARAMETER_SEED]);
  dfkd_json_text (builder, "device", dfkd_device_describe (dfkd_trainer_get_device (trainer))->name);
  dfkd_json_text (builder, "recipe", recipe->name);
  dfkd_json_text (builder, "version", DFKD_VERSION);
  json_builder_end_object (builder);
  return dfkd_json_finish (builder, TRUE);
}

gboolean
dfkd_recorder_summarise (DfkdRecorder *recorder, DfkdTrainer *trainer, GError **error)
{
  g_autoptr (DfkdModel) student = dfkd_trainer_get_student (trainer, error);
  g_autofree char *model = g_build_filename (recorder->folder, "student.safetensors", NULL);
  g_autofree char *path = g_build_filename (recorder->folder, "summary.json", NULL);
  g_autofree char *json = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (student == NULL || !dfkd_model_save (student, model, error))
    return FALSE;
  json = dfkd_summary_to_json (trainer);
  bytes = g_bytes_new (json, strlen (json));
  return dfkd_atomic_write (path, &bytes, 1, error);
}
