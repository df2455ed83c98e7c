/* workbench-statistics-course.h: how far each batch norm's statistics were from the stored ones, step by step: of the steps whose
 * pictures came while somebody looked. It belongs to a document, so that all views of it show the same.
 *
 * Of a long run it keeps every second of them, every fourth …, so that a layer never has more than 100,000 points. */
#pragma once

#include "workbench-document.h"

G_BEGIN_DECLS

typedef struct _WorkbenchStatisticsCourse WorkbenchStatisticsCourse;

/** workbench_statistics_course_of: from the first call on it follows @document, which owns it. (transfer none) */
WorkbenchStatisticsCourse *workbench_statistics_course_of (WorkbenchDocument *document);
/** workbench_statistics_course_get: of a layer: its part of L_bn by inner step, as the run counts them in its series. NULL while nothing
 * is known of such a layer; another one when points have been left out. (transfer none) */
WorkbenchSeries *workbench_statistics_course_get (WorkbenchStatisticsCourse *course, guint layer);

G_END_DECLS
