/* workbench-accuracy-course.c: the lines of a chart of accuracies. */
#include "workbench-accuracy-course.h"

#include "workbench-line-layer.h"
#include "workbench-overlays.h"

#include <glib/gi18n.h>
#include <math.h>

enum {
  LEAST_HEIGHT = 150, /* of the chart, in pixels */
};

void
workbench_accuracy_course_init (WorkbenchAccuracyCourse *course, WorkbenchChart *chart)
{
  course->chart = chart;
  course->lines = g_ptr_array_new ();
  course->mark = workbench_mark_layer_new ();
  course->teacher = workbench_reference_layer_new ((double) NAN, _("teacher"));
  workbench_chart_add (chart, WORKBENCH_CHART_LAYER (course->mark));
  workbench_chart_add (chart, WORKBENCH_CHART_LAYER (course->teacher));
  workbench_chart_set_y_limits (chart, 0.0, 100.0);
}

void
workbench_accuracy_course_clear (WorkbenchAccuracyCourse *course)
{
  g_clear_pointer (&course->lines, g_ptr_array_unref);
}

static void
add_line (WorkbenchAccuracyCourse *course, WorkbenchLineLayer *line)
{
  g_ptr_array_add (course->lines, line);
  workbench_chart_add (course->chart, WORKBENCH_CHART_LAYER (line));
}

static void
add_other (WorkbenchAccuracyCourse *course, WorkbenchDocument *document, guint index, const DfkdSeries *series, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      WorkbenchLineLayer *line = workbench_overlays_new_line (document, index, workbench_series_label (series[i]), workbench_document_get_series (document, series[i]));

      workbench_chart_layer_set_visible (WORKBENCH_CHART_LAYER (line), i == 0);
      add_line (course, line);
    }
}

void
workbench_accuracy_course_show (WorkbenchAccuracyCourse *course, WorkbenchDocument *document, const GPtrArray *others, gboolean synthetic)
{
  static const DfkdSeries measured[] = { DFKD_SERIES_ACCURACY, DFKD_SERIES_AGREEMENT_TEST }, inner[] = { DFKD_SERIES_AGREEMENT };
  const DfkdSeries *series = synthetic ? inner : measured;
  const guint count = synthetic ? G_N_ELEMENTS (inner) : G_N_ELEMENTS (measured);

  course->synthetic = synthetic;
  for (guint i = 0; i < course->lines->len; i++)
    workbench_chart_remove (course->chart, g_ptr_array_index (course->lines, i));
  g_ptr_array_set_size (course->lines, 0);
  workbench_chart_set_empty_text (course->chart, synthetic ? _("Drawn from the first inner step on") : _("The student has not been measured yet"));
  workbench_chart_layer_set_visible (WORKBENCH_CHART_LAYER (course->teacher), !synthetic);
  for (guint i = 0; i < count && document != NULL; i++)
    add_line (course, workbench_line_layer_new (workbench_document_get_series (document, series[i]), NULL, workbench_palette (synthetic ? 1 : i)));
  for (guint i = 0; i < others->len; i++)
    add_other (course, g_ptr_array_index (others, i), i, series, count);
  workbench_overlays_make_room (course->chart, LEAST_HEIGHT, others->len);
}

void
workbench_accuracy_course_set_clock (WorkbenchAccuracyCourse *course, WorkbenchClock clock)
{
  const char *name = clock != WORKBENCH_CLOCK_STEP ? workbench_clock_name (clock) : course->synthetic ? _("inner step") : _("synthesis");

  workbench_chart_set_axes (course->chart, name, _("images (%)"));
  workbench_chart_set_counts (course->chart, clock == WORKBENCH_CLOCK_STEP);
  for (guint i = 0; i < course->lines->len; i++)
    workbench_line_layer_set_clock (g_ptr_array_index (course->lines, i), clock);
  workbench_mark_layer_set_clock (course->mark, clock);
}

void
workbench_accuracy_course_mark (WorkbenchAccuracyCourse *course, WorkbenchDocument *document, guint synthesis)
{
  WorkbenchSeries *series = document != NULL ? workbench_document_get_series (document, DFKD_SERIES_ACCURACY) : NULL;
  g_autofree char *text = g_strdup_printf (_("shown: synthesis %u"), synthesis);
  double x[WORKBENCH_N_CLOCKS];
  guint index = series != NULL ? workbench_series_find (series, WORKBENCH_CLOCK_STEP, synthesis) : 0;

  workbench_mark_layer_clear (course->mark);
  if (synthesis == 0 || series == NULL || index >= workbench_series_get_length (series))
    return;
  for (guint clock = 0; clock < WORKBENCH_N_CLOCKS; clock++)
    x[clock] = workbench_series_get_x (series, clock, index);
  workbench_mark_layer_add (course->mark, x, text);
}
