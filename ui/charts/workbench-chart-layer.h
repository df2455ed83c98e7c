/* workbench-chart-layer.h: one thing in a chart: a curve, an envelope, bars, points, a heat map, marks, a reference line.
 *
 * A layer only draws, and tells its ranges and what lies under the pointer. Axes, zoom, crosshair, legend and export belong to
 * the chart and come with every layer. */
#pragma once

#include "workbench-plot.h"

#include <glib-object.h>

G_BEGIN_DECLS

enum {
  WORKBENCH_KEY_WIDTH = 16, /* pixels */
};

/** WorkbenchHover: what a layer has near a place. */
typedef struct {
  double x, y;      /* the value that is nearest */
  double distance;  /* in pixels from the pointer; layers that answer for a whole column tell 0 */
  GdkRGBA colour;
  char *text;       /* "L_bn 12.3"; the taker frees it */
} WorkbenchHover;

#define WORKBENCH_TYPE_CHART_LAYER (workbench_chart_layer_get_type ())
G_DECLARE_DERIVABLE_TYPE (WorkbenchChartLayer, workbench_chart_layer, WORKBENCH, CHART_LAYER, GObject)

struct _WorkbenchChartLayerClass
{
  GObjectClass parent_class;

  /* optional, default: the layer has no say in the range of the axis. FALSE: there is nothing to show */
  gboolean (*get_x_range) (WorkbenchChartLayer *self, double *minimum, double *maximum);
  /* over what lies between x0 and x1; @positive: what a logarithmic axis can show */
  gboolean (*get_y_range) (WorkbenchChartLayer *self, double x0, double x1, gboolean positive, double *minimum, double *maximum);
  void (*draw) (WorkbenchChartLayer *self, const WorkbenchPlot *plot);
  /* optional: what is at the pixel (x, y); fills in *hover */
  gboolean (*hover) (WorkbenchChartLayer *self, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover);
  /* optional: where the keys' crosshair can stand: the first *x ≥ @from, or ≤ @from when going back. *y is left alone unless the layer
   * tells of one point there */
  gboolean (*find_column) (WorkbenchChartLayer *self, double from, gboolean forward, double *x, double *y);
  /* optional: the same along y, for layers of rows */
  gboolean (*find_row) (WorkbenchChartLayer *self, double from, gboolean forward, double *y);
  /* optional, default: what workbench_chart_layer_set_legend() says. They are one entry of the legend; NULL title: none */
  const char *(*get_title) (WorkbenchChartLayer *self);
  GdkRGBA (*get_colour) (WorkbenchChartLayer *self);
  /* optional, default: a filled rectangle: the key of its entry, WORKBENCH_KEY_WIDTH wide, from x on, about y */
  void (*draw_key) (WorkbenchChartLayer *self, const WorkbenchPlot *plot, double x, double y, double alpha);
  /* optional: "x,y" lines under a heading, for export */
  void (*write_csv) (WorkbenchChartLayer *self, GString *text);
};

/** workbench_chart_layer_set_legend: for subclasses; @title: (nullable) */
void workbench_chart_layer_set_legend (WorkbenchChartLayer *self, const char *title, GdkRGBA colour);
const char *workbench_chart_layer_get_title (WorkbenchChartLayer *self);
GdkRGBA workbench_chart_layer_get_colour (WorkbenchChartLayer *self);

gboolean workbench_chart_layer_get_visible (WorkbenchChartLayer *self);
void workbench_chart_layer_set_visible (WorkbenchChartLayer *self, gboolean visible);

/** workbench_chart_layer_set_listed: whether it is an entry of the legend, as it is at first if it has a title */
void workbench_chart_layer_set_listed (WorkbenchChartLayer *self, gboolean listed);
gboolean workbench_chart_layer_get_listed (WorkbenchChartLayer *self);

/** workbench_find_category: for subclasses: the first of the whole numbers 0 … @count − 1 that is not below @from, or not above it when
 * going back. */
gboolean workbench_find_category (guint count, double from, gboolean forward, double *found);

/** workbench_chart_layer_changed: for subclasses: what they show is another; emits "changed". */
void workbench_chart_layer_changed (WorkbenchChartLayer *self);

G_END_DECLS
