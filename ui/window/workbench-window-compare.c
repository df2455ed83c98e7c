/* workbench-window-compare.c: the runs that are shown beside the window's own, in every view that can. */
#include "workbench-window-private.h"

static void
on_problem (WorkbenchComparison *comparison, const char *message, WorkbenchWindow *self)
{
  workbench_window_tell (self, message);
}

void
workbench_window_init_compare (WorkbenchWindow *self)
{
  self->comparison = workbench_comparison_new ();
  g_signal_connect (self->comparison, "problem", G_CALLBACK (on_problem), self);
  workbench_pane_set_comparison (self->first_pane, self->comparison);
  workbench_pane_set_comparison (self->second_pane, self->comparison);
}

void
workbench_window_dispose_compare (WorkbenchWindow *self)
{
  if (self->comparison != NULL)
    g_signal_handlers_disconnect_by_data (self->comparison, self);
  g_clear_object (&self->comparison);
}

/* unless what is shown compares already, the curves, which tell most */
static void
show_comparison (WorkbenchWindow *self)
{
  const gboolean both = gtk_widget_get_visible (GTK_WIDGET (self->second_pane));

  if (!workbench_view_compares (workbench_pane_get_view (self->first_pane)) && !(both && workbench_view_compares (workbench_pane_get_view (self->second_pane))))
    workbench_pane_show (both ? self->second_pane : self->first_pane, "curves");
}

gboolean
workbench_window_compare (WorkbenchWindow *self, const char *folder)
{
  WorkbenchWindow *there = workbench_window_find_run (self, folder);

  show_comparison (self);
  return there != NULL && there != self ? workbench_comparison_join (self->comparison, there->document) : workbench_comparison_open (self->comparison, folder);
}

static void
on_compare_runs (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WorkbenchWindow *self = WORKBENCH_WINDOW (widget);
  g_autofree const char **folders = g_variant_get_strv (parameter, NULL);
  const char *there = NULL;
  guint tried = 0;

  gtk_window_present (GTK_WINDOW (widget));
  for (guint i = 0; folders[i] != NULL; i++)
    if (workbench_comparison_contains (self->comparison, folders[i]))
      there = folders[i];
    else
      {
        const gboolean full = workbench_comparison_get (self->comparison)->len == WORKBENCH_MOST_COMPARED;

        tried++;
        if (!workbench_window_compare (self, folders[i]) && full)
          return; /* it has been said */
      }
  if (there != NULL && tried == 0)
    workbench_window_compare (self, there); /* which says that there is nothing to add */
}

void
workbench_window_class_add_compare (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.compare-runs", "as", on_compare_runs);
}
