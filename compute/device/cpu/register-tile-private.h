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

/* What is multiplied: float32, or where BFLOAT16 is defined, numbers of 16 bits in pairs, of which an instruction adds two
 * products to a sum in float32. Pairs lie side by side: of a row of factors two neighbours, of a matrix two rows. */
#ifdef BFLOAT16

#include <immintrin.h>

typedef guint16 Factor;
enum {
  RUN = 2, /* factors of one row that are multiplied together */
};

INLINE Vector
multiply_add (Vector sum, const Factor *a, Vector u)
{
  gint32 pair;

  __builtin_memcpy (&pair, a, sizeof pair);
  return (Vector) _mm512_dpbf16_ps ((__m512) sum, (__m512bh) _mm512_set1_epi32 (pair), (__m512bh) u);
}

/* LANES factors of one row, or @count of them */
INLINE void
store_factors (Factor *target, Vector v)
{
  _mm256_storeu_si256 ((__m256i *) target, (__m256i) _mm512_cvtneps_pbh ((__m512) v));
}

/* LANES factors of each of two rows */
INLINE void
store_pairs (Factor *target, Vector first, Vector second)
{
  __m512i low = _mm512_cvtepu16_epi32 ((__m256i) _mm512_cvtneps_pbh ((__m512) first));
  __m512i high = _mm512_cvtepu16_epi32 ((__m256i) _mm512_cvtneps_pbh ((__m512) second));

  _mm512_storeu_si512 (target, _mm512_or_si512 (low, _mm512_slli_epi32 (high, 16)));
}

INLINE void
round_factors (Factor *target, const float *source, gsize count)
{
  for (gsize i = 0; i < count; i += LANES)
    {
      __mmask16 kept = count - i >= LANES ? 0xffff : (__mmask16) ((1u << (count - i)) - 1);
      __m512 v = _mm512_maskz_loadu_ps (kept, source + i);

      _mm256_mask_storeu_epi16 (target + i, kept, (__m256i) _mm512_cvtneps_pbh (v));
    }
}

#else

typedef float Factor;
enum {
  RUN = 1,
};

INLINE Vector
multiply_add (Vector sum, const Factor *a, Vector u)
{
  return sum + *a * u;
}

INLINE void
store_factors (Factor *target, Vector v)
{
  *(Vector *) target = v;
}

INLINE void
round_factors (Factor *target, const float *source, gsize count)
{
  __builtin_memcpy (target, source, count * sizeof (float));
}

#endif

/* m [rows, vectors·LANES] = a [rows, depth]·u [depth, vectors·LANES] */
INLINE void
product_tile (const Factor *a, gsize depth, const Factor *u, float *m, gsize m_row, const int rows, const int vectors)
{
  Vector sum[16][2];
  gsize width = (gsize) vectors * LANES * RUN;

#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
    sum[r][0] = sum[r][1] = (Vector){ 0 };
  for (gsize c = 0; c < depth; c += RUN, u += width)
    {
      Vector u0 = *(const Vector *) u, u1 = vectors > 1 ? *(const Vector *) (u + LANES * RUN) : u0;

#pragma GCC unroll 16
      for (int r = 0; r < rows; r++)
        {
          sum[r][0] = multiply_add (sum[r][0], a + (gsize) r * depth + c, u0);
          if (vectors > 1)
            sum[r][1] = multiply_add (sum[r][1], a + (gsize) r * depth + c, u1);
        }
    }
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
    for (int v = 0; v < vectors; v++)
      *(Vector *) (m + (gsize) r * m_row + v * LANES) = sum[r][v];
}

/* s [rows outputs, vectors·LANES inputs] (+)= Σ over tiles of d·v; rows of d and v are RUN tiles each */
INLINE void
gradient_tile (const Factor *d, gsize d_row, const Factor *v, gsize v_row, gsize tiles, float *s, gsize s_row, gboolean add,
               const int rows, const int vectors)
{
  Vector sum[16][2];

#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
    {
      sum[r][0] = add ? *(const Vector *) (s + (gsize) r * s_row) : (Vector){ 0 };
      sum[r][1] = add && vectors > 1 ? *(const Vector *) (s + (gsize) r * s_row + LANES) : (Vector){ 0 };
    }
  for (gsize t = 0; t < tiles; t += RUN, v += v_row, d += d_row)
    {
      Vector v0 = *(const Vector *) v, v1 = vectors > 1 ? *(const Vector *) (v + LANES * RUN) : v0;

#pragma GCC unroll 16
      for (int r = 0; r < rows; r++)
        {
          sum[r][0] = multiply_add (sum[r][0], d + r * RUN, v0);
          if (vectors > 1)
            sum[r][1] = multiply_add (sum[r][1], d + r * RUN, v1);
        }
    }
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
    for (int i = 0; i < vectors; i++)
      *(Vector *) (s + (gsize) r * s_row + i * LANES) = sum[r][i];
}
