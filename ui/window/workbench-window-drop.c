/* workbench-window-drop.c: files from elsewhere, dropped or named on the command line: several at once make one run, or one that is looked at,
 * with others beside it. */
#include "workbench-save-dialog.h"
#include "workbench-window-private.h"

/* what came of the files so far */
typedef struct {
  WorkbenchWindow *window; /* in which something is shown: the same or another */
  gboolean taken;          /* something was */
  gboolean occupied;       /* a recipe, a model or a run has been opened */
  GString *left;           /* names of those for which there was no place, with commas between them */
} Taking;

/* TRUE when it was opened as what all views show */
static gboolean
take_as_first (Taking *taking, const char *path)
{
  g_autoptr (GError) error = NULL;
  WorkbenchWindow *shown;

  if (!dfkd_run_is_folder (path))
    return workbench_window_open (taking->window, path);
  shown = workbench_window_show_run (taking->window, path, &error);
  if (shown == NULL)
    workbench_window_say (taking->window, error->message);
  else if (shown != taking->window)
    {
      shown->problems = g_steal_pointer (&taking->window->problems);
      taking->window = shown;
    }
  return shown != NULL;
}

static void
take (Taking *taking, const char *path)
{
  if (workbench_window_is_experiment (path)) /* it has a window of its own */
    taking->taken |= workbench_window_open (taking->window, path);
  else if (!taking->occupied)
    taking->taken |= taking->occupied = take_as_first (taking, path);
  else if (dfkd_run_is_folder (path))
    taking->taken |= workbench_window_compare (taking->window, path);
  else
    {
      g_autofree char *name = g_filename_display_basename (path);

      g_string_append_printf (taking->left, taking->left->len > 0 ? ", %s" : "%s", name);
    }
}

/* Opening one file takes away what was said of another: what went wrong is said once all have been tried, by workbench_window_say_problems(). */
static void
gather_problems (WorkbenchWindow *self)
{
  if (self->problems == NULL)
    self->problems = g_ptr_array_new_with_free_func (g_free);
}

gboolean
workbench_window_open_files (WorkbenchWindow *self, const char *const *paths)
{
  Taking taking = { .window = self, .left = g_string_new (NULL) };

  gather_problems (self);
  /* runs last: what starts one comes first, and they stand beside it */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; paths[i] != NULL; i++)
      if (dfkd_run_is_folder (paths[i]) == (pass == 1))
        take (&taking, paths[i]);
  if (taking.left->len > 0)
    workbench_window_tell_left (taking.window, taking.left->str);
  workbench_window_say_problems (taking.window);
  g_string_free (taking.left, TRUE);
  return taking.taken;
}

void
workbench_window_open_named (WorkbenchWindow *self, const char *const *paths, gboolean paused)
{
  self->paused = paused;
  workbench_window_open_files (self, paths);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, WorkbenchWindow *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_auto (GStrv) paths = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  gather_problems (self);
  for (GSList *each = files; each != NULL; each = each->next)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = workbench_local_path (each->data, &error);

      if (path != NULL)
        g_strv_builder_add (builder, path);
      else
        workbench_window_say (self, error->message);
    }
  paths = g_strv_builder_end (builder);
  return workbench_window_open_files (self, (const char *const *) paths);
}

static void
on_open_paths (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree const char **paths = g_variant_get_bytestring_array (parameter, NULL);

  workbench_window_open_files (WORKBENCH_WINDOW (widget), paths);
}

void
workbench_window_class_add_drop (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-paths", "aay", on_open_paths);
}

void
workbench_window_init_drop (WorkbenchWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
