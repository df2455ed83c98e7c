/* workbench-statistics-view.h: what L_bn sees: the statistics of a batch inside the teacher beside those that its batch norms stored,
 * and which of these drive the loss. */
#pragma once

#include "workbench-batch-statistics.h"
#include "workbench-view.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_STATISTICS_VIEW (workbench_statistics_view_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchStatisticsView, workbench_statistics_view, WORKBENCH, STATISTICS_VIEW, GtkBox)

/** workbench_statistics_view_get_statistics: what is shown now. (nullable) (transfer none) */
const WorkbenchBatchStatistics *workbench_statistics_view_get_statistics (WorkbenchStatisticsView *self);

G_END_DECLS
