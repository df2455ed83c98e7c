#version 460
// variable ← value where flag ≠ 0, as words; of the last word only `tail` bytes, if tail ≠ 0
#include "common.glsl"

layout (binding = 0) buffer Variable { uint variable[]; };
layout (binding = 1) readonly buffer Value { uint value[]; };
layout (binding = 2) readonly buffer Flag { float flag[]; };
layout (push_constant) uniform Push { uint words, tail; };

void
main ()
{
  uint i = thread_index ();

  if (i >= words || flag[0] == 0.0)
    return;
  if (i + 1u == words && tail != 0u)
    variable[i] = bitfieldInsert (variable[i], value[i], 0, int (8u * tail));
  else
    variable[i] = value[i];
}
