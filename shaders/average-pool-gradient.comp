#version 460
// dx ← Σ dy / kernel² of the windows over here
#include "common.glsl"
#include "lanes.glsl"
#include "pool.glsl"

layout (binding = 0) readonly buffer DY { LANES dy[]; };
layout (binding = 1) writeonly buffer DX { LANES dx[]; };

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint c = i % channels, column = i / channels % in_width, row = i / channels / in_width % in_height;
  uint n = i / channels / in_width / in_height;
  LANES sum = LANES (0.0);
  uint first_p = row + padding < kernel ? 0u : (row + padding - kernel) / stride + 1u;
  uint first_q = column + padding < kernel ? 0u : (column + padding - kernel) / stride + 1u;

  for (uint p = first_p; p < out_height && p * stride <= row + padding; p++)
    for (uint q = first_q; q < out_width && q * stride <= column + padding; q++)
      sum += dy[((n * out_height + p) * out_width + q) * channels + c];
  dx[i] = sum / float (kernel * kernel);
}
