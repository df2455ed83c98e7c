/* tiles-private.h: convolutions by the processor's matrix tiles (Intel AMX, factors in bfloat16, sums in float32).
 *
 * A tile of sums has 16 rows × 16 columns, and an instruction adds 32 products to each. Forward and to data (convolution-tiles.c)
 * a row is a result of the image, a column a channel written, and the 32 are taps and channels read. To weights
 * (convolution-tiles-weights.c) a row is a channel read, a column a channel written, and the 32 are positions. */
#pragma once

#include "convolution-private.h"

#include <immintrin.h>
#include <string.h>

#define INLINE static inline __attribute__ ((always_inline))

typedef guint16 Factor;

enum {
  TILE = 16,           /* rows and columns of a tile of sums */
  DEPTH = 32,          /* factors of a row */
  SIZE = TILE * DEPTH, /* factors of a tile of weights */
};

/* ---------------------------------------------------------------------------------------------------- registers */

typedef struct {
  guint8 palette, start, reserved[14];
  guint16 row_bytes[16];
  guint8 rows[16];
} Configuration;

/* tiles 0 to 5, sums and what is read, have @rows; 6 and 7, weights, all 16 */
INLINE void
configure (gsize rows)
{
  Configuration configuration = { .palette = 1 };

  for (guint i = 0; i < 8; i++)
    {
      configuration.row_bytes[i] = DEPTH * sizeof (Factor);
      configuration.rows[i] = (guint8) (i < 6 ? rows : TILE);
    }
  _tile_loadconfig (&configuration);
}

/* what was written for tiles is in memory: their loads tell the compiler nothing */
INLINE void
settle (void)
{
  __asm__ volatile ("" ::: "memory");
}

INLINE __mmask16
first_lanes (gsize count)
{
  return count >= TILE ? 0xffff : (__mmask16) ((1u << count) - 1);
}

/* 16 factors of each of two rows, in pairs */
INLINE void
store_pairs (Factor *target, __m512 first, __m512 second)
{
  __m512i low = _mm512_cvtepu16_epi32 ((__m256i) _mm512_cvtneps_pbh (first));
  __m512i high = _mm512_cvtepu16_epi32 ((__m256i) _mm512_cvtneps_pbh (second));

  _mm512_storeu_si512 (target, _mm512_or_si512 (low, _mm512_slli_epi32 (high, 16)));
}

/* 16 × 16 numbers of 32 bits, rows for columns */
INLINE void
transpose (__m512i v[TILE])
{
  __m512i t[TILE];

#pragma GCC unroll 8
  for (int i = 0; i < TILE; i += 2)
    {
      t[i] = _mm512_unpacklo_epi32 (v[i], v[i + 1]);
      t[i + 1] = _mm512_unpackhi_epi32 (v[i], v[i + 1]);
    }
#pragma GCC unroll 4
  for (int i = 0; i < TILE; i += 4)
    {
      v[i] = _mm512_unpacklo_epi64 (t[i], t[i + 2]);
      v[i + 1] = _mm512_unpackhi_epi64 (t[i], t[i + 2]);
      v[i + 2] = _mm512_unpacklo_epi64 (t[i + 1], t[i + 3]);
      v[i + 3] = _mm512_unpackhi_epi64 (t[i + 1], t[i + 3]);
    }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    {
      t[i] = _mm512_shuffle_i32x4 (v[i], v[i + 4], 0x88);
      t[i + 4] = _mm512_shuffle_i32x4 (v[i], v[i + 4], 0xdd);
      t[i + 8] = _mm512_shuffle_i32x4 (v[i + 8], v[i + 12], 0x88);
      t[i + 12] = _mm512_shuffle_i32x4 (v[i + 8], v[i + 12], 0xdd);
    }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++)
    {
      v[i] = _mm512_shuffle_i32x4 (t[i], t[i + 8], 0x88);
      v[i + 4] = _mm512_shuffle_i32x4 (t[i + 4], t[i + 12], 0x88);
      v[i + 8] = _mm512_shuffle_i32x4 (t[i], t[i + 8], 0xdd);
      v[i + 12] = _mm512_shuffle_i32x4 (t[i + 4], t[i + 12], 0xdd);
    }
}

/* Tiles 0 to 3 are sums of @rows × @columns: 2 × 2, 1 × 2, 4 × 1 or 1 × 1, row by row. @do (n) is done for each: instructions want
 * the number of a tile as a constant. */
#define EACH_SUM(rows, columns, do)                                                                                  \
  G_STMT_START {                                                                                                     \
    do (0);                                                                                                          \
    if ((rows) * (columns) > 1)                                                                                      \
      do (1);                                                                                                        \
    if ((rows) * (columns) > 2)                                                                                      \
      {                                                                                                              \
        do (2);                                                                                                      \
        do (3);                                                                                                      \
      }                                                                                                              \
  } G_STMT_END

/* @step: bytes between rows of @a; @next: factors between tiles of @b side by side */
INLINE void
add_products (const Factor *const a[], gsize at, gsize step, const Factor *b, gsize next, const int rows, const int columns)
{
  _tile_loadd (6, b, 64);
  _tile_loadd (4, a[0] + at, step);
  if (columns == 2)
    {
      _tile_loadd (7, b + next, 64);
      _tile_dpbf16ps (0, 4, 6);
      _tile_dpbf16ps (1, 4, 7);
      if (rows == 2)
        {
          _tile_loadd (5, a[1] + at, step);
          _tile_dpbf16ps (2, 5, 6);
          _tile_dpbf16ps (3, 5, 7);
        }
    }
  else
    {
      _tile_dpbf16ps (0, 4, 6);
      if (rows == 4)
        {
          _tile_loadd (5, a[1] + at, step);
          _tile_dpbf16ps (1, 5, 6);
          _tile_loadd (4, a[2] + at, step);
          _tile_dpbf16ps (2, 4, 6);
          _tile_loadd (5, a[3] + at, step);
          _tile_dpbf16ps (3, 5, 6);
        }
    }
}
