/* workbench-teacher-dialog.h: asks for the mean and the standard deviation of a teacher's images, which its file does not say, and what its classes are called. The responses are
 * "cancel" and "open". It starts nothing. */
#pragma once

#include "dfkd.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_TEACHER_DIALOG (workbench_teacher_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchTeacherDialog, workbench_teacher_dialog, WORKBENCH, TEACHER_DIALOG, AdwMessageDialog)

/** workbench_teacher_dialog_new: @path: of the model's file */
GtkWidget *workbench_teacher_dialog_new (GtkWindow *parent, const char *path, const DfkdModel *model);
/** workbench_teacher_dialog_get_mean: as a recipe takes it; it fits the teacher when the response is "open" */
const char *workbench_teacher_dialog_get_mean (WorkbenchTeacherDialog *self);
const char *workbench_teacher_dialog_get_std (WorkbenchTeacherDialog *self);
/** workbench_teacher_dialog_get_class_names: likewise; "" when nobody says */
const char *workbench_teacher_dialog_get_class_names (WorkbenchTeacherDialog *self);

G_END_DECLS
