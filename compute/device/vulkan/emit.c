/* emit.c: the table from ops to emit functions. */
#include "emit.h"

#include <math.h>

typedef struct
{
  DfkdEmit emit; /* NULL: never a step of a plan */
  DfkdEmitWorkspace workspace;
} Row;

static const Row rows[] = {
  [DFKD_OP_VARIABLE] = { NULL },
  [DFKD_OP_DIAL] = { NULL },
  [DFKD_OP_DETACH] = { NULL },
  [DFKD_OP_RESHAPE] = { NULL },
  [DFKD_OP_FILL] = { dfkd_emit_fill },
  [DFKD_OP_IOTA] = { dfkd_emit_iota },
  [DFKD_OP_RANDOM_NORMAL] = { dfkd_emit_random },
  [DFKD_OP_RANDOM_UNIFORM] = { dfkd_emit_random },
  [DFKD_OP_RANDOM_INTEGER] = { dfkd_emit_random },
  [DFKD_OP_ASSIGN] = { dfkd_emit_assign },
  [DFKD_OP_ASSIGN_IF] = { dfkd_emit_assign_if },
  [DFKD_OP_BLEND] = { dfkd_emit_blend },
  [DFKD_OP_ADAM] = { dfkd_emit_adam },
  [DFKD_OP_SGD] = { dfkd_emit_sgd },
  [DFKD_OP_RUNNING_UPDATE] = { dfkd_emit_running_update },
  [DFKD_OP_STORE_IMAGES] = { dfkd_emit_store_images },
  [DFKD_OP_STORE_ROWS] = { dfkd_emit_store_rows },
  [DFKD_OP_READ] = { dfkd_emit_read },
  [DFKD_OP_AFFINE] = { dfkd_emit_unary },
  [DFKD_OP_ABSOLUTE] = { dfkd_emit_unary },
  [DFKD_OP_SIGN] = { dfkd_emit_unary },
  [DFKD_OP_SQUARE] = { dfkd_emit_unary },
  [DFKD_OP_SQUARE_ROOT] = { dfkd_emit_unary },
  [DFKD_OP_RECIPROCAL] = { dfkd_emit_unary },
  [DFKD_OP_EXPONENTIAL] = { dfkd_emit_unary },
  [DFKD_OP_LOGARITHM] = { dfkd_emit_unary },
  [DFKD_OP_LEAKY_RELU] = { dfkd_emit_unary },
  [DFKD_OP_SIGMOID] = { dfkd_emit_unary },
  [DFKD_OP_TANH] = { dfkd_emit_unary },
  [DFKD_OP_CLAMP] = { dfkd_emit_unary },
  [DFKD_OP_ADD] = { dfkd_emit_binary },
  [DFKD_OP_SUBTRACT] = { dfkd_emit_binary },
  [DFKD_OP_MULTIPLY] = { dfkd_emit_binary },
  [DFKD_OP_DIVIDE] = { dfkd_emit_binary },
  [DFKD_OP_LESS] = { dfkd_emit_binary },
  [DFKD_OP_EQUAL] = { dfkd_emit_binary },
  [DFKD_OP_LEAKY_RELU_GRADIENT] = { dfkd_emit_binary },
  [DFKD_OP_SIGMOID_GRADIENT] = { dfkd_emit_binary },
  [DFKD_OP_TANH_GRADIENT] = { dfkd_emit_binary },
  [DFKD_OP_CLAMP_GRADIENT] = { dfkd_emit_binary },
  [DFKD_OP_SUM] = { dfkd_emit_sum, dfkd_sum_workspace },
  [DFKD_OP_CHANNEL_SUM] = { dfkd_emit_sum, dfkd_sum_workspace },
  [DFKD_OP_NORM] = { dfkd_emit_sum, dfkd_sum_workspace },
  [DFKD_OP_ROW_SUM] = { dfkd_emit_row_sum },
  [DFKD_OP_EXPAND] = { dfkd_emit_expand },
  [DFKD_OP_SOFTMAX] = { dfkd_emit_softmax },
  [DFKD_OP_LOG_SOFTMAX] = { dfkd_emit_softmax },
  [DFKD_OP_ARG_MAX] = { dfkd_emit_arg_max },
  [DFKD_OP_ONE_HOT] = { dfkd_emit_one_hot },
  [DFKD_OP_TOP_HIT] = { dfkd_emit_top_hit },
  [DFKD_OP_MATRIX_PRODUCT] = { dfkd_emit_matrix_product, dfkd_matrix_product_workspace },
  [DFKD_OP_CONVOLUTION] = { dfkd_emit_convolution },
  [DFKD_OP_CONVOLUTION_TO_DATA] = { dfkd_emit_convolution_to_data, dfkd_convolution_to_data_workspace },
  [DFKD_OP_CONVOLUTION_TO_WEIGHTS]
  = { dfkd_emit_convolution_to_weights, dfkd_convolution_to_weights_workspace },
  [DFKD_OP_BN_STATISTICS] = { dfkd_emit_bn_statistics, dfkd_bn_statistics_workspace },
  [DFKD_OP_BN_APPLY] = { dfkd_emit_bn_apply },
  [DFKD_OP_BN_SUMS] = { dfkd_emit_bn_sums, dfkd_bn_sums_workspace },
  [DFKD_OP_BN_STATISTICS_GRADIENT] = { dfkd_emit_bn_statistics_gradient },
  [DFKD_OP_CHANNEL_COEFFICIENTS] = { dfkd_emit_channel_coefficients },
  [DFKD_OP_CHANNEL_MIX] = { dfkd_emit_channel_mix },
  [DFKD_OP_STATISTICS_DISTANCE] = { dfkd_emit_statistics_distance },
  [DFKD_OP_STATISTICS_DISTANCE_GRADIENT] = { dfkd_emit_statistics_distance },
  [DFKD_OP_MAX_POOL] = { dfkd_emit_max_pool },
  [DFKD_OP_MAX_POOL_GRADIENT] = { dfkd_emit_max_pool },
  [DFKD_OP_AVERAGE_POOL] = { dfkd_emit_average_pool },
  [DFKD_OP_AVERAGE_POOL_GRADIENT] = { dfkd_emit_average_pool },
  [DFKD_OP_SPATIAL_MEAN] = { dfkd_emit_spatial_mean },
  [DFKD_OP_SPATIAL_MEAN_GRADIENT] = { dfkd_emit_spatial_mean },
  [DFKD_OP_UPSAMPLE_NEAREST] = { dfkd_emit_upsample },
  [DFKD_OP_UPSAMPLE_NEAREST_GRADIENT] = { dfkd_emit_upsample },
  [DFKD_OP_RESIZE_BILINEAR] = { dfkd_emit_resize },
  [DFKD_OP_RESIZE_BILINEAR_GRADIENT] = { dfkd_emit_resize },
  [DFKD_OP_CROP] = { dfkd_emit_window },
  [DFKD_OP_PAD] = { dfkd_emit_window },
  [DFKD_OP_CONCATENATE] = { dfkd_emit_concatenate },
  [DFKD_OP_CHANNEL_SHUFFLE] = { dfkd_emit_channel_shuffle },
  [DFKD_OP_FLATTEN] = { dfkd_emit_flatten },
  [DFKD_OP_UNFLATTEN] = { dfkd_emit_flatten },
  [DFKD_OP_SHIFT_FLIP] = { dfkd_emit_shift_flip },
  [DFKD_OP_SHIFT_FLIP_GRADIENT] = { dfkd_emit_shift_flip },
  [DFKD_OP_RESIZED_CROP] = { dfkd_emit_resized_crop },
  [DFKD_OP_RESIZED_CROP_GRADIENT] = { dfkd_emit_resized_crop },
  [DFKD_OP_GATHER_IMAGES] = { dfkd_emit_gather_images },
  [DFKD_OP_GATHER_INTEGERS] = { dfkd_emit_gather_integers },
  [DFKD_OP_GATHER_ROWS] = { dfkd_emit_gather_rows },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rows) == DFKD_N_OPS);

void
dfkd_vulkan_emit (DfkdVulkanRecorder *recorder, const DfkdStep *step)
{
  double flop, bytes;

  g_return_if_fail (rows[step->op].emit != NULL);
  dfkd_step_cost (step, &flop, &bytes);
  recorder->slices = (guint) CLAMP (ceil (flop / recorder->vulkan->most_flop), 1.0, (double) G_MAXINT32);
  rows[step->op].emit (recorder, step);
}

gsize
dfkd_vulkan_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  return rows[step->op].workspace != NULL ? rows[step->op].workspace (vulkan, step) : 0;
}
