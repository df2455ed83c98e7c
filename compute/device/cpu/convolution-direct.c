/* convolution-direct.c: convolutions without unfolding, for groups = 1 and dilation = 1, channels last.
 *
 * One task is one image. Its input is copied into a frame of zeros, so that no tap leaves the image; a register
 * tile of PIXELS × VECTORS sums over taps and input channels. To data is the same loop over the gradient with
 * weights turned round; with a stride, each residue of the output has its own short list of taps. To weights
 * keeps a tile of input channels × VECTORS of output channels over the pixels of an image.
 *
 * This file is compiled once for each level of the processor (meson.build); SUFFIX names the copy and LANES is
 * the width of its vectors. */
#include "register-tile-private.h"

#include <string.h>

enum {
  PIXELS = ROWS, /* of a tile with two vectors; twice as many with one */
  INPUTS = LANES == 16 ? 8 : 4, /* input channels of a tile of the gradient to weights */
  MAX_TAPS = 49,
  MOST_SLICED = 1 << 18, /* weights: more would leave no room for images in a core's cache */
};

static gsize
round_up (gsize value, gsize unit)
{
  return (value + unit - 1) / unit * unit;
}

/* channels of a block of output channels: two vectors, or one where that covers what is left */
static gsize
block_of (gsize left)
{
  return left > LANES ? PAIR : LANES;
}

static gsize
padded_channels (gsize channels)
{
  gsize sum = 0;

  while (sum < channels)
    sum += block_of (channels - sum);
  return sum;
}

/* One sum over taps: where to read relative to a pixel's origin in the frame, and with which weights. */
typedef struct {
  gsize input;   /* floats */
  gsize weights; /* floats, from the start of a block of output channels */
} Tap;

typedef struct {
  Tap taps[MAX_TAPS];
  guint n_taps;
  gsize rows, columns;            /* of results */
  gsize in_row, in_column;        /* floats between results in the frame */
  gsize out, out_row, out_column; /* floats: first result, between results */
} Pass;

typedef struct {
  DfkdConvolution c;
  const float *input, *bias, *addend;
  const Factor *weights;
  Factor *frames;
  float *output;
  gsize channels_in, channels_out, in_height, in_width; /* of what is read and what is written */
  gsize frame_height, frame_width, frame_size, top, left;
  gsize out_size, packed_block; /* floats: of an image written; of the weights of one output channel over all taps */
  Pass passes[16];
  guint n_passes;
} Direct;

/* ------------------------------------------------------------------------------------------- the tile */

INLINE void
tile (const Direct *d, const Pass *pass, const Factor *origin, const Factor *weights, gsize step, float *out, const float *addend,
      const float *bias, gsize out_step, gsize kept, const int pixels, const int vectors)
{
  Vector sum[16][2];
  gsize channels = d->channels_in, width = (gsize) vectors * LANES;

#pragma GCC unroll 16
  for (int p = 0; p < pixels; p++)
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++)
      sum[p][v] = (Vector){ 0 };
  for (guint t = 0; t < pass->n_taps; t++)
    {
      const Factor *in = origin + pass->taps[t].input, *w = weights + pass->taps[t].weights * width;

      for (gsize c = 0; c < channels; c += RUN, w += width * RUN)
        {
          Vector w0 = *(const Vector *) w, w1 = vectors > 1 ? *(const Vector *) (w + LANES * RUN) : w0;

#pragma GCC unroll 16
          for (int p = 0; p < pixels; p++)
            {
              const Factor *x = in + (gsize) p * step + c;

              sum[p][0] = multiply_add (sum[p][0], x, w0);
              if (vectors > 1)
                sum[p][1] = multiply_add (sum[p][1], x, w1);
            }
        }
    }
  for (int p = 0; p < pixels; p++)
    {
      float *y = out + (gsize) p * out_step;

      if (kept == width)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
          {
            Vector value = sum[p][v];

            if (bias != NULL)
              value += *(const Vector *) (bias + v * LANES);
            if (addend != NULL)
              value += *(const Vector *) (addend + (gsize) p * out_step + v * LANES);
            *(Vector *) (y + v * LANES) = value;
          }
      else
        {
          float values[PAIR];

          memcpy (values, sum[p], width * sizeof (float));
          for (gsize k = 0; k < kept; k++)
            y[k] = values[k] + (bias != NULL ? bias[k] : 0.0f) + (addend != NULL ? addend[(gsize) p * out_step + k] : 0.0f);
        }
    }
}

