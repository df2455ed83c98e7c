/* convolution-winograd.c: 3×3 convolutions of stride 1 by F(4×4, 3×3) and their gradients (Lavin and Gray 2016).
 *
 * A tile of 6×6 inputs becomes 36 numbers a channel, 36 matrix products replace the sum over taps, and 36 numbers
 * a channel become a tile of 4×4 outputs: a quarter of the multiplications. The gradient to the data is the same
 * with the weights turned round; that to the weights is F(3×3, 4×4) with the same input transform.
 *
 * The points are 0, ±3/4, ±3/2, ∞ instead of the usual 0, ±1, ±2, ∞: the error is then twice that of the plain sum
 * instead of four times (after Barabasz et al. 2020; tests/device holds it to the ops' tolerance), and every constant
 * of the two transforms of images is exact in float32.
 *
 * Few channels: one task takes a block of tiles through all three parts, in memory that its core's cache holds.
 * Many: the weights alone would not fit, so each part is a loop over a large block of tiles. With fewer tiles than
 * channels the products transform the weights of a few channels at a time, just before they are used.
 *
 * Compiled once for each level of the processor (meson.build); SUFFIX names the copy, LANES is its vectors' width. */
#include "register-tile-private.h"

#include <string.h>

enum {
  POINTS = 36,
  EDGE = 4,  /* of a tile of outputs */
  REACH = 6, /* of a tile of inputs */
  FEW = 8192,     /* channels read × written up to which a task goes through all parts */
  COLUMNS = 64,   /* of a task of the products where channels are many */
  CACHE = 160000, /* floats: a task's tiles on both sides of the products */
  LARGE = 8 << 20, /* floats: likewise of a block where channels are many */
};

/* points ±P, ±Q */
#define P 0.75f
#define Q 1.5f
#define P2 (P * P)
#define Q2 (Q * Q)

typedef struct {
  gsize batch, channels_in, channels_out, in_height, in_width, out_height, out_width;
  gssize top, left; /* padding */
  gsize tiles_y, tiles_x, tiles; /* tiles: of the whole batch */
  gsize block;                   /* tiles of a block */
  gsize stride_in, stride_out;   /* floats between points of the transformed tiles of a block */
  gsize stride_weights, stride_panel;
  const float *x, *bias, *addend, *dy;
  const Factor *weights;
  Factor *in, *d; /* d: transformed tiles of dy */
  float *y, *out, *zeros, *sums;
  gsize first, count; /* tiles of the block at hand, where channels are many */
  gsize n_sums;       /* of the gradient to the weights, each over a part of the batch */
} Winograd;

/* ---------------------------------------------------------------------------------------------- transforms */

/* Bᵀ·d: rows are the polynomials that vanish at all points but one */
INLINE void
spread (const Vector d[6], Vector v[6])
{
  Vector even_p = d[4] - Q2 * d[2], odd_p = d[3] - Q2 * d[1];
  Vector even_q = d[4] - P2 * d[2], odd_q = d[3] - P2 * d[1];

  v[0] = d[4] - (P2 + Q2) * d[2] + P2 * Q2 * d[0];
  v[1] = even_p + P * odd_p;
  v[2] = even_p - P * odd_p;
  v[3] = even_q + Q * odd_q;
  v[4] = even_q - Q * odd_q;
  v[5] = d[5] - (P2 + Q2) * d[3] + P2 * Q2 * d[1];
}

/* Aᵀ·m: powers of the points */
INLINE void
gather (const Vector m[6], Vector y[4])
{
  Vector even_p = m[1] + m[2], odd_p = m[1] - m[2], even_q = m[3] + m[4], odd_q = m[3] - m[4];

  y[0] = m[0] + even_p + even_q;
  y[1] = P * odd_p + Q * odd_q;
  y[2] = P2 * even_p + Q2 * even_q;
  y[3] = P2 * P * odd_p + Q2 * Q * odd_q + m[5];
}

