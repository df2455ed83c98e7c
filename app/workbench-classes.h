/* workbench-classes.h: what classes are called, where that is known. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

/** workbench_class_name: of the classes of @recipe's teacher: "ankle boot", translated, or "class 3"; "no class" for none.
 * Returns: (transfer full) */
char *workbench_class_name (const DfkdRecipe *recipe, int index);

G_END_DECLS
