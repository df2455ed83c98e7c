#version 460
// dμ ← −γ/√(σ² + ε)·Σ dy', dσ² ← −½·γ/(σ² + ε)·Σ dy'·x̂
#include "common.glsl"

layout (binding = 0) readonly buffer Sums { float sums[]; };
layout (binding = 1) readonly buffer Statistics { float statistics[]; };
layout (binding = 2) readonly buffer Affine { float affine[]; };
layout (binding = 3) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push
{
  uint channels;
  float epsilon;
};

void
main ()
{
  uint c = thread_index ();

  if (c >= channels)
    return;

  float variance = statistics[channels + c] + epsilon;

  y[c] = -affine[c] / sqrt (variance) * sums[channels + c];
  y[channels + c] = -0.5 * affine[c] / variance * sums[c];
}
