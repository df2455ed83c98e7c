/* kernels.c: the table of kernels and their scratch. */
#include "kernels-private.h"

#include "cpu-private.h"

#define K(OP, name) [DFKD_OP_##OP] = { .run = dfkd_cpu_##name }
static const DfkdCpuOp ops[] = {
  [DFKD_OP_VARIABLE] = { NULL }, /* these never run */
  [DFKD_OP_DIAL] = { NULL },
  [DFKD_OP_DETACH] = { NULL },
  [DFKD_OP_RESHAPE] = { NULL },
  K (FILL, fill),
  K (IOTA, iota),
  K (RANDOM_NORMAL, random),
  K (RANDOM_UNIFORM, random),
  K (RANDOM_INTEGER, random),
  K (ASSIGN, assign),
  K (ASSIGN_IF, assign_if),
  K (BLEND, blend),
  K (ADAM, adam),
  K (SGD, sgd),
  K (RUNNING_UPDATE, running_update),
  K (STORE_IMAGES, store_images),
  K (STORE_ROWS, store_rows),
  K (READ, copy),
  K (AFFINE, unary),
  K (ABSOLUTE, unary),
  K (SIGN, unary),
  K (SQUARE, unary),
  K (SQUARE_ROOT, unary),
  K (RECIPROCAL, unary),
  K (EXPONENTIAL, unary),
  K (LOGARITHM, unary),
  K (LEAKY_RELU, unary),
  K (SIGMOID, unary),
  K (TANH, unary),
  K (CLAMP, unary),
  K (ADD, binary),
  K (SUBTRACT, binary),
  K (MULTIPLY, binary),
  K (DIVIDE, binary),
  K (LESS, binary),
  K (EQUAL, binary),
  K (LEAKY_RELU_GRADIENT, activation_gradient),
  K (SIGMOID_GRADIENT, activation_gradient),
  K (TANH_GRADIENT, activation_gradient),
  K (CLAMP_GRADIENT, activation_gradient),
  K (SUM, sum),
  K (NORM, sum),
  K (CHANNEL_SUM, channel_sum),
  K (ROW_SUM, row_sum),
  K (EXPAND, expand),
  K (SOFTMAX, softmax),
  K (LOG_SOFTMAX, softmax),
  K (ARG_MAX, arg_max),
  K (ONE_HOT, one_hot),
  K (TOP_HIT, top_hit),
  K (MATRIX_PRODUCT, matrix_product),
  [DFKD_OP_CONVOLUTION] = { dfkd_cpu_convolution, dfkd_cpu_pack_weights, NULL },
  [DFKD_OP_CONVOLUTION_TO_DATA] = { dfkd_cpu_convolution_to_data, dfkd_cpu_pack_weights, NULL },
  [DFKD_OP_CONVOLUTION_TO_WEIGHTS] = { dfkd_cpu_convolution_to_weights, NULL, dfkd_cpu_convolution_to_weights_finish },
  [DFKD_OP_BN_STATISTICS] = { dfkd_cpu_bn_statistics, NULL, dfkd_cpu_bn_statistics_finish },
  [DFKD_OP_BN_APPLY] = { dfkd_cpu_bn_apply, dfkd_cpu_bn_apply_prepare, NULL },
  [DFKD_OP_BN_SUMS] = { dfkd_cpu_bn_sums, NULL, dfkd_cpu_bn_sums_finish },
  K (BN_STATISTICS_GRADIENT, bn_statistics_gradient),
  K (CHANNEL_COEFFICIENTS, channel_coefficients),
  K (CHANNEL_MIX, channel_mix),
  K (STATISTICS_DISTANCE, statistics_distance),
  K (STATISTICS_DISTANCE_GRADIENT, statistics_distance_gradient),
  K (MAX_POOL, max_pool),
  K (MAX_POOL_GRADIENT, max_pool_gradient),
  K (AVERAGE_POOL, average_pool),
  K (AVERAGE_POOL_GRADIENT, average_pool_gradient),
  K (SPATIAL_MEAN, spatial_mean),
  K (SPATIAL_MEAN_GRADIENT, spatial_mean_gradient),
  K (UPSAMPLE_NEAREST, upsample_nearest),
  K (UPSAMPLE_NEAREST_GRADIENT, upsample_nearest_gradient),
  K (RESIZE_BILINEAR, resize_bilinear),
  K (RESIZE_BILINEAR_GRADIENT, resize_bilinear_gradient),
  K (CROP, window),
  K (PAD, window),
  K (CONCATENATE, concatenate),
  K (CHANNEL_SHUFFLE, channel_shuffle),
  K (FLATTEN, flatten),
  K (UNFLATTEN, flatten),
  K (SHIFT_FLIP, shift_flip),
  K (SHIFT_FLIP_GRADIENT, shift_flip),
  K (RESIZED_CROP, resized_crop),
  K (RESIZED_CROP_GRADIENT, resize_bilinear_gradient),
  K (GATHER_IMAGES, gather_images),
  K (GATHER_INTEGERS, gather_integers),
  K (GATHER_ROWS, gather_rows),
};
#undef K

G_STATIC_ASSERT (G_N_ELEMENTS (ops) == DFKD_N_OPS);

const DfkdCpuOp *
dfkd_cpu_op (DfkdOp op)
{
  return &ops[op];
}

gsize
dfkd_cpu_workspace (const DfkdStep *step, gboolean alone, gpointer device)
{
  switch (step->op)
    {
    case DFKD_OP_SUM:
    case DFKD_OP_NORM:
    case DFKD_OP_CHANNEL_SUM:
      return dfkd_cpu_reduction_workspace (step);
    case DFKD_OP_CONVOLUTION:
    case DFKD_OP_CONVOLUTION_TO_DATA:
    case DFKD_OP_CONVOLUTION_TO_WEIGHTS:
      return dfkd_cpu_convolution_workspace (step, ((DfkdDevice *) device)->precision, alone ? 1 : dfkd_cpu_threads (device));
    default:
      return 0;
    }
}

gsize
dfkd_cpu_shared (const DfkdStep *step, const DfkdChain *chain, gpointer device)
{
  switch (step->op)
    {
    case DFKD_OP_BN_STATISTICS:
    case DFKD_OP_BN_APPLY:
    case DFKD_OP_BN_SUMS:
      return dfkd_cpu_normalise_shared (step, chain);
    case DFKD_OP_CONVOLUTION:
    case DFKD_OP_CONVOLUTION_TO_DATA:
    case DFKD_OP_CONVOLUTION_TO_WEIGHTS:
      return dfkd_cpu_convolution_shared (step, ((DfkdDevice *) device)->precision, chain);
    default:
      return 0;
    }
}

gboolean
dfkd_cpu_slices (const DfkdStep *step, gpointer device)
{
  const gsize most = 1 << 20; /* bytes of a matrix that every slice reads */

  switch (step->op)
    {
    case DFKD_OP_CONVOLUTION:
    case DFKD_OP_CONVOLUTION_TO_DATA:
    case DFKD_OP_CONVOLUTION_TO_WEIGHTS:
      return dfkd_cpu_convolution_slices (step, ((DfkdDevice *) device)->precision);
    case DFKD_OP_MATRIX_PRODUCT:
      return dfkd_shape_bytes (&step->input_shape[1]) <= most;
    default:
      return TRUE;
    }
}