INLINE void
row_of_tiles (const Direct *d, const Pass *pass, const Factor *origin, const Factor *weights, float *out, const float *addend,
              const float *bias, gsize kept, const int pixels, const int vectors)
{
  gsize x = 0;

#define TILE(n)                                                                                                      \
  tile (d, pass, origin + x * pass->in_column, weights, pass->in_column, out + x * pass->out_column,                 \
        addend != NULL ? addend + x * pass->out_column : NULL, bias, pass->out_column, kept, n, vectors)
  for (; x + (gsize) pixels <= pass->columns; x += (gsize) pixels)
    TILE (pixels);
  for (; x + 4 <= pass->columns; x += 4)
    TILE (4);
  for (; x < pass->columns; x++)
    TILE (1);
#undef TILE
}

/* the image into its frame, zeros around it */
static void
fill_frame (const Direct *d, const float *image, Factor *frame)
{
  gsize count = d->in_width * d->channels_in, row = d->frame_width * d->channels_in, left = d->left * d->channels_in;

  memset (frame, 0, d->top * row * sizeof (Factor));
  frame += d->top * row;
  for (gsize y = 0; y < d->in_height; y++, frame += row)
    {
      memset (frame, 0, left * sizeof (Factor));
      round_factors (frame + left, image + y * count, count);
      memset (frame + left + count, 0, (row - left - count) * sizeof (Factor));
    }
  memset (frame, 0, (d->frame_size - (d->top + d->in_height) * row) * sizeof (Factor));
}

static void
image_task (gpointer data, gsize n)
{
  const Direct *d = data;
  Factor *frame = d->frames + dfkd_thread_pool_worker () * d->frame_size;

  fill_frame (d, d->input + n * d->in_height * d->in_width * d->channels_in, frame);
  for (gsize first = 0; first < d->channels_out; )
    {
      gsize block = block_of (d->channels_out - first), kept = MIN (block, d->channels_out - first);
      const Factor *weights = d->weights + first * d->packed_block;

      for (guint i = 0; i < d->n_passes; i++)
        {
          const Pass *pass = &d->passes[i];

          for (gsize y = 0; y < pass->rows; y++)
            {
              gsize at = n * d->out_size + pass->out + y * pass->out_row + first;
              const Factor *origin = frame + y * pass->in_row;
              const float *addend = d->addend != NULL ? d->addend + at : NULL;
              const float *bias = d->bias != NULL ? d->bias + first : NULL;

              if (block == PAIR)
                row_of_tiles (d, pass, origin, weights, d->output + at, addend, bias, kept, PIXELS, 2);
              else
                row_of_tiles (d, pass, origin, weights, d->output + at, addend, bias, kept, 2 * PIXELS, 1);
            }
        }
      first += block;
    }
}

/* ------------------------------------------------------------------------------------ forward, to data */

