/* convolution-thin.c: convolutions to or from so few channels that taps × channels fit into two vectors: the first and
 * last layers of classifiers and generators, where a loop over channels would leave most of a vector empty.
 *
 * To few channels: one product gives every tap's share of every pixel, and a pixel's result is the sum of nine
 * shares. The gradient to the weights: one product of the wide side with the unfolded thin side.
 *
 * Compiled once for each level of the processor, as register-tile-private.h says. */
#include "register-tile-private.h"

#include <string.h>

typedef struct {
  const DfkdConvolution *c;
  gsize wide, thin, columns; /* channels; columns: taps × thin, in whole vectors */
  gsize height, width, out_height, out_width; /* of what is read and written */
  gssize top, left;
  gboolean turned;
  const float *x, *packed, *bias, *addend, *dy;
  float *y, *scratch;
  gsize scratch_size;
} Thin;

static gsize
whole_vectors (gsize count)
{
  return (count + LANES - 1) / LANES * LANES;
}

/* ------------------------------------------------------------------------------------------ to few channels */

/* shares [pixels, columns] = x [pixels, wide]·packed */
static void
share (const Thin *t, const float *x, gsize pixels, float *shares)
{
  gsize p = 0;

  if (t->columns > LANES)
    {
      for (; p + ROWS <= pixels; p += ROWS)
        product_tile (x + p * t->wide, t->wide, t->packed, shares + p * PAIR, PAIR, ROWS, 2);
      for (; p < pixels; p++)
        product_tile (x + p * t->wide, t->wide, t->packed, shares + p * PAIR, PAIR, 1, 2);
      return;
    }
  for (; p + 2 * ROWS <= pixels; p += 2 * ROWS)
    product_tile (x + p * t->wide, t->wide, t->packed, shares + p * LANES, LANES, 2 * ROWS, 1);
  for (; p < pixels; p++)
    product_tile (x + p * t->wide, t->wide, t->packed, shares + p * LANES, LANES, 1, 1);
}

static void
image_task (gpointer data, gsize n)
{
  const Thin *t = data;
  const DfkdConvolution *c = t->c;
  float *shares = t->scratch + dfkd_thread_pool_worker () * t->scratch_size;
  gsize size = t->out_height * t->out_width * t->thin;
  const float *addend = t->addend != NULL ? t->addend + n * size : NULL;
  float *y = t->y + n * size;

  share (t, t->x + n * t->height * t->width * t->wide, t->height * t->width, shares);
  for (gsize at = 0; at < size; at++)
    y[at] = (t->bias != NULL ? t->bias[at % t->thin] : 0.0f) + (addend != NULL ? addend[at] : 0.0f);
  for (gsize row = 0; row < t->out_height; row++)
    for (gsize u = 0; u < c->kernel_height; u++)
      {
        gssize i = (gssize) (row + u) - t->top;

        if (i < 0 || i >= (gssize) t->height)
          continue;
        for (gsize v = 0; v < c->kernel_width; v++)
          {
            gssize shift = (gssize) v - t->left, first = MAX (0, -shift);
            gssize end = MIN ((gssize) t->out_width, (gssize) t->width - shift);
            const float *from = shares + (i * (gssize) t->width + first + shift) * (gssize) t->columns
                                + (gssize) ((u * c->kernel_width + v) * t->thin);
            float *to = y + (row * t->out_width + (gsize) first) * t->thin;

            if (t->thin == 1)
              for (gssize column = first; column < end; column++, from += t->columns, to++)
                *to += *from;
            else
              for (gssize column = first; column < end; column++, from += t->columns, to += t->thin)
                for (gsize k = 0; k < t->thin; k++)
                  to[k] += from[k];
          }
      }
}

