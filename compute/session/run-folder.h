/* run-folder.h: reading what a run left: for lists of runs, and for opening one again. */
#pragma once

#include "channel.h"
#include "recipe.h"

G_BEGIN_DECLS

/** DfkdRunSummary: summary.json; what it does not say is NaN, 0 or "". */
typedef struct {
  double accuracy, best_accuracy, chosen_accuracy, teacher_accuracy; /* percent on the test set */
  DfkdClocks clocks;
  gboolean finished; /* FALSE when it was stopped on the way */
  guint syntheses, chosen_synthesis;
  guint64 images;
  char *device;
} DfkdRunSummary;

/** dfkd_run_summary_load: DFKD_ERROR_FILE when there is none: the run has not come to an end; DFKD_ERROR_FORMAT */
DfkdRunSummary *dfkd_run_summary_load (const char *run_folder, GError **error);
void dfkd_run_summary_free (DfkdRunSummary *summary);

/** dfkd_run_recipe_load: the recipe it began with */
DfkdRecipe *dfkd_run_recipe_load (const char *run_folder, GError **error);

/** dfkd_run_classes_save: classes.json: what the classes are called, in the order of their labels */
gboolean dfkd_run_classes_save (const char *run_folder, const char *const *names, GError **error);
/** dfkd_run_classes_load: (nullable) (transfer full): NULL where a run does not say, or the file cannot be understood */
char **dfkd_run_classes_load (const char *run_folder);
/** dfkd_run_class_names: (nullable) (transfer full): the same, or else those of the embedded teacher of @recipe, which are known all the same */
char **dfkd_run_class_names (const char *run_folder, const DfkdRecipe *recipe);

/** dfkd_run_is_folder: whether @path is a run folder: it has a recipe.json and an events.jsonl. */
gboolean dfkd_run_is_folder (const char *path);
/** dfkd_run_has_finished: whether its summary says so */
gboolean dfkd_run_has_finished (const char *run_folder);
/** dfkd_run_is_left_over: whether a run was cut off as it made its folder: that is empty, or has half a recipe beside the name it would have had */
gboolean dfkd_run_is_left_over (const char *run_folder);
/** dfkd_run_can_resume: whether it has a snapshot */
gboolean dfkd_run_can_resume (const char *run_folder);
/** dfkd_run_can_go_on: whether dfkd_session_new() can resume it: from a snapshot or, where it was cut off before the first, from its beginning */
gboolean dfkd_run_can_go_on (const char *run_folder);
/** dfkd_run_is_begun: whether it has a recipe, no end and never had a snapshot: it was cut off early, or had no room for one, and can only begin anew */
gboolean dfkd_run_is_begun (const char *run_folder);
/** dfkd_runs_list: (element-type filename): the run folders in @parent, the newest first. Returns: (transfer full) */
GPtrArray *dfkd_runs_list (const char *parent);

/**
 * dfkd_run_lock: claims a run folder for the one who writes in it
 *
 * Returns: a descriptor; closing it, or the end of the program, gives the folder back. -1 with DFKD_ERROR_FILE when somebody else
 * writes in it. File systems that know no locks let everybody have it.
 */
int dfkd_run_lock (const char *run_folder, GError **error);

typedef enum {
  DFKD_LOCK_ALONE,
  DFKD_LOCK_SHARED, /* with others who share it */
  DFKD_LOCK_WAIT,   /* alone, when it is free */
} DfkdLock;

/** dfkd_file_lock: likewise by any file, which is made where there is none; @taken: what is said when somebody else has it */
int dfkd_file_lock (const char *path, DfkdLock lock, const char *taken, GError **error);
/** dfkd_run_is_written: whether somebody writes in it now, which is seen without a lock of one's own: only Linux tells; FALSE elsewhere */
gboolean dfkd_run_is_written (const char *run_folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdRunSummary, dfkd_run_summary_free)

G_END_DECLS
