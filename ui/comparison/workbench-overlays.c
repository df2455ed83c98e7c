/* workbench-overlays.c: a list of runs to add from, and a label for each that was added. */
#include "workbench-overlays.h"

#include "workbench-containers.h"
#include "workbench-differences.h"
#include "workbench-plot.h"
#include "workbench-run-name.h"
#include "workbench-runs.h"
#include "workbench-save-dialog.h"
#include "workbench-settings.h"

#include <glib/gi18n.h>

struct _WorkbenchOverlays
{
  GtkBox parent_instance;

  GtkPopover *popover;
  GtkLabel *nothing;
  GtkWidget *scrolled;
  GtkListBox *runs;
  GtkFlowBox *labels;

  WorkbenchDocument *document;
  WorkbenchComparison *comparison;
  GtkFileChooserNative *chooser; /* while it is open */
};

G_DEFINE_FINAL_TYPE (WorkbenchOverlays, workbench_overlays, GTK_TYPE_BOX)

enum {
  MOST_LISTED = 40,
  FIRST_COLOUR = 4, /* those before are of the present run's curves */
  MOST_DIFFERENCES = 3, /* that are told without opening anything */
  LEGEND_LINE = 20,  /* pixels */
  LONGEST_NAME = 28, /* letters */
  MOST_TOLD = 3, /* runs whose differences are; of more they would take the room of the charts */
  ROW_MARGIN = 3, /* between runs to choose from, pixels */
};

static guint changed_signal;

GdkRGBA
workbench_overlays_colour (guint index)
{
  return workbench_palette (FIRST_COLOUR + index);
}

WorkbenchLineLayer *
workbench_overlays_new_line (WorkbenchDocument *document, guint index, const char *what, WorkbenchSeries *series)
{
  g_autofree char *title = g_strdup_printf (_("%s, %s"), what, workbench_document_get_name (document));
  WorkbenchLineLayer *line = workbench_line_layer_new (series, title, workbench_overlays_colour (index));

  workbench_line_layer_set_dash (line, index + 1);
  return line;
}

void
workbench_overlays_make_room (WorkbenchChart *chart, int least, guint runs)
{
  g_object_set (chart, "height-request", least + LEGEND_LINE * (int) runs, NULL);
}

/* --------------------------------------------------------------------------------------------------- labels */

/* of what is shown. (nullable) */
static const DfkdRecipe *
present_recipe (WorkbenchOverlays *self)
{
  return self->document != NULL ? workbench_document_get_present (self->document) : NULL;
}

static GtkWidget *
list_differences (const DfkdRecipe *here, WorkbenchDocument *other)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autoptr (GPtrArray) lines = here != NULL ? workbench_differences (here, workbench_document_get_present (other)) : NULL;

  if (lines == NULL || lines->len == 0)
    gtk_box_append (GTK_BOX (box), gtk_label_new (_("Both recipes are the same")));
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      GtkWidget *label = gtk_label_new (g_ptr_array_index (lines, i));

      gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
      gtk_box_append (GTK_BOX (box), label);
    }
  return box;
}

static GtkWidget *
new_differences (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "caption");
  return label;
}

static void
show_differences (GtkWidget *label, const DfkdRecipe *here, const DfkdRecipe *there)
{
  g_autofree char *markup = here != NULL && there != NULL ? workbench_differences_markup (here, there, MOST_DIFFERENCES) : NULL;

  gtk_label_set_markup (GTK_LABEL (label), markup != NULL ? markup : "");
  gtk_widget_set_visible (label, markup != NULL);
}

/* of all labels, in place: a dial was turned */
static void
update_differences (WorkbenchOverlays *self)
{
  const DfkdRecipe *here = present_recipe (self);
  const gboolean told = workbench_overlays_get (self)->len <= MOST_TOLD;
  guint index = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->labels)); child != NULL; child = gtk_widget_get_next_sibling (child), index++)
    {
      GObject *box = G_OBJECT (gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child)));
      WorkbenchDocument *document = g_ptr_array_index (workbench_overlays_get (self), index);

      show_differences (g_object_get_data (box, "differences"), told ? here : NULL, workbench_document_get_present (document));
      gtk_popover_set_child (g_object_get_data (box, "popover"), list_differences (here, document));
    }
}

static void
on_close (GtkButton *button, WorkbenchOverlays *self)
{
  guint index;

  if (g_ptr_array_find ((GPtrArray *) workbench_overlays_get (self), g_object_get_data (G_OBJECT (button), "document"), &index))
    workbench_comparison_remove (self->comparison, index);
}

