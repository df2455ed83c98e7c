#version 460
// y[j, c] ← scale · Σ x[r, c] over rows r = j, j + parts, j + 2·parts …
#include "common.glsl"
#include "lanes.glsl"

layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push
{
  uint rows, columns, parts;
  float scale;
  uint flags; // 1: of squares, 2: the root of the sum
};

void
main ()
{
  uint i = thread_index ();

  if (i >= parts * columns)
    return;

  LANES sum = LANES (0.0);

  // x has rows·columns elements and i < parts·columns, so that r is j·columns + c and steps over whole parts
  for (uint r = i; r < rows * columns; r += parts * columns)
    sum += (flags & 1u) != 0u ? x[r] * x[r] : x[r];
  sum *= scale;
  y[i] = (flags & 2u) != 0u ? sqrt (sum) : sum;
}
