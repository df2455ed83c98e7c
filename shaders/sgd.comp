#version 460
// buffer ← momentum·buffer + gradient + decay·p; p ← p − rate·buffer
#include "common.glsl"
#include "lanes.glsl"

layout (binding = 0) buffer Parameters { LANES parameters[]; };
layout (binding = 1) buffer Velocity { LANES velocity[]; };
layout (binding = 2) readonly buffer Gradient { LANES gradient[]; };
layout (binding = 3) readonly buffer Rate { float rate[]; };
layout (binding = 4) readonly buffer Momentum { float momentum[]; };
layout (binding = 5) readonly buffer Decay { float decay[]; };
layout (push_constant) uniform Push { uint count; };

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  LANES moved = momentum[0] * velocity[i] + (gradient[i] + decay[0] * parameters[i]);

  velocity[i] = moved;
  parameters[i] -= rate[0] * moved;
}
