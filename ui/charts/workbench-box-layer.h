/* workbench-box-layer.h: distributions as lying boxes, one a category of the y axis: whiskers from 5 to 95 %, a box over the middle
 * half, a line at the median. */
#pragma once

#include "workbench-chart-layer.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_BOX_LAYER (workbench_box_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchBoxLayer, workbench_box_layer, WORKBENCH, BOX_LAYER, WorkbenchChartLayer)

/** WorkbenchBox: in units of the x axis, rising. */
typedef struct {
  char *name; /* translated; the layer keeps a copy */
  GdkRGBA colour;
  double low, lower, median, upper, high;
} WorkbenchBox;

/** workbench_box_layer_new: @unit: "ms", after numbers */
WorkbenchBoxLayer *workbench_box_layer_new (const char *unit);
/** workbench_box_layer_set: box i stands at y = i. */
void workbench_box_layer_set (WorkbenchBoxLayer *self, const WorkbenchBox *boxes, guint count);

G_END_DECLS
