#version 460
// Mean and biased variance over rows. A part is (count, mean, Σ(x − mean)²) of rows j, j + parts …; parts are
// combined by the formula of Chan, Golub and LeVeque (1979). The last pass, of one part, writes [mean, variance].
#include "common.glsl"
#include "lanes.glsl"

layout (binding = 0) readonly buffer X { LANES x[]; };
layout (binding = 1) writeonly buffer Y { LANES y[]; };
layout (push_constant) uniform Push { uint rows, channels, parts, raw; };

void
main ()
{
  uint i = thread_index ();

  if (i >= parts * channels)
    return;

  uint c = i % channels, part = i / channels;
  LANES number = LANES (0.0), mean = LANES (0.0), squares = LANES (0.0);

  if (raw != 0u)
    {
      // the mean by differences from the first row, then the squares about it: nothing cancels, wherever the mean is
      LANES origin = x[i], sum = LANES (0.0);

      for (uint r = part; r < rows; r += parts)
        {
          number += LANES (1.0);
          sum += x[r * channels + c] - origin;
        }
      mean = origin + sum / number;
      for (uint r = part; r < rows; r += parts)
        {
          LANES difference = x[r * channels + c] - mean;

          squares += difference * difference;
        }
    }
  else
    for (uint r = part; r < rows; r += parts)
      {
        uint at = 3u * (r * channels + c);
        LANES other = x[at], together = number + other, difference = x[at + 1u] - mean;

        mean += difference * (other / together);
        squares += x[at + 2u] + difference * difference * (number * other / together);
        number = together;
      }
  if (parts == 1u)
    {
      y[c] = mean;
      y[channels + c] = squares / number;
    }
  else
    {
      y[3u * i] = number;
      y[3u * i + 1u] = mean;
      y[3u * i + 2u] = squares;
    }
}
