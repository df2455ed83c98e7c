/* register-tile-private.h: small matrix products that stay in registers, for the convolutions that are compiled once
 * for each level of the processor (meson.build): SUFFIX names the copy, LANES is the width of its vectors. */
#pragma once

#include "convolution-private.h"

#ifndef LANES
#error "LANES and SUFFIX come from meson.build"
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_ (a, b)
#define EXPORT(name) JOIN (name, SUFFIX)
#define INLINE static inline __attribute__ ((always_inline))

typedef float Vector __attribute__ ((vector_size (LANES * 4), aligned (4), may_alias));

enum {
  ROWS = LANES == 16 ? 8 : 4, /* of a register tile with two vectors; twice as many with one */
  PAIR = 2 * LANES,
};

/* m [rows, vectors·LANES] = a [rows, depth]·u [depth, vectors·LANES] */
INLINE void
product_tile (const float *a, gsize depth, const float *u, float *m, gsize m_row, const int rows, const int vectors)
{
  Vector sum[16][2];
  gsize width = (gsize) vectors * LANES;

#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
    sum[r][0] = sum[r][1] = (Vector){ 0 };
  for (gsize c = 0; c < depth; c++, u += width)
    {
      Vector u0 = *(const Vector *) u, u1 = vectors > 1 ? *(const Vector *) (u + LANES) : u0;

#pragma GCC unroll 16
      for (int r = 0; r < rows; r++)
        {
          float value = a[(gsize) r * depth + c];

          sum[r][0] += value * u0;
          if (vectors > 1)
            sum[r][1] += value * u1;
        }
    }
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++)
      *(Vector *) (m + (gsize) r * m_row + v * LANES) = sum[r][v];
}

/* s [outputs rows, vectors·LANES inputs] += Σ over tiles of d·v */
INLINE void
gradient_tile (const float *d, gsize d_row, const float *v, gsize v_row, gsize tiles, float *s, gboolean add, const int rows,
               const int vectors)
{
  Vector sum[16][2];

#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
    {
      sum[r][0] = add ? *(const Vector *) (s + (gsize) r * v_row) : (Vector){ 0 };
      sum[r][1] = add && vectors > 1 ? *(const Vector *) (s + (gsize) r * v_row + LANES) : (Vector){ 0 };
    }
  for (gsize t = 0; t < tiles; t++, v += v_row, d += d_row)
    {
      Vector v0 = *(const Vector *) v, v1 = vectors > 1 ? *(const Vector *) (v + LANES) : v0;

#pragma GCC unroll 16
      for (int r = 0; r < rows; r++)
        {
          sum[r][0] += d[r] * v0;
          if (vectors > 1)
            sum[r][1] += d[r] * v1;
        }
    }
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
    for (int i = 0; i < vectors; i++)
      *(Vector *) (s + (gsize) r * v_row + i * LANES) = sum[r][i];
}
