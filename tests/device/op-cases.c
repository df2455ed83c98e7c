/* op-cases.c: the table of cases and naive float64 twins of the ops. */
#include "op-cases.h"

#include <math.h>
#include <string.h>

#define S(...) SHAPE_ (__VA_ARGS__, 0, 0, 0, 0)
#define SHAPE_(a, b, c, d, ...)                                                                                      \
  { DFKD_F32, (d) != 0 ? 4 : (c) != 0 ? 3 : (b) != 0 ? 2 : 1, { a, b, c, d } }
#define I(...) INTEGERS_ (__VA_ARGS__, 0, 0, 0, 0)
#define INTEGERS_(a, b, c, d, ...)                                                                                   \
  { DFKD_I32, (d) != 0 ? 4 : (c) != 0 ? 3 : (b) != 0 ? 2 : 1, { a, b, c, d } }

typedef struct {
  gsize n, c, h, w;
} Dims;

static Dims
dims (const DfkdShape *s)
{
  return (Dims){ s->dim[0], s->rank > 1 ? s->dim[1] : 1, s->rank == 4 ? s->dim[2] : 1, s->rank == 4 ? s->dim[3] : 1 };
}

static gsize
at (const Dims *d, gsize n, gsize c, gsize y, gsize x)
{
  return ((n * d->c + c) * d->h + y) * d->w + x;
}

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

/* ---------------------------------------------------------------------------- products and convolutions */

static DfkdValue
build_product (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return dfkd_matrix_product (g, in[0], in[1], c->n_inputs > 2 ? in[2] : DFKD_NONE, c->p[0], c->p[1]);
}

static void
product (const OpCase *c, double *const *in, double *out)
{
  gsize m = c->input[0].dim[c->p[0] ? 1 : 0], k = c->input[0].dim[c->p[0] ? 0 : 1], n = c->input[1].dim[c->p[1] ? 0 : 1];

  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < n; j++)
      {
        double sum = c->n_inputs > 2 ? in[2][j] : 0.0;

        for (gsize l = 0; l < k; l++)
          sum += in[0][c->p[0] ? l * m + i : i * k + l] * in[1][c->p[1] ? j * k + l : l * n + j];
        out[i * n + j] = sum;
      }
}

/* p: stride, padding, dilation, groups */
static DfkdValue
build_convolution (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return dfkd_convolution (g, in[0], in[1], c->n_inputs > 2 ? in[2] : DFKD_NONE, c->n_inputs > 3 ? in[3] : DFKD_NONE, (guint) c->p[0],
                           (guint) c->p[1], (guint) c->p[2], (guint) c->p[3]);
}

static void
convolution (const OpCase *c, double *const *in, double *out)
{
  Dims x = dims (&c->input[0]), w = dims (&c->input[1]), y;
  int stride = c->p[0], padding = c->p[1], dilation = c->p[2];
  gsize per_group = w.n / (gsize) c->p[3];

  y = (Dims){ x.n, w.n, (gsize) (((int) x.h + 2 * padding - dilation * ((int) w.h - 1) - 1) / stride + 1),
              (gsize) (((int) x.w + 2 * padding - dilation * ((int) w.w - 1) - 1) / stride + 1) };
  for (gsize n = 0; n < y.n; n++)
    for (gsize o = 0; o < y.c; o++)
      for (gsize i = 0; i < y.h; i++)
        for (gsize j = 0; j < y.w; j++)
          {
            double sum = (c->n_inputs > 2 ? in[2][o] : 0.0) + (c->n_inputs > 3 ? in[3][at (&y, n, o, i, j)] : 0.0);

            for (gsize k = 0; k < w.c; k++)
              for (gsize u = 0; u < w.h; u++)
                for (gsize v = 0; v < w.w; v++)
                  {
                    int row = (int) i * stride + (int) u * dilation - padding, column = (int) j * stride + (int) v * dilation - padding;

                    if (row >= 0 && column >= 0 && row < (int) x.h && column < (int) x.w)
                      sum += in[0][at (&x, n, o / per_group * w.c + k, (gsize) row, (gsize) column)] * in[1][at (&w, o, k, u, v)];
                  }
            out[at (&y, n, o, i, j)] = sum;
          }
}

