/* workbench-batch-statistics.h: a batch's statistics inside the teacher beside those that its batch norms stored. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

typedef enum {
  WORKBENCH_STATISTICS_COMPARED, /* what L_bn holds against the stored ones: mixed with earlier syntheses' by the momentum */
  WORKBENCH_STATISTICS_ALONE,    /* of this batch alone */
} WorkbenchStatisticsKind;

typedef enum {
  WORKBENCH_STATISTIC_MEAN,
  WORKBENCH_STATISTIC_VARIANCE,
} WorkbenchStatistic;

typedef struct {
  DfkdPictures *pictures;
  WorkbenchStatisticsKind kind; /* that was there */
  const float *batch;           /* pictures->norms->size */
  DfkdStatisticsDistance *distance; /* layer by layer */
} WorkbenchBatchStatistics;

/** workbench_batch_statistics_new: keeps a reference to @pictures. Batches on disk come without the mixed statistics: then it is of
 * the batch alone, whatever @kind. Returns: (transfer full) (nullable): NULL when nothing is known of statistics */
WorkbenchBatchStatistics *workbench_batch_statistics_new (DfkdPictures *pictures, WorkbenchStatisticsKind kind);
void workbench_batch_statistics_free (WorkbenchBatchStatistics *statistics);

guint workbench_batch_statistics_count (const WorkbenchBatchStatistics *statistics); /* layers */
const DfkdNorm *workbench_batch_statistics_norm (const WorkbenchBatchStatistics *statistics, guint layer);
/** workbench_batch_statistics_get: @stored, @batch: (out): of a channel */
void workbench_batch_statistics_get (const WorkbenchBatchStatistics *statistics, guint layer, WorkbenchStatistic statistic, gsize channel, double *stored,
                                     double *batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WorkbenchBatchStatistics, workbench_batch_statistics_free)

G_END_DECLS
