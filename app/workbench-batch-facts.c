/* workbench-batch-facts.c: what both networks say of an image, and its part in the losses. */
#include "workbench-batch-facts.h"

#include "workbench-shares.h"

#include <math.h>

static void
add_shares (WorkbenchBatchFacts *batch, const DfkdPictures *p)
{
  g_autofree double *losses = workbench_own_losses_new (p);

  for (gsize i = 0; i < p->count; i++)
    batch->facts[i].loss = (float) losses[i];
  for (DfkdTerm term = 0; term < DFKD_N_TERMS; term++)
    {
      g_autofree double *shares = workbench_shares_new (p, term);

      for (gsize i = 0; i < p->count; i++)
        batch->facts[i].shares[term] = shares != NULL ? (float) shares[i] : NAN;
    }
}

WorkbenchBatchFacts *
workbench_batch_facts_new (const DfkdPictures *p)
{
  WorkbenchBatchFacts *batch = g_malloc (sizeof (WorkbenchBatchFacts) + p->count * sizeof (WorkbenchFacts));
  guint classes = (guint) p->columns[DFKD_ROWS_TEACHER];
  g_autoptr (DfkdBatchNumbers) numbers = NULL;

  batch->count = p->count;
  if (p->rows[DFKD_ROWS_TEACHER] != NULL)
    numbers = dfkd_batch_numbers_new (p->rows[DFKD_ROWS_TEACHER], p->columns[DFKD_ROWS_STUDENT] == classes ? p->rows[DFKD_ROWS_STUDENT] : NULL, p->labels,
                                      p->count, classes, NULL);
  for (gsize i = 0; i < p->count; i++)
    {
      WorkbenchFacts *f = &batch->facts[i];

      *f = (WorkbenchFacts){ p->labels[i], -1, -1, FALSE, NAN, NAN, NAN, NAN };
      if (numbers == NULL)
        continue;
      f->teacher = numbers->teacher_class[i];
      f->confidence = (float) numbers->numbers[DFKD_BATCH_CONFIDENCE][i];
      if (numbers->student == NULL)
        continue;
      f->student = numbers->student_class[i];
      f->student_confidence = (float) numbers->numbers[DFKD_BATCH_STUDENT_CONFIDENCE][i];
      f->disagreement = (float) numbers->numbers[DFKD_BATCH_DISAGREEMENT][i];
      f->agree = f->teacher >= 0 && f->teacher == f->student;
    }
  add_shares (batch, p);
  return batch;
}
