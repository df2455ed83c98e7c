// group.glsl: reductions of real GPUs: the invocations of a work group each reduce a part, then exchange what they have in a
// butterfly, through the subgroup where partners are in the same one, else through shared memory. The order of
// additions is the same either way and on every run. Needs lanes.glsl.
//
// Nothing is assumed of the size of subgroups: where they do not fill the work group exactly they are not used.
#ifdef SUBGROUPS
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require
#endif

layout (local_size_x_id = 0) in;
layout (constant_id = 0) const uint THREADS = 128u;
// a power of two: COLUMNS neighbouring columns a work group, or as many invocations a row
layout (constant_id = 1) const uint COLUMNS = 1u;

shared LANES exchanged[THREADS];

bool
subgroups_fill ()
{
#ifdef SUBGROUPS
  return gl_NumSubgroups * gl_SubgroupSize == THREADS;
#else
  return false;
#endif
}

// the index of an invocation in its group, such that partners are close
uint
own_index ()
{
#ifdef SUBGROUPS
  if (subgroups_fill ())
    return gl_SubgroupID * gl_SubgroupSize + gl_SubgroupInvocationID;
#endif
  return gl_LocalInvocationID.x;
}

// what the invocation whose index differs by `stride`, a power of two, has; all invocations of a group call it
LANES
partner (LANES value, uint stride)
{
#ifdef SUBGROUPS
  if (subgroups_fill () && stride < gl_SubgroupSize)
    return subgroupShuffleXor (value, stride);
#endif
  uint own = own_index ();

  exchanged[own] = value;
  barrier ();

  LANES other = exchanged[own ^ stride];

  barrier ();
  return other;
}

// the sum over invocations of the same column
LANES
sum_of_column (LANES sum)
{
  for (uint stride = COLUMNS; stride < THREADS; stride *= 2u)
    sum += partner (sum, stride);
  return sum;
}

// the host splits groups over two dimensions because one holds at most 65,535
uint
group_index ()
{
  return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
}
