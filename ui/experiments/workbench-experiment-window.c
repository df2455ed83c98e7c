/* workbench-experiment-window.c: binds what is read to table and plot, and their selections to each other. */
#include "workbench-experiment-window-private.h"

#include "workbench-drawing.h"
#include "workbench-experiment-cells.h"
#include "workbench-experiment-row.h"
#include "workbench-save-dialog.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (WorkbenchExperimentWindow, workbench_experiment_window, ADW_TYPE_WINDOW)

void
workbench_experiment_window_say (WorkbenchExperimentWindow *self, const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

/* ------------------------------------------------------------------------------------------------- rows and ranges */

static gboolean
is_within (gpointer row, gpointer data)
{
  WorkbenchExperimentWindow *self = data;

  return workbench_brushes_contain (workbench_parallel_coordinates_get_brushes (self->plot), workbench_experiment_row_get_table (row),
                                    workbench_experiment_row_get_index (row));
}

static void
show_ranges (WorkbenchExperimentWindow *self)
{
  WorkbenchBrushes *brushes = workbench_parallel_coordinates_get_brushes (self->plot);
  const gboolean any = workbench_brushes_any (brushes);
  g_autofree char *text = NULL;
  guint n_rows;

  if (self->shown == NULL)
    return;
  n_rows = workbench_experiment_table_get_n_rows (self->shown);
  text = any ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u of %u recipe is within the ranges", "%u of %u recipes are within the ranges", n_rows),
                                workbench_brushes_count (brushes, self->shown), n_rows)
             : g_strdup (_("Drag along an axis to look at a part of the recipes; a click on it shows all again."));
  gtk_label_set_text (self->ranges, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->clear), any);
}

static void
on_brushes (WorkbenchExperimentWindow *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  show_ranges (self);
}

/* the list would stay by the rows that it showed, which are the last ones where the order is turned around */
static void
on_sorted (WorkbenchExperimentWindow *self)
{
  if (self->selection != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->view)), "list.scroll-to-item", "u", 0);
}

/* rows stay where they are of the same recipes, and with them what is selected and how far it is scrolled */
static void
show_rows (WorkbenchExperimentWindow *self, WorkbenchExperimentTable *table)
{
  const guint n = workbench_experiment_table_get_n_rows (table);
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);

  if (self->shown != NULL && workbench_experiment_table_same_shape (self->shown, table))
    {
      for (guint i = 0; i < n; i++)
        {
          g_autoptr (WorkbenchExperimentRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

          workbench_experiment_row_set_table (row, table);
        }
      gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
      g_signal_handlers_block_by_func (sorter, on_sorted, self);
      gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
      g_signal_handlers_unblock_by_func (sorter, on_sorted, self);
    }
  else
    {
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = 0; i < n; i++)
        g_ptr_array_add (rows, workbench_experiment_row_new (table, i));
      g_list_store_remove_all (self->rows);
      workbench_experiment_cells_fill (self->view, table);
      g_list_store_splice (self->rows, 0, 0, rows->pdata, rows->len);
    }
  g_set_object (&self->shown, table);
}

/* ------------------------------------------------------------------------------------------------- what is read */

static void
show_table (WorkbenchExperimentWindow *self, WorkbenchExperimentTable *table)
{
  const char *name = workbench_experiment_table_get_name (table), *description = workbench_experiment_table_get_description (table);
  g_autofree char *folder = g_filename_display_name (workbench_experiment_get_folder (self->experiment));
  g_autofree char *subtitle = g_strdup_printf ("%s – %s", workbench_experiment_table_get_state (table), folder);

  workbench_parallel_coordinates_set_table (self->plot, table);
  if (table != self->shown)
    show_rows (self, table);
  gtk_window_set_title (GTK_WINDOW (self), name);
  adw_window_title_set_title (self->heading, name);
  adw_window_title_set_subtitle (self->heading, subtitle);
  gtk_label_set_text (self->description, description);
  gtk_widget_set_visible (GTK_WIDGET (self->description), *description != '\0');
  workbench_experiment_window_show_run (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), TRUE);
  gtk_stack_set_visible_child_name (self->stack, "table");
  show_ranges (self);
}

static void
on_experiment (WorkbenchExperimentWindow *self)
{
  WorkbenchExperimentTable *table = workbench_experiment_get_table (self->experiment);
  const char *problem = workbench_experiment_get_problem (self->experiment);

  if (table != NULL)
    show_table (self, table);
  else if (problem != NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (problem, -1);

      adw_status_page_set_icon_name (self->page, "dialog-warning-symbolic");
      adw_status_page_set_title (self->page, _("It Cannot Be Read"));
      adw_status_page_set_description (self->page, escaped);
    }
  gtk_label_set_text (self->problem_text, problem != NULL ? problem : "");
  gtk_info_bar_set_revealed (self->problem, problem != NULL && table != NULL);
}

