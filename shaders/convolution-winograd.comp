#version 460
// Convolution of 3 × 3 taps and stride 1, without groups, for real GPUs by Winograd's F(2×2, 3×3) (Lavin and Gray, arXiv
// 1509.09308): 16 multiplications for 2 × 2 pixels and a channel in place of 36. A work group transforms the 4 × 4 patches of
// TILE_ROWS tiles of 2 × 2 pixels and the filters of TILE_COLUMNS output channels, TILE_DEPTH input channels at a time, in
// shared memory. Of the 16 positions of a transform each is a product of tiles × channels by itself, whose parts
// the invocations keep in registers. At last the positions come together again in shared memory, some columns at a time.
#define POSITIONS 16u
#include "shared.glsl"
#include "activation.glsl"
#include "lanes.glsl"
#define EPILOGUE_ID 7
#include "epilogue.glsl"

layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) readonly buffer W { float w[]; };
layout (push_constant) uniform Push
{
  uint column_tiles, tiles, tiles_down, tiles_across, inputs, in_height, in_width, out_channels, out_height, out_width;
  int origin_y, origin_x;
  EPILOGUE_PUSH
};

// along the depth four values lie together; then tiles, or output channels, then the depth, then positions
const uint ROWS = 0u, COLUMNS = POSITIONS * TILE_ROWS * TILE_DEPTH / 4u;
shared vec4 values[COLUMNS + POSITIONS * TILE_COLUMNS * TILE_DEPTH / 4u];

const uint ROW_ITEMS = TILE_ROWS * TILE_DEPTH, COLUMN_ITEMS = TILE_COLUMNS * TILE_DEPTH;
const uint ROW_TURNS = (ROW_ITEMS + THREADS - 1u) / THREADS, COLUMN_TURNS = (COLUMN_ITEMS + THREADS - 1u) / THREADS;
// how many columns of a part come together at a time; the host knows (tilings.c)
const uint AT_ONCE = 2u, TOGETHER = AT_ONCE * COLUMN_PARTS;

// value @at of what comes together: position, tile, column
void
put (uint at, float value)
{
  values[at / 4u][at % 4u] = value;
}

float
get (uint at)
{
  return values[at / 4u][at % 4u];
}

// the transform's vertical half for one column, then its horizontal half for one row: Bᵀ·d·B
vec4
spread (vec4 d)
{
  return vec4 (d.x - d.z, d.y + d.z, d.z - d.y, d.y - d.w);
}

// G·g·Gᵀ likewise
vec4
spread_filter (vec3 g)
{
  return vec4 (g.x, 0.5 * (g.x + g.y + g.z), 0.5 * (g.x - g.y + g.z), g.z);
}

// the patch of input that a tile reads
mat4
patch_of (uint tile, uint channel)
{
  uint row = tile / tiles_across, first = row / tiles_down * in_height;
  int top = int (2u * (row % tiles_down)) + origin_y, left = int (2u * (tile % tiles_across)) + origin_x;
  mat4 d;

  [[unroll]] for (uint column = 0u; column < 4u; column++)
    [[unroll]] for (uint line = 0u; line < 4u; line++)
      {
        uint p = uint (top + int (line)), q = uint (left + int (column)); // negative ones are too large

        d[column][line] = tile < tiles && channel < inputs && p < in_height && q < in_width
                            ? x[((first + p) * in_width + q) * inputs + channel] : 0.0;
      }
  return d;
}

mat3
filter_of (uint out_channel, uint channel)
{
  mat3 g;

  [[unroll]] for (uint column = 0u; column < 3u; column++)
    [[unroll]] for (uint line = 0u; line < 3u; line++)
      g[column][line] = out_channel < out_channels && channel < inputs
                          ? w[((out_channel * 3u + line) * 3u + column) * inputs + channel] : 0.0;
  return g;
}

// position 4·line + column of a transform
void
stage (uint base, uint count, uint item, uint line, vec4 transformed)
{
  uint k = item % TILE_DEPTH, place = k / 4u * count + item / TILE_DEPTH;

  [[unroll]] for (uint column = 0u; column < 4u; column++)
    values[base + (4u * line + column) * (TILE_DEPTH / 4u) * count + place][k % 4u] = transformed[column];
}

