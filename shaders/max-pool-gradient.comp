#version 460
// dx ← Σ dy of the windows whose first maximum is here; what is no number is the largest
#include "common.glsl"
#include "pool.glsl"

layout (binding = 0) readonly buffer DY { float dy[]; };
layout (binding = 1) readonly buffer X { float x[]; };
layout (binding = 2) readonly buffer Y { float y[]; };
layout (binding = 3) writeonly buffer DX { float dx[]; };

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint c = i % channels, column = i / channels % in_width, row = i / channels / in_width % in_height;
  uint n = i / channels / in_width / in_height;
  float value = x[i], sum = 0.0;
  // windows p with p·stride − padding ≤ row < p·stride − padding + kernel
  uint first_p = row + padding < kernel ? 0u : (row + padding - kernel) / stride + 1u;
  uint first_q = column + padding < kernel ? 0u : (column + padding - kernel) / stride + 1u;

  for (uint p = first_p; p < out_height && p * stride <= row + padding; p++)
    for (uint q = first_q; q < out_width && q * stride <= column + padding; q++)
      {
        uint window = ((n * out_height + p) * out_width + q) * channels + c;
        bool wins = y[window] == value || is_nan (value);

        for (uint k = 0u; wins && k < kernel * kernel; k++)
          {
            uint r = p * stride + k / kernel - padding, s = q * stride + k % kernel - padding;

            if (r == row && s == column)
              break;
            if (r < in_height && s < in_width)
              wins = x[((n * in_height + r) * in_width + s) * channels + c] != value;
          }
        if (wins)
          sum += dy[window];
      }
  dx[i] = sum;
}
