/* workbench-controls.h: every dial of a document, in groups, with undo, redo and reset.
 *
 * When the document's run does not go on here the dials are insensitive and a line says why. */
#pragma once

#include "workbench-document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_CONTROLS (workbench_controls_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchControls, workbench_controls, WORKBENCH, CONTROLS, GtkBox)

/** workbench_controls_set_document: @document: (nullable) */
void workbench_controls_set_document (WorkbenchControls *self, WorkbenchDocument *document);
/** workbench_controls_commit: takes what has been typed so far, wherever the focus is, and leaves it there. Returns: (nullable): the first
 * parameter whose text is no value that is allowed */
const DfkdParameter *workbench_controls_commit (WorkbenchControls *self);

G_END_DECLS
