/* test-batch-numbers.c: a batch's numbers, against numbers worked out by hand and, in float64, straight from their definitions. */
#include "analysis-points.h"
#include "batch-numbers.h"
#include "errors.h"

#include <float.h>

static void
assert_near (double got, double wanted, double tolerance)
{
  g_assert_true (isfinite (got));
  g_assert_cmpfloat (fabs (got - wanted), <=, tolerance);
}

static void
test_batch_by_hand (void)
{
  /* probabilities of quarters: logits log 2, 0, 0 are 1/2, 1/4, 1/4 */
  const float two = (float) G_LN2, teacher[] = { two, 0, 0, 0, two, 0, 0, 0, 0 }, student[] = { 0, two, 0, 0, two, 0, two, two, 0 };
  const gint32 labels[] = { 0, 2, 9 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdBatchNumbers) b = dfkd_batch_numbers_new (teacher, student, labels, 3, 3, &error);
  double **x, middle, shares[3];

  g_assert_no_error (error);
  dfkd_adversarial_shares (teacher, student, 3, 3, DFKD_ADVERSARIAL_DECISION, shares);
  x = b->numbers;
  g_assert_cmpuint (b->n_left_out, ==, 0);
  assert_near (b->teacher[0], 0.5, 1e-6);
  assert_near (b->student[0], 0.25, 1e-6);
  assert_near (x[DFKD_BATCH_CONFIDENCE][0], 0.5, 1e-6);
  assert_near (x[DFKD_BATCH_STUDENT_CONFIDENCE][0], 0.5, 1e-6);
  assert_near (x[DFKD_BATCH_CROSS_ENTROPY][0], log (2.0), 1e-6);
  assert_near (x[DFKD_BATCH_CROSS_ENTROPY][1], log (4.0), 1e-6);
  g_assert_true (isnan (x[DFKD_BATCH_CROSS_ENTROPY][2]) && isnan (x[DFKD_BATCH_STUDENT_CROSS_ENTROPY][2]));
  assert_near (x[DFKD_BATCH_STUDENT_CROSS_ENTROPY][0], log (4.0), 1e-6);
  /* image 0: ½ log 2 + ¼ log ½ = ¼ log 2; they disagree, so it has no part in L_adv */
  assert_near (x[DFKD_BATCH_DIVERGENCE][0], 0.25 * log (2.0), 1e-6);
  g_assert_true (x[DFKD_BATCH_AGREEMENT][0] == 0.0 && shares[0] == 0.0);
  /* JS: both to (3/8, 3/8, 1/4): ½ log₂(4/3) + ¼ log₂(2/3) */
  middle = 0.5 * log2 (4.0 / 3.0) + 0.25 * log2 (2.0 / 3.0);
  assert_near (x[DFKD_BATCH_DISAGREEMENT][0], middle, 1e-6);
  /* image 1: the same; image 2: equal logits are the first class for both */
  g_assert_true (x[DFKD_BATCH_AGREEMENT][1] == 1.0 && x[DFKD_BATCH_DIVERGENCE][1] == 0.0 && x[DFKD_BATCH_DISAGREEMENT][1] == 0.0);
  g_assert_cmpint (b->teacher_class[2], ==, 0);
  g_assert_cmpint (b->student_class[2], ==, 0);
  assert_near (shares[2], -(2.0 / 3.0 * log (1.0 / 3.0 / 0.4) + 1.0 / 3.0 * log (1.0 / 3.0 / 0.2)) / 3.0, 1e-6);
}