static void
describe_forward (Direct *d)
{
  const DfkdConvolution *c = &d->c;
  Pass *pass = &d->passes[0];

  d->channels_in = c->in_channels;
  d->channels_out = c->out_channels;
  d->in_height = c->in_height;
  d->in_width = c->in_width;
  d->top = c->padding[0];
  d->left = c->padding[1];
  d->frame_height = MAX (c->in_height + 2 * c->padding[0], (c->out_height - 1) * c->stride[0] + c->kernel_height);
  d->frame_width = MAX (c->in_width + 2 * c->padding[1], (c->out_width - 1) * c->stride[1] + c->kernel_width);
  d->out_size = c->out_height * c->out_width * c->out_channels;
  d->n_passes = 1;
  *pass = (Pass){ .rows = c->out_height,
                  .columns = c->out_width,
                  .in_row = c->stride[0] * d->frame_width * c->in_channels,
                  .in_column = c->stride[1] * c->in_channels,
                  .out_row = c->out_width * c->out_channels,
                  .out_column = c->out_channels };
  for (gsize u = 0; u < c->kernel_height; u++)
    for (gsize v = 0; v < c->kernel_width; v++)
      pass->taps[pass->n_taps++] = (Tap){ (u * d->frame_width + v) * c->in_channels, (u * c->kernel_width + v) * c->in_channels };
}

/* dx[i] = Σ dy[o]·w[u] over o·s + u − p = i: for i = s·q + r the taps with u ≡ r + p (mod s), reading o = q + (r + p − u)/s */
static void
describe_to_data (Direct *d)
{
  const DfkdConvolution *c = &d->c;
  gsize sy = c->stride[0], sx = c->stride[1];

  d->channels_in = c->out_channels;
  d->channels_out = c->in_channels;
  d->in_height = c->out_height;
  d->in_width = c->out_width;
  d->top = c->kernel_height; /* roomy: o may lie up to a kernel before the first and behind the last */
  d->left = c->kernel_width;
  d->frame_height = MAX (c->out_height, c->in_height / sy + 1) + 2 * c->kernel_height + c->padding[0] + 1;
  d->frame_width = MAX (c->out_width, c->in_width / sx + 1) + 2 * c->kernel_width + c->padding[1] + 1;
  d->out_size = c->in_height * c->in_width * c->in_channels;
  d->n_passes = 0;
  for (gsize ry = 0; ry < sy; ry++)
    for (gsize rx = 0; rx < sx; rx++)
      {
        Pass *pass = &d->passes[d->n_passes];

        if (ry >= c->in_height || rx >= c->in_width)
          continue;
        d->n_passes++;
        *pass = (Pass){ .rows = (c->in_height - ry + sy - 1) / sy,
                        .columns = (c->in_width - rx + sx - 1) / sx,
                        .in_row = d->frame_width * c->out_channels,
                        .in_column = c->out_channels,
                        .out = (ry * c->in_width + rx) * c->in_channels,
                        .out_row = sy * c->in_width * c->in_channels,
                        .out_column = sx * c->in_channels };
        for (gsize u = (ry + c->padding[0]) % sy; u < c->kernel_height; u += sy)
          for (gsize v = (rx + c->padding[1]) % sx; v < c->kernel_width; v += sx)
            {
              /* may be negative by less than a kernel: top and left make up for it */
              gssize oy = ((gssize) (ry + c->padding[0]) - (gssize) u) / (gssize) sy + (gssize) d->top;
              gssize ox = ((gssize) (rx + c->padding[1]) - (gssize) v) / (gssize) sx + (gssize) d->left;

              pass->taps[pass->n_taps++] = (Tap){ ((gsize) oy * d->frame_width + (gsize) ox) * c->out_channels,
                                                  (u * c->kernel_width + v) * c->out_channels };
            }
      }
}

/* weights O,KH,KW,I into blocks of output channels: [tap][channel read][channel of the block], RUN channels read side by side */
static void
pack (const Direct *d, const float *w, gboolean to_data, Factor *packed)
{
  const DfkdConvolution *c = &d->c;
  gsize taps = c->kernel_height * c->kernel_width;

  for (gsize first = 0; first < d->channels_out; )
    {
      gsize block = block_of (d->channels_out - first);
      Factor *target = packed + first * d->packed_block;

      for (gsize t = 0; t < taps; t++)
        for (gsize in = 0; in < d->channels_in; in += RUN, target += block * RUN)
          {
            float row[PAIR * RUN];

            for (gsize k = 0; k < block; k++)
              for (gsize r = 0; r < RUN; r++)
                {
                  gsize o = to_data ? in + r : first + k, i = to_data ? first + k : in + r;

                  row[k * RUN + r] = first + k < d->channels_out ? w[(o * taps + t) * c->in_channels + i] : 0.0f;
                }
            round_factors (target, row, block * RUN);
          }
      first += block;
    }
}

