/* workbench-chart.h: layers over two axes, with ticks and names, a legend whose entries switch layers off, a crosshair that
 * tells values, zoom to a box, wheel and keys, and export to SVG, PNG and CSV.
 *
 * Drag: zoom to a box. Ctrl and wheel: zoom along x at the pointer, Shift and wheel: along y; the wheel alone scrolls the page that the
 * chart stands on, and zooms along x where there is nothing to scroll. Zooming out ends at the data. Drag with the middle button, or
 * with Shift: pan. Double click or 0: all again.
 *
 * Keys: left and right take the crosshair from point to point, or from column to column, up and down from row to row, Home and End to
 * the first and the last; what it tells is the accessible description meanwhile. With Shift, or where there is nothing to go to, the
 * arrows pan. + and − zoom, 1 … 9 switch layers of the legend. */
#pragma once

#include "workbench-chart-layer.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_CHART (workbench_chart_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchChart, workbench_chart, WORKBENCH, CHART, GtkWidget)

/** workbench_chart_set_axes: translated names with units, as "inner step" and "loss". */
void workbench_chart_set_axes (WorkbenchChart *self, const char *x_name, const char *y_name);
/** workbench_chart_set_counts: x counts something, as steps, and has no fractions beside its numbers; not so at first. */
void workbench_chart_set_counts (WorkbenchChart *self, gboolean counts);
/** workbench_chart_set_x_labels, workbench_chart_set_y_labels: whole numbers 0, 1, … are categories of these names. (nullable)
 * Rows make the chart as high as their names need; columns have as many names as there is room for. */
void workbench_chart_set_x_labels (WorkbenchChart *self, const char *const *labels);
void workbench_chart_set_y_labels (WorkbenchChart *self, const char *const *labels);
void workbench_chart_set_logarithmic (WorkbenchChart *self, gboolean logarithmic);
/** workbench_chart_set_y_limits: what is always shown at least; NaN: nothing in particular. */
void workbench_chart_set_y_limits (WorkbenchChart *self, double minimum, double maximum);
/** workbench_chart_set_empty_text: what stands in the chart while there is nothing to draw. */
void workbench_chart_set_empty_text (WorkbenchChart *self, const char *text);

/** workbench_chart_add: takes ownership; layers are drawn in this order. */
void workbench_chart_add (WorkbenchChart *self, WorkbenchChartLayer *layer);
void workbench_chart_remove (WorkbenchChart *self, WorkbenchChartLayer *layer);
guint workbench_chart_get_n_layers (WorkbenchChart *self);
WorkbenchChartLayer *workbench_chart_get_layer (WorkbenchChart *self, guint index);

/** workbench_chart_zoom: a piece of the axes; NaN: as far as there is data. Emits "zoomed". */
void workbench_chart_zoom (WorkbenchChart *self, double x0, double x1, double y0, double y1);
void workbench_chart_get_zoom (WorkbenchChart *self, double *x0, double *x1, double *y0, double *y1);
/** workbench_chart_set_cursor: where the crosshair stands, in values of x; NaN: nowhere. Emits "cursor" (double). */
void workbench_chart_set_cursor (WorkbenchChart *self, double x);
/** workbench_chart_link: both zoom along x, and have their crosshairs, together. Charts live equally long. */
void workbench_chart_link (WorkbenchChart *a, WorkbenchChart *b);
/** workbench_chart_unlink: no longer, if they were linked */
void workbench_chart_unlink (WorkbenchChart *a, WorkbenchChart *b);

/** workbench_chart_save: as workbench_drawing_save() does it */
gboolean workbench_chart_save (WorkbenchChart *self, const char *path, GError **error);

typedef struct {
  WorkbenchChart *chart;
  const char *title;
} WorkbenchTitledChart;

/**
 * workbench_charts_save: several charts in one file, as workbench_drawing_save() does it
 * @more: (nullable): more lines of the table, of six fields, for .csv
 *
 * As a picture each stands below the one before, under its title; as .csv they are one table with the columns chart, x_name, y_name,
 * series, x and y.
 */
gboolean workbench_charts_save (const WorkbenchTitledChart *charts, guint count, const char *more, const char *path, GError **error);

G_END_DECLS
