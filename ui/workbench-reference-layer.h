/* workbench-reference-layer.h: a dashed level line, as the teacher's accuracy or a published figure. */
#pragma once

#include "workbench-chart-layer.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_REFERENCE_LAYER (workbench_reference_layer_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchReferenceLayer, workbench_reference_layer, WORKBENCH, REFERENCE_LAYER, WorkbenchChartLayer)

/** workbench_reference_layer_new: @value: NaN until it is known */
WorkbenchReferenceLayer *workbench_reference_layer_new (double value, const char *text);
void workbench_reference_layer_set_value (WorkbenchReferenceLayer *self, double value);
void workbench_reference_layer_set_text (WorkbenchReferenceLayer *self, const char *text);

G_END_DECLS
