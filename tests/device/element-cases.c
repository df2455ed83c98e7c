/* element-cases.c: ops on single elements and rows, and naive float64 twins of them. */
#include "op-cases.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------ elementwise */

enum { AFFINE, ABSOLUTE, SQUARE, ROOT, RECIPROCAL, EXPONENT, LOG, LEAKY, RELU6, SIGMOID, TANH, CLAMP, SIGN, DETACH };

static DfkdValue
build_unary (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  switch (c->p[0])
    {
    case AFFINE:
      return dfkd_affine (g, in[0], -1.5f, 0.25f);
    case ABSOLUTE:
      return dfkd_absolute (g, in[0]);
    case SQUARE:
      return dfkd_square (g, in[0]);
    case ROOT:
      return dfkd_square_root (g, in[0]);
    case RECIPROCAL:
      return dfkd_reciprocal (g, in[0]);
    case EXPONENT:
      return dfkd_exponential (g, in[0]);
    case LOG:
      return dfkd_logarithm (g, in[0]);
    case LEAKY:
      return dfkd_leaky_relu (g, in[0], (float) c->q[0]);
    case RELU6:
      return dfkd_relu6 (g, in[0]);
    case SIGMOID:
      return dfkd_sigmoid (g, in[0]);
    case TANH:
      return dfkd_tanh (g, in[0]);
    case CLAMP:
      return dfkd_clamp (g, in[0], -0.5f, 0.75f);
    case SIGN:
      return dfkd_sign (g, in[0]);
    default:
      return dfkd_add (g, dfkd_detach (g, in[0]), dfkd_affine (g, in[0], 2.0f, 0.0f));
    }
}

static void
unary (const OpCase *c, double *const *in, double *out)
{
  for (gsize i = 0; i < dfkd_shape_count (&c->input[0]); i++)
    {
      double x = in[0][i];

      switch (c->p[0])
        {
        case AFFINE:
          out[i] = -1.5 * x + 0.25;
          break;
        case ABSOLUTE:
          out[i] = fabs (x);
          break;
        case SQUARE:
          out[i] = x * x;
          break;
        case ROOT:
          out[i] = sqrt (x);
          break;
        case RECIPROCAL:
          out[i] = 1.0 / x;
          break;
        case EXPONENT:
          out[i] = exp (x);
          break;
        case LOG:
          out[i] = log (x);
          break;
        case LEAKY:
          out[i] = x > 0.0 ? x : c->q[0] * x;
          break;
        case RELU6:
          out[i] = fmin (fmax (x, 0.0), 6.0);
          break;
        case SIGMOID:
          out[i] = 1.0 / (1.0 + exp (-x));
          break;
        case TANH:
          out[i] = tanh (x);
          break;
        case CLAMP:
          out[i] = fmin (fmax (x, -0.5), 0.75);
          break;
        case SIGN:
          out[i] = (x > 0.0) - (x < 0.0);
          break;
        default:
          out[i] = 3.0 * x;
        }
    }
}

enum { ADD, SUBTRACT, MULTIPLY, DIVIDE, LESS, EQUAL };

static DfkdValue
build_binary (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  DfkdValue (*const builders[]) (DfkdGraph *, DfkdValue, DfkdValue)
    = { dfkd_add, dfkd_subtract, dfkd_multiply, dfkd_divide, dfkd_less, dfkd_equal };

  return builders[c->p[0]](g, in[0], in[1]);
}

static void
binary (const OpCase *c, double *const *in, double *out)
{
  Dims d = dims (&c->input[0]), e = dims (&c->input[1]);

  if (c->input[0].rank == 1) /* a vector is its own channels */
    d = (Dims){ 1, c->input[0].dim[0], 1, 1 };
  if (c->input[1].rank == 1)
    e = (Dims){ 1, c->input[1].dim[0], 1, 1 };
  for (gsize n = 0; n < d.n; n++)
    for (gsize k = 0; k < d.c; k++)
      for (gsize y = 0; y < d.h; y++)
        for (gsize x = 0; x < d.w; x++)
          {
            double a = in[0][at (&d, n, k, y, x)];
            double b = in[1][at (&e, e.n > 1 ? n : 0, e.c > 1 ? k : 0, e.h > 1 ? y : 0, e.w > 1 ? x : 0)];

            out[at (&d, n, k, y, x)] = c->p[0] == ADD        ? a + b
                                       : c->p[0] == SUBTRACT ? a - b
                                       : c->p[0] == MULTIPLY ? a * b
                                       : c->p[0] == DIVIDE   ? a / b
                                       : c->p[0] == LESS     ? a < b
                                                             : a == b;
          }
}

