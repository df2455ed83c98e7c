/* batch-numbers.c: numbers of one batch, image by image. */
#include "batch-numbers.h"

#include "errors.h"
#include "points-private.h"

#include <math.h>

/* log softmax; FALSE when a logit is no finite number */
static gboolean
log_softmax (const float *logits, guint classes, double *log_p, gint32 *class)
{
  double largest, sum = 0.0;
  guint best = 0;

  for (guint c = 0; c < classes; c++)
    {
      if (!isfinite (logits[c]))
        return FALSE;
      if (logits[c] > logits[best])
        best = c;
    }
  largest = logits[best];
  for (guint c = 0; c < classes; c++)
    sum += exp (logits[c] - largest);
  for (guint c = 0; c < classes; c++)
    log_p[c] = logits[c] - largest - log (sum);
  *class = (gint32) best;
  return TRUE;
}

/* KL(p‖q) in nats and JS in bits; p log p is 0 for p = 0, as log p is finite */
static void
compare (const double *log_p, const double *log_q, guint classes, double *divergence, double *disagreement)
{
  double kl = 0.0, js = 0.0;

  for (guint c = 0; c < classes; c++)
    {
      double high = MAX (log_p[c], log_q[c]), low = MIN (log_p[c], log_q[c]);
      double log_middle = high + log1p (exp (low - high)) - G_LN2;
      double p = exp (log_p[c]), q = exp (log_q[c]);

      kl += p * (log_p[c] - log_q[c]);
      js += 0.5 * (p * (log_p[c] - log_middle) + q * (log_q[c] - log_middle));
    }
  *divergence = MAX (kl, 0.0); /* rounding alone can take it below */
  *disagreement = CLAMP (js / G_LN2, 0.0, 1.0);
}

static void
set_probabilities (float *row, const double *log_p, guint classes, gboolean known)
{
  for (guint c = 0; c < classes; c++)
    row[c] = known ? (float) exp (log_p[c]) : NAN;
}

static void
number_image (DfkdBatchNumbers *b, gsize i, const float *teacher, const float *student, const gint32 *labels, double *log_p,
              double *log_q)
{
  double **x = b->numbers;
  gint32 class = -1, other = -1;
  gboolean known = log_softmax (teacher, b->classes, log_p, &class);

  if (student != NULL)
    known = log_softmax (student, b->classes, log_q, &other) && known;
  if (!known)
    class = other = -1;
  b->n_left_out += !known;
  for (guint k = 0; k < DFKD_N_BATCH_NUMBERS; k++)
    x[k][i] = NAN;
  set_probabilities (b->teacher + i * b->classes, log_p, b->classes, known);
  b->teacher_class[i] = class;
  if (student != NULL)
    {
      set_probabilities (b->student + i * b->classes, log_q, b->classes, known);
      b->student_class[i] = other;
    }
  if (!known)
    return;

  x[DFKD_BATCH_CONFIDENCE][i] = exp (log_p[class]);
  if (labels != NULL && labels[i] >= 0 && (guint) labels[i] < b->classes)
    {
      x[DFKD_BATCH_CROSS_ENTROPY][i] = -log_p[labels[i]];
      if (student != NULL)
        x[DFKD_BATCH_STUDENT_CROSS_ENTROPY][i] = -log_q[labels[i]];
    }
  if (student != NULL)
    {
      compare (log_p, log_q, b->classes, &x[DFKD_BATCH_DIVERGENCE][i], &x[DFKD_BATCH_DISAGREEMENT][i]);
      x[DFKD_BATCH_STUDENT_CONFIDENCE][i] = exp (log_q[other]);
      x[DFKD_BATCH_AGREEMENT][i] = class == other ? 1.0 : 0.0;
    }
}

DfkdBatchNumbers *
dfkd_batch_numbers_new (const float *teacher, const float *student, const gint32 *labels, gsize n, guint classes, GError **error)
{
  g_autofree double *log_p = NULL, *log_q = NULL;
  DfkdBatchNumbers *b;

  if (!dfkd_points_check (n, classes, error))
    return NULL;
  log_p = g_new (double, classes);
  log_q = g_new (double, classes);
  b = g_new0 (DfkdBatchNumbers, 1);
  b->n = n;
  b->classes = classes;
  b->teacher = g_new (float, n * classes);
  b->teacher_class = g_new (gint32, n);
  if (student != NULL)
    {
      b->student = g_new (float, n * classes);
      b->student_class = g_new (gint32, n);
    }
  for (guint k = 0; k < DFKD_N_BATCH_NUMBERS; k++)
    b->numbers[k] = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    number_image (b, i, teacher + i * classes, student != NULL ? student + i * classes : NULL, labels, log_p, log_q);
  return b;
}

void
dfkd_batch_numbers_free (DfkdBatchNumbers *numbers)
{
  if (numbers == NULL)
    return;
  g_free (numbers->teacher);
  g_free (numbers->student);
  g_free (numbers->teacher_class);
  g_free (numbers->student_class);
  for (guint k = 0; k < DFKD_N_BATCH_NUMBERS; k++)
    g_free (numbers->numbers[k]);
  g_free (numbers);
}

