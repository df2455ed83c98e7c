/* workbench-run-lines.h: the curves of a run in a chart, and of each run beside it the same that comes first of those that are shown. Part of a
 * view, not a widget of its own. */
#pragma once

#include "workbench-chart.h"
#include "workbench-document.h"
#include "workbench-line-layer.h"

G_BEGIN_DECLS

enum {
  WORKBENCH_MOST_CURVES = 9, /* of a run in one chart */
};

/** WorkbenchSeriesOf: the series in the chart @what that runs of @recipe have. Returns: how many */
typedef guint (*WorkbenchSeriesOf) (gconstpointer what, const DfkdRecipe *recipe, DfkdSeries series[WORKBENCH_MOST_CURVES]);

typedef struct {
  WorkbenchChart *chart;
  GPtrArray *lines; /* of WorkbenchLineLayer, owned by the chart: the run's own, then those of the runs beside it */
  GArray *beside;   /* those again */
  guint own, shown; /* how many are its own, and of which of them the others show the same */
  DfkdSeries series[WORKBENCH_MOST_CURVES]; /* of its own */
} WorkbenchRunLines;

void workbench_run_lines_init (WorkbenchRunLines *self, WorkbenchChart *chart);
void workbench_run_lines_clear (WorkbenchRunLines *self);
/**
 * workbench_run_lines_show: those that were there before go
 * @document: (nullable): without one the others show the first series
 * @others: (element-type WorkbenchDocument): in their colours and dashes
 * @colour: of its first curve, in the palette
 */
void workbench_run_lines_show (WorkbenchRunLines *self, WorkbenchDocument *document, const GPtrArray *others, WorkbenchSeriesOf series_of, gconstpointer what,
                               guint colour);
/** workbench_run_lines_set_clock: of all */
void workbench_run_lines_set_clock (WorkbenchRunLines *self, WorkbenchClock clock);
/** workbench_run_lines_set_half_life: likewise */
void workbench_run_lines_set_half_life (WorkbenchRunLines *self, double half_life);

G_END_DECLS
