/* workbench-runs.h: the run folders in the folder of runs, as a list: the newest first, each with what its files say of it.
 *
 * Everything is read in threads. A run that is deleted is only moved aside, into a folder of its own in ".deleted" beside the others,
 * whoever ends meanwhile: for a day it can be taken back, unless the deletion is ended before (then it goes for good). What has been
 * there longer goes when the runs are read next. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_RUN_ENTRY (workbench_run_entry_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchRunEntry, workbench_run_entry, WORKBENCH, RUN_ENTRY, GObject)

const char *workbench_run_entry_get_folder (WorkbenchRunEntry *self);
/** workbench_run_entry_get_title: the name of its folder */
const char *workbench_run_entry_get_title (WorkbenchRunEntry *self);
/** workbench_run_entry_get_line: recipe, method, teacher and student, accuracy, time and date in one line, for people */
const char *workbench_run_entry_get_line (WorkbenchRunEntry *self);
/** workbench_run_entry_get_note: what people wrote of it; NULL: nothing */
const char *workbench_run_entry_get_note (WorkbenchRunEntry *self);
/** workbench_run_entry_set_note: writes it in its folder; NULL or "": none. "notify::note" tells others. */
gboolean workbench_run_entry_set_note (WorkbenchRunEntry *self, const char *note, GError **error);
/** workbench_run_entry_get_recipe: (nullable) (transfer none): NULL when it cannot be read */
const DfkdRecipe *workbench_run_entry_get_recipe (WorkbenchRunEntry *self);
/** workbench_run_entry_get_accuracy: percent, final or last; NaN: it was not measured */
double workbench_run_entry_get_accuracy (WorkbenchRunEntry *self);
/** workbench_run_entry_get_seconds: by all its clocks; NaN: it has left no summary yet */
double workbench_run_entry_get_seconds (WorkbenchRunEntry *self);
/** workbench_run_accuracies: "final 84.22 % · best on test 84.50 % · chosen 83.91 %", as far as they are known; @ended: FALSE: the first
 * is only the last that was measured. Returns: (transfer full): "not measured" when nothing is known */
char *workbench_run_accuracies (const DfkdRunSummary *summary, gboolean ended);
/** workbench_run_has_ended: whether it came to its end; FALSE when it was stopped, be it in its last synthesis, or @summary is NULL */
gboolean workbench_run_has_ended (const DfkdRunSummary *summary);
/** workbench_run_entry_can_resume: it has a snapshot and has not come to its end */
gboolean workbench_run_entry_can_resume (WorkbenchRunEntry *self);
/** workbench_run_entry_get_thumbnail: some of its last images; NULL while they are not read, or when there are none: reading begins with
 * the first call, "notify::thumbnail" tells when they are there. (transfer none) */
GdkTexture *workbench_run_entry_get_thumbnail (WorkbenchRunEntry *self);

#define WORKBENCH_TYPE_RUNS (workbench_runs_get_type ())
/** WorkbenchRuns: a GListModel of WorkbenchRunEntry. Signals: "refreshed" when the folder has been read; "moved" when a run was taken
 * aside, back, or away for good. */
G_DECLARE_FINAL_TYPE (WorkbenchRuns, workbench_runs, WORKBENCH, RUNS, GObject)

/** workbench_runs_new: of the folder @parent, which need not exist; it is read at once, in the background. */
WorkbenchRuns *workbench_runs_new (const char *parent);
void workbench_runs_refresh (WorkbenchRuns *self);

/** workbench_runs_delete: takes the run out of the list and aside, unless somebody writes in it: has its lock or, unless it has ended
 * with a summary, has written there within a minute. Returns: (transfer full): where it is until then, for the two below */
char *workbench_runs_delete (WorkbenchRuns *self, WorkbenchRunEntry *entry, GError **error);
/** workbench_runs_discard: likewise a run that has just been stopped, in any folder and on any thread; unless @restorable it goes for good.
 * While somebody else writes in it it stays. */
void workbench_runs_discard (const char *folder, gboolean restorable);
/** workbench_runs_get_deleted: (transfer none): of WorkbenchRunEntry: those aside, whose folders are for the two below */
GListModel *workbench_runs_get_deleted (WorkbenchRuns *self);
/** workbench_runs_take_back: @aside: as workbench_runs_delete() returned it; it gets the name that it had */
gboolean workbench_runs_take_back (WorkbenchRuns *self, const char *aside, GError **error);
/** workbench_runs_end_deletion: it goes for good, in the background, to the trash of the desktop where there is one */
void workbench_runs_end_deletion (WorkbenchRuns *self, const char *aside);

G_END_DECLS
