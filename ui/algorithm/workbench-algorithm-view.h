/* workbench-algorithm-view.h: algorithm 1 as a diagram that lights up where the run is, and buttons that advance it step by step. */
#pragma once

#include "workbench-view.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_ALGORITHM_VIEW (workbench_algorithm_view_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchAlgorithmView, workbench_algorithm_view, WORKBENCH, ALGORITHM_VIEW, GtkBox)

G_END_DECLS
