#version 460
// y[n, o, p, q] ← Σ w[o, i, ky, kx]·x[n, i, p·s − pad + ky·d, …] + bias[o] + addend; any shape, one element an
// invocation
#include "common.glsl"
#include "convolution.glsl"

layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) readonly buffer W { float w[]; };
layout (binding = 2) readonly buffer Bias { float bias[]; };
layout (binding = 3) readonly buffer Addend { float addend[]; };
layout (binding = 4) writeonly buffer Y { float y[]; };

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint o = i % out_channels, q = i / out_channels % out_width, p = i / out_channels / out_width % out_height;
  uint n = i / out_channels / out_width / out_height, each = in_channels / groups;
  uint first_channel = o / (out_channels / groups) * each;
  float sum = 0.0;

  for (uint ky = 0u; ky < kernel_height; ky++)
    for (uint kx = 0u; kx < kernel_width; kx++)
      {
        uint row = p * stride_y + ky * dilation_y - padding_y, column = q * stride_x + kx * dilation_x - padding_x;
        uint at = ((n * in_height + row) * in_width + column) * in_channels + first_channel;
        uint weight = ((o * kernel_height + ky) * kernel_width + kx) * each;

        if (row >= in_height || column >= in_width) // negative wraps to large
          continue;
        for (uint c = 0u; c < each; c++)
          sum += w[weight + c] * x[at + c];
      }
  if ((first & 1u) != 0u)
    sum += bias[o];
  if ((first & 2u) != 0u)
    sum += addend[i];
  y[i] = sum;
}
