#version 460
// y[n] ← pool[index[n]] / 255; bytes are read out of words
#include "common.glsl"

layout (binding = 0) readonly buffer Pool { uint pool[]; };
layout (binding = 1) readonly buffer Index { int index[]; };
layout (binding = 2) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint count, image, images; };

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint byte = min (uint (max (index[i / image], 0)), images - 1u) * image + i % image;

  y[i] = float (bitfieldExtract (pool[byte / 4u], int (8u * (byte % 4u)), 8)) / 255.0;
}
