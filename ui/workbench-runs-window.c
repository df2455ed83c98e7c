/* workbench-runs-window.c: the list of runs, and deleting with a while to think again. */
#include "workbench-runs-window.h"

#include "workbench-run-row.h"

#include <glib/gi18n.h>

struct _WorkbenchRunsWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkButton *refresh;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkListView *list;

  WorkbenchRuns *runs;
  GPtrArray *aside; /* of paths: deleted, and not yet for good */
};

G_DEFINE_FINAL_TYPE (WorkbenchRunsWindow, workbench_runs_window, ADW_TYPE_WINDOW)

static void
say (WorkbenchRunsWindow *self, const char *message)
{
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (message));
}

static void
show_page (WorkbenchRunsWindow *self)
{
  gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (self->runs)) > 0 ? "list" : "empty");
}

/* ------------------------------------------------------------------------------------------------- deleting */

static const char *
aside_of (AdwToast *toast)
{
  return g_object_get_data (G_OBJECT (toast), "aside");
}

static gboolean
forget (WorkbenchRunsWindow *self, const char *path)
{
  guint index;

  if (self->aside == NULL || !g_ptr_array_find_with_equal_func (self->aside, path, g_str_equal, &index))
    return FALSE;
  g_ptr_array_remove_index (self->aside, index);
  return TRUE;
}

static void
on_take_back (AdwToast *toast, WorkbenchRunsWindow *self)
{
  g_autofree char *path = g_strdup (aside_of (toast));
  g_autoptr (GError) error = NULL;

  if (forget (self, path) && !workbench_runs_take_back (self->runs, path, &error))
    say (self, error->message);
}

static void
on_dismissed (AdwToast *toast, WorkbenchRunsWindow *self)
{
  g_autofree char *path = g_strdup (aside_of (toast));

  if (forget (self, path))
    workbench_runs_end_deletion (path);
}

static void
delete (WorkbenchRunsWindow *self, WorkbenchRunEntry *entry)
{
  g_autofree char *text = g_strdup_printf (_("%s is deleted"), workbench_run_entry_get_title (entry)), *path = NULL;
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_autoptr (GError) error = NULL;
  AdwToast *toast;

  path = workbench_runs_delete (self->runs, entry, &error);
  if (path == NULL)
    {
      say (self, error->message);
      return;
    }
  toast = adw_toast_new (escaped);
  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_timeout (toast, 10);
  g_object_set_data_full (G_OBJECT (toast), "aside", g_strdup (path), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_take_back), self, 0);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (on_dismissed), self, 0);
  g_ptr_array_add (self->aside, g_steal_pointer (&path));
  adw_toast_overlay_add_toast (self->toasts, toast);
  show_page (self);
}

/* ------------------------------------------------------------------------------------------------- the list */

static void
on_asked (WorkbenchRunRow *row, const char *what, WorkbenchRunsWindow *self)
{
  WorkbenchRunEntry *entry = workbench_run_row_get_entry (row);
  const char *folder = workbench_run_entry_get_folder (entry);
  GtkWidget *parent = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));
  gboolean goes_on = FALSE;

  if (g_str_equal (what, "delete"))
    {
      for (GList *link = parent != NULL ? gtk_application_get_windows (gtk_window_get_application (GTK_WINDOW (parent))) : NULL; link != NULL; link = link->next)
        goes_on |= g_strcmp0 (g_object_get_data (link->data, "run-folder"), folder) == 0;
      if (goes_on)
        say (self, _("This run is going on: stop it first"));
      else
        delete (self, entry);
      return;
    }
  gtk_widget_activate_action (parent, g_str_equal (what, "open") ? "win.open-path" : "win.resume-path", "s", folder);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_activate (GtkListView *list, guint position, WorkbenchRunsWindow *self)
{
  g_autoptr (WorkbenchRunEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->runs), position);

  gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))), "win.open-path", "s", workbench_run_entry_get_folder (entry));
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_setup (GtkListItemFactory *factory, GtkListItem *item, WorkbenchRunsWindow *self)
{
  WorkbenchRunRow *row = workbench_run_row_new ();

  g_signal_connect (row, "asked", G_CALLBACK (on_asked), self);
  gtk_list_item_set_child (item, GTK_WIDGET (row));
}

static void
on_bind (GtkListItemFactory *factory, GtkListItem *item, WorkbenchRunsWindow *self)
{
  workbench_run_row_set_entry (WORKBENCH_RUN_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
on_unbind (GtkListItemFactory *factory, GtkListItem *item, WorkbenchRunsWindow *self)
{
  workbench_run_row_set_entry (WORKBENCH_RUN_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
workbench_runs_window_dispose (GObject *object)
{
  WorkbenchRunsWindow *self = WORKBENCH_RUNS_WINDOW (object);

  for (guint i = 0; self->aside != NULL && i < self->aside->len; i++)
    workbench_runs_end_deletion (g_ptr_array_index (self->aside, i));
  g_clear_pointer (&self->aside, g_ptr_array_unref);
  if (self->runs != NULL)
    g_signal_handlers_disconnect_by_data (self->runs, self);
  g_clear_object (&self->runs);
  G_OBJECT_CLASS (workbench_runs_window_parent_class)->dispose (object);
}

static void
workbench_runs_window_class_init (WorkbenchRunsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_runs_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-runs-window.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchRunsWindow, name)
  BIND (toasts);
  BIND (refresh);
  BIND (stack);
  BIND (empty);
  BIND (list);
#undef BIND
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
workbench_runs_window_init (WorkbenchRunsWindow *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->aside = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), self);
  gtk_list_view_set_factory (self->list, factory);
  g_signal_connect (self->list, "activate", G_CALLBACK (on_activate), self);
}

WorkbenchRunsWindow *
workbench_runs_window_new (GtkWindow *parent, const char *folder)
{
  WorkbenchRunsWindow *self = g_object_new (WORKBENCH_TYPE_RUNS_WINDOW, "transient-for", parent, "modal", TRUE, NULL);
  g_autofree char *name = g_filename_display_name (folder), *text = g_strdup_printf (_("Runs of this window are kept in %s, unless the preferences say otherwise."), name);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_autoptr (GtkSingleSelection) selection = NULL;

  adw_status_page_set_description (self->empty, escaped);
  self->runs = workbench_runs_new (folder);
  selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->runs)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_signal_connect_swapped (self->runs, "refreshed", G_CALLBACK (show_page), self);
  g_signal_connect_swapped (self->refresh, "clicked", G_CALLBACK (workbench_runs_refresh), self->runs);
  return self;
}
