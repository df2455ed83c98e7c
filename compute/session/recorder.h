/* recorder.h: the run folder: recipe.json, events.jsonl, pictures/, films/, snapshots/, student.safetensors,
 * student-chosen.safetensors, teacher-statistics.safetensors, classes.json, summary.json. Everything but the event log is written beside and renamed; the log only ever grows. */
#pragma once

#include "trainer.h"

G_BEGIN_DECLS

typedef struct _DfkdRecorder DfkdRecorder;

/** dfkd_recorder_new: makes @folder, which must not exist, and writes the recipe. @recipe: (nullable): NULL: that comes later */
DfkdRecorder *dfkd_recorder_new (const char *folder, const DfkdRecipe *recipe, GError **error);
/** dfkd_recorder_begin: likewise in a folder that is there, and the caller's alone; what a log and pictures there tell is dropped. */
DfkdRecorder *dfkd_recorder_begin (const char *folder, const DfkdRecipe *recipe, GError **error);
/** dfkd_recorder_resume: goes on in @folder; the log is cut back to @events bytes and the pictures to @synthesis, where the
 * snapshot was. */
DfkdRecorder *dfkd_recorder_resume (const char *folder, guint64 events, guint synthesis, GError **error);
void dfkd_recorder_free (DfkdRecorder *recorder);
/** dfkd_recorder_add_recipe: writes the recipe if it is not there */
gboolean dfkd_recorder_add_recipe (DfkdRecorder *recorder, const DfkdRecipe *recipe, GError **error);

/** dfkd_recorder_tap: writes the log; the recorder is its data. */
extern const DfkdTap dfkd_recorder_tap;
/** dfkd_recorder_flush: writes what the log has gathered. After an error (a full disk) the file is as before, nothing is
 * lost, and it can be tried again. */
gboolean dfkd_recorder_flush (DfkdRecorder *recorder, GError **error);
/** dfkd_recorder_flush_old: likewise, if what has been gathered is older than two seconds: others may follow the run. */
gboolean dfkd_recorder_flush_old (DfkdRecorder *recorder, GError **error);
/** dfkd_recorder_sync: likewise, and what is written outlasts a crash of the machine. */
gboolean dfkd_recorder_sync (DfkdRecorder *recorder, GError **error);
/** dfkd_recorder_position: length of the log in bytes, at the last flush. */
guint64 dfkd_recorder_position (DfkdRecorder *recorder);

/** dfkd_recorder_add_pictures: the kept batch of a synthesis, 8 bits, lossless; @limit as for dfkd_history_add(). */
gboolean dfkd_recorder_add_pictures (DfkdRecorder *recorder, const DfkdPictures *pictures, guint64 limit, GError **error);
/** dfkd_recorder_add_film: its frames; films take a quarter of @limit at most, so that they never drive out the pictures. */
gboolean dfkd_recorder_add_film (DfkdRecorder *recorder, const DfkdPictures *film, guint64 limit, GError **error);
/** dfkd_recorder_add_norms: what the teacher stored, once a run */
gboolean dfkd_recorder_add_norms (DfkdRecorder *recorder, const DfkdNorms *norms, GError **error);

/** dfkd_recorder_choose: student-chosen.safetensors: the student as it is now */
gboolean dfkd_recorder_choose (DfkdRecorder *recorder, DfkdTrainer *trainer, GError **error);

/** dfkd_recorder_summarise: student.safetensors and summary.json as the trainer stands. */
gboolean dfkd_recorder_summarise (DfkdRecorder *recorder, DfkdTrainer *trainer, GError **error);

/** dfkd_summary_to_json: what summary.json holds. Returns: (transfer full) */
char *dfkd_summary_to_json (DfkdTrainer *trainer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdRecorder, dfkd_recorder_free)

G_END_DECLS
