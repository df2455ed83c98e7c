/* workbench-batch-statistics.c: pictures and their norms, compared. */
#include "workbench-batch-statistics.h"

static const double EPSILON = 1e-5; /* of the networks' batch norms */

WorkbenchBatchStatistics *
workbench_batch_statistics_new (DfkdPictures *pictures, WorkbenchStatisticsKind kind)
{
  gboolean mixed = kind == WORKBENCH_STATISTICS_COMPARED && pictures->compared != NULL;
  const float *batch = mixed ? pictures->compared : pictures->statistics;
  const DfkdNorms *norms = pictures->norms;
  g_autofree DfkdStatistics *layers = NULL;
  WorkbenchBatchStatistics *statistics;

  if (norms == NULL || batch == NULL || norms->norms->len == 0)
    return NULL;
  layers = g_new0 (DfkdStatistics, norms->norms->len);
  for (guint i = 0; i < norms->norms->len; i++)
    {
      const DfkdNorm *norm = &g_array_index (norms->norms, DfkdNorm, i);

      layers[i] = (DfkdStatistics){ norm->channels, batch + norm->offset, norms->running + norm->offset, norms->running + norm->offset + norm->channels };
    }
  statistics = g_new0 (WorkbenchBatchStatistics, 1);
  statistics->pictures = dfkd_pictures_ref (pictures);
  statistics->kind = mixed ? WORKBENCH_STATISTICS_COMPARED : WORKBENCH_STATISTICS_ALONE;
  statistics->batch = batch;
  statistics->distance = dfkd_statistics_distance_new (layers, norms->norms->len, EPSILON);
  return statistics;
}

void
workbench_batch_statistics_free (WorkbenchBatchStatistics *statistics)
{
  if (statistics == NULL)
    return;
  dfkd_statistics_distance_free (statistics->distance);
  dfkd_pictures_unref (statistics->pictures);
  g_free (statistics);
}

guint
workbench_batch_statistics_count (const WorkbenchBatchStatistics *statistics)
{
  return statistics->pictures->norms->norms->len;
}

const DfkdNorm *
workbench_batch_statistics_norm (const WorkbenchBatchStatistics *statistics, guint layer)
{
  return &g_array_index (statistics->pictures->norms->norms, DfkdNorm, layer);
}

void
workbench_batch_statistics_get (const WorkbenchBatchStatistics *statistics, guint layer, WorkbenchStatistic statistic, gsize channel, double *stored,
                                double *batch)
{
  const DfkdNorm *norm = workbench_batch_statistics_norm (statistics, layer);
  gsize at = norm->offset + (statistic == WORKBENCH_STATISTIC_VARIANCE ? norm->channels : 0) + channel;

  *stored = (double) statistics->pictures->norms->running[at];
  *batch = (double) statistics->batch[at];
}
