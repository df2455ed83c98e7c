/* workbench-runs-window.h: every run that is kept, to look at, to compare, to go on with, or to delete; and what was deleted lately, to
 * take back.
 *
 * It opens nothing itself: it calls the actions win.open-path, win.resume-path and win.compare-runs of the window that it belongs to. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_RUNS_WINDOW (workbench_runs_window_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchRunsWindow, workbench_runs_window, WORKBENCH, RUNS_WINDOW, AdwWindow)

/** workbench_runs_window_new: of the runs in @folder */
WorkbenchRunsWindow *workbench_runs_window_new (GtkWindow *parent, const char *folder);

G_END_DECLS
