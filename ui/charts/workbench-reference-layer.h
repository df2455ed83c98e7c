/* workbench-reference-layer.h: a dashed level line, as the teacher's accuracy or a published figure. */
#pragma once

#include "workbench-chart-layer.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_REFERENCE_LAYER (workbench_reference_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchReferenceLayer, workbench_reference_layer, WORKBENCH, REFERENCE_LAYER, WorkbenchChartLayer)

/** workbench_reference_layer_new: @value: NaN until it is known */
WorkbenchReferenceLayer *workbench_reference_layer_new (double value, const char *text);
void workbench_reference_layer_set_value (WorkbenchReferenceLayer *self, double value);
/** workbench_reference_layer_explain: what the crosshair tells near the line, else its text and value; @place: where the text stands, 0: at
 * the right, the default; 1, 2 …: side by side from the left, for lines that lie close together */
void workbench_reference_layer_explain (WorkbenchReferenceLayer *self, const char *explanation, guint place);
double workbench_reference_layer_get_value (WorkbenchReferenceLayer *self);
const char *workbench_reference_layer_get_text (WorkbenchReferenceLayer *self);

G_END_DECLS
