#version 460
// s ← γ/√(σ² + ε), a ← 2·dσ²/M, b ← dμ/M − a·μ; zeros where a pair of operands is absent
#include "common.glsl"

layout (binding = 0) readonly buffer Statistics { float statistics[]; };
layout (binding = 1) readonly buffer Affine { float affine[]; };
layout (binding = 2) readonly buffer Slopes { float slopes[]; }; // dμ, dσ²
layout (binding = 3) readonly buffer Batch { float batch[]; };
layout (binding = 4) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push
{
  uint channels;
  float epsilon, number;
  uint pairs;
};

void
main ()
{
  uint c = thread_index ();

  if (c >= channels)
    return;

  float s = 0.0, a = 0.0, b = 0.0;

  if ((pairs & 1u) != 0u)
    s = affine[c] / sqrt (statistics[channels + c] + epsilon);
  if ((pairs & 2u) != 0u)
    {
      a = 2.0 * slopes[channels + c] / number;
      b = slopes[c] / number - a * batch[c];
    }
  y[c] = s;
  y[channels + c] = a;
  y[2u * channels + c] = b;
}
