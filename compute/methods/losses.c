/* losses.c: the loss terms, composed of differentiable ops. */
#include "losses.h"

static const float LEAST_SHARE = 1e-30f; /* of a class in a batch that has none of it: 0 · log 0 is no number */

/* the mean over rows of a value with one channel: dfkd_mean() of it */
static DfkdValue
mean_of_rows (DfkdGraph *g, DfkdValue x)
{
  if (x == DFKD_NONE)
    return DFKD_NONE;
  return dfkd_sum (g, x, 1.0f / (float) dfkd_shape_rows (dfkd_graph_shape (g, x)));
}

DfkdValue
dfkd_cross_entropy (DfkdGraph *g, DfkdValue logits, DfkdValue target)
{
  return dfkd_negate (g, mean_of_rows (g, dfkd_multiply (g, target, dfkd_log_softmax (g, logits))));
}

DfkdValue
dfkd_kl_rows (DfkdGraph *g, DfkdValue student, DfkdValue teacher, DfkdValue temperature)
{
  DfkdValue log_p, log_q, rows;

  if (temperature != DFKD_NONE)
    {
      teacher = dfkd_divide (g, teacher, temperature);
      student = dfkd_divide (g, student, temperature);
    }
  log_p = dfkd_log_softmax (g, teacher);
  log_q = dfkd_log_softmax (g, student);
  rows = dfkd_row_sum (g, dfkd_multiply (g, dfkd_exponential (g, log_p), dfkd_subtract (g, log_p, log_q)), 1.0f);
  return temperature != DFKD_NONE ? dfkd_multiply (g, rows, dfkd_square (g, temperature)) : rows;
}

DfkdValue
dfkd_agreement_rows (DfkdGraph *g, DfkdValue student, DfkdValue teacher)
{
  return dfkd_equal (g, dfkd_arg_max (g, student), dfkd_arg_max (g, teacher));
}

DfkdValue
dfkd_adversarial_decision (DfkdGraph *g, DfkdValue student, DfkdValue teacher, DfkdValue agreement_rows)
{
  return dfkd_negate (g, dfkd_mean (g, dfkd_multiply (g, dfkd_kl_rows (g, student, teacher, DFKD_NONE), agreement_rows)));
}

DfkdValue
dfkd_adversarial_js (DfkdGraph *g, DfkdValue student, DfkdValue teacher)
{
  const float temperature = (float) DFKD_JS_TEMPERATURE, low = (float) DFKD_JS_LEAST, high = (float) DFKD_JS_MOST;
  DfkdValue s = dfkd_softmax (g, dfkd_affine (g, student, 1.0f / temperature, 0.0f));
  DfkdValue t = dfkd_softmax (g, dfkd_affine (g, teacher, 1.0f / temperature, 0.0f));
  DfkdValue middle = dfkd_clamp (g, dfkd_affine (g, dfkd_add (g, s, t), 0.5f, 0.0f), low, high);
  DfkdValue log_middle = dfkd_logarithm (g, middle);
  DfkdValue to_s = dfkd_subtract (g, log_middle, dfkd_logarithm (g, dfkd_clamp (g, s, low, high)));
  DfkdValue to_t = dfkd_subtract (g, log_middle, dfkd_logarithm (g, dfkd_clamp (g, t, low, high)));

  return dfkd_affine (g, mean_of_rows (g, dfkd_multiply (g, middle, dfkd_add (g, to_s, to_t))), -0.5f, 0.0f);
}

DfkdValue
dfkd_adversarial_l1 (DfkdGraph *g, DfkdValue student, DfkdValue teacher)
{
  return dfkd_negate (g, dfkd_mean (g, dfkd_absolute (g, dfkd_subtract (g, student, teacher))));
}

DfkdValue
dfkd_adversarial (DfkdGraph *g, DfkdAdversarial criterion, DfkdValue student, DfkdValue teacher, DfkdValue agreement_rows)
{
  switch (criterion)
    {
    case DFKD_ADVERSARIAL_KL:
      return dfkd_negate (g, dfkd_mean (g, dfkd_kl_rows (g, student, teacher, DFKD_NONE)));
    case DFKD_ADVERSARIAL_JS:
      return dfkd_adversarial_js (g, student, teacher);
    case DFKD_ADVERSARIAL_L1:
      return dfkd_adversarial_l1 (g, student, teacher);
    case DFKD_ADVERSARIAL_DECISION:
    case DFKD_N_ADVERSARIALS:
    default:
      return dfkd_adversarial_decision (g, student, teacher, agreement_rows);
    }
}

DfkdValue
dfkd_class_balance (DfkdGraph *g, DfkdValue logits)
{
  DfkdValue p;

  if (logits == DFKD_NONE)
    return DFKD_NONE;
  p = dfkd_channel_sum (g, dfkd_softmax (g, logits), 1.0f / (float) dfkd_shape_rows (dfkd_graph_shape (g, logits)));
  return dfkd_sum (g, dfkd_multiply (g, p, dfkd_logarithm (g, dfkd_clamp (g, p, LEAST_SHARE, 2.0f))), 1.0f);
}

DfkdValue
dfkd_total_variation (DfkdGraph *g, DfkdValue x)
{
  /* each pair: the first pixel's row and column, the second's */
  static const gsize pairs[4][4] = { { 0, 0, 0, 1 }, { 0, 0, 1, 0 }, { 1, 0, 0, 1 }, { 0, 0, 1, 1 } };
  DfkdValue total = DFKD_NONE;

  if (x == DFKD_NONE)
    return DFKD_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      const gsize *pair = pairs[i];
      DfkdShape part = *dfkd_graph_shape (g, x);
      DfkdValue term;

      part.dim[2] -= MAX (pair[0], pair[2]);
      part.dim[3] -= MAX (pair[1], pair[3]);
      term = dfkd_mean (g, dfkd_absolute (g, dfkd_subtract (g, dfkd_crop (g, x, 0, pair[0], pair[1], part),
                                                            dfkd_crop (g, x, 0, pair[2], pair[3], part))));
      total = total == DFKD_NONE ? term : dfkd_add (g, total, term);
    }
  return total;
}
