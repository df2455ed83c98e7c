// pool.glsl: the push constants of the pooling kernels: x's channels and size, y's size, the window; and what is no number.

layout (push_constant) uniform Push
{
  uint count, channels, in_height, in_width, out_height, out_width, kernel, stride, padding;
};

// by its bits: of isnan() a driver may say that it never is
bool
is_nan (float value)
{
  return (floatBitsToUint (value) & 0x7fffffffu) > 0x7f800000u;
}
