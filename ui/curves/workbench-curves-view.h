/* workbench-curves-view.h: every scalar of a run, in groups below each other that zoom together, over steps or a clock. */
#pragma once

#include "workbench-overlays.h"
#include "workbench-view.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_CURVES_VIEW (workbench_curves_view_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchCurvesView, workbench_curves_view, WORKBENCH, CURVES_VIEW, GtkBox)

/** workbench_curves_view_get_overlays: the runs that are drawn beside the present one, dashed, over the same axes. (transfer none) */
WorkbenchOverlays *workbench_curves_view_get_overlays (WorkbenchCurvesView *self);

G_END_DECLS
