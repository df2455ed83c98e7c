#version 460
// variable ← m·variable + (1 − m)·value
#include "common.glsl"
#include "lanes.glsl"

layout (binding = 0) buffer Variable { LANES variable[]; };
layout (binding = 1) readonly buffer Value { LANES value[]; };
layout (binding = 2) readonly buffer Momentum { float momentum[]; };
layout (push_constant) uniform Push { uint count; };

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    variable[i] = momentum[0] * variable[i] + (1.0 - momentum[0]) * value[i];
}
