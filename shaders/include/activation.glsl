// activation.glsl: (leaky) ReLU after batch normalisation, for one value; lanes.glsl has it for four.

// act'(y) from the result: leaky ReLU keeps the sign, so y > 0 says the same as x > 0
float
activation_slope (float y, float slope)
{
  return y > 0.0 ? 1.0 : slope;
}

float
activate (float x, float slope)
{
  return x > 0.0 ? x : slope * x;
}
