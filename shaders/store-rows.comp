#version 460
// table[counter[3] + n, d] ← rows[n,d], wrapping at the table's end
#include "common.glsl"

layout (binding = 0) writeonly buffer Table { float table[]; };
layout (binding = 1) readonly buffer Rows { float rows[]; };
layout (binding = 2) readonly buffer Counter { uint counter[]; };
layout (push_constant) uniform Push { uint count, width, entries; };

void
main ()
{
  uint i = thread_index ();

  if (i < count)
    table[(counter[3] % entries + i / width) % entries * width + i % width] = rows[i];
}
