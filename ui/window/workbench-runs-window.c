/* workbench-runs-window.c: the list of runs, and deleting with a while to think again. */
#include "workbench-runs-window.h"

#include "workbench-containers.h"
#include "workbench-run-order.h"
#include "workbench-run-row.h"
#include "workbench-window.h"

#include <glib/gi18n.h>

struct _WorkbenchRunsWindow
{
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkButton *refresh, *compare;
  GtkToggleButton *lately, *find;
  GtkDropDown *order;
  GtkSearchBar *bar;
  GtkSearchEntry *search;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkListView *list, *deleted;

  WorkbenchRuns *runs;
  GtkFilter *matching; /* of the list */
  GtkSorter *sorting;
  GtkSortListModel *sorted;
};

G_DEFINE_FINAL_TYPE (WorkbenchRunsWindow, workbench_runs_window, ADW_TYPE_WINDOW)

static void
say (WorkbenchRunsWindow *self, const char *message)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

/* the runs that are searched for, in their order */
static GListModel *
listed (WorkbenchRunsWindow *self)
{
  return G_LIST_MODEL (gtk_list_view_get_model (self->list));
}

static void
show_page (WorkbenchRunsWindow *self)
{
  const gboolean any_deleted = g_list_model_get_n_items (workbench_runs_get_deleted (self->runs)) > 0;

  gtk_widget_set_visible (GTK_WIDGET (self->lately), any_deleted);
  if (!any_deleted)
    gtk_toggle_button_set_active (self->lately, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->find), !gtk_toggle_button_get_active (self->lately));
  gtk_widget_set_sensitive (GTK_WIDGET (self->order), !gtk_toggle_button_get_active (self->lately));
  gtk_widget_set_visible (GTK_WIDGET (self->bar), !gtk_toggle_button_get_active (self->lately));
  gtk_stack_set_visible_child_name (self->stack, gtk_toggle_button_get_active (self->lately)                 ? "deleted"
                                                 : g_list_model_get_n_items (listed (self)) > 0              ? "list"
                                                 : g_list_model_get_n_items (G_LIST_MODEL (self->runs)) > 0 ? "unmatched"
                                                                                                            : "empty");
}

static void
show_selected (WorkbenchRunsWindow *self)
{
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (gtk_list_view_get_model (self->list));

  gtk_widget_set_sensitive (GTK_WIDGET (self->compare), !gtk_bitset_is_empty (chosen) && !gtk_toggle_button_get_active (self->lately));
}

static GtkWidget *
parent_of (WorkbenchRunsWindow *self)
{
  return GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));
}

/* ------------------------------------------------------------------------------------------------- deleting */

static void
take_back (WorkbenchRunsWindow *self, const char *aside)
{
  g_autoptr (GError) error = NULL;

  if (!workbench_runs_take_back (self->runs, aside, &error))
    say (self, error->message);
}

static void
on_take_back (AdwToast *toast, WorkbenchRunsWindow *self)
{
  take_back (self, g_object_get_data (G_OBJECT (toast), "aside"));
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
  g_object_set_data_full (G_OBJECT (toast), "aside", g_steal_pointer (&path), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_take_back), self, 0);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* ------------------------------------------------------------------------------------------------- the list */

/* Whose views still read its folder, even when it has come to its end; a run that waits does not write, and yet goes on.
 * Returns: (transfer none) (nullable) */
static WorkbenchDocument *
find_shown (WorkbenchRunsWindow *self, const char *folder)
{
  GtkWidget *parent = parent_of (self);
  GtkApplication *application = parent != NULL ? gtk_window_get_application (GTK_WINDOW (parent)) : NULL;

  for (GList *link = application != NULL ? gtk_application_get_windows (application) : NULL; link != NULL; link = link->next)
    if (g_strcmp0 (g_object_get_data (link->data, "run-folder"), folder) == 0)
      return workbench_window_get_document (link->data);
  return NULL;
}

static void
ask_to_leave (WorkbenchRunsWindow *self, WorkbenchDocument *shown)
{
  const DfkdState state = workbench_document_get_status (shown)->state;

  say (self, state == DFKD_STATE_FINISHED || state == DFKD_STATE_FAILED ? _("This run is shown in a window: open another run there, or close it first")
                                                                        : _("This run is under way in a window: begin or open another run there, or close it first"));
}

