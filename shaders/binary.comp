#version 460
// y[i] ← f (a[i], b[…]); b broadcasts; y may be a or b
#include "common.glsl"
#include "functions.h"
#include "lanes.glsl"

layout (constant_id = 0) const uint FUNCTION = FUNCTION_ADD;
layout (constant_id = 1) const uint BROADCAST = BROADCAST_SAME;
layout (binding = 0) readonly buffer A { LANES a[]; };
layout (binding = 1) readonly buffer B { LANES b[]; };
layout (binding = 2) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push
{
  uint count, channels;
  float first, second; // slope; low, high
};

float
function (float p, float q)
{
  switch (FUNCTION)
    {
    case FUNCTION_ADD:
      return p + q;
    case FUNCTION_SUBTRACT:
      return p - q;
    case FUNCTION_MULTIPLY:
      return p * q;
    case FUNCTION_DIVIDE:
      return p / q;
    case FUNCTION_LESS:
      return p < q ? 1.0 : 0.0;
    case FUNCTION_EQUAL:
      return p == q ? 1.0 : 0.0;
    case FUNCTION_LESS_INTEGER:
      return floatBitsToInt (p) < floatBitsToInt (q) ? 1.0 : 0.0;
    case FUNCTION_EQUAL_INTEGER:
      return floatBitsToInt (p) == floatBitsToInt (q) ? 1.0 : 0.0;
    case FUNCTION_LEAKY_RELU_GRADIENT:
      return p * activation_slope (q, first);
    case FUNCTION_SIGMOID_GRADIENT:
      return p * q * (1.0 - q);
    case FUNCTION_TANH_GRADIENT:
      return p * (1.0 - q * q);
    case FUNCTION_CLAMP_GRADIENT:
      return q > first && q < second ? p : 0.0;
    }
  return p;
}

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

#ifdef FOURS
  uint row = i / channels;
  vec4 second_operand = BROADCAST == BROADCAST_SAME      ? b[i]
                        : BROADCAST == BROADCAST_SCALAR  ? vec4 (b[0].x)
                        : BROADCAST == BROADCAST_CHANNEL ? b[i % channels]
                                                         : vec4 (b[row / 4u][row % 4u]);
#else
  float second_operand = b[BROADCAST == BROADCAST_SAME      ? i
                           : BROADCAST == BROADCAST_SCALAR  ? 0u
                           : BROADCAST == BROADCAST_CHANNEL ? i % channels
                                                            : i / channels];
#endif

  y[i] = EACH_LANES (function, a[i], second_operand);
}
