/* op-gradients.c: the gradient rule of every op, written with ops of the same table wherever possible, so
 * that what they build can be differentiated again. The ops that only gradients are made of: op-gradients-again.c. */
#include "op-gradients-private.h"

/* sums @gradient over what @b was broadcast to */
static DfkdValue
reduce_to (DfkdGraph *g, DfkdValue gradient, DfkdValue b)
{
  DfkdShape full, shape;

  if (gradient == DFKD_NONE)
    return DFKD_NONE;
  full = shape_of (g, gradient);
  shape = shape_of (g, b);
  switch (dfkd_broadcast_of (&full, &shape))
    {
    case '1':
      return dfkd_sum (g, gradient, 1.0f);
    case 'c':
      return dfkd_channel_sum (g, gradient, 1.0f);
    case 'r':
      return dfkd_row_sum (g, gradient, 1.0f);
    default:
      return gradient;
    }
}

static RULE (add)
{
  dx[0] = dy;
  if (wanted[1])
    dx[1] = reduce_to (g, dy, node->input[1]);
}

static RULE (subtract)
{
  dx[0] = dy;
  if (wanted[1])
    dx[1] = dfkd_negate (g, reduce_to (g, dy, node->input[1]));
}

static RULE (multiply)
{
  if (wanted[0])
    dx[0] = dfkd_multiply (g, dy, node->input[1]);
  if (wanted[1])
    dx[1] = reduce_to (g, dfkd_multiply (g, dy, node->input[0]), node->input[1]);
}

static RULE (divide)
{
  if (wanted[0])
    dx[0] = dfkd_divide (g, dy, node->input[1]);
  if (wanted[1])
    dx[1] = dfkd_negate (g, reduce_to (g, dfkd_divide (g, dfkd_multiply (g, dy, value), node->input[1]), node->input[1]));
}

static RULE (affine)
{
  dx[0] = dfkd_affine (g, dy, node->attributes.affine.scale, 0.0f);
}

static RULE (absolute)
{
  dx[0] = dfkd_multiply (g, dy, dfkd_sign (g, node->input[0]));
}

static RULE (square)
{
  dx[0] = dfkd_multiply (g, dy, dfkd_affine (g, node->input[0], 2.0f, 0.0f));
}

static RULE (square_root)
{
  dx[0] = dfkd_divide (g, dy, dfkd_affine (g, value, 2.0f, 0.0f));
}

static RULE (reciprocal)
{
  dx[0] = dfkd_multiply (g, dy, dfkd_negate (g, dfkd_square (g, value)));
}

static RULE (exponential)
{
  dx[0] = dfkd_multiply (g, dy, value);
}

static RULE (logarithm)
{
  dx[0] = dfkd_divide (g, dy, node->input[0]);
}

static RULE (leaky_relu)
{
  dx[0] = NODE (LEAKY_RELU_GRADIENT, &node->attributes, dy, value);
}

static RULE (leaky_relu_gradient)
{
  dx[0] = NODE (LEAKY_RELU_GRADIENT, &node->attributes, dy, node->input[1]);
}

static RULE (clamp)
{
  dx[0] = NODE (CLAMP_GRADIENT, &node->attributes, dy, node->input[0]);
}

static RULE (clamp_gradient)
{
  dx[0] = NODE (CLAMP_GRADIENT, &node->attributes, dy, node->input[1]);
}

static RULE (sigmoid)
{
  dx[0] = NODE (SIGMOID_GRADIENT, NULL, dy, value);
}

static RULE (tanh_)
{
  dx[0] = NODE (TANH_GRADIENT, NULL, dy, value);
}

/* the adjoint of a sum is a broadcast, that of a broadcast a sum */
static RULE (reduction)
{
  dx[0] = dfkd_expand (g, dfkd_affine (g, dy, node->attributes.reduce.scale, 0.0f), shape_of (g, node->input[0]));
}

static RULE (expand)
{
  dx[0] = reduce_to (g, dy, node->input[0]);
}

static RULE (norm)
{
  dx[0] = dfkd_multiply (g, node->input[0], dfkd_divide (g, dy, value));
}

static RULE (softmax)
{
  dx[0] = dfkd_multiply (g, value, dfkd_subtract (g, dy, dfkd_row_sum (g, dfkd_multiply (g, dy, value), 1.0f)));
}

static RULE (log_softmax)
{
  dx[0] = dfkd_subtract (g, dy, dfkd_multiply (g, dfkd_exponential (g, value), dfkd_row_sum (g, dy, 1.0f)));
}

/* op (left)·op (right), one of which is a gradient */
static DfkdValue
product_with_gradient (DfkdGraph *g, DfkdValue left, DfkdValue right, gboolean transpose_left, gboolean transpose_right,
                       guint gradients)
{
  return NODE (MATRIX_PRODUCT, (&(DfkdAttributes){ .product = { transpose_left, transpose_right, gradients } }), left, right);
}

