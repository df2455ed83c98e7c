/* picture-cases.c: what is done to pictures, pooling, resampling, cutting and shifting, and naive float64 twins of it. */
#include "op-cases.h"

#include <math.h>
#include <string.h>

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

enum { CONCATENATE, FLATTEN, UNFLATTEN, SHUFFLE };

static DfkdValue
build_shape (DfkdGraph *g, const OpCase *c, const DfkdValue *in)
{
  return c->p[0] == CONCATENATE ? dfkd_concatenate (g, in[0], in[1])
         : c->p[0] == SHUFFLE   ? dfkd_channel_shuffle (g, in[0], (guint) c->p[1])
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

/* N,C,H,W seen as N,g,C/g,H,W and written as N,C/g,g,H,W */
static void
shuffle (const OpCase *c, double *const *in, double *out)
{
  Dims d = dims (&c->input[0]);
  gsize groups = (gsize) c->p[1], each = d.c / groups, pixels = d.h * d.w;

  for (gsize n = 0; n < d.n; n++)
    for (gsize k = 0; k < each; k++)
      for (gsize j = 0; j < groups; j++, out += pixels)
        memcpy (out, in[0] + (n * d.c + j * each + k) * pixels, pixels * sizeof *out);
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

const OpCase picture_cases[] = {
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
  { "shape/channel-shuffle", 1, { S (2, 12, 5, 3) }, -1, 1, 0, TRUE, { SHUFFLE, 2 }, { 0 }, build_shape, shuffle },
  { "shape/channel-shuffle-3", 1, { S (3, 33, 4, 2) }, -1, 1, 0, TRUE, { SHUFFLE, 3 }, { 0 }, build_shape, shuffle },
  { "shape/channel-shuffle-matrix", 1, { S (31, 10) }, -1, 1, 0, TRUE, { SHUFFLE, 5 }, { 0 }, build_shape, shuffle },
  { "shape/flatten", 1, { S (3, 5, 7, 3) }, -1, 1, 0, TRUE, { FLATTEN }, { 0 }, build_shape, shape },
  { "shape/flatten-one-channel", 1, { S (3, 1, 7, 3) }, -1, 1, 0, TRUE, { FLATTEN }, { 0 }, build_shape, shape },
  { "shape/unflatten", 1, { S (3, 105) }, -1, 1, 0, TRUE, { UNFLATTEN, 5, 7, 3 }, { 0 }, build_shape, shape },
  { "shift/padded-crop", 3, { S (5, 3, 9, 8), I (5, 2), I (5) }, -1, 1, 9, TRUE, { 0, -4 }, { 0 }, build_shift, shift },
  { "shift/roll", 3, { S (5, 3, 9, 8), I (1, 2), I (1) }, -1, 1, 7, TRUE, { 1, -3 }, { 0 }, build_shift, shift },
  { "shift/roll-each", 3, { S (5, 1, 9, 8), I (5, 2), I (5) }, -1, 1, 7, TRUE, { 1, -3 }, { 0 }, build_shift, shift },
  { "resized-crop", 3, { S (4, 3, 9, 8), S (4, 4), I (4) }, 0, 1, 2, TRUE, { 0 }, { 0 }, build_resized_crop, resized_crop },
};

const guint n_picture_cases = G_N_ELEMENTS (picture_cases);
