/* workbench-curve-groups.h: which curves there are, and which of them share a chart. */
#pragma once

#include "workbench-run-lines.h"

G_BEGIN_DECLS

/** WorkbenchCurveSteps: what the axis of a group counts */
typedef enum {
  WORKBENCH_BY_INNER_STEP,
  WORKBENCH_BY_STUDENT_STEP,
  WORKBENCH_BY_SYNTHESIS,
} WorkbenchCurveSteps;

enum {
  WORKBENCH_N_CURVE_GROUPS = 5,
};

typedef struct {
  const char *title, *y_name, *empty; /* untranslated: pass through _() */
  WorkbenchCurveSteps steps;
  gboolean may_be_logarithmic;
  guint count;
  DfkdSeries series[WORKBENCH_MOST_CURVES];
} WorkbenchCurveGroup;

extern const WorkbenchCurveGroup workbench_curve_groups[WORKBENCH_N_CURVE_GROUPS];

/** workbench_curve_group_series: the series of @group that the runs of @recipe have. Returns: how many */
guint workbench_curve_group_series (const WorkbenchCurveGroup *group, const DfkdRecipe *recipe, DfkdSeries series[WORKBENCH_MOST_CURVES]);

/** workbench_curve_step_name: "inner step" …, translated */
const char *workbench_curve_step_name (WorkbenchCurveSteps steps);

G_END_DECLS
