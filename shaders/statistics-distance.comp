#version 460
// ‖running σ² − s σ²‖₂ + ‖running μ − s μ‖₂ with s = (1 − m)·batch + m·average, or its gradient by batch;
// one work group
#include "common.glsl"

layout (constant_id = 0) const uint GRADIENT = 0u;
layout (binding = 0) readonly buffer Batch { float batch[]; };
layout (binding = 1) readonly buffer Running { float running[]; };
layout (binding = 2) readonly buffer Average { float average[]; };
layout (binding = 3) readonly buffer Momentum { float momentum[]; };
layout (binding = 4) readonly buffer Slope { float slope[]; };
layout (binding = 5) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint channels; };

shared vec2 sums[gl_WorkGroupSize.x];

float
difference (uint i)
{
  return (1.0 - momentum[0]) * batch[i] + momentum[0] * average[i] - running[i];
}

void
main ()
{
  uint i = gl_LocalInvocationID.x;
  vec2 sum = vec2 (0.0);

  for (uint c = i; c < channels; c += gl_WorkGroupSize.x)
    {
      vec2 d = vec2 (difference (c), difference (channels + c));

      sum += d * d;
    }
  sums[i] = sum;
  barrier ();
  for (uint half_size = gl_WorkGroupSize.x / 2u; half_size > 0u; half_size /= 2u)
    {
      if (i < half_size)
        sums[i] += sums[i + half_size];
      barrier ();
    }

  vec2 norms = sqrt (sums[0]);

  if (GRADIENT == 0u)
    {
      if (i == 0u)
        y[0] = norms.x + norms.y;
      return;
    }

  // the norm has no gradient at zero: take none
  vec2 factors = slope[0] * (1.0 - momentum[0])
                 * vec2 (norms.x > 0.0 ? 1.0 / norms.x : 0.0, norms.y > 0.0 ? 1.0 / norms.y : 0.0);

  for (uint c = i; c < channels; c += gl_WorkGroupSize.x)
    {
      y[c] = factors.x * difference (c);
      y[channels + c] = factors.y * difference (channels + c);
    }
}
