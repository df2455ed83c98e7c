#version 460
// y ← a constant word
#include "common.glsl"

layout (binding = 0) writeonly buffer Y { uint y[]; };
layout (push_constant) uniform Push { uint count, word; };

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    y[i] = word;
}
