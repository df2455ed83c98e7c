/* loss-cases.c: the loss terms of methods/losses.h against float64 written from METHOD.md. */
#include "losses.h"
#include "op-cases.h"

#include <math.h>

#define LOGITS(n, c) { DFKD_F32, 2, { n, c } }
#define PIXELS(n, c, h, w) { DFKD_F32, 4, { n, c, h, w } }
#define SCALAR { DFKD_F32, 1, { 1 } }

enum {
  CROSS_ENTROPY,
  KL,
  DECISION,
  JS,
  L1,
  BALANCE,
  VARIATION,
};

static DfkdValue
build (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  switch (c->p[0])
    {
    case CROSS_ENTROPY:
      return dfkd_cross_entropy (g, in[0], dfkd_softmax (g, in[1])); /* any target distribution */
    case KL:
      return dfkd_mean (g, dfkd_kl_rows (g, in[0], in[1], c->n_inputs > 2 ? in[2] : DFKD_NONE));
    case DECISION:
      return dfkd_adversarial_decision (g, in[0], in[1], dfkd_agreement_rows (g, in[0], in[1]));
    case JS:
      return dfkd_adversarial_js (g, in[0], in[1]);
    case L1:
      return dfkd_adversarial_l1 (g, in[0], in[1]);
    case BALANCE:
      return dfkd_class_balance (g, in[0]);
    default:
      return dfkd_total_variation (g, in[0]);
    }
}

typedef struct {
  gsize rows, classes, area;
} Rows;

/* logits of row @r, softened, as probabilities; rows of N,C,H,W are pixels */
static void
probabilities (const Rows *d, const double *logits, gsize r, double temperature, double *p)
{
  double top = -INFINITY, sum = 0.0;

  for (gsize c = 0; c < d->classes; c++)
    {
      p[c] = logits[(r / d->area * d->classes + c) * d->area + r % d->area] / temperature;
      top = fmax (top, p[c]);
    }
  for (gsize c = 0; c < d->classes; c++)
    sum += p[c] = exp (p[c] - top);
  for (gsize c = 0; c < d->classes; c++)
    p[c] /= sum;
}

static gsize
best (const double *p, gsize classes)
{
  gsize b = 0;

  for (gsize c = 1; c < classes; c++)
    b = p[c] > p[b] ? c : b;
  return b;
}

static double
clamped (double p)
{
  return fmin (fmax (p, 0.01), 0.99);
}

static double
variation (const DfkdShape *s, const double *x)
{
  static const int pairs[4][4] = { { 0, 0, 0, 1 }, { 0, 0, 1, 0 }, { 1, 0, 0, 1 }, { 0, 0, 1, 1 } };
  double total = 0.0;

  for (guint i = 0; i < 4; i++)
    {
      gsize h = s->dim[2] - (gsize) MAX (pairs[i][0], pairs[i][2]), w = s->dim[3] - (gsize) MAX (pairs[i][1], pairs[i][3]);
      double sum = 0.0;

      for (gsize n = 0; n < s->dim[0] * s->dim[1]; n++)
        for (gsize r = 0; r < h; r++)
          for (gsize c = 0; c < w; c++)
            {
              const double *image = x + n * s->dim[2] * s->dim[3];

              sum += fabs (image[(r + (gsize) pairs[i][0]) * s->dim[3] + c + (gsize) pairs[i][1]]
                           - image[(r + (gsize) pairs[i][2]) * s->dim[3] + c + (gsize) pairs[i][3]]);
            }
      total += sum / (double) (s->dim[0] * s->dim[1] * h * w);
    }
  return total;
}

static void
reference (const OpCase *c, double *const *in, double *out)
{
  const DfkdShape *s = &c->input[0];
  Rows d = { s->rank == 4 ? s->dim[0] * s->dim[2] * s->dim[3] : s->dim[0], s->dim[1], s->rank == 4 ? s->dim[2] * s->dim[3] : 1 };
  double p[64], q[64], mean[64] = { 0 }, sum = 0.0, temperature = c->n_inputs > 2 ? in[2][0] : c->p[0] == JS ? 3.0 : 1.0;

  if (c->p[0] == VARIATION)
    {
      out[0] = variation (s, in[0]);
      return;
    }
  for (gsize r = 0; r < d.rows; r++)
    {
      double row = 0.0;

      probabilities (&d, in[0], r, temperature, q); /* the student */
      if (c->n_inputs > 1)
        probabilities (&d, in[1], r, temperature, p); /* the teacher, or the target */
      for (gsize k = 0; k < d.classes; k++)
        switch (c->p[0])
          {
          case CROSS_ENTROPY:
            row -= p[k] * log (q[k]);
            break;
          case KL:
          case DECISION:
            row += p[k] * (log (p[k]) - log (q[k])) * temperature * temperature;
            break;
          case JS:
            {
              double m = clamped (0.5 * (p[k] + q[k]));

              row += 0.5 * m * (log (m) - log (clamped (p[k]))) + 0.5 * m * (log (m) - log (clamped (q[k])));
              break;
            }
          case L1:
            {
              gsize i = (r / d.area * d.classes + k) * d.area + r % d.area;

              row += fabs (in[0][i] - in[1][i]) / (double) d.classes;
              break;
            }
          default:
            mean[k] += q[k] / (double) d.rows;
          }
      if (c->p[0] == DECISION && best (p, d.classes) != best (q, d.classes))
        row = 0.0;
      sum += row / (double) d.rows;
    }
  out[0] = c->p[0] == CROSS_ENTROPY || c->p[0] == KL ? sum : -sum;
  if (c->p[0] == BALANCE)
    {
      out[0] = 0.0;
      for (gsize k = 0; k < d.classes; k++)
        out[0] += mean[k] * log (mean[k]);
    }
}

#define CASE(name, kind, n, ...) { "loss/" name, n, { __VA_ARGS__ }, -2.0, 2.0, 0, TRUE, { kind }, { 0 }, build, reference }

const OpCase loss_cases[] = {
  CASE ("cross-entropy", CROSS_ENTROPY, 2, LOGITS (33, 10), LOGITS (33, 10)),
  CASE ("cross-entropy-pixels", CROSS_ENTROPY, 2, PIXELS (2, 5, 3, 4), PIXELS (2, 5, 3, 4)),
  CASE ("kl", KL, 2, LOGITS (33, 10), LOGITS (33, 10)),
  CASE ("kl-pixels", KL, 2, PIXELS (2, 5, 3, 4), PIXELS (2, 5, 3, 4)),
  { "loss/kl-temperature", 3, { LOGITS (33, 10), LOGITS (33, 10), SCALAR }, 1.0, 5.0, 0, TRUE, { KL }, { 0 }, build, reference },
  CASE ("decision-adversarial", DECISION, 2, LOGITS (65, 3), LOGITS (65, 3)),
  CASE ("js-adversarial", JS, 2, LOGITS (33, 10), LOGITS (33, 10)),
  CASE ("l1-adversarial", L1, 2, LOGITS (33, 10), LOGITS (33, 10)),
  CASE ("l1-adversarial-pixels", L1, 2, PIXELS (2, 5, 3, 4), PIXELS (2, 5, 3, 4)),
  CASE ("class-balance", BALANCE, 1, LOGITS (33, 10)),
  CASE ("total-variation", VARIATION, 1, PIXELS (2, 3, 7, 5)),
};

const guint n_loss_cases = G_N_ELEMENTS (loss_cases);
