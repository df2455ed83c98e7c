#version 460
// y[n, c] ← the mean of x[n, c] over its pixels; its gradient spreads dy / pixels
#include "common.glsl"
#include "lanes.glsl"

layout (constant_id = 0) const uint GRADIENT = 0u;
layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push { uint count, channels, pixels; };

void
main ()
{
  uint i = thread_index (), c = i % channels, n = i / channels;

  if (i >= count)
    return;
  if (GRADIENT != 0u)
    {
      y[i] = x[n / pixels * channels + c] / float (pixels);
      return;
    }

  LANES sum = LANES (0.0);

  for (uint p = 0u; p < pixels; p++)
    sum += x[(n * pixels + p) * channels + c];
  y[i] = sum / float (pixels);
}
