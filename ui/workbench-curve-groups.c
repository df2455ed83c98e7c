/* workbench-curve-groups.c: the table of curves. */
#include "workbench-curve-groups.h"

#include <glib/gi18n.h>

const WorkbenchCurveGroup workbench_curve_groups[WORKBENCH_N_CURVE_GROUPS] = {
  { N_ ("Losses of the synthesis"), N_ ("loss"), N_ ("The first inner step is under way"), "", WORKBENCH_BY_INNER_STEP, TRUE, 4,
    { DFKD_SERIES_LOSS, DFKD_SERIES_LOSS_BN, DFKD_SERIES_LOSS_OH, DFKD_SERIES_LOSS_ADV } },
  { N_ ("Student and teacher agree"), N_ ("images (%)"), N_ ("The first inner step is under way"), "-agreement", WORKBENCH_BY_INNER_STEP, FALSE, 1,
    { DFKD_SERIES_AGREEMENT } },
  { N_ ("Loss of the student"), N_ ("T²·KL"), N_ ("The student begins after the warm-up"), "-student", WORKBENCH_BY_STUDENT_STEP, TRUE, 1,
    { DFKD_SERIES_LOSS_STUDENT } },
  { N_ ("Rate of the student"), N_ ("η_s"), N_ ("The student begins after the warm-up"), "-rate", WORKBENCH_BY_STUDENT_STEP, TRUE, 1,
    { DFKD_SERIES_LR_STUDENT } },
  { N_ ("Accuracy on the test set"), N_ ("images (%)"), N_ ("The student has not been measured yet"), "-accuracy", WORKBENCH_BY_SYNTHESIS, FALSE, 2,
    { DFKD_SERIES_ACCURACY, DFKD_SERIES_AGREEMENT_TEST } },
};

const char *
workbench_curve_step_name (WorkbenchCurveSteps steps)
{
  return steps == WORKBENCH_BY_INNER_STEP ? _("inner step") : steps == WORKBENCH_BY_STUDENT_STEP ? _("student step") : _("synthesis");
}
