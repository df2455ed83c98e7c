/* workbench-timing-view.c: the course of the steps' times, their spread, the last steps, and costs beside the device's limits. */
#include "workbench-timing-view.h"

#include "workbench-band-layer.h"
#include "workbench-chart.h"
#include "workbench-containers.h"
#include "workbench-cost-table.h"
#include "workbench-glance.h"
#include "workbench-last-steps.h"
#include "workbench-line-layer.h"
#include "workbench-overlays.h"
#include "workbench-readout.h"
#include "workbench-step-spread.h"
#include "workbench-trace.h"

#include <glib/gi18n.h>
#include <math.h>

enum {
  LEAST_HEIGHT = 230, /* of the course, in pixels */
};

/* a run that is compared */
typedef struct {
  WorkbenchDocument *document;
  WorkbenchStepTimes *times;
  WorkbenchLineLayer *whole; /* owned by the chart */
} Beside;

struct _WorkbenchTimingView
{
  GtkBox parent_instance;

  GtkDropDown *kind, *clock;
  GtkLabel *source;
  WorkbenchReadout *rates;
  WorkbenchOverlays *overlays;
  WorkbenchChart *course, *spread, *last;
  WorkbenchCostTable *costs;

  WorkbenchStepTimes *times;
  WorkbenchBandLayer *bands[WORKBENCH_N_BANDS]; /* owned by the chart */
  WorkbenchLineLayer *whole;
  WorkbenchStepSpread spreads; /* in spread */
  WorkbenchLastSteps steps; /* in last */
  WorkbenchDocument *document;
  GArray *beside; /* of Beside */
  WorkbenchGlance new_spread, new_status;
};

static void workbench_timing_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchTimingView, workbench_timing_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_timing_view_view_init))

/* --------------------------------------------------------------------------------------------------- spread */

/* of the steps that the chart above shows */
static void
find_spread (gpointer data)
{
  WorkbenchTimingView *self = data;
  WorkbenchTimedRun runs[1 + WORKBENCH_MOST_COMPARED] = { { self->times, NULL, { 0.5f, 0.5f, 0.5f, 1.0f } } };
  double x0, x1, y0, y1;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  workbench_chart_get_zoom (self->course, &x0, &x1, &y0, &y1);
  for (guint i = 0; i < self->beside->len; i++)
    {
      const Beside *beside = &g_array_index (self->beside, Beside, i);

      runs[1 + i] = (WorkbenchTimedRun){ beside->times, workbench_document_get_name (beside->document), workbench_overlays_colour (i) };
    }
  workbench_step_spread_find (&self->spreads, runs, 1 + self->beside->len, gtk_drop_down_get_selected (self->clock), x0, x1);
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
  for (guint i = 0; i < self->beside->len; i++)
    workbench_line_layer_set_clock (g_array_index (self->beside, Beside, i).whole, clock);
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
  for (guint i = 0; i < self->beside->len; i++)
    workbench_step_times_set_kind (g_array_index (self->beside, Beside, i).times, gtk_drop_down_get_selected (drop_down));
  set_up_axis (self);
}

/* images a second, and what of the run's time goes into making them */
static char *
rates_text (const DfkdStatus *status)
{
  const DfkdClocks *c = &status->clocks;
  g_autofree char *shares = NULL;

  if (c->total <= 0.0 || c->generate <= 0.0)
    return g_strdup (_("Rates are told once the first images are made"));
  shares = g_strdup_printf (_("synthesis %.1f %% of the time, distillation %.1f %%, evaluation %.1f %%, showing %.1f %%"), 100.0 * c->generate / c->total,
                            100.0 * c->distil / c->total, 100.0 * c->evaluate / c->total, 100.0 * c->show / c->total);
  if (status->images == 0) /* the method keeps none */
    return g_steal_pointer (&shares);
  return g_strdup_printf (_("%.1f images a second of synthesis, %.1f of all · %s"), (double) status->images / c->generate,
                          (double) status->images / c->total, shares);
}

/* a line for each run */
static void
show_rates (WorkbenchTimingView *self)
{
  g_autofree char *own = rates_text (workbench_document_get_status (self->document));
  g_autoptr (GString) text = g_string_new (own);

  for (guint i = 0; i < self->beside->len; i++)
    {
      WorkbenchDocument *document = g_array_index (self->beside, Beside, i).document;
      const DfkdStatus *status = workbench_document_get_status (document);

      if (status->clocks.generate > 0.0 && status->images > 0)
        {
          g_string_append_c (text, '\n');
          g_string_append_printf (text, _("%s: %.1f images a second of synthesis, %.1f of all"), workbench_document_get_name (document),
                                  (double) status->images / status->clocks.generate, (double) status->images / status->clocks.total);
        }
    }
  workbench_readout_set_text (self->rates, text->str);
}

static void
show_status (gpointer data)
{
  WorkbenchTimingView *self = data;

  if (self->document == NULL)
    return;
  workbench_last_steps_show (&self->steps, workbench_document_get_status (self->document));
  show_rates (self);
}

static gboolean
can_measure (WorkbenchTimingView *self)
{
  WorkbenchRun *run = self->document != NULL ? workbench_document_get_run (self->document) : NULL;
  const DfkdStatus *status = run != NULL ? workbench_run_get_status (run) : NULL;

  return status != NULL && status->state != DFKD_STATE_FINISHED && status->state != DFKD_STATE_FAILED;
}

static void
on_status (WorkbenchDocument *document, WorkbenchTimingView *self)
{
  if (!can_measure (self)) /* a run that has come to its end answers no more */
    workbench_cost_table_fail (self->costs, _("There is no run to measure"));
  workbench_glance_order (&self->new_status, show_status, self);
}

