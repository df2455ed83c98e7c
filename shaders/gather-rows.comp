#version 460
// y[n,d] ← table[index[n],d]
#include "common.glsl"

layout (binding = 0) readonly buffer Table { float table[]; };
layout (binding = 1) readonly buffer Index { int index[]; };
layout (binding = 2) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint count, width, entries; };

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    y[i] = table[min (uint (max (index[i / width], 0)), entries - 1u) * width + i % width];
}
