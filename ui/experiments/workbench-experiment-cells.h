/* workbench-experiment-cells.h: the columns of an experiment's table, in a view of WorkbenchExperimentRow. */
#pragma once

#include "workbench-experiment-table.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** workbench_experiment_cells_fill: name, then all columns of @table, in place of those that @view has; each can be sorted by. The best value
 * of a column is bold and has a star. */
void workbench_experiment_cells_fill (GtkColumnView *view, WorkbenchExperimentTable *table);

G_END_DECLS
