#version 460
// softmax over channels, or its logarithm: xᵢ − max − log Σ exp (xⱼ − max)
#include "common.glsl"
#include "math.glsl"

layout (constant_id = 0) const uint LOGARITHM = 0u;
layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint rows, channels; };

void
main ()
{
  uint r = thread_index ();

  if (r >= rows)
    return;

  uint first = r * channels;
  float most = x[first], sum = 0.0;

  for (uint c = 1u; c < channels; c++)
    most = max (most, x[first + c]);
  for (uint c = 0u; c < channels; c++)
    sum += exponential (x[first + c] - most);
  for (uint c = 0u; c < channels; c++)
    y[first + c] = LOGARITHM != 0u ? x[first + c] - most - logarithm (sum) : exponential (x[first + c] - most) / sum;
}
