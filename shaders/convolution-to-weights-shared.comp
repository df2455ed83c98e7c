#version 460
// The gradient to the weights without groups for real GPUs: part j of dw ← Σ dy·x over the pixels of part j, as a product of
// output channels × pixels and pixels × (taps · input channels).
//
// Variants: IN_FOURS, OUT_FOURS: channels come in fours; FLOAT16: staged.glsl; MATRICES: matrices.glsl. Four neighbouring
// channels lie together in shared memory.
#define DEPTH_FIRST
#include "shared.glsl"
#include "staged.glsl"
#define MORE_PUSH float dy_scale, dw_scale; // FLOAT16: what dy is staged with, and its inverse
#include "convolution.glsl"

#ifdef IN_FOURS
#define IN_VALUE vec4
#else
#define IN_VALUE float
#endif
#ifdef OUT_FOURS
#define OUT_VALUE vec4
#else
#define OUT_VALUE float
#endif
layout (binding = 0) readonly buffer X { IN_VALUE x[]; };
layout (binding = 1) readonly buffer DY { OUT_VALUE dy[]; };
layout (binding = 2) writeonly buffer DW { float dw[]; };

const uint ROWS = TILE_ROWS / 4u, COLUMNS = TILE_COLUMNS / 4u;
#ifdef MATRICES
const uint ROW_STRIDE = ROWS + 2u, COLUMN_STRIDE = COLUMNS + 2u; // different banks
#else
const uint ROW_STRIDE = ROWS, COLUMN_STRIDE = COLUMNS;
#endif
shared STAGED rows[TILE_DEPTH * ROW_STRIDE];
shared STAGED columns[TILE_DEPTH * COLUMN_STRIDE];

uint part, end; // and where its pixels end
uint first_row, first_column, filter_size; // of the tile; weights of an output channel

OUT_VALUE
gradient (uint pixel, uint channel)
{
  if (pixel >= end || channel >= out_channels)
    return OUT_VALUE (0.0);
#ifdef OUT_FOURS
  return dy[(pixel * out_channels + channel) / 4u];
#else
  return dy[pixel * out_channels + channel];
#endif
}

// the pixel `count` behind, as image, row, column; counted on, since to divide takes longer
uvec3
behind (uvec3 pixel, uint count)
{
  pixel.z += count;
  while (pixel.z >= out_width)
    {
      pixel.z -= out_width;
      if (++pixel.y == out_height)
        {
          pixel.y = 0u;
          pixel.x++;
        }
    }
  return pixel;
}

// what weight `column` (tap · in_channels + channel) of any output channel is multiplied with at a pixel
IN_VALUE
field (uint number, uvec3 pixel, uint column)
{
  uint tap = column / in_channels, row = pixel.y * stride_y + tap / kernel_width * dilation_y - padding_y;
  uint across = pixel.z * stride_x + tap % kernel_width * dilation_x - padding_x;
  uint at = ((pixel.x * in_height + row) * in_width + across) * in_channels + column % in_channels;

  if (number >= end || tap >= kernel_height * kernel_width || row >= in_height || across >= in_width)
    return IN_VALUE (0.0);
#ifdef IN_FOURS
  return x[at / 4u];
#else
  return x[at];
#endif
}

// the result at a row and column of the tile
void
store (uint tile_row, uint tile_column, float sum)
{
  uint row = first_row + tile_row, column = first_column + tile_column;

  if (row < out_channels && column < filter_size)
    dw[(part * out_channels + row) * filter_size + column] = unscaled (sum, dw_scale);
}