/* ------------------------------------------------------------------------------------------- reductions */

enum { SUM, CHANNEL_SUM, ROW_SUM, NORM };

static DfkdValue
build_reduction (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return c->p[0] == SUM           ? dfkd_sum (g, in[0], 0.5f)
         : c->p[0] == CHANNEL_SUM ? dfkd_channel_sum (g, in[0], 0.5f)
         : c->p[0] == ROW_SUM     ? dfkd_row_sum (g, in[0], 0.5f)
                                  : dfkd_norm (g, in[0]);
}

static void
reduction (const OpCase *c, double *const *in, double *out)
{
  Dims d = dims (&c->input[0]);
  double sum = 0.0;

  if (c->p[0] == CHANNEL_SUM)
    memset (out, 0, d.c * sizeof *out);
  if (c->p[0] == ROW_SUM)
    memset (out, 0, d.n * d.h * d.w * sizeof *out);
  for (gsize n = 0; n < d.n; n++)
    for (gsize k = 0; k < d.c; k++)
      for (gsize y = 0; y < d.h; y++)
        for (gsize x = 0; x < d.w; x++)
          {
            double v = in[0][at (&d, n, k, y, x)];

            sum += c->p[0] == NORM ? v * v : 0.5 * v;
            if (c->p[0] == CHANNEL_SUM)
              out[k] += 0.5 * v;
            else if (c->p[0] == ROW_SUM)
              out[(n * d.h + y) * d.w + x] += 0.5 * v;
          }
  if (c->p[0] == SUM)
    out[0] = sum;
  else if (c->p[0] == NORM)
    out[0] = sqrt (sum);
}

static DfkdValue
build_expand (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return dfkd_expand (g, in[0], dfkd_shape ((gsize) c->p[0], (gsize) c->p[1], (gsize) c->p[2], (gsize) c->p[3]));
}

static void
expand (const OpCase *c, double *const *in, double *out)
{
  Dims d = { (gsize) c->p[0], (gsize) c->p[1], (gsize) MAX (c->p[2], 1), (gsize) MAX (c->p[3], 1) }, e = dims (&c->input[0]);

  if (c->input[0].rank == 1)
    e = (Dims){ 1, c->input[0].dim[0], 1, 1 };
  for (gsize n = 0; n < d.n; n++)
    for (gsize k = 0; k < d.c; k++)
      for (gsize y = 0; y < d.h; y++)
        for (gsize x = 0; x < d.w; x++)
          out[at (&d, n, k, y, x)] = in[0][at (&e, e.n > 1 ? n : 0, e.c > 1 ? k : 0, e.h > 1 ? y : 0, e.w > 1 ? x : 0)];
}

static DfkdValue
build_softmax (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return c->p[0] ? dfkd_log_softmax (g, in[0]) : dfkd_softmax (g, in[0]);
}

static void
softmax (const OpCase *c, double *const *in, double *out)
{
  Dims d = dims (&c->input[0]);

  for (gsize n = 0; n < d.n; n++)
    for (gsize y = 0; y < d.h; y++)
      for (gsize x = 0; x < d.w; x++)
        {
          double top = -INFINITY, sum = 0.0;

          for (gsize k = 0; k < d.c; k++)
            top = fmax (top, in[0][at (&d, n, k, y, x)]);
          for (gsize k = 0; k < d.c; k++)
            sum += exp (in[0][at (&d, n, k, y, x)] - top);
          for (gsize k = 0; k < d.c; k++)
            {
              double v = in[0][at (&d, n, k, y, x)] - top - log (sum);

              out[at (&d, n, k, y, x)] = c->p[0] ? v : exp (v);
            }
        }
}

enum { ARG_MAX, TOP_HIT };

