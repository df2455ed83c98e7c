/* run-tensorboard.h: what a run measured and made, for TensorBoard. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dfkd_run_write_tensorboard:
 * @run_folder: also of a run that still goes on
 * @folder: exists; TensorBoard takes it for a run
 * @another: what is there is of another run, which has left the place
 * @lost: (out): how many batches could not be read, and are left out
 *
 * Numbers by their steps: synthesis/loss, its terms and synthesis/agreement by inner steps, student/loss and student/rate by student steps,
 * test/accuracy and test/agreement as the log counts them. Images: the first of each batch that the run has kept, by its synthesis. Their times
 * are those of the run's clocks, from when its recipe was written. All is in the order of the log, so that the file of a run that goes on grows
 * when it is written again (tensorboard-writer.h).
 *
 * Returns: (transfer full): the file's path; NULL with DFKD_ERROR_FILE
 */
char *dfkd_run_write_tensorboard (const char *run_folder, const char *folder, gboolean another, guint *lost, GError **error);

G_END_DECLS
