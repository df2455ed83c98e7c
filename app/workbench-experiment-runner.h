/* workbench-experiment-runner.h: runs an experiment in a thread, as `dfkd experiment` does. What it has done is in the folder of the runs, where
 * WorkbenchExperiment reads it; here is only how far it is.
 *
 * It lives, and the application with it, until the thread has ended, and with that every snapshot is written.
 *
 * Signals: "progress" when there is news, twice a second at most; "ended" (message) what it came to, for people. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_EXPERIMENT_RUNNER (workbench_experiment_runner_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchExperimentRunner, workbench_experiment_runner, WORKBENCH, EXPERIMENT_RUNNER, GObject)

/** WorkbenchExperimentStanding: of the runs of the whole experiment */
typedef struct {
  guint finished, failed, runs;
  double fraction;     /* 0 … 1, by inner and student steps */
  double seconds_left; /* negative: not known */
} WorkbenchExperimentStanding;

WorkbenchExperimentRunner *workbench_experiment_runner_new (void);
/**
 * workbench_experiment_runner_start: nothing where it is running
 * @file: of the experiment; what is wrong with it "ended" says
 * @folder: for its runs: made where there is none; runs that are there already are gone on with
 * @device: as the option --device of dfkd
 * @threads: 0: all
 */
void workbench_experiment_runner_start (WorkbenchExperimentRunner *self, const char *file, const char *folder, const char *device, guint threads);
/** workbench_experiment_runner_stop: asks it to; each run leaves a snapshot, from which the next start goes on, and "ended" tells when */
void workbench_experiment_runner_stop (WorkbenchExperimentRunner *self);
gboolean workbench_experiment_runner_is_running (WorkbenchExperimentRunner *self);
/** workbench_experiment_runner_is_stopping: it has been asked to, and writes snapshots */
gboolean workbench_experiment_runner_is_stopping (WorkbenchExperimentRunner *self);
WorkbenchExperimentStanding workbench_experiment_runner_get_standing (WorkbenchExperimentRunner *self);

G_END_DECLS
