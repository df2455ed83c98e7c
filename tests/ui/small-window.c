/* small-window.c: makes, turns and ends the window. */
#include "small-window.h"

#include "workbench-run.h"
#include "workbench-window-private.h"

#include <glib/gstdio.h>
#include <string.h>

DfkdRecipe *
small_recipe (void)
{
  static const struct {
    DfkdParameterId id;
    double value;
  } values[] = { { DFKD_PARAMETER_BATCH, 8 },  { DFKD_PARAMETER_NZ, 12 },      { DFKD_PARAMETER_NGF, 4 }, { DFKD_PARAMETER_SYNTHESES, 3 },
                 { DFKD_PARAMETER_WARMUP, 1 }, { DFKD_PARAMETER_KD_STEPS, 4 }, { DFKD_PARAMETER_K, 3 } };
  DfkdRecipe *recipe = dfkd_recipe_new ();

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    recipe->number[values[i].id] = values[i].value;
  dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, "none", NULL);
  return recipe;
}

GtkWidget *
small_window (AdwApplication *application, const DfkdRecipe *recipe, const char *folder, gboolean paused)
{
  DfkdSessionOptions options = { .device = "cpu", .folder = folder, .paused = paused };
  GtkWidget *window;

  g_application_register (G_APPLICATION (application), NULL, NULL);
  window = GTK_WIDGET (workbench_window_new (application, recipe, &options));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

WorkbenchApplication *
own_application (void)
{
  WorkbenchApplication *application = workbench_application_new ();

  g_application_set_flags (G_APPLICATION (application), g_application_get_flags (G_APPLICATION (application)) | G_APPLICATION_NON_UNIQUE);
  return application;
}

void
end_window (GtkWidget *window)
{
  guint left = 0;

  watch_ends (window, &left);
  gtk_window_destroy (GTK_WINDOW (window));
  TURN_UNTIL (left == 0);
  workbench_run_wait_for_endings ();
}

void
turn_until (Condition condition, gpointer data)
{
  TURN_UNTIL (condition (data));
}

WorkbenchExperimentWindow *
find_experiment_window (void)
{
  return (WorkbenchExperimentWindow *) find_toplevel (WORKBENCH_TYPE_EXPERIMENT_WINDOW);
}

AdwMessageDialog *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (ADW_IS_MESSAGE_DIALOG (link->data) && gtk_widget_get_visible (link->data))
      return link->data;
  return NULL;
}

void
answer_dialog (const char *response)
{
  AdwMessageDialog *dialog = g_object_ref (find_dialog ());

  adw_message_dialog_set_close_response (dialog, response);
  gtk_window_close (GTK_WINDOW (dialog));
  g_object_unref (dialog);
  turn_for (50);
}

gboolean
is_finished (gpointer window)
{
  return workbench_document_get_status (WORKBENCH_WINDOW (window)->document)->state == DFKD_STATE_FINISHED;
}

gboolean
is_running (gpointer window)
{
  WorkbenchRun *run = workbench_window_get_run (window);

  return run != NULL && workbench_run_get_status (run)->state == DFKD_STATE_RUNNING && workbench_run_get_status (run)->progress > 0.0;
}

gboolean
has_loaded (gpointer window)
{
  return !workbench_document_is_loading (WORKBENCH_WINDOW (window)->document);
}
