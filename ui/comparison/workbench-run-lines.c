/* workbench-run-lines.c: all curves of all runs are there, also to be saved; which are seen follows the run's own. */
#include "workbench-run-lines.h"

#include "workbench-overlays.h"

/* a curve of a run beside */
typedef struct {
  WorkbenchChartLayer *layer;
  DfkdSeries series;
  guint run; /* which */
} Beside;

void
workbench_run_lines_init (WorkbenchRunLines *self, WorkbenchChart *chart)
{
  self->chart = chart;
  self->lines = g_ptr_array_new ();
  self->beside = g_array_new (FALSE, FALSE, sizeof (Beside));
}

static void
forget_own (WorkbenchRunLines *self)
{
  for (guint i = 0; i < self->own; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->lines, i), self);
  self->own = self->shown = 0;
}

void
workbench_run_lines_clear (WorkbenchRunLines *self)
{
  if (self->lines == NULL)
    return;
  forget_own (self);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->beside, g_array_unref);
}

/* A run beside has one colour and one dash, and so one curve. If it is hidden in the legend it stays so when it becomes another one. */
static void
show_same (WorkbenchRunLines *self)
{
  gboolean hidden[WORKBENCH_MOST_COMPARED] = { FALSE };

  for (guint i = 0; i < self->beside->len; i++)
    {
      const Beside *beside = &g_array_index (self->beside, Beside, i);

      hidden[beside->run] |= workbench_chart_layer_get_listed (beside->layer) && !workbench_chart_layer_get_visible (beside->layer);
    }
  for (guint i = 0; i < self->beside->len; i++)
    {
      const Beside *beside = &g_array_index (self->beside, Beside, i);
      const gboolean same = beside->series == self->series[self->shown];

      workbench_chart_layer_set_listed (beside->layer, same);
      workbench_chart_layer_set_visible (beside->layer, same && !hidden[beside->run]);
    }
}

static void
on_own_line (WorkbenchChartLayer *line, WorkbenchRunLines *self)
{
  guint first = 0;

  while (first < self->own && !workbench_chart_layer_get_visible (g_ptr_array_index (self->lines, first)))
    first++;
  if (first == self->own || first == self->shown)
    return;
  self->shown = first;
  show_same (self);
}

static void
add_line (WorkbenchRunLines *self, WorkbenchLineLayer *line)
{
  g_ptr_array_add (self->lines, line);
  workbench_chart_add (self->chart, WORKBENCH_CHART_LAYER (line));
}

static void
add_other (WorkbenchRunLines *self, WorkbenchDocument *document, guint run, WorkbenchSeriesOf series_of, gconstpointer what)
{
  DfkdSeries all[WORKBENCH_MOST_CURVES];
  guint count = series_of (what, workbench_document_get_recipe (document), all);

  for (guint i = 0; i < count; i++)
    {
      WorkbenchSeries *series = workbench_document_get_series (document, all[i]);
      WorkbenchLineLayer *line = workbench_overlays_new_line (document, run, workbench_series_get_title (series), series);
      Beside beside = { WORKBENCH_CHART_LAYER (line), all[i], run };

      add_line (self, line);
      g_array_append_val (self->beside, beside);
    }
}

void
workbench_run_lines_show (WorkbenchRunLines *self, WorkbenchDocument *document, const GPtrArray *others, WorkbenchSeriesOf series_of, gconstpointer what,
                          guint colour)
{
  WorkbenchDocument *first = document != NULL ? document : others->len > 0 ? g_ptr_array_index (others, 0) : NULL;
  guint own = first != NULL ? series_of (what, workbench_document_get_recipe (first), self->series) : 0;

  forget_own (self);
  for (guint i = 0; i < self->lines->len; i++)
    workbench_chart_remove (self->chart, g_ptr_array_index (self->lines, i));
  g_ptr_array_set_size (self->lines, 0);
  g_array_set_size (self->beside, 0);
  for (guint i = 0; i < own && document != NULL; i++)
    {
      WorkbenchLineLayer *line = workbench_line_layer_new (workbench_document_get_series (document, self->series[i]), NULL, workbench_palette (colour + i));

      add_line (self, line);
      g_signal_connect (line, "changed", G_CALLBACK (on_own_line), self);
    }
  self->own = document != NULL ? own : 0;
  for (guint i = 0; i < others->len; i++)
    add_other (self, g_ptr_array_index (others, i), i, series_of, what);
  show_same (self);
}

void
workbench_run_lines_set_clock (WorkbenchRunLines *self, WorkbenchClock clock)
{
  for (guint i = 0; i < self->lines->len; i++)
    workbench_line_layer_set_clock (g_ptr_array_index (self->lines, i), clock);
}

void
workbench_run_lines_set_half_life (WorkbenchRunLines *self, double half_life)
{
  for (guint i = 0; i < self->lines->len; i++)
    workbench_line_layer_set_half_life (g_ptr_array_index (self->lines, i), half_life);
}