/* A·y, the adjoint */
INLINE void
scatter (const Vector y[4], Vector m[6])
{
  Vector even_p = y[0] + P2 * y[2], odd_p = P * y[1] + P2 * P * y[3];
  Vector even_q = y[0] + Q2 * y[2], odd_q = Q * y[1] + Q2 * Q * y[3];

  m[0] = y[0];
  m[1] = even_p + odd_p;
  m[2] = even_p - odd_p;
  m[3] = even_q + odd_q;
  m[4] = even_q - odd_q;
  m[5] = y[3];
}

/* one over what the polynomial of a point is there: the other half of the Lagrange basis */
static const float scale[6] = { 1.0f / (P2 * Q2),           0.5f / (P2 * (P2 - Q2)), 0.5f / (P2 * (P2 - Q2)),
                                0.5f / (Q2 * (Q2 - P2)), 0.5f / (Q2 * (Q2 - P2)), 1.0f };

/* G·g for three taps */
INLINE void
spread_weights (const Vector g[3], Vector u[6])
{
  Vector even_p = g[0] + P2 * g[2], odd_p = P * g[1], even_q = g[0] + Q2 * g[2], odd_q = Q * g[1];

  u[0] = scale[0] * g[0];
  u[1] = scale[1] * (even_p + odd_p);
  u[2] = scale[1] * (even_p - odd_p);
  u[3] = scale[3] * (even_q + odd_q);
  u[4] = scale[3] * (even_q - odd_q);
  u[5] = g[2];
}

/* Gᵀ·s, the adjoint, for the gradient */
INLINE void
gather_weights (const Vector s[6], Vector g[3])
{
  Vector even_p = scale[1] * (s[1] + s[2]), odd_p = scale[1] * (s[1] - s[2]);
  Vector even_q = scale[3] * (s[3] + s[4]), odd_q = scale[3] * (s[3] - s[4]);

  g[0] = scale[0] * s[0] + even_p + even_q;
  g[1] = P * odd_p + Q * odd_q;
  g[2] = P2 * even_p + Q2 * even_q + s[5];
}

/* where tile @t stands: image, first output row and column */
typedef struct {
  gsize image, row, column;
} Spot;

static Spot
spot_of (const Winograd *w, gsize t)
{
  gsize in_image = t % (w->tiles_y * w->tiles_x);

  return (Spot){ t / (w->tiles_y * w->tiles_x), in_image / w->tiles_x * EDGE, in_image % w->tiles_x * EDGE };
}

/* The pixels of an image from (y, x) on, @edge by @edge, those outside as zeros. */
INLINE void
locate (const float *image, gsize height, gsize width, gsize channels, gssize y, gssize x, const float *zeros, const int edge,
        const float *pixels[])
{
#pragma GCC unroll 6
  for (int i = 0; i < edge; i++)
    {
      const float *row = image + (y + i) * (gssize) width * (gssize) channels;
      gboolean is_inside = y + i >= 0 && y + i < (gssize) height;

#pragma GCC unroll 6
      for (int j = 0; j < edge; j++)
        pixels[i * edge + j] = is_inside && x + j >= 0 && x + j < (gssize) width ? row + (x + j) * (gssize) channels : zeros;
    }
}

/* where tile @t reads x */
INLINE void
locate_x (const Winograd *w, gsize t, const float *x[])
{
  Spot spot = spot_of (w, t);

  locate (w->x + spot.image * w->in_height * w->in_width * w->channels_in, w->in_height, w->in_width, w->channels_in,
          (gssize) spot.row - w->top, (gssize) spot.column - w->left, w->zeros, REACH, x);
}

/* LANES channels of a tile, 6×6, into its points */
INLINE void
spread_vectors (const float *const x[], gsize c, Vector v[POINTS])
{
  Vector half[6][6];

#pragma GCC unroll 6
  for (gsize j = 0; j < 6; j++)
    {
      Vector d[6], h[6];

#pragma GCC unroll 6
      for (gsize i = 0; i < 6; i++)
        d[i] = *(const Vector *) (x[i * REACH + j] + c);
      spread (d, h);
#pragma GCC unroll 6
      for (gsize i = 0; i < 6; i++)
        half[i][j] = h[i];
    }
#pragma GCC unroll 6
  for (gsize i = 0; i < 6; i++)
    spread (half[i], v + i * 6);
}

