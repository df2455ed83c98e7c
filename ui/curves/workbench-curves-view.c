/* workbench-curves-view.c: groups of curves as linked charts. */
#include "workbench-curves-view.h"

#include "workbench-chart.h"
#include "workbench-containers.h"
#include "workbench-curve-groups.h"
#include "workbench-drawing.h"
#include "workbench-mark-layer.h"
#include "workbench-overlays.h"
#include "workbench-published-choice.h"
#include "workbench-reference-layer.h"
#include "workbench-run-lines.h"

#include <glib/gi18n.h>
#include <math.h>

enum {
  LEAST_HEIGHT = 150, /* of a chart, in pixels */
};

typedef struct {
  WorkbenchChart *chart;
  WorkbenchRunLines lines;
  WorkbenchMarkLayer *marks;
  WorkbenchReferenceLayer *teacher; /* in the group of accuracies */
} Group;

struct _WorkbenchCurvesView
{
  GtkBox parent_instance;

  GtkDropDown *clock;
  GtkAdjustment *half_life;
  GtkLabel *half_life_text;
  GtkButton *reset;
  GtkBox *groups;

  Group group[WORKBENCH_N_CURVE_GROUPS];
  WorkbenchDocument *document;
  WorkbenchOverlays *overlays;
  WorkbenchPublishedChoice *published; /* has lines in the chart of accuracies */
};

static void workbench_curves_view_view_init (WorkbenchViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchCurvesView, workbench_curves_view, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (WORKBENCH_TYPE_VIEW, workbench_curves_view_view_init))

static WorkbenchClock
clock_of (WorkbenchCurvesView *self)
{
  guint selected = gtk_drop_down_get_selected (self->clock);

  return selected < WORKBENCH_N_CLOCKS ? (WorkbenchClock) selected : WORKBENCH_CLOCK_STEP;
}

static double
half_life_of (WorkbenchCurvesView *self)
{
  double notch = gtk_adjustment_get_value (self->half_life);

  return notch <= 0.0 ? 0.0 : exp2 (notch);
}

static void
set_up_axis (WorkbenchCurvesView *self, guint index)
{
  WorkbenchClock clock = clock_of (self);
  Group *group = &self->group[index];

  workbench_chart_set_axes (group->chart, clock == WORKBENCH_CLOCK_STEP ? workbench_curve_step_name (workbench_curve_groups[index].steps) : workbench_clock_name (clock),
                            _(workbench_curve_groups[index].y_name));
  workbench_chart_set_counts (group->chart, clock == WORKBENCH_CLOCK_STEP);
  workbench_run_lines_set_clock (&group->lines, clock);
  workbench_run_lines_set_half_life (&group->lines, workbench_curve_groups[index].series[0] == DFKD_SERIES_LR_STUDENT ? 0.0 : half_life_of (self));
  workbench_mark_layer_set_clock (group->marks, clock);
}

/* those whose axes tell the same zoom together: charts that count the same steps, and over time all */
static void
link_charts (WorkbenchCurvesView *self)
{
  const gboolean over_time = clock_of (self) != WORKBENCH_CLOCK_STEP;

  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    for (guint j = 0; j < i; j++)
      {
        workbench_chart_unlink (self->group[i].chart, self->group[j].chart);
        if (over_time || workbench_curve_groups[i].steps == workbench_curve_groups[j].steps)
          workbench_chart_link (self->group[i].chart, self->group[j].chart);
      }
}

static void
on_clock (GtkDropDown *drop_down, GParamSpec *spec, WorkbenchCurvesView *self)
{
  if (self->group[0].chart == NULL)
    return;
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    {
      workbench_chart_zoom (self->group[i].chart, (double) NAN, (double) NAN, (double) NAN, (double) NAN);
      set_up_axis (self, i);
    }
  link_charts (self);
}

static void
on_smoothing (GtkAdjustment *adjustment, WorkbenchCurvesView *self)
{
  double half_life = half_life_of (self);
  g_autofree char *text = half_life > 0.0 ? g_strdup_printf (_("%.0f steps"), half_life) : g_strdup (_("raw"));

  gtk_label_set_text (self->half_life_text, text);
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    if (self->group[i].chart != NULL)
      set_up_axis (self, i);
}

static void
on_logarithmic (GtkToggleButton *button, WorkbenchCurvesView *self)
{
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    if (workbench_curve_groups[i].may_be_logarithmic)
      workbench_chart_set_logarithmic (self->group[i].chart, gtk_toggle_button_get_active (button));
}

