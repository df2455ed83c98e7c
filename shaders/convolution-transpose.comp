#version 460
// wt[i, last tap − k, o] ← w[o, k, i]: the weights of the convolution that is the gradient to the data
#include "common.glsl"

layout (binding = 0) readonly buffer W { float w[]; };
layout (binding = 1) writeonly buffer T { float t[]; };
layout (push_constant) uniform Push { uint count, out_channels, taps, in_channels; };

void
main ()
{
  uint index = thread_index ();

  if (index >= count)
    return;

  uint o = index % out_channels, tap = index / out_channels % taps, i = index / out_channels / taps;

  t[index] = w[(o * taps + (taps - 1u - tap)) * in_channels + i];
}