/* ------------------------------------------------------------------------------------------- batch norm */

static void
statistics (const Dims *d, const double *x, double *out)
{
  double count = (double) (d->n * d->h * d->w);

  for (gsize k = 0; k < d->c; k++)
    {
      double mean = 0.0, variance = 0.0;

      for (gsize n = 0; n < d->n; n++)
        for (gsize p = 0; p < d->h * d->w; p++)
          mean += x[(n * d->c + k) * d->h * d->w + p] / count;
      for (gsize n = 0; n < d->n; n++)
        for (gsize p = 0; p < d->h * d->w; p++)
          variance += pow (x[(n * d->c + k) * d->h * d->w + p] - mean, 2.0) / count;
      out[k] = mean;
      out[d->c + k] = variance;
    }
}

static DfkdValue
build_statistics (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return dfkd_bn_statistics (g, in[0]);
}

static void
statistics_case (const OpCase *c, double *const *in, double *out)
{
  Dims d = dims (&c->input[0]);

  statistics (&d, in[0], out);
}

/* p[0]: 0 by given statistics, 1 by the batch's, 2 by given ones while the batch's enter too; q[0]: slope */
static DfkdValue
build_batch_norm (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  DfkdValue batch = c->p[0] > 0 ? dfkd_bn_statistics (g, in[0]) : DFKD_NONE;
  DfkdValue y = dfkd_bn_apply (g, in[0], c->p[0] == 1 ? batch : in[2], in[1], 1e-5f, (float) c->q[0]);

  /* the sum of all statistics, so that both ways reach x and merge */
  return c->p[0] == 2 ? dfkd_add (g, y, dfkd_sum (g, batch, 1.0f)) : y;
}

static void
batch_norm (const OpCase *c, double *const *in, double *out)
{
  Dims d = dims (&c->input[0]);
  double batch[256], extra = 0.0;
  const double *used = c->p[0] == 1 ? batch : in[2];

  if (c->p[0] > 0)
    statistics (&d, in[0], batch);
  if (c->p[0] == 2)
    for (gsize i = 0; i < 2 * d.c; i++)
      extra += batch[i];
  for (gsize n = 0; n < d.n; n++)
    for (gsize k = 0; k < d.c; k++)
      for (gsize p = 0; p < d.h * d.w; p++)
        {
          gsize i = (n * d.c + k) * d.h * d.w + p;
          double v = (in[0][i] - used[k]) / sqrt (used[d.c + k] + (double) 1e-5f) * in[1][k] + in[1][d.c + k];

          out[i] = (v > 0.0 ? v : c->q[0] * v) + extra;
        }
}

static DfkdValue
build_distance (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return dfkd_statistics_distance (g, in[0], in[1], in[2], in[3]);
}

static void
distance (const OpCase *c, double *const *in, double *out)
{
  gsize channels = c->input[0].dim[1];

  out[0] = 0.0;
  for (gsize row = 0; row < 2; row++)
    {
      double sum = 0.0;

      for (gsize i = row * channels; i < (row + 1) * channels; i++)
        sum += pow (in[1][i] - (1.0 - in[3][0]) * in[0][i] - in[3][0] * in[2][i], 2.0);
      out[0] += sqrt (sum);
    }
}

/* ----------------------------------------------------------------------------------- pooling, resampling */

enum { MAXIMUM, AVERAGE };

/* p: kind, kernel, stride, padding */
static DfkdValue
build_pool (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return (c->p[0] == MAXIMUM ? dfkd_max_pool : dfkd_average_pool) (g, in[0], (guint) c->p[1], (guint) c->p[2], (guint) c->p[3]);
}

