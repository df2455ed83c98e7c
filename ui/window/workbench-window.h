/* workbench-window.h: the window: parameters at the left, views in the middle, progress below. */
#pragma once

#include "workbench-document.h"
#include "workbench-view-kinds.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_WINDOW (workbench_window_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchWindow, workbench_window, WORKBENCH, WINDOW, AdwApplicationWindow)

/** workbench_window_new: @recipe and @options are copied, the run starts; a device of NULL and 0 threads are as in the settings. */
WorkbenchWindow *workbench_window_new (AdwApplication *application, const DfkdRecipe *recipe, const DfkdSessionOptions *options);
/** workbench_window_set_keeps: whether later runs of this window are kept in the folder of runs if the settings want it; else, as at
 * first, none is. */
void workbench_window_set_keeps (WorkbenchWindow *self, gboolean keeps);

/** workbench_window_forget: from now on the next window does not come up as this one looks; with @views_alone it does, but for what its
 * panes show and whether there are two of them. */
void workbench_window_forget (WorkbenchWindow *self, gboolean views_alone);

/** workbench_window_get_document: what all views show; NULL when its run could not begin. (transfer none) */
WorkbenchDocument *workbench_window_get_document (WorkbenchWindow *self);
/** workbench_window_show_view: in the first pane, by the name that workbench_view_kinds[] has; FALSE when there is none. */
gboolean workbench_window_show_view (WorkbenchWindow *self, const char *name);
/** workbench_window_compare: shows the run in @folder beside, in a view that can; FALSE when there is none, which it says. */
gboolean workbench_window_compare (WorkbenchWindow *self, const char *folder);
/** workbench_window_open_experiment: in a window of its own, which says itself what is wrong with it. @path: an experiment's file, or the
 * folder of its runs */
void workbench_window_open_experiment (WorkbenchWindow *self, const char *path);
/** workbench_window_open_named: @paths, with NULL at the end, as if they were dropped onto it; what cannot be opened is said in a banner.
 * @paused: a run that this starts waits */
void workbench_window_open_named (WorkbenchWindow *self, const char *const *paths, gboolean paused);
/** workbench_window_get_view: the one in the first pane. (transfer none) */
WorkbenchView *workbench_window_get_view (WorkbenchWindow *self);

G_END_DECLS
