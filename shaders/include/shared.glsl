// shared.glsl: the matrix products of real GPUs. A work group computes TILE_ROWS × TILE_COLUMNS results from operands that
// it stages in shared memory TILE_DEPTH deep; an invocation keeps PART_ROWS × PART_COLUMNS of them in registers, so far
// apart that neighbours read and write neighbouring addresses. With MATRICES a subgroup keeps as many, next to each other
// (matrices.glsl). With POSITIONS there are as many such products side by side. All sizes are chosen by the host (tilings.c).
#extension GL_EXT_control_flow_attributes : require

layout (local_size_x_id = 0) in; // THREADS
layout (constant_id = 1) const uint TILE_ROWS = 64u;
layout (constant_id = 2) const uint TILE_COLUMNS = 64u;
layout (constant_id = 3) const uint TILE_DEPTH = 16u;
layout (constant_id = 4) const uint PART_ROWS = 4u;
layout (constant_id = 5) const uint PART_COLUMNS = 4u;
layout (constant_id = 6) const uint ROLLED = 0u; // the loop along the depth stays one: fewer registers, less code

const uint ROW_PARTS = TILE_ROWS / PART_ROWS, COLUMN_PARTS = TILE_COLUMNS / PART_COLUMNS;
#ifdef MATRICES
#include "matrices.glsl"
const uint THREADS = ROW_PARTS * COLUMN_PARTS * SUBGROUP;
#else
#ifndef POSITIONS
#define POSITIONS 1u
#endif
#define UNROLLED [[unroll]]
const uint THREADS = ROW_PARTS * COLUMN_PARTS * POSITIONS;
#endif
// how many groups of four an invocation moves to shared memory a time, for the rows and for the columns
const uint ROW_MOVES = (TILE_ROWS * TILE_DEPTH / 4u + THREADS - 1u) / THREADS;
const uint COLUMN_MOVES = (TILE_COLUMNS * TILE_DEPTH / 4u + THREADS - 1u) / THREADS;

// the host splits groups over two dimensions because one holds at most 65,535
uint
group_index ()
{
  return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
}
