/* workbench-runs-private.h: between the list of runs and its entries. */
#pragma once

#include "workbench-runs.h"

G_BEGIN_DECLS

/* all but the thumbnail is read, on the calling thread */
WorkbenchRunEntry *workbench_run_entry_read (const char *folder);

G_END_DECLS
