/* workbench-window.h: the window: parameters at the left, views in the middle, progress below. */
#pragma once

#include "dfkd.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_WINDOW (workbench_window_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchWindow, workbench_window, WORKBENCH, WINDOW, AdwApplicationWindow)

/** workbench_window_new: @recipe and @options are copied, the run starts; a device of NULL and 0 threads are as in the settings. */
WorkbenchWindow *workbench_window_new (AdwApplication *application, const DfkdRecipe *recipe, const DfkdSessionOptions *options);
/** workbench_window_set_keeps: whether later runs of this window are kept in the folder of runs if the settings want it; else, as at
 * first, none is. */
void workbench_window_set_keeps (WorkbenchWindow *self, gboolean keeps);

G_END_DECLS
