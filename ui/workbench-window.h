/* workbench-window.h: the window: parameters at the left, views in the middle, progress below. */
#pragma once

#include "dfkd.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_WINDOW (workbench_window_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchWindow, workbench_window, WORKBENCH, WINDOW, AdwApplicationWindow)

/** workbench_window_new: @recipe and @options are copied; the run starts when the window is shown. */
WorkbenchWindow *workbench_window_new (AdwApplication *application, const DfkdRecipe *recipe, const DfkdSessionOptions *options);

G_END_DECLS
