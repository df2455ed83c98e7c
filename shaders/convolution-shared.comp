#version 460
// Convolution without groups for real GPUs, as a product of pixels × (taps · input channels) and its transposed weights.
// Also a matrix product a·bᵀ: one row of pixels, one tap. Where the input is spread out by `up` (a gradient to the data)
// the pixels of one phase, `up` apart, meet the same taps: each phase is a convolution of its own.
//
// Variants: IN_FOURS: input channels come in fours; FLOAT16: staged.glsl; MATRICES: matrices.glsl. Along the depth four values
// lie together in shared memory. From row to row an odd number of fours keeps neighbouring invocations on different banks;
// for the loads of matrices 16 bytes more than the depth do.
#include "shared.glsl"
#include "activation.glsl"
#include "lanes.glsl"
#include "staged.glsl"
#define EPILOGUE_ID 7
#include "epilogue.glsl"

#ifdef IN_FOURS
#define VALUE vec4
#define STEP 1u // terms between neighbours along the depth
#define FOUR(f, term, other) f (term, other)
#else
#define VALUE float
#define STEP 4u
#define FOUR(f, term, other) \
  vec4 (f (term, other), f (behind (term, 1u), other), f (behind (term, 2u), other), f (behind (term, 3u), other))
#endif

layout (binding = 0) readonly buffer X { VALUE x[]; };
layout (binding = 1) readonly buffer W { VALUE w[]; };
layout (push_constant) uniform Push
{
  uint row_tiles, column_tiles, batch, inputs, in_height, in_width, out_channels, out_height, out_width;
  uint kernel_height, kernel_width, step_y, step_x, up_y, up_x;
  int origin_y, origin_x;
  uint dilation_y, dilation_x;
  uint tap_step_y, tap_step_x, move_y, move_x; // taps of a phase are tap_step apart, and meet pixels `move` apart
  float x_scale, w_scale, y_scale; // FLOAT16: what x and w are staged with, and the inverse of both
  EPILOGUE_PUSH
};

const uint DEPTH = TILE_DEPTH / 4u;
#ifdef MATRICES
const uint STRIDE = DEPTH + 2u;
#define ROW_STRIDE STRIDE
#define COLUMN_STRIDE STRIDE
#else
const uint STRIDE = DEPTH | 1u;
#endif
shared STAGED rows[TILE_ROWS * STRIDE];
shared STAGED columns[TILE_COLUMNS * STRIDE];

struct Axis // one axis of a phase
{
  uint phase, size, taps, first; // its first pixel, its pixels, its taps, the first of them
  int origin;                    // where pixel 0 reads the first tap
};

Axis
axis_of (uint phase, uint out_size, uint kernel, uint tap_step, uint pixel_step, uint up, int origin, uint dilation)
{
  // a multiple of `up` is added before dividing, since the first pixels may lie outside of the image
  uint start = uint (int (phase * pixel_step) + origin + int (65536u * up)), tap = 0u;

  while (tap < min (tap_step, kernel) && (start + tap * dilation) % up != 0u)
    tap++;
  return Axis (phase, (out_size + up - 1u - phase) / up, tap < min (tap_step, kernel) ? (kernel - tap + tap_step - 1u) / tap_step : 0u,
               tap, int ((start + tap * dilation) / up) - 65536);
}

Axis down, across;
uint pixels, first_row, first_column; // of the phase; of the tile

struct Term // of a sum over the taps of a phase and input channels
{
  uint channel, column, row;
};

// the term `count` behind; counted on, since to divide takes longer
Term
behind (Term term, uint count)
{
  term.channel += count;
  while (term.channel >= inputs)
    {
      term.channel -= inputs;
      if (++term.column == across.taps)
        {
          term.column = 0u;
          term.row++;
        }
    }
  return term;
}

// what a pixel reads; @corner: image row 0 of its image, and where it reads the first tap
VALUE
field (Term term, ivec3 corner)
{
  uint row = uint (corner.y) + term.row * move_y, column = uint (corner.z) + term.column * move_x;

  if (term.row >= down.taps || row >= in_height || column >= in_width)
    return VALUE (0.0);
  return x[((uint (corner.x) + row) * in_width + column) * inputs + term.channel];
}

VALUE
weight (Term term, uint channel)
{
  uint row = down.first + term.row * tap_step_y, column = across.first + term.column * tap_step_x;

  if (term.row >= down.taps || channel >= out_channels)
    return VALUE (0.0);
  return w[((channel * kernel_height + row) * kernel_width + column) * inputs + term.channel];
}

// the result at a row and column of the tile
void
store (uint tile_row, uint tile_column, float sum)
{
  uint pixel = first_row + tile_row, channel = first_column + tile_column, row = pixel / across.size;
  uint p = row % down.size * up_y + down.phase, q = pixel % across.size * up_x + across.phase;
  uint at = ((row / down.size * out_height + p) * out_width + q) * out_channels + channel;

  if (pixel < pixels && channel < out_channels)
    FINISH (unscaled (sum, y_scale), at, channel, out_channels)
}

