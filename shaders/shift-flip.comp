#version 460
// y[p, q] ← x[p + oy + origin, q' + ox + origin], q' mirrored where flip ≠ 0; outside zeros or the opposite side.
// The gradient is the same map read backwards.
#include "common.glsl"
#include "lanes.glsl"

layout (constant_id = 0) const uint GRADIENT = 0u;
layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) readonly buffer Offset { int offset[]; };
layout (binding = 2) readonly buffer Flip { int flip[]; };
layout (binding = 3) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push
{
  uint count, channels, height, width, own_offset, own_flip, wrap;
  int origin_y, origin_x;
};

// i modulo size; % is undefined for negative numbers (GLSL 4.60, 5.9)
int
wrapped (int i, int size)
{
  return i < 0 ? size - 1 - (-1 - i) % size : i % size;
}

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint c = i % channels, n = i / channels / width / height;
  int q = int (i / channels % width), p = int (i / channels / width % height), h = int (height), w = int (width);
  uint draw = own_offset != 0u ? 2u * n : 0u;
  int down = offset[draw] + origin_y, across = offset[draw + 1u] + origin_x;
  bool mirror = flip[own_flip != 0u ? n : 0u] != 0;

  if (GRADIENT != 0u)
    {
      p -= down;
      q -= across;
    }
  else
    {
      p += down;
      q = (mirror ? w - 1 - q : q) + across;
    }
  if (wrap != 0u)
    {
      p = wrapped (p, h);
      q = wrapped (q, w);
    }
  if (GRADIENT != 0u && mirror)
    q = w - 1 - q;
  y[i] = p >= 0 && p < h && q >= 0 && q < w ? x[((n * height + uint (p)) * width + uint (q)) * channels + c]
                                            : LANES (0.0);
}
