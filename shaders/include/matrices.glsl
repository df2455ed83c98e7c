// matrices.glsl: products of tiles by cooperative matrices: a subgroup multiplies factors of float16 straight from shared
// memory, and adds up in float32, PART_ROWS × PART_COLUMNS results in matrices of MATRIX_ROWS × MATRIX_COLUMNS. No other file
// knows the names of VK_NV_cooperative_matrix.
//
// A shader has `rows` and `columns` in shared memory, in fours of float16, and says before including this how they lie:
// DEPTH_FIRST: from one term of the depth to the next, else the terms of one row or column lie together. ROW_STRIDE and
// COLUMN_STRIDE lead to the next, in fours, and are even: loads have to be aligned to 16 bytes.
//
// Variant: EMULATED: the same with ordinary arithmetic, for tests on devices without such matrices: whatever is around the
// three operations below is then what a GPU runs. SPOILED leaves out the last term of each step, to test that it is noticed.
#pragma use_vulkan_memory_model
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require

layout (constant_id = 8) const uint SUBGROUP = 32u; // invocations
layout (constant_id = 9) const uint MATRIX_ROWS = 16u;
layout (constant_id = 10) const uint MATRIX_COLUMNS = 16u;
layout (constant_id = 11) const uint MATRIX_DEPTH = 16u;

const uint DOWN = PART_ROWS / MATRIX_ROWS, ACROSS = PART_COLUMNS / MATRIX_COLUMNS; // matrices of a subgroup
const uint MATRIX_SIZE = MATRIX_ROWS * MATRIX_COLUMNS;

shared float results[ROW_PARTS * COLUMN_PARTS * MATRIX_SIZE]; // a matrix of each subgroup on its way to memory

// where in shared memory a matrix begins, in fours
uint
element (uint index, uint k, uint stride)
{
#ifdef DEPTH_FIRST
  return k * stride + index / 4u;
#else
  return index * stride + k / 4u;
#endif
}

#ifdef EMULATED
// Mesa's software driver compiles for long what is unrolled, and ends every loop of an invocation after 65,535 turns in all:
// so the innermost loop is, and the others are not.
#define UNROLLED [[dont_unroll]]
layout (constant_id = 12) const uint SPOILED = 0u;

const uint EACH = MATRIX_SIZE / SUBGROUP; // results of an invocation

vec4
halves_of (uvec2 four)
{
  return vec4 (unpackHalf2x16 (four.x), unpackHalf2x16 (four.y));
}

#ifdef DEPTH_FIRST
#define FACTORS(array, from, index, k, stride) \
  vec4 (halves_of (array[from + (k) * stride + (index) / 4u])[(index) % 4u], \
        halves_of (array[from + (k + 1u) * stride + (index) / 4u])[(index) % 4u], \
        halves_of (array[from + (k + 2u) * stride + (index) / 4u])[(index) % 4u], \
        halves_of (array[from + (k + 3u) * stride + (index) / 4u])[(index) % 4u])
#else
#define FACTORS(array, from, index, k, stride) halves_of (array[from + (index) * stride + (k) / 4u])
#endif
#define LEFT uint
#define RIGHT uint
#define DECLARE_SUMS(sums) float sums[DOWN * ACROSS * EACH]
#define CLEAR(sums, number) \
  UNROLLED for (uint e = 0u; e < EACH; e++) \
    sums[(number) * EACH + e] = 0.0
#define LOAD_LEFT(matrix, from) matrix = from
#define LOAD_RIGHT(matrix, from) matrix = from
#define MULTIPLY_ADD(sums, number, left, right) \
  UNROLLED for (uint e = 0u; e < EACH; e++) \
    [[unroll]] for (uint k = 0u; k < MATRIX_DEPTH; k += 4u) \
      sums[(number) * EACH + e] += dot (FACTORS (rows, left, at_lane (e) / MATRIX_COLUMNS, k, ROW_STRIDE), \
                                        (k + 4u + SPOILED > MATRIX_DEPTH ? vec4 (1.0, 1.0, 1.0, 1.0 - float (SPOILED)) : vec4 (1.0)) \
                                          * FACTORS (columns, right, at_lane (e) % MATRIX_COLUMNS, k, COLUMN_STRIDE))