/* tile @t of x into row @at of the block */
static void
spread_tile (const Winograd *w, gsize t, gsize at, Factor *target)
{
  const float *x[REACH * REACH];

  locate_x (w, t, x);
  target += at * w->channels_in;
  for (gsize c = 0; c < w->channels_in; c += LANES)
    {
      Vector v[POINTS];

      spread_vectors (x, c, v);
#pragma GCC unroll 36
      for (gsize p = 0; p < POINTS; p++)
        store_factors (target + p * w->stride_in + c, v[p]);
    }
}

/* column @at of the block into tile @t of y */
static void
gather_tile (const Winograd *w, gsize t, gsize at, const float *source)
{
  Spot spot = spot_of (w, t);
  gsize channels = w->channels_out, rows = MIN ((gsize) EDGE, w->out_height - spot.row);
  gsize columns = MIN ((gsize) EDGE, w->out_width - spot.column);
  gsize offset = ((spot.image * w->out_height + spot.row) * w->out_width + spot.column) * channels;

  source += at * channels;
  for (gsize c = 0; c < channels; c += LANES)
    {
      Vector half[4][6], bias = { 0 };

      if (w->bias != NULL)
        bias = *(const Vector *) (w->bias + c);
#pragma GCC unroll 6
      for (gsize j = 0; j < 6; j++)
        {
          Vector m[6], y[4];

#pragma GCC unroll 6
          for (gsize i = 0; i < 6; i++)
            m[i] = *(const Vector *) (source + (i * 6 + j) * w->stride_out + c);
          gather (m, y);
#pragma GCC unroll 4
          for (gsize i = 0; i < 4; i++)
            half[i][j] = y[i];
        }
#pragma GCC unroll 4
      for (gsize i = 0; i < 4; i++)
        {
          Vector y[4];

          if (i >= rows)
            break;
          gather (half[i], y);
#pragma GCC unroll 4
          for (gsize j = 0; j < 4; j++)
            if (j < columns)
              {
                gsize place = offset + (i * w->out_width + j) * channels + c;
                Vector value = y[j] + bias;

                if (w->addend != NULL)
                  value += *(const Vector *) (w->addend + place);
                *(Vector *) (w->y + place) = value;
              }
        }
    }
}

/* where tile @t reads dy */
INLINE void
locate_dy (const Winograd *w, gsize t, const float *dy[])
{
  Spot spot = spot_of (w, t);

  locate (w->dy + spot.image * w->out_height * w->out_width * w->channels_out, w->out_height, w->out_width, w->channels_out,
          (gssize) spot.row, (gssize) spot.column, w->zeros, EDGE, dy);
}

/* LANES channels of a tile of 4×4 into points */
INLINE void
scatter_vectors (const float *const dy[], gsize c, Vector v[POINTS])
{
  Vector half[6][4];

#pragma GCC unroll 4
  for (gsize j = 0; j < 4; j++)
    {
      Vector y[4], m[6];

#pragma GCC unroll 4
      for (gsize i = 0; i < 4; i++)
        y[i] = *(const Vector *) (dy[i * EDGE + j] + c);
      scatter (y, m);
#pragma GCC unroll 6
      for (gsize i = 0; i < 6; i++)
        half[i][j] = m[i];
    }
#pragma GCC unroll 6
  for (gsize i = 0; i < 6; i++)
    scatter (half[i], v + i * 6);
}

/* For the gradient to the weights rows are RUN tiles: @at counts tiles. What lies behind the last tile counts as zero. */
INLINE void
store_run (Factor *target, gsize stride, Vector v[RUN][POINTS])
{
#pragma GCC unroll 36
  for (gsize p = 0; p < POINTS; p++)
#ifdef BFLOAT16
    store_pairs (target + p * stride, v[0][p], v[1][p]);
#else
    store_factors (target + p * stride, v[0][p]);
#endif
}

