#version 460
// Draws: normal (Box and Muller), uniform or whole numbers; one invocation makes the four of a Philox block.
#include "common.glsl"
#include "functions.h"
#include "math.glsl"
#include "philox.glsl"

layout (constant_id = 0) const uint KIND = RANDOM_NORMAL;
layout (binding = 0) readonly buffer Counter { uint counter[]; }; // seed low, seed high, step
layout (binding = 1) readonly buffer Range { float range_value[]; };
layout (binding = 2) writeonly buffer Y { uint y[]; };
layout (push_constant) uniform Push
{
  uint count, purpose, range, has_range, distinct;
  float low, high;
};

vec2
normals (uint a, uint b)
{
  return sqrt (-2.0 * logarithm (uniform_of (a))) * on_circle (uniform_of (b));
}

uint
scaled (uint word, uint most)
{
  uint high_half, low_half;

  umulExtended (word, most, high_half, low_half);
  return high_half;
}

// index · most / count, rounded down
uint
end_of_part (uint index, uint most)
{
  return index * (most / count) + index * (most % count) / count;
}

uint
from_part (uint word, uint index, uint most)
{
  uint first = end_of_part (index, most);

  return first + scaled (word, max (end_of_part (index + 1u, most) - first, 1u));
}

void
main ()
{
  uint block = thread_index ();

  if (4u * block >= count)
    return;

  uvec4 words = philox (uvec2 (counter[0], counter[1]), purpose, counter[2], block);
  uvec4 result;

  if (KIND == RANDOM_NORMAL)
    result = floatBitsToUint (vec4 (normals (words.x, words.y), normals (words.z, words.w)));
  else if (KIND == RANDOM_UNIFORM)
    {
      vec4 unit = vec4 (uniform_of (words.x), uniform_of (words.y), uniform_of (words.z), uniform_of (words.w));

      result = floatBitsToUint (low + (high - low) * unit);
    }
  else
    {
      uint most = has_range != 0u ? uint (max (range_value[0], 0.0)) : range;

      for (uint j = 0u; j < 4u; j++)
        result[j] = distinct != 0u ? from_part (words[j], 4u * block + j, most) : scaled (words[j], most);
    }
  for (uint j = 0u; j < 4u; j++)
    if (4u * block + j < count)
      y[4u * block + j] = result[j];
}
