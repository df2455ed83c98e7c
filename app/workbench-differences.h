/* workbench-differences.h: in what two recipes differ, for people who compare their runs. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

/** workbench_differences: one line for each parameter that differs: "k: 5 here, 2 there", in the table's order. Returns: (transfer full) (element-type utf8) */
GPtrArray *workbench_differences (const DfkdRecipe *here, const DfkdRecipe *there);

/**
 * workbench_differences_markup: the same in one line of Pango markup: "k 5 → <b>2</b> · η_g …", the value there in bold
 * @most: after so many the rest is only counted
 *
 * Returns: (transfer full): NULL when both are the same
 */
char *workbench_differences_markup (const DfkdRecipe *here, const DfkdRecipe *there, guint most);

G_END_DECLS