/* tiles @t … of x into row @at / RUN of the block, of which there are @left */
static void
spread_run (const Winograd *w, gsize t, gsize at, gsize left, Factor *target)
{
  const float *x[RUN][REACH * REACH];

  for (gsize r = 0; r < RUN && r < left; r++)
    locate_x (w, t + r, x[r]);
  target += at * w->channels_in;
  for (gsize c = 0; c < w->channels_in; c += LANES)
    {
      Vector v[RUN][POINTS];

      for (gsize r = 0; r < RUN; r++)
        if (r < left)
          spread_vectors (x[r], c, v[r]);
        else
          memset (v[r], 0, sizeof v[r]);
      store_run (target + c * RUN, w->stride_in, v);
    }
}

/* the same of dy */
static void
scatter_run (const Winograd *w, gsize t, gsize at, gsize left, Factor *target)
{
  const float *dy[RUN][EDGE * EDGE];

  for (gsize r = 0; r < RUN && r < left; r++)
    locate_dy (w, t + r, dy[r]);
  target += at * w->channels_out;
  for (gsize c = 0; c < w->channels_out; c += LANES)
    {
      Vector v[RUN][POINTS];

      for (gsize r = 0; r < RUN; r++)
        if (r < left)
          scatter_vectors (dy[r], c, v[r]);
        else
          memset (v[r], 0, sizeof v[r]);
      store_run (target + c * RUN, w->stride_out, v);
    }
}

/* ------------------------------------------------------------------------------------------------ products */

/* columns first … end of m [rows, channels_out] = a·u, u in blocks of two vectors, the last maybe of one */
static void
product (const Winograd *w, const Factor *a, const Factor *u, float *m, gsize rows, gsize first, gsize end)
{
  gsize depth = w->channels_in, width = w->channels_out;

  for (; first < end; first += PAIR)
    {
      const Factor *block = u + first * depth;
      gsize r = 0;

      if (width - first >= PAIR)
        {
          for (; r + ROWS <= rows; r += ROWS)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, ROWS, 2);
          for (; r + 4 <= rows; r += 4)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 4, 2);
          for (; r < rows; r++)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 1, 2);
        }
      else
        {
          for (; r + 2 * ROWS <= rows; r += 2 * ROWS)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 2 * ROWS, 1);
          for (; r + 4 <= rows; r += 4)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 4, 1);
          for (; r < rows; r++)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 1, 1);
        }
    }
}

/* rows first … end (of outputs) of s [outputs, inputs] (+)= dᵀ·v over the tiles of a block */
static void
gradient (const Winograd *w, const Factor *d, const Factor *v, gsize tiles, float *s, gboolean add, gsize first, gsize end)
{
  gsize inputs = w->channels_in, outputs = w->channels_out, d_row = outputs * RUN, v_row = inputs * RUN;

  for (gsize i = 0; i < inputs; i += PAIR)
    for (gsize o = first; o < end; )
      {
        float *target = s + o * inputs + i;
        const Factor *from_d = d + o * RUN, *from_v = v + i * RUN;

        if (inputs - i >= PAIR && end - o >= ROWS)
          {
            gradient_tile (from_d, d_row, from_v, v_row, tiles, target, inputs, add, ROWS, 2);
            o += ROWS;
          }
        else if (inputs - i >= PAIR)
          {
            gradient_tile (from_d, d_row, from_v, v_row, tiles, target, inputs, add, 4, 2);
            o += 4;
          }
        else if (end - o >= 2 * ROWS)
          {
            gradient_tile (from_d, d_row, from_v, v_row, tiles, target, inputs, add, 2 * ROWS, 1);
            o += 2 * ROWS;
          }
        else
          {
            gradient_tile (from_d, d_row, from_v, v_row, tiles, target, inputs, add, 4, 1);
            o += 4;
          }
      }
}

/* ------------------------------------------------------------------------------------------------- weights */

