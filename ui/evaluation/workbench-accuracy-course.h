/* workbench-accuracy-course.h: fills a chart with a student's accuracy and agreement over time: on the test set with the teacher's line,
 * or on synthetic images. Part of a view, not a widget of its own. */
#pragma once

#include "workbench-chart.h"
#include "workbench-document.h"
#include "workbench-mark-layer.h"
#include "workbench-reference-layer.h"
#include "workbench-run-lines.h"

G_BEGIN_DECLS

typedef struct {
  WorkbenchChart *chart;
  WorkbenchRunLines lines;
  WorkbenchMarkLayer *mark;
  WorkbenchReferenceLayer *teacher;
  gboolean synthetic;
} WorkbenchAccuracyCourse;

/** workbench_accuracy_course_init: adds what does not change to @chart, which outlives it */
void workbench_accuracy_course_init (WorkbenchAccuracyCourse *course, WorkbenchChart *chart);
void workbench_accuracy_course_clear (WorkbenchAccuracyCourse *course);
/** workbench_accuracy_course_show: @document: (nullable); @others: (element-type WorkbenchDocument): runs that are compared */
void workbench_accuracy_course_show (WorkbenchAccuracyCourse *course, WorkbenchDocument *document, const GPtrArray *others, gboolean synthetic);
void workbench_accuracy_course_set_clock (WorkbenchAccuracyCourse *course, WorkbenchClock clock);
/** workbench_accuracy_course_mark: an upright line at the evaluation after @synthesis; 0: none */
void workbench_accuracy_course_mark (WorkbenchAccuracyCourse *course, WorkbenchDocument *document, guint synthesis);

G_END_DECLS
