/* workbench-document-folder.c: opens what a run left on disk, and follows what it goes on to write there. */
#include "workbench-document-private.h"

#include <glib/gi18n.h>

enum {
  SOON = 1, /* seconds until it is looked again, while something comes */
  LATER = 5,
  SILENT = 60, /* after which a run is no longer held to go on, where nobody can be seen to write */
};

/* what a thread read of a log */
typedef struct {
  GArray *scalars, *times;
  GPtrArray *events;
  DfkdRunSummary *summary;
  DfkdRunLogPlace place; /* behind all of them */
  gboolean again;        /* they are all there are: what the document has is not so any more */
  gboolean written;      /* somebody can be seen to have the log open */
  guint taken; /* scalars that the document has already */
} Log;

static void
read_scalar (const DfkdScalar *scalar, gpointer data)
{
  g_array_append_val (((Log *) data)->scalars, *scalar);
}

static void
read_event (const DfkdEvent *event, gpointer data)
{
  g_ptr_array_add (((Log *) data)->events, dfkd_event_copy (event));
}

static void
read_time (const DfkdStepTime *time, gpointer data)
{
  g_array_append_val (((Log *) data)->times, *time);
}

static void
free_log (gpointer data)
{
  Log *log = data;

  g_array_unref (log->scalars);
  g_array_unref (log->times);
  g_ptr_array_unref (log->events);
  dfkd_run_summary_free (log->summary);
  g_free (log);
}

typedef struct {
  char *folder;
  guint64 most;          /* bytes of the log */
  gboolean follows;      /* what is behind @place instead */
  DfkdRunLogPlace place;
} Request;

static void
free_request (gpointer data)
{
  g_free (((Request *) data)->folder);
  g_free (data);
}

/* what is new in the log of a run that may go on, or all of it where that has become another one */
static gboolean
read_on (const Request *request, const char *path, const DfkdTap *tap, Log *log, GCancellable *cancellable, GError **error)
{
  log->place = request->place;
  if (!dfkd_run_log_read_on (path, &log->place, tap, log, cancellable, error))
    return FALSE;
  log->written = dfkd_run_is_written (request->folder);
  log->again = request->place.at > 0 && log->place.at == 0;
  return !log->again || dfkd_run_log_read_on (path, &log->place, tap, log, cancellable, error);
}

static void
read_log (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  static const DfkdTap tap = { read_scalar, read_event, read_time };
  const Request *request = data;
  g_autofree char *path = g_build_filename (request->folder, "events.jsonl", NULL);
  GError *error = NULL;
  Log *log = g_new0 (Log, 1);

  log->scalars = g_array_new (FALSE, FALSE, sizeof (DfkdScalar));
  log->times = g_array_new (FALSE, FALSE, sizeof (DfkdStepTime));
  log->events = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_event_free);
  if (request->follows ? read_on (request, path, &tap, log, cancellable, &error)
                       : dfkd_run_log_read (path, request->most, &tap, log, cancellable, NULL, &error))
    {
      log->summary = dfkd_run_summary_load (request->folder, NULL); /* it is written before the last line of the log */
      g_task_return_pointer (task, log, free_log);
    }
  else
    {
      free_log (log);
      g_task_return_error (task, error);
    }
}

static void start_reading (WorkbenchDocument *self, guint64 most, gboolean follows);

/* the status that the run had when its log ended */
static void
set_last_status (WorkbenchDocument *self, const Log *log)
{
  if (log->again)
    dfkd_run_standing_begin (&self->standing, self->recipe);
  for (guint i = 0; i < log->events->len; i++)
    dfkd_run_standing_take_event (&self->standing, g_ptr_array_index (log->events, i));
  for (guint i = 0; i < log->times->len; i++)
    dfkd_run_standing_take_time (&self->standing, &g_array_index (log->times, DfkdStepTime, i));
  if (log->summary != NULL)
    dfkd_run_standing_take_summary (&self->standing, log->summary);
  self->status = self->standing.status;
}