static void
pool (const OpCase *c, double *const *in, double *out)
{
  Dims x = dims (&c->input[0]), y = { x.n, x.c, (x.h + 2 * (gsize) c->p[3] - (gsize) c->p[1]) / (gsize) c->p[2] + 1,
                                      (x.w + 2 * (gsize) c->p[3] - (gsize) c->p[1]) / (gsize) c->p[2] + 1 };

  for (gsize n = 0; n < y.n; n++)
    for (gsize k = 0; k < y.c; k++)
      for (gsize i = 0; i < y.h; i++)
        for (gsize j = 0; j < y.w; j++)
          {
            double best = -INFINITY, sum = 0.0;

            for (int u = 0; u < c->p[1]; u++)
              for (int v = 0; v < c->p[1]; v++)
                {
                  int row = (int) i * c->p[2] + u - c->p[3], column = (int) j * c->p[2] + v - c->p[3];

                  if (row < 0 || column < 0 || row >= (int) x.h || column >= (int) x.w)
                    continue;
                  best = fmax (best, in[0][at (&x, n, k, (gsize) row, (gsize) column)]);
                  sum += in[0][at (&x, n, k, (gsize) row, (gsize) column)];
                }
            out[at (&y, n, k, i, j)] = c->p[0] == MAXIMUM ? best : sum / (c->p[1] * c->p[1]);
          }
}

enum { SPATIAL_MEAN, NEAREST, BILINEAR };

static DfkdValue
build_resize (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return c->p[0] == SPATIAL_MEAN ? dfkd_spatial_mean (g, in[0])
         : c->p[0] == NEAREST    ? dfkd_upsample_nearest (g, in[0], (guint) c->p[1])
                                 : dfkd_resize_bilinear (g, in[0], (gsize) c->p[1], (gsize) c->p[2]);
}

/* bilinear at (row, column) of a part of the image, its edges repeated; half-pixel centres */
static double
sample (const Dims *d, const double *x, gsize n, gsize k, double row, double column, const double low[2], const double high[2])
{
  double v[2] = { fmin (fmax (row, low[0]), high[0]), fmin (fmax (column, low[1]), high[1]) }, f[2], sum = 0.0;
  gsize base[2];

  for (guint i = 0; i < 2; i++)
    {
      base[i] = (gsize) floor (v[i]);
      f[i] = v[i] - floor (v[i]);
    }
  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < 2; j++)
      sum += (i ? f[0] : 1.0 - f[0]) * (j ? f[1] : 1.0 - f[1])
             * x[at (d, n, k, MIN (base[0] + i, (gsize) high[0]), MIN (base[1] + j, (gsize) high[1]))];
  return sum;
}

static void
resize (const OpCase *c, double *const *in, double *out)
{
  Dims x = dims (&c->input[0]), y = x;
  double low[2] = { 0.0, 0.0 }, high[2] = { (double) x.h - 1.0, (double) x.w - 1.0 };

  if (c->p[0] == SPATIAL_MEAN)
    {
      for (gsize i = 0; i < x.n * x.c; i++)
        {
          out[i] = 0.0;
          for (gsize p = 0; p < x.h * x.w; p++)
            out[i] += in[0][i * x.h * x.w + p] / (double) (x.h * x.w);
        }
      return;
    }
  y.h = c->p[0] == NEAREST ? x.h * (gsize) c->p[1] : (gsize) c->p[1];
  y.w = c->p[0] == NEAREST ? x.w * (gsize) c->p[1] : (gsize) c->p[2];
  for (gsize n = 0; n < y.n; n++)
    for (gsize k = 0; k < y.c; k++)
      for (gsize i = 0; i < y.h; i++)
        for (gsize j = 0; j < y.w; j++)
          out[at (&y, n, k, i, j)] = c->p[0] == NEAREST ? in[0][at (&x, n, k, i * x.h / y.h, j * x.w / y.w)]
                                                        : sample (&x, in[0], n, k, ((double) i + 0.5) * (double) x.h / (double) y.h - 0.5,
                                                                  ((double) j + 0.5) * (double) x.w / (double) y.w - 0.5, low, high);
}

enum { CROP, PAD };

/* p: kind, origin (channel, row, column); the other shape is fixed by the case: crop 2×3×4, pad by 2 on all sides */
static DfkdValue
build_window (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  const gsize *d = c->input[0].dim;

  if (c->p[0] == CROP)
    return dfkd_crop (g, in[0], (gsize) c->p[1], (gsize) c->p[2], (gsize) c->p[3], dfkd_shape (d[0], 2, 3, 4));
  return dfkd_pad (g, in[0], (gsize) c->p[1], (gsize) c->p[2], (gsize) c->p[3], dfkd_shape (d[0], d[1] + 2, d[2] + 2, d[3] + 2));
}

