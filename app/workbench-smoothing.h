/* workbench-smoothing.h: a smoothed copy of a series that grows with it.
 *
 * Every point is the average of those before it, of which one that lies @half_life steps back counts half: smoothing depends on
 * steps, not on how many points there are, where the chart ends or how far it is zoomed in. The average is corrected for its
 * beginning, as Adam's moments are. */
#pragma once

#include "workbench-series.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_SMOOTHING (workbench_smoothing_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchSmoothing, workbench_smoothing, WORKBENCH, SMOOTHING, GObject)

WorkbenchSmoothing *workbench_smoothing_new (WorkbenchSeries *series);
/** workbench_smoothing_set_half_life: in steps of the series; 0: no smoothing. */
void workbench_smoothing_set_half_life (WorkbenchSmoothing *self, double half_life);
double workbench_smoothing_get_half_life (WorkbenchSmoothing *self);
/** workbench_smoothing_get_y: of point @index of the series. */
double workbench_smoothing_get_y (WorkbenchSmoothing *self, guint index);

G_END_DECLS
