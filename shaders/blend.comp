#version 460
// variable ← m·variable + (1 − m)·value
#include "common.glsl"

layout (binding = 0) buffer Variable { float variable[]; };
layout (binding = 1) readonly buffer Value { float value[]; };
layout (binding = 2) readonly buffer Momentum { float momentum[]; };
layout (push_constant) uniform Push { uint count; };

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    variable[i] = momentum[0] * variable[i] + (1.0 - momentum[0]) * value[i];
}
