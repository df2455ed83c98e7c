/* workbench-row-layer.h: bars that lie, one in each row of a chart whose y axis has names: a value a class, a share a layer. Row i
 * lies about y = i. */
#pragma once

#include "workbench-chart-layer.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_ROW_LAYER (workbench_row_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchRowLayer, workbench_row_layer, WORKBENCH, ROW_LAYER, WorkbenchChartLayer)

/** WorkbenchRowText: what the crosshair says of row @index. Returns: (transfer full) */
typedef char *(*WorkbenchRowText) (guint index, double value, gpointer data);

/** workbench_row_layer_new: @title: (nullable): of the legend's entry; @format: (nullable): "%.1f %%" of the number beside each bar;
 * @text: (nullable): instead of title and value */
WorkbenchRowLayer *workbench_row_layer_new (const char *title, GdkRGBA colour, const char *format, WorkbenchRowText text, gpointer data);
/** workbench_row_layer_set_numbers_aside: the numbers stand at the right end of the frame, not at the ends of the bars, where strokes of others
 * may be */
void workbench_row_layer_set_numbers_aside (WorkbenchRowLayer *self, gboolean aside);
/** workbench_row_layer_set: bar i reaches from base[i] (NULL: 0) to base[i] + values[i]; NaN: none. Both are copied. @maximum: where
 * the axis ends at least; NaN: at the longest bar */
void workbench_row_layer_set (WorkbenchRowLayer *self, guint count, const double *base, const double *values, double maximum);

G_END_DECLS
