/* workbench-window-close.c: what a run that goes on means to the rest: the machine stays awake, closing asks, the end is told. */
#include "workbench-settings.h"
#include "workbench-window-private.h"

#include <glib/gi18n.h>
#include <math.h>

static gboolean
goes_on (WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);
  DfkdState state = run != NULL ? workbench_run_get_status (run)->state : DFKD_STATE_FINISHED;

  return state == DFKD_STATE_RUNNING || state == DFKD_STATE_PREPARING;
}

void
workbench_window_keep_awake (WorkbenchWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  gboolean awake = goes_on (self);

  if (awake && self->awake_by == NULL && application != NULL)
    {
      self->awake_by = g_object_ref (application);
      self->awake_cookie = gtk_application_inhibit (application, GTK_WINDOW (self), GTK_APPLICATION_INHIBIT_SUSPEND, _("A student is being trained"));
    }
  else if (!awake && self->awake_by != NULL)
    {
      if (self->awake_cookie != 0)
        gtk_application_uninhibit (self->awake_by, self->awake_cookie);
      g_clear_object (&self->awake_by);
    }
}

/* --------------------------------------------------------------------------------------------- the end of a run */

char *
workbench_window_describe_end (WorkbenchWindow *self)
{
  const DfkdStatus *status = workbench_document_get_status (self->document);
  const char *title = workbench_document_get_title (self->document);

  if (!isfinite (status->accuracy))
    return g_strdup (title);
  return g_strdup_printf (status->state == DFKD_STATE_FINISHED ? _("%s: final accuracy %.2f %%") : _("%s: last accuracy %.2f %%"), title, status->accuracy);
}

GNotification *
workbench_window_notice_of_end (WorkbenchWindow *self, const char *message)
{
  const DfkdState state = workbench_document_get_status (self->document)->state;
  g_autofree char *end = workbench_window_describe_end (self), *body = message != NULL ? g_strconcat (end, "\n", message, NULL) : g_strdup (end);
  GNotification *notice;

  if (!workbench_settings_wants_notice (self->started))
    return NULL;
  notice = g_notification_new (state == DFKD_STATE_FAILED   ? _("A run has failed")
                               : state == DFKD_STATE_PAUSED ? _("A run stands still")
                                                            : _("A run is finished"));
  g_notification_set_body (notice, body);
  g_notification_set_default_action_and_target (notice, "app.present", "u", gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self)));
  return notice;
}

void
workbench_window_tell_end (WorkbenchWindow *self, const char *message)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  g_autoptr (GNotification) notice = workbench_window_notice_of_end (self, message);
  g_autofree char *id = g_strdup_printf ("run-ended-%u", gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self)));

  if (notice != NULL && application != NULL && g_application_get_dbus_connection (application) != NULL)
    g_application_send_notification (application, id, notice);
}

/* ------------------------------------------------------------------------------------------------------ closing */

static gboolean
destroy (gpointer window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  return G_SOURCE_REMOVE;
}

static void
on_answer (AdwMessageDialog *dialog, const char *response, WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);

  if (g_str_equal (response, "cancel"))
    return;
  if (g_str_equal (response, "discard") && run != NULL)
    workbench_run_discard (run);
  g_idle_add_full (G_PRIORITY_DEFAULT, destroy, g_object_ref (self), g_object_unref); /* the dialog, its child, goes first */
}

static void
ask (WorkbenchWindow *self)
{
  gboolean kept = workbench_document_get_folder (self->document) != NULL;
  gboolean finished = workbench_document_get_status (self->document)->state == DFKD_STATE_FINISHED;
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), finished ? _("Close Without the Student?") : _("Stop the Run?"), NULL);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_add_response (message, "cancel", finished ? _("_Cancel") : _("_Keep Going"));
  if (kept)
    {
      adw_message_dialog_set_body (message, _("The run has not come to its end. With a snapshot it can be gone on with from the list of runs."));
      adw_message_dialog_add_response (message, "discard", _("_Stop and Delete"));
      adw_message_dialog_add_response (message, "close", _("_Leave a Snapshot and Close"));
      adw_message_dialog_set_response_appearance (message, "discard", ADW_RESPONSE_DESTRUCTIVE);
      adw_message_dialog_set_response_appearance (message, "close", ADW_RESPONSE_SUGGESTED);
      adw_message_dialog_set_default_response (message, "close");
    }
  else
    {
      adw_message_dialog_set_body (message, _("This run has no folder: its student and its images will be lost."));
      adw_message_dialog_add_response (message, "close", finished ? _("_Close") : _("_Stop and Close"));
      adw_message_dialog_set_response_appearance (message, "close", ADW_RESPONSE_DESTRUCTIVE);
      adw_message_dialog_set_default_response (message, "cancel");
    }
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_answer), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

gboolean
workbench_window_asks_to_close (WorkbenchWindow *self)
{
  WorkbenchRun *run = workbench_window_get_run (self);
  const DfkdStatus *status = run != NULL ? workbench_run_get_status (run) : NULL;

  if (status == NULL || status->state == DFKD_STATE_FAILED)
    return FALSE;
  if (status->state == DFKD_STATE_FINISHED ? !workbench_window_would_lose (self) : status->state != DFKD_STATE_RUNNING && status->progress <= 0.0)
    return FALSE;
  ask (self);
  return TRUE;
}