/* weights O,KH,KW,I into [wide channel][tap, thin channel] */
static void
pack (const Thin *t, const float *weights, float *packed)
{
  const DfkdConvolution *c = t->c;
  gsize taps = c->kernel_height * c->kernel_width;

  memset (packed, 0, t->wide * t->columns * sizeof (float));
  for (gsize w = 0; w < t->wide; w++)
    for (gsize tap = 0; tap < taps; tap++)
      for (gsize k = 0; k < t->thin; k++)
        packed[w * t->columns + tap * t->thin + k] = t->turned ? weights[(w * taps + taps - 1 - tap) * c->in_channels + k]
                                                               : weights[(k * taps + tap) * c->in_channels + w];
}

static Thin
describe (const DfkdConvolution *c, gboolean to_data)
{
  Thin t = { .c = c, .turned = to_data };

  t.wide = to_data ? c->out_channels : c->in_channels;
  t.thin = to_data ? c->in_channels : c->out_channels;
  t.height = to_data ? c->out_height : c->in_height;
  t.width = to_data ? c->out_width : c->in_width;
  t.out_height = to_data ? c->in_height : c->out_height;
  t.out_width = to_data ? c->in_width : c->out_width;
  t.top = to_data ? (gssize) (c->kernel_height - 1) - (gssize) c->padding[0] : (gssize) c->padding[0];
  t.left = to_data ? (gssize) (c->kernel_width - 1) - (gssize) c->padding[1] : (gssize) c->padding[1];
  t.columns = whole_vectors (c->kernel_height * c->kernel_width * t.thin);
  t.scratch_size = t.height * t.width * t.columns;
  return t;
}

gboolean
EXPORT (dfkd_thin_slices_) (const DfkdConvolution *c, gboolean to_data)
{
  return TRUE;
}

gsize
EXPORT (dfkd_thin_packed_size_) (const DfkdConvolution *c, gboolean to_data)
{
  Thin t = describe (c, to_data);

  return sizeof (float) * t.wide * t.columns;
}

void
EXPORT (dfkd_thin_pack_) (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *weights, float *packed)
{
  Thin t = describe (c, to_data);

  pack (&t, weights, packed);
}

gsize
EXPORT (dfkd_thin_workspace_) (const DfkdConvolution *c, gboolean to_data, guint threads)
{
  Thin t = describe (c, to_data);

  return sizeof (float) * threads * t.scratch_size;
}

void
EXPORT (dfkd_thin_forward_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed,
                             const float *bias, const float *addend, float *y, void *workspace)
{
  Thin t = describe (c, FALSE);

  t.x = x;
  t.packed = packed;
  t.bias = bias;
  t.addend = addend;
  t.y = y;
  t.scratch = workspace;
  dfkd_thread_pool_run (pool, c->batch, image_task, &t);
}

void
EXPORT (dfkd_thin_to_data_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed,
                             const float *addend, float *dx, void *workspace)
{
  Thin t = describe (c, TRUE);

  t.x = dy;
  t.packed = packed;
  t.addend = addend;
  t.y = dx;
  t.scratch = workspace;
  dfkd_thread_pool_run (pool, c->batch, image_task, &t);
}

/* ---------------------------------------------------------------------------------------------- to weights */

/* For each pixel of the wide side, the thin side's pixels that meet it at each tap. With few inputs these are
 * x[o·s + tap − p] for the pixels o of dy; with few outputs dy[i − tap + p] for the pixels i of x, of stride 1. What
 * lies outside is the same for every image and was zeroed before. */
