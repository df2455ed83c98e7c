/* workbench-parallel-private.h: what the files of the parallel coordinates share: the widget, drawing, pointer and keys. */
#pragma once

#include "workbench-parallel-coordinates.h"
#include "workbench-plot.h"

G_BEGIN_DECLS

typedef struct {
  guint column; /* of the table */
  WorkbenchAxis axis;
  double x; /* pixels, as drawn last */
} WorkbenchParallelAxis;

struct _WorkbenchParallelCoordinates
{
  GtkWidget parent_instance;

  WorkbenchExperimentTable *table; /* (nullable) */
  WorkbenchBrushes *brushes;
  GArray *axes;        /* of WorkbenchParallelAxis */
  int selected, hovered; /* rows, or −1 */
  guint focus;         /* the axis that keys are for */
  double top, height;  /* of the axes in pixels, as drawn last */

  GskRenderNode *base; /* (nullable): all but what follows the pointer, as drawn last */
  double base_size[2];
  GdkRGBA base_colour;

  int dragged;      /* an axis, or −1 */
  double from;      /* where on it, in values */
  gboolean brushed; /* the drag has become a range */
};

static inline WorkbenchParallelAxis *
workbench_parallel_axis (WorkbenchParallelCoordinates *self, guint index)
{
  return &g_array_index (self->axes, WorkbenchParallelAxis, index);
}

/** workbench_parallel_changed: all has to be drawn anew */
void workbench_parallel_changed (WorkbenchParallelCoordinates *self);
/** workbench_parallel_set_hovered: emits "hovered" where it is another */
void workbench_parallel_set_hovered (WorkbenchParallelCoordinates *self, int row);
/** workbench_parallel_activate: emits "activated" */
void workbench_parallel_activate (WorkbenchParallelCoordinates *self, int row);
/** workbench_parallel_describe: axis and range for screen readers, after each change of them */
void workbench_parallel_describe (WorkbenchParallelCoordinates *self);

/* workbench-parallel-draw.c */
/** workbench_parallel_category: (transfer full): as it stands beside its axis: without the folder and the ending that all @categories have */
char *workbench_parallel_category (char **categories, guint index);
/** workbench_parallel_y: a pixel, as drawn last; may be NaN */
double workbench_parallel_y (WorkbenchParallelCoordinates *self, const WorkbenchParallelAxis *axis, double value);
/** workbench_parallel_draw_base: a WorkbenchDraw: lines, axes and ranges; lays them out */
void workbench_parallel_draw_base (WorkbenchPlot *plot, double width, double height, gpointer self);
/** workbench_parallel_draw_highlight: likewise: the line that is pointed at, or selected, over what was drawn before */
void workbench_parallel_draw_highlight (WorkbenchPlot *plot, double width, double height, gpointer self);
/** workbench_parallel_find_row: the line at a pixel, of those within all ranges; −1: none */
int workbench_parallel_find_row (WorkbenchParallelCoordinates *self, double x, double y);

/* workbench-parallel-hand.c */
void workbench_parallel_add_hand (WorkbenchParallelCoordinates *self);

G_END_DECLS
