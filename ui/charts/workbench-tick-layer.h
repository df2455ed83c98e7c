/* workbench-tick-layer.h: an upright stroke in each row of a chart whose y axis has names, over the bars there: another run's value for the
 * same class. Row i lies about y = i. */
#pragma once

#include "workbench-chart-layer.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_TICK_LAYER (workbench_tick_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchTickLayer, workbench_tick_layer, WORKBENCH, TICK_LAYER, WorkbenchChartLayer)

/** workbench_tick_layer_new: @title: of the legend's entry, and before each value that the crosshair tells; @format: "%.2f %%" of the value */
WorkbenchTickLayer *workbench_tick_layer_new (const char *title, GdkRGBA colour, const char *format);
/** workbench_tick_layer_set: @values are copied; NaN: none */
void workbench_tick_layer_set (WorkbenchTickLayer *self, guint count, const double *values);

G_END_DECLS
