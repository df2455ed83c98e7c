/* workbench-first-steps.h: what to try first, each with a button that goes there: for who has never seen the program. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_FIRST_STEPS (workbench_first_steps_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchFirstSteps, workbench_first_steps, WORKBENCH, FIRST_STEPS, AdwPreferencesWindow)

/** workbench_first_steps_new: @parent: a WorkbenchWindow, whose actions the buttons are; it goes on being used meanwhile */
WorkbenchFirstSteps *workbench_first_steps_new (GtkWindow *parent);

G_END_DECLS
