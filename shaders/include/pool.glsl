// pool.glsl: the push constants of the pooling kernels: x's channels and size, y's size, the window.

layout (push_constant) uniform Push
{
  uint count, channels, in_height, in_width, out_height, out_width, kernel, stride, padding;
};