typedef struct {
  const Winograd *w;
  const float *weights; /* O,3,3,I */
  Factor *target;
  gboolean turned; /* the gradient to the data: read o, written i, taps turned round */
} Packing;

/* LANES channels written × one channel read: weights into 36 points */
INLINE void
spread_taps (const float *taps, Vector v[POINTS])
{
  Vector half[6][3];

#pragma GCC unroll 3
  for (gsize j = 0; j < 3; j++)
    {
      Vector g[3], u[6];

#pragma GCC unroll 3
      for (gsize i = 0; i < 3; i++)
        g[i] = *(const Vector *) (taps + (i * 3 + j) * LANES);
      spread_weights (g, u);
#pragma GCC unroll 6
      for (gsize i = 0; i < 6; i++)
        half[i][j] = u[i];
    }
#pragma GCC unroll 6
  for (gsize i = 0; i < 6; i++)
    spread_weights (half[i], v + i * 6);
}

/* LANES of the channels written, from @first on, to @target of blocks of @width columns; LANES of those read at a time,
 * so that lines of memory serve whole */
static void
pack (const Packing *packing, gsize first, Factor *target, gsize width, gsize stride)
{
  const Winograd *w = packing->w;
  gsize read = w->channels_in, written = w->channels_out;
  float taps[LANES][9][LANES];

  for (gsize c = 0; c < read; c += LANES)
    {
      for (gsize k = 0; k < LANES; k++)
        for (gsize t = 0; t < 9; t++)
          for (gsize l = 0; l < LANES; l++)
            if (packing->turned) /* here k counts what is read, and l what is written: a copy */
              taps[k][8 - t][l] = packing->weights[((c + k) * 9 + t) * written + first + l];
            else
              taps[l][t][k] = packing->weights[((first + k) * 9 + t) * read + c + l];
      for (gsize l = 0; l < LANES; l += RUN)
        {
          Vector v[RUN][POINTS];

          for (gsize r = 0; r < RUN; r++)
            spread_taps (&taps[l + r][0][0], v[r]);
          store_run (target + (c + l) * width, stride, v);
        }
    }
}

/* all points of all weights, LANES of the channels written a task */
static void
pack_task (gpointer data, gsize task)
{
  const Packing *packing = data;
  const Winograd *w = packing->w;
  gsize first = task * LANES, block = first / PAIR * PAIR;

  pack (packing, first, packing->target + block * w->channels_in + first % PAIR * RUN, MIN ((gsize) PAIR, w->channels_out - block),
        w->stride_weights);
}

/* ------------------------------------------------------------------------------------------------- forward */

/* few channels: a block of tiles through all three parts */
static void
whole_task (gpointer data, gsize task)
{
  const Winograd *w = data;
  gsize first = task * w->block, count = MIN (w->block, w->tiles - first), worker = dfkd_thread_pool_worker ();
  Factor *in = w->in + worker * POINTS * w->stride_in;
  float *out = w->out + worker * POINTS * w->stride_out;

  for (gsize t = 0; t < count; t++)
    spread_tile (w, first + t, t, in);
  for (gsize p = 0; p < POINTS; p++)
    product (w, in + p * w->stride_in, w->weights + p * w->stride_weights, out + p * w->stride_out, count, 0, w->channels_out);
  for (gsize t = 0; t < count; t++)
    gather_tile (w, first + t, t, out);
}

enum {
  GRAIN = 4, /* tiles of a task of a transform */
};

static void
spread_task (gpointer data, gsize task)
{
  const Winograd *w = data;

  for (gsize t = task * GRAIN; t < MIN ((task + 1) * GRAIN, w->count); t++)
    spread_tile (w, w->first + t, t, w->in);
}

/* many channels, more tiles: a point and some channels a task, with the weights transformed before */
static void
product_task (gpointer data, gsize task)
{
  const Winograd *w = data;
  gsize p = task % POINTS, first = task / POINTS * COLUMNS;

  product (w, w->in + p * w->stride_in, w->weights + p * w->stride_weights, w->out + p * w->stride_out, w->count, first,
           MIN (first + COLUMNS, w->channels_out));
}

