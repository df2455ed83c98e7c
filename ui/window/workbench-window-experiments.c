/* workbench-window-experiments.c: opening an experiment, and what its window asks for: runs of a recipe, shown or beside what is shown. */
#include "workbench-experiment-dialog.h"
#include "workbench-experiment-window.h"
#include "workbench-window-private.h"

#include <glib/gi18n.h>

gboolean
workbench_window_is_json (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  char bytes[64];
  gssize length = stream != NULL ? g_input_stream_read (G_INPUT_STREAM (stream), bytes, sizeof bytes, NULL, NULL) : 0;
  gssize at = 0;

  while (at < length && g_ascii_isspace (bytes[at]))
    at++;
  return at < length && bytes[at] == '{';
}

gboolean
workbench_window_is_experiment (const char *path)
{
  g_autofree char *copy = g_build_filename (path, DFKD_EXPERIMENT_COPY, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_file_test (copy, G_FILE_TEST_IS_REGULAR);
  return (g_str_has_suffix (path, ".json") || workbench_window_is_json (path)) && dfkd_experiment_is_file (path);
}

void
workbench_window_open_experiment (WorkbenchWindow *self, const char *path)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  g_autofree char *device = NULL;
  guint threads;

  for (GList *link = windows; link != NULL; link = link->next)
    if (WORKBENCH_IS_EXPERIMENT_WINDOW (link->data) && gtk_window_get_transient_for (link->data) == GTK_WINDOW (self)
        && g_str_equal (workbench_experiment_window_get_path (link->data), path))
      {
        gtk_window_present (link->data);
        return;
      }
  device = workbench_window_choose_device (self, &threads);
  gtk_window_present (GTK_WINDOW (workbench_experiment_window_new (GTK_WINDOW (self), path, device, threads)));
}

/* of those of @self; (nullable) (transfer none) */
static WorkbenchExperimentWindow *
find_running (WorkbenchWindow *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (WORKBENCH_IS_EXPERIMENT_WINDOW (link->data) && gtk_window_get_transient_for (link->data) == GTK_WINDOW (self)
        && workbench_experiment_window_is_running (link->data))
      return link->data;
  return NULL;
}

gboolean
workbench_window_asks_for_experiment (WorkbenchWindow *self)
{
  WorkbenchExperimentWindow *running = find_running (self);

  if (running == NULL)
    return FALSE;
  workbench_experiment_window_close_both (running);
  return TRUE;
}

static void
on_open_response (GtkNativeDialog *dialog, int response, WorkbenchWindow *self)
{
  g_autofree char *path = workbench_window_take_chosen (self, response);

  if (path != NULL)
    workbench_window_open_experiment (self, path);
}

static void
on_open_experiment (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const char *const endings[] = { "json", NULL };

  workbench_window_show_chooser (WORKBENCH_WINDOW (widget), _("Open an Experiment, or the Copy beside Its Runs"), GTK_FILE_CHOOSER_ACTION_OPEN, endings,
                                 _("Experiments (.json)"), G_CALLBACK (on_open_response));
}

static void
on_new_response (WorkbenchExperimentDialog *dialog, const char *response, WorkbenchWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_str_equal (response, "create") ? workbench_experiment_dialog_save (dialog, &error) : NULL;

  if (folder != NULL)
    workbench_window_open_experiment (self, folder);
  else if (error != NULL)
    workbench_window_say (self, error->message);
}

static void
on_new_experiment (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  WorkbenchDials *dials = self->document != NULL ? workbench_document_get_dials (self->document) : NULL;
  g_autoptr (DfkdRecipe) base = dials != NULL ? workbench_dials_copy_recipe (dials) : self->recipe != NULL ? dfkd_recipe_copy (self->recipe) : dfkd_recipe_new ();
  GtkWidget *dialog;

  workbench_window_limit_history (base, NULL);
  dfkd_recipe_locate (base); /* its files are found from the experiment's folder, too */
  dialog = workbench_experiment_dialog_new (GTK_WINDOW (self), base);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_new_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_open_runs (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget), *window;
  g_autofree const char **folders = g_variant_get_strv (parameter, NULL);
  g_autoptr (GError) error = NULL;

  if (folders[0] == NULL)
    return;
  window = workbench_window_show_run (self, folders[0], &error);
  if (window == NULL)
    {
      workbench_window_say (self, error->message);
      return;
    }
  for (guint i = 1; folders[i] != NULL && i <= WORKBENCH_MOST_COMPARED + 1; i++) /* of one too many it is said */
    workbench_window_compare (window, folders[i]);
  gtk_window_present (GTK_WINDOW (window));
}

void
workbench_window_class_add_experiments (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-experiment", NULL, on_open_experiment);
  gtk_widget_class_install_action (widget_class, "win.new-experiment", NULL, on_new_experiment);
  gtk_widget_class_install_action (widget_class, "win.open-runs", "as", on_open_runs);
}
