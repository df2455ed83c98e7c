#version 460
// Convolution without groups, channels in fours: 8 pixels of a row × 16 output channels an invocation, by
// macros because not every driver unrolls loops of this size. The pixels of a tile are `up` apart, so that in the
// gradient to the data (the input spread out by `up`) all of them meet the same taps.
#include "common.glsl"

layout (constant_id = 0) const uint EXTRAS = 0u; // 1: bias, 2: addend
layout (binding = 0) readonly buffer X { vec4 x[]; };
layout (binding = 1) readonly buffer W { vec4 w[]; };
layout (binding = 2) readonly buffer Bias { vec4 bias[]; };
layout (binding = 3) readonly buffer Addend { vec4 addend[]; };
layout (binding = 4) writeonly buffer Y { vec4 y[]; };
layout (push_constant) uniform Push
{
  uint count, columns, blocks, fours, in_height, in_width, out_channels, out_height, out_width;
  uint kernel_height, kernel_width, step_y, step_x, up_y, up_x;
  int origin_y, origin_x;
  uint dilation_y, dilation_x;
};

#define EACH_PIXEL(F) F (0) F (1) F (2) F (3) F (4) F (5) F (6) F (7)
#define EACH_BLOCK(F) F (0) F (1) F (2) F (3)

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint block = i % blocks, strip = i / blocks % columns, p = i / blocks / columns % out_height;
  uint n = i / blocks / columns / out_height;
  uint q = strip / up_x * 8u * up_x + strip % up_x; // the first pixel
  uint taps = kernel_height * kernel_width, outs = out_channels / 4u;
  // beyond the last channel the last four are computed again and not stored
  uint o0 = 4u * (4u * block), o1 = min (o0 + 4u, out_channels - 4u), o2 = min (o0 + 8u, out_channels - 4u);
  uint o3 = min (o0 + 12u, out_channels - 4u), filter_size = taps * fours;

#define DECLARE(P) vec4 a##P##0 = vec4 (0.0), a##P##1 = vec4 (0.0), a##P##2 = vec4 (0.0), a##P##3 = vec4 (0.0);
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
          int across = int (q * step_x) + origin_x + int (kx * dilation_x), bias_x = int (4096u * up_x);
          int column = (across + bias_x) / int (up_x) - 4096;

          if ((across + bias_x) % int (up_x) != 0)
            continue;

          uint tap = (ky * kernel_width + kx) * fours;
          uint line = (n * in_height + row) * in_width;

#define PLACE(P) \
  uint c##P = uint (column + P * int (step_x)); \
  bool in##P = c##P < in_width; \
  c##P = (line + (in##P ? c##P : 0u)) * fours;
          EACH_PIXEL (PLACE)

          for (uint c = 0u; c < fours; c++)
            {
#define LOAD(P) vec4 x##P = in##P ? x[c##P + c] : vec4 (0.0);
              EACH_PIXEL (LOAD)
#define FOUR(B) \
  { \
    uint at = o##B * filter_size + tap + c; \
    mat4 f = mat4 (w[at], w[at + filter_size], w[at + 2u * filter_size], w[at + 3u * filter_size]); \
    a0##B += x0 * f; \
    a1##B += x1 * f; \
    a2##B += x2 * f; \
    a3##B += x3 * f; \
    a4##B += x4 * f; \
    a5##B += x5 * f; \
    a6##B += x6 * f; \
    a7##B += x7 * f; \
  }
              EACH_BLOCK (FOUR)
            }
        }
    }

#define STORE_FOUR(P, B) \
  if (o0 / 4u + B < outs) \
    { \
      vec4 value = a##P##B; \
      uint at = pixel * outs + o0 / 4u + B; \
 \
      if ((EXTRAS & 1u) != 0u) \
        value += bias[o0 / 4u + B]; \
      if ((EXTRAS & 2u) != 0u) \
        value += addend[at]; \
      y[at] = value; \
    }
#define STORE(P) \
  if (q + P * up_x < out_width) \
    { \
      uint pixel = (n * out_height + p) * out_width + q + P * up_x; \
 \
      STORE_FOUR (P, 0) \
      STORE_FOUR (P, 1) \
      STORE_FOUR (P, 2) \
      STORE_FOUR (P, 3) \
    }
  EACH_PIXEL (STORE)
}
