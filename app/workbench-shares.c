/* workbench-shares.c: from the rows of a batch to shares. */
#include "workbench-shares.h"

#include <math.h>

/* of both networks, or of the teacher alone. Returns: (nullable) */
static DfkdBatchNumbers *
numbers_of (const DfkdPictures *p, const float *student)
{
  if (p->rows[DFKD_ROWS_TEACHER] == NULL)
    return NULL;
  return dfkd_batch_numbers_new (p->rows[DFKD_ROWS_TEACHER], student, p->labels, p->count, (guint) p->columns[DFKD_ROWS_TEACHER], NULL);
}

/* (nullable): logits of as many classes as the teacher's */
static const float *
student_of (const DfkdPictures *p)
{
  return p->columns[DFKD_ROWS_STUDENT] == p->columns[DFKD_ROWS_TEACHER] ? p->rows[DFKD_ROWS_STUDENT] : NULL;
}

/* (transfer full) (nullable): one of the numbers of the two networks, over the count of images */
static double *
mean_shares (const DfkdPictures *p, DfkdBatchNumber which)
{
  g_autoptr (DfkdBatchNumbers) numbers = numbers_of (p, which == DFKD_BATCH_STUDENT_CROSS_ENTROPY ? student_of (p) : NULL);
  double *shares;

  if (numbers == NULL)
    return NULL;
  shares = g_new (double, p->count);
  for (gsize i = 0; i < p->count; i++)
    shares[i] = numbers->numbers[which][i] / (double) p->count;
  return shares;
}

double *
workbench_shares_new (const DfkdPictures *p, DfkdTerm term)
{
  const float *teacher = p->rows[DFKD_ROWS_TEACHER], *student = student_of (p), *features = p->rows[DFKD_ROWS_TEACHER_FEATURES];
  double *shares;

  if (!dfkd_method_has_term (p->method, term))
    return NULL;
  switch (term)
    {
    case DFKD_TERM_OH:
      return mean_shares (p, DFKD_BATCH_CROSS_ENTROPY);
    case DFKD_TERM_ADV:
      if (teacher == NULL || student == NULL)
        return NULL;
      shares = g_new0 (double, p->count);
      if (p->losses[term] == 0.0) /* none is of another sign; so it is where the teacher stood in the student's place */
        return shares;
      dfkd_adversarial_shares (teacher, student, p->count, (guint) p->columns[DFKD_ROWS_TEACHER], p->method->adversarial, shares);
      return shares;
    case DFKD_TERM_ACT:
      if (features == NULL)
        return NULL;
      shares = g_new (double, p->count);
      dfkd_activation_shares (features, p->count, p->columns[DFKD_ROWS_TEACHER_FEATURES], shares);
      return shares;
    case DFKD_TERM_CR: /* of views that a batch does not carry */
    case DFKD_TERM_TV: /* of pixels before they are rounded */
    case DFKD_TERM_BN: /* these are of the batch as a whole */
    case DFKD_TERM_BALANCE:
    case DFKD_TERM_L2:
    case DFKD_N_TERMS:
    default:
      return NULL;
    }
}

double *
workbench_own_losses_new (const DfkdPictures *p)
{
  double *losses = NULL;

  for (DfkdTerm term = 0; term < DFKD_N_TERMS; term++)
    {
      g_autofree double *shares = workbench_shares_new (p, term);

      if (shares == NULL)
        continue;
      if (losses == NULL)
        losses = g_new0 (double, p->count);
      for (gsize i = 0; i < p->count && p->weights[term] != 0.0f; i++)
        losses[i] += (double) p->weights[term] * shares[i];
    }
  if (losses == NULL && p->method != NULL && p->method->loss != NULL)
    losses = mean_shares (p, DFKD_BATCH_STUDENT_CROSS_ENTROPY);
  if (losses != NULL)
    return losses;
  losses = g_new (double, p->count);
  for (gsize i = 0; i < p->count; i++)
    losses[i] = (double) NAN;
  return losses;
}
