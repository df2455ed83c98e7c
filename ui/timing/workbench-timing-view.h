/* workbench-timing-view.h: what each step takes, by stage and kernel. */
#pragma once

#include "workbench-view.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_TIMING_VIEW (workbench_timing_view_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchTimingView, workbench_timing_view, WORKBENCH, TIMING_VIEW, GtkBox)

G_END_DECLS
