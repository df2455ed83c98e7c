/* workbench-last-steps.h: the last step of each kind as a row of its stages, one beside the other. The chart is the caller's. */
#pragma once

#include "workbench-chart.h"
#include "workbench-row-layer.h"
#include "workbench-step-times.h"

G_BEGIN_DECLS

typedef struct {
  WorkbenchRowLayer *whole; /* below the stages, with its time; the chart owns all of them */
  WorkbenchRowLayer *stages[WORKBENCH_N_BANDS];
} WorkbenchLastSteps;

/** workbench_last_steps_init: adds the layers to @chart, and names rows and axes. */
void workbench_last_steps_init (WorkbenchLastSteps *self, WorkbenchChart *chart);
void workbench_last_steps_show (WorkbenchLastSteps *self, const DfkdStatus *status);

G_END_DECLS
