/* workbench-line-layer.h: a curve: its smoothed course over the raw one, which is an envelope where points are denser than
 * pixels. */
#pragma once

#include "workbench-chart-layer.h"
#include "workbench-series.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_LINE_LAYER (workbench_line_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchLineLayer, workbench_line_layer, WORKBENCH, LINE_LAYER, WorkbenchChartLayer)

/** workbench_line_layer_new: @title: (nullable): instead of the series' own */
WorkbenchLineLayer *workbench_line_layer_new (WorkbenchSeries *series, const char *title, GdkRGBA colour);
WorkbenchSeries *workbench_line_layer_get_series (WorkbenchLineLayer *self);
void workbench_line_layer_set_clock (WorkbenchLineLayer *self, WorkbenchClock clock);
/** workbench_line_layer_set_half_life: of smoothing, in steps; 0: none. */
void workbench_line_layer_set_half_life (WorkbenchLineLayer *self, double half_life);
/** workbench_line_layer_set_dash: 0: drawn through; 1, 2 …: patterns for the runs beside the present one. */
void workbench_line_layer_set_dash (WorkbenchLineLayer *self, guint dash);

G_END_DECLS