/* what a run that goes on has told meanwhile comes behind its log */
static void
take_waiting (WorkbenchDocument *self)
{
  for (guint i = 0; i < self->waiting_scalars->len; i++)
    workbench_document_take_scalar (self, &g_array_index (self->waiting_scalars, DfkdScalar, i));
  for (guint i = 0; i < self->waiting_events->len; i++)
    workbench_document_take_event (self, g_ptr_array_index (self->waiting_events, i));
  workbench_document_take_times (self, self->waiting_times);
  g_array_set_size (self->waiting_scalars, 0);
  g_array_set_size (self->waiting_times, 0);
  g_ptr_array_set_size (self->waiting_events, 0);
}

static void
end_loading (WorkbenchDocument *self)
{
  self->loading = FALSE;
  take_waiting (self);
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_STATUS], 0);
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_TIMES], 0);
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_ASSESSED], 0);
  g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_LOADED], 0);
}

static gboolean
look_again (gpointer data)
{
  WorkbenchDocument *self = data;

  self->look = 0;
  start_reading (self, G_MAXUINT64, TRUE);
  return G_SOURCE_REMOVE;
}

/* A run that has come to its end writes no more once all of it has been read. */
static void
look_later (WorkbenchDocument *self, gboolean more)
{
  if ((more || self->status.state != DFKD_STATE_FINISHED) && !g_cancellable_is_cancelled (self->cancellable))
    self->look = g_timeout_add_seconds (more || self->goes_on ? SOON : LATER, look_again, self);
}

/* @written: somebody can be seen to have the log open. Returns: whether that it goes on is news, or that it does not */
static gboolean
update_goes_on (WorkbenchDocument *self, gboolean written)
{
  const gboolean went_on = self->goes_on, grows = self->grown > 0 && g_get_monotonic_time () - self->grown < SILENT * G_USEC_PER_SEC;

  self->seen |= written;
  self->goes_on = self->status.state != DFKD_STATE_FINISHED && (written || (!self->seen && grows));
  self->status.seconds_left = self->goes_on ? dfkd_run_standing_seconds_left (&self->standing) : -1.0;
  return self->goes_on != went_on;
}

/* what has come since it was looked last */
static void
end_following (WorkbenchDocument *self, const Log *log)
{
  const gboolean more = log->scalars->len + log->times->len + log->events->len > 0;
  gboolean news;

  self->place = log->place;
  if (more && !self->loading)
    self->grown = g_get_monotonic_time ();
  news = update_goes_on (self, log->written);
  if (self->loading)
    end_loading (self);
  else if (more || log->again)
    {
      workbench_document_refresh_history (self);
      g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_STATUS], 0);
      g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_TIMES], 0);
      g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_ASSESSED], 0);
    }
  else if (news)
    g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_STATUS], 0);
  look_later (self, more);
}

/* A long run has millions of scalars: a slice at a time, so that the window goes on drawing. */
static gboolean
take_slice (gpointer data)
{
  GTask *task = data;
  WorkbenchDocument *self = g_task_get_source_object (task);
  Log *log = g_object_get_data (G_OBJECT (task), "log");
  gint64 end = g_get_monotonic_time () + 2000;

  if (g_cancellable_is_cancelled (self->cancellable))
    return G_SOURCE_REMOVE;
  if (log->again && log->taken == 0)
    workbench_document_forget_all (self);
  while (log->taken < log->scalars->len && g_get_monotonic_time () < end)
    for (guint i = 0; i < 64 && log->taken < log->scalars->len; i++)
      workbench_document_take_scalar (self, &g_array_index (log->scalars, DfkdScalar, log->taken++));
  if (log->taken < log->scalars->len)
    return G_SOURCE_CONTINUE;
  for (guint i = 0; i < log->events->len; i++)
    workbench_document_take_event (self, g_ptr_array_index (log->events, i));
  workbench_document_take_times (self, log->times);
  if (self->run == NULL)
    {
      set_last_status (self, log);
      end_following (self, log);
    }
  else
    end_loading (self);
  return G_SOURCE_REMOVE;
}

