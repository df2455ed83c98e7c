#version 460
// dx[n, i, r, c] ← Σ w[o, i, ky, kx]·dy[n, o, (r + pad − ky·d) / s, …] where that is whole, + addend; any shape
#include "common.glsl"
#include "convolution.glsl"

layout (binding = 0) readonly buffer DY { float dy[]; };
layout (binding = 1) readonly buffer W { float w[]; };
layout (binding = 2) readonly buffer Addend { float addend[]; };
layout (binding = 3) writeonly buffer DX { float dx[]; };

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint c = i % in_channels, column = i / in_channels % in_width, row = i / in_channels / in_width % in_height;
  uint n = i / in_channels / in_width / in_height;
  uint each = in_channels / groups, outs = out_channels / groups, first_out = c / each * outs;
  float sum = 0.0;

  for (uint ky = 0u; ky < kernel_height; ky++)
    for (uint kx = 0u; kx < kernel_width; kx++)
      {
        int up = int (row + padding_y) - int (ky * dilation_y), left = int (column + padding_x) - int (kx * dilation_x);

        if (up < 0 || left < 0 || uint (up) % stride_y != 0u || uint (left) % stride_x != 0u)
          continue;

        uint p = uint (up) / stride_y, q = uint (left) / stride_x;

        if (p >= out_height || q >= out_width)
          continue;

        uint at = ((n * out_height + p) * out_width + q) * out_channels + first_out;
        uint weight = ((first_out * kernel_height + ky) * kernel_width + kx) * each + c % each;

        for (uint o = 0u; o < outs; o++)
          sum += w[weight + o * kernel_height * kernel_width * each] * dy[at + o];
      }
  dx[i] = (first & 1u) != 0u ? sum + addend[i] : sum;
}
