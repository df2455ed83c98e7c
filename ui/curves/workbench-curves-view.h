/* workbench-curves-view.h: every scalar of a run, in groups below each other that zoom together, over steps or a clock; the runs that
 * it is compared with are dashed, over the same axes. */
#pragma once

#include "workbench-view.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_CURVES_VIEW (workbench_curves_view_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchCurvesView, workbench_curves_view, WORKBENCH, CURVES_VIEW, GtkBox)

G_END_DECLS
