/* workbench-run-grid.h: the present run and those beside it as a table: in what they differ, how far each has come, and what it took. A button
 * copies it as text. It hides where nothing is compared. */
#pragma once

#include "workbench-comparison.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_RUN_GRID (workbench_run_grid_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchRunGrid, workbench_run_grid, WORKBENCH, RUN_GRID, GtkBox)

/** workbench_run_grid_show: @own: (nullable), and @others (element-type WorkbenchDocument): shows where they stand now, and follows them */
void workbench_run_grid_show (WorkbenchRunGrid *self, WorkbenchDocument *own, const GPtrArray *others);

G_END_DECLS
