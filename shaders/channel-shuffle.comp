#version 460
// Channels as groups × each, transposed: y[r, k·groups + j] ← x[r, j·each + k]
#include "common.glsl"

layout (binding = 0) readonly buffer X { uint x[]; };
layout (binding = 1) writeonly buffer Y { uint y[]; };
layout (push_constant) uniform Push { uint count, channels, groups; };

void
main ()
{
  uint i = thread_index (), row = i / channels, c = i % channels;

  if (i >= count)
    return;
  y[i] = x[row * channels + c % groups * (channels / groups) + c / groups];
}
