/* workbench-experiment-window-run.c: runs the experiment that a window shows, and stops it, also where the window is closed. */
#include "workbench-experiment-window-private.h"

#include <glib/gi18n.h>

/* ------------------------------------------------------------------------------------------------- what is shown */

static gboolean
any_begun (WorkbenchExperimentTable *table)
{
  for (guint i = 0; i < workbench_experiment_table_get_n_rows (table); i++)
    if (workbench_experiment_table_get_folders (table, i)[0] != NULL)
      return TRUE;
  return FALSE;
}

/* a terminal can do it as well, on a server */
static void
show_start (WorkbenchExperimentWindow *self)
{
  g_autofree char *file = workbench_experiment_get_file (self->experiment), *quoted = g_shell_quote (file);
  g_autofree char *folder = g_canonicalize_filename (workbench_experiment_get_folder (self->experiment), NULL), *quoted_folder = g_shell_quote (folder);
  g_autofree char *command = g_strdup_printf ("dfkd experiment %s -o %s", quoted, quoted_folder), *shown = g_filename_display_name (command);
  g_autofree char *text = g_strdup_printf (_("None of its runs has begun. Start runs them here; this does so in a terminal, and they are shown here as they come:\n%s"), shown);

  gtk_label_set_text (self->start, text);
  gtk_widget_set_visible (GTK_WIDGET (self->start), !any_begun (self->shown) && !workbench_experiment_runner_is_running (self->runner));
}

static char *
describe_standing (WorkbenchExperimentWindow *self)
{
  const WorkbenchExperimentStanding standing = workbench_experiment_runner_get_standing (self->runner);
  g_autofree char *left = dfkd_time_text (standing.seconds_left);
  GString *text = g_string_new (NULL);

  if (workbench_experiment_runner_is_stopping (self->runner))
    g_string_append (text, _("stopping: each run leaves a snapshot"));
  else if (standing.runs == 0)
    g_string_append (text, _("starting"));
  else
    {
      g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u of %u run finished", "%u of %u runs finished", standing.runs), standing.finished, standing.runs);
      if (standing.failed > 0)
        g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, ", %u failed", ", %u failed", standing.failed), standing.failed);
      if (standing.seconds_left >= 0.0)
        g_string_append_printf (text, _(" · %s left"), left);
    }
  return g_string_free (text, FALSE);
}

/* what the button does now */
static void
show_button (WorkbenchExperimentWindow *self, gboolean running)
{
  const char *icon = running ? "media-playback-stop-symbolic" : "media-playback-start-symbolic";

  if (g_strcmp0 (gtk_button_get_icon_name (self->begin), icon) == 0)
    return;
  gtk_button_set_icon_name (self->begin, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->begin), running ? _("Stop: its runs leave snapshots, from which Start goes on")
                                                                 : _("Start: run what is left of the experiment, one run after another, beside whatever the main window does"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->begin), GTK_ACCESSIBLE_PROPERTY_LABEL, running ? _("Stop") : _("Start"), -1);
}

static void
show_runner (WorkbenchExperimentWindow *self)
{
  const gboolean running = workbench_experiment_runner_is_running (self->runner);
  g_autofree char *text = describe_standing (self);

  show_button (self, running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->begin), self->shown != NULL && !workbench_experiment_runner_is_stopping (self->runner));
  gtk_widget_set_sensitive (GTK_WIDGET (self->folder), !running);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), running);
  gtk_progress_bar_set_fraction (self->progress, workbench_experiment_runner_get_standing (self->runner).fraction);
  gtk_progress_bar_set_text (self->progress, text);
}

static void
let_sleep (WorkbenchExperimentWindow *self)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());

  if (self->awake != 0 && application != NULL)
    gtk_application_uninhibit (application, self->awake);
  self->awake = 0;
}

static void
on_ended (WorkbenchExperimentRunner *runner, const char *message, WorkbenchExperimentWindow *self)
{
  let_sleep (self);
  show_runner (self);
  show_start (self);
  workbench_experiment_refresh (self->experiment);
  workbench_experiment_window_say (self, message);
}

static void
on_begin (GtkButton *button, WorkbenchExperimentWindow *self)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  g_autofree char *file = NULL, *folder = NULL;

  if (workbench_experiment_runner_is_running (self->runner))
    workbench_experiment_runner_stop (self->runner);
  else
    {
      file = workbench_experiment_get_file (self->experiment);
      folder = g_canonicalize_filename (workbench_experiment_get_folder (self->experiment), NULL);
      workbench_experiment_runner_start (self->runner, file, folder, self->device, self->threads);
      if (application != NULL)
        self->awake = gtk_application_inhibit (application, GTK_WINDOW (self), GTK_APPLICATION_INHIBIT_SUSPEND, _("An experiment is running"));
      show_start (self);
    }
  show_runner (self);
}

/* ------------------------------------------------------------------------------------------------------- closing */

static gboolean
destroy (gpointer window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  return G_SOURCE_REMOVE;
}

static gboolean
close_window (gpointer window)
{
  gtk_window_close (GTK_WINDOW (window));
  return G_SOURCE_REMOVE;
}

static void
on_close_answer (AdwMessageDialog *dialog, const char *response, WorkbenchExperimentWindow *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  const gboolean both = self->closing_parent;

  self->closing_parent = FALSE;
  if (!g_str_equal (response, "stop"))
    return;
  g_idle_add_full (G_PRIORITY_DEFAULT, destroy, g_object_ref (self), g_object_unref); /* the dialog, its child, goes first */
  if (both && parent != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, close_window, g_object_ref (parent), g_object_unref);
}

gboolean
workbench_experiment_window_asks_to_close (WorkbenchExperimentWindow *self)
{
  AdwMessageDialog *dialog;

  if (!workbench_experiment_window_is_running (self))
    return FALSE;
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), _("Stop the Experiment?"),
                                                       _("Its runs leave snapshots: opened again, it goes on where it stands.")));
  adw_message_dialog_add_responses (dialog, "cancel", _("_Keep Going"), "stop", _("_Stop and Close"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "stop", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_close_answer), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

gboolean
workbench_experiment_window_is_running (WorkbenchExperimentWindow *self)
{
  return workbench_experiment_runner_is_running (self->runner) && !workbench_experiment_runner_is_stopping (self->runner);
}

void
workbench_experiment_window_close_both (WorkbenchExperimentWindow *self)
{
  self->closing_parent = TRUE;
  gtk_window_present (GTK_WINDOW (self));
  gtk_window_close (GTK_WINDOW (self));
}

/* ------------------------------------------------------------------------------------------------- construction */

void
workbench_experiment_window_show_run (WorkbenchExperimentWindow *self)
{
  show_start (self);
  show_runner (self);
}

void
workbench_experiment_window_init_run (WorkbenchExperimentWindow *self)
{
  self->runner = workbench_experiment_runner_new ();
  g_signal_connect_swapped (self->runner, "progress", G_CALLBACK (show_runner), self);
  g_signal_connect (self->runner, "ended", G_CALLBACK (on_ended), self);
  show_runner (self);
}

void
workbench_experiment_window_dispose_run (WorkbenchExperimentWindow *self)
{
  let_sleep (self);
  if (self->runner != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->runner, self);
      workbench_experiment_runner_stop (self->runner); /* it lives until the snapshots are written */
    }
  g_clear_object (&self->runner);
  g_clear_pointer (&self->device, g_free);
}

void
workbench_experiment_window_class_add_run (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_begin);
}
