/* pretended-runs.h: an experiment, and cells of it that look as if they had come to their end. Every function asserts. */
#pragma once

#include "experiment-results.h"

G_BEGIN_DECLS

/* @folder: where it looks for the files that it names. Returns: (transfer full) */
DfkdExperiment *read_experiment (const char *json, const char *folder);
/* in @folder, which exists. @accuracy: as JSON has it, the final one; best, chosen and teacher's are 90, 70 and 92.85. @generate: seconds;
 * those of the others are 2, 3 and 0, of all together 6.5 */
void pretend_run (const DfkdExperiment *experiment, const char *folder, guint cell, const char *accuracy, double generate);

G_END_DECLS
