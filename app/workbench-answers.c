/* workbench-answers.c: counting answers. */
#include "workbench-answers.h"

#include <math.h>

DfkdConfusion *
workbench_answers_of_assessment (const DfkdAssessment *assessment, WorkbenchAgainst against)
{
  const guint32 *counts = against == WORKBENCH_AGAINST_TEACHER ? assessment->agreement : assessment->confusion;
  DfkdConfusion *answers = dfkd_confusion_new ((guint) assessment->classes, NULL);

  if (answers == NULL)
    return NULL;
  for (gsize i = 0; i < assessment->classes * assessment->classes; i++)
    {
      answers->counts[i] = counts[i];
      answers->counted += counts[i];
    }
  return answers;
}

const DfkdAssessment *
workbench_answers_last (const GPtrArray *assessments, guint synthesis)
{
  for (guint i = assessments->len; i-- > 0;)
    {
      const DfkdAssessment *assessment = g_ptr_array_index (assessments, i);

      if (assessment->synthesis <= synthesis)
        return assessment;
    }
  return NULL;
}

/* of equal ones the first, as the engine does; −1 when one is no number */
static gint32
arg_max (const float *logits, gsize classes)
{
  gsize best = 0;

  for (gsize i = 0; i < classes; i++)
    {
      if (!isfinite (logits[i]))
        return -1;
      if (logits[i] > logits[best])
        best = i;
    }
  return (gint32) best;
}

DfkdConfusion *
workbench_answers_of_pictures (const DfkdPictures *pictures)
{
  gsize classes = pictures->columns[DFKD_ROWS_TEACHER];
  const float *teacher = pictures->rows[DFKD_ROWS_TEACHER], *student = pictures->rows[DFKD_ROWS_STUDENT];
  DfkdConfusion *answers;

  if (teacher == NULL || student == NULL || pictures->columns[DFKD_ROWS_STUDENT] != classes || classes == 0)
    return NULL;
  answers = dfkd_confusion_new ((guint) classes, NULL);
  for (gsize i = 0; answers != NULL && i < pictures->count; i++)
    {
      gint32 right = arg_max (teacher + i * classes, classes), said = arg_max (student + i * classes, classes);

      dfkd_confusion_add (answers, &right, &said, 1);
    }
  return answers;
}

static int
by_recall (gconstpointer a, gconstpointer b, gpointer data)
{
  guint i = *(const guint *) a, j = *(const guint *) b;
  double x = dfkd_confusion_recall (data, i), y = dfkd_confusion_recall (data, j);

  if (isnan (x) != isnan (y))
    return isnan (x) ? 1 : -1;
  if (!isnan (x) && x != y)
    return x > y ? -1 : 1;
  return i < j ? -1 : 1;
}

void
workbench_answers_order (const DfkdConfusion *answers, gboolean sorted, guint *order)
{
  for (guint i = 0; i < answers->classes; i++)
    order[i] = i;
  if (sorted)
    g_qsort_with_data (order, (gint) answers->classes, sizeof *order, by_recall, (gpointer) answers);
}

void
workbench_answers_append_csv (const DfkdConfusion *answers, const char *const *names, const char *before, GString *out)
{
  for (guint i = 0; i < answers->classes; i++)
    for (guint j = 0; j < answers->classes; j++)
      {
        g_string_append (out, before);
        dfkd_csv_append_text (out, names[i]);
        dfkd_csv_append_text (out, names[j]);
        g_string_append_printf (out, ",%" G_GUINT64_FORMAT "\n", (guint64) answers->counts[(gsize) i * answers->classes + j]);
      }
}
