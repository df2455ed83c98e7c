/* workbench-branch-dialog.h: asks where to leave a run for a new one that goes on from there, and how far that goes. The responses are
 * "cancel" and "branch". It starts nothing. */
#pragma once

#include "workbench-document.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_BRANCH_DIALOG (workbench_branch_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchBranchDialog, workbench_branch_dialog, WORKBENCH, BRANCH_DIALOG, AdwMessageDialog)

/** workbench_branch_dialog_new: @points: (element-type guint): of the run that @document shows (dfkd_branch_points_list()), at least one; the
 * newest is chosen at first */
GtkWidget *workbench_branch_dialog_new (GtkWindow *parent, WorkbenchDocument *document, const GArray *points);
/** workbench_branch_dialog_get_point: the syntheses that are done there */
guint workbench_branch_dialog_get_point (WorkbenchBranchDialog *self);
/** workbench_branch_dialog_get_syntheses: of the new run in all, those before the point counted; more than these */
guint workbench_branch_dialog_get_syntheses (WorkbenchBranchDialog *self);

G_END_DECLS
