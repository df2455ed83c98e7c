/* workbench-containers.c: clearing a box; naming drop-downs; an idle callback after the page size of a scrolled window changed. */
#include "workbench-containers.h"

void
workbench_clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

void
workbench_name_drop_downs (GtkWidget *widget)
{
  const gboolean is_one = GTK_IS_DROP_DOWN (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (is_one && GTK_IS_BUTTON (child))
      gtk_accessible_update_relation (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_RELATION_LABELLED_BY, widget, NULL, -1);
    else if (!is_one)
      workbench_name_drop_downs (child);
}

typedef struct {
  GtkAdjustment *adjustment;
  WorkbenchWidthFunc on_width;
  gpointer data;
  guint due; /* source, while it is */
} Watch;

static gboolean
tell (gpointer data)
{
  Watch *watch = data;

  watch->due = 0;
  watch->on_width (gtk_adjustment_get_page_size (watch->adjustment), watch->data);
  return G_SOURCE_REMOVE;
}

static void
on_page_size (GtkAdjustment *adjustment, GParamSpec *spec, Watch *watch)
{
  if (watch->due == 0)
    watch->due = g_idle_add (tell, watch);
}

static void
free_watch (gpointer data)
{
  Watch *watch = data;

  g_clear_handle_id (&watch->due, g_source_remove);
  g_signal_handlers_disconnect_by_data (watch->adjustment, watch);
  g_object_unref (watch->adjustment);
  g_free (watch);
}

void
workbench_watch_width (GtkScrolledWindow *scroller, WorkbenchWidthFunc on_width, gpointer data)
{
  Watch *watch = g_new0 (Watch, 1);

  *watch = (Watch){ g_object_ref (gtk_scrolled_window_get_hadjustment (scroller)), on_width, data, 0 };
  g_signal_connect (watch->adjustment, "notify::page-size", G_CALLBACK (on_page_size), watch);
  g_object_set_data_full (G_OBJECT (scroller), "watched-width", watch, free_watch);
}
