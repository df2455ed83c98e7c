#version 460
// Convolution without groups: 8 pixels of a row × 16 output channels an invocation, by macros because not every
// driver unrolls loops of this size. The pixels of a tile are `up` apart, so that in the gradient to the data (the
// input spread out by `up`) all of them meet the same taps. Also a matrix product a·bᵀ: one row of pixels, one tap.
//
// Variants: IN_FOURS: input channels come in fours; OUT_ONE: one output channel an invocation, for any number
// of them; TEXELS: operands.glsl.
#include "common.glsl"
#include "operands.glsl"
#ifndef OUT_ONE
#define FOURS
#endif
#include "lanes.glsl"
#define EPILOGUE_ID 0
#include "epilogue.glsl"

#ifdef IN_FOURS
#define VALUE vec4
#define FETCH FETCH4
OPERAND4 (0, x)
OPERAND4 (1, w)
#else
#define VALUE float
#define FETCH FETCH1
OPERAND1 (0, x)
OPERAND1 (1, w)
#endif

#ifdef OUT_ONE
#define EACH_BLOCK(F) F (0)
#define WIDTH 1u
#else
#define EACH_BLOCK(F) F (0) F (1) F (2) F (3)
#define WIDTH 4u
#endif
#define EACH_PIXEL(F) F (0) F (1) F (2) F (3) F (4) F (5) F (6) F (7)

layout (push_constant) uniform Push
{
  uint count, columns, blocks, inputs, in_height, in_width, out_channels, out_height, out_width;
  uint kernel_height, kernel_width, step_y, step_x, up_y, up_x;
  int origin_y, origin_x;
  uint dilation_y, dilation_x;
  EPILOGUE_PUSH
};

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint block = i % blocks, strip = i / blocks % columns, p = i / blocks / columns % out_height;
  uint n = i / blocks / columns / out_height;
  uint q = strip / up_x * 8u * up_x + strip % up_x; // the first pixel
  uint taps = kernel_height * kernel_width, filter_size = taps * inputs, outs = out_channels / WIDTH;
#ifdef OUT_ONE
  uint first = block, o0 = block;
#else
  // beyond the last channel the last four are computed again and not stored
  uint first = 4u * block, o0 = 4u * first, o1 = min (o0 + 4u, out_channels - 4u);
  uint o2 = min (o0 + 8u, out_channels - 4u), o3 = min (o0 + 12u, out_channels - 4u);
#endif

#define DECLARE_BLOCK(P, B) LANES a##P##B = LANES (0.0);
#ifdef OUT_ONE
#define DECLARE(P) DECLARE_BLOCK (P, 0)
#else
#define DECLARE(P) DECLARE_BLOCK (P, 0) DECLARE_BLOCK (P, 1) DECLARE_BLOCK (P, 2) DECLARE_BLOCK (P, 3)
#endif
  EACH_PIXEL (DECLARE)

  for (uint ky = 0u; ky < kernel_height; ky++)
    {
      int down = int (p * step_y) + origin_y + int (ky * dilation_y);
      uint row = uint (down) / up_y;

      if (down < 0 || uint (down) % up_y != 0u || row >= in_height)
        continue;
      for (uint kx = 0u; kx < kernel_width; kx++)
        {
          // a multiple of up_x is added before dividing, since the first pixels may lie left of the image
          int across = int (q * step_x) + origin_x + int (kx * dilation_x) + int (65536u * up_x);
          int column = across / int (up_x) - 65536;

          if (across % int (up_x) != 0)
            continue;

          uint tap = (ky * kernel_width + kx) * inputs;
          uint line = (n * in_height + row) * in_width;

#define PLACE(P) \
  uint c##P = uint (column + P * int (step_x)); \
  bool in##P = c##P < in_width; \
  c##P = (line + (in##P ? c##P : 0u)) * inputs;
          EACH_PIXEL (PLACE)

          for (uint c = 0u; c < inputs; c++)
            {
#define LOAD(P) VALUE x##P = in##P ? FETCH (x, c##P + c) : VALUE (0.0);
              EACH_PIXEL (LOAD)

#ifdef OUT_ONE
#define FILTER(B) VALUE f = FETCH (w, o##B * filter_size + tap + c);
#ifdef IN_FOURS
#define ADD(P, B) a##P##B += dot (x##P, f);
#else
#define ADD(P, B) a##P##B += x##P * f;
#endif
#else
#ifdef IN_FOURS
#define FILTER(B) \
  uint at = o##B * filter_size + tap + c; \
  mat4 f = mat4 (FETCH (w, at), FETCH (w, at + filter_size), FETCH (w, at + 2u * filter_size), \
                 FETCH (w, at + 3u * filter_size));
#else
#define FILTER(B) \
  uint at = o##B * filter_size + tap + c; \
  vec4 f = vec4 (FETCH (w, at), FETCH (w, at + filter_size), FETCH (w, at + 2u * filter_size), \
                 FETCH (w, at + 3u * filter_size));
#endif
#define ADD(P, B) a##P##B += x##P * f;
#endif
#define BLOCK(B) \
  { \
    FILTER (B) \
    ADD (0, B) ADD (1, B) ADD (2, B) ADD (3, B) ADD (4, B) ADD (5, B) ADD (6, B) ADD (7, B) \
  }
              EACH_BLOCK (BLOCK)
            }
        }
    }

#define STORE_BLOCK(P, B) \
  if (first + B < outs) \
    { \
      uint at = pixel * outs + first + B; \
 \
      FINISH (a##P##B, at, first + B, outs) \
    }
#ifdef OUT_ONE
#define STORE_BLOCKS(P) STORE_BLOCK (P, 0)
#else
#define STORE_BLOCKS(P) STORE_BLOCK (P, 0) STORE_BLOCK (P, 1) STORE_BLOCK (P, 2) STORE_BLOCK (P, 3)
#endif
#define STORE(P) \
  if (q + P * up_x < out_width) \
    { \
      uint pixel = (n * out_height + p) * out_width + q + P * up_x; \
 \
      STORE_BLOCKS (P) \
    }
  EACH_PIXEL (STORE)
}
