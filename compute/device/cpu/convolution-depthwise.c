/* convolution-depthwise.c: convolutions of every channel with a kernel of its own, channels last.
 *
 * Nothing is summed over channels, so a vector is LANES channels of one pixel: a result is the sum over taps of a vector
 * read times a vector of weights. Forward and to data are one loop, with another rule for which tap reads which pixel;
 * where every tap of PIXELS results side by side lies inside the image, they share each vector of weights. What is left of
 * the channels behind the last whole vector is computed with the LANES channels that end with the last, and only what is
 * new of them is kept.
 *
 * Compiled once for each level of the processor, as register-tile-private.h says. */
#include "register-tile-private.h"

#include <string.h>

enum {
  PIXELS = 4, /* of a tile */
  MOST_KERNEL = 7, /* convolution.c asks for no more */
};

typedef struct {
  const DfkdConvolution *c;
  gboolean to_data;
  gsize in[2], out[2];                   /* height and width of what is read and written */
  const float *input, *packed, *bias, *addend; /* packed: [tap][channel] */
  float *output;
} Depthwise;

/* along one axis: which taps a result sums over, and where they read */
typedef struct {
  guint count;
  struct {
    gsize tap, source;
  } at[MOST_KERNEL];
} Taps;

/* forward reads result·stride + tap·dilation − padding; to data adds up the results that read this pixel */
static Taps
taps_of (const Depthwise *d, guint axis, gsize result)
{
  const DfkdConvolution *c = d->c;
  const gsize kernel = axis == 0 ? c->kernel_height : c->kernel_width, stride = c->stride[axis], padding = c->padding[axis];
  Taps taps = { 0 };

  for (gsize tap = 0; tap < kernel; tap++)
    {
      gsize shift = tap * c->dilation[axis], source;

      if (d->to_data)
        {
          if (result + padding < shift || (result + padding - shift) % stride != 0)
            continue;
          source = (result + padding - shift) / stride;
        }
      else
        {
          if (result * stride + shift < padding)
            continue;
          source = result * stride + shift - padding;
        }
      if (source >= d->in[axis])
        continue;
      taps.at[taps.count].tap = tap;
      taps.at[taps.count++].source = source;
    }
  return taps;
}

/* the LANES channels from @first of @pixels results side by side; those from @skip of them are kept */
INLINE void
tile (const Depthwise *d, const float *image, const Taps *rows, const Taps *columns, gsize step, gsize at, gsize first,
      gsize skip, const int pixels)
{
  const DfkdConvolution *c = d->c;
  const gsize channels = c->in_channels;
  Vector sum[PIXELS];

#pragma GCC unroll 4
  for (int p = 0; p < pixels; p++)
    sum[p] = d->bias != NULL ? *(const Vector *) (d->bias + first) : (Vector){ 0 };
  for (guint u = 0; u < rows->count; u++)
    for (guint v = 0; v < columns->count; v++)
      {
        const float *x = image + (rows->at[u].source * d->in[1] + columns->at[v].source) * channels + first;
        Vector w = *(const Vector *) (d->packed + (rows->at[u].tap * c->kernel_width + columns->at[v].tap) * channels + first);

#pragma GCC unroll 4
        for (int p = 0; p < pixels; p++)
          sum[p] += *(const Vector *) (x + (gsize) p * step * channels) * w;
      }
#pragma GCC unroll 4
  for (int p = 0; p < pixels; p++)
    {
      gsize target = at + (gsize) p * channels + first;

      if (skip == 0)
        {
          if (d->addend != NULL)
            sum[p] += *(const Vector *) (d->addend + target);
          *(Vector *) (d->output + target) = sum[p];
        }
      else
        for (gsize k = skip; k < LANES; k++)
          d->output[target + k] = sum[p][k] + (d->addend != NULL ? d->addend[target + k] : 0.0f);
    }
}

INLINE void
all_channels (const Depthwise *d, const float *image, const Taps *rows, const Taps *columns, gsize step, gsize at,
              const int pixels)
{
  const gsize channels = d->c->in_channels;
  gsize first = 0;

  for (; first + LANES <= channels; first += LANES)
    tile (d, image, rows, columns, step, at, first, 0, pixels);
  if (first < channels)
    tile (d, image, rows, columns, step, at, channels - LANES, first + LANES - channels, pixels);
}

static void
image_task (gpointer data, gsize n)
{
  const Depthwise *d = data;
  const DfkdConvolution *c = d->c;
  const gsize channels = c->in_channels, step = d->to_data ? 1 : c->stride[1];
  const gboolean steady = !d->to_data || c->stride[1] == 1; /* neighbours read the same taps, a step further */
  const float *image = d->input + n * d->in[0] * d->in[1] * channels;

  for (gsize row = 0; row < d->out[0]; row++)
    {
      Taps rows = taps_of (d, 0, row);

      for (gsize column = 0; column < d->out[1];)
        {
          Taps columns = taps_of (d, 1, column);
          gsize at = ((n * d->out[0] + row) * d->out[1] + column) * channels;

          if (steady && column + PIXELS <= d->out[1] && columns.count == c->kernel_width
              && taps_of (d, 1, column + PIXELS - 1).count == c->kernel_width)
            {
              all_channels (d, image, &rows, &columns, step, at, PIXELS);
              column += PIXELS;
              continue;
            }
          all_channels (d, image, &rows, &columns, step, at, 1);
          column++;
        }
    }
}

gboolean
EXPORT (dfkd_depthwise_slices_) (const DfkdConvolution *c, gboolean to_data)
{
  return TRUE;
}

