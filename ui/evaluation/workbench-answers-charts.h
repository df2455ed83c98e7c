/* workbench-answers-charts.h: a student's answers: the share of right ones by class, and the confusion matrix with its rows
 * normalised. */
#pragma once

#include "workbench-answers.h"
#include "workbench-chart.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_ANSWERS_CHARTS (workbench_answers_charts_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchAnswersCharts, workbench_answers_charts, WORKBENCH, ANSWERS_CHARTS, GtkBox)

/** workbench_answers_charts_set_against: what rows are, for headings and axes */
void workbench_answers_charts_set_against (WorkbenchAnswersCharts *self, WorkbenchAgainst against);
/** WorkbenchAnswersBeside: another run's answers, for their shares by class. */
typedef struct {
  char *title;   /* owned */
  GdkRGBA colour;
  DfkdConfusion *answers; /* owned; left out where it has other classes than what is shown */
} WorkbenchAnswersBeside;

/** workbench_answers_charts_show: takes @answers; @names of its classes are copied */
void workbench_answers_charts_show (WorkbenchAnswersCharts *self, DfkdConfusion *answers, const char *const *names);
/** workbench_answers_charts_set_beside: takes @count of them: strokes over the bars, until others are given */
void workbench_answers_charts_set_beside (WorkbenchAnswersCharts *self, const WorkbenchAnswersBeside *beside, guint count);
/** workbench_answers_charts_clear: @why: what stands in the charts instead */
void workbench_answers_charts_clear (WorkbenchAnswersCharts *self, const char *why);
/** workbench_answers_charts_set_sorted: the best class above, or all in their own order */
void workbench_answers_charts_set_sorted (WorkbenchAnswersCharts *self, gboolean sorted);
/** workbench_answers_charts_get_answers: (nullable) (transfer none) */
const DfkdConfusion *workbench_answers_charts_get_answers (WorkbenchAnswersCharts *self);
/** workbench_answers_charts_set_width: beside each other where there is room, else below */
void workbench_answers_charts_set_width (WorkbenchAnswersCharts *self, double width);
/** workbench_answers_charts_save: below @first, in one file; in .csv the matrix, with counts, says both */
gboolean workbench_answers_charts_save (WorkbenchAnswersCharts *self, const WorkbenchTitledChart *first, const char *path, GError **error);

G_END_DECLS
