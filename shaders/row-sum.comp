#version 460
// y[r] ← scale · Σ over channels of x[r, c]
#include "common.glsl"

layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push
{
  uint rows, channels;
  float scale;
};

void
main ()
{
  uint r = thread_index ();

  if (r >= rows)
    return;

  float sum = 0.0;

  for (uint c = 0u; c < channels; c++)
    sum += x[r * channels + c];
  y[r] = scale * sum;
}
