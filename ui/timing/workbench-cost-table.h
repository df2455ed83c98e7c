/* workbench-cost-table.h: what the steps of a run cost, by stage and by kernel, beside the limits of their device. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_COST_TABLE (workbench_cost_table_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchCostTable, workbench_cost_table, WORKBENCH, COST_TABLE, GtkBox)

/**
 * "measure" signal: the user wants the steps measured (again). workbench_cost_table_set_rooflines() answers it.
 * @rooflines: (element-type DfkdRoofline): one for each kind of step
 */
void workbench_cost_table_set_rooflines (WorkbenchCostTable *self, const GPtrArray *rooflines);
/** workbench_cost_table_clear: nothing has been measured, and nobody waits for it. */
void workbench_cost_table_clear (WorkbenchCostTable *self);
/** workbench_cost_table_fail: what is shown in the place of an answer, where one is waited for. */
void workbench_cost_table_fail (WorkbenchCostTable *self, const char *message);

G_END_DECLS