/* many channels, fewer tiles: weights of one or two vectors of channels, used while they are in the cache */
static void
panel_task (gpointer data, gsize task)
{
  const Packing *packing = data;
  const Winograd *w = packing->w;
  gsize first = task * PAIR, width = MIN ((gsize) PAIR, w->channels_out - first), stride = w->stride_panel;
  Factor *panel = packing->target + dfkd_thread_pool_worker () * POINTS * stride;

  for (gsize c = 0; c < width; c += LANES)
    pack (packing, first + c, panel + c * RUN, width, stride);
  for (gsize p = 0; p < POINTS; p++)
    product (w, w->in + p * w->stride_in, panel + p * stride - first * w->channels_in, w->out + p * w->stride_out, w->count, first,
             first + width);
}

static void
gather_task (gpointer data, gsize task)
{
  const Winograd *w = data;

  for (gsize t = task * GRAIN; t < MIN ((task + 1) * GRAIN, w->count); t++)
    gather_tile (w, w->first + t, t, w->out);
}

static gboolean
is_few (const Winograd *w)
{
  return w->channels_in * w->channels_out <= FEW;
}

static Winograd
describe (const DfkdConvolution *c, gboolean to_data)
{
  Winograd w = { .batch = c->batch };
  gsize most;

  w.channels_in = to_data ? c->out_channels : c->in_channels;
  w.channels_out = to_data ? c->in_channels : c->out_channels;
  w.in_height = to_data ? c->out_height : c->in_height;
  w.in_width = to_data ? c->out_width : c->in_width;
  w.out_height = to_data ? c->in_height : c->out_height;
  w.out_width = to_data ? c->in_width : c->out_width;
  w.top = to_data ? 2 - (gssize) c->padding[0] : (gssize) c->padding[0];
  w.left = to_data ? 2 - (gssize) c->padding[1] : (gssize) c->padding[1];
  w.tiles_y = (w.out_height + EDGE - 1) / EDGE;
  w.tiles_x = (w.out_width + EDGE - 1) / EDGE;
  w.tiles = w.batch * w.tiles_y * w.tiles_x;
  most = (is_few (&w) ? CACHE : LARGE) / (POINTS * (w.channels_in + w.channels_out)) / 16 * 16;
  w.block = MIN (w.tiles, CLAMP (most, 16, is_few (&w) ? 64 : 1024));
  /* a line more, or all points of a tile would fall into the same set of the cache */
  w.stride_in = (w.block + RUN - 1) / RUN * RUN * w.channels_in + 16;
  w.stride_out = (w.block + RUN - 1) / RUN * RUN * w.channels_out + 16;
  w.stride_weights = w.channels_in * w.channels_out + 16;
  w.stride_panel = w.channels_in * PAIR + 16;
  return w;
}

/* floats of a pixel outside */
static gsize
zeros_size (const Winograd *w)
{
  return MAX (w->channels_in, w->channels_out);
}

static gboolean
is_by_panels (const Winograd *w)
{
  return !is_few (w) && w->channels_out > w->block;
}

gboolean
EXPORT (dfkd_winograd_slices_) (const DfkdConvolution *c, gboolean to_data)
{
  Winograd w = describe (c, to_data);

  return is_few (&w);
}

gsize
EXPORT (dfkd_winograd_packed_size_) (const DfkdConvolution *c, gboolean to_data)
{
  Winograd w = describe (c, to_data);

  return is_by_panels (&w) ? 0 : sizeof (Factor) * POINTS * w.stride_weights;
}

void
EXPORT (dfkd_winograd_pack_) (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *weights, float *packed)
{
  Winograd w = describe (c, to_data);

  dfkd_thread_pool_run (pool, w.channels_out / LANES, pack_task, &(Packing){ &w, weights, (Factor *) packed, to_data });
}

