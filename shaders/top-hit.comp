#version 460
// y[r] ← 1 where fewer than k logits come before the label's (of equals the lower channel comes first)
#include "common.glsl"

layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) readonly buffer Label { uint label[]; };
layout (binding = 2) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint rows, channels, k; };

void
main ()
{
  uint r = thread_index ();

  if (r >= rows)
    return;

  uint wanted = label[r], before = 0u;

  if (wanted >= channels)
    {
      y[r] = 0.0;
      return;
    }

  float value = x[r * channels + wanted];

  for (uint c = 0u; c < channels; c++)
    {
      float other = x[r * channels + c];

      if (other > value || (other == value && c < wanted))
        before++;
    }
  y[r] = before < k ? 1.0 : 0.0;
}