void
main ()
{
  // count: pixels; first: pixels of a part; second: parts
  uint t = gl_LocalInvocationID.x, tile = group_index ();

  filter_size = kernel_height * kernel_width * in_channels;

  uint column_tiles = (filter_size + TILE_COLUMNS - 1u) / TILE_COLUMNS, row_tiles = (out_channels + TILE_ROWS - 1u) / TILE_ROWS;
  uvec3 pixels[COLUMN_MOVES];
  vec4 next_rows[ROW_MOVES], next_columns[COLUMN_MOVES];
#ifdef MATRICES
  DECLARE_SUMS (sums);
#else
  vec4 sums[PART_ROWS * (PART_COLUMNS / 4u)];
#endif

  first_column = tile % column_tiles * TILE_COLUMNS;
  first_row = tile / column_tiles % row_tiles * TILE_ROWS;
  part = tile / column_tiles / row_tiles;
  if (part >= second)
    return;
  end = min (count, (part + 1u) * first);
#ifdef MATRICES
  UNROLLED for (uint i = 0u; i < DOWN * ACROSS; i++)
    CLEAR (sums, i);
#else
  [[unroll]] for (uint i = 0u; i < PART_ROWS * (PART_COLUMNS / 4u); i++)
    sums[i] = vec4 (0.0);
#endif

#ifdef OUT_FOURS
#define FOUR_ROWS(k, channel) gradient (k, channel)
#else
#define FOUR_ROWS(k, channel) \
  vec4 (gradient (k, channel), gradient (k, channel + 1u), gradient (k, channel + 2u), gradient (k, channel + 3u))
#endif
#ifdef IN_FOURS
#define FOUR_COLUMNS(k, pixel, column) field (k, pixel, column)
#else
#define FOUR_COLUMNS(k, pixel, column) \
  vec4 (field (k, pixel, column), field (k, pixel, column + 1u), field (k, pixel, column + 2u), field (k, pixel, column + 3u))
#endif
#define FETCH(from) \
  { \
    UNROLLED for (uint i = 0u; i < ROW_MOVES; i++) \
      next_rows[i] = FOUR_ROWS ((from) + (t + i * THREADS) / ROWS, first_row + 4u * ((t + i * THREADS) % ROWS)); \
    UNROLLED for (uint i = 0u; i < COLUMN_MOVES; i++) \
      next_columns[i] = FOUR_COLUMNS ((from) + (t + i * THREADS) / COLUMNS, pixels[i], \
                                      first_column + 4u * ((t + i * THREADS) % COLUMNS)); \
  }
  UNROLLED for (uint i = 0u; i < COLUMN_MOVES; i++)
    {
      uint pixel = part * first + (t + i * THREADS) / COLUMNS, line = pixel / out_width;

      pixels[i] = uvec3 (line / out_height, line % out_height, pixel % out_width);
    }

// one pixel of the depth
#define MULTIPLY(k) \
  [[unroll]] for (uint i = 0u; i < PART_ROWS / 4u; i++) \
    { \
      vec4 a = vec4 (rows[k * ROW_STRIDE + t / COLUMN_PARTS + i * ROW_PARTS]); \
\
      [[unroll]] for (uint j = 0u; j < PART_COLUMNS / 4u; j++) \
        { \
          vec4 b = vec4 (columns[k * COLUMN_STRIDE + t % COLUMN_PARTS + j * COLUMN_PARTS]); \
\
          [[unroll]] for (uint r = 0u; r < 4u; r++) \
            sums[(4u * i + r) * (PART_COLUMNS / 4u) + j] = fma (vec4 (a[r]), b, sums[(4u * i + r) * (PART_COLUMNS / 4u) + j]); \
        } \
    }
  FETCH (part * first)
  for (uint pixel = part * first; pixel < end; pixel += TILE_DEPTH)
    {
      UNROLLED for (uint i = 0u; i < ROW_MOVES; i++)
        if (t + i * THREADS < TILE_DEPTH * ROWS)
          rows[(t + i * THREADS) / ROWS * ROW_STRIDE + (t + i * THREADS) % ROWS] = staged (next_rows[i], dy_scale);
      UNROLLED for (uint i = 0u; i < COLUMN_MOVES; i++)
        if (t + i * THREADS < TILE_DEPTH * COLUMNS)
          columns[(t + i * THREADS) / COLUMNS * COLUMN_STRIDE + (t + i * THREADS) % COLUMNS] = staged (next_columns[i], 1.0);
      barrier ();
      if (pixel + TILE_DEPTH < end) // what comes next is under way while this is computed
        {
          UNROLLED for (uint i = 0u; i < COLUMN_MOVES; i++)
            pixels[i] = behind (pixels[i], TILE_DEPTH);
          FETCH (pixel + TILE_DEPTH)
        }
#ifdef MATRICES
      ADD_STAGED (sums)
#else
      if (ROLLED != 0u)
        [[dont_unroll]] for (uint k = 0u; k < TILE_DEPTH; k++)
          MULTIPLY (k)
      else
        [[unroll]] for (uint k = 0u; k < TILE_DEPTH; k++)
          MULTIPLY (k)
#endif
      barrier ();
    }

#ifdef MATRICES
  STORE_SUMS (sums)
#else
  [[unroll]] for (uint i = 0u; i < PART_ROWS; i++)
    [[unroll]] for (uint j = 0u; j < PART_COLUMNS; j++)
      store (4u * (t / COLUMN_PARTS + i / 4u * ROW_PARTS) + i % 4u, 4u * (t % COLUMN_PARTS + j / 4u * COLUMN_PARTS) + j % 4u,
             sums[i * (PART_COLUMNS / 4u) + j / 4u][j % 4u]);
#endif
}
