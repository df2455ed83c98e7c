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

// 1 − β^t = (1 − β)·(1 + β + … + β^(t−1)), doubling the sum bit by bit: every term is positive, while the difference
// would lose four digits for β = 0.999
float
correction (float beta, uint t)
{
  float sum = 0.0, power = 1.0;

  for (int bit = findMSB (t); bit >= 0; bit--)
    {
      sum *= 1.0 + power;
      power *= power;
      if ((t >> bit & 1u) != 0u)
        {
          sum = sum * beta + 1.0;
          power *= beta;
        }
    }
  return (1.0 - beta) * sum;
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
  float correction1 = correction (beta1, step), correction2 = correction (beta2, step);

  m[i] = m1;
  v[i] = v1;
  parameters[i] -= rate[0] / correction1 * m1 / (sqrt (v1) / sqrt (correction2) + epsilon);
}