/* sums of shares are the losses as METHOD.md defines them, in float64 straight from softmax */
static void
test_batch_losses (void)
{
  enum { N = 50, C = 7 };
  g_autofree float *teacher = new_noise (1, N, C), *student = new_noise (2, N, C);
  gint32 labels[N];
  g_autoptr (DfkdBatchNumbers) b = NULL;
  double oh = 0.0, adv[DFKD_N_ADVERSARIALS] = { 0.0 }, got_oh = 0.0, got[DFKD_N_ADVERSARIALS] = { 0.0 };

  for (guint i = 0; i < N; i++)
    {
      double p[C], q[C], sum_p = 0.0, sum_q = 0.0, soft_p = 0.0, soft_q = 0.0, kl = 0.0, js = 0.0;
      guint best_p = 0, best_q = 0;

      labels[i] = (gint32) (i % C);
      for (guint c = 0; c < C; c++)
        {
          student[i * C + c] = teacher[i * C + c] * 2.0f + student[i * C + c];
          sum_p += p[c] = exp (teacher[i * C + c]);
          sum_q += q[c] = exp (student[i * C + c]);
          soft_p += exp (teacher[i * C + c] / 3.0);
          soft_q += exp (student[i * C + c] / 3.0);
          best_p = p[c] > p[best_p] ? c : best_p;
          best_q = q[c] > q[best_q] ? c : best_q;
        }
      for (guint c = 0; c < C; c++)
        {
          double m = 0.5 * (p[c] / sum_p + q[c] / sum_q);

          kl += p[c] / sum_p * log (p[c] / sum_p / (q[c] / sum_q));
          double t = exp (teacher[i * C + c] / 3.0) / soft_p, s = exp (student[i * C + c] / 3.0) / soft_q;
          double soft = CLAMP (0.5 * (s + t), 0.01, 0.99);

          adv[DFKD_ADVERSARIAL_JS] -= 0.5 * soft * (log (soft / CLAMP (s, 0.01, 0.99)) + log (soft / CLAMP (t, 0.01, 0.99))) / N;
          adv[DFKD_ADVERSARIAL_L1] -= fabs ((double) student[i * C + c] - (double) teacher[i * C + c]) / (N * C);
          js += 0.5 * (p[c] / sum_p * log2 (p[c] / sum_p / m) + q[c] / sum_q * log2 (q[c] / sum_q / m));
        }
      oh -= log (p[labels[i]] / sum_p) / N;
      adv[DFKD_ADVERSARIAL_DECISION] -= best_p == best_q ? kl / N : 0.0;
      adv[DFKD_ADVERSARIAL_KL] -= kl / N;
      if (i == 0)
        {
          g_autoptr (DfkdBatchNumbers) one = dfkd_batch_numbers_new (teacher, student, NULL, 1, C, NULL);

          assert_near (one->numbers[DFKD_BATCH_DIVERGENCE][0], kl, 1e-12);
          assert_near (one->numbers[DFKD_BATCH_DISAGREEMENT][0], js, 1e-12);
          g_assert_true (isnan (one->numbers[DFKD_BATCH_CROSS_ENTROPY][0]));
        }
    }
  b = dfkd_batch_numbers_new (teacher, student, labels, N, C, NULL);
  for (guint i = 0; i < N; i++)
    got_oh += b->numbers[DFKD_BATCH_CROSS_ENTROPY][i] / N;
  assert_near (got_oh, oh, 1e-12);
  for (guint criterion = 0; criterion < DFKD_N_ADVERSARIALS; criterion++)
    {
      double shares[N];

      dfkd_adversarial_shares (teacher, student, N, C, criterion, shares);
      for (guint i = 0; i < N; i++)
        got[criterion] += shares[i];
      assert_near (got[criterion], adv[criterion], 1e-12);
      g_assert_cmpfloat (adv[criterion], <, -1e-3); /* or nothing was compared */
      for (guint other = 0; other < criterion; other++)
        g_assert_cmpfloat (fabs (adv[criterion] - adv[other]), >, 1e-3);
    }
}

