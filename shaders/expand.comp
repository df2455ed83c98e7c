#version 460
// y[i] ← x[…]: a scalar, a vector over channels or a column over rows, repeated
#include "common.glsl"
#include "functions.h"

layout (constant_id = 0) const uint BROADCAST = BROADCAST_SCALAR;
layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint count, channels; };

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    y[i] = x[BROADCAST == BROADCAST_SAME      ? i
             : BROADCAST == BROADCAST_SCALAR  ? 0u
             : BROADCAST == BROADCAST_CHANNEL ? i % channels
                                              : i / channels];
}