/* as dfkd_adversarial_js() of losses.h: softmax at a temperature, clamped, the middle of the two clamped again
 * @p, @q: room for @classes */
static double
softened_js (const float *teacher, const float *student, guint classes, double *p, double *q)
{
  double sum_p = 0.0, sum_q = 0.0, js = 0.0, most_t = (double) *teacher, most_s = (double) *student;

  for (guint c = 0; c < classes; c++)
    {
      most_t = MAX (most_t, (double) teacher[c]);
      most_s = MAX (most_s, (double) student[c]);
    }
  for (guint c = 0; c < classes; c++)
    {
      sum_p += p[c] = exp (((double) teacher[c] - most_t) / DFKD_JS_TEMPERATURE);
      sum_q += q[c] = exp (((double) student[c] - most_s) / DFKD_JS_TEMPERATURE);
    }
  for (guint c = 0; c < classes; c++)
    {
      double t = p[c] / sum_p, s = q[c] / sum_q, middle = CLAMP (0.5 * (t + s), DFKD_JS_LEAST, DFKD_JS_MOST);

      js += 0.5 * middle * (2.0 * log (middle) - log (CLAMP (s, DFKD_JS_LEAST, DFKD_JS_MOST)) - log (CLAMP (t, DFKD_JS_LEAST, DFKD_JS_MOST)));
    }
  return js;
}

void
dfkd_adversarial_shares (const float *teacher, const float *student, gsize n, guint classes, DfkdAdversarial criterion, double *shares)
{
  g_autofree double *log_p = g_new (double, MAX (classes, 1)), *log_q = g_new (double, MAX (classes, 1));

  for (gsize i = 0; i < n; i++, teacher += classes, student += classes)
    {
      gint32 class, other;
      double divergence, disagreement, difference = 0.0;

      shares[i] = NAN;
      if (classes == 0 || !log_softmax (teacher, classes, log_p, &class) || !log_softmax (student, classes, log_q, &other))
        continue;
      switch (criterion)
        {
        case DFKD_ADVERSARIAL_JS:
          shares[i] = -softened_js (teacher, student, classes, log_p, log_q) / (double) n;
          break;
        case DFKD_ADVERSARIAL_L1:
          for (guint c = 0; c < classes; c++)
            difference += fabs ((double) student[c] - (double) teacher[c]);
          shares[i] = -difference / ((double) n * classes);
          break;
        case DFKD_ADVERSARIAL_DECISION:
        case DFKD_ADVERSARIAL_KL:
        case DFKD_N_ADVERSARIALS:
        default:
          compare (log_p, log_q, classes, &divergence, &disagreement);
          shares[i] = criterion == DFKD_ADVERSARIAL_KL || class == other ? -divergence / (double) n : 0.0;
          break;
        }
    }
}

void
dfkd_activation_shares (const float *features, gsize n, gsize columns, double *shares)
{
  for (gsize i = 0; i < n; i++, features += columns)
    {
      double sum = 0.0;

      for (gsize j = 0; j < columns; j++)
        sum += fabs ((double) features[j]);
      shares[i] = -sum / ((double) n * (double) columns);
    }
}

guint
dfkd_batch_numbers_top (const float *probabilities, guint classes, guint m, gint32 *top, float *top_probabilities)
{
  guint n = 0;

  for (guint c = 0; c < classes && m > 0; c++)
    {
      float p = probabilities[c];
      guint place;

      if (isnan (p) || (n == m && p <= top_probabilities[n - 1]))
        continue;
      if (n < m)
        n++;
      for (place = n - 1; place > 0 && top_probabilities[place - 1] < p; place--)
        {
          top[place] = top[place - 1];
          top_probabilities[place] = top_probabilities[place - 1];
        }
      top[place] = (gint32) c;
      top_probabilities[place] = p;
    }
  return n;
}

typedef struct {
  const double *values;
  gboolean descending;
} Order;

static int
by_number (gconstpointer a, gconstpointer b, gpointer data)
{
  const Order *order = data;
  guint32 i = *(const guint32 *) a, j = *(const guint32 *) b;
  double x = order->values[i], y = order->values[j];

  if (isnan (x) != isnan (y))
    return isnan (x) ? 1 : -1;
  if (!isnan (x) && x != y)
    return (x < y) != order->descending ? -1 : 1;
  return i < j ? -1 : i > j;
}

void
dfkd_batch_numbers_order (const DfkdBatchNumbers *numbers, DfkdBatchNumber number, gboolean descending, guint32 *order)
{
  Order by = { numbers->numbers[number], descending };

  for (gsize i = 0; i < numbers->n; i++)
    order[i] = (guint32) i;
  if (numbers->n > 0)
    g_qsort_with_data (order, (gint) numbers->n, sizeof (guint32), by_number, &by);
}