static void
open_with (WorkbenchRunsWindow *self, const char *action, const char *folder)
{
  gtk_widget_activate_action (parent_of (self), action, "s", folder);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_asked (WorkbenchRunRow *row, const char *what, WorkbenchRunsWindow *self)
{
  g_autoptr (WorkbenchRunEntry) entry = g_object_ref (workbench_run_row_get_entry (row));
  const char *folder = workbench_run_entry_get_folder (entry);
  WorkbenchDocument *shown = find_shown (self, folder);

  if (g_str_equal (what, "delete") && shown != NULL)
    ask_to_leave (self, shown);
  else if (g_str_equal (what, "delete"))
    delete (self, entry);
  else if (g_str_equal (what, "restore"))
    take_back (self, folder);
  else if (g_str_equal (what, "remove"))
    workbench_runs_end_deletion (self->runs, folder);
  else
    open_with (self, g_str_equal (what, "open") ? "win.open-path" : "win.resume-path", folder);
}

static gboolean
on_noted (WorkbenchRunRow *row, WorkbenchRunEntry *entry, const char *note, WorkbenchRunsWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (workbench_run_entry_set_note (entry, note, &error))
    return TRUE;
  say (self, error->message);
  return FALSE;
}

static void
on_activate (GtkListView *list, guint position, WorkbenchRunsWindow *self)
{
  g_autoptr (WorkbenchRunEntry) entry = g_list_model_get_item (listed (self), position);

  open_with (self, "win.open-path", workbench_run_entry_get_folder (entry));
}

static void
on_compare (GtkButton *button, WorkbenchRunsWindow *self)
{
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (gtk_list_view_get_model (self->list));
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < gtk_bitset_get_size (chosen); i++)
    {
      g_autoptr (WorkbenchRunEntry) entry = g_list_model_get_item (listed (self), gtk_bitset_get_nth (chosen, i));

      g_ptr_array_add (folders, g_strdup (workbench_run_entry_get_folder (entry)));
    }
  g_ptr_array_add (folders, NULL);
  gtk_widget_activate_action (parent_of (self), "win.compare-runs", "^as", folders->pdata);
  gtk_window_close (GTK_WINDOW (self));
}

/* ------------------------------------------------------------------------------------------ searching and sorting */

static gboolean
matches (gpointer entry, gpointer self)
{
  return workbench_run_matches (entry, gtk_editable_get_text (GTK_EDITABLE (((WorkbenchRunsWindow *) self)->search)));
}

static int
compare (gconstpointer a, gconstpointer b, gpointer self)
{
  return workbench_run_order_compare (gtk_drop_down_get_selected (((WorkbenchRunsWindow *) self)->order), (WorkbenchRunEntry *) a, (WorkbenchRunEntry *) b);
}

static void
on_search (GtkSearchEntry *search, WorkbenchRunsWindow *self)
{
  if (self->runs == NULL)
    return;
  gtk_filter_changed (self->matching, GTK_FILTER_CHANGE_DIFFERENT);
  show_page (self);
}

static void
on_order (GtkDropDown *order, GParamSpec *spec, WorkbenchRunsWindow *self)
{
  if (self->runs == NULL)
    return;
  gtk_sort_list_model_set_sorter (self->sorted, gtk_drop_down_get_selected (order) == WORKBENCH_RUNS_NEWEST ? NULL : self->sorting);
  gtk_sorter_changed (self->sorting, GTK_SORTER_CHANGE_DIFFERENT);
}

/* Enter opens what is found, if it is one; what was typed last is told a moment later */
static void
on_enter (GtkSearchEntry *search, WorkbenchRunsWindow *self)
{
  on_search (search, self);
  if (self->runs != NULL && g_list_model_get_n_items (listed (self)) == 1)
    on_activate (self->list, 0, self);
}

/* Returns: (transfer full) */
static GListModel *
create_list (WorkbenchRunsWindow *self)
{
  GtkFilterListModel *found;

  self->matching = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->sorting = GTK_SORTER (gtk_custom_sorter_new (compare, self, NULL));
  found = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->runs)), g_object_ref (self->matching));
  self->sorted = gtk_sort_list_model_new (G_LIST_MODEL (found), NULL);
  return G_LIST_MODEL (g_object_ref (self->sorted));
}

static void
set_up (WorkbenchRunsWindow *self, GtkListItem *item, gboolean deleted)
{
  WorkbenchRunRow *row = workbench_run_row_new (deleted);

  g_signal_connect (row, "asked", G_CALLBACK (on_asked), self);
  g_signal_connect (row, "noted", G_CALLBACK (on_noted), self);
  gtk_list_item_set_child (item, GTK_WIDGET (row));
}

