/* workbench-experiment-cells.c: a label a cell, which follows its row. */
#include "workbench-experiment-cells.h"

#include "workbench-experiment-row.h"

#include <glib/gi18n.h>

static const guint NAME = G_MAXUINT; /* in the place of a column of the table */

enum {
  NAME_CHARACTERS = 18, /* that a name has room for at least */
};

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  WorkbenchExperimentRow *one = (gpointer) a, *other = (gpointer) b;
  WorkbenchExperimentTable *table = workbench_experiment_row_get_table (one);
  const guint i = workbench_experiment_row_get_index (one), j = workbench_experiment_row_get_index (other), column = GPOINTER_TO_UINT (data);

  if (column == NAME)
    return g_utf8_collate (workbench_experiment_table_get_row_name (table, i), workbench_experiment_table_get_row_name (table, j));
  return workbench_experiment_table_compare (table, i, j, column);
}

static void
show_cell (GtkListItem *item, guint column)
{
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));
  WorkbenchExperimentRow *row = gtk_list_item_get_item (item);
  WorkbenchExperimentTable *table = workbench_experiment_row_get_table (row);
  const guint index = workbench_experiment_row_get_index (row);
  g_autofree char *starred = NULL;
  const char *text, *tip = NULL;
  gboolean best;

  if (column == NAME)
    {
      text = tip = workbench_experiment_table_get_row_name (table, index);
      gtk_label_set_text (label, text);
    }
  else
    {
      text = workbench_experiment_table_get_text (table, index, column);
      best = workbench_experiment_table_is_best (table, index, column);
      starred = g_strconcat ("★ ", text, NULL);
      gtk_label_set_text (label, best ? starred : text);
      if (best)
        gtk_widget_add_css_class (GTK_WIDGET (label), "best");
      else
        gtk_widget_remove_css_class (GTK_WIDGET (label), "best");
      if (workbench_experiment_table_get_column (table, column)->kind == WORKBENCH_COLUMN_RUNS)
        tip = workbench_experiment_table_get_note (table, index);
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), tip);
}

static guint
column_of (GtkListItemFactory *factory)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"));
}

static void
on_setup (GtkListItemFactory *factory, GtkListItem *item, gpointer numbers)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), numbers != NULL ? 1.0f : 0.0f);
  if (numbers != NULL)
    gtk_widget_add_css_class (label, "numeric");
  if (column_of (factory) == NAME)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_width_chars (GTK_LABEL (label), NAME_CHARACTERS);
    }
  gtk_list_item_set_child (item, label);
}

static void
on_changed (WorkbenchExperimentRow *row, GtkListItem *item)
{
  show_cell (item, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (item), "column")));
}

static void
on_bind (GtkListItemFactory *factory, GtkListItem *item, gpointer unused)
{
  g_object_set_data (G_OBJECT (item), "column", GUINT_TO_POINTER (column_of (factory)));
  g_signal_connect_object (gtk_list_item_get_item (item), "changed", G_CALLBACK (on_changed), item, 0);
  show_cell (item, column_of (factory));
}

static void
on_unbind (GtkListItemFactory *factory, GtkListItem *item, gpointer unused)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), on_changed, item);
}

static void
append (GtkColumnView *view, const char *heading, guint index, gboolean numbers)
{
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (heading, NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare, GUINT_TO_POINTER (index), NULL));

  g_object_set_data (G_OBJECT (factory), "column", GUINT_TO_POINTER (index));
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), GINT_TO_POINTER (numbers));
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);
  gtk_column_view_column_set_factory (column, factory);
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, index == NAME);
  gtk_column_view_append_column (view, column);
}

void
workbench_experiment_cells_fill (GtkColumnView *view, WorkbenchExperimentTable *table)
{
  GListModel *columns = gtk_column_view_get_columns (view);

  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);

      gtk_column_view_remove_column (view, column);
    }
  append (view, _("Recipe"), NAME, FALSE);
  for (guint i = 0; i < workbench_experiment_table_get_n_columns (table); i++)
    {
      const WorkbenchExperimentColumn *column = workbench_experiment_table_get_column (table, i);

      append (view, column->heading, i, column->categories == NULL && column->kind != WORKBENCH_COLUMN_RUNS);
    }
}