/* where the parts of a workspace begin; panels of weights come first. Returns: its bytes */
static gsize
lay_out (Winograd *w, guint8 *workspace, guint threads)
{
  gsize panels = is_by_panels (w) ? threads * POINTS * w->stride_panel : 0, copies = is_few (w) ? threads : 1;
  gsize out = (panels + copies * POINTS * w->stride_in) * sizeof (Factor);
  gsize zeros = out + copies * POINTS * w->stride_out * sizeof (float);

  if (workspace != NULL)
    {
      w->in = (Factor *) workspace + panels;
      w->out = (float *) (workspace + out);
      w->zeros = (float *) (workspace + zeros);
    }
  return zeros + zeros_size (w) * sizeof (float);
}

gsize
EXPORT (dfkd_winograd_workspace_) (const DfkdConvolution *c, gboolean to_data, guint threads)
{
  Winograd w = describe (c, to_data);

  return lay_out (&w, NULL, threads);
}

static void
run (DfkdThreadPool *pool, Winograd *w, const float *packed, gboolean to_data, void *workspace)
{
  Packing packing = { w, packed, (Factor *) workspace, to_data };

  lay_out (w, workspace, dfkd_thread_pool_get_threads (pool));
  memset (w->zeros, 0, zeros_size (w) * sizeof (float));
  w->weights = (const Factor *) packed;
  if (is_few (w))
    {
      dfkd_thread_pool_run (pool, (w->tiles + w->block - 1) / w->block, whole_task, w);
      return;
    }
  for (w->first = 0; w->first < w->tiles; w->first += w->block)
    {
      w->count = MIN (w->block, w->tiles - w->first);
      dfkd_thread_pool_run (pool, (w->count + GRAIN - 1) / GRAIN, spread_task, w);
      if (is_by_panels (w))
        dfkd_thread_pool_run (pool, (w->channels_out + PAIR - 1) / PAIR, panel_task, &packing);
      else
        dfkd_thread_pool_run (pool, POINTS * ((w->channels_out + COLUMNS - 1) / COLUMNS), product_task, w);
      dfkd_thread_pool_run (pool, (w->count + GRAIN - 1) / GRAIN, gather_task, w);
    }
}

void
EXPORT (dfkd_winograd_forward_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed,
                                 const float *bias, const float *addend, float *y, void *workspace)
{
  Winograd w = describe (c, FALSE);

  w.x = x;
  w.bias = bias;
  w.addend = addend;
  w.y = y;
  run (pool, &w, packed, FALSE, workspace);
}

void
EXPORT (dfkd_winograd_to_data_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed,
                                 const float *addend, float *dx, void *workspace)
{
  Winograd w = describe (c, TRUE);

  w.x = dy;
  w.addend = addend;
  w.y = dx;
  run (pool, &w, packed, TRUE, workspace);
}

/* ---------------------------------------------------------------------------------------------- to weights */

/* few channels: all tiles at hand into one sum */
static void
add_tiles (const Winograd *w)
{
  for (gsize first = 0; first < w->tiles; first += w->block)
    {
      gsize count = MIN (w->block, w->tiles - first);

      for (gsize t = 0; t < count; t += RUN)
        {
          spread_run (w, first + t, t, count - t, w->in);
          scatter_run (w, first + t, t, count - t, w->d);
        }
      for (gsize p = 0; p < POINTS; p++)
        gradient (w, w->d + p * w->stride_out, w->in + p * w->stride_in, count, w->sums + p * w->stride_weights, first > 0, 0,
                  w->channels_out);
    }
}

static void
spread_run_task (gpointer data, gsize task)
{
  const Winograd *w = data;

  for (gsize t = task * GRAIN; t < MIN ((task + 1) * GRAIN, w->count); t += RUN)
    spread_run (w, w->first + t, t, w->count - t, w->in);
}

static void
scatter_run_task (gpointer data, gsize task)
{
  const Winograd *w = data;

  for (gsize t = task * GRAIN; t < MIN ((task + 1) * GRAIN, w->count); t += RUN)
    scatter_run (w, w->first + t, t, w->count - t, w->d);
}

