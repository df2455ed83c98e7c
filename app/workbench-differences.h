/* workbench-differences.h: in what two recipes differ, for people who compare their runs. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

/** workbench_differences: one line for each parameter that differs: "k: 5 here, 2 there", in the table's order. Returns: (transfer full) (element-type utf8) */
GPtrArray *workbench_differences (const DfkdRecipe *here, const DfkdRecipe *there);

G_END_DECLS