static void
on_other_mark (WorkbenchDocument *document, WorkbenchMark *mark, GtkWidget *box)
{
  GtkWidget *self = gtk_widget_get_ancestor (box, WORKBENCH_TYPE_OVERLAYS);

  if (self != NULL)
    update_differences (WORKBENCH_OVERLAYS (self));
}

static GtkWidget *
new_label (WorkbenchOverlays *self, guint index)
{
  WorkbenchDocument *document = g_ptr_array_index (workbench_overlays_get (self), index);
  g_autofree char *remove = g_strdup_printf (_("Remove %s"), workbench_document_get_name (document));
  g_autofree char *about = g_strdup_printf (_("In what the recipe of %s differs"), workbench_document_get_name (document));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *name = workbench_run_name_new (index, workbench_document_get_name (document), LONGEST_NAME), *more = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new (), *close = gtk_button_new_from_icon_name ("window-close-symbolic");
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *differences = new_differences ();

  gtk_label_set_max_width_chars (GTK_LABEL (differences), 56);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER); /* beside the other button, of one line too */
  gtk_box_append (GTK_BOX (lines), name);
  gtk_box_append (GTK_BOX (lines), differences);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (more), lines);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (more), popover);
  gtk_widget_set_tooltip_text (more, about);
  gtk_accessible_update_property (GTK_ACCESSIBLE (more), GTK_ACCESSIBLE_PROPERTY_LABEL, about, -1);
  gtk_widget_set_tooltip_text (close, remove);
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL, remove, -1);
  gtk_widget_add_css_class (more, "flat");
  gtk_widget_add_css_class (close, "flat");
  g_object_set_data (G_OBJECT (box), "differences", differences);
  g_object_set_data (G_OBJECT (box), "popover", popover);
  g_object_set_data (G_OBJECT (close), "document", document);
  g_signal_connect_object (document, "mark", G_CALLBACK (on_other_mark), box, 0);
  g_signal_connect (close, "clicked", G_CALLBACK (on_close), self);
  gtk_box_append (GTK_BOX (box), more);
  gtk_box_append (GTK_BOX (box), close);
  return box;
}

static void
show_labels (WorkbenchOverlays *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->labels))) != NULL)
    gtk_flow_box_remove (self->labels, child);
  for (guint i = 0; i < workbench_overlays_get (self)->len; i++)
    {
      gtk_flow_box_append (self->labels, new_label (self, i));
      gtk_widget_set_focusable (gtk_widget_get_last_child (GTK_WIDGET (self->labels)), FALSE); /* its two buttons are */
    }
  update_differences (self);
}

/* ------------------------------------------------------------------------------------------------ adding runs */

/* beside the present run's folder, or where dfkd makes them */
static char *
runs_folder (WorkbenchOverlays *self)
{
  const char *folder = self->document != NULL ? workbench_document_get_folder (self->document) : NULL;

  return folder != NULL ? g_path_get_dirname (folder) : workbench_settings_get_runs_folder ();
}

static GtkWidget *
new_row (const char *folder, const DfkdRecipe *here)
{
  g_autoptr (DfkdRunSummary) summary = dfkd_run_summary_load (folder, NULL);
  g_autoptr (DfkdRecipe) recipe = dfkd_run_recipe_load (folder, NULL);
  g_autofree char *name = g_path_get_basename (folder), *note = dfkd_run_note_load (folder), *accuracies = NULL, *text = NULL;
  g_autofree char *called = note != NULL ? g_strdup_printf (_("%s (%s)"), note, name) : g_strdup (name);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *title = gtk_label_new (called), *line, *differences = new_differences ();

  if (summary != NULL)
    {
      accuracies = workbench_run_accuracies (summary, workbench_run_has_ended (summary));
      text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s · %u synthesis", "%s · %u syntheses", summary->syntheses), accuracies, summary->syntheses);
    }
  line = gtk_label_new (text != NULL ? text : _("not at its end"));
  gtk_label_set_xalign (GTK_LABEL (title), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (line), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (line), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (line, "caption");
  gtk_widget_add_css_class (line, "dim-label");
  show_differences (differences, here, recipe);
  gtk_widget_set_margin_top (box, ROW_MARGIN);
  gtk_widget_set_margin_bottom (box, ROW_MARGIN);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), differences);
  return box;
}