static RULE (matrix_product)
{
  DfkdValue a = node->input[0], b = node->input[1];
  gboolean ta = node->attributes.product.transpose_a, tb = node->attributes.product.transpose_b;

  if (wanted[0])
    dx[0] = ta ? product_with_gradient (g, b, dy, tb, TRUE, 2) : product_with_gradient (g, dy, b, FALSE, !tb, 1);
  if (wanted[1])
    dx[1] = tb ? product_with_gradient (g, dy, a, TRUE, ta, 1) : product_with_gradient (g, a, dy, !ta, FALSE, 2);
  if (wanted[2])
    dx[2] = dfkd_channel_sum (g, dy, 1.0f);
}

static RULE (convolution)
{
  if (wanted[0])
    dx[0] = NODE (CONVOLUTION_TO_DATA, &node->attributes, dy, node->input[1], DFKD_NONE);
  if (wanted[1])
    dx[1] = NODE (CONVOLUTION_TO_WEIGHTS, &node->attributes, node->input[0], dy);
  if (wanted[2])
    dx[2] = dfkd_channel_sum (g, dy, 1.0f);
  if (wanted[3])
    dx[3] = dy;
}

static RULE (convolution_to_data)
{
  if (wanted[0])
    dx[0] = NODE (CONVOLUTION, &node->attributes, dy, node->input[1], DFKD_NONE, DFKD_NONE);
  if (wanted[1])
    dx[1] = NODE (CONVOLUTION_TO_WEIGHTS, &node->attributes, dy, node->input[0]);
  if (wanted[2])
    dx[2] = dy;
}

static RULE (convolution_to_weights)
{
  if (wanted[0])
    dx[0] = NODE (CONVOLUTION_TO_DATA, &node->attributes, node->input[1], dy, DFKD_NONE);
  if (wanted[1])
    dx[1] = NODE (CONVOLUTION, &node->attributes, node->input[0], dy, DFKD_NONE, DFKD_NONE);
}

static RULE (bn_statistics)
{
  DfkdAttributes attributes = { .norm = { .slope = 1.0f } };
  DfkdShape shape = shape_of (g, node->input[0]);
  DfkdValue coefficients;

  attributes.norm.count = (float) dfkd_shape_rows (&shape);
  coefficients = NODE (CHANNEL_COEFFICIENTS, &attributes, DFKD_NONE, DFKD_NONE, dy, value);
  dx[0] = NODE (CHANNEL_MIX, &attributes, DFKD_NONE, DFKD_NONE, node->input[0], coefficients, DFKD_NONE);
}

static RULE (bn_apply)
{
  DfkdValue sums = DFKD_NONE, x = node->input[0], statistics = node->input[1], affine = node->input[2];

  if (wanted[0])
    {
      DfkdValue coefficients = NODE (CHANNEL_COEFFICIENTS, &node->attributes, statistics, affine, DFKD_NONE, DFKD_NONE);

      dx[0] = NODE (CHANNEL_MIX, &node->attributes, dy, value, DFKD_NONE, coefficients, DFKD_NONE);
    }
  if (wanted[1] || wanted[2])
    sums = NODE (BN_SUMS, &node->attributes, dy, value, x, statistics);
  if (wanted[1])
    dx[1] = NODE (BN_STATISTICS_GRADIENT, &node->attributes, sums, statistics, affine);
  if (wanted[2])
    dx[2] = sums;
}

static RULE (statistics_distance)
{
  if (wanted[0])
    dx[0] = NODE (STATISTICS_DISTANCE_GRADIENT, NULL, dy, node->input[0], node->input[1], node->input[2], node->input[3]);
}

static RULE (max_pool)
{
  dx[0] = NODE (MAX_POOL_GRADIENT, &node->attributes, dy, node->input[0], value);
}

static RULE (average_pool)
{
  DfkdAttributes attributes = node->attributes;
  DfkdShape shape = shape_of (g, node->input[0]);

  attributes.pool.input[0] = shape.dim[2];
  attributes.pool.input[1] = shape.dim[3];
  dx[0] = NODE (AVERAGE_POOL_GRADIENT, &attributes, dy);
}

static RULE (average_pool_gradient)
{
  dx[0] = NODE (AVERAGE_POOL, &node->attributes, dy);
}

static DfkdAttributes
size_of_input (DfkdGraph *g, const DfkdNode *node)
{
  DfkdAttributes attributes = node->attributes;
  DfkdShape shape = shape_of (g, node->input[0]);

  attributes.resize.output[0] = shape.dim[2];
  attributes.resize.output[1] = shape.dim[3];
  return attributes;
}

