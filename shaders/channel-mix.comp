#version 460
// out ← s·act'(y)·dy + a·x + b + addend, what is absent left out; out may be any of them
#include "common.glsl"
#include "functions.h"
#include "lanes.glsl"

layout (constant_id = 0) const uint PARTS = 0u;
layout (binding = 0) readonly buffer DY { LANES dy[]; };
layout (binding = 1) readonly buffer Result { LANES y[]; };
layout (binding = 2) readonly buffer X { LANES x[]; };
layout (binding = 3) readonly buffer Coefficients { LANES coefficients[]; };
layout (binding = 4) readonly buffer Addend { LANES addend[]; };
layout (binding = 5) writeonly buffer Output { LANES result[]; };
layout (push_constant) uniform Push
{
  uint count, channels;
  float slope;
};

void
main ()
{
  uint i = thread_index (), c = i % channels;

  if (i >= count)
    return;

  LANES sum = coefficients[2u * channels + c];

  if ((PARTS & MIX_X) != 0u)
    sum += coefficients[channels + c] * x[i];
  if ((PARTS & MIX_DY) != 0u)
    sum += coefficients[c] * dy[i] * ((PARTS & MIX_ACTIVATION) != 0u ? activation_slope (y[i], slope) : LANES (1.0));
  if ((PARTS & MIX_ADDEND) != 0u)
    sum += addend[i];
  result[i] = sum;
}
