#version 460
// y[r] ← a[r], b[r] along channels
#include "common.glsl"
#include "lanes.glsl"

layout (binding = 0) readonly buffer A { WORDS a[]; };
layout (binding = 1) readonly buffer B { WORDS b[]; };
layout (binding = 2) writeonly buffer Y { WORDS y[]; };
layout (push_constant) uniform Push { uint count, a_channels, b_channels; };

void
main ()
{
  uint i = thread_index (), channels = a_channels + b_channels, r = i / channels, c = i % channels;

  if (i >= count)
    return;
  if (c < a_channels)
    y[i] = a[r * a_channels + c];
  else
    y[i] = b[r * b_channels + c - a_channels];
}
