/* experiment-results.h: what the cells of an experiment came to: means over seeds, and the three files that show them.
 *
 * results.csv has a row for each cell, for other programs; results.md the table of means; results.html the same as a page of its
 * own, with bars and the last images of each recipe, that needs nothing from anywhere else. */
#pragma once

#include "experiment-cell.h"

G_BEGIN_DECLS

/** DfkdMeasure: what is known of a finished run, in the order of the tables. */
typedef enum {
  DFKD_MEASURE_FINAL, /* percent on the test set */
  DFKD_MEASURE_BEST,
  DFKD_MEASURE_CHOSEN,
  DFKD_MEASURE_TEACHER,
  DFKD_MEASURE_AGREEMENT, /* percent of new images to which student and teacher say the same, over the last syntheses: needs no test set */
  DFKD_MEASURE_GENERATE, /* seconds */
  DFKD_MEASURE_DISTIL,
  DFKD_MEASURE_EVALUATE,
  DFKD_MEASURE_SHOW,
  DFKD_MEASURE_TOTAL, /* all of the run, with what no clock of its own counts */
  DFKD_MEASURE_IMAGES,
  DFKD_N_MEASURES
} DfkdMeasure;

typedef struct {
  const char *name;  /* in CSV */
  const char *label; /* with its unit; untranslated */
  guint digits;      /* behind the point, in tables for people */
} DfkdMeasureRecord;

extern const DfkdMeasureRecord dfkd_measures[DFKD_N_MEASURES];

/** DfkdMean: over seeds */
typedef struct {
  double mean;      /* NaN when @n is 0 */
  double deviation; /* of the sample (n − 1); NaN when @n is below 2 */
  guint n;
} DfkdMean;

typedef struct {
  const DfkdExperiment *experiment;
  char *folder;
  DfkdCellResult *cells; /* one for each cell */
  GPtrArray *sheets;     /* of char *: for each recipe a PNG of its images, base64; NULL: not yet */
} DfkdExperimentResults;

/** dfkd_experiment_results_new: looks at every cell. @experiment must live as long. */
DfkdExperimentResults *dfkd_experiment_results_new (const DfkdExperiment *experiment, const char *folder);
/**
 * dfkd_experiment_results_refresh:
 * @which: (nullable): for each cell whether it is looked at; NULL: all are
 *
 * Looks again, as somebody who does not run them, at the cells that have not come to their end.
 * What only the one who runs them knows, that a cell failed and why, or was dropped, is taken from results.csv, which may be old or
 * anything: it can say nothing against what a cell's own folder says.
 */
void dfkd_experiment_results_refresh (DfkdExperimentResults *results, const gboolean *which);
void dfkd_experiment_results_free (DfkdExperimentResults *results);

/** dfkd_cell_measure: NaN when it is not known */
double dfkd_cell_measure (const DfkdCellResult *cell, DfkdMeasure measure);
/** dfkd_experiment_mean: over the finished cells of a recipe of which the measure is known */
DfkdMean dfkd_experiment_mean (const DfkdExperimentResults *results, guint recipe, DfkdMeasure measure);

/** dfkd_measure_text: "–" where it is not known. Returns: (transfer full) */
char *dfkd_measure_text (double value, guint digits);
/** dfkd_mean_text: "83.42 ± 0.60". Returns: (transfer full) */
char *dfkd_mean_text (const DfkdMean *mean, guint digits);
/** dfkd_experiment_state_text: how many runs have come how far. Returns: (transfer full) */
char *dfkd_experiment_state_text (const DfkdExperimentResults *results);

/** dfkd_experiment_results_write: all three files, each atomically. */
gboolean dfkd_experiment_results_write (DfkdExperimentResults *results, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdExperimentResults, dfkd_experiment_results_free)

G_END_DECLS
