// staged.glsl: factors as the product kernels keep them in shared memory, in fours: as they are or, with FLOAT16, in half
// the room with 11 significant bits, and with MATRICES the same as words. They are multiplied and added up in float32.

#ifdef FLOAT16
#ifdef MATRICES
#define STAGED uvec2
#define TO_STAGED(factors) uvec2 (packHalf2x16 ((factors).xy), packHalf2x16 ((factors).zw))
#else
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#define STAGED f16vec4
#define TO_STAGED(factors) STAGED (factors)
#endif

// Rounded to the nearest, ties to even, before the device's own conversion, which may do otherwise; the largest float16 for
// what is larger, so that nothing finite becomes infinite. Infinities and what is not a number stay.
STAGED
staged (vec4 factors, float scale)
{
  uvec4 bits = floatBitsToUint (factors * scale), size = bits & 0x7fffffffu;
  uvec4 rounded = (bits + 0xfffu + (bits >> 13 & 1u)) & 0xffffe000u;

  rounded = mix (rounded, (bits & 0x80000000u) | 0x477fe000u, greaterThan (size, uvec4 (0x477fe000u))); // 65504
  return TO_STAGED (uintBitsToFloat (mix (bits, rounded, lessThan (size, uvec4 (0x7f800000u)))));
}
#define unscaled(sum, scale) ((sum) * (scale))
#else
#define STAGED vec4
#define staged(factors, scale) (factors)
#define unscaled(sum, scale) (sum)
#endif
