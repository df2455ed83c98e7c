/* workbench-answers.h: what a student answered, counted against what is held to be right: the labels or the teacher's answers of a
 * test set, or the teacher's answers to synthetic images. */
#pragma once

#include "dfkd.h"

G_BEGIN_DECLS

typedef enum {
  WORKBENCH_AGAINST_LABELS,    /* of the test set */
  WORKBENCH_AGAINST_TEACHER,   /* on the test set */
  WORKBENCH_AGAINST_SYNTHETIC, /* the teacher on a batch of synthetic images */
} WorkbenchAgainst;

/** workbench_answers_of_assessment: LABELS or TEACHER. Returns: (transfer full): rows are what is right, columns the student's */
DfkdConfusion *workbench_answers_of_assessment (const DfkdAssessment *assessment, WorkbenchAgainst against);
/** workbench_answers_last: the last of @assessments (element-type DfkdAssessment, in their order) that is not after @synthesis. Returns: (nullable)
 * (transfer none) */
const DfkdAssessment *workbench_answers_last (const GPtrArray *assessments, guint synthesis);
/** workbench_answers_of_pictures: NULL when they came without both networks' logits. An image with a logit that is no number is
 * left out. Returns: (transfer full) (nullable) */
DfkdConfusion *workbench_answers_of_pictures (const DfkdPictures *pictures);

/** workbench_answers_order: @order (room for the classes): by recall, the best first, classes without an image last; or, if not
 * @sorted, as they are */
void workbench_answers_order (const DfkdConfusion *answers, gboolean sorted, guint *order);

/** workbench_answers_append_csv: a line for each pair of classes: @before, a whole field or several, then the names of what is right and
 * of what the student says, and their count */
void workbench_answers_append_csv (const DfkdConfusion *answers, const char *const *names, const char *before, GString *out);

G_END_DECLS