static void
gradient_task (gpointer data, gsize task)
{
  const Winograd *w = data;
  gsize p = task % POINTS, first = task / POINTS * COLUMNS;

  gradient (w, w->d + p * w->stride_out, w->in + p * w->stride_in, w->count, w->sums + p * w->stride_weights, w->first > 0,
            first, MIN (first + COLUMNS, w->channels_out));
}

/* one output channel of the gradient: 36 points, added up over all sums, into nine taps */
static void
finish_task (gpointer data, gsize o)
{
  const Winograd *w = data;
  gsize inputs = w->channels_in;

  for (gsize c = 0; c < inputs; c += LANES)
    {
      Vector half[3][6];

#pragma GCC unroll 6
      for (gsize j = 0; j < 6; j++)
        {
          Vector s[6], g[3];

#pragma GCC unroll 6
          for (gsize i = 0; i < 6; i++)
            {
              const float *sum = w->sums + (i * 6 + j) * w->stride_weights + o * inputs + c;

              s[i] = *(const Vector *) sum;
              for (gsize n = 1; n < w->n_sums; n++)
                s[i] += *(const Vector *) (sum + n * POINTS * w->stride_weights);
            }
          gather_weights (s, g);
#pragma GCC unroll 3
          for (gsize i = 0; i < 3; i++)
            half[i][j] = g[i];
        }
#pragma GCC unroll 3
      for (gsize i = 0; i < 3; i++)
        {
          Vector g[3];

          gather_weights (half[i], g);
#pragma GCC unroll 3
          for (gsize j = 0; j < 3; j++)
            *(Vector *) (w->y + (o * 9 + i * 3 + j) * inputs + c) = g[j];
        }
    }
}

static gsize
lay_out_weights (Winograd *w, guint8 *workspace)
{
  gsize zeros = POINTS * (w->stride_in + w->stride_out) * sizeof (Factor);

  if (workspace != NULL)
    {
      w->in = (Factor *) workspace;
      w->d = w->in + POINTS * w->stride_in;
      w->zeros = (float *) (workspace + zeros);
    }
  return zeros + zeros_size (w) * sizeof (float);
}

gboolean
EXPORT (dfkd_winograd_adds_) (const DfkdConvolution *c)
{
  Winograd w = describe (c, FALSE);

  return is_few (&w);
}

gsize
EXPORT (dfkd_winograd_sum_size_) (const DfkdConvolution *c)
{
  Winograd w = describe (c, FALSE);

  return sizeof (float) * POINTS * w.stride_weights;
}

gsize
EXPORT (dfkd_winograd_weights_workspace_) (const DfkdConvolution *c)
{
  Winograd w = describe (c, FALSE);

  return lay_out_weights (&w, NULL);
}

void
EXPORT (dfkd_winograd_add_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace)
{
  Winograd w = describe (c, FALSE);

  lay_out_weights (&w, workspace);
  memset (w.zeros, 0, zeros_size (&w) * sizeof (float));
  w.x = x;
  w.dy = dy;
  w.sums = sum;
  if (is_few (&w))
    {
      add_tiles (&w);
      return;
    }
  for (w.first = 0; w.first < w.tiles; w.first += w.block)
    {
      w.count = MIN (w.block, w.tiles - w.first);
      dfkd_thread_pool_run (pool, (w.count + GRAIN - 1) / GRAIN, spread_run_task, &w);
      dfkd_thread_pool_run (pool, (w.count + GRAIN - 1) / GRAIN, scatter_run_task, &w);
      dfkd_thread_pool_run (pool, POINTS * ((w.channels_out + COLUMNS - 1) / COLUMNS), gradient_task, &w);
    }
}

void
EXPORT (dfkd_winograd_total_) (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw)
{
  Winograd w = describe (c, FALSE);

  w.sums = sums;
  w.n_sums = n_sums;
  w.y = dw;
  dfkd_thread_pool_run (pool, w.channels_out, finish_task, &w);
}
