/* workbench-chart.h: curves over a common x axis: axes with ticks and names, an envelope where points are denser
 * than pixels, a reference line, marks, a legend whose entries switch curves off. */
#pragma once

#include "workbench-series.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_CHART (workbench_chart_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchChart, workbench_chart, WORKBENCH, CHART, GtkWidget)

/** workbench_chart_set_axes: translated names with units, as "inner step" and "loss". */
void workbench_chart_set_axes (WorkbenchChart *self, const char *x_name, const char *y_name);
/** workbench_chart_add: a curve in the next colour of the palette; the chart keeps a reference. */
void workbench_chart_add (WorkbenchChart *self, WorkbenchSeries *series);
void workbench_chart_set_logarithmic (WorkbenchChart *self, gboolean logarithmic);
/** workbench_chart_set_reference: a dashed line at @value named @name; NaN removes it. */
void workbench_chart_set_reference (WorkbenchChart *self, double value, const char *name);
/** workbench_chart_add_mark: a thin upright line at @x, as where a dial was turned. */
void workbench_chart_add_mark (WorkbenchChart *self, double x, const char *name);
/** workbench_chart_set_empty_text: what stands in the chart while there is nothing to draw. */
void workbench_chart_set_empty_text (WorkbenchChart *self, const char *text);
void workbench_chart_clear (WorkbenchChart *self); /* points and marks, not the curves */

/** workbench_palette: colour @index of the charts, readable on light and dark. */
GdkRGBA workbench_palette (guint index);

G_END_DECLS
