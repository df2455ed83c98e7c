/* workbench-mark-layer.h: upright lines where something happened, as where a dial was turned. */
#pragma once

#include "workbench-chart-layer.h"
#include "workbench-clock.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_MARK_LAYER (workbench_mark_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchMarkLayer, workbench_mark_layer, WORKBENCH, MARK_LAYER, WorkbenchChartLayer)

WorkbenchMarkLayer *workbench_mark_layer_new (void);
/** workbench_mark_layer_add: at @x by clock; @text "k 5 → 2" */
void workbench_mark_layer_add (WorkbenchMarkLayer *self, const double x[WORKBENCH_N_CLOCKS], const char *text);
void workbench_mark_layer_set_clock (WorkbenchMarkLayer *self, WorkbenchClock clock);
void workbench_mark_layer_clear (WorkbenchMarkLayer *self);

G_END_DECLS
