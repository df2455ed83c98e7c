#version 460
// part j of dw[o, i, ky, kx] ← Σ dy·x over image rows j, j + parts …; any shape, one weight of a part an invocation
#include "common.glsl"
#include "convolution.glsl"

layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) readonly buffer DY { float dy[]; };
layout (binding = 2) writeonly buffer DW { float dw[]; };

void
main ()
{
  uint index = thread_index ();

  if (index >= count)
    return;

  uint parts = first, image_rows = second, each = in_channels / groups;
  uint weights = out_channels * kernel_height * kernel_width * each, part = index / weights, i = index % weights;
  uint c = i % each, kx = i / each % kernel_width, ky = i / each / kernel_width % kernel_height;
  uint o = i / each / kernel_width / kernel_height, channel = o / (out_channels / groups) * each + c;
  float sum = 0.0;

  for (uint r = part; r < image_rows; r += parts)
    {
      uint n = r / out_height, row = r % out_height * stride_y + ky * dilation_y - padding_y;

      if (row >= in_height)
        continue;
      for (uint q = 0u; q < out_width; q++)
        {
          uint column = q * stride_x + kx * dilation_x - padding_x;

          if (column < in_width)
            sum += x[((n * in_height + row) * in_width + column) * in_channels + channel]
                   * dy[(r * out_width + q) * out_channels + o];
        }
    }
  dw[index] = sum;
}
