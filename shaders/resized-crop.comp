#version 460
// Each image's box (y, x, height, width) resized bilinearly to the image's size, then mirrored where flip ≠ 0;
// the gradient gathers by the same weights.
#include "common.glsl"
#include "bilinear.glsl"

layout (constant_id = 0) const uint GRADIENT = 0u;
layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) readonly buffer Box { float box[]; };
layout (binding = 2) readonly buffer Flip { int flip[]; };
layout (binding = 3) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint count, channels, height, width, own_flip; };

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint c = i % channels, q = i / channels % width, p = i / channels / width % height, n = i / channels / width / height;
  float top = box[4u * n], left = box[4u * n + 1u], tall = box[4u * n + 2u], wide = box[4u * n + 3u];
  bool mirror = flip[own_flip != 0u ? n : 0u] != 0;

  if (GRADIENT == 0u)
    {
      Sample v = sample_at (p, height, top, tall, height);
      Sample h = sample_at (mirror ? width - 1u - q : q, width, left, wide, width);
      uint upper = (n * height + v.low) * width, lower = (n * height + v.high) * width;

      y[i] = mix (mix (x[(upper + h.low) * channels + c], x[(upper + h.high) * channels + c], h.fraction),
                  mix (x[(lower + h.low) * channels + c], x[(lower + h.high) * channels + c], h.fraction), v.fraction);
      return;
    }

  uvec2 rows = readers_of (p, height, top, tall), columns = readers_of (q, width, left, wide);
  float sum = 0.0;

  for (uint r = rows.x; r <= rows.y; r++)
    {
      float weight = weight_of (sample_at (r, height, top, tall, height), p);

      if (weight != 0.0)
        for (uint s = columns.x; s <= columns.y; s++)
          sum += weight * weight_of (sample_at (s, width, left, wide, width), q)
                 * x[((n * height + r) * width + (mirror ? width - 1u - s : s)) * channels + c];
    }
  y[i] = sum;
}
