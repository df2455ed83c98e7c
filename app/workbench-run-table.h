/* workbench-run-table.h: the table of a run and those that it is compared with. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

/** workbench_run_table_new: @own (with its dials as they stand), then @others (element-type WorkbenchDocument). Returns: (transfer full) */
DfkdRunTable *workbench_run_table_new (WorkbenchDocument *own, const GPtrArray *others);

G_END_DECLS
