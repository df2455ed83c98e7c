/* workbench-experiment-runner.c: a thread that asks, each time it looks up, whether it is to go on, and says how far it is. */
#include "workbench-experiment-runner.h"

#include "dfkd.h"
#include "workbench-settings.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

enum {
  LOOK = 500, /* milliseconds between looks at the thread */
};

typedef struct {
  char *file, *folder, *device;
  guint threads;

  GMutex lock; /* of what follows */
  gboolean stop;
  WorkbenchExperimentStanding standing;
  guint failed; /* of those that were run now */
  char *why;    /* the last of them did */
  char *unkept; /* why a run that was stopped left no snapshot */
} Work;

struct _WorkbenchExperimentRunner
{
  GObject parent_instance;

  Work *work; /* while it runs */
  WorkbenchExperimentStanding standing;
  gint64 began; /* monotonic µs */
  guint timer;
};

G_DEFINE_FINAL_TYPE (WorkbenchExperimentRunner, workbench_experiment_runner, G_TYPE_OBJECT)

enum {
  PROGRESS,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
free_work (gpointer data)
{
  Work *work = data;

  g_mutex_clear (&work->lock);
  g_free (work->file);
  g_free (work->folder);
  g_free (work->device);
  g_free (work->why);
  g_free (work->unkept);
  g_free (work);
}

/* ------------------------------------------------------------------------------------------------- in the thread */

static gboolean
on_watch (const DfkdExperimentProgress *progress, gpointer data)
{
  Work *work = data;
  gboolean go_on;

  g_mutex_lock (&work->lock);
  work->standing = (WorkbenchExperimentStanding){ progress->finished, progress->failed, progress->experiment->cells->len, progress->fraction,
                                                  progress->seconds_left };
  go_on = !work->stop;
  g_mutex_unlock (&work->lock);
  return go_on;
}

static void
on_ended_cell (const DfkdExperiment *experiment, guint cell, const DfkdCellResult *result, gpointer data)
{
  Work *work = data;

  g_mutex_lock (&work->lock);
  work->standing.runs = experiment->cells->len;
  if (result->state == DFKD_CELL_FAILED)
    {
      work->failed++;
      work->standing.failed = MAX (work->standing.failed, work->failed); /* until it is looked at next */
      g_free (work->why);
      work->why = g_strdup_printf ("%s: %s", dfkd_experiment_cell (experiment, cell)->folder, result->message);
      if (work->stop && work->unkept == NULL)
        work->unkept = g_strdup (work->why);
    }
  else
    work->standing.finished++;
  g_mutex_unlock (&work->lock);
}

static char *
describe_end (const DfkdExperiment *experiment, const Work *work)
{
  const guint runs = experiment->cells->len, failed = work->failed;

  if (failed > 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u run failed, and Start tries it again: %s", "%u runs failed, and Start tries them again; the last one: %s",
                                         failed),
                            failed, work->why);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s: %u run is done", "%s: %u runs are done", runs), experiment->name, runs);
}

/* one that is not there would fail each run */
static gboolean
has_device (const char *id, GError **error)
{
  g_autoptr (DfkdDevice) device = dfkd_device_open (id, 1, error);

  return device != NULL;
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  const char *devices[] = { work->device, NULL };
  DfkdExperimentOptions options = { .devices = devices, .threads = work->threads, .polite = TRUE, .watch = on_watch, .ended = on_ended_cell, .data = work };
  GError *error = NULL;
  g_autoptr (DfkdExperiment) experiment = dfkd_experiment_load (work->file, &error);

  if (experiment != NULL && has_device (work->device, &error) && dfkd_experiment_run (experiment, work->file, work->folder, &options, &error))
    g_task_return_pointer (task, describe_end (experiment, work), g_free);
  else
    g_task_return_error (task, error);
}

/* ------------------------------------------------------------------------------------------- in the main thread */

