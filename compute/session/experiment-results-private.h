/* experiment-results-private.h: between the tables of results and the page. */
#pragma once

#include "experiment-results.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;  /* in CSV */
  const char *label; /* untranslated */
  guint digits;      /* behind the point, in tables for people */
} DfkdMeasureRecord;

extern const DfkdMeasureRecord dfkd_measures[DFKD_N_MEASURES];

/** dfkd_measure_text: "–" where it is not known. Returns: (transfer full) */
char *dfkd_measure_text (double value, guint digits);
/** dfkd_mean_text: "83.42 ± 0.60". Returns: (transfer full) */
char *dfkd_mean_text (const DfkdMean *mean, guint digits);
/** dfkd_experiment_state_text: how many runs have come how far. Returns: (transfer full) */
char *dfkd_experiment_state_text (const DfkdExperimentResults *results);

/** dfkd_experiment_page: results.html; makes the sheets of pictures that are not there yet. Returns: (transfer full) */
char *dfkd_experiment_page (DfkdExperimentResults *results);

G_END_DECLS
