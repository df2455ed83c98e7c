/* workbench-run-table.h: in what several runs differ and what came of each, a row for a run: to read beside each other, or to paste elsewhere. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

typedef struct {
  guint n_rows, n_columns;
  char **headings; /* [n_columns]: a run, the parameters that are not the same in all of them, results */
  char **cells;    /* [n_rows, n_columns] */
} WorkbenchRunTable;

/** workbench_run_table_new: @own (with its dials as they stand), then @others (element-type WorkbenchDocument), as far as each has come. What is not
 * known is "–". Returns: (transfer full) */
WorkbenchRunTable *workbench_run_table_new (WorkbenchDocument *own, const GPtrArray *others);
void workbench_run_table_free (WorkbenchRunTable *table);
const char *workbench_run_table_get (const WorkbenchRunTable *table, guint row, guint column);
/** workbench_run_table_to_text: lines of fields with tabs between them, as spreadsheets take them. Returns: (transfer full) */
char *workbench_run_table_to_text (const WorkbenchRunTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WorkbenchRunTable, workbench_run_table_free)

G_END_DECLS