static gsize
packed_size (const Direct *d)
{
  return padded_channels (d->channels_out) * d->packed_block;
}

static Direct
describe (const DfkdConvolution *c, gboolean to_data)
{
  Direct d = { .c = *c };

  if (to_data)
    describe_to_data (&d);
  else
    describe_forward (&d);
  d.frame_size = round_up (d.frame_height * d.frame_width * d.channels_in, 16);
  d.packed_block = d.c.kernel_height * d.c.kernel_width * d.channels_in;
  return d;
}

gboolean
EXPORT (dfkd_direct_slices_) (const DfkdConvolution *c, gboolean to_data)
{
  Direct d = describe (c, to_data);

  return packed_size (&d) <= MOST_SLICED;
}

gsize
EXPORT (dfkd_direct_packed_size_) (const DfkdConvolution *c, gboolean to_data)
{
  Direct d = describe (c, to_data);

  return sizeof (Factor) * packed_size (&d);
}

void
EXPORT (dfkd_direct_pack_) (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *weights, float *packed)
{
  Direct d = describe (c, to_data);

  pack (&d, weights, to_data, (Factor *) packed);
}

gsize
EXPORT (dfkd_direct_workspace_) (const DfkdConvolution *c, gboolean to_data, guint threads)
{
  Direct d = describe (c, to_data);

  return sizeof (Factor) * threads * d.frame_size;
}

void
EXPORT (dfkd_direct_forward_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed,
                               const float *bias, const float *addend, float *y, void *workspace)
{
  Direct d = describe (c, FALSE);

  d.input = x;
  d.weights = (const Factor *) packed;
  d.bias = bias;
  d.addend = addend;
  d.output = y;
  d.frames = workspace;
  dfkd_thread_pool_run (pool, c->batch, image_task, &d);
}

void
EXPORT (dfkd_direct_to_data_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed,
                               const float *addend, float *dx, void *workspace)
{
  Direct d = describe (c, TRUE);

  d.input = dy;
  d.weights = (const Factor *) packed;
  d.addend = addend;
  d.output = dx;
  d.frames = workspace;
  dfkd_thread_pool_run (pool, c->batch, image_task, &d);
}

/* ------------------------------------------------------------------------------------------- to weights */

typedef struct {
  Direct forward; /* its frame of the input */
  gsize inputs, outputs;                 /* channels, rounded up to whole tiles */
  gsize sum_size, frame_size, copy_size; /* floats: of a sum, a frame with rounded channels, a copy of dy */
} Weights;

static Weights
describe_weights (const DfkdConvolution *c)
{
  Weights w = { .forward = { .c = *c } };

  describe_forward (&w.forward);
  w.inputs = round_up (c->in_channels, INPUTS);
  w.outputs = padded_channels (c->out_channels);
  w.sum_size = c->kernel_height * c->kernel_width * w.inputs * w.outputs;
  w.frame_size = round_up (w.forward.frame_height * w.forward.frame_width * w.inputs, 16);
  w.copy_size = w.outputs == c->out_channels ? 0 : round_up (c->out_height * c->out_width * w.outputs, 16);
  return w;
}

