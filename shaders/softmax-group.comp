#version 460
// softmax.comp for real GPUs: COLUMNS invocations a row
#include "lanes.glsl"
#include "group.glsl"
#include "math.glsl"

layout (constant_id = 2) const uint LOGARITHM = 0u;
layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint rows, channels; };

void
main ()
{
  uint own = own_index (), r = group_index () * (THREADS / COLUMNS) + own / COLUMNS, first = r * channels;
  bool inside = r < rows;
  float most = inside ? x[first] : 0.0, sum = 0.0;

  if (inside)
    for (uint c = own % COLUMNS; c < channels; c += COLUMNS)
      most = max (most, x[first + c]);
  for (uint stride = 1u; stride < COLUMNS; stride *= 2u)
    most = max (most, partner (most, stride));
  if (inside)
    for (uint c = own % COLUMNS; c < channels; c += COLUMNS)
      sum += exponential (x[first + c] - most);
  for (uint stride = 1u; stride < COLUMNS; stride *= 2u)
    sum += partner (sum, stride);
  if (inside)
    for (uint c = own % COLUMNS; c < channels; c += COLUMNS)
      y[first + c] = LOGARITHM != 0u ? x[first + c] - most - logarithm (sum) : exponential (x[first + c] - most) / sum;
}
