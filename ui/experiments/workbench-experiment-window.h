/* workbench-experiment-window.h: an experiment: its recipes as a table and as parallel coordinates, which select together. It is read again
 * while it runs.
 *
 * It opens no run itself: it calls the actions win.open-runs and win.compare-runs of the window that it belongs to. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_EXPERIMENT_WINDOW (workbench_experiment_window_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchExperimentWindow, workbench_experiment_window, WORKBENCH, EXPERIMENT_WINDOW, AdwWindow)

/** workbench_experiment_window_new: @path: an experiment's file or the folder of its runs; what is wrong with it the window says. @device, @threads: on
 * which it runs the experiment when it is told to, as `dfkd experiment` has --device and --threads */
WorkbenchExperimentWindow *workbench_experiment_window_new (GtkWindow *parent, const char *path, const char *device, guint threads);
/** workbench_experiment_window_close_both: as if it was closed; when that is agreed to, its parent is closed as well */
void workbench_experiment_window_close_both (WorkbenchExperimentWindow *self);
/** workbench_experiment_window_get_path: as it was opened */
const char *workbench_experiment_window_get_path (WorkbenchExperimentWindow *self);
/** workbench_experiment_window_is_running: whether it runs the experiment itself, and closing it asks */
gboolean workbench_experiment_window_is_running (WorkbenchExperimentWindow *self);

G_END_DECLS
