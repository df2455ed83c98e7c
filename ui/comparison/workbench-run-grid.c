/* workbench-run-grid.c: labels in a grid, which are kept as long as the runs are the same and differ in the same. */
#include "workbench-run-grid.h"

#include "workbench-containers.h"
#include "workbench-glance.h"
#include "workbench-run-name.h"
#include "workbench-run-table.h"

#include <glib/gi18n.h>

struct _WorkbenchRunGrid
{
  GtkBox parent_instance;

  GtkGrid *grid;

  WorkbenchDocument *own;
  GPtrArray *others; /* documents */
  guint n_rows, n_columns; /* of labels, headings among them */
  WorkbenchGlance news;
};

G_DEFINE_FINAL_TYPE (WorkbenchRunGrid, workbench_run_grid, GTK_TYPE_BOX)

enum {
  LONGEST_NAME = 28, /* letters */
};

static GtkLabel *
label_at (WorkbenchRunGrid *self, guint row, guint column)
{
  return GTK_LABEL (gtk_grid_get_child_at (self->grid, (int) column, (int) row));
}

/* a run beside is named as where it can be removed */
static gboolean
is_name_beside (guint row, guint column)
{
  return row > 1 && column == 0;
}

static GtkWidget *
new_cell (const DfkdRunTable *table, guint row, guint column)
{
  GtkWidget *label;

  if (is_name_beside (row, column))
    {
      label = workbench_run_name_new (row - 2, dfkd_run_table_get (table, row - 1, column), LONGEST_NAME);
      gtk_widget_add_css_class (label, "caption");
      return label;
    }
  label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0.0f : 1.0f);
  gtk_widget_add_css_class (label, row == 0 ? "dim-label" : "numeric");
  gtk_widget_add_css_class (label, "caption");
  if (column == 0)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_max_width_chars (GTK_LABEL (label), LONGEST_NAME);
      gtk_label_set_width_chars (GTK_LABEL (label), LONGEST_NAME / 2);
    }
  return label;
}

static void
resize (WorkbenchRunGrid *self, const DfkdRunTable *table)
{
  const guint n_rows = table->n_rows + 1, n_columns = table->n_columns;
  GtkWidget *child;

  if (n_rows == self->n_rows && n_columns == self->n_columns)
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  for (guint row = 0; row < n_rows; row++)
    for (guint column = 0; column < n_columns; column++)
      gtk_grid_attach (self->grid, new_cell (table, row, column), (int) column, (int) row, 1, 1);
  self->n_rows = n_rows;
  self->n_columns = n_columns;
}

static void
update (gpointer data)
{
  WorkbenchRunGrid *self = data;
  g_autoptr (DfkdRunTable) table = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), self->own != NULL && self->others->len > 0);
  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  table = workbench_run_table_new (self->own, self->others);
  resize (self, table);
  for (guint column = 0; column < table->n_columns; column++)
    gtk_label_set_text (label_at (self, 0, column), table->headings[column]);
  for (guint row = 0; row < table->n_rows; row++)
    for (guint column = 0; column < table->n_columns; column++)
      if (!is_name_beside (row + 1, column))
        gtk_label_set_text (label_at (self, row + 1, column), dfkd_run_table_get (table, row, column));
}

static void
on_news (WorkbenchRunGrid *self)
{
  workbench_glance_order_rarely (&self->news, update, self);
}

static void
leave (WorkbenchRunGrid *self)
{
  if (self->own != NULL)
    g_signal_handlers_disconnect_by_data (self->own, self);
  for (guint i = 0; i < self->others->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->others, i), self);
  g_clear_object (&self->own);
  g_ptr_array_set_size (self->others, 0);
  workbench_glance_cancel (&self->news);
}

void
workbench_run_grid_show (WorkbenchRunGrid *self, WorkbenchDocument *own, const GPtrArray *others)
{
  leave (self);
  self->n_rows = 0; /* names are others */
  if (own != NULL && others->len > 0)
    {
      self->own = g_object_ref (own);
      g_signal_connect_swapped (own, "status", G_CALLBACK (on_news), self);
      g_signal_connect_swapped (own, "mark", G_CALLBACK (on_news), self);
    }
  for (guint i = 0; i < others->len && own != NULL; i++)
    {
      g_ptr_array_add (self->others, g_object_ref (g_ptr_array_index (others, i)));
      g_signal_connect_swapped (g_ptr_array_index (others, i), "status", G_CALLBACK (on_news), self);
    }
  update (self);
}

static void
on_copy (GtkButton *button, WorkbenchRunGrid *self)
{
  g_autoptr (DfkdRunTable) table = workbench_run_table_new (self->own, self->others);
  g_autofree char *text = dfkd_run_table_to_text (table);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", _("Copied"));
}

static void
workbench_run_grid_dispose (GObject *object)
{
  WorkbenchRunGrid *self = WORKBENCH_RUN_GRID (object);

  if (self->others != NULL)
    leave (self);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_run_grid_parent_class)->dispose (object);
}

static void
workbench_run_grid_class_init (WorkbenchRunGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_run_grid_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-run-grid.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchRunGrid, grid);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
workbench_run_grid_init (WorkbenchRunGrid *self)
{
  self->others = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}
