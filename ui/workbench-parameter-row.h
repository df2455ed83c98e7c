/* workbench-parameter-row.h: one row of the parameter table as a control: symbol, slider or choice, exact entry,
 * reset. What needs a restart says so. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_PARAMETER_ROW (workbench_parameter_row_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchParameterRow, workbench_parameter_row, WORKBENCH, PARAMETER_ROW, GtkBox)

/** workbench_parameter_row_new: emits "changed" (double) when a person changes the value. */
WorkbenchParameterRow *workbench_parameter_row_new (DfkdParameterId id);
DfkdParameterId workbench_parameter_row_get_id (WorkbenchParameterRow *self);
/** workbench_parameter_row_set_value: shows @value without emitting "changed". */
void workbench_parameter_row_set_value (WorkbenchParameterRow *self, double value);
double workbench_parameter_row_get_value (WorkbenchParameterRow *self);
/** workbench_parameter_row_set_recipe_value: what the reset button goes back to. */
void workbench_parameter_row_set_recipe_value (WorkbenchParameterRow *self, double value);

G_END_DECLS
