#version 460
// pool[counter[3] + n] ← round (255·clamp (images[n], 0, 1)), to the nearest even, wrapping at the pool's end.
// An invocation owns a word of the pool: first those from the first image on, then those from the pool's
// beginning on, which it leaves alone if they belong to the former.
#include "common.glsl"

layout (binding = 0) buffer Pool { uint pool[]; };
layout (binding = 1) readonly buffer Images { float images[]; };
layout (binding = 2) readonly buffer Counter { uint counter[]; };
layout (push_constant) uniform Push { uint pool_bytes, image_bytes, pool_images, words; };

void
main ()
{
  uint i = thread_index ();
  uint start = counter[3] % pool_images * (pool_bytes / pool_images);
  bool wrapped = i >= words;
  uint word = wrapped ? i - words : start / 4u + i;

  if (i >= 2u * words || 4u * word >= pool_bytes || (wrapped && word >= start / 4u))
    return;

  uint old = pool[word], now = old;

  for (uint j = 0u; j < 4u; j++)
    {
      uint byte = 4u * word + j, source = byte >= start ? byte - start : byte + pool_bytes - start;

      if (byte < pool_bytes && source < image_bytes)
        now = bitfieldInsert (now, uint (roundEven (clamp (images[source], 0.0, 1.0) * 255.0)), int (8u * j), 8);
    }
  if (now != old)
    pool[word] = now;
}