void
main ()
{
  uint t = gl_LocalInvocationID.x, group = group_index (), first_row = group / column_tiles * TILE_ROWS;
  uint first_column = group % column_tiles * TILE_COLUMNS, position = t / (ROW_PARTS * COLUMN_PARTS);
  uint part_row = t / COLUMN_PARTS % ROW_PARTS, part_column = t % COLUMN_PARTS;
  uint own_filter = THREADS - 1u - t; // where there are fewer patches than invocations, the others begin with filters
  uint steps = (inputs + TILE_DEPTH - 1u) / TILE_DEPTH;
  mat4 patches[ROW_TURNS];
  mat3 filters[COLUMN_TURNS];
  float sums[PART_ROWS * PART_COLUMNS];

  if (first_row >= tiles)
    return;
  [[unroll]] for (uint i = 0u; i < PART_ROWS * PART_COLUMNS; i++)
    sums[i] = 0.0;

#define EACH_ITEM(turns, items, own) \
  [[unroll]] for (uint i = 0u, item = own; i < turns; i++, item += THREADS) \
    if ((i + 1u) * THREADS <= items || item < items)
#define FETCH(first) \
  { \
    EACH_ITEM (ROW_TURNS, ROW_ITEMS, t) \
      patches[i] = patch_of (first_row + item / TILE_DEPTH, first + item % TILE_DEPTH); \
    EACH_ITEM (COLUMN_TURNS, COLUMN_ITEMS, own_filter) \
      filters[i] = filter_of (first_column + item / TILE_DEPTH, first + item % TILE_DEPTH); \
  }

  FETCH (0u)
  for (uint s = 0u; s < steps; s++)
    {
      EACH_ITEM (ROW_TURNS, ROW_ITEMS, t)
        {
          mat4 d = transpose (mat4 (spread (patches[i][0]), spread (patches[i][1]), spread (patches[i][2]), spread (patches[i][3])));

          [[unroll]] for (uint line = 0u; line < 4u; line++)
            stage (ROWS, TILE_ROWS, item, line, spread (d[line]));
        }
      EACH_ITEM (COLUMN_TURNS, COLUMN_ITEMS, own_filter)
        {
          mat4x3 g = transpose (mat3x4 (spread_filter (filters[i][0]), spread_filter (filters[i][1]), spread_filter (filters[i][2])));

          [[unroll]] for (uint line = 0u; line < 4u; line++)
            stage (COLUMNS, TILE_COLUMNS, item, line, spread_filter (g[line]));
        }
      barrier ();
      if (s + 1u < steps) // what comes next is under way while this is computed
        FETCH ((s + 1u) * TILE_DEPTH)
      [[unroll]] for (uint k = 0u; k < TILE_DEPTH / 4u; k++)
        {
          uint slice = position * (TILE_DEPTH / 4u) + k;
          vec4 a[PART_ROWS];

          [[unroll]] for (uint i = 0u; i < PART_ROWS; i++)
            a[i] = values[ROWS + slice * TILE_ROWS + part_row + i * ROW_PARTS];
          [[unroll]] for (uint j = 0u; j < PART_COLUMNS; j++)
            {
              vec4 b = values[COLUMNS + slice * TILE_COLUMNS + part_column + j * COLUMN_PARTS];

              [[unroll]] for (uint i = 0u; i < PART_ROWS; i++)
                sums[i * PART_COLUMNS + j]
                  = fma (a[i].x, b.x, fma (a[i].y, b.y, fma (a[i].z, b.z, fma (a[i].w, b.w, sums[i * PART_COLUMNS + j]))));
            }
        }
      barrier ();
    }

  [[unroll]] for (uint j = 0u; j < PART_COLUMNS; j += AT_ONCE)
    {
      [[unroll]] for (uint e = 0u; e < AT_ONCE; e++)
        [[unroll]] for (uint i = 0u; i < PART_ROWS; i++)
          put ((position * TILE_ROWS + part_row + i * ROW_PARTS) * TOGETHER + e * COLUMN_PARTS + part_column,
               sums[i * PART_COLUMNS + j + e]);
      barrier ();
      // one of the two rows of pixels of a tile and channel: Aᵀ·m·A
      for (uint item = t; item < TILE_ROWS * TOGETHER * 2u; item += THREADS)
        {
          uint column = item % TOGETHER, lower = item / TOGETHER % 2u, row = item / TOGETHER / 2u;
          uint tile = first_row + row, channel = first_column + j * COLUMN_PARTS + column, line = tile / tiles_across;
          uint p = 2u * (line % tiles_down) + lower, q = 2u * (tile % tiles_across);
          uint at = ((line / tiles_down * out_height + p) * out_width + q) * out_channels + channel;
          vec4 m[4], u;

          if (tile >= tiles || channel >= out_channels || p >= out_height)
            continue;
          [[unroll]] for (uint i = 0u; i < 4u; i++)
            [[unroll]] for (uint k = 0u; k < 4u; k++)
              m[i][k] = get (((4u * i + k) * TILE_ROWS + row) * TOGETHER + column);
          u = lower == 0u ? m[0] + m[1] + m[2] : m[1] - m[2] - m[3];
          FINISH (u.x + u.y + u.z, at, channel, out_channels)
          if (q + 1u < out_width)
            FINISH (u.y - u.z - u.w, at + out_channels, channel, out_channels)
        }
      barrier ();
    }
}
