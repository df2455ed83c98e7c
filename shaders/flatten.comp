#version 460
// From channels-last storage to C,H,W order within each image, or back
#include "common.glsl"

layout (constant_id = 0) const uint INVERSE = 0u;
layout (binding = 0) readonly buffer X { uint x[]; };
layout (binding = 1) writeonly buffer Y { uint y[]; };
layout (push_constant) uniform Push { uint count, channels, pixels; };

void
main ()
{
  uint i = thread_index (), n = i / (channels * pixels), inside = i % (channels * pixels);

  if (i >= count)
    return;
  // read channel by channel or pixel by pixel, whichever the result is not
  uint from = INVERSE != 0u ? inside % channels * pixels + inside / channels
                            : inside % pixels * channels + inside / pixels;

  y[i] = x[n * channels * pixels + from];
}
