/* workbench-statistics-charts.h: what L_bn sees of a batch: layers by channels, the share of each layer in the loss, and pairs of a
 * stored and a measured statistic of one layer. */
#pragma once

#include "workbench-batch-statistics.h"
#include "workbench-series.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_STATISTICS_CHARTS (workbench_statistics_charts_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchStatisticsCharts, workbench_statistics_charts, WORKBENCH, STATISTICS_CHARTS, GtkBox)

/** workbench_statistics_charts_show: takes @statistics. (nullable): then @why stands in the charts */
void workbench_statistics_charts_show (WorkbenchStatisticsCharts *self, WorkbenchBatchStatistics *statistics, const char *why);
/** workbench_statistics_charts_get: what is shown. (nullable) (transfer none) */
const WorkbenchBatchStatistics *workbench_statistics_charts_get (WorkbenchStatisticsCharts *self);
/** workbench_statistics_charts_set_statistic: which of the two, in the map and in the pairs */
void workbench_statistics_charts_set_statistic (WorkbenchStatisticsCharts *self, WorkbenchStatistic statistic);
/** workbench_statistics_charts_set_layer: whose pairs are shown */
void workbench_statistics_charts_set_layer (WorkbenchStatisticsCharts *self, guint layer);
/** workbench_statistics_charts_set_course: L_bn over inner steps and the part of one layer in it. (nullable): either */
void workbench_statistics_charts_set_course (WorkbenchStatisticsCharts *self, WorkbenchSeries *loss, WorkbenchSeries *part);
/** workbench_statistics_charts_set_width: beside each other where there is room, else below */
void workbench_statistics_charts_set_width (WorkbenchStatisticsCharts *self, double width);
/** workbench_statistics_charts_save: all charts in one picture; as .csv one table with the statistics of each channel */
gboolean workbench_statistics_charts_save (WorkbenchStatisticsCharts *self, const char *path, GError **error);

G_END_DECLS
