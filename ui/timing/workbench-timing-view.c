/* workbench-timing-view.c: the course of the steps' times, their spread, the last steps, and costs beside the device's limits. */
#include "workbench-timing-view.h"

#include "workbench-band-layer.h"
#include "workbench-box-layer.h"
#include "workbench-chart.h"
#include "workbench-containers.h"
#include "workbench-cost-table.h"
#include "workbench-glance.h"
#include "workbench-last-steps.h"
#include "workbench-line-layer.h"
#include "workbench-readout.h"
#include "workbench-step-times.h"
#include "workbench-trace.h"

#include <glib/gi18n.h>
#include <math.h>

struct _WorkbenchTimingView
{
  GtkBox parent_instance;

  GtkDropDown *kind, *clock;
  GtkLabel *source;
  WorkbenchReadout *rates;
  WorkbenchChart *course, *spread, *last;
  WorkbenchCostTable *costs;

  WorkbenchStepTimes *times;
  WorkbenchBandLayer *bands[WORKBENCH_N_BANDS]; /* owned by the chart */
  WorkbenchLineLayer *whole;
  WorkbenchBoxLayer *boxes;
  WorkbenchLastSteps steps; /* in last */
  WorkbenchDocument *document;
  GCancellable *cancellable; /* of the spread being found */
  WorkbenchGlance new_spread, new_status;
};

static void workbench_timing_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchTimingView, workbench_timing_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_timing_view_view_init))

/* --------------------------------------------------------------------------------------------------- spread */

static void
on_spread (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autofree WorkbenchSpread *spread = workbench_step_times_spread_finish (WORKBENCH_STEP_TIMES (object), result, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  WorkbenchTimingView *self = data;
  WorkbenchBox boxes[WORKBENCH_N_BANDS + 1];

  if (spread == NULL) /* cancelled: the view may be gone */
    return;
  for (guint i = WORKBENCH_N_BANDS + 1; i-- > 0;) /* the first one stands at the top */
    {
      const WorkbenchSpread *s = &spread[i];
      char *name = (char *) (i < WORKBENCH_N_BANDS ? workbench_band_title (i) : _("whole step"));

      if (s->count == 0)
        continue;
      boxes[names->len] = (WorkbenchBox){ name,      i < WORKBENCH_N_BANDS ? workbench_band_colour (i) : (GdkRGBA){ 0.5f, 0.5f, 0.5f, 1.0f },
                                          s->low,    s->lower,
                                          s->median, s->upper,
                                          s->high };
      g_ptr_array_add (names, name);
    }
  workbench_box_layer_set (self->boxes, boxes, names->len);
  g_ptr_array_add (names, NULL);
  workbench_chart_set_y_labels (self->spread, names->len > 1 ? (const char *const *) names->pdata : NULL);
}

/* of the steps that the chart above shows */
static void
find_spread (gpointer data)
{
  WorkbenchTimingView *self = data;
  WorkbenchSeries *whole = workbench_step_times_get_whole (self->times);
  guint clock = gtk_drop_down_get_selected (self->clock), first = 0, end = workbench_series_get_length (whole);
  double x0, x1, y0, y1;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  workbench_chart_get_zoom (self->course, &x0, &x1, &y0, &y1);
  if (isfinite (x0))
    {
      first = workbench_series_find (whole, clock, x0);
      end = workbench_series_find (whole, clock, nextafter (x1, INFINITY));
    }
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  workbench_step_times_spread_async (self->times, first, end, self->cancellable, on_spread, self);
}

static void
order_spread (WorkbenchTimingView *self)
{
  workbench_glance_order_rarely (&self->new_spread, find_spread, self);
}

static void
on_zoomed (WorkbenchChart *chart, WorkbenchTimingView *self)
{
  order_spread (self);
}

/* --------------------------------------------------------------------------------------------------- course */

static void
on_times_changed (WorkbenchStepTimes *times, WorkbenchTimingView *self)
{
  gboolean any = workbench_series_get_length (workbench_step_times_get_whole (times)) > 0;

  gtk_label_set_text (self->source, !any ? ""
                                    : workbench_step_times_is_by_device (times)
                                        ? _("by timestamps of the device")
                                        : _("by the clock of the computer: the device has none of its own"));
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self->bands[0]));
  order_spread (self);
}

