/* experiment-cell.h: the run folder of one cell: how far it has come, and what the next run has to do. */
#pragma once

#include "experiment.h"
#include "run-folder.h"

G_BEGIN_DECLS

typedef enum {
  DFKD_CELL_WAITING, /* nothing there */
  DFKD_CELL_BEGUN,   /* stopped on the way */
  DFKD_CELL_DROPPED, /* likewise, and it will not go on: others were better */
  DFKD_CELL_FINISHED,
  DFKD_CELL_FAILED, /* in this session; it is tried again in the next */
} DfkdCellState;

/** dfkd_cell_state_name: "waiting", "begun" … as in results.csv */
const char *dfkd_cell_state_name (DfkdCellState state);

/** DfkdCellResult: what is known of a cell */
typedef struct {
  DfkdCellState state;
  DfkdRunSummary *summary; /* (nullable): the last one it wrote */
  char *message;           /* FAILED: why */
  double agreement;        /* with @summary: dfkd_cell_agreement() at the end of the log */
} DfkdCellResult;

void dfkd_cell_result_clear (DfkdCellResult *result);

/** dfkd_cell_agreement: percent of new images to which student and teacher said the same, over the last of the first @syntheses (the experiment's
 * window of them, or ten); NaN where the log has not so many, or the method does not tell */
double dfkd_cell_agreement (const DfkdExperiment *experiment, const char *folder, guint cell, guint syntheses);

/** dfkd_cell_path: Returns: (transfer full): the cell's run folder in the experiment's @folder */
char *dfkd_cell_path (const DfkdExperiment *experiment, const char *folder, guint cell);

/** dfkd_cell_check: whether what there is of a cell is of its recipe and seed; else DFKD_ERROR_FILE */
gboolean dfkd_cell_check (const DfkdExperiment *experiment, const char *folder, guint cell, GError **error);

/** dfkd_cell_look: reads how far a cell has come; @result is overwritten, but FAILED and DROPPED stay unless it has finished. */
void dfkd_cell_look (const DfkdExperiment *experiment, const char *folder, guint cell, DfkdCellResult *result);

/**
 * dfkd_cell_prepare:
 * @recipe: of the cell
 * @resume: (out): whether to go on in @path from a snapshot; else @path is free for a new run
 *
 * What a run left that was cut off before its first snapshot is removed. DFKD_ERROR_FILE when @path is something else, or a run
 * of another recipe.
 */
gboolean dfkd_cell_prepare (const char *path, const DfkdRecipe *recipe, gboolean *resume, GError **error);

/**
 * dfkd_cell_take:
 * @path: where nothing is yet
 * @folders: (nullable): of experiments, or of any runs: NULL-terminated
 *
 * Copies to @path the first run in @folders that has finished and is of the same recipe and seed.
 * Returns: (transfer full): the folder it was copied from; NULL without an error: there is none, or @path is there
 */
char *dfkd_cell_take (const char *path, const DfkdRecipe *recipe, const char *const *folders, GError **error);

/**
 * dfkd_cell_score: what successive halving compares after @syntheses, from the log of the run
 *
 * Returns: NaN as long as the run has not come so far, or when nothing was measured
 */
double dfkd_cell_score (const DfkdExperiment *experiment, const char *folder, guint cell, guint syntheses);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DfkdCellResult, dfkd_cell_result_clear)

G_END_DECLS