static RULE (spatial_mean)
{
  DfkdAttributes attributes = size_of_input (g, node);

  dx[0] = NODE (SPATIAL_MEAN_GRADIENT, &attributes, dy);
}

static RULE (spatial_mean_gradient)
{
  dx[0] = dfkd_spatial_mean (g, dy);
}

static RULE (upsample_nearest)
{
  dx[0] = NODE (UPSAMPLE_NEAREST_GRADIENT, &node->attributes, dy);
}

static RULE (upsample_nearest_gradient)
{
  dx[0] = NODE (UPSAMPLE_NEAREST, &node->attributes, dy);
}

static RULE (resize_bilinear)
{
  DfkdAttributes attributes = size_of_input (g, node);

  dx[0] = NODE (RESIZE_BILINEAR_GRADIENT, &attributes, dy);
}

static RULE (resize_bilinear_gradient)
{
  DfkdAttributes attributes = size_of_input (g, node);

  dx[0] = NODE (RESIZE_BILINEAR, &attributes, dy);
}

static RULE (crop)
{
  const gsize *origin = node->attributes.window.origin;

  dx[0] = dfkd_pad (g, dy, origin[0], origin[1], origin[2], shape_of (g, node->input[0]));
}

static RULE (pad)
{
  const gsize *origin = node->attributes.window.origin;

  dx[0] = dfkd_crop (g, dy, origin[0], origin[1], origin[2], shape_of (g, node->input[0]));
}

static RULE (concatenate)
{
  DfkdShape first = shape_of (g, node->input[0]);

  if (wanted[0])
    dx[0] = dfkd_crop (g, dy, 0, 0, 0, first);
  if (wanted[1])
    dx[1] = dfkd_crop (g, dy, dfkd_shape_channels (&first), 0, 0, shape_of (g, node->input[1]));
}

/* to shuffle back, the groups are as many as a group has channels now */
static RULE (channel_shuffle)
{
  DfkdShape shape = shape_of (g, node->input[0]);

  dx[0] = dfkd_channel_shuffle (g, dy, (guint) dfkd_shape_channels (&shape) / node->attributes.shuffle.groups);
}

static RULE (flatten)
{
  DfkdShape shape = shape_of (g, node->input[0]);

  dx[0] = dfkd_unflatten (g, dy, shape.dim[1], shape.dim[2], shape.dim[3]);
}

static RULE (unflatten)
{
  dx[0] = dfkd_flatten (g, dy);
}

static RULE (reshape)
{
  dx[0] = dfkd_reshape (g, dy, shape_of (g, node->input[0]));
}

/* linear resampling: value and adjoint differentiate into each other, by the same draws */
static RULE (shift_flip)
{
  dx[0] = NODE (SHIFT_FLIP_GRADIENT, &node->attributes, dy, node->input[1], node->input[2]);
}

static RULE (shift_flip_gradient)
{
  dx[0] = NODE (SHIFT_FLIP, &node->attributes, dy, node->input[1], node->input[2]);
}

static RULE (resized_crop)
{
  dx[0] = NODE (RESIZED_CROP_GRADIENT, &node->attributes, dy, node->input[1], node->input[2]);
}

static RULE (resized_crop_gradient)
{
  dx[0] = NODE (RESIZED_CROP, &node->attributes, dy, node->input[1], node->input[2]);
}

/* for ops whose result does not change with its inputs, or should not: the gradient is zero */
static RULE (constant)
{
}

