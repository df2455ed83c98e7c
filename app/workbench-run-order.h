/* workbench-run-order.h: how the list of runs can be sorted and searched. */
#pragma once

#include "workbench-runs.h"

G_BEGIN_DECLS

typedef enum {
  WORKBENCH_RUNS_NEWEST,   /* as WorkbenchRuns has them */
  WORKBENCH_RUNS_NAME,     /* numbers in them by value */
  WORKBENCH_RUNS_ACCURACY, /* the highest first, final or last; those that were not measured last */
  WORKBENCH_RUNS_TIME,     /* the longest first, by all clocks */
  WORKBENCH_N_RUN_ORDERS
} WorkbenchRunOrder;

/** workbench_run_order_compare: < 0: @a comes first; runs that are alike in it come by name. @order: not NEWEST, in which they are already */
int workbench_run_order_compare (WorkbenchRunOrder order, WorkbenchRunEntry *a, WorkbenchRunEntry *b);

/** workbench_run_matches: whether the name, the line or the note of @entry has each word of @search, whatever its case; a word NAME=VALUE holds where
 * the recipe's parameter has that value: "cmi k=10". An empty search matches all. */
gboolean workbench_run_matches (WorkbenchRunEntry *entry, const char *search);

G_END_DECLS
