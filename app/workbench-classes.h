/* workbench-classes.h: what classes are called, where that is known, and images by them. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

/** workbench_class_name: of the classes of a run: "ankle boot", translated where that is known, or "class 3"; "no class" for none.
 * Returns: (transfer full) */
char *workbench_class_name (WorkbenchDocument *document, int index);

/** workbench_image_name: "synthesis 3, image 5, drawn for: bag", or "test image 5: bag". @label: of the image, −1 where that is not known.
 * Returns: (transfer full) */
char *workbench_image_name (WorkbenchDocument *document, WorkbenchImage image, int label);

G_END_DECLS
