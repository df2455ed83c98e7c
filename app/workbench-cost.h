/* workbench-cost.h: a stage or a kind of kernel beside what its device could do, as a row of a table. */
#pragma once

#include "dfkd.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_COST (workbench_cost_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchCost, workbench_cost, WORKBENCH, COST, GObject)

/**
 * WorkbenchCost: read-only properties, all text for people:
 * "name"; "time" in milliseconds; "flop-rate" in GFLOP/s; "byte-rate" in GB/s; "share" of the attainable in percent
 */
WorkbenchCost *workbench_cost_new (const DfkdCost *cost, const char *name);

G_END_DECLS
