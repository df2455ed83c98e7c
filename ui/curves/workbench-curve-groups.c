/* workbench-curve-groups.c: the table of curves. */
#include "workbench-curve-groups.h"

#include <glib/gi18n.h>

const WorkbenchCurveGroup workbench_curve_groups[WORKBENCH_N_CURVE_GROUPS] = {
  { N_ ("Losses of the synthesis"), N_ ("loss"), N_ ("Drawn from the first inner step on"), WORKBENCH_BY_INNER_STEP, TRUE, 9,
    { DFKD_SERIES_LOSS, DFKD_SERIES_LOSS_BN, DFKD_SERIES_LOSS_OH, DFKD_SERIES_LOSS_ADV, DFKD_SERIES_LOSS_ACT, DFKD_SERIES_LOSS_BALANCE,
      DFKD_SERIES_LOSS_CR, DFKD_SERIES_LOSS_TV, DFKD_SERIES_LOSS_L2 } },
  { N_ ("Student and teacher agree"), N_ ("images (%)"), N_ ("Drawn from the first inner step on"), WORKBENCH_BY_INNER_STEP, FALSE, 1,
    { DFKD_SERIES_AGREEMENT } },
  { N_ ("Loss of the student"), N_ ("T²·KL"), N_ ("The student begins after the warm-up"), WORKBENCH_BY_STUDENT_STEP, TRUE, 1,
    { DFKD_SERIES_LOSS_STUDENT } },
  { N_ ("Rate of the student"), N_ ("η_s"), N_ ("The student begins after the warm-up"), WORKBENCH_BY_STUDENT_STEP, TRUE, 1,
    { DFKD_SERIES_LR_STUDENT } },
  { N_ ("Accuracy on the test set"), N_ ("images (%)"), N_ ("The student has not been measured yet"), WORKBENCH_BY_SYNTHESIS, FALSE, 2,
    { DFKD_SERIES_ACCURACY, DFKD_SERIES_AGREEMENT_TEST } },
};

guint
workbench_curve_group_series (const WorkbenchCurveGroup *group, const DfkdRecipe *recipe, DfkdSeries series[WORKBENCH_MOST_CURVES])
{
  guint count = 0;

  for (guint i = 0; i < group->count; i++)
    if (dfkd_recipe_has_series (recipe, group->series[i]))
      series[count++] = group->series[i];
  return count;
}

const char *
workbench_curve_step_name (WorkbenchCurveSteps steps)
{
  return steps == WORKBENCH_BY_INNER_STEP ? _("inner step") : steps == WORKBENCH_BY_STUDENT_STEP ? _("student step") : _("synthesis");
}
