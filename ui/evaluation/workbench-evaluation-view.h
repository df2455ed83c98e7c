/* workbench-evaluation-view.h: how well the student does: over time, by class, and what it takes for what; on the test set, or,
 * without one, on synthetic images beside the teacher. */
#pragma once

#include "workbench-view.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_EVALUATION_VIEW (workbench_evaluation_view_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchEvaluationView, workbench_evaluation_view, WORKBENCH, EVALUATION_VIEW, GtkBox)

/** workbench_evaluation_view_get_answers: what the charts show now. (nullable) (transfer none) */
const DfkdConfusion *workbench_evaluation_view_get_answers (WorkbenchEvaluationView *self);

G_END_DECLS