static void
unfold (const Thin *t, const float *image, gsize height, gsize width, gsize rows, gsize columns, float *out)
{
  const DfkdConvolution *c = t->c;
  gssize stride_y = t->turned ? 1 : (gssize) c->stride[0], stride_x = t->turned ? 1 : (gssize) c->stride[1];

  for (gsize row = 0; row < rows; row++)
    for (gsize u = 0; u < c->kernel_height; u++)
      {
        gssize i = t->turned ? (gssize) (row + c->padding[0]) - (gssize) u : (gssize) row * stride_y + (gssize) u - (gssize) c->padding[0];

        if (i < 0 || i >= (gssize) height)
          continue;
        for (gsize v = 0; v < c->kernel_width; v++)
          {
            gssize j = t->turned ? (gssize) c->padding[1] - (gssize) v : (gssize) v - (gssize) c->padding[1];
            gssize first = j < 0 ? (-j + stride_x - 1) / stride_x : 0;
            gssize end = MIN ((gssize) columns, ((gssize) width - j + stride_x - 1) / stride_x);
            float *target = out + (row * columns + (gsize) first) * t->columns + (u * c->kernel_width + v) * t->thin;
            const float *source = image + (i * (gssize) width + j + first * stride_x) * (gssize) t->thin;
            gsize step = (gsize) stride_x * t->thin;

            if (t->thin == 1)
              for (gssize column = first; column < end; column++, source += step, target += t->columns)
                *target = *source;
            else
              for (gssize column = first; column < end; column++, source += step, target += t->columns)
                for (gsize k = 0; k < t->thin; k++)
                  target[k] = source[k];
          }
      }
}

static Thin
describe_weights (const DfkdConvolution *c)
{
  Thin t = { .c = c, .turned = c->out_channels < c->in_channels };

  t.wide = t.turned ? c->in_channels : c->out_channels;
  t.thin = t.turned ? c->out_channels : c->in_channels;
  t.columns = whole_vectors (c->kernel_height * c->kernel_width * t.thin);
  t.scratch_size = MAX (c->in_height * c->in_width, c->out_height * c->out_width) * t.columns;
  return t;
}

gboolean
EXPORT (dfkd_thin_adds_) (const DfkdConvolution *c)
{
  return TRUE;
}

gsize
EXPORT (dfkd_thin_sum_size_) (const DfkdConvolution *c)
{
  Thin t = describe_weights (c);

  return sizeof (float) * t.wide * t.columns;
}

gsize
EXPORT (dfkd_thin_weights_workspace_) (const DfkdConvolution *c)
{
  Thin t = describe_weights (c);

  return sizeof (float) * t.scratch_size;
}

void
EXPORT (dfkd_thin_add_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace)
{
  Thin t = describe_weights (c);
  gsize x_size = c->in_height * c->in_width * c->in_channels, dy_size = c->out_height * c->out_width * c->out_channels;
  float *unfolded = workspace;

  memset (unfolded, 0, t.scratch_size * sizeof (float));
  for (gsize n = 0; n < c->batch; n++, x += x_size, dy += dy_size)
    {
      const float *wide = t.turned ? x : dy;
      gsize pixels = t.turned ? c->in_height * c->in_width : c->out_height * c->out_width;

      if (t.turned)
        unfold (&t, dy, c->out_height, c->out_width, c->in_height, c->in_width, unfolded);
      else
        unfold (&t, x, c->in_height, c->in_width, c->out_height, c->out_width, unfolded);
      for (gsize w = 0; w < t.wide; w += ROWS)
        if (t.columns > LANES)
          gradient_tile (wide + w, t.wide, unfolded, PAIR, pixels, sum + w * PAIR, PAIR, n > 0, ROWS, 2);
        else
          gradient_tile (wide + w, t.wide, unfolded, LANES, pixels, sum + w * LANES, LANES, n > 0, ROWS, 1);
    }
}

void
EXPORT (dfkd_thin_total_) (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw)
{
  Thin t = describe_weights (c);
  gsize taps = c->kernel_height * c->kernel_width;

  for (gsize w = 0; w < t.wide; w++)
    for (gsize tap = 0; tap < taps; tap++)
      for (gsize k = 0; k < t.thin; k++)
        {
          gsize o = t.turned ? k : w, i = t.turned ? w : k;
          float sum = 0.0f;

          for (gsize n = 0; n < n_sums; n++)
            sum += sums[(n * t.wide + w) * t.columns + tap * t.thin + k];
          dw[(o * taps + tap) * c->in_channels + i] = sum;
        }
}
