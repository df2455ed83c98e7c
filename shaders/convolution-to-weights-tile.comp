#version 460
// The gradient to the weights without groups: part j of dw ← Σ dy·x over image rows j, j + parts …, for a tile of 8 output
// × 8 input channels an invocation; beyond the last channels the last are computed again and not stored.
//
// Variants: IN_FOURS, OUT_FOURS: channels come in fours, else the tile is one channel wide; TEXELS: operands.glsl.
#include "common.glsl"
#include "convolution.glsl"
#include "operands.glsl"

#ifdef IN_FOURS
#define VALUE vec4
#define FETCH_IN FETCH4
#define IN_WIDTH 4u
OPERAND4 (0, x)
#else
#define VALUE float
#define FETCH_IN FETCH1
#define IN_WIDTH 1u
OPERAND1 (0, x)
#endif

#ifdef OUT_FOURS
#define FETCH_OUT FETCH4
#define OUT_WIDTH 4u
#define EACH_OUT(F) F (0, d0.x) F (1, d0.y) F (2, d0.z) F (3, d0.w) F (4, d1.x) F (5, d1.y) F (6, d1.z) F (7, d1.w)
OPERAND4 (1, dy)
#else
#define FETCH_OUT FETCH1
#define OUT_WIDTH 1u
#define EACH_OUT(F) F (0, d0)
OPERAND1 (1, dy)
#endif

layout (binding = 2) writeonly buffer DW { VALUE dw[]; };

void
main ()
{
  uint index = thread_index ();

  if (index >= count)
    return;

  uint parts = first, image_rows = second, ins = in_channels / IN_WIDTH, outs = out_channels / OUT_WIDTH;
  uint taps = kernel_height * kernel_width;
#ifdef IN_FOURS
  uint in_tiles = (ins + 1u) / 2u;
#else
  uint in_tiles = ins;
#endif
#ifdef OUT_FOURS
  uint out_tiles = (outs + 1u) / 2u;
#else
  uint out_tiles = outs;
#endif
  uint tiles = out_tiles * taps * in_tiles, part = index / tiles, i = index % tiles;
  uint tap = i / in_tiles % taps, kx = tap % kernel_width, ky = tap / kernel_width;
#ifdef IN_FOURS
  uint c0 = i % in_tiles * 2u, c1 = min (c0 + 1u, ins - 1u);
#else
  uint c0 = i % in_tiles;
#endif
#ifdef OUT_FOURS
  uint o0 = i / in_tiles / taps * 2u, o1 = min (o0 + 1u, outs - 1u);
#else
  uint o0 = i / in_tiles / taps;
#endif

#define DECLARE(O, D) VALUE a##O##0 = VALUE (0.0), a##O##1 = VALUE (0.0);
  EACH_OUT (DECLARE)

  for (uint r = part; r < image_rows; r += parts)
    {
      uint n = r / out_height, row = r % out_height * stride_y + ky * dilation_y - padding_y;

      if (row >= in_height)
        continue;

      uint line = (n * in_height + row) * in_width;

      for (uint q = 0u; q < out_width; q++)
        {
          uint column = q * stride_x + kx * dilation_x - padding_x;

          if (column < in_width)
            {
              uint from = (line + column) * ins, to = (r * out_width + q) * outs;
              VALUE x0 = FETCH_IN (x, from + c0);
#ifdef IN_FOURS
              VALUE x1 = FETCH_IN (x, from + c1);
#endif
#ifdef OUT_FOURS
              vec4 d0 = FETCH_OUT (dy, to + o0), d1 = FETCH_OUT (dy, to + o1);
#else
              float d0 = FETCH_OUT (dy, to + o0);
#endif

#ifdef IN_FOURS
#define ADD(O, D) a##O##0 += D * x0; a##O##1 += D * x1;
#else
#define ADD(O, D) a##O##0 += D * x0;
#endif
              EACH_OUT (ADD)
            }
        }
    }

  uint filter_size = taps * ins, base = part * out_channels * filter_size + tap * ins;

#ifdef IN_FOURS
#define STORE(O, D) \
  if (OUT_WIDTH * o0 + O < out_channels) \
    { \
      dw[base + (OUT_WIDTH * o0 + O) * filter_size + c0] = a##O##0; \
      if (c0 + 1u < ins) \
        dw[base + (OUT_WIDTH * o0 + O) * filter_size + c0 + 1u] = a##O##1; \
    }
#else
#define STORE(O, D) \
  if (OUT_WIDTH * o0 + O < out_channels) \
    dw[base + (OUT_WIDTH * o0 + O) * filter_size + c0] = a##O##0;
#endif
  EACH_OUT (STORE)
}