static void
set_up_axis (WorkbenchTimingView *self)
{
  WorkbenchClock clock = gtk_drop_down_get_selected (self->clock);
  DfkdStage kind = workbench_step_times_get_kind (self->times);
  const char *steps = kind == DFKD_N_STAGES       ? _("steps of all kinds, in their order")
                      : kind == DFKD_STAGE_DISTIL ? _("student step")
                                                  : _("inner step");

  workbench_chart_set_axes (self->course, clock == WORKBENCH_CLOCK_STEP ? steps : workbench_clock_name (clock), _("a step (ms)"));
  workbench_chart_set_counts (self->course, clock == WORKBENCH_CLOCK_STEP);
  for (guint i = 0; i < WORKBENCH_N_BANDS; i++)
    workbench_band_layer_set_clock (self->bands[i], clock);
  workbench_line_layer_set_clock (self->whole, clock);
  workbench_chart_zoom (self->course, (double) NAN, (double) NAN, (double) NAN, (double) NAN);
  order_spread (self);
}

static void
on_clock (GtkDropDown *drop_down, GParamSpec *spec, WorkbenchTimingView *self)
{
  if (self->times != NULL && gtk_drop_down_get_selected (drop_down) < WORKBENCH_N_CLOCKS)
    set_up_axis (self);
}

static void
on_kind (GtkDropDown *drop_down, GParamSpec *spec, WorkbenchTimingView *self)
{
  if (self->times == NULL || gtk_drop_down_get_selected (drop_down) > DFKD_N_STAGES)
    return;
  workbench_step_times_set_kind (self->times, gtk_drop_down_get_selected (drop_down));
  set_up_axis (self);
}

/* images a second, and what of the run's time goes into making them */
static void
show_rates (WorkbenchTimingView *self, const DfkdStatus *status)
{
  const DfkdClocks *c = &status->clocks;
  g_autofree char *text = NULL;

  if (c->total > 0.0 && c->generate > 0.0)
    text = g_strdup_printf (_("%.1f images a second of synthesis, %.1f of all · synthesis %.1f %% of the time, distillation %.1f %%, "
                               "evaluation %.1f %%, showing %.1f %%"),
                            (double) status->images / c->generate, (double) status->images / c->total, 100.0 * c->generate / c->total,
                            100.0 * c->distil / c->total, 100.0 * c->evaluate / c->total, 100.0 * c->show / c->total);
  workbench_readout_set_text (self->rates, text != NULL ? text : _("Rates are told once the first images are made"));
}

static void
show_status (gpointer data)
{
  WorkbenchTimingView *self = data;

  workbench_last_steps_show (&self->steps, workbench_document_get_status (self->document));
  show_rates (self, workbench_document_get_status (self->document));
}

static void
on_status (WorkbenchDocument *document, WorkbenchTimingView *self)
{
  workbench_glance_order (&self->new_status, show_status, self);
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
  workbench_glance_cancel (&self->new_status);
  g_set_object (&self->document, document);
  workbench_step_times_set_document (self->times, document);
  if (document == NULL)
    return;
  g_signal_connect (document, "status", G_CALLBACK (on_status), self);
  g_signal_connect (document, "rooflines", G_CALLBACK (on_rooflines), self);
  g_signal_connect (document, "event", G_CALLBACK (on_event), self);
  show_status (self);
  on_rooflines (document, self);
}

/* -------------------------------------------------------------------------------------------------- saving */

static const char *const *
get_endings (WorkbenchView *view)
{
  static const char *const endings[] = { ".svg", ".png", ".csv", ".json", NULL };

  return endings;
}

