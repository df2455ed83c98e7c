/* workbench-likeness.h: how like the test images those of a pool are, by the points of both (precision-recall.h), while the pool grows.
 *
 * As many of the pool as there are test images are compared, from all over it. A thread of its own computes, with few of the
 * processor's turns, and rests for twenty times as long as that took.
 *
 * Signal: "measured" when there are new numbers. */
#pragma once

#include "workbench-points.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_LIKENESS (workbench_likeness_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchLikeness, workbench_likeness, WORKBENCH, LIKENESS, GObject)

enum {
  WORKBENCH_LIKENESS_NEIGHBOURS = 5, /* k of the measures, as Naeem et al. (ICML 2020) choose it */
};

/** workbench_likeness_new: of @points, which is referenced; measured whenever it has both kinds and has changed */
WorkbenchLikeness *workbench_likeness_new (WorkbenchPoints *points);
/** workbench_likeness_get: (nullable) (transfer none), until "measured"; NULL while nothing is known, and where there are not enough points */
const DfkdPrecisionRecall *workbench_likeness_get (WorkbenchLikeness *self);

G_END_DECLS
