#version 460
// row-sum.comp for real GPUs: COLUMNS invocations a row
#include "lanes.glsl"
#include "group.glsl"

layout (binding = 0) readonly buffer X { float x[]; };
layout (binding = 1) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push
{
  uint rows, channels;
  float scale;
};

void
main ()
{
  uint own = own_index (), r = group_index () * (THREADS / COLUMNS) + own / COLUMNS;
  float sum = 0.0;

  if (r < rows)
    for (uint c = own % COLUMNS; c < channels; c += COLUMNS)
      sum += x[r * channels + c];
  for (uint stride = 1u; stride < COLUMNS; stride *= 2u)
    sum += partner (sum, stride);
  if (r < rows && own % COLUMNS == 0u)
    y[r] = scale * sum;
}
