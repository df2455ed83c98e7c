/* workbench-timing-chart.h: the last step of each kind as a bar of its stages, by device time. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_TIMING_CHART (workbench_timing_chart_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchTimingChart, workbench_timing_chart, WORKBENCH, TIMING_CHART, GtkWidget)

void workbench_timing_chart_set_status (WorkbenchTimingChart *self, const DfkdStatus *status);

G_END_DECLS
