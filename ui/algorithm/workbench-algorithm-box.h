/* workbench-algorithm-box.h: one part of algorithm 1: title, equation, values of its symbols; lit while the run is at it. */
#pragma once

#include "workbench-algorithm.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_ALGORITHM_BOX (workbench_algorithm_box_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchAlgorithmBox, workbench_algorithm_box, WORKBENCH, ALGORITHM_BOX, GtkButton)

GtkWidget *workbench_algorithm_box_new (WorkbenchAlgorithmPart part);
WorkbenchAlgorithmPart workbench_algorithm_box_get_part (WorkbenchAlgorithmBox *self);
/** workbench_algorithm_box_show: changes only what is different. Returns: TRUE when its light went on or off */
gboolean workbench_algorithm_box_show (WorkbenchAlgorithmBox *self, const WorkbenchAlgorithmState *state);
gboolean workbench_algorithm_box_is_lit (WorkbenchAlgorithmBox *self);
/** workbench_algorithm_box_get_values: the text, without markup */
const char *workbench_algorithm_box_get_values (WorkbenchAlgorithmBox *self);

G_END_DECLS
