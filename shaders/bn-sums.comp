#version 460
// part j of [Σ dy'·x̂, Σ dy'] over rows j, j + parts …; dy' = act'(y)·dy, x̂ = (x − μ) / √(σ² + ε)
#include "common.glsl"
#include "lanes.glsl"

layout (binding = 0) readonly buffer DY { LANES dy[]; };
layout (binding = 1) readonly buffer Result { LANES y[]; };
layout (binding = 2) readonly buffer X { LANES x[]; };
layout (binding = 3) readonly buffer Statistics { LANES statistics[]; };
layout (binding = 4) writeonly buffer Sums { LANES sums[]; };
layout (push_constant) uniform Push
{
  uint rows, channels, parts;
  float epsilon, slope;
};

void
main ()
{
  uint i = thread_index ();

  if (i >= parts * channels)
    return;

  uint c = i % channels, part = i / channels;
  LANES mean = statistics[c], product = LANES (0.0), sum = LANES (0.0);

  for (uint r = i; r < rows * channels; r += parts * channels)
    {
      LANES d = slope == 1.0 ? dy[r] : dy[r] * activation_slope (y[r], slope);

      product += d * (x[r] - mean);
      sum += d;
    }
  sums[2u * part * channels + c] = product / sqrt (statistics[channels + c] + epsilon);
  sums[(2u * part + 1u) * channels + c] = sum;
}
