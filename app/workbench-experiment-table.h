/* workbench-experiment-table.h: what an experiment came to so far, one row a recipe: what varies, how many of its runs have come how far,
 * and means over seeds. The table, the parallel coordinates and files show it. It never changes: when more is known there is another one.
 *
 * Values are numbers with an order in every column, also where texts stand for them: categories are counted from 0. NaN is not known. */
#pragma once

#include "workbench-experiment-columns.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_EXPERIMENT_TABLE (workbench_experiment_table_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchExperimentTable, workbench_experiment_table, WORKBENCH, EXPERIMENT_TABLE, GObject)

/** workbench_experiment_table_new: copies what it needs; sees which runs go on at this moment. In any thread. */
WorkbenchExperimentTable *workbench_experiment_table_new (const DfkdExperimentResults *results);

const char *workbench_experiment_table_get_name (WorkbenchExperimentTable *self);
const char *workbench_experiment_table_get_description (WorkbenchExperimentTable *self);
/** workbench_experiment_table_get_state: "5 of 24 runs finished, …", for people */
const char *workbench_experiment_table_get_state (WorkbenchExperimentTable *self);

guint workbench_experiment_table_get_n_columns (WorkbenchExperimentTable *self);
const WorkbenchExperimentColumn *workbench_experiment_table_get_column (WorkbenchExperimentTable *self, guint column);
/** workbench_experiment_table_find: the column of a measure; G_MAXUINT if there is none */
guint workbench_experiment_table_find (WorkbenchExperimentTable *self, DfkdMeasure measure);

guint workbench_experiment_table_get_n_rows (WorkbenchExperimentTable *self);
const char *workbench_experiment_table_get_row_name (WorkbenchExperimentTable *self, guint row);
/** workbench_experiment_table_get_note: why runs of it failed, a line each; NULL: none has */
const char *workbench_experiment_table_get_note (WorkbenchExperimentTable *self, guint row);
/** workbench_experiment_table_get_folders: (array zero-terminated=1): of its runs that have begun, finished ones first */
const char *const *workbench_experiment_table_get_folders (WorkbenchExperimentTable *self, guint row);

double workbench_experiment_table_get_value (WorkbenchExperimentTable *self, guint row, guint column);
/** workbench_experiment_table_get_text: as results.md has it: "83.42 ± 0.60", "–" */
const char *workbench_experiment_table_get_text (WorkbenchExperimentTable *self, guint row, guint column);
/** workbench_experiment_table_is_best: of at least two that are known */
gboolean workbench_experiment_table_is_best (WorkbenchExperimentTable *self, guint row, guint column);
/** workbench_experiment_table_compare: for sorting; what is not known counts as worst */
int workbench_experiment_table_compare (WorkbenchExperimentTable *self, guint row, guint other, guint column);
/** workbench_experiment_table_same_shape: whether rows and columns of both are of the same things */
gboolean workbench_experiment_table_same_shape (WorkbenchExperimentTable *self, WorkbenchExperimentTable *other);
/** workbench_experiment_table_equal: whether both show the same */
gboolean workbench_experiment_table_equal (WorkbenchExperimentTable *self, WorkbenchExperimentTable *other);
/** workbench_experiment_table_write_csv: a line for each recipe, with means and deviations */
void workbench_experiment_table_write_csv (WorkbenchExperimentTable *self, GString *out);

G_END_DECLS