static gboolean
on_look (gpointer data)
{
  WorkbenchExperimentRunner *self = data;
  WorkbenchExperimentStanding standing;

  g_mutex_lock (&self->work->lock);
  standing = self->work->standing;
  g_mutex_unlock (&self->work->lock);
  self->standing = standing;
  g_signal_emit (self, signals[PROGRESS], 0);
  return G_SOURCE_CONTINUE;
}

/* of one that took long, also when its window has gone */
static void
notify (WorkbenchExperimentRunner *self, GApplication *application, const char *message)
{
  g_autoptr (GNotification) notice = NULL;

  if (application == NULL || g_application_get_dbus_connection (application) == NULL || !workbench_settings_wants_notice (self->began))
    return;
  notice = g_notification_new (_("An experiment has ended"));
  g_notification_set_body (notice, message);
  g_application_send_notification (application, NULL, notice);
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer application)
{
  WorkbenchExperimentRunner *self = WORKBENCH_EXPERIMENT_RUNNER (object);
  const Work *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  gboolean stopped;

  on_look (self);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->work = NULL;
  message = g_task_propagate_pointer (G_TASK (result), &error);
  stopped = g_error_matches (error, DFKD_ERROR, DFKD_ERROR_CANCELLED) && work->unkept == NULL; /* as somebody knows */
  if (g_error_matches (error, DFKD_ERROR, DFKD_ERROR_CANCELLED) && work->unkept != NULL)
    message = g_strdup_printf (_("Stopped, and not all snapshots could be written: %s"), work->unkept);
  else if (g_error_matches (error, DFKD_ERROR, DFKD_ERROR_CANCELLED))
    message = g_strdup (_("Stopped: Start goes on where it stands"));
  else if (error != NULL)
    message = g_strdup (error->message);
  g_signal_emit (self, signals[ENDED], 0, message);
  if (!stopped)
    notify (self, application, message);
  if (application != NULL)
    g_application_release (application);
  g_clear_object (&application);
}

void
workbench_experiment_runner_start (WorkbenchExperimentRunner *self, const char *file, const char *folder, const char *device, guint threads)
{
  GApplication *application = g_application_get_default ();
  g_autoptr (GTask) task = NULL;

  if (self->work != NULL)
    return;
  if (application != NULL)
    g_application_hold (g_object_ref (application));
  self->standing = (WorkbenchExperimentStanding){ .seconds_left = -1.0 };
  self->began = g_get_monotonic_time ();
  self->work = g_new0 (Work, 1);
  self->work->file = g_strdup (file);
  self->work->folder = g_strdup (folder);
  self->work->device = g_strdup (device);
  self->work->threads = threads;
  self->work->standing = self->standing;
  g_mutex_init (&self->work->lock);
  task = g_task_new (self, NULL, on_done, application);
  g_task_set_task_data (task, self->work, free_work);
  self->timer = g_timeout_add (LOOK, on_look, self);
  g_task_run_in_thread (task, run);
}

void
workbench_experiment_runner_stop (WorkbenchExperimentRunner *self)
{
  if (self->work == NULL)
    return;
  g_mutex_lock (&self->work->lock);
  self->work->stop = TRUE;
  g_mutex_unlock (&self->work->lock);
}

gboolean
workbench_experiment_runner_is_running (WorkbenchExperimentRunner *self)
{
  return self->work != NULL;
}

gboolean
workbench_experiment_runner_is_stopping (WorkbenchExperimentRunner *self)
{
  return self->work != NULL && self->work->stop; /* which this thread alone sets */
}

WorkbenchExperimentStanding
workbench_experiment_runner_get_standing (WorkbenchExperimentRunner *self)
{
  return self->standing;
}

static void
workbench_experiment_runner_class_init (WorkbenchExperimentRunnerClass *klass)
{
  signals[PROGRESS] = g_signal_new ("progress", WORKBENCH_TYPE_EXPERIMENT_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", WORKBENCH_TYPE_EXPERIMENT_RUNNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
workbench_experiment_runner_init (WorkbenchExperimentRunner *self)
{
}

WorkbenchExperimentRunner *
workbench_experiment_runner_new (void)
{
  return g_object_new (WORKBENCH_TYPE_EXPERIMENT_RUNNER, NULL);
}