static void
on_log (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchDocument *self = WORKBENCH_DOCUMENT (object);
  g_autoptr (GError) error = NULL;
  Log *log = g_task_propagate_pointer (G_TASK (result), &error);

  if (log != NULL)
    {
      g_object_set_data_full (G_OBJECT (result), "log", log, free_log);
      g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, take_slice, g_object_ref (result), g_object_unref);
    }
  else if (!self->loading) /* it has been read before: the folder may come back */
    {
      if (!g_cancellable_is_cancelled (self->cancellable) && update_goes_on (self, FALSE))
        g_signal_emit (self, workbench_document_signals[WORKBENCH_DOCUMENT_STATUS], 0);
      look_later (self, FALSE);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      self->problem = g_strdup (error->message);
      end_loading (self);
    }
}

static void
start_reading (WorkbenchDocument *self, guint64 most, gboolean follows)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, on_log, NULL);
  Request *request = g_new (Request, 1);

  *request = (Request){ g_strdup (self->folder), most, follows, self->place };
  g_task_set_task_data (task, request, free_request);
  g_task_run_in_thread (task, read_log);
}

void
workbench_document_read_log (WorkbenchDocument *self, guint64 most)
{
  self->loading = TRUE;
  start_reading (self, most, FALSE);
}

WorkbenchDocument *
workbench_document_open (const char *run_folder, GError **error)
{
  DfkdRecipe *recipe = dfkd_run_recipe_load (run_folder, error);
  WorkbenchDocument *self;

  if (recipe == NULL)
    return NULL;
  self = g_object_new (WORKBENCH_TYPE_DOCUMENT, NULL);
  self->recipe = recipe;
  self->present = dfkd_recipe_copy (recipe);
  dfkd_run_standing_begin (&self->standing, recipe);
  self->status = self->standing.status;
  self->dials = workbench_dials_new (recipe);
  self->class_names = dfkd_run_class_names (run_folder, recipe);
  workbench_document_set_folder (self, run_folder);
  self->loading = TRUE;
  start_reading (self, G_MAXUINT64, TRUE);
  return self;
}

gboolean
workbench_document_save_student (WorkbenchDocument *self, const char *path, gboolean *done, GError **error)
{
  g_autofree char *kept = self->folder != NULL ? g_build_filename (self->folder, "student.safetensors", NULL) : NULL;
  g_autoptr (GFile) from = NULL, to = g_file_new_for_path (path);
  g_autoptr (GError) problem = NULL;

  *done = self->run == NULL || self->status.state == DFKD_STATE_FINISHED || self->status.state == DFKD_STATE_FAILED;
  if (!g_str_has_suffix (path, ".onnx") && !g_str_has_suffix (path, ".safetensors")) /* another program would take it for what it is not */
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: a file to write ends in .onnx or .safetensors, which says its format"), path);
      return FALSE;
    }
  if (!*done && dfkd_session_export_student (workbench_run_get_session (self->run), path))
    return TRUE;
  *done = TRUE;
  if (kept == NULL && self->run != NULL)
    return dfkd_session_save_student (workbench_run_get_session (self->run), path, error);
  if (kept == NULL || !g_file_test (kept, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s holds no student: the run has not come to an end; go on with it, and save the student then"), self->title);
      return FALSE;
    }
  if (g_str_has_suffix (path, ".onnx"))
    {
      g_autoptr (DfkdModel) student = dfkd_model_load (kept, NULL, error);

      return student != NULL && dfkd_model_export (student, path, error);
    }
  from = g_file_new_for_path (kept);
  if (g_file_copy (from, to, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &problem))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s"), path, problem->message);
  return FALSE;
}