static void
on_reset (GtkButton *button, WorkbenchCurvesView *self)
{
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    workbench_chart_zoom (self->group[i].chart, (double) NAN, (double) NAN, (double) NAN, (double) NAN);
}

static void
on_zoomed (WorkbenchChart *chart, WorkbenchCurvesView *self)
{
  gboolean zoomed = FALSE;

  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    {
      double x0, x1, y0, y1;

      workbench_chart_get_zoom (self->group[i].chart, &x0, &x1, &y0, &y1);
      zoomed |= isfinite (x0) || isfinite (y0);
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->reset), zoomed);
}

/* --------------------------------------------------------------------------------------------------- lines */

static guint
series_of (gconstpointer group, const DfkdRecipe *recipe, DfkdSeries series[WORKBENCH_MOST_CURVES])
{
  return workbench_curve_group_series (group, recipe, series);
}

static void
add_mark (WorkbenchCurvesView *self, const WorkbenchMark *mark)
{
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    workbench_mark_layer_add (self->group[i].marks,
                              workbench_curve_groups[i].steps == WORKBENCH_BY_INNER_STEP     ? mark->inner
                              : workbench_curve_groups[i].steps == WORKBENCH_BY_STUDENT_STEP ? mark->student
                                                                   : mark->synthesis,
                              mark->text);
}

static void
on_mark (WorkbenchDocument *document, const WorkbenchMark *mark, WorkbenchCurvesView *self)
{
  if (mark != NULL)
    add_mark (self, mark);
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS && mark == NULL; i++)
    workbench_mark_layer_clear (self->group[i].marks);
}

/* A branch has a student that has learnt, and may have been measured, before anything of it is drawn. */
static const char *
empty_text (const WorkbenchCurveGroup *group, const DfkdStatus *status)
{
  if (status->state == DFKD_STATE_FAILED)
    return _("The run has failed");
  if (group->steps == WORKBENCH_BY_STUDENT_STEP && status->clocks.distil > 0.0)
    return _("Drawn from the next student step on");
  if (group->steps == WORKBENCH_BY_SYNTHESIS && isfinite (status->accuracy))
    return _("Drawn from the next evaluation on");
  return _(group->empty);
}

static void
on_status (WorkbenchDocument *document, WorkbenchCurvesView *self)
{
  const DfkdStatus *status = workbench_document_get_status (document);

  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    {
      workbench_chart_set_empty_text (self->group[i].chart, empty_text (&workbench_curve_groups[i], status));
      if (self->group[i].teacher != NULL)
        workbench_reference_layer_set_value (self->group[i].teacher, status->teacher_accuracy);
    }
}

static void
fill (WorkbenchCurvesView *self)
{
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    {
      Group *group = &self->group[i];

      workbench_mark_layer_clear (group->marks);
      workbench_run_lines_show (&group->lines, self->document, workbench_overlays_get (self->overlays), series_of, &workbench_curve_groups[i], 0);
      /* each run has a line of the legend */
      workbench_overlays_make_room (group->chart, LEAST_HEIGHT, workbench_curve_groups[i].count > 1 ? workbench_overlays_get (self->overlays)->len : 0);
      set_up_axis (self, i);
    }
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS && self->document == NULL; i++)
    workbench_chart_set_empty_text (self->group[i].chart, _("No run is open"));
  if (self->document == NULL)
    return;
  for (guint i = 0; i < workbench_document_get_marks (self->document)->len; i++)
    add_mark (self, &g_array_index (workbench_document_get_marks (self->document), WorkbenchMark, i));
  on_status (self->document, self);
}

static void
set_document (WorkbenchView *view, WorkbenchDocument *document)
{
  WorkbenchCurvesView *self = WORKBENCH_CURVES_VIEW (view);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  workbench_overlays_set_document (self->overlays, document);
  workbench_published_choice_look (self->published, document != NULL ? workbench_document_get_recipe (document) : NULL);
  if (document != NULL)
    {
      g_signal_connect (document, "mark", G_CALLBACK (on_mark), self);
      g_signal_connect (document, "status", G_CALLBACK (on_status), self);
    }
  fill (self);
}

static void
set_comparison (WorkbenchView *view, WorkbenchComparison *comparison)
{
  workbench_overlays_set_comparison (WORKBENCH_CURVES_VIEW (view)->overlays, comparison);
}