static void
window (const OpCase *c, double *const *in, double *out)
{
  Dims x = dims (&c->input[0]), y = c->p[0] == CROP ? (Dims){ x.n, 2, 3, 4 } : (Dims){ x.n, x.c + 2, x.h + 2, x.w + 2 };
  gssize sign = c->p[0] == CROP ? 1 : -1;

  for (gsize n = 0; n < y.n; n++)
    for (gsize k = 0; k < y.c; k++)
      for (gsize i = 0; i < y.h; i++)
        for (gsize j = 0; j < y.w; j++)
          {
            gssize channel = (gssize) k + sign * c->p[1], row = (gssize) i + sign * c->p[2], column = (gssize) j + sign * c->p[3];
            gboolean inside = channel >= 0 && row >= 0 && column >= 0 && channel < (gssize) x.c && row < (gssize) x.h && column < (gssize) x.w;

            out[at (&y, n, k, i, j)] = inside ? in[0][at (&x, n, (gsize) channel, (gsize) row, (gsize) column)] : 0.0;
          }
}

enum { CONCATENATE, FLATTEN, UNFLATTEN };

static DfkdValue
build_shape (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return c->p[0] == CONCATENATE ? dfkd_concatenate (g, in[0], in[1])
         : c->p[0] == FLATTEN   ? dfkd_flatten (g, in[0])
                                : dfkd_unflatten (g, in[0], (gsize) c->p[1], (gsize) c->p[2], (gsize) c->p[3]);
}

static void
shape (const OpCase *c, double *const *in, double *out)
{
  Dims a = dims (&c->input[0]), b;

  if (c->p[0] != CONCATENATE)
    {
      memcpy (out, in[0], dfkd_shape_count (&c->input[0]) * sizeof *out);
      return;
    }
  b = dims (&c->input[1]);
  for (gsize n = 0; n < a.n; n++)
    {
      memcpy (out + n * (a.c + b.c) * a.h * a.w, in[0] + n * a.c * a.h * a.w, a.c * a.h * a.w * sizeof *out);
      memcpy (out + (n * (a.c + b.c) + a.c) * a.h * a.w, in[1] + n * b.c * a.h * a.w, b.c * a.h * a.w * sizeof *out);
    }
}

/* p: wrap, origin */
static DfkdValue
build_shift (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return dfkd_shift_flip (g, in[0], in[1], in[2], c->p[1], c->p[0]);
}

static void
shift (const OpCase *c, double *const *in, double *out)
{
  Dims d = dims (&c->input[0]);
  gboolean one = dfkd_shape_count (&c->input[1]) == 2, one_flip = dfkd_shape_count (&c->input[2]) == 1;

  for (gsize n = 0; n < d.n; n++)
    for (gsize k = 0; k < d.c; k++)
      for (gsize i = 0; i < d.h; i++)
        for (gsize j = 0; j < d.w; j++)
          {
            gboolean flip = in[2][one_flip ? 0 : n] != 0.0;
            int row = (int) i + (int) in[1][one ? 0 : 2 * n] + c->p[1];
            int column = (int) (flip ? d.w - 1 - j : j) + (int) in[1][one ? 1 : 2 * n + 1] + c->p[1], h = (int) d.h, w = (int) d.w;

            if (c->p[0])
              {
                row = (row % h + h) % h;
                column = (column % w + w) % w;
              }
            out[at (&d, n, k, i, j)] = row < 0 || column < 0 || row >= h || column >= w
                                         ? 0.0
                                         : in[0][at (&d, n, k, (gsize) row, (gsize) column)];
          }
}

/* boxes are made of the drawn numbers in [0, 1]: inside the image, at least half as large */
static DfkdValue
build_resized_crop (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return dfkd_resized_crop (g, in[0], in[1], in[2]);
}

