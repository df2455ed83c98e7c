#version 460
// running ← (1 − momentum)·running + momentum·(mean, unbias·variance)
#include "common.glsl"

layout (binding = 0) buffer Running { float running[]; };
layout (binding = 1) readonly buffer Statistics { float statistics[]; };
layout (push_constant) uniform Push
{
  uint count; // 2·C
  float momentum, unbias;
};

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    running[i] = (1.0 - momentum) * running[i]
                 + momentum * (2u * i < count ? statistics[i] : unbias * statistics[i]);
}