/* ---------------------------------------------------------------------------------------------------- selection */

static guint
position_of (WorkbenchExperimentWindow *self, int index)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->selection)); i++)
    {
      g_autoptr (WorkbenchExperimentRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if ((int) workbench_experiment_row_get_index (row) == index)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
on_selected_in_table (WorkbenchExperimentWindow *self)
{
  WorkbenchExperimentRow *row = gtk_single_selection_get_selected_item (self->selection);

  workbench_parallel_coordinates_set_selected (self->plot, row != NULL ? (int) workbench_experiment_row_get_index (row) : -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->open), row != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->compare), row != NULL);
}

static void
on_selected_in_plot (WorkbenchParallelCoordinates *plot, int index, WorkbenchExperimentWindow *self)
{
  const guint position = index >= 0 ? position_of (self, index) : GTK_INVALID_LIST_POSITION;

  gtk_single_selection_set_selected (self->selection, position);
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->view)), "list.scroll-to-item", "u", position);
}

/* ------------------------------------------------------------------------------------------------------ opening */

/* the runs of a recipe to an action of the main window */
static void
hand_over (WorkbenchExperimentWindow *self, int index, const char *action)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  const char *const *folders = index >= 0 && self->shown != NULL ? workbench_experiment_table_get_folders (self->shown, (guint) index) : NULL;

  if (folders == NULL || parent == NULL)
    return;
  if (folders[0] == NULL)
    {
      workbench_experiment_window_say (self, _("None of its runs has begun yet"));
      return;
    }
  gtk_widget_activate_action (GTK_WIDGET (parent), action, "^as", folders);
}

static void
on_activate (GtkColumnView *view, guint position, WorkbenchExperimentWindow *self)
{
  g_autoptr (WorkbenchExperimentRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  hand_over (self, (int) workbench_experiment_row_get_index (row), "win.open-runs");
}

static void
on_activated_in_plot (WorkbenchParallelCoordinates *plot, int index, WorkbenchExperimentWindow *self)
{
  hand_over (self, index, "win.open-runs");
}

static void
on_open (GtkButton *button, WorkbenchExperimentWindow *self)
{
  hand_over (self, workbench_parallel_coordinates_get_selected (self->plot), "win.open-runs");
}

static void
on_compare (GtkButton *button, WorkbenchExperimentWindow *self)
{
  hand_over (self, workbench_parallel_coordinates_get_selected (self->plot), "win.compare-runs");
}

static void
on_clear (GtkButton *button, WorkbenchExperimentWindow *self)
{
  workbench_brushes_clear_all (workbench_parallel_coordinates_get_brushes (self->plot));
}

/* -------------------------------------------------------------------------------------------------- file dialogs */

static void
forget_chooser (WorkbenchExperimentWindow *self)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
}

/* Returns: (nullable) (transfer full): the path; the dialog is gone */
static char *
take_chosen (WorkbenchExperimentWindow *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  g_autoptr (GError) error = NULL;
  char *path = file != NULL ? workbench_local_path (file, &error) : NULL;

  forget_chooser (self);
  if (error != NULL)
    workbench_experiment_window_say (self, error->message);
  return path;
}