static void
resized_crop (const OpCase *c, double *const *in, double *out)
{
  Dims d = dims (&c->input[0]);

  for (gsize n = 0; n < d.n; n++)
    {
      const double *box = in[1] + 4 * n;
      double low[2] = { box[0], box[1] }, high[2] = { fmin (box[0] + box[2], (double) d.h) - 1.0, fmin (box[1] + box[3], (double) d.w) - 1.0 };
      gboolean flip = in[2][n] != 0.0;

      for (gsize k = 0; k < d.c; k++)
        for (gsize i = 0; i < d.h; i++)
          for (gsize j = 0; j < d.w; j++)
            out[at (&d, n, k, i, flip ? d.w - 1 - j : j)]
              = sample (&d, in[0], n, k, box[0] + ((double) i + 0.5) * box[2] / (double) d.h - 0.5,
                        box[1] + ((double) j + 0.5) * box[3] / (double) d.w - 0.5, low, high);
    }
}

/* --------------------------------------------------------------------------------------------- the table */

#define UNARY(name, kind, from, to, ...)                                                                             \
  { "unary/" name, 1, { S (3, 5, 7, 3) }, from, to, 0, kind != SIGN, { kind }, { __VA_ARGS__ }, build_unary, unary }
#define BINARY(name, kind, a, b) { "binary/" name, 2, { a, b }, 0.5, 2.0, 0, TRUE, { kind }, { 0 }, build_binary, binary }
#define REDUCE(name, kind, x) { "reduce/" name, 1, { x }, -1, 2, 0, TRUE, { kind }, { 0 }, build_reduction, reduction }
#define CONVOLVE(name, n, x, w, ...) { "convolution/" name, n, { x, w }, -1, 1, 0, TRUE, { __VA_ARGS__ }, { 0 }, build_convolution, convolution }