void
main ()
{
  uint t = gl_LocalInvocationID.x, tile = group_index (), phase = tile / column_tiles / row_tiles;

  first_row = tile / column_tiles % row_tiles * TILE_ROWS;
  first_column = tile % column_tiles * TILE_COLUMNS;
  if (phase >= up_y * up_x || phase / up_x >= out_height || phase % up_x >= out_width)
    return;
  down = axis_of (phase / up_x, out_height, kernel_height, tap_step_y, step_y, up_y, origin_y, dilation_y);
  across = axis_of (phase % up_x, out_width, kernel_width, tap_step_x, step_x, up_x, origin_x, dilation_x);

  pixels = batch * down.size * across.size;

  uint depth = down.taps * across.taps * inputs;
  uint own_row = t / DEPTH, own_k = t % DEPTH, steps = (depth + DEPTH * STEP - 1u) / (DEPTH * STEP);
  Term term;
  ivec3 corner[ROW_MOVES];
  vec4 next_rows[ROW_MOVES], next_columns[COLUMN_MOVES];
#ifdef MATRICES
  DECLARE_SUMS (sums);
#else
  float sums[PART_ROWS * PART_COLUMNS];
#endif

  if (first_row >= pixels)
    return;
  UNROLLED for (uint i = 0u; i < ROW_MOVES; i++)
    {
      uint pixel = first_row + own_row + i * (THREADS / DEPTH), row = pixel / across.size;

      corner[i] = ivec3 (row / down.size * in_height, row % down.size * step_y, pixel % across.size * step_x);
      corner[i].yz += ivec2 (down.origin, across.origin);
      if (pixel >= pixels)
        corner[i].y = -0x40000000; // reads zeros
    }
#ifdef MATRICES
  UNROLLED for (uint i = 0u; i < DOWN * ACROSS; i++)
    CLEAR (sums, i);
#else
  [[unroll]] for (uint i = 0u; i < PART_ROWS * PART_COLUMNS; i++)
    sums[i] = 0.0;
#endif

// four of the depth
#define MULTIPLY(k) \
  { \
    vec4 a[PART_ROWS]; \
\
    [[unroll]] for (uint i = 0u; i < PART_ROWS; i++) \
      a[i] = vec4 (rows[(t / COLUMN_PARTS + i * ROW_PARTS) * STRIDE + k]); \
    [[unroll]] for (uint j = 0u; j < PART_COLUMNS; j++) \
      { \
        vec4 b = vec4 (columns[(t % COLUMN_PARTS + j * COLUMN_PARTS) * STRIDE + k]); \
\
        [[unroll]] for (uint i = 0u; i < PART_ROWS; i++) \
          sums[i * PART_COLUMNS + j] \
            = fma (a[i].x, b.x, fma (a[i].y, b.y, fma (a[i].z, b.z, fma (a[i].w, b.w, sums[i * PART_COLUMNS + j])))); \
      } \
  }
#define FETCH \
  { \
    UNROLLED for (uint i = 0u; i < ROW_MOVES; i++) \
      next_rows[i] = FOUR (field, term, corner[i]); \
    UNROLLED for (uint i = 0u; i < COLUMN_MOVES; i++) \
      next_columns[i] = FOUR (weight, term, first_column + own_row + i * (THREADS / DEPTH)); \
  }
  if (steps > 0u)
    {
      term = behind (Term (0u, 0u, 0u), own_k * STEP);
      FETCH
    }
  for (uint s = 0u; s < steps; s++)
    {
      UNROLLED for (uint i = 0u; i < ROW_MOVES; i++)
        if ((i + 1u) * THREADS <= TILE_ROWS * DEPTH || own_row + i * (THREADS / DEPTH) < TILE_ROWS)
          rows[(own_row + i * (THREADS / DEPTH)) * STRIDE + own_k] = staged (next_rows[i], x_scale);
      UNROLLED for (uint i = 0u; i < COLUMN_MOVES; i++)
        if ((i + 1u) * THREADS <= TILE_COLUMNS * DEPTH || own_row + i * (THREADS / DEPTH) < TILE_COLUMNS)
          columns[(own_row + i * (THREADS / DEPTH)) * STRIDE + own_k] = staged (next_columns[i], w_scale);
      barrier ();
      if (s + 1u < steps) // what comes next is under way while this is computed
        {
          term = behind (term, DEPTH * STEP);
          FETCH
        }
#ifdef MATRICES
      ADD_STAGED (sums)
#else
      if (ROLLED != 0u)
        [[dont_unroll]] for (uint k = 0u; k < DEPTH; k++)
          MULTIPLY (k)
      else
        [[unroll]] for (uint k = 0u; k < DEPTH; k++)
          MULTIPLY (k)
#endif
      barrier ();
    }

#ifdef MATRICES
  STORE_SUMS (sums)
#else
  [[unroll]] for (uint i = 0u; i < PART_ROWS; i++)
    [[unroll]] for (uint j = 0u; j < PART_COLUMNS; j++)
      store (t / COLUMN_PARTS + i * ROW_PARTS, t % COLUMN_PARTS + j * COLUMN_PARTS, sums[i * PART_COLUMNS + j]);
#endif
}
