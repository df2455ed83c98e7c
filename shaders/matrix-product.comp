#version 460
// y[m, n] ← op (a)·op (b) + bias; 4 × 4 results an invocation
#extension GL_EXT_control_flow_attributes : require
#include "common.glsl"

layout (constant_id = 0) const uint TRANSPOSE_A = 0u;
layout (constant_id = 1) const uint TRANSPOSE_B = 0u;
layout (binding = 0) readonly buffer A { float a[]; };
layout (binding = 1) readonly buffer B { float b[]; };
layout (binding = 2) readonly buffer Bias { float bias[]; };
layout (binding = 3) writeonly buffer Y { float y[]; };
layout (push_constant) uniform Push { uint m, n, k, biased; };

void
main ()
{
  uint i = thread_index (), blocks = (n + 3u) / 4u;

  if (i >= blocks * ((m + 3u) / 4u))
    return;

  uint row = i / blocks * 4u, column = i % blocks * 4u;
  // beyond the edge the last row or column is computed again and not stored
  uvec4 rows = min (row + uvec4 (0u, 1u, 2u, 3u), m - 1u), columns = min (column + uvec4 (0u, 1u, 2u, 3u), n - 1u);
  uvec4 ai = TRANSPOSE_A != 0u ? rows : rows * k, bi = TRANSPOSE_B != 0u ? columns * k : columns;
  uint a_step = TRANSPOSE_A != 0u ? m : 1u, b_step = TRANSPOSE_B != 0u ? 1u : n;
  vec4 sum0 = vec4 (0.0), sum1 = vec4 (0.0), sum2 = vec4 (0.0), sum3 = vec4 (0.0);

  for (uint p = 0u; p < k; p++)
    {
      vec4 right = vec4 (b[bi.x], b[bi.y], b[bi.z], b[bi.w]);

      sum0 += a[ai.x] * right;
      sum1 += a[ai.y] * right;
      sum2 += a[ai.z] * right;
      sum3 += a[ai.w] * right;
      ai += a_step;
      bi += b_step;
    }

  mat4 sums = mat4 (sum0, sum1, sum2, sum3);

  [[unroll]] for (uint r = 0u; r < 4u; r++)
    [[unroll]] for (uint c = 0u; c < 4u; c++)
      if (row + r < m && column + c < n)
        y[(row + r) * n + column + c] = sums[r][c] + (biased != 0u ? bias[column + c] : 0.0);
}
