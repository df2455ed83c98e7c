/* workbench-timing-view.c: the last steps, and costs beside the device's limits. */
#include "workbench-timing-view.h"

#include "workbench-cost-table.h"
#include "workbench-timing-chart.h"

#include <glib/gi18n.h>

struct _WorkbenchTimingView
{
  GtkBox parent_instance;

  WorkbenchTimingChart *bars;
  WorkbenchCostTable *costs;

  WorkbenchDocument *document;
};

static void workbench_timing_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchTimingView, workbench_timing_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_timing_view_view_init))

static void
on_status (WorkbenchDocument *document, WorkbenchTimingView *self)
{
  workbench_timing_chart_set_status (self->bars, workbench_document_get_status (document));
}

static void
on_rooflines (WorkbenchDocument *document, WorkbenchTimingView *self)
{
  if (workbench_document_get_rooflines (document) != NULL)
    workbench_cost_table_set_rooflines (self->costs, workbench_document_get_rooflines (document));
}

static void
on_event (WorkbenchDocument *document, const DfkdEvent *event, WorkbenchTimingView *self)
{
  if (event->kind == DFKD_EVENT_NOTICE)
    workbench_cost_table_fail (self->costs, event->message);
}

static void
on_measure (WorkbenchCostTable *table, WorkbenchTimingView *self)
{
  WorkbenchRun *run = self->document != NULL ? workbench_document_get_run (self->document) : NULL;
  const DfkdStatus *status = run != NULL ? workbench_run_get_status (run) : NULL;

  if (status == NULL || status->state == DFKD_STATE_FINISHED || status->state == DFKD_STATE_FAILED)
    workbench_cost_table_fail (table, _("There is no run to measure"));
  else
    dfkd_session_profile (workbench_run_get_session (run));
}

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchTimingView *self = WORKBENCH_TIMING_VIEW (view);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  if (document == NULL)
    return;
  g_signal_connect (document, "status", G_CALLBACK (on_status), self);
  g_signal_connect (document, "rooflines", G_CALLBACK (on_rooflines), self);
  g_signal_connect (document, "event", G_CALLBACK (on_event), self);
  on_status (document, self);
  on_rooflines (document, self);
}

static void
workbench_timing_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
}

static void
workbench_timing_view_dispose (GObject *object)
{
  WorkbenchTimingView *self = WORKBENCH_TIMING_VIEW (object);
  GtkWidget *child;

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_box_remove (GTK_BOX (self), child);
  G_OBJECT_CLASS (workbench_timing_view_parent_class)->dispose (object);
}

static void
workbench_timing_view_class_init (WorkbenchTimingViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_timing_view_dispose;
  g_type_ensure (WORKBENCH_TYPE_TIMING_CHART);
  g_type_ensure (WORKBENCH_TYPE_COST_TABLE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-timing-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WorkbenchTimingView, bars);
  gtk_widget_class_bind_template_child (widget_class, WorkbenchTimingView, costs);
  gtk_widget_class_bind_template_callback (widget_class, on_measure);
}

static void
workbench_timing_view_init (WorkbenchTimingView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