static void
test_batch_hostile (void)
{
  const float teacher[] = { FLT_MAX, -FLT_MAX, 1000, 0, NAN, 1, INFINITY, 0, 0, 0 },
              student[] = { -FLT_MAX, FLT_MAX, 0, 1000, 0, 1, 0, 0, -INFINITY, 0 };
  const gint32 labels[] = { 1, -1, 0, 0, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdBatchNumbers) b = dfkd_batch_numbers_new (teacher, student, labels, 5, 2, &error), none = NULL, alone = NULL;
  const guint32 by_divergence[] = { 0, 1, 2, 3, 4 };
  double shares[5];
  guint32 order[5];

  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (isfinite (b->numbers[DFKD_BATCH_DIVERGENCE][i]));
      assert_near (b->numbers[DFKD_BATCH_DISAGREEMENT][i], 1.0, 1e-12);
      g_assert_cmpfloat (b->teacher[2 * i] + b->teacher[2 * i + 1], ==, 1.0f);
    }
  assert_near (b->numbers[DFKD_BATCH_CROSS_ENTROPY][0], 2.0 * FLT_MAX, FLT_MAX * 1e-6);
  assert_near (b->numbers[DFKD_BATCH_DIVERGENCE][1], 1000.0, 1e-9);
  g_assert_cmpuint (b->n_left_out, ==, 3);
  for (guint i = 2; i < 5; i++)
    {
      g_assert_true (b->teacher_class[i] == -1 && b->student_class[i] == -1);
      g_assert_true (isnan (b->teacher[2 * i]) && isnan (b->student[2 * i]));
      for (guint k = 0; k < DFKD_N_BATCH_NUMBERS; k++)
        g_assert_true (isnan (b->numbers[k][i]));
    }
  for (guint criterion = 0; criterion < DFKD_N_ADVERSARIALS; criterion++)
    {
      dfkd_adversarial_shares (teacher, student, 5, 2, criterion, shares);
      for (guint i = 0; i < 5; i++)
        g_assert_true (isfinite (shares[i]) == (i < 2));
    }
  dfkd_batch_numbers_order (b, DFKD_BATCH_DIVERGENCE, TRUE, order);
  g_assert_cmpmem (order, sizeof order, by_divergence, sizeof by_divergence);

  none = dfkd_batch_numbers_new (NULL, NULL, NULL, 0, 10, &error);
  g_assert_no_error (error);
  dfkd_batch_numbers_order (none, DFKD_BATCH_DIVERGENCE, TRUE, NULL);
  alone = dfkd_batch_numbers_new (teacher, NULL, labels, 2, 2, &error);
  g_assert_no_error (error);
  g_assert_true (alone->student == NULL && alone->student_class == NULL && isnan (alone->numbers[DFKD_BATCH_DIVERGENCE][0]));
  g_assert_null (dfkd_batch_numbers_new (teacher, NULL, NULL, 1, 0, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
}

static void
test_batch_order_and_top (void)
{
  enum { N = 40 };
  float teacher[2 * N];
  g_autoptr (DfkdBatchNumbers) b = NULL;
  guint32 up[N], down[N];
  const float p[] = { 0.1f, 0.3f, 0.05f, 0.3f, 0.25f }, lost[] = { NAN, NAN };
  const gint32 wanted[] = { 1, 3, 4, 0, 2 };
  gint32 top[8];
  float probability[8];

  for (guint i = 0; i < N; i++)
    {
      teacher[2 * i] = (float) (i * 7 % 5); /* many equal ones */
      teacher[2 * i + 1] = i % 11 == 3 ? NAN : 0.0f;
    }
  b = dfkd_batch_numbers_new (teacher, NULL, NULL, N, 2, NULL);
  dfkd_batch_numbers_order (b, DFKD_BATCH_CONFIDENCE, FALSE, up);
  dfkd_batch_numbers_order (b, DFKD_BATCH_CONFIDENCE, TRUE, down);
  for (guint i = 1; i < N; i++)
    {
      double u0 = b->numbers[DFKD_BATCH_CONFIDENCE][up[i - 1]], u1 = b->numbers[DFKD_BATCH_CONFIDENCE][up[i]];
      double d0 = b->numbers[DFKD_BATCH_CONFIDENCE][down[i - 1]], d1 = b->numbers[DFKD_BATCH_CONFIDENCE][down[i]];

      g_assert_true (u0 < u1 || isnan (u1) || (u0 == u1 && up[i - 1] < up[i]));
      g_assert_true (d0 > d1 || isnan (d1) || (d0 == d1 && down[i - 1] < down[i]));
      g_assert_true (!isnan (u0) || (isnan (u1) && up[i - 1] < up[i]));
    }

  for (guint m = 0; m <= 8; m++)
    {
      guint n = dfkd_batch_numbers_top (p, 5, m, top, probability);

      g_assert_cmpuint (n, ==, MIN (m, 5));
      g_assert_cmpmem (top, n * sizeof (gint32), wanted, n * sizeof (gint32));
      for (guint i = 0; i < n; i++)
        g_assert_cmpfloat (probability[i], ==, p[top[i]]);
    }
  g_assert_cmpuint (dfkd_batch_numbers_top (lost, 2, 2, top, probability), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch-numbers/by-hand", test_batch_by_hand);
  g_test_add_func ("/batch-numbers/losses", test_batch_losses);
  g_test_add_func ("/batch-numbers/hostile", test_batch_hostile);
  g_test_add_func ("/batch-numbers/order-and-top", test_batch_order_and_top);
  return g_test_run ();
}
