/* workbench-classes.h: what classes are called, where that is known. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

/** workbench_class_name: of the classes of a run: "ankle boot", translated where that is known, or "class 3"; "no class" for none.
 * Returns: (transfer full) */
char *workbench_class_name (WorkbenchDocument *document, int index);

G_END_DECLS
