/* experiment-run.h: runs the cells of an experiment one after another, or some at a time, each in its run folder, and keeps the tables of results.
 *
 * Everything that is known is on disk: run again after any interruption it passes over cells that have come to their end, goes on
 * with one that was cut off from its snapshot, and ends with the same results. Cells that failed are tried again. */
#pragma once

#include "channel.h"
#include "experiment-cell.h"

G_BEGIN_DECLS

/** DfkdExperimentActive: a cell that runs. */
typedef struct {
  guint cell;
  DfkdStatus status;
} DfkdExperimentActive;

/** DfkdExperimentProgress: where it stands; lives only during the call. */
typedef struct {
  const DfkdExperiment *experiment;
  const DfkdExperimentActive *active; /* that run now, in the order in which they were begun */
  guint n_active;
  guint finished, failed;
  double fraction;     /* 0 … 1, by inner and student steps */
  double seconds_left; /* negative when unknown */
} DfkdExperimentProgress;

typedef struct {
  const char *const *devices; /* (nullable): each as --device; cells that run at a time are shared out among them; NULL: "auto" */
  guint threads;      /* of each run; 0: all that there are, shared out evenly */
  gboolean polite;    /* beside a window that stays smooth: as DfkdSessionOptions has it */
  guint jobs;         /* cells that run at a time; 0: one on each device */
  guint part, parts;  /* of so many processes that share the cells this is number 1 … @parts; parts 0: it does all of them */
  const char *const *take_from; /* (nullable): folders whose finished runs are copied instead of run again: dfkd_cell_take() */
  /** watch: called often, on the calling thread; FALSE stops: each cell saves a snapshot and the call returns. */
  gboolean (*watch) (const DfkdExperimentProgress *progress, gpointer data);
  /** took: (nullable): a cell is a copy of the run in @from; ended() follows */
  void (*took) (const DfkdExperiment *experiment, guint cell, const char *from, gpointer data);
  /** ended: (nullable): a cell has come to its end, or failed, be it when it was stopped; @result->message says why */
  void (*ended) (const DfkdExperiment *experiment, guint cell, const DfkdCellResult *result, gpointer data);
  gpointer data;
} DfkdExperimentOptions;

/**
 * dfkd_experiment_run:
 * @source: the file that @experiment was read from; the folder keeps a copy that needs no other file
 * @folder: made where there is none
 *
 * After every cell results.csv, results.md and results.html are written anew (experiment-results.h).
 *
 * Returns: TRUE when every cell has come to its end or has failed. FALSE with DFKD_ERROR_CANCELLED when @options->watch stopped
 * it, with DFKD_ERROR_NUMBER when halving has nothing to compare, with DFKD_ERROR_ARGUMENT when it is to be done in parts, with DFKD_ERROR_FILE when the folder or the results cannot be
 * written or another process works in it.
 */
gboolean dfkd_experiment_run (const DfkdExperiment *experiment, const char *source, const char *folder,
                              const DfkdExperimentOptions *options, GError **error);

G_END_DECLS
