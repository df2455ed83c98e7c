/* workbench-precision-recall.h: precision, recall, density and coverage of a pool beside test images, by the points of both, while the pool grows.
 *
 * As many of the pool as there are test images are compared, from all over it (compute/analysis/precision-recall.h), by a job
 * (workbench-job.h), which then rests for twenty times as long as that took.
 *
 * Signal: "measured" when there are new numbers. */
#pragma once

#include "workbench-points.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_PRECISION_RECALL (workbench_precision_recall_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchPrecisionRecall, workbench_precision_recall, WORKBENCH, PRECISION_RECALL, GObject)

/** workbench_precision_recall_new: of @points, which is referenced; measured whenever it has both kinds and has changed */
WorkbenchPrecisionRecall *workbench_precision_recall_new (WorkbenchPoints *points);
/** workbench_precision_recall_get: (nullable) (transfer none), until "measured"; NULL while nothing is known, and where there are not enough points */
const DfkdPrecisionRecall *workbench_precision_recall_get (WorkbenchPrecisionRecall *self);

G_END_DECLS
