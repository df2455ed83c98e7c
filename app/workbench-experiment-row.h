/* workbench-experiment-row.h: one recipe of an experiment, as an item of a list that stays when more is known of it. */
#pragma once

#include "workbench-experiment-table.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_EXPERIMENT_ROW (workbench_experiment_row_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchExperimentRow, workbench_experiment_row, WORKBENCH, EXPERIMENT_ROW, GObject)

WorkbenchExperimentRow *workbench_experiment_row_new (WorkbenchExperimentTable *table, guint index);
WorkbenchExperimentTable *workbench_experiment_row_get_table (WorkbenchExperimentRow *self);
guint workbench_experiment_row_get_index (WorkbenchExperimentRow *self);
/** workbench_experiment_row_set_table: the same recipe in a newer @table; emits "changed" */
void workbench_experiment_row_set_table (WorkbenchExperimentRow *self, WorkbenchExperimentTable *table);

G_END_DECLS
