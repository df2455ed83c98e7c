#version 460
// y[i] ← counter[3] + i
#include "common.glsl"

layout (binding = 0) readonly buffer Counter { uint counter[]; };
layout (binding = 1) writeonly buffer Y { uint y[]; };
layout (push_constant) uniform Push { uint count; };

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    y[i] = counter[3] + i;
}
