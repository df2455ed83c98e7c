/* workbench-experiment-dialog.h: asks which dials to vary, over which values and seeds. The responses are "cancel" and "create". It starts nothing. */
#pragma once

#include "dfkd.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_EXPERIMENT_DIALOG (workbench_experiment_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchExperimentDialog, workbench_experiment_dialog, WORKBENCH, EXPERIMENT_DIALOG, AdwMessageDialog)

/** workbench_experiment_dialog_new: @base: what is not varied; copied */
GtkWidget *workbench_experiment_dialog_new (GtkWindow *parent, const DfkdRecipe *base);
/** workbench_experiment_dialog_save: the experiment that was asked for. Returns: (transfer full): its folder: workbench_experiment_draft_save() */
char *workbench_experiment_dialog_save (WorkbenchExperimentDialog *self, GError **error);

G_END_DECLS
