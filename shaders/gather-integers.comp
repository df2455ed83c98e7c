#version 460
// y[n] ← table[index[n]]
#include "common.glsl"

layout (binding = 0) readonly buffer Table { uint table[]; };
layout (binding = 1) readonly buffer Index { int index[]; };
layout (binding = 2) writeonly buffer Y { uint y[]; };
layout (push_constant) uniform Push { uint count, entries; };

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    y[i] = table[min (uint (max (index[i], 0)), entries - 1u)];
}
