/* workbench-run-row.h: one run in the list: thumbnail, what it was, and what can be done with it. */
#pragma once

#include "workbench-runs.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_RUN_ROW (workbench_run_row_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchRunRow, workbench_run_row, WORKBENCH, RUN_ROW, GtkBox)

/** workbench_run_row_new: emits "asked" (string: "open", "resume" or "delete"; of a @deleted run "restore" or "remove"), and "noted"
 * (WorkbenchRunEntry, string) when somebody has written a note on that: TRUE from a handler: it is kept; else it stays to be written */
WorkbenchRunRow *workbench_run_row_new (gboolean deleted);
/** workbench_run_row_set_entry: @entry: (nullable) */
void workbench_run_row_set_entry (WorkbenchRunRow *self, WorkbenchRunEntry *entry);
WorkbenchRunEntry *workbench_run_row_get_entry (WorkbenchRunRow *self);

G_END_DECLS
