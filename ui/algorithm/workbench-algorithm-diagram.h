/* workbench-algorithm-diagram.h: the parts of algorithm 1 as boxes with arrows between them.
 *
 * Signal: "explain" (WorkbenchAlgorithmPart) when a box is pressed, gets the keyboard's focus or has the pointer over it. Arrow keys
 * go from box to box. */
#pragma once

#include "workbench-algorithm-box.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_ALGORITHM_DIAGRAM (workbench_algorithm_diagram_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchAlgorithmDiagram, workbench_algorithm_diagram, WORKBENCH, ALGORITHM_DIAGRAM, GtkWidget)

void workbench_algorithm_diagram_show (WorkbenchAlgorithmDiagram *self, const WorkbenchAlgorithmState *state);
WorkbenchAlgorithmBox *workbench_algorithm_diagram_get_box (WorkbenchAlgorithmDiagram *self, WorkbenchAlgorithmPart part);

G_END_DECLS
