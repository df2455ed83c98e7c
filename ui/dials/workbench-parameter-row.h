/* workbench-parameter-row.h: one row of the parameter table as a control: symbol, slider with exact entry or a choice, unit,
 * reset. What needs a restart says so before one touches it, and more clearly while a changed value waits for one. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_PARAMETER_ROW (workbench_parameter_row_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchParameterRow, workbench_parameter_row, WORKBENCH, PARAMETER_ROW, GtkBox)

/** workbench_parameter_row_new: emits "changed" (double) when a person changes a number or choice, "text-changed" (string) for text,
 * and "reset" before either when it is to stand as in the recipe again. */
WorkbenchParameterRow *workbench_parameter_row_new (DfkdParameterId id);
DfkdParameterId workbench_parameter_row_get_id (WorkbenchParameterRow *self);
/** workbench_parameter_row_set_value: shows @value without emitting "changed". */
void workbench_parameter_row_set_value (WorkbenchParameterRow *self, double value);
double workbench_parameter_row_get_value (WorkbenchParameterRow *self);
/** workbench_parameter_row_set_text: likewise for text */
void workbench_parameter_row_set_text (WorkbenchParameterRow *self, const char *text);
/** workbench_parameter_row_set_recipe_value: what the reset button goes back to. */
void workbench_parameter_row_set_recipe_value (WorkbenchParameterRow *self, double value);
void workbench_parameter_row_set_recipe_text (WorkbenchParameterRow *self, const char *text);
/** workbench_parameter_row_set_method: (nullable): whose equation it tells */
void workbench_parameter_row_set_method (WorkbenchParameterRow *self, const DfkdMethod *method);
/** workbench_parameter_row_set_waits: whether the value that is shown will be computed with only after a restart */
void workbench_parameter_row_set_waits (WorkbenchParameterRow *self, gboolean waits);

/** workbench_parameter_row_commit: what has been typed so far is taken as if Enter were pressed. FALSE when it is no value that is allowed:
 * it is marked so and stays */
gboolean workbench_parameter_row_commit (WorkbenchParameterRow *self);

G_END_DECLS