static DfkdValue
build_rows (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  /* whole numbers are compared as one-hot rows, which tests that op too */
  return c->p[0] == ARG_MAX ? dfkd_one_hot (g, dfkd_arg_max (g, in[0]), dfkd_shape_channels (&c->input[0]))
                            : dfkd_top_hit (g, in[0], in[1], (guint) c->p[1]);
}

static void
rows (const OpCase *c, double *const *in, double *out)
{
  Dims d = dims (&c->input[0]);

  for (gsize n = 0; n < d.n; n++)
    for (gsize y = 0; y < d.h; y++)
      for (gsize x = 0; x < d.w; x++)
        {
          gsize best = 0, better = 0, label;

          for (gsize k = 1; k < d.c; k++)
            if (in[0][at (&d, n, k, y, x)] > in[0][at (&d, n, best, y, x)])
              best = k;
          if (c->p[0] == ARG_MAX)
            {
              for (gsize k = 0; k < d.c; k++)
                out[at (&d, n, k, y, x)] = k == best;
              continue;
            }
          label = (gsize) in[1][(n * d.h + y) * d.w + x];
          for (gsize k = 0; k < d.c; k++)
            better += in[0][at (&d, n, k, y, x)] > in[0][at (&d, n, label, y, x)];
          out[(n * d.h + y) * d.w + x] = better < (gsize) c->p[1];
        }
}

/* --------------------------------------------------------------------------------------------- the table */

#define UNARY(name, kind, from, to, ...)                                                                             \
  { "unary/" name, 1, { S (3, 5, 7, 3) }, from, to, 0, kind != SIGN, { kind }, { __VA_ARGS__ }, build_unary, unary }
#define BINARY(name, kind, a, b) { "binary/" name, 2, { a, b }, 0.5, 2.0, 0, TRUE, { kind }, { 0 }, build_binary, binary }
#define REDUCE(name, kind, x) { "reduce/" name, 1, { x }, -1, 2, 0, TRUE, { kind }, { 0 }, build_reduction, reduction }

