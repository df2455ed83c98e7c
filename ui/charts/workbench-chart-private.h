/* workbench-chart-private.h: what the files of a chart share: the widget, drawing, crosshair, gestures, keys, export. */
#pragma once

#include "workbench-chart.h"

G_BEGIN_DECLS

typedef struct {
  WorkbenchChartLayer *layer;
  double left, right, top, bottom; /* of its entry in the legend; empty if it has none */
} WorkbenchChartEntry;

/** WorkbenchChartBox: pixels of the widget */
typedef struct {
  double left, top, width, height;
} WorkbenchChartBox;

struct _WorkbenchChart
{
  GtkWidget parent_instance;

  GArray *entries;   /* of WorkbenchChartEntry */
  GHashTable *texts; /* as they are drawn, until the letters change */
  char *x_name, *y_name, *empty_text;
  char **x_labels, **y_labels;
  gboolean logarithmic, counts; /* y; x */
  double limits[2];         /* of y, NaN if none */
  double zoom[4];           /* x0, x1, y0, y1, NaN where all is shown */
  double cursor;            /* along x; NaN: none */
  double row;               /* where the keys have gone along y; NaN: nowhere */
  gboolean by_keys;         /* these have set cursor and row */
  double pointer[2];        /* pixels, NaN while it is elsewhere */
  double moved[2];          /* where the pointer was told to be last, also while the keys have the crosshair */
  double band[4];           /* of a box being drawn: x, y, x, y in pixels; NaN: none */
  double pan[4];            /* zoom when a pan began */
  gboolean panning;
  WorkbenchPlot plot;       /* as it was drawn last, without cairo and pango */
  gboolean drawn;           /* whether there was anything */
  double names_height;      /* that categories along x take where they stand upright, as they were drawn last; 0: they lie */
  double beside;            /* height of all that is no frame, as it was drawn last; NaN: not yet */
  guint resize;             /* source that asks for another height; 0: none */
};

/* workbench-chart-draw.c */
/** workbench_chart_draw: everything, to @plot->cr; sets frame and axes of @plot. @interactive: crosshair and box too */
void workbench_chart_draw (WorkbenchChart *self, WorkbenchPlot *plot, double width, double height, gboolean interactive);

/** workbench_chart_height_for_width: what it takes so that the frame is @frame high below a legend that is as wide as the chart; needs
 * the layout of @plot. */
int workbench_chart_height_for_width (WorkbenchChart *self, WorkbenchPlot *plot, double width, double frame);
/** workbench_chart_extent: the axes with all that there is, as they are where nothing is zoomed; the second one over the part of the first that
 * is shown. FALSE: there is nothing. */
gboolean workbench_chart_extent (WorkbenchChart *self, WorkbenchAxis *x, WorkbenchAxis *y);
/** workbench_chart_label_step: every how many of @count categories has a name, where one takes @size of the axis' @room. */
guint workbench_chart_label_step (const WorkbenchAxis *axis, guint count, double room, double size);
/** workbench_chart_legend_text: of layer @index, as it was drawn with @plot. Returns: (transfer full) (nullable) */
char *workbench_chart_legend_text (WorkbenchChart *self, const WorkbenchPlot *plot, guint index);
/** workbench_chart_rows_height: what a chart of named rows needs in all so that each has its name, in pixels; 0: it has none. */
int workbench_chart_rows_height (WorkbenchChart *self, int text_height);

/* workbench-chart-crosshair.c */
/** workbench_chart_draw_crosshair: at the pointer, another chart's pointer or where the keys are; nothing where none of them is. */
void workbench_chart_draw_crosshair (WorkbenchChart *self, const WorkbenchPlot *plot, double width, double height);
/** workbench_chart_nearest_lines: the @most of @count lines, fewer than which it is, whose values lie nearest to @y, in their order; the first
 * ones where nothing has a place. Returns: (transfer full): which */
guint *workbench_chart_nearest_lines (const double *heights, guint count, double y, guint most);
/** workbench_chart_place_box: sets left and top of @box, which tells of the place (@x, @y), y NaN if it is a column: inside of @chart, and
 * beside the place if it has the room, else above or below it. */
void workbench_chart_place_box (const WorkbenchPlot *plot, const WorkbenchChartBox *chart, double x, double y, WorkbenchChartBox *box);
/** workbench_chart_describe: what the crosshair tells, as one line. Returns: (transfer full) (nullable) */
char *workbench_chart_describe (WorkbenchChart *self);

/* workbench-chart-gestures.c */
void workbench_chart_add_gestures (WorkbenchChart *self);

/* workbench-chart-keys.c */
void workbench_chart_add_keys (WorkbenchChart *self);
/** workbench_chart_leave_keys: the crosshair is no longer where the keys have taken it. */
void workbench_chart_leave_keys (WorkbenchChart *self);
/** workbench_chart_zoom_about: by @factor, so that what lies at x (or y, @along_y) stays there. */
void workbench_chart_zoom_about (WorkbenchChart *self, double factor, double x, double y, gboolean along_y);
/** workbench_chart_toggle: shows layer @index, or hides it. */
void workbench_chart_toggle (WorkbenchChart *self, guint index);

G_END_DECLS
