/* workbench-step-spread.h: fills a chart with how the times of steps are spread: a box for each stage of the present run, and for whole steps
 * one for each run beside it. Part of a view, not a widget of its own. */
#pragma once

#include "workbench-box-layer.h"
#include "workbench-chart.h"
#include "workbench-step-times.h"

G_BEGIN_DECLS

typedef struct {
  WorkbenchChart *chart;
  WorkbenchBoxLayer *boxes; /* owned by the chart */
  GCancellable *cancellable; /* of the search that goes on */
} WorkbenchStepSpread;

/** WorkbenchTimedRun: the steps of one run. */
typedef struct {
  WorkbenchStepTimes *times;
  const char *title; /* NULL: the present one */
  GdkRGBA colour;
} WorkbenchTimedRun;

/** workbench_step_spread_init: adds the boxes to @chart, which outlives it */
void workbench_step_spread_init (WorkbenchStepSpread *self, WorkbenchChart *chart);
/** workbench_step_spread_find: of the steps between x0 and x1 by @clock (NaN: all), in the background; shows what is found in place of what is there.
 * @runs: the present one, then those beside; titles are copied */
void workbench_step_spread_find (WorkbenchStepSpread *self, const WorkbenchTimedRun *runs, guint count, WorkbenchClock clock, double x0, double x1);
/** workbench_step_spread_clear: ends what goes on in the background */
void workbench_step_spread_clear (WorkbenchStepSpread *self);

G_END_DECLS