gsize
EXPORT (dfkd_depthwise_packed_size_) (const DfkdConvolution *c, gboolean to_data)
{
  return sizeof (float) * c->kernel_height * c->kernel_width * c->in_channels;
}

void
EXPORT (dfkd_depthwise_pack_) (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *weights,
                               float *packed)
{
  const gsize taps = c->kernel_height * c->kernel_width;

  for (gsize k = 0; k < c->in_channels; k++)
    for (gsize t = 0; t < taps; t++)
      packed[t * c->in_channels + k] = weights[k * taps + t];
}

gsize
EXPORT (dfkd_depthwise_workspace_) (const DfkdConvolution *c, gboolean to_data, guint threads)
{
  return 0;
}

void
EXPORT (dfkd_depthwise_forward_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed,
                                  const float *bias, const float *addend, float *y, void *workspace)
{
  Depthwise d = { .c = c, .in = { c->in_height, c->in_width }, .out = { c->out_height, c->out_width },
                  .input = x, .packed = packed, .bias = bias, .addend = addend, .output = y };

  dfkd_thread_pool_run (pool, c->batch, image_task, &d);
}

void
EXPORT (dfkd_depthwise_to_data_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed,
                                  const float *addend, float *dx, void *workspace)
{
  Depthwise d = { .c = c, .to_data = TRUE, .in = { c->out_height, c->out_width }, .out = { c->in_height, c->in_width },
                  .input = dy, .packed = packed, .addend = addend, .output = dx };

  dfkd_thread_pool_run (pool, c->batch, image_task, &d);
}

/* ------------------------------------------------------------------------------------------- to weights */

/* Sums are [tap][vector][LANES]: the last vector ends with the last channel. */
static gsize
vectors_of (const DfkdConvolution *c)
{
  return (c->in_channels + LANES - 1) / LANES;
}

static gsize
first_channel (const DfkdConvolution *c, gsize vector)
{
  return MIN (vector * LANES, c->in_channels - LANES);
}

/* results whose @tap lies inside: from @first up to @end */
static void
results_inside (const DfkdConvolution *c, guint axis, gsize tap, gsize *first, gsize *end)
{
  const gsize shift = tap * c->dilation[axis], stride = c->stride[axis], padding = c->padding[axis];
  const gsize in = axis == 0 ? c->in_height : c->in_width, out = axis == 0 ? c->out_height : c->out_width;

  *first = shift >= padding ? 0 : (padding - shift + stride - 1) / stride;
  *end = in + padding <= shift ? 0 : MIN (out, (in + padding - shift - 1) / stride + 1);
}

/* one row of results: Σ x·dy over its columns */
INLINE void
add_row (const float *x, gsize x_step, const float *dy, gsize dy_step, gsize count, float *sum)
{
  Vector total[PIXELS] = { { 0 } };
  gsize i = 0;

  for (; i + PIXELS <= count; i += PIXELS)
#pragma GCC unroll 4
    for (gsize p = 0; p < PIXELS; p++)
      total[p] += *(const Vector *) (x + (i + p) * x_step) * *(const Vector *) (dy + (i + p) * dy_step);
  for (; i < count; i++)
    total[0] += *(const Vector *) (x + i * x_step) * *(const Vector *) (dy + i * dy_step);
  *(Vector *) sum += (total[0] + total[1]) + (total[2] + total[3]);
}

gboolean
EXPORT (dfkd_depthwise_adds_) (const DfkdConvolution *c)
{
  return TRUE;
}

gsize
EXPORT (dfkd_depthwise_sum_size_) (const DfkdConvolution *c)
{
  return sizeof (float) * c->kernel_height * c->kernel_width * vectors_of (c) * LANES;
}

gsize
EXPORT (dfkd_depthwise_weights_workspace_) (const DfkdConvolution *c)
{
  return 0;
}

void
EXPORT (dfkd_depthwise_add_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum,
                              void *workspace)
{
  const gsize channels = c->in_channels, vectors = vectors_of (c);

  memset (sum, 0, EXPORT (dfkd_depthwise_sum_size_) (c));
  for (gsize n = 0; n < c->batch; n++, x += c->in_height * c->in_width * channels, dy += c->out_height * c->out_width * channels)
    for (gsize row = 0; row < c->out_height; row++)
      for (gsize u = 0; u < c->kernel_height; u++)
        {
          gsize first_row, end_row;

          results_inside (c, 0, u, &first_row, &end_row);
          if (row < first_row || row >= end_row)
            continue;
          for (gsize v = 0; v < c->kernel_width; v++)
            {
              gsize first, end, source = row * c->stride[0] + u * c->dilation[0] - c->padding[0];

              results_inside (c, 1, v, &first, &end);
              if (first >= end)
                continue;
              for (gsize k = 0; k < vectors; k++)
                add_row (x + (source * c->in_width + first * c->stride[1] + v * c->dilation[1] - c->padding[1]) * channels
                           + first_channel (c, k),
                         c->stride[1] * channels, dy + (row * c->out_width + first) * channels + first_channel (c, k), channels,
                         end - first, sum + ((u * c->kernel_width + v) * vectors + k) * LANES);
            }
        }
}

void
EXPORT (dfkd_depthwise_total_) (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw)
{
  const gsize taps = c->kernel_height * c->kernel_width, vectors = vectors_of (c), size = taps * vectors * LANES;

  for (gsize k = 0; k < c->in_channels; k++)
    for (gsize t = 0; t < taps; t++)
      {
        gsize vector = k / LANES, at = (t * vectors + vector) * LANES + k - first_channel (c, vector);
        float sum = 0.0f;

        for (gsize n = 0; n < n_sums; n++)
          sum += sums[n * size + at];
        dw[k * taps + t] = sum;
      }
}
