#version 460
// y[i] ← f (x[i]); x and y may be the same
#include "common.glsl"
#include "functions.h"
#include "lanes.glsl"
#include "math.glsl"

layout (constant_id = 0) const uint FUNCTION = FUNCTION_AFFINE;
layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push
{
  uint count;
  float first, second; // scale, shift; slope; low, high
};

// near zero by its series, where the quotient of exponentials cancels
float
hyperbolic_tangent (float v)
{
  float a = abs (v), s = v * v;

  if (a < 0.25)
    return v * (1.0 + s * (-1.0 / 3.0 + s * (2.0 / 15.0 + s * (-17.0 / 315.0 + s * (62.0 / 2835.0)))));
  s = 1.0 - 2.0 / (exponential (2.0 * (a > 20.0 ? 20.0 : a)) + 1.0); // not a number stays so
  return v < 0.0 ? -s : s;
}

float
function (float v)
{
  switch (FUNCTION)
    {
    case FUNCTION_AFFINE:
      return first * v + second;
    case FUNCTION_ABSOLUTE:
      return abs (v);
    case FUNCTION_SIGN:
      return v > 0.0 ? 1.0 : v < 0.0 ? -1.0 : 0.0;
    case FUNCTION_SQUARE:
      return v * v;
    case FUNCTION_SQUARE_ROOT:
      return sqrt (v);
    case FUNCTION_RECIPROCAL:
      return 1.0 / v;
    case FUNCTION_EXPONENTIAL:
      return exponential (v);
    case FUNCTION_LOGARITHM:
      return logarithm (v);
    case FUNCTION_LEAKY_RELU:
      return activate (v, first);
    case FUNCTION_SIGMOID:
      return 1.0 / (1.0 + exponential (-v));
    case FUNCTION_TANH:
      return hyperbolic_tangent (v);
    case FUNCTION_CLAMP:
      return v < first ? first : v > second ? second : v;
    }
  return v;
}

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    y[i] = EACH_LANE (function, x[i]);
}