static void
on_setup (GtkListItemFactory *factory, GtkListItem *item, WorkbenchRunsWindow *self)
{
  set_up (self, item, FALSE);
}

static void
on_setup_deleted (GtkListItemFactory *factory, GtkListItem *item, WorkbenchRunsWindow *self)
{
  set_up (self, item, TRUE);
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

static gboolean
begin_search (GtkWidget *widget, GVariant *args, gpointer data)
{
  WorkbenchRunsWindow *self = WORKBENCH_RUNS_WINDOW (widget);

  if (gtk_toggle_button_get_active (self->lately))
    return FALSE;
  gtk_search_bar_set_search_mode (self->bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
  return TRUE;
}

/* a search first, wherever the focus is */
static gboolean
on_escape (GtkWidget *widget, GVariant *args, gpointer data)
{
  WorkbenchRunsWindow *self = WORKBENCH_RUNS_WINDOW (widget);

  if (gtk_search_bar_get_search_mode (self->bar))
    gtk_search_bar_set_search_mode (self->bar, FALSE);
  else
    gtk_window_close (GTK_WINDOW (widget));
  return TRUE;
}

static void
workbench_runs_window_dispose (GObject *object)
{
  WorkbenchRunsWindow *self = WORKBENCH_RUNS_WINDOW (object);

  if (self->runs != NULL)
    g_signal_handlers_disconnect_by_data (self->runs, self);
  if (self->runs != NULL) /* what it lists asks this window what that is */
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->matching);
  g_clear_object (&self->sorting);
  g_clear_object (&self->sorted);
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
  BIND (compare);
  BIND (lately);
  BIND (find);
  BIND (order);
  BIND (bar);
  BIND (search);
  BIND (stack);
  BIND (empty);
  BIND (list);
  BIND (deleted);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, on_enter);
  gtk_widget_class_bind_template_callback (widget_class, on_order);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, begin_search, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape, NULL);
}

static void
give_rows (WorkbenchRunsWindow *self, GtkListView *list, GCallback setup)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", setup, self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), self);
  gtk_list_view_set_factory (list, factory);
}

static void
workbench_runs_window_init (WorkbenchRunsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  workbench_name_drop_downs (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->bar, GTK_EDITABLE (self->search));
  gtk_search_bar_set_key_capture_widget (self->bar, GTK_WIDGET (self->list));
  give_rows (self, self->list, G_CALLBACK (on_setup));
  give_rows (self, self->deleted, G_CALLBACK (on_setup_deleted));
  g_signal_connect (self->list, "activate", G_CALLBACK (on_activate), self);
  g_signal_connect (self->compare, "clicked", G_CALLBACK (on_compare), self);
}

WorkbenchRunsWindow *
workbench_runs_window_new (GtkWindow *parent, const char *folder)
{
  WorkbenchRunsWindow *self = g_object_new (WORKBENCH_TYPE_RUNS_WINDOW, "transient-for", parent, "modal", TRUE, NULL);
  g_autofree char *name = g_filename_display_name (folder), *text = g_strdup_printf (_("Runs of this window are kept in %s, unless the preferences say otherwise."), name);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_autoptr (GtkMultiSelection) selection = NULL;
  g_autoptr (GtkNoSelection) none = NULL;

  adw_status_page_set_description (self->empty, escaped);
  self->runs = workbench_runs_new (folder);
  selection = gtk_multi_selection_new (create_list (self));
  none = gtk_no_selection_new (g_object_ref (workbench_runs_get_deleted (self->runs)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  gtk_list_view_set_model (self->deleted, GTK_SELECTION_MODEL (none));
  g_signal_connect_object (selection, "selection-changed", G_CALLBACK (show_selected), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (selection, "items-changed", G_CALLBACK (show_selected), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->lately, "toggled", G_CALLBACK (show_selected), self);
  g_signal_connect_swapped (self->lately, "toggled", G_CALLBACK (show_page), self);
  g_signal_connect_swapped (self->runs, "refreshed", G_CALLBACK (show_page), self);
  g_signal_connect_swapped (self->runs, "moved", G_CALLBACK (show_page), self);
  g_signal_connect_swapped (self->refresh, "clicked", G_CALLBACK (workbench_runs_refresh), self->runs);
  return self;
}
