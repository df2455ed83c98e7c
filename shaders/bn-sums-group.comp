#version 460
// bn-sums.comp for real GPUs: part j sums rows j·R + i, (j + parts)·R + i …, R rows at a time
#include "lanes.glsl"
#include "activation.glsl"
#include "group.glsl"

layout (binding = 0) readonly buffer DY { LANES dy[]; };
layout (binding = 1) readonly buffer Result { LANES y[]; };
layout (binding = 2) readonly buffer X { LANES x[]; };
layout (binding = 3) readonly buffer Statistics { LANES statistics[]; };
layout (binding = 4) writeonly buffer Sums { LANES sums[]; };
layout (push_constant) uniform Push
{
  uint rows, channels, parts, blocks;
  float epsilon, slope;
};

void
main ()
{
  uint own = own_index (), at_once = THREADS / COLUMNS, group = group_index ();
  uint c = group % blocks * COLUMNS + own % COLUMNS, part = group / blocks;
  bool inside = c < channels;
  LANES mean = inside ? statistics[c] : LANES (0.0), product = LANES (0.0), sum = LANES (0.0);

  if (part >= parts)
    return;
  if (inside)
    for (uint r = part * at_once + own / COLUMNS; r < rows; r += parts * at_once)
      {
        uint at = r * channels + c;
        LANES d = slope == 1.0 ? dy[at] : dy[at] * activation_slope (y[at], slope);

        product += d * (x[at] - mean);
        sum += d;
      }
  product = sum_of_column (product);
  sum = sum_of_column (sum);
  if (own < COLUMNS && inside)
    {
      sums[2u * part * channels + c] = product / sqrt (statistics[channels + c] + epsilon);
      sums[(2u * part + 1u) * channels + c] = sum;
    }
}
