/* tensorboard.h: runs as event files of TensorBoard, once or as they go on. */
#pragma once

#include "command.h"

G_BEGIN_DECLS

/** DfkdTensorboardCopy: what is known of a run and its event file; all 0 before it is first written */
typedef struct {
  goffset size; /* of the log that has been written */
  guint lost;   /* batches that could not be read, which has been told */
  gint64 due;   /* when it may be written again (g_get_monotonic_time()): writing takes no more than a twentieth of the time */
  char *path;   /* (nullable): of the event file */
  char *told;   /* (nullable): what was wrong the last time */
} DfkdTensorboardCopy;

void dfkd_tensorboard_copy_clear (DfkdTensorboardCopy *copy);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DfkdTensorboardCopy, dfkd_tensorboard_copy_clear)

/** dfkd_tensorboard_folder: where the events of @run_folder lie in @directory, by its name. Returns: (transfer full) (type filename) */
char *dfkd_tensorboard_folder (const char *directory, const char *run_folder);
/** dfkd_tensorboard_write: the event file of @run_folder in @directory, both made where they are not there, anew. Errors: DFKD_ERROR_FILE, DFKD_ERROR_FORMAT;
 * DFKD_ERROR_ARGUMENT where the place is another run's */
gboolean dfkd_tensorboard_write (DfkdTensorboardCopy *copy, const char *directory, const char *run_folder, GError **error);
/** dfkd_tensorboard_write_on: the same where the run has told more since and it is due. What is wrong is told, once, and
 * tried again the next time. Returns: whether all that was told until now is written */
gboolean dfkd_tensorboard_write_on (DfkdTensorboardCopy *copy, const char *directory, const char *run_folder);

G_END_DECLS
