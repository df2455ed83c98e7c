/* workbench-experiment.h: an experiment's file and the folder of its runs, read again and again in threads, since a terminal may be running
 * it meanwhile. Emits "changed" when there is another table, or another problem, and never otherwise. */
#pragma once

#include "workbench-experiment-table.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_EXPERIMENT (workbench_experiment_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchExperiment, workbench_experiment, WORKBENCH, EXPERIMENT, GObject)

/**
 * workbench_experiment_new:
 * @path: an experiment's file, or the folder of its runs, which keeps a copy of it
 *
 * The runs of a file are those beside it if it is such a copy, else where `dfkd experiment` puts them: below the working directory or, if
 * there are none, below the folder of the file. Reading begins at once.
 */
WorkbenchExperiment *workbench_experiment_new (const char *path);
/** workbench_experiment_close: reads no more; whoever began it calls this before the last reference goes. */
void workbench_experiment_close (WorkbenchExperiment *self);

/** workbench_experiment_get_table: what was read last without a problem; NULL: nothing yet. (transfer none) */
WorkbenchExperimentTable *workbench_experiment_get_table (WorkbenchExperiment *self);
/** workbench_experiment_get_problem: why it could not be read the last time; NULL: it could */
const char *workbench_experiment_get_problem (WorkbenchExperiment *self);
const char *workbench_experiment_get_path (WorkbenchExperiment *self);
/** workbench_experiment_get_file: the experiment's own: what was opened, or the copy in the folder that was. Returns: (transfer full): absolute */
char *workbench_experiment_get_file (WorkbenchExperiment *self);
/** workbench_experiment_get_folder: of its runs, whether it exists or not; NULL: not known yet */
const char *workbench_experiment_get_folder (WorkbenchExperiment *self);
/** workbench_experiment_set_folder: another one */
void workbench_experiment_set_folder (WorkbenchExperiment *self, const char *folder);
/** workbench_experiment_refresh: looks now, or as soon as the reading that goes on has ended */
void workbench_experiment_refresh (WorkbenchExperiment *self);

G_END_DECLS
