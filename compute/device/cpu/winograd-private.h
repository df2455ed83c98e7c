/* winograd-private.h: 3×3 convolutions of stride 1 by F(4×4, 3×3) and their gradients (Lavin and Gray 2016).
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
#pragma once

#include "register-tile-private.h"

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

enum {
  GRAIN = 4, /* tiles of a task of a transform */
};

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

static inline Spot
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

/* the points of RUN neighbours, as the products take them */
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

/* ------------------------------------------------------------------------------------------------ layout */

static inline gboolean
is_few (const Winograd *w)
{
  return w->channels_in * w->channels_out <= FEW;
}

static inline Winograd
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
static inline gsize
zeros_size (const Winograd *w)
{
  return MAX (w->channels_in, w->channels_out);
}
