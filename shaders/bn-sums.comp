#version 460
// part j of [Σ dy'·x̂, Σ dy'] over rows j, j + parts …; dy' = act'(y)·dy, x̂ = (x − μ) / √(σ² + ε)
#include "common.glsl"

layout (binding = 0) readonly buffer DY { float dy[]; };
layout (binding = 1) readonly buffer Result { float y[]; };
layout (binding = 2) readonly buffer X { float x[]; };
layout (binding = 3) readonly buffer Statistics { float statistics[]; };
layout (binding = 4) writeonly buffer Sums { float sums[]; };
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
  float mean = statistics[c], product = 0.0, sum = 0.0;

  for (uint r = i; r < rows * channels; r += parts * channels)
    {
      float d = slope == 1.0 ? dy[r] : dy[r] * activation_slope (y[r], slope);

      product += d * (x[r] - mean);
      sum += d;
    }
  sums[2u * part * channels + c] = product / sqrt (statistics[channels + c] + epsilon);
  sums[(2u * part + 1u) * channels + c] = sum;
}