/* ----------------------------------------------------------------------------------------------- runs beside */

static void
leave_beside (WorkbenchTimingView *self)
{
  for (guint i = 0; i < self->beside->len; i++)
    {
      Beside *beside = &g_array_index (self->beside, Beside, i);

      g_signal_handlers_disconnect_by_data (beside->document, self);
      g_signal_handlers_disconnect_by_data (beside->times, self);
      g_object_unref (beside->document);
      g_object_unref (beside->times);
    }
  g_array_set_size (self->beside, 0);
}

static void
on_times_beside (WorkbenchStepTimes *times, WorkbenchTimingView *self)
{
  order_spread (self);
}

/* a line of whole steps for each, as in all charts of it */
static void
add_beside (WorkbenchTimingView *self, WorkbenchDocument *document, guint index)
{
  Beside beside = { g_object_ref (document), workbench_step_times_new (), NULL };

  workbench_step_times_set_kind (beside.times, workbench_step_times_get_kind (self->times));
  workbench_step_times_set_document (beside.times, document);
  beside.whole = workbench_overlays_new_line (document, index, _("whole step"), workbench_step_times_get_whole (beside.times));
  workbench_line_layer_set_clock (beside.whole, gtk_drop_down_get_selected (self->clock));
  workbench_chart_add (self->course, WORKBENCH_CHART_LAYER (beside.whole));
  g_signal_connect (document, "status", G_CALLBACK (on_status), self);
  g_signal_connect (beside.times, "changed", G_CALLBACK (on_times_beside), self);
  g_array_append_val (self->beside, beside);
}

static void
on_overlays (WorkbenchOverlays *overlays, WorkbenchTimingView *self)
{
  const GPtrArray *documents = workbench_overlays_get (overlays);

  if (self->times == NULL) /* while it is being made, or taken apart */
    return;
  for (guint i = 0; i < self->beside->len; i++)
    workbench_chart_remove (self->course, WORKBENCH_CHART_LAYER (g_array_index (self->beside, Beside, i).whole));
  leave_beside (self);
  for (guint i = 0; i < documents->len; i++)
    add_beside (self, g_ptr_array_index (documents, i), i);
  workbench_overlays_make_room (self->course, LEAST_HEIGHT, documents->len);
  order_spread (self);
  show_status (self);
}

/* ------------------------------------------------------------------------------------------------------ costs */

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
  if (can_measure (self))
    dfkd_session_profile (workbench_run_get_session (workbench_document_get_run (self->document)));
  else
    workbench_cost_table_fail (table, _("There is no run to measure"));
}

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchTimingView *self = WORKBENCH_TIMING_VIEW (view);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  workbench_glance_cancel (&self->new_status);
  workbench_cost_table_clear (self->costs);
  g_set_object (&self->document, document);
  workbench_overlays_set_document (self->overlays, document);
  workbench_step_times_set_document (self->times, document);
  if (document == NULL)
    return;
  g_signal_connect (document, "status", G_CALLBACK (on_status), self);
  g_signal_connect (document, "rooflines", G_CALLBACK (on_rooflines), self);
  g_signal_connect (document, "event", G_CALLBACK (on_event), self);
  show_status (self);
  on_rooflines (document, self);
}

static void
set_comparison (WorkbenchView *view, WorkbenchComparison *comparison)
{
  workbench_overlays_set_comparison (WORKBENCH_TIMING_VIEW (view)->overlays, comparison);
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
  iface->set_comparison = set_comparison;
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
  workbench_step_spread_clear (&self->spreads);
  if (self->beside != NULL)
    leave_beside (self);
  g_clear_pointer (&self->beside, g_array_unref);
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
  g_type_ensure (WORKBENCH_TYPE_OVERLAYS);
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-timing-view.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchTimingView, name)
  BIND (kind);
  BIND (clock);
  BIND (source);
  BIND (rates);
  BIND (overlays);
  BIND (course);
  BIND (spread);
  BIND (last);
  BIND (costs);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_kind);
  gtk_widget_class_bind_template_callback (widget_class, on_clock);
  gtk_widget_class_bind_template_callback (widget_class, on_zoomed);
  gtk_widget_class_bind_template_callback (widget_class, on_overlays);
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
  workbench_step_spread_init (&self->spreads, self->spread);
  workbench_last_steps_init (&self->steps, self->last);
  workbench_chart_set_empty_text (self->course,
                                  _("What each stage of these steps takes will be drawn here once the first of them is done"));
}

static void
workbench_timing_view_init (WorkbenchTimingView *self)
{
  g_autoptr (GtkStringList) kinds = gtk_string_list_new (NULL), clocks = workbench_clock_list ();

  self->beside = g_array_new (FALSE, FALSE, sizeof (Beside));
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < DFKD_N_STAGES; i++)
    gtk_string_list_append (kinds, workbench_step_title (i));
  gtk_string_list_append (kinds, _("all steps"));
  gtk_drop_down_set_model (self->kind, G_LIST_MODEL (kinds));
  gtk_drop_down_set_model (self->clock, G_LIST_MODEL (clocks));
  workbench_overlays_take_drops (self->overlays, GTK_WIDGET (self));
  self->times = workbench_step_times_new ();
  add_layers (self);
  g_signal_connect (self->times, "changed", G_CALLBACK (on_times_changed), self);
  g_signal_connect_swapped (self, "map", G_CALLBACK (order_spread), self);
  set_up_axis (self);
}
