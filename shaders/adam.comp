#version 460
// Adam (Kingma and Ba, 2015), as torch.optim.Adam: ε beside the root of the corrected second moment
#include "common.glsl"
#include "lanes.glsl"

layout (binding = 0) buffer Parameters { LANES parameters[]; };
layout (binding = 1) buffer M { LANES m[]; };
layout (binding = 2) buffer V { LANES v[]; };
layout (binding = 3) readonly buffer Gradient { LANES gradient[]; };
layout (binding = 4) readonly buffer Rate { float rate[]; };
layout (binding = 5) readonly buffer T { float t[]; };
layout (push_constant) uniform Push
{
  uint count;
  float beta1, beta2, epsilon;
};

// β^t by squaring: exp (t·log β) of some drivers is off in the sixth digit
float
power (float base, uint exponent)
{
  float result = 1.0;

  for (uint i = 0u; i < 32u && exponent != 0u; i++)
    {
      if ((exponent & 1u) != 0u)
        result *= base;
      base *= base;
      exponent >>= 1;
    }
  return result;
}

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint step = uint (t[0] + 0.5);
  LANES g = gradient[i];
  LANES m1 = beta1 * m[i] + (1.0 - beta1) * g, v1 = beta2 * v[i] + (1.0 - beta2) * g * g;
  float correction1 = 1.0 - power (beta1, step), correction2 = 1.0 - power (beta2, step);

  m[i] = m1;
  v[i] = v1;
  parameters[i] -= rate[0] / correction1 * m1 / (sqrt (v1) / sqrt (correction2) + epsilon);
}
