/* experiment-progress.h: how far an experiment has come, and how long the rest takes. */
#pragma once

#include "experiment-results.h"
#include "experiment-run.h"

G_BEGIN_DECLS

/**
 * dfkd_experiment_estimate:
 * @progress: the experiment and what of it runs are given; the rest is filled in
 * @goals: for each cell the syntheses it is to have now
 * @later: syntheses of rungs that have not begun: by whom is not known
 * @jobs: how many run at a time, as long as there are so many; clocks of runs are what each of them takes beside the others
 *
 * Inner and student steps that are left go on at the pace of their own recipe or, where that is not known, at that of all: how many
 * there are in a synthesis differs from method to method, how long one takes much less.
 */
void dfkd_experiment_estimate (DfkdExperimentProgress *progress, const DfkdExperimentResults *results, const guint *goals, guint later, guint jobs);

G_END_DECLS
