/* workbench-window-focus.c: who works with keys alone goes on from where a button was that has had its use. The toolkit takes the focus from a
 * widget that becomes insensitive and gives it to none: Tab would begin with the window's first button again. */
#include "workbench-window-private.h"

/* to what stands behind @widget and takes the focus, the nearest first */
static void
move_on (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    for (GtkWidget *next = gtk_widget_get_next_sibling (widget); next != NULL; next = gtk_widget_get_next_sibling (next))
      if (gtk_widget_get_mapped (next) && gtk_widget_child_focus (next, GTK_DIR_TAB_FORWARD))
        return;
}

static gboolean
on_lost (gpointer data)
{
  WorkbenchWindow *self = data;
  GtkWidget *last = self->had_focus;

  self->focus_lost = 0;
  if (gtk_window_get_focus (GTK_WINDOW (self)) == NULL && last != NULL && gtk_widget_get_mapped (last) && !gtk_widget_is_sensitive (last)
      && gtk_widget_get_root (last) == GTK_ROOT (self))
    move_on (last);
  return G_SOURCE_REMOVE;
}

/* in the midst of a change of state: what is sensitive then is seen afterwards */
static void
on_focus (WorkbenchWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus != NULL)
    g_set_weak_pointer (&self->had_focus, focus);
  else if (self->focus_lost == 0)
    self->focus_lost = g_idle_add (on_lost, self);
}

void
workbench_window_keep_focus (WorkbenchWindow *self)
{
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (on_focus), NULL);
}

void
workbench_window_leave_focus (WorkbenchWindow *self)
{
  g_signal_handlers_disconnect_by_func (self, on_focus, NULL);
  g_clear_handle_id (&self->focus_lost, g_source_remove);
  g_clear_weak_pointer (&self->had_focus);
}
