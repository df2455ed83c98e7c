/* workbench-accuracy-course.c: the lines of a chart of accuracies. */
#include "workbench-accuracy-course.h"

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
  workbench_run_lines_init (&course->lines, chart);
  course->mark = workbench_mark_layer_new ();
  course->teacher = workbench_reference_layer_new ((double) NAN, _("teacher"));
  workbench_chart_add (chart, WORKBENCH_CHART_LAYER (course->teacher));
  workbench_chart_add (chart, WORKBENCH_CHART_LAYER (course->mark)); /* its name stands on the teacher's line */
  workbench_chart_set_y_limits (chart, 0.0, 100.0);
}

void
workbench_accuracy_course_clear (WorkbenchAccuracyCourse *course)
{
  workbench_run_lines_clear (&course->lines);
}

static guint
series_of (gconstpointer synthetic, const DfkdRecipe *recipe, DfkdSeries series[WORKBENCH_MOST_CURVES])
{
  if (GPOINTER_TO_INT (synthetic))
    {
      series[0] = DFKD_SERIES_AGREEMENT;
      return 1;
    }
  series[0] = DFKD_SERIES_ACCURACY;
  series[1] = DFKD_SERIES_AGREEMENT_TEST;
  return 2;
}

void
workbench_accuracy_course_show (WorkbenchAccuracyCourse *course, WorkbenchDocument *document, const GPtrArray *others, gboolean synthetic)
{
  course->synthetic = synthetic;
  workbench_chart_set_empty_text (course->chart, synthetic ? _("Drawn from the first inner step on") : _("The student has not been measured yet"));
  workbench_chart_layer_set_visible (WORKBENCH_CHART_LAYER (course->teacher), !synthetic);
  workbench_run_lines_show (&course->lines, document, others, series_of, GINT_TO_POINTER (synthetic), synthetic ? 1 : 0);
  workbench_overlays_make_room (course->chart, LEAST_HEIGHT, others->len);
}

void
workbench_accuracy_course_set_clock (WorkbenchAccuracyCourse *course, WorkbenchClock clock)
{
  const char *name = clock != WORKBENCH_CLOCK_STEP ? workbench_clock_name (clock) : course->synthetic ? _("inner step") : _("synthesis");

  workbench_chart_set_axes (course->chart, name, _("images (%)"));
  workbench_chart_set_counts (course->chart, clock == WORKBENCH_CLOCK_STEP);
  workbench_run_lines_set_clock (&course->lines, clock);
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
