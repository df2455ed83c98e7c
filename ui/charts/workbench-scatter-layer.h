/* workbench-scatter-layer.h: points, as pairs of a stored and a measured statistic. */
#pragma once

#include "workbench-chart-layer.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_SCATTER_LAYER (workbench_scatter_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchScatterLayer, workbench_scatter_layer, WORKBENCH, SCATTER_LAYER, WorkbenchChartLayer)

/** WorkbenchPointText: what the crosshair says of point @index. Returns: (transfer full) */
typedef char *(*WorkbenchPointText) (guint index, gpointer data);

/** workbench_scatter_layer_new: @diagonal: a line y = x behind the points, on which pairs agree */
WorkbenchScatterLayer *workbench_scatter_layer_new (const char *title, GdkRGBA colour, gboolean diagonal, WorkbenchPointText text, gpointer data);
/** workbench_scatter_layer_set: @x and @y are copied; @count of each */
void workbench_scatter_layer_set (WorkbenchScatterLayer *self, guint count, const float *x, const float *y);

G_END_DECLS
