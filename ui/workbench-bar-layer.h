/* workbench-bar-layer.h: upright bars, stacked in layers of colours: a histogram, a value a class, a step's time by stage. */
#pragma once

#include "workbench-chart-layer.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_BAR_LAYER (workbench_bar_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchBarLayer, workbench_bar_layer, WORKBENCH, BAR_LAYER, WorkbenchChartLayer)

/** WorkbenchBarText: what the crosshair says of bar @index. Returns: (transfer full) */
typedef char *(*WorkbenchBarText) (guint index, gpointer data);

/** workbench_bar_layer_new: @title: (nullable): of the legend's entry */
WorkbenchBarLayer *workbench_bar_layer_new (const char *title, GdkRGBA colour, WorkbenchBarText text, gpointer data);
/** workbench_bar_layer_set: bar i reaches from x[i] to x[i + 1], and from base[i] (NULL: 0) to top[i]; @x: count + 1 values,
 * rising. All are copied. */
void workbench_bar_layer_set (WorkbenchBarLayer *self, guint count, const double *x, const double *base, const double *top);

G_END_DECLS