static void
on_show (GtkPopover *popover, WorkbenchOverlays *self)
{
  g_autofree char *parent = runs_folder (self), *text = g_strdup_printf (_("There are no other runs in %s"), parent);
  g_autoptr (GPtrArray) folders = dfkd_runs_list (parent);
  const DfkdRecipe *here = present_recipe (self);
  const char *own = self->document != NULL ? workbench_document_get_folder (self->document) : NULL;
  GtkWidget *child;
  guint count = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->runs))) != NULL)
    gtk_list_box_remove (self->runs, child);
  for (guint i = 0; i < folders->len && count < MOST_LISTED; i++)
    {
      const char *folder = g_ptr_array_index (folders, i);
      GtkWidget *row;

      if (g_strcmp0 (folder, own) == 0)
        continue;
      row = new_row (folder, here);
      g_object_set_data_full (G_OBJECT (row), "folder", g_strdup (folder), g_free);
      gtk_list_box_append (self->runs, row);
      count++;
    }
  gtk_label_set_text (self->nothing, text);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), count == 0);
  gtk_widget_set_visible (self->scrolled, count > 0);
  if (count > 0) /* the row that had the focus is gone, and arrows go on from where it is */
    gtk_widget_grab_focus (gtk_widget_get_first_child (GTK_WIDGET (self->runs)));
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, WorkbenchOverlays *self)
{
  g_autofree char *folder = g_strdup (g_object_get_data (G_OBJECT (gtk_list_box_row_get_child (row)), "folder"));

  gtk_popover_popdown (self->popover);
  workbench_comparison_open (self->comparison, folder);
}

static void
on_response (GtkNativeDialog *dialog, int response, WorkbenchOverlays *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = file != NULL ? workbench_local_path (file, &error) : NULL;

  if (path != NULL)
    workbench_comparison_open (self->comparison, path);
  else if (error != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
  g_clear_object (&self->chooser);
}

static void
on_other (GtkButton *button, WorkbenchOverlays *self)
{
  gtk_popover_popdown (self->popover);
  g_clear_object (&self->chooser);
  self->chooser = workbench_chooser_new (_("Choose a Run Folder"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                         GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* Run folders come beside. What else there is, is the window's, which does not hear of it by itself. */
static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, WorkbenchOverlays *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) others = NULL;
  gboolean any = FALSE;

  for (GSList *each = files; each != NULL; each = each->next)
    {
      g_autofree char *path = g_file_get_path (each->data), *uri = g_file_get_uri (each->data);

      if (path != NULL && dfkd_run_is_folder (path))
        any |= workbench_comparison_open (self->comparison, path);
      else
        g_strv_builder_add (builder, path != NULL ? path : uri);
    }
  others = g_strv_builder_end (builder);
  if (others[0] != NULL)
    any |= gtk_widget_activate_action (GTK_WIDGET (self), "win.open-paths", "^aay", others);
  return any;
}

void
workbench_overlays_take_drops (WorkbenchOverlays *self, GtkWidget *view)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (drop, "drop", G_CALLBACK (on_drop), self, 0);
  gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (drop));
}

/* ------------------------------------------------------------------------------------------- what is compared */

const GPtrArray *
workbench_overlays_get (WorkbenchOverlays *self)
{
  return workbench_comparison_get (self->comparison);
}

static void
on_changed (WorkbenchComparison *comparison, WorkbenchOverlays *self)
{
  show_labels (self);
  g_signal_emit (self, changed_signal, 0);
}

void
workbench_overlays_set_comparison (WorkbenchOverlays *self, WorkbenchComparison *comparison)
{
  if (self->comparison != NULL)
    g_signal_handlers_disconnect_by_data (self->comparison, self);
  g_set_object (&self->comparison, comparison);
  g_signal_connect (comparison, "changed", G_CALLBACK (on_changed), self);
  on_changed (comparison, self);
}

void
workbench_overlays_set_document (WorkbenchOverlays *self, WorkbenchDocument *document)
{
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  if (document != NULL)
    g_signal_connect_swapped (document, "mark", G_CALLBACK (update_differences), self);
  update_differences (self); /* what differs is another thing now */
}

/* --------------------------------------------------------------------------------------------- construction */

static void
workbench_overlays_dispose (GObject *object)
{
  WorkbenchOverlays *self = WORKBENCH_OVERLAYS (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  if (self->comparison != NULL)
    g_signal_handlers_disconnect_by_data (self->comparison, self);
  g_clear_object (&self->comparison);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_overlays_parent_class)->dispose (object);
}

static void
workbench_overlays_class_init (WorkbenchOverlaysClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_overlays_dispose;
  changed_signal = g_signal_new ("changed", WORKBENCH_TYPE_OVERLAYS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-overlays.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchOverlays, name)
  BIND (popover);
  BIND (nothing);
  BIND (scrolled);
  BIND (runs);
  BIND (labels);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_show);
  gtk_widget_class_bind_template_callback (widget_class, on_row);
  gtk_widget_class_bind_template_callback (widget_class, on_other);
}

static void
workbench_overlays_init (WorkbenchOverlays *self)
{
  g_autoptr (WorkbenchComparison) own = workbench_comparison_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  workbench_overlays_set_comparison (self, own);
}
