#version 460
// column-sums.comp for real GPUs: part j sums rows j·R + i, (j + parts)·R + i …, R rows at a time
#include "lanes.glsl"
#include "group.glsl"

layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push
{
  uint rows, columns, parts, blocks;
  float scale;
  uint flags; // 1: of squares, 2: the root of the sum
};

void
main ()
{
  uint own = own_index (), at_once = THREADS / COLUMNS, group = group_index ();
  uint c = group % blocks * COLUMNS + own % COLUMNS, part = group / blocks;
  LANES sum = LANES (0.0);

  if (part >= parts)
    return;
  if (c < columns)
    for (uint r = part * at_once + own / COLUMNS; r < rows; r += parts * at_once)
      sum += (flags & 1u) != 0u ? x[r * columns + c] * x[r * columns + c] : x[r * columns + c];
  sum = sum_of_column (sum) * scale;
  if (own < COLUMNS && c < columns)
    y[part * columns + c] = (flags & 2u) != 0u ? sqrt (sum) : sum;
}
