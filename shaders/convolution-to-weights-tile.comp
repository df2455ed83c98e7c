#version 460
// The same without groups and with channels in fours: 4 output × 4 input channels of a part an invocation.
#include "common.glsl"
#include "convolution.glsl"

layout (binding = 0) readonly buffer X { vec4 x[]; };
layout (binding = 1) readonly buffer DY { vec4 dy[]; };
layout (binding = 2) writeonly buffer DW { vec4 dw[]; };

void
main ()
{
  uint index = thread_index ();

  if (index >= count)
    return;

  uint parts = first, image_rows = second, ins = in_channels / 4u, outs = out_channels / 4u;
  uint taps = kernel_height * kernel_width, tiles = outs * taps * ins, part = index / tiles, i = index % tiles;
  uint c = i % ins, tap = i / ins % taps, kx = tap % kernel_width, ky = tap / kernel_width, o = i / ins / taps;
  vec4 sum0 = vec4 (0.0), sum1 = vec4 (0.0), sum2 = vec4 (0.0), sum3 = vec4 (0.0);

  for (uint r = part; r < image_rows; r += parts)
    {
      uint n = r / out_height, row = r % out_height * stride_y + ky * dilation_y - padding_y;

      if (row >= in_height)
        continue;
      for (uint q = 0u; q < out_width; q++)
        {
          uint column = q * stride_x + kx * dilation_x - padding_x;

          if (column < in_width)
            {
              vec4 value = x[((n * in_height + row) * in_width + column) * ins + c];
              vec4 slope = dy[(r * out_width + q) * outs + o];

              sum0 += slope.x * value;
              sum1 += slope.y * value;
              sum2 += slope.z * value;
              sum3 += slope.w * value;
            }
        }
    }

  uint at = part * tiles * 4u + (4u * o * taps + tap) * ins + c;

  dw[at] = sum0;
  dw[at + taps * ins] = sum1;
  dw[at + 2u * taps * ins] = sum2;
  dw[at + 3u * taps * ins] = sum3;
}
