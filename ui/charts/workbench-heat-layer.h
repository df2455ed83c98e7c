/* workbench-heat-layer.h: a matrix of coloured cells, as a confusion matrix or layers × channels. Cell (row, column) lies about
 * y = row, x = column: rows and columns are categories. */
#pragma once

#include "workbench-chart-layer.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_HEAT_LAYER (workbench_heat_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchHeatLayer, workbench_heat_layer, WORKBENCH, HEAT_LAYER, WorkbenchChartLayer)

/** WorkbenchCellText: what the crosshair says of a cell. Returns: (transfer full) */
typedef char *(*WorkbenchCellText) (guint row, guint column, double value, gpointer data);

/** workbench_heat_layer_new: @diverging: values about 0, ± the greatest; else from 0 (or the least, if that is lower) on. */
WorkbenchHeatLayer *workbench_heat_layer_new (gboolean diverging, WorkbenchCellText text, gpointer data);
/** workbench_heat_layer_set: @values: rows × columns, copied; NaN: no cell there. @numbers: values other than
 * 0 stand in their cells, if the longest of them fits */
void workbench_heat_layer_set (WorkbenchHeatLayer *self, guint rows, guint columns, const float *values, gboolean numbers);
/** workbench_heat_layer_set_limit: for the values set next: where the colours end, ± if diverging, so that a few wild values do not
 * take all of them; NaN (the default): at the greatest value. */
void workbench_heat_layer_set_limit (WorkbenchHeatLayer *self, double limit);

G_END_DECLS
