#version 460
// y ← act ((x − μ) / √(σ² + ε)·γ + β); x and y may be the same
#include "common.glsl"
#include "lanes.glsl"
#include "normalise.glsl"

layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) readonly buffer Statistics { LANES statistics[]; };
layout (binding = 2) readonly buffer Affine { LANES affine[]; };
layout (binding = 3) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push
{
  uint count, channels;
  float epsilon, slope;
};

void
main ()
{
  uint i = thread_index (), c = i % channels;

  if (i >= count)
    return;

  y[i] = normalise (x[i], statistics[c], statistics[channels + c], affine[c], affine[channels + c], epsilon, slope);
}
