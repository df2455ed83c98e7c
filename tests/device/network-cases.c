/* network-cases.c: what networks are made of, products, convolutions and batch norms, and naive float64 twins of them. */
#include "op-cases.h"

#include <math.h>
#include <string.h>

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
                {
                  int row = (int) i * stride + (int) u * dilation - padding, column = (int) j * stride - padding;
                  const double *from = in[0] + at (&x, n, o / per_group * w.c + k, 0, 0), *taps = in[1] + at (&w, o, k, u, 0);

                  if (row < 0 || row >= (int) x.h)
                    continue;
                  for (gsize v = 0; v < w.w; v++, column += dilation)
                    if (column >= 0 && column < (int) x.w)
                      sum += from[row * (int) x.w + column] * taps[v];
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

/* --------------------------------------------------------------------------------------------- the table */

#define CONVOLVE(name, n, x, w, ...) { "convolution/" name, n, { x, w }, -1, 1, 0, TRUE, { __VA_ARGS__ }, { 0 }, build_convolution, convolution }

const OpCase network_cases[] = {
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
  CONVOLVE ("depthwise-wide", 2, S (3, 40, 9, 10), S (40, 1, 3, 3), 1, 1, 1, 40),
  CONVOLVE ("depthwise-stride", 2, S (3, 35, 8, 11), S (35, 1, 3, 3), 2, 1, 1, 35),
  CONVOLVE ("depthwise-one-pixel", 2, S (5, 18, 1, 1), S (18, 1, 3, 3), 2, 1, 1, 18),
  CONVOLVE ("depthwise-dilated", 2, S (2, 17, 12, 9), S (17, 1, 5, 3), 1, 2, 2, 17),
  CONVOLVE ("depthwise-unpadded", 2, S (2, 16, 9, 8), S (16, 1, 2, 4), 3, 0, 1, 16),
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
  /* a processor's matrix tiles, in bfloat16: rows in parts, several images in a frame, strides, channels that fill no tile */
  CONVOLVE ("matrix-tiles", 2, S (2, 16, 6, 16), S (32, 16, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("matrix-tiles-images", 2, S (5, 64, 4, 4), S (40, 64, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("matrix-tiles-several-at-a-time", 2, S (5, 16, 16, 16), S (20, 16, 3, 3), 1, 1, 1, 1),
  CONVOLVE ("matrix-tiles-stride", 2, S (2, 32, 17, 20), S (48, 32, 3, 3), 2, 1, 1, 1),
  CONVOLVE ("matrix-tiles-stride-3", 2, S (2, 12, 13, 11), S (9, 12, 5, 5), 3, 2, 1, 1),
  CONVOLVE ("matrix-tiles-no-padding", 2, S (3, 21, 9, 8), S (19, 21, 3, 2), 1, 0, 1, 1),
  CONVOLVE ("matrix-tiles-many-weights", 2, S (2, 320, 2, 3), S (96, 320, 3, 3), 1, 1, 1, 1),
  { "convolution/matrix-tiles-bias-addend", 4, { S (2, 32, 5, 37), S (40, 32, 3, 3), S (40), S (2, 40, 5, 37) }, -1, 1, 0, TRUE,
    { 1, 1, 1, 1 }, { 0 }, build_convolution, convolution },
  { "convolution/bias", 3, { S (2, 5, 6, 7), S (9, 5, 3, 3), S (9) }, -1, 1, 0, TRUE, { 1, 1, 1, 1 }, { 0 }, build_convolution, convolution },
  { "convolution/bias-addend", 4, { S (2, 16, 6, 7), S (16, 16, 3, 3), S (16), S (2, 16, 6, 7) }, -1, 1, 0, TRUE, { 1, 1, 1, 1 }, { 0 },
    build_convolution, convolution },
  { "convolution/groups-bias-addend", 4, { S (2, 4, 6, 7), S (6, 2, 3, 3), S (6), S (2, 6, 6, 7) }, -1, 1, 0, TRUE, { 1, 1, 1, 2 }, { 0 },
    build_convolution, convolution },
  { "convolution/depthwise-bias-addend", 4, { S (2, 21, 6, 7), S (21, 1, 3, 3), S (21), S (2, 21, 6, 7) }, -1, 1, 0, TRUE,
    { 1, 1, 1, 21 }, { 0 }, build_convolution, convolution },
  { "batch-norm/statistics", 1, { S (3, 5, 7, 3) }, -1, 3, 0, TRUE, { 0 }, { 0 }, build_statistics, statistics_case },
  { "batch-norm/statistics-large", 1, { S (5, 33, 16, 17) }, 9, 11, 0, TRUE, { 0 }, { 0 }, build_statistics, statistics_case },
  { "batch-norm/statistics-matrix", 1, { S (65, 31) }, -1, 3, 0, TRUE, { 0 }, { 0 }, build_statistics, statistics_case },
  { "batch-norm/evaluation", 3, { S (3, 5, 7, 3), S (2, 5), S (2, 5) }, 0.2, 2, 0, TRUE, { 0 }, { 1.0 }, build_batch_norm, batch_norm },
  { "batch-norm/evaluation-relu", 3, { S (3, 5, 7, 3), S (2, 5), S (2, 5) }, 0.2, 2, 0, TRUE, { 0 }, { 0.0 }, build_batch_norm, batch_norm },
  { "batch-norm/training", 2, { S (3, 5, 7, 3), S (2, 5) }, -1, 2, 0, TRUE, { 1 }, { 1.0 }, build_batch_norm, batch_norm },
  { "batch-norm/training-leaky", 2, { S (5, 17, 6, 7), S (2, 17) }, -1, 2, 0, TRUE, { 1 }, { 0.2 }, build_batch_norm, batch_norm },
  { "batch-norm/evaluation-and-statistics", 3, { S (3, 5, 7, 3), S (2, 5), S (2, 5) }, 0.2, 2, 0, TRUE, { 2 }, { 0.0 }, build_batch_norm, batch_norm },
  { "batch-norm/distance", 4, { S (2, 17), S (2, 17), S (2, 17), S (1) }, 0.1, 0.9, 0, TRUE, { 0 }, { 0 }, build_distance, distance },
};

const guint n_network_cases = G_N_ELEMENTS (network_cases);
