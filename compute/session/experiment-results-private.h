/* experiment-results-private.h: between the tables of results and the page. */
#pragma once

#include "experiment-results.h"

G_BEGIN_DECLS

/** dfkd_experiment_page: results.html; makes the sheets of pictures that are not there yet. Returns: (transfer full) */
char *dfkd_experiment_page (DfkdExperimentResults *results);

/** dfkd_experiment_dropped_text: "k = 5: dropped after 15 syntheses, student 41.20 ± 0.60 %", the accuracy where it was measured.
 * Returns: (transfer full) (nullable): NULL where no run of the recipe was dropped */
char *dfkd_experiment_dropped_text (const DfkdExperimentResults *results, guint recipe);

G_END_DECLS
