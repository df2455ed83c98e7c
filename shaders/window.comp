#version 460
// Crop: the window at an origin; pad: its adjoint, zeros around. `in` is the operand, `out` the result.
#include "common.glsl"
#include "lanes.glsl"

layout (constant_id = 0) const uint PAD = 0u;
layout (binding = 0) readonly buffer X { WORDS x[]; };
layout (binding = 1) writeonly buffer Y { WORDS y[]; };
layout (push_constant) uniform Push
{
  uint count, in_channels, in_height, in_width, out_channels, out_height, out_width, channel, row, column;
};

void
main ()
{
  uint i = thread_index ();

  if (i >= count)
    return;

  uint c = i % out_channels, q = i / out_channels % out_width, p = i / out_channels / out_width % out_height;
  uint n = i / out_channels / out_width / out_height;

  // below the origin wraps to large
  c = PAD != 0u ? c - channel : c + channel;
  p = PAD != 0u ? p - row : p + row;
  q = PAD != 0u ? q - column : q + column;
  y[i] = c < in_channels && p < in_height && q < in_width
             ? x[((n * in_height + p) * in_width + q) * in_channels + c]
             : WORDS (0u);
}
