// bilinear.glsl: where an output pixel reads on one axis: half-pixel centres, edges repeated.

struct Sample
{
  uint low, high;  // the two source pixels
  float fraction;  // weight of the second
};

// origin and extent: the part of the source, in its pixels, that is stretched over `outputs` pixels
Sample
sample_at (uint index, uint outputs, float origin, float extent, uint source)
{
  float first = max (origin, 0.0), last = min (origin + extent, float (source)) - 1.0;
  float at = origin + (float (index) + 0.5) * (extent / float (outputs)) - 0.5;
  float inside = at < first ? first : at > last ? last : at;
  uint low = min (uint (inside), source - 1u);

  return Sample (low, min (low + 1u, uint (max (last, 0.0))), inside - float (low));
}

// what `s` gives to source pixel `pixel`
float
weight_of (Sample s, uint pixel)
{
  return (s.low == pixel ? 1.0 - s.fraction : 0.0) + (s.high == pixel ? s.fraction : 0.0);
}

// the output pixels that may read source pixel `pixel`: a superset, their weights decide
uvec2
readers_of (uint pixel, uint outputs, float origin, float extent)
{
  float ratio = float (outputs) / max (extent, 1e-3), centre = float (pixel) - origin + 0.5;
  float first = clamp (floor ((centre - 1.5) * ratio - 0.5), 0.0, float (outputs - 1u));
  float last = clamp (ceil ((centre + 1.5) * ratio - 0.5), 0.0, float (outputs - 1u));

  return uvec2 (uint (first), uint (last));
}
