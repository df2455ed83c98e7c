/* session.h: one run: a trainer on its own thread, steered by commands, recorded in a run folder.
 *
 * All functions may be called from any thread and return at once, except new, wait, free and save_student. */
#pragma once

#include "channel.h"
#include "recipe.h"

G_BEGIN_DECLS

typedef struct _DfkdSession DfkdSession;

typedef struct {
  const char *device; /* as --device; NULL: "auto" */
  guint threads;      /* CPU threads; 0: all */
  const char *folder; /* run folder to create (must not exist), or with resume to go on in; NULL: keep nothing */
  gboolean resume;    /* a run that was cut off before its first snapshot begins anew, by the recipe in its folder */
  const char *teacher, *data; /* (nullable): with resume: where the run's own lie now, if they were moved; another teacher is refused */
  gboolean made;      /* the caller has made the folder, which is empty */
  const char *branch_folder; /* (nullable): a run folder to branch from: a new run that goes on from a branch point of it */
  guint branch_synthesis;    /* which: the syntheses that were done then (dfkd_branch_points_list()) */
  gboolean paused;    /* start paused */
  gboolean polite;    /* lower the priority of the trainer and its workers, so that a window beside it stays smooth */
} DfkdSessionOptions;

typedef enum {
  DFKD_STEP_ANY,       /* the next step of any kind */
  DFKD_STEP_INNER,     /* through the next inner step, whatever comes before it */
  DFKD_STEP_SYNTHESIS, /* through the next outer step: to the end of the present synthesis, or of the next one */
  DFKD_STEP_EPOCH,     /* to the end of the student steps after it, and of an evaluation if one is due */
} DfkdStepKind;

/**
 * dfkd_session_new:
 * @recipe: (nullable): NULL with resume: the folder's own; NULL when branching: as it stood at the branch point
 *
 * Checks the recipe, loads teacher and test data (on the calling thread, so that errors name the file at once) and starts the thread, which then creates the folder
 * and builds the programs while the status says PREPARING.
 */
DfkdSession *dfkd_session_new (const DfkdRecipe *recipe, const DfkdSessionOptions *options, GError **error);

DfkdChannel *dfkd_session_get_channel (DfkdSession *session); /* (transfer none) */
DfkdRecipe *dfkd_session_copy_recipe (DfkdSession *session);  /* the recipe as it stands now */
const char *dfkd_session_get_folder (DfkdSession *session);   /* NULL when nothing is kept */
/** dfkd_session_get_class_names: (nullable) (array zero-terminated=1) (transfer none): as the recipe, the teacher's file, the test data or an embedded teacher says them */
const char *const *dfkd_session_get_class_names (DfkdSession *session);
guint64 dfkd_session_get_log_start (DfkdSession *session);    /* bytes of events.jsonl that tell of the run before it was resumed here; else 0 */
char *dfkd_session_copy_device_name (DfkdSession *session);   /* for people; "" while preparing */

/** dfkd_session_is_running: whether it was last told to go on, by itself or by steps that are not done yet; known at once, while a
 * status comes when the present step is done, or all is prepared. */
gboolean dfkd_session_is_running (DfkdSession *session);
void dfkd_session_run (DfkdSession *session);
/** dfkd_session_pause: after the present step; steps that were asked for are forgotten. */
void dfkd_session_pause (DfkdSession *session);
/** dfkd_session_step: advances by exactly one @kind, then pauses. Called again before that, it advances once more for each
 * call; what was left of another kind is forgotten. */
void dfkd_session_step (DfkdSession *session, DfkdStepKind kind);
/** dfkd_session_set: from the next step on; errors (range, BUILD class) are found at once. */
gboolean dfkd_session_set (DfkdSession *session, DfkdParameterId id, double value, GError **error);
/** dfkd_session_profile: measures device and steps when the present step is done; the channel gets the rooflines. */
void dfkd_session_profile (DfkdSession *session);
void dfkd_session_snapshot (DfkdSession *session); /* as soon as the present step is done */

/** dfkd_session_export_student: writes the student, as it is when the present step is done, to @path, ONNX or safetensors by its
 * ending (dfkd_model_export()). An event tells:
 * EXPORTED, or NOTICE with what went wrong. Several are written one after the other. Returns: FALSE: the session has ended, and writes no more */
gboolean dfkd_session_export_student (DfkdSession *session, const char *path);

/** dfkd_session_save_student: the student of a session that has ended to @path, likewise; only one without a folder still has it. */
gboolean dfkd_session_save_student (DfkdSession *session, const char *path, GError **error);

/** dfkd_session_stop: ends after the present step with a snapshot (if there is a folder). */
void dfkd_session_stop (DfkdSession *session);
/** dfkd_session_wait: until the thread has ended: finished, stopped or failed. FALSE with the failure. */
gboolean dfkd_session_wait (DfkdSession *session, GError **error);
/** dfkd_session_free: stops, waits, frees. */
void dfkd_session_free (DfkdSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdSession, dfkd_session_free)

G_END_DECLS
