#version 460
// y[r] ← the first channel with the largest value
#include "common.glsl"

layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) writeonly buffer Y { uint y[]; };
layout (push_constant) uniform Push { uint rows, channels; };

void
main ()
{
  uint r = thread_index (), best = 0u;

  if (r >= rows)
    return;
  for (uint c = 1u; c < channels; c++)
    if (x[r * channels + c] > x[r * channels + best])
      best = c;
  y[r] = best;
}
