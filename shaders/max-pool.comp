#version 460
// y ← the largest of each window; padding never wins
#include "common.glsl"
#include "lanes.glsl"
#include "pool.glsl"

layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) writeonly buffer Y { LANES y[]; };

// what is no number is the largest: max() may lose it
float
larger (float most, float value)
{
  return value > most || is_nan (value) ? value : most;
}

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint c = i % channels, q = i / channels % out_width, p = i / channels / out_width % out_height;
  uint n = i / channels / out_width / out_height;
  LANES most = LANES (uintBitsToFloat (0xff800000u)); // −∞

  for (uint ky = 0u; ky < kernel; ky++)
    for (uint kx = 0u; kx < kernel; kx++)
      {
        uint row = p * stride + ky - padding, column = q * stride + kx - padding;

        if (row < in_height && column < in_width)
          {
            LANES value = x[((n * in_height + row) * in_width + column) * channels + c];

            most = EACH_LANES (larger, most, value);
          }
      }
  y[i] = most;
}
