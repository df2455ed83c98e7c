#version 460
// y[c, r] ← x[r, c]
#include "common.glsl"

layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint rows, columns; };

void
main ()
{
  uint i = thread_index ();

  if (i < rows * columns)
    y[i] = x[i % rows * columns + i / rows];
}