/* .json: a trace; else the course and, below it, the spread and the last steps */
static gboolean
save (WorkbenchView *view, const char *path, GError **error)
{
  WorkbenchTimingView *self = WORKBENCH_TIMING_VIEW (view);
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (DfkdStepTime));

  if (g_str_has_suffix (path, ".json"))
    return workbench_trace_save (self->document != NULL ? workbench_document_get_times (self->document, NULL) : none,
                                 self->document != NULL ? workbench_document_get_title (self->document) : "dfkd", path, error);
  return workbench_charts_save ((WorkbenchTitledChart[]){ { self->course, _("Each step by stage") }, { self->spread, _("Spread of the times by stage") },
                                                          { self->last, _("The last step of each kind, by stage") } }, 3, NULL, path, error);
}

static void
workbench_timing_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
  iface->get_endings = get_endings;
  iface->save = save;
}

/* -------------------------------------------------------------------------------------------- construction */

static void
workbench_timing_view_dispose (GObject *object)
{
  WorkbenchTimingView *self = WORKBENCH_TIMING_VIEW (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  workbench_glance_cancel (&self->new_spread);
  workbench_glance_cancel (&self->new_status);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->times != NULL)
    g_signal_handlers_disconnect_by_data (self->times, self);
  g_clear_object (&self->times);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_timing_view_parent_class)->dispose (object);
}

static void
workbench_timing_view_class_init (WorkbenchTimingViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_timing_view_dispose;
  g_type_ensure (WORKBENCH_TYPE_CHART);
  g_type_ensure (WORKBENCH_TYPE_COST_TABLE);
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-timing-view.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchTimingView, name)
  BIND (kind);
  BIND (clock);
  BIND (source);
  BIND (rates);
  BIND (course);
  BIND (spread);
  BIND (last);
  BIND (costs);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_kind);
  gtk_widget_class_bind_template_callback (widget_class, on_clock);
  gtk_widget_class_bind_template_callback (widget_class, on_zoomed);
  gtk_widget_class_bind_template_callback (widget_class, on_measure);
}

static void
add_layers (WorkbenchTimingView *self)
{
  for (guint i = 0; i < WORKBENCH_N_BANDS; i++)
    {
      self->bands[i] = workbench_band_layer_new (self->times, i, i > 0 ? self->bands[i - 1] : NULL);
      workbench_chart_add (self->course, WORKBENCH_CHART_LAYER (self->bands[i]));
    }
  self->whole = workbench_line_layer_new (workbench_step_times_get_whole (self->times), _("whole step, least to longest"),
                                          (GdkRGBA){ 0.5f, 0.5f, 0.5f, 1.0f });
  workbench_chart_add (self->course, WORKBENCH_CHART_LAYER (self->whole));
  self->boxes = workbench_box_layer_new (_("ms"));
  workbench_chart_add (self->spread, WORKBENCH_CHART_LAYER (self->boxes));
  workbench_last_steps_init (&self->steps, self->last);
  workbench_chart_set_axes (self->spread, _("a step (ms)"), "");
  workbench_chart_set_empty_text (self->course,
                                  _("What each stage of these steps takes will be drawn here once the first of them is done"));
  workbench_chart_set_empty_text (self->spread, _("How these times are spread will be drawn here"));
}

static void
workbench_timing_view_init (WorkbenchTimingView *self)
{
  g_autoptr (GtkStringList) kinds = gtk_string_list_new (NULL), clocks = workbench_clock_list ();

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < DFKD_N_STAGES; i++)
    gtk_string_list_append (kinds, workbench_step_title (i));
  gtk_string_list_append (kinds, _("all steps"));
  gtk_drop_down_set_model (self->kind, G_LIST_MODEL (kinds));
  gtk_drop_down_set_model (self->clock, G_LIST_MODEL (clocks));
  self->cancellable = g_cancellable_new ();
  self->times = workbench_step_times_new ();
  add_layers (self);
  g_signal_connect (self->times, "changed", G_CALLBACK (on_times_changed), self);
  g_signal_connect_swapped (self, "map", G_CALLBACK (order_spread), self);
  set_up_axis (self);
}