/* takes @chooser */
static void
show_chooser (WorkbenchExperimentWindow *self, GtkFileChooserNative *chooser, GCallback on_response)
{
  forget_chooser (self);
  self->chooser = chooser;
  g_signal_connect (chooser, "response", on_response, self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

gboolean
workbench_experiment_window_save (WorkbenchExperimentWindow *self, const char *path)
{
  g_autofree char *done = g_strdup_printf (_("Saved to %s"), path);
  g_autoptr (GError) error = NULL;
  gboolean saved = workbench_parallel_coordinates_save (self->plot, path, &error);

  workbench_experiment_window_say (self, saved ? done : error->message);
  return saved;
}

static void
on_save_response (GtkNativeDialog *dialog, int response, WorkbenchExperimentWindow *self)
{
  g_autofree char *path = take_chosen (self, response);

  if (path != NULL)
    workbench_experiment_window_save (self, path);
}

static void
on_save (GtkButton *button, WorkbenchExperimentWindow *self)
{
  show_chooser (self, workbench_save_dialog_new (GTK_WINDOW (self), workbench_experiment_table_get_name (self->shown), workbench_drawing_endings),
                G_CALLBACK (on_save_response));
}

static void
on_folder_response (GtkNativeDialog *dialog, int response, WorkbenchExperimentWindow *self)
{
  g_autofree char *path = take_chosen (self, response);

  if (path != NULL)
    workbench_experiment_set_folder (self->experiment, path);
}

static void
on_folder (GtkButton *button, WorkbenchExperimentWindow *self)
{
  show_chooser (self, workbench_chooser_new (_("Choose the Folder of the Runs"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER),
                G_CALLBACK (on_folder_response));
}

/* ------------------------------------------------------------------------------------------------- construction */

static void
workbench_experiment_window_dispose (GObject *object)
{
  WorkbenchExperimentWindow *self = WORKBENCH_EXPERIMENT_WINDOW (object);

  forget_chooser (self);
  workbench_experiment_window_dispose_run (self);
  if (self->experiment != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->experiment, self);
      workbench_experiment_close (self->experiment);
    }
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->filter != NULL)
    gtk_custom_filter_set_filter_func (GTK_CUSTOM_FILTER (self->filter), NULL, NULL, NULL);
  g_clear_object (&self->experiment);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->rows);
  g_clear_object (&self->shown);
  G_OBJECT_CLASS (workbench_experiment_window_parent_class)->dispose (object);
}

/* it is no window of the application's own, which would have the key */
static gboolean
on_quit (GtkWidget *widget, GVariant *parameter, gpointer data)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);
  return application != NULL;
}

static gboolean
workbench_experiment_window_close_request (GtkWindow *window)
{
  return workbench_experiment_window_asks_to_close (WORKBENCH_EXPERIMENT_WINDOW (window))
         || GTK_WINDOW_CLASS (workbench_experiment_window_parent_class)->close_request (window);
}

static void
workbench_experiment_window_class_init (WorkbenchExperimentWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_experiment_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = workbench_experiment_window_close_request;
  g_type_ensure (WORKBENCH_TYPE_PARALLEL_COORDINATES);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-experiment-window.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchExperimentWindow, name)
  BIND (toasts);
  BIND (heading);
  BIND (begin);
  BIND (open);
  BIND (compare);
  BIND (save);
  BIND (folder);
  BIND (progress);
  BIND (problem);
  BIND (problem_text);
  BIND (stack);
  BIND (page);
  BIND (description);
  BIND (start);
  BIND (plot);
  BIND (ranges);
  BIND (clear);
  BIND (view);
#undef BIND
  workbench_experiment_window_class_add_run (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_compare);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
  gtk_widget_class_bind_template_callback (widget_class, on_folder);
  gtk_widget_class_bind_template_callback (widget_class, on_clear);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_q, GDK_CONTROL_MASK, on_quit, NULL);
}

static void
workbench_experiment_window_init (WorkbenchExperimentWindow *self)
{
  WorkbenchBrushes *brushes;
  GtkFilterListModel *within;
  GtkSortListModel *sorted;

  gtk_widget_init_template (GTK_WIDGET (self));
  workbench_experiment_window_init_run (self);
  self->rows = g_list_store_new (WORKBENCH_TYPE_EXPERIMENT_ROW);
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_within, self, NULL));
  within = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)), g_object_ref (self->filter));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (within), g_object_ref (gtk_column_view_get_sorter (self->view)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  brushes = workbench_parallel_coordinates_get_brushes (self->plot);
  g_signal_connect_object (brushes, "changed", G_CALLBACK (on_brushes), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (on_sorted), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (on_selected_in_table), self);
  g_signal_connect (self->plot, "selected", G_CALLBACK (on_selected_in_plot), self);
  g_signal_connect (self->plot, "activated", G_CALLBACK (on_activated_in_plot), self);
}

WorkbenchExperimentWindow *
workbench_experiment_window_new (GtkWindow *parent, const char *path, const char *device, guint threads)
{
  WorkbenchExperimentWindow *self = g_object_new (WORKBENCH_TYPE_EXPERIMENT_WINDOW, "transient-for", parent, NULL);

  self->device = g_strdup (device);
  self->threads = threads;
  self->experiment = workbench_experiment_new (path);
  g_signal_connect_swapped (self->experiment, "changed", G_CALLBACK (on_experiment), self);
  return self;
}

const char *
workbench_experiment_window_get_path (WorkbenchExperimentWindow *self)
{
  return workbench_experiment_get_path (self->experiment);
}
