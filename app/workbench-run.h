/* workbench-run.h: one run as an object of the main loop: commands go in, signals come out.
 *
 * It wraps a DfkdSession. Everything the trainer tells is taken in one idle callback, however much came.
 *
 * Signals: "status" after the status changed; "scalars" (GArray of DfkdScalar); "pictures" (DfkdPictures); "times" (GArray of
 * DfkdStepTime); "rooflines" (GPtrArray of DfkdRoofline, after dfkd_session_profile()); "event" (DfkdEvent); "left" when it is closed, and its folder
 * stays. Pointers are valid during the emission. */
#pragma once

#include "dfkd.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_RUN (workbench_run_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchRun, workbench_run, WORKBENCH, RUN, GObject)

/** workbench_run_new: starts a session; NULL with the session's error. */
WorkbenchRun *workbench_run_new (const DfkdRecipe *recipe, const DfkdSessionOptions *options, GError **error);

/** workbench_run_set_picture_interval: seconds between pictures at least, 0.1 at first; negative: none */
void workbench_run_set_picture_interval (WorkbenchRun *self, double seconds);

/** workbench_run_close: stops the session after its present step; returns at once, the end comes later. */
void workbench_run_close (WorkbenchRun *self);

/** workbench_run_discard: stops the session, too; when it has ended its folder is put away (workbench_runs_discard()). */
void workbench_run_discard (WorkbenchRun *self);

/** workbench_run_take_problem: what went wrong when a run ended that nobody looks at any more, such as that its snapshot could not be written; the
 * application tells it by a notification. Returns: (transfer full) (nullable): NULL when there is none that has not been told */
char *workbench_run_take_problem (void);

/** workbench_run_wait_for_endings: sessions of finalised runs end in the background; waits for them, before the program
 * ends. */
void workbench_run_wait_for_endings (void);

DfkdSession *workbench_run_get_session (WorkbenchRun *self);
const DfkdStatus *workbench_run_get_status (WorkbenchRun *self);
/** workbench_run_get_recipe: the recipe the run began with, to reset to. */
const DfkdRecipe *workbench_run_get_recipe (WorkbenchRun *self);

G_END_DECLS
