/* workbench-chart-private.h: what the files of a chart share: the widget, drawing, gestures, export. */
#pragma once

#include "workbench-chart.h"

G_BEGIN_DECLS

typedef struct {
  WorkbenchChartLayer *layer;
  double left, right, top, bottom; /* of its entry in the legend; empty if it has none */
} WorkbenchChartEntry;

struct _WorkbenchChart
{
  GtkWidget parent_instance;

  GArray *entries; /* of WorkbenchChartEntry */
  char *x_name, *y_name, *empty_text;
  char **x_labels, **y_labels;
  gboolean logarithmic;
  double limits[2];         /* of y, NaN if none */
  double zoom[4];           /* x0, x1, y0, y1, NaN where all is shown */
  double cursor;            /* NaN: none */
  double pointer[2];        /* pixels, NaN while it is elsewhere */
  double band[4];           /* of a box being drawn: x, y, x, y in pixels; NaN: none */
  double pan[4];            /* zoom when a pan began */
  gboolean panning;
  WorkbenchPlot plot;       /* as it was drawn last, without cairo and pango */
  gboolean drawn;           /* whether there was anything */
};

/* workbench-chart-draw.c */
/** workbench_chart_draw: everything, to @plot->cr; sets frame and axes of @plot. @interactive: crosshair and box too */
void workbench_chart_draw (WorkbenchChart *self, WorkbenchPlot *plot, double width, double height, gboolean interactive);

/* workbench-chart-gestures.c */
void workbench_chart_add_gestures (WorkbenchChart *self);

G_END_DECLS
