// convolution.glsl: the push constants of the general convolution kernels, as emit-convolution.c writes them.

layout (push_constant) uniform Push
{
  uint count;
  uint in_channels, in_height, in_width, out_channels, out_height, out_width, kernel_height, kernel_width;
  uint stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups;
  uint first, second; // forward, to data: operands present; to weights: parts and image rows
#ifdef MORE_PUSH
  MORE_PUSH
#endif
};
