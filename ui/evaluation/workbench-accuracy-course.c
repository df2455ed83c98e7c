/* workbench-accuracy-course.c: the lines of a chart of accuracies. */
#include "workbench-accuracy-course.h"

#include "workbench-line-layer.h"

#include <glib/gi18n.h>
#include <math.h>

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
add_line (WorkbenchAccuracyCourse *course, WorkbenchDocument *document, DfkdSeries series, guint colour)
{
  WorkbenchLineLayer *line = workbench_line_layer_new (workbench_document_get_series (document, series), NULL, workbench_palette (colour));

  g_ptr_array_add (course->lines, line);
  workbench_chart_add (course->chart, WORKBENCH_CHART_LAYER (line));
}

void
workbench_accuracy_course_show (WorkbenchAccuracyCourse *course, WorkbenchDocument *document, gboolean synthetic)
{
  course->synthetic = synthetic;
  for (guint i = 0; i < course->lines->len; i++)
    workbench_chart_remove (course->chart, g_ptr_array_index (course->lines, i));
  g_ptr_array_set_size (course->lines, 0);
  workbench_chart_set_empty_text (course->chart, synthetic ? _("Drawn from the first inner step on") : _("The student has not been measured yet"));
  workbench_chart_layer_set_visible (WORKBENCH_CHART_LAYER (course->teacher), !synthetic);
  if (document != NULL && synthetic)
    add_line (course, document, DFKD_SERIES_AGREEMENT, 1);
  else if (document != NULL)
    {
      add_line (course, document, DFKD_SERIES_ACCURACY, 0);
      add_line (course, document, DFKD_SERIES_AGREEMENT_TEST, 1);
    }
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