static const DfkdGradientRule rules[DFKD_N_OPS] = {
  [DFKD_OP_FILL] = constant,
  [DFKD_OP_IOTA] = constant,
  [DFKD_OP_RANDOM_NORMAL] = constant,
  [DFKD_OP_RANDOM_UNIFORM] = constant,
  [DFKD_OP_RANDOM_INTEGER] = constant,
  [DFKD_OP_ASSIGN] = constant,
  [DFKD_OP_ASSIGN_IF] = constant,
  [DFKD_OP_BLEND] = constant,
  [DFKD_OP_ADAM] = constant,
  [DFKD_OP_SGD] = constant,
  [DFKD_OP_RUNNING_UPDATE] = constant,
  [DFKD_OP_STORE_IMAGES] = constant,
  [DFKD_OP_STORE_ROWS] = constant,
  [DFKD_OP_READ] = constant,
  [DFKD_OP_DETACH] = constant,
  [DFKD_OP_SIGN] = constant,
  [DFKD_OP_LESS] = constant,
  [DFKD_OP_EQUAL] = constant,
  [DFKD_OP_ARG_MAX] = constant,
  [DFKD_OP_ONE_HOT] = constant,
  [DFKD_OP_TOP_HIT] = constant,
  [DFKD_OP_GATHER_IMAGES] = constant,
  [DFKD_OP_GATHER_INTEGERS] = constant,
  [DFKD_OP_GATHER_ROWS] = constant,
  [DFKD_OP_AFFINE] = affine,
  [DFKD_OP_ABSOLUTE] = absolute,
  [DFKD_OP_SQUARE] = square,
  [DFKD_OP_SQUARE_ROOT] = square_root,
  [DFKD_OP_RECIPROCAL] = reciprocal,
  [DFKD_OP_EXPONENTIAL] = exponential,
  [DFKD_OP_LOGARITHM] = logarithm,
  [DFKD_OP_LEAKY_RELU] = leaky_relu,
  [DFKD_OP_SIGMOID] = sigmoid,
  [DFKD_OP_TANH] = tanh_,
  [DFKD_OP_CLAMP] = clamp,
  [DFKD_OP_ADD] = add,
  [DFKD_OP_SUBTRACT] = subtract,
  [DFKD_OP_MULTIPLY] = multiply,
  [DFKD_OP_DIVIDE] = divide,
  [DFKD_OP_LEAKY_RELU_GRADIENT] = leaky_relu_gradient,
  [DFKD_OP_SIGMOID_GRADIENT] = dfkd_rule_sigmoid_gradient,
  [DFKD_OP_TANH_GRADIENT] = dfkd_rule_tanh_gradient,
  [DFKD_OP_CLAMP_GRADIENT] = clamp_gradient,
  [DFKD_OP_SUM] = reduction,
  [DFKD_OP_CHANNEL_SUM] = reduction,
  [DFKD_OP_ROW_SUM] = reduction,
  [DFKD_OP_NORM] = norm,
  [DFKD_OP_EXPAND] = expand,
  [DFKD_OP_SOFTMAX] = softmax,
  [DFKD_OP_LOG_SOFTMAX] = log_softmax,
  [DFKD_OP_MATRIX_PRODUCT] = matrix_product,
  [DFKD_OP_CONVOLUTION] = convolution,
  [DFKD_OP_CONVOLUTION_TO_DATA] = convolution_to_data,
  [DFKD_OP_CONVOLUTION_TO_WEIGHTS] = convolution_to_weights,
  [DFKD_OP_BN_STATISTICS] = bn_statistics,
  [DFKD_OP_BN_APPLY] = bn_apply,
  [DFKD_OP_BN_SUMS] = dfkd_rule_bn_sums,
  [DFKD_OP_BN_STATISTICS_GRADIENT] = dfkd_rule_bn_statistics_gradient,
  [DFKD_OP_CHANNEL_COEFFICIENTS] = dfkd_rule_channel_coefficients,
  [DFKD_OP_CHANNEL_MIX] = dfkd_rule_channel_mix,
  [DFKD_OP_STATISTICS_DISTANCE] = statistics_distance,
  [DFKD_OP_STATISTICS_DISTANCE_GRADIENT] = dfkd_rule_statistics_distance_gradient,
  [DFKD_OP_MAX_POOL] = max_pool,
  [DFKD_OP_MAX_POOL_GRADIENT] = dfkd_rule_max_pool_gradient,
  [DFKD_OP_AVERAGE_POOL] = average_pool,
  [DFKD_OP_AVERAGE_POOL_GRADIENT] = average_pool_gradient,
  [DFKD_OP_SPATIAL_MEAN] = spatial_mean,
  [DFKD_OP_SPATIAL_MEAN_GRADIENT] = spatial_mean_gradient,
  [DFKD_OP_UPSAMPLE_NEAREST] = upsample_nearest,
  [DFKD_OP_UPSAMPLE_NEAREST_GRADIENT] = upsample_nearest_gradient,
  [DFKD_OP_RESIZE_BILINEAR] = resize_bilinear,
  [DFKD_OP_RESIZE_BILINEAR_GRADIENT] = resize_bilinear_gradient,
  [DFKD_OP_CROP] = crop,
  [DFKD_OP_PAD] = pad,
  [DFKD_OP_CONCATENATE] = concatenate,
  [DFKD_OP_CHANNEL_SHUFFLE] = channel_shuffle,
  [DFKD_OP_FLATTEN] = flatten,
  [DFKD_OP_UNFLATTEN] = unflatten,
  [DFKD_OP_RESHAPE] = reshape,
  [DFKD_OP_SHIFT_FLIP] = shift_flip,
  [DFKD_OP_SHIFT_FLIP_GRADIENT] = shift_flip_gradient,
  [DFKD_OP_RESIZED_CROP] = resized_crop,
  [DFKD_OP_RESIZED_CROP_GRADIENT] = resized_crop_gradient,
};

DfkdGradientRule
dfkd_op_gradient (DfkdOp op)
{
  return rules[op];
}

gboolean
dfkd_op_is_constant (DfkdOp op)
{
  return rules[op] == constant;
}