const OpCase element_cases[] = {
  UNARY ("affine", AFFINE, -2, 2),
  UNARY ("absolute", ABSOLUTE, -2, 2),
  UNARY ("square", SQUARE, -2, 2),
  UNARY ("square-root", ROOT, 0.1, 4),
  UNARY ("reciprocal", RECIPROCAL, 0.2, 3),
  UNARY ("exponential", EXPONENT, -5, 5),
  UNARY ("logarithm", LOG, 0.05, 5),
  UNARY ("relu", LEAKY, -2, 2, 0.0),
  UNARY ("leaky-relu", LEAKY, -2, 2, 0.2),
  UNARY ("relu6", RELU6, -3, 9),
  UNARY ("sigmoid", SIGMOID, -6, 6),
  UNARY ("tanh", TANH, -4, 4),
  UNARY ("clamp", CLAMP, -2, 2),
  UNARY ("sign", SIGN, -2, 2),
  { "unary/detach", 1, { S (3, 5) }, -1, 1, 0, FALSE, { DETACH }, { 0 }, build_unary, unary },
  { "unary/one-element", 1, { S (1) }, 0.5, 1, 0, TRUE, { SQUARE }, { 0 }, build_unary, unary },
  { "unary/large", 1, { S (2, 31, 33, 17) }, -2, 2, 0, TRUE, { TANH }, { 0 }, build_unary, unary },
  BINARY ("add", ADD, S (3, 5, 7, 3), S (3, 5, 7, 3)),
  BINARY ("add-scalar", ADD, S (3, 5, 7, 3), S (1)),
  BINARY ("add-channel", ADD, S (3, 5, 7, 3), S (5)),
  BINARY ("add-row", ADD, S (3, 5, 7, 3), S (3, 1, 7, 3)),
  BINARY ("subtract", SUBTRACT, S (31, 33), S (31, 33)),
  BINARY ("subtract-channel", SUBTRACT, S (31, 33), S (33)),
  BINARY ("subtract-row", SUBTRACT, S (31, 33), S (31, 1)),
  BINARY ("multiply", MULTIPLY, S (3, 5, 7, 3), S (3, 5, 7, 3)),
  BINARY ("multiply-scalar", MULTIPLY, S (127), S (1)),
  BINARY ("multiply-channel", MULTIPLY, S (2, 17, 9, 8), S (17)),
  BINARY ("multiply-row", MULTIPLY, S (3, 5, 7, 3), S (3, 1, 7, 3)),
  BINARY ("divide", DIVIDE, S (3, 5, 7, 3), S (3, 5, 7, 3)),
  BINARY ("divide-scalar", DIVIDE, S (3, 10), S (1)),
  BINARY ("divide-channel", DIVIDE, S (3, 5, 7, 3), S (5)),
  BINARY ("divide-row", DIVIDE, S (13, 10), S (13, 1)),
  { "binary/less", 2, { S (3, 5, 7, 3), S (5) }, -1, 1, 0, FALSE, { LESS }, { 0 }, build_binary, binary },
  { "binary/equal-integers", 2, { I (63, 1), I (63, 1) }, 0, 0, 3, FALSE, { EQUAL }, { 0 }, build_binary, binary },
  REDUCE ("sum", SUM, S (3, 5, 7, 3)),
  REDUCE ("sum-large", SUM, S (5, 33, 31, 17)),
  REDUCE ("sum-one", SUM, S (1)),
  REDUCE ("channel-sum", CHANNEL_SUM, S (3, 5, 7, 3)),
  REDUCE ("channel-sum-large", CHANNEL_SUM, S (9, 33, 31, 5)),
  REDUCE ("channel-sum-matrix", CHANNEL_SUM, S (127, 10)),
  REDUCE ("row-sum", ROW_SUM, S (3, 5, 7, 3)),
  REDUCE ("row-sum-matrix", ROW_SUM, S (31, 128)),
  REDUCE ("norm", NORM, S (3, 5, 7, 3)),
  REDUCE ("norm-large", NORM, S (5, 33, 31, 17)),
  { "expand/scalar", 1, { S (1) }, -1, 1, 0, TRUE, { 3, 5, 7, 3 }, { 0 }, build_expand, expand },
  { "expand/channel", 1, { S (5) }, -1, 1, 0, TRUE, { 3, 5, 7, 3 }, { 0 }, build_expand, expand },
  { "expand/row", 1, { S (3, 1, 7, 3) }, -1, 1, 0, TRUE, { 3, 5, 7, 3 }, { 0 }, build_expand, expand },
  { "expand/row-matrix", 1, { S (3, 1) }, -1, 1, 0, TRUE, { 3, 33 }, { 0 }, build_expand, expand },
  { "softmax/matrix", 1, { S (33, 10) }, -5, 5, 0, TRUE, { 0 }, { 0 }, build_softmax, softmax },
  { "softmax/pixels", 1, { S (3, 7, 5, 3) }, -5, 5, 0, TRUE, { 0 }, { 0 }, build_softmax, softmax },
  { "softmax/large-logits", 1, { S (3, 100) }, -80, 80, 0, TRUE, { 0 }, { 0 }, build_softmax, softmax },
  { "log-softmax/matrix", 1, { S (33, 10) }, -5, 5, 0, TRUE, { 1 }, { 0 }, build_softmax, softmax },
  { "log-softmax/pixels", 1, { S (3, 7, 5, 3) }, -5, 5, 0, TRUE, { 1 }, { 0 }, build_softmax, softmax },
  { "rows/arg-max", 1, { S (33, 10) }, -1, 1, 0, FALSE, { ARG_MAX }, { 0 }, build_rows, rows },
  { "rows/arg-max-pixels", 1, { S (3, 7, 5, 3) }, -1, 1, 0, FALSE, { ARG_MAX }, { 0 }, build_rows, rows },
  { "rows/top-1", 2, { S (33, 10), I (33) }, -1, 1, 10, FALSE, { TOP_HIT, 1 }, { 0 }, build_rows, rows },
  { "rows/top-5", 2, { S (33, 10), I (33) }, -1, 1, 10, FALSE, { TOP_HIT, 5 }, { 0 }, build_rows, rows },
};

const guint n_element_cases = G_N_ELEMENTS (element_cases);
