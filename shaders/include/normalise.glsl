// normalise.glsl: batch normalisation and its activation, for a shader of lanes.glsl; bn-apply and the convolutions that do
// the same to their results compute it alike: `precise`, so that no compiler contracts it here and not there.

LANES
normalise (LANES x, LANES mean, LANES variance, LANES gamma, LANES beta, float epsilon, float slope)
{
  precise LANES y = (x - mean) * (gamma / sqrt (variance + epsilon)) + beta;

  return activate (y, slope);
}
