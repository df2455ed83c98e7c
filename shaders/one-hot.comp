#version 460
// y[r, c] ← label[r] = c
#include "common.glsl"

layout (binding = 0) readonly buffer Label { uint label[]; };
layout (binding = 1) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint count, classes; };

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    y[i] = label[i / classes] == i % classes ? 1.0 : 0.0;
}