static void
on_overlays (WorkbenchOverlays *overlays, WorkbenchCurvesView *self)
{
  if (self->group[WORKBENCH_N_CURVE_GROUPS - 1].lines.lines != NULL) /* not while it is being made, or taken apart */
    fill (self);
}

/* -------------------------------------------------------------------------------------------------- saving */

static const char *const *
get_endings (WorkbenchView *view)
{
  return workbench_drawing_endings;
}

/* all groups in one file */
static gboolean
save (WorkbenchView *view, const char *path, GError **error)
{
  WorkbenchCurvesView *self = WORKBENCH_CURVES_VIEW (view);

  WorkbenchTitledChart charts[WORKBENCH_N_CURVE_GROUPS];

  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    charts[i] = (WorkbenchTitledChart){ self->group[i].chart, _(workbench_curve_groups[i].title) };
  return workbench_charts_save (charts, WORKBENCH_N_CURVE_GROUPS, NULL, path, error);
}

static void
workbench_curves_view_view_init (WorkbenchViewInterface *iface)
{
  iface->set_document = set_document;
  iface->set_comparison = set_comparison;
  iface->get_endings = get_endings;
  iface->save = save;
}

/* -------------------------------------------------------------------------------------------- construction */

static void
make_group (WorkbenchCurvesView *self, guint index)
{
  Group *group = &self->group[index];
  GtkWidget *heading = gtk_label_new (_(workbench_curve_groups[index].title));

  gtk_label_set_xalign (GTK_LABEL (heading), 0.0f);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (self->groups, heading);
  group->chart = g_object_new (WORKBENCH_TYPE_CHART, "vexpand", TRUE, NULL);
  workbench_run_lines_init (&group->lines, group->chart);
  gtk_accessible_update_property (GTK_ACCESSIBLE (group->chart), GTK_ACCESSIBLE_PROPERTY_LABEL, _(workbench_curve_groups[index].title), -1);
  workbench_chart_set_empty_text (group->chart, _(workbench_curve_groups[index].empty));
  group->marks = workbench_mark_layer_new ();
  if (workbench_curve_groups[index].series[0] == DFKD_SERIES_ACCURACY)
    {
      group->teacher = workbench_reference_layer_new ((double) NAN, _("teacher"));
      workbench_chart_add (group->chart, WORKBENCH_CHART_LAYER (group->teacher));
      workbench_published_choice_set_chart (self->published, group->chart);
    }
  workbench_chart_add (group->chart, WORKBENCH_CHART_LAYER (group->marks)); /* their names stand on the teacher's line */
  g_signal_connect (group->chart, "zoomed", G_CALLBACK (on_zoomed), self);
  gtk_box_append (self->groups, GTK_WIDGET (group->chart));
}

static void
workbench_curves_view_dispose (GObject *object)
{
  WorkbenchCurvesView *self = WORKBENCH_CURVES_VIEW (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    workbench_run_lines_clear (&self->group[i].lines);
  workbench_clear_box (GTK_BOX (self));
  G_OBJECT_CLASS (workbench_curves_view_parent_class)->dispose (object);
}

static void
workbench_curves_view_class_init (WorkbenchCurvesViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_curves_view_dispose;
  g_type_ensure (WORKBENCH_TYPE_OVERLAYS);
  g_type_ensure (WORKBENCH_TYPE_PUBLISHED_CHOICE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-curves-view.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchCurvesView, name)
  BIND (clock);
  BIND (half_life);
  BIND (half_life_text);
  BIND (reset);
  BIND (overlays);
  BIND (published);
  BIND (groups);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_clock);
  gtk_widget_class_bind_template_callback (widget_class, on_smoothing);
  gtk_widget_class_bind_template_callback (widget_class, on_logarithmic);
  gtk_widget_class_bind_template_callback (widget_class, on_reset);
  gtk_widget_class_bind_template_callback (widget_class, on_overlays);
}

static void
workbench_curves_view_init (WorkbenchCurvesView *self)
{
  g_autoptr (GtkStringList) clocks = workbench_clock_list ();

  gtk_widget_init_template (GTK_WIDGET (self));
  workbench_overlays_take_drops (self->overlays, GTK_WIDGET (self));
  gtk_drop_down_set_model (self->clock, G_LIST_MODEL (clocks));
  for (guint i = 0; i < WORKBENCH_N_CURVE_GROUPS; i++)
    make_group (self, i);
  link_charts (self);
  on_smoothing (self->half_life, self);
}
