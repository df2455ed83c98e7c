#version 460
// Bilinear resizing, half-pixel centres, edges repeated, and its adjoint. `in`: the image's size, `out`: the resized.
#include "common.glsl"
#include "bilinear.glsl"

layout (constant_id = 0) const uint GRADIENT = 0u;
layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint count, channels, in_height, in_width, out_height, out_width; };

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint width = GRADIENT != 0u ? in_width : out_width, height = GRADIENT != 0u ? in_height : out_height;
  uint c = i % channels, q = i / channels % width, p = i / channels / width % height, n = i / channels / width / height;
  float tall = float (in_height), wide = float (in_width);

  if (GRADIENT == 0u)
    {
      Sample v = sample_at (p, out_height, 0.0, tall, in_height), h = sample_at (q, out_width, 0.0, wide, in_width);
      uint top = (n * in_height + v.low) * in_width, bottom = (n * in_height + v.high) * in_width;

      y[i] = mix (mix (x[(top + h.low) * channels + c], x[(top + h.high) * channels + c], h.fraction),
                  mix (x[(bottom + h.low) * channels + c], x[(bottom + h.high) * channels + c], h.fraction), v.fraction);
      return;
    }

  uvec2 rows = readers_of (p, out_height, 0.0, tall), columns = readers_of (q, out_width, 0.0, wide);
  float sum = 0.0;

  for (uint r = rows.x; r <= rows.y; r++)
    {
      float weight = weight_of (sample_at (r, out_height, 0.0, tall, in_height), p);

      if (weight != 0.0)
        for (uint s = columns.x; s <= columns.y; s++)
          sum += weight * weight_of (sample_at (s, out_width, 0.0, wide, in_width), q)
                 * x[((n * out_height + r) * out_width + s) * channels + c];
    }
  y[i] = sum;
}
