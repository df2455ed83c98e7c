/* workbench-algorithm.h: algorithm 1 of FastDFKD in parts: what each computes, its equation, the values of its symbols, and which
 * of them a run is at. Knows no widget.
 *
 * Equations are Pango markup. They are numbered here, in the order in which a run comes to them. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

typedef enum {
  WORKBENCH_ALGORITHM_DRAW,
  WORKBENCH_ALGORITHM_IMAGES,
  WORKBENCH_ALGORITHM_LOSSES,
  WORKBENCH_ALGORITHM_INNER,
  WORKBENCH_ALGORITHM_LOOP,
  WORKBENCH_ALGORITHM_OUTER,
  WORKBENCH_ALGORITHM_POOL,
  WORKBENCH_ALGORITHM_STUDENT,
  WORKBENCH_ALGORITHM_EVALUATION,
  WORKBENCH_N_ALGORITHM_PARTS
} WorkbenchAlgorithmPart;

/** WorkbenchAlgorithmState: what the parts say of a run at one moment. */
typedef struct {
  DfkdRecipe *recipe; /* as it stands now; owned */
  DfkdStatus status;
  double last[DFKD_N_SERIES]; /* the newest value of each; NaN before there is one */
  gboolean is_live;           /* it goes on here */
  gboolean goes_on_elsewhere; /* another program computes it */
} WorkbenchAlgorithmState;

void workbench_algorithm_state_init (WorkbenchAlgorithmState *state, WorkbenchDocument *document);
void workbench_algorithm_state_clear (WorkbenchAlgorithmState *state);

/** workbench_algorithm_title: "Inner step", translated */
const char *workbench_algorithm_title (WorkbenchAlgorithmPart part);
/** workbench_algorithm_equation: what the recipe of @state makes of it, with its number. Returns: (transfer full) */
char *workbench_algorithm_equation (WorkbenchAlgorithmPart part, const WorkbenchAlgorithmState *state);
/** workbench_algorithm_values: a few short lines, "η_g = 0.003". Returns: (transfer full) markup */
char *workbench_algorithm_values (WorkbenchAlgorithmPart part, const WorkbenchAlgorithmState *state);
/** workbench_algorithm_explanation: a sentence or two, with further equations. Returns: (transfer full) markup */
char *workbench_algorithm_explanation (WorkbenchAlgorithmPart part, const WorkbenchAlgorithmState *state);
/** workbench_algorithm_asks_student: whether the student has a say in the inversion loss */
gboolean workbench_algorithm_asks_student (const WorkbenchAlgorithmState *state);
/** workbench_algorithm_is_lit: whether the step that is under way, or comes next, is this or belongs to it */
gboolean workbench_algorithm_is_lit (WorkbenchAlgorithmPart part, const WorkbenchAlgorithmState *state);
/** workbench_algorithm_present: the part that says most of that step; WORKBENCH_N_ALGORITHM_PARTS: none is lit */
WorkbenchAlgorithmPart workbench_algorithm_present (const WorkbenchAlgorithmState *state);
/** workbench_algorithm_place: what comes next, for people. Returns: (transfer full) */
char *workbench_algorithm_place (const WorkbenchAlgorithmState *state);

G_END_DECLS