const OpCase op_cases[] = {
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
  { "product/plain", 2, { S (31, 33), S (33, 17) }, -1, 1, 0, TRUE, { 0, 0 }, { 0 }, build_product, product },
  { "product/ta", 2, { S (33, 31), S (33, 17) }, -1, 1, 0, TRUE, { 1, 0 }, { 0 }, build_product, product },
  { "product/tb-bias", 3, { S (31, 33), S (17, 33), S (17) }, -1, 1, 0, TRUE, { 0, 1 }, { 0 }, build_product, product },
  { "product/ta-tb", 2, { S (33, 31), S (17, 33) }, -1, 1, 0, TRUE, { 1, 1 }, { 0 }, build_product, product },
  { "product/wide", 3, { S (3, 20), S (129, 20), S (129) }, -1, 1, 0, TRUE, { 0, 1 }, { 0 }, build_product, product },
  { "product/one", 2, { S (1, 1), S (1, 1) }, -1, 1, 0, TRUE, { 0, 0 }, { 0 }, build_product, product },
  CONVOLVE ("3x3", 2, S (2, 16, 9, 8), S (16, 16, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("3x3-odd", 2, S (3, 3, 7, 5), S (5, 3, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("3x3-one-in", 2, S (2, 1, 9, 11), S (17, 1, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("3x3-one-out", 2, S (2, 33, 9, 11), S (1, 33, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("3x3-stride-2", 2, S (2, 16, 8, 8), S (32, 16, 3, 3), 2, 1, 1, 1),
  CONVOLVE ("3x3-stride-2-odd", 2, S (2, 5, 9, 7), S (7, 5, 3, 3), 2, 1, 1, 1),
  CONVOLVE ("3x3-stride-3", 2, S (2, 4, 10, 11), S (6, 4, 3, 3), 3, 0, 1, 1),
  CONVOLVE ("1x1-stride-2", 2, S (3, 16, 8, 8), S (33, 16, 1, 1), 2, 0, 1, 1),
  CONVOLVE ("5x5", 2, S (2, 3, 12, 13), S (6, 3, 5, 5), 1, 0, 1, 1),
  CONVOLVE ("5x3-wide-padding", 2, S (2, 3, 4, 5), S (4, 3, 5, 3), 1, 2, 1, 1),
  CONVOLVE ("groups", 2, S (2, 6, 7, 5), S (9, 2, 3, 3), 1, 1, 1, 3),
  CONVOLVE ("depthwise", 2, S (2, 7, 6, 5), S (7, 1, 3, 3), 2, 1, 1, 7),
  CONVOLVE ("dilation", 2, S (2, 4, 11, 9), S (5, 4, 3, 3), 1, 2, 2, 1),
  CONVOLVE ("wide-48", 2, S (1, 48, 5, 6), S (40, 48, 3, 3), 1, 1, 1, 1),
  /* few channels on one side */
  CONVOLVE ("to-one", 2, S (2, 16, 7, 9), S (1, 16, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("to-three", 2, S (3, 24, 5, 6), S (3, 24, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("to-two-no-padding", 2, S (2, 8, 6, 7), S (2, 8, 3, 5), 1, 0, 1, 1),
  CONVOLVE ("from-one", 2, S (9, 1, 6, 7), S (32, 1, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("from-three-stride", 2, S (2, 3, 9, 8), S (16, 3, 3, 3), 2, 1, 1, 1),
  { "convolution/to-one-bias-addend", 4, { S (2, 16, 6, 7), S (1, 16, 3, 3), S (1), S (2, 1, 6, 7) }, -1, 1, 0, TRUE, { 1, 1, 1, 1 },
    { 0 }, build_convolution, convolution },
  /* 3×3 of stride 1 and channels in whole vectors: the processor's own path. Edges, one and many blocks, many channels */
  CONVOLVE ("tiles", 2, S (2, 16, 8, 8), S (16, 16, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("tiles-edges", 2, S (2, 32, 7, 11), S (48, 32, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("tiles-no-padding", 2, S (1, 16, 10, 6), S (32, 16, 3, 3), 1, 0, 1, 1),
  CONVOLVE ("tiles-wide-padding", 2, S (1, 16, 6, 6), S (16, 16, 3, 3), 1, 2, 1, 1),
  CONVOLVE ("tiles-blocks", 2, S (3, 16, 24, 20), S (16, 16, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("tiles-many-channels", 2, S (1, 96, 4, 8), S (112, 96, 3, 3), 1, 1, 1, 1),
  { "convolution/tiles-bias-addend", 4, { S (1, 96, 7, 8), S (96, 96, 3, 3), S (96), S (1, 96, 7, 8) }, -1, 1, 0, TRUE, { 1, 1, 1, 1 },
    { 0 }, build_convolution, convolution },
  { "convolution/bias", 3, { S (2, 5, 6, 7), S (9, 5, 3, 3), S (9) }, -1, 1, 0, TRUE, { 1, 1, 1, 1 }, { 0 }, build_convolution, convolution },
  { "convolution/bias-addend", 4, { S (2, 16, 6, 7), S (16, 16, 3, 3), S (16), S (2, 16, 6, 7) }, -1, 1, 0, TRUE, { 1, 1, 1, 1 }, { 0 },
    build_convolution, convolution },
  { "convolution/groups-bias-addend", 4, { S (2, 4, 6, 7), S (6, 2, 3, 3), S (6), S (2, 6, 6, 7) }, -1, 1, 0, TRUE, { 1, 1, 1, 2 }, { 0 },
    build_convolution, convolution },
  { "batch-norm/statistics", 1, { S (3, 5, 7, 3) }, -1, 3, 0, TRUE, { 0 }, { 0 }, build_statistics, statistics_case },
  { "batch-norm/statistics-large", 1, { S (5, 33, 16, 17) }, 9, 11, 0, TRUE, { 0 }, { 0 }, build_statistics, statistics_case },
  { "batch-norm/statistics-matrix", 1, { S (65, 31) }, -1, 3, 0, TRUE, { 0 }, { 0 }, build_statistics, statistics_case },
  { "batch-norm/evaluation", 3, { S (3, 5, 7, 3), S (2, 5), S (2, 5) }, 0.2, 2, 0, TRUE, { 0 }, { 1.0 }, build_batch_norm, batch_norm },
  { "batch-norm/evaluation-relu", 3, { S (3, 5, 7, 3), S (2, 5), S (2, 5) }, 0.2, 2, 0, TRUE, { 0 }, { 0.0 }, build_batch_norm, batch_norm },
  { "batch-norm/training", 2, { S (3, 5, 7, 3), S (2, 5) }, -1, 2, 0, TRUE, { 1 }, { 1.0 }, build_batch_norm, batch_norm },
  { "batch-norm/training-leaky", 2, { S (5, 17, 6, 7), S (2, 17) }, -1, 2, 0, TRUE, { 1 }, { 0.2 }, build_batch_norm, batch_norm },
  { "batch-norm/evaluation-and-statistics", 3, { S (3, 5, 7, 3), S (2, 5), S (2, 5) }, 0.2, 2, 0, TRUE, { 2 }, { 0.0 }, build_batch_norm, batch_norm },
  { "batch-norm/distance", 4, { S (2, 17), S (2, 17), S (2, 17), S (1) }, 0.1, 0.9, 0, TRUE, { 0 }, { 0 }, build_distance, distance },
  { "pool/max", 1, { S (2, 3, 8, 9) }, -1, 1, 0, TRUE, { MAXIMUM, 2, 2, 0 }, { 0 }, build_pool, pool },
  { "pool/max-overlapping", 1, { S (2, 3, 9, 7) }, -1, 1, 0, TRUE, { MAXIMUM, 3, 2, 1 }, { 0 }, build_pool, pool },
  { "pool/average", 1, { S (2, 3, 8, 9) }, -1, 1, 0, TRUE, { AVERAGE, 2, 2, 0 }, { 0 }, build_pool, pool },
  { "pool/average-overlapping", 1, { S (2, 3, 9, 7) }, -1, 1, 0, TRUE, { AVERAGE, 3, 1, 1 }, { 0 }, build_pool, pool },
  { "pool/spatial-mean", 1, { S (3, 5, 7, 3) }, -1, 1, 0, TRUE, { SPATIAL_MEAN }, { 0 }, build_resize, resize },
  { "resize/nearest-2", 1, { S (3, 5, 7, 3) }, -1, 1, 0, TRUE, { NEAREST, 2 }, { 0 }, build_resize, resize },
  { "resize/nearest-3", 1, { S (2, 3, 3, 5) }, -1, 1, 0, TRUE, { NEAREST, 3 }, { 0 }, build_resize, resize },
  { "resize/bilinear-up", 1, { S (2, 3, 5, 4) }, -1, 1, 0, TRUE, { BILINEAR, 11, 7 }, { 0 }, build_resize, resize },
  { "resize/bilinear-down", 1, { S (2, 3, 9, 8) }, -1, 1, 0, TRUE, { BILINEAR, 4, 5 }, { 0 }, build_resize, resize },
  { "window/crop", 1, { S (2, 5, 7, 6) }, -1, 1, 0, TRUE, { CROP, 1, 2, 2 }, { 0 }, build_window, window },
  { "window/pad", 1, { S (2, 3, 4, 5) }, -1, 1, 0, TRUE, { PAD, 1, 0, 2 }, { 0 }, build_window, window },
  { "shape/concatenate", 2, { S (2, 3, 5, 4), S (2, 7, 5, 4) }, -1, 1, 0, TRUE, { CONCATENATE }, { 0 }, build_shape, shape },
  { "shape/concatenate-matrix", 2, { S (31, 3), S (31, 10) }, -1, 1, 0, TRUE, { CONCATENATE }, { 0 }, build_shape, shape },
  { "shape/flatten", 1, { S (3, 5, 7, 3) }, -1, 1, 0, TRUE, { FLATTEN }, { 0 }, build_shape, shape },
  { "shape/flatten-one-channel", 1, { S (3, 1, 7, 3) }, -1, 1, 0, TRUE, { FLATTEN }, { 0 }, build_shape, shape },
  { "shape/unflatten", 1, { S (3, 105) }, -1, 1, 0, TRUE, { UNFLATTEN, 5, 7, 3 }, { 0 }, build_shape, shape },
  { "shift/padded-crop", 3, { S (5, 3, 9, 8), I (5, 2), I (5) }, -1, 1, 9, TRUE, { 0, -4 }, { 0 }, build_shift, shift },
  { "shift/roll", 3, { S (5, 3, 9, 8), I (1, 2), I (1) }, -1, 1, 7, TRUE, { 1, -3 }, { 0 }, build_shift, shift },
  { "shift/roll-each", 3, { S (5, 1, 9, 8), I (5, 2), I (5) }, -1, 1, 7, TRUE, { 1, -3 }, { 0 }, build_shift, shift },
  { "resized-crop", 3, { S (4, 3, 9, 8), S (4, 4), I (4) }, 0, 1, 2, TRUE, { 0 }, { 0 }, build_resized_crop, resized_crop },
};

const guint n_op_cases = G_N_ELEMENTS (op_cases);
