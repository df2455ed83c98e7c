#version 460
// Every pixel repeated factor × factor times; the gradient sums them again. Sizes are the result's.
#include "common.glsl"
#include "lanes.glsl"

layout (constant_id = 0) const uint GRADIENT = 0u;
layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push { uint count, channels, height, width, factor; };

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint c = i % channels, q = i / channels % width, p = i / channels / width % height;
  uint n = i / channels / width / height;

  if (GRADIENT == 0u)
    {
      y[i] = x[((n * (height / factor) + p / factor) * (width / factor) + q / factor) * channels + c];
      return;
    }

  LANES sum = LANES (0.0);

  for (uint ky = 0u; ky < factor; ky++)
    for (uint kx = 0u; kx < factor; kx++)
      sum += x[((n * height * factor + p * factor + ky) * width * factor + q * factor + kx) * channels + c];
  y[i] = sum;
}
