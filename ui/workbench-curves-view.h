/* workbench-curves-view.h: every scalar of a run, in groups below each other that zoom together, over steps or a clock. */
#pragma once

#include "workbench-view.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_CURVES_VIEW (workbench_curves_view_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchCurvesView, workbench_curves_view, WORKBENCH, CURVES_VIEW, GtkBox)

/** workbench_curves_view_add_overlay: another run's curves, dashed, over the same axes. */
void workbench_curves_view_add_overlay (WorkbenchCurvesView *self, WorkbenchDocument *document);
void workbench_curves_view_remove_overlays (WorkbenchCurvesView *self);

G_END_DECLS
