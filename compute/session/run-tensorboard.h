/* run-tensorboard.h: what a run measured and made, for TensorBoard. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** DFKD_TENSORBOARD_FILE: a name that TensorBoard looks for */
#define DFKD_TENSORBOARD_FILE "events.out.tfevents.dfkd"

/**
 * dfkd_run_write_tensorboard:
 * @run_folder: also of a run that still goes on
 * @path: a file whose name contains "tfevents", in a folder that TensorBoard takes for a run
 *
 * Numbers by their steps: synthesis/loss, its terms and synthesis/agreement by inner steps, student/loss and student/rate by student steps,
 * test/accuracy and test/agreement as the log counts them. Images: the first of each batch that the run has kept, by its synthesis. Their times
 * are those of the run's clocks, from when its recipe was written. All is in the order of the log: written again, the file of a run that goes on
 * has grown, and whoever has it open reads on, until the history drops pictures or the run goes back to a snapshot.
 *
 * Errors: DFKD_ERROR_FILE, DFKD_ERROR_FORMAT for a batch that cannot be read.
 */
gboolean dfkd_run_write_tensorboard (const char *run_folder, const char *path, GError **error);

G_END_DECLS
