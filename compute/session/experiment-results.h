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
  DFKD_MEASURE_GENERATE, /* seconds */
  DFKD_MEASURE_DISTIL,
  DFKD_MEASURE_EVALUATE,
  DFKD_MEASURE_SHOW,
  DFKD_MEASURE_IMAGES,
  DFKD_N_MEASURES
} DfkdMeasure;

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
void dfkd_experiment_results_free (DfkdExperimentResults *results);

/** dfkd_cell_measure: NaN when it is not known */
double dfkd_cell_measure (const DfkdCellResult *cell, DfkdMeasure measure);
/** dfkd_experiment_mean: over the finished cells of a recipe of which the measure is known */
DfkdMean dfkd_experiment_mean (const DfkdExperimentResults *results, guint recipe, DfkdMeasure measure);

/** dfkd_experiment_results_write: all three files, each atomically. */
gboolean dfkd_experiment_results_write (DfkdExperimentResults *results, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdExperimentResults, dfkd_experiment_results_free)

G_END_DECLS
