#version 460
// bn-statistics.comp for real GPUs: each invocation by Welford's formula (1962), then combined by that of Chan, Golub and
// LeVeque (1979). Part j has rows j·R + i, (j + parts)·R + i …, R rows at a time.
#include "lanes.glsl"
#include "group.glsl"

layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push { uint rows, channels, parts, blocks, raw; };

float number = 0.0; // the same for all lanes
LANES mean = LANES (0.0), squares = LANES (0.0);

void
combine (float other_number, LANES other_mean, LANES other_squares)
{
  float together = number + other_number, share = together > 0.0 ? other_number / together : 0.0;
  LANES difference = other_mean - mean;

  mean += difference * share;
  squares += other_squares + difference * difference * (number * share);
  number = together;
}

void
main ()
{
  uint own = own_index (), at_once = THREADS / COLUMNS, group = group_index ();
  uint c = group % blocks * COLUMNS + own % COLUMNS, part = group / blocks;

  if (part >= parts)
    return;
  if (c < channels)
    for (uint r = part * at_once + own / COLUMNS; r < rows; r += parts * at_once)
      if (raw != 0u)
        {
          LANES value = x[r * channels + c], difference = value - mean;

          number += 1.0;
          mean += difference / number;
          squares += difference * (value - mean);
        }
      else
        {
          uint at = 3u * (r * channels + c);

          combine (FIRST_LANE (x[at]), x[at + 1u], x[at + 2u]);
        }
  for (uint stride = COLUMNS; stride < THREADS; stride *= 2u)
    combine (FIRST_LANE (partner (LANES (number), stride)), partner (mean, stride), partner (squares, stride));
  if (own >= COLUMNS || c >= channels)
    return;
  if (parts == 1u)
    {
      y[c] = mean;
      y[channels + c] = squares / number;
    }
  else
    {
      uint at = 3u * (part * channels + c);

      y[at] = LANES (number);
      y[at + 1u] = mean;
      y[at + 2u] = squares;
    }
}