#define STORE(sums, number, from) \
  UNROLLED for (uint e = 0u; e < EACH; e++) \
    results[from + at_lane (e)] = sums[(number) * EACH + e]

uint
at_lane (uint e)
{
  return e * SUBGROUP + gl_SubgroupInvocationID;
}
#else
#extension GL_NV_cooperative_matrix : require
#define UNROLLED [[unroll]]
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require

#ifdef DEPTH_FIRST
#define LEFT_TURNED true // the columns of a matrix lie together
#else
#define LEFT_TURNED false
#endif
#define LEFT fcoopmatNV<16, gl_ScopeSubgroup, MATRIX_ROWS, MATRIX_DEPTH>
#define RIGHT fcoopmatNV<16, gl_ScopeSubgroup, MATRIX_DEPTH, MATRIX_COLUMNS>
#define SUMS fcoopmatNV<32, gl_ScopeSubgroup, MATRIX_ROWS, MATRIX_COLUMNS>
#define DECLARE_SUMS(sums) SUMS sums[DOWN * ACROSS]
#define CLEAR(sums, number) sums[number] = SUMS (0.0)
#define LOAD_LEFT(matrix, from) coopMatLoadNV (matrix, rows, from, ROW_STRIDE, LEFT_TURNED)
#define LOAD_RIGHT(matrix, from) coopMatLoadNV (matrix, columns, from, COLUMN_STRIDE, !LEFT_TURNED)
#define MULTIPLY_ADD(sums, number, left, right) sums[number] = coopMatMulAddNV (left, right, sums[number])
#define STORE(sums, number, from) coopMatStoreNV (sums[number], results, from, MATRIX_COLUMNS, false)
#endif

// what the subgroup's part of the tile adds up over the depth that is staged
#define ADD_STAGED(sums) \
  { \
    uint first_row = gl_SubgroupID / COLUMN_PARTS * PART_ROWS, first_column = gl_SubgroupID % COLUMN_PARTS * PART_COLUMNS; \
 \
    UNROLLED for (uint depth = 0u; depth < TILE_DEPTH; depth += MATRIX_DEPTH) \
      { \
        LEFT left[DOWN]; \
        RIGHT right; \
 \
        UNROLLED for (uint i = 0u; i < DOWN; i++) \
          LOAD_LEFT (left[i], element (first_row + i * MATRIX_ROWS, depth, ROW_STRIDE)); \
        UNROLLED for (uint j = 0u; j < ACROSS; j++) \
          { \
            LOAD_RIGHT (right, element (first_column + j * MATRIX_COLUMNS, depth, COLUMN_STRIDE)); \
            UNROLLED for (uint i = 0u; i < DOWN; i++) \
              MULTIPLY_ADD (sums, i * ACROSS + j, left[i], right); \
          } \
      } \
  }

// hands every sum to store (row, column, sum), both within the tile
#define STORE_SUMS(sums) \
  { \
    uint first_row = gl_SubgroupID / COLUMN_PARTS * PART_ROWS, first_column = gl_SubgroupID % COLUMN_PARTS * PART_COLUMNS; \
    uint own = gl_SubgroupID * MATRIX_SIZE; \
 \
    UNROLLED for (uint number = 0u; number < DOWN * ACROSS; number++) \
      { \
        STORE (sums, number, own); \
        subgroupBarrier (); \
        for (uint e = gl_SubgroupInvocationID; e < MATRIX_SIZE; e += SUBGROUP) \
          store (first_row + number / ACROSS * MATRIX_ROWS + e / MATRIX_COLUMNS, \
                 first_column + number % ACROSS * MATRIX_COLUMNS + e % MATRIX_COLUMNS, results[own + e]); \
        subgroupBarrier (); \
      } \
  }
