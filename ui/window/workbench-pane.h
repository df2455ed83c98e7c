/* workbench-pane.h: a place for one view at a time, and the choice among all of them. */
#pragma once

#include "workbench-view-kinds.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_PANE (workbench_pane_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchPane, workbench_pane, WORKBENCH, PANE, GtkBox)

/** workbench_pane_set_document: for the view that is shown, and those that will be. */
void workbench_pane_set_document (WorkbenchPane *self, WorkbenchDocument *document);
/** workbench_pane_set_comparison: likewise; once, before the first view is shown */
void workbench_pane_set_comparison (WorkbenchPane *self, WorkbenchComparison *comparison);
/** workbench_pane_show: the view of this name (WorkbenchViewKind); others are ignored. Emits notify::view. */
void workbench_pane_show (WorkbenchPane *self, const char *name);
/** workbench_pane_get_shown: the name of the view that is shown. Property "view". */
const char *workbench_pane_get_shown (WorkbenchPane *self);
WorkbenchView *workbench_pane_get_view (WorkbenchPane *self);

G_END_DECLS
