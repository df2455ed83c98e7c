#version 460
// The gradient to the weights without groups for real GPUs: part j of dw ← Σ dy·x over the pixels of part j, as a product of
// output channels × pixels and pixels × (taps · input channels).
//
// Variants: IN_FOURS, OUT_FOURS: channels come in fours; FLOAT16: staged.glsl. Four neighbouring channels lie together in
// shared memory.
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
shared STAGED rows[TILE_DEPTH * ROWS];
shared STAGED columns[TILE_DEPTH * COLUMNS];

uint end; // of the part's pixels

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

void
main ()
{
  // count: pixels; first: pixels of a part; second: parts
  uint t = gl_LocalInvocationID.x, tile = group_index (), filter_size = kernel_height * kernel_width * in_channels;
  uint column_tiles = (filter_size + TILE_COLUMNS - 1u) / TILE_COLUMNS, row_tiles = (out_channels + TILE_ROWS - 1u) / TILE_ROWS;
  uint first_column = tile % column_tiles * TILE_COLUMNS, first_row = tile / column_tiles % row_tiles * TILE_ROWS;
  uint part = tile / column_tiles / row_tiles;
  uvec3 pixels[COLUMN_MOVES];
  vec4 next_rows[ROW_MOVES], next_columns[COLUMN_MOVES], sums[PART_ROWS * (PART_COLUMNS / 4u)];

  if (part >= second)
    return;
  end = min (count, (part + 1u) * first);
  [[unroll]] for (uint i = 0u; i < PART_ROWS * (PART_COLUMNS / 4u); i++)
    sums[i] = vec4 (0.0);

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
    [[unroll]] for (uint i = 0u; i < ROW_MOVES; i++) \
      next_rows[i] = FOUR_ROWS ((from) + (t + i * THREADS) / ROWS, first_row + 4u * ((t + i * THREADS) % ROWS)); \
    [[unroll]] for (uint i = 0u; i < COLUMN_MOVES; i++) \
      next_columns[i] = FOUR_COLUMNS ((from) + (t + i * THREADS) / COLUMNS, pixels[i], \
                                      first_column + 4u * ((t + i * THREADS) % COLUMNS)); \
  }
  [[unroll]] for (uint i = 0u; i < COLUMN_MOVES; i++)
    {
      uint pixel = part * first + (t + i * THREADS) / COLUMNS, line = pixel / out_width;

      pixels[i] = uvec3 (line / out_height, line % out_height, pixel % out_width);
    }
  FETCH (part * first)
  for (uint pixel = part * first; pixel < end; pixel += TILE_DEPTH)
    {
      [[unroll]] for (uint i = 0u; i < ROW_MOVES; i++)
        if (t + i * THREADS < TILE_DEPTH * ROWS)
          rows[t + i * THREADS] = staged (next_rows[i], dy_scale);
      [[unroll]] for (uint i = 0u; i < COLUMN_MOVES; i++)
        if (t + i * THREADS < TILE_DEPTH * COLUMNS)
          columns[t + i * THREADS] = staged (next_columns[i], 1.0);
      barrier ();
      if (pixel + TILE_DEPTH < end) // what comes next is under way while this is computed
        {
          [[unroll]] for (uint i = 0u; i < COLUMN_MOVES; i++)
            pixels[i] = behind (pixels[i], TILE_DEPTH);
          FETCH (pixel + TILE_DEPTH)
        }
      [[unroll]] for (uint k = 0u; k < TILE_DEPTH; k++)
        [[unroll]] for (uint i = 0u; i < PART_ROWS / 4u; i++)
          {
            vec4 a = vec4 (rows[k * ROWS + t / COLUMN_THREADS + i * ROW_THREADS]);

            [[unroll]] for (uint j = 0u; j < PART_COLUMNS / 4u; j++)
              {
                vec4 b = vec4 (columns[k * COLUMNS + t % COLUMN_THREADS + j * COLUMN_THREADS]);

                [[unroll]] for (uint r = 0u; r < 4u; r++)
                  sums[(4u * i + r) * (PART_COLUMNS / 4u) + j] = fma (vec4 (a[r]), b, sums[(4u * i + r) * (PART_COLUMNS / 4u) + j]);
              }
          }
      barrier ();
    }

  [[unroll]] for (uint i = 0u; i < PART_ROWS; i++)
    [[unroll]] for (uint j = 0u; j < PART_COLUMNS; j++)
      {
        uint row = first_row + 4u * (t / COLUMN_THREADS + i / 4u * ROW_THREADS) + i % 4u;
        uint column = first_column + 4u * (t % COLUMN_THREADS + j / 4u * COLUMN_THREADS) + j % 4u;

        if (row < out_channels && column < filter_size)
          dw[(part * out_channels + row) * filter_size + column]
            = unscaled (sums[i * (PART_COLUMNS / 4u) + j / 4u][j % 4u], dw_scale);
      }
}
