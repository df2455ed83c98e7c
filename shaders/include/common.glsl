// common.glsl: what every shader shares: the size of a work group and the index of an invocation, which
// the host splits over two dimensions because one holds at most 65,535 groups.

layout (local_size_x = 128) in;

uint
thread_index ()
{
  return (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
}

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