/* sum[input][output] += Σ over pixels x·dy for INPUTS × VECTORS·LANES */
INLINE void
weights_tile (const Weights *w, const float *x, const float *dy, float *sum, const int vectors)
{
  const DfkdConvolution *c = &w->forward.c;
  gsize x_column = c->stride[1] * w->inputs, x_row = c->stride[0] * w->forward.frame_width * w->inputs;
  Vector total[INPUTS][2];

#pragma GCC unroll 8
  for (int i = 0; i < INPUTS; i++)
    total[i][0] = total[i][1] = (Vector){ 0 };
  for (gsize row = 0; row < c->out_height; row++)
    {
      const float *px = x + row * x_row, *pdy = dy + row * c->out_width * w->outputs;

      for (gsize column = 0; column < c->out_width; column++, px += x_column, pdy += w->outputs)
        {
          Vector d0 = *(const Vector *) pdy, d1 = vectors > 1 ? *(const Vector *) (pdy + LANES) : d0;

#pragma GCC unroll 8
          for (int i = 0; i < INPUTS; i++)
            {
              total[i][0] += px[i] * d0;
              if (vectors > 1)
                total[i][1] += px[i] * d1;
            }
        }
    }
#pragma GCC unroll 8
  for (int i = 0; i < INPUTS; i++)
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++)
      *(Vector *) (sum + (gsize) i * w->outputs + v * LANES) += total[i][v];
}

static void
add_image (const Weights *w, const float *frame, const float *dy, float *sum)
{
  const DfkdConvolution *c = &w->forward.c;

  for (gsize u = 0; u < c->kernel_height; u++)
    for (gsize v = 0; v < c->kernel_width; v++)
      for (gsize in = 0; in < w->inputs; in += INPUTS)
        for (gsize first = 0; first < c->out_channels; )
          {
            gsize block = block_of (c->out_channels - first);
            const float *x = frame + (u * w->forward.frame_width + v) * w->inputs + in;
            float *target = sum + ((u * c->kernel_width + v) * w->inputs + in) * w->outputs + first;

            if (block == PAIR)
              weights_tile (w, x, dy + first, target, 2);
            else
              weights_tile (w, x, dy + first, target, 1);
            first += block;
          }
}

static void
copy_channels (const float *source, gsize pixels, gsize from, gsize to, float *target)
{
  for (gsize p = 0; p < pixels; p++)
    {
      memcpy (target + p * to, source + p * from, from * sizeof (float));
      memset (target + p * to + from, 0, (to - from) * sizeof (float));
    }
}

gboolean
EXPORT (dfkd_direct_adds_) (const DfkdConvolution *c)
{
  return TRUE;
}

gsize
EXPORT (dfkd_direct_sum_size_) (const DfkdConvolution *c)
{
  Weights w = describe_weights (c);

  return sizeof (float) * w.sum_size;
}

gsize
EXPORT (dfkd_direct_weights_workspace_) (const DfkdConvolution *c)
{
  Weights w = describe_weights (c);

  return sizeof (float) * (w.frame_size + w.copy_size);
}

void
EXPORT (dfkd_direct_add_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace)
{
  Weights w = describe_weights (c);
  float *frame = workspace, *copy = frame + w.frame_size;

  memset (sum, 0, w.sum_size * sizeof (float));
  memset (frame, 0, w.frame_size * sizeof (float));
  for (gsize n = 0; n < c->batch; n++, x += c->in_height * c->in_width * c->in_channels, dy += w.forward.out_size)
    {
      for (gsize row = 0; row < c->in_height; row++)
        copy_channels (x + row * c->in_width * c->in_channels, c->in_width, c->in_channels, w.inputs,
                       frame + ((row + c->padding[0]) * w.forward.frame_width + c->padding[1]) * w.inputs);
      if (w.copy_size > 0)
        copy_channels (dy, c->out_height * c->out_width, c->out_channels, w.outputs, copy);
      add_image (&w, frame, w.copy_size > 0 ? copy : dy, sum);
    }
}

void
EXPORT (dfkd_direct_total_) (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw)
{
  Weights w = describe_weights (c);
  gsize taps = c->kernel_height * c->kernel_width;

  for (gsize o = 0; o < c->out_channels; o++)
    for (gsize t = 0; t < taps; t++)
      for (gsize i = 0; i < c->in_channels; i++)
        {
          float sum = 0.0f;

          for (gsize n = 0; n < n_sums; n++)
            sum += sums[n * w.sum_size + (t * w.inputs + i) * w.outputs + o];
          dw[(o * taps + t) * c->in_channels + i] = sum;
        }
}
