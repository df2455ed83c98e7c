/* experiment-results-private.h: between the tables of results and the page. */
#pragma once

#include "experiment-results.h"

G_BEGIN_DECLS

/** dfkd_experiment_page: results.html; makes the sheets of pictures that are not there yet. Returns: (transfer full) */
char *dfkd_experiment_page (DfkdExperimentResults *results);

G_END_DECLS
