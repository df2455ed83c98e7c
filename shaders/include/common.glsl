// common.glsl: what every shader shares: the size of a work group and the index of an invocation, which
// the host splits over two dimensions because one holds at most 65,535 groups.

#include "activation.glsl"

layout (local_size_x = 128) in;

uint
thread_index ()
{
  return (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
}
