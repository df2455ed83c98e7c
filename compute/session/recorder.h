/* recorder.h: the run folder: recipe.json, events.jsonl, pictures/, snapshots/, student.safetensors,
 * summary.json. Everything but the event log is written beside and renamed; the log only ever grows. */
#pragma once

#include "trainer.h"

G_BEGIN_DECLS

typedef struct _DfkdRecorder DfkdRecorder;

/** dfkd_recorder_new: makes @folder, which must not exist, and writes the recipe. */
DfkdRecorder *dfkd_recorder_new (const char *folder, const DfkdRecipe *recipe, GError **error);
/** dfkd_recorder_resume: goes on in @folder; the log is cut back to @events bytes, where the snapshot was. */
DfkdRecorder *dfkd_recorder_resume (const char *folder, guint64 events, GError **error);
void dfkd_recorder_free (DfkdRecorder *recorder);

/** dfkd_recorder_tap: a DfkdTap that writes the log; @recorder is its data. */
void dfkd_recorder_tap (const DfkdScalar *scalar, const DfkdEvent *event, gpointer recorder);
/** dfkd_recorder_flush: FALSE with the first error of the log since the last call. */
gboolean dfkd_recorder_flush (DfkdRecorder *recorder, GError **error);
/** dfkd_recorder_position: length of the log in bytes. */
guint64 dfkd_recorder_position (DfkdRecorder *recorder);

/** dfkd_recorder_add_pictures: the kept batch of a synthesis, 8 bits, lossless. */
gboolean dfkd_recorder_add_pictures (DfkdRecorder *recorder, const DfkdPictures *pictures, GError **error);

/** dfkd_recorder_summarise: student.safetensors and summary.json as the trainer stands. */
gboolean dfkd_recorder_summarise (DfkdRecorder *recorder, DfkdTrainer *trainer, GError **error);

/** dfkd_summary_to_json: what summary.json holds. Returns: (transfer full) */
char *dfkd_summary_to_json (DfkdTrainer *trainer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdRecorder, dfkd_recorder_free)

G_END_DECLS
