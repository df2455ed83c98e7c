/* build.c: the builders: each fills in the attributes of its op and appends the node. */
#include "build.h"

#define NODE(op, attributes, ...)                                                                                    \
  dfkd_graph_node (g, DFKD_OP_##op, G_N_ELEMENTS (((DfkdValue[]){ __VA_ARGS__ })), (DfkdValue[]){ __VA_ARGS__ },     \
                   attributes)

DfkdValue
dfkd_fill (DfkdGraph *g, DfkdShape shape, float value)
{
  return dfkd_graph_node (g, DFKD_OP_FILL, 0, NULL, &(DfkdAttributes){ .fill = { .value = value, .shape = shape } });
}

DfkdValue
dfkd_iota (DfkdGraph *g, DfkdValue counter, gsize count)
{
  return NODE (IOTA, (&(DfkdAttributes){ .fill = { .shape = dfkd_shape_of_type (DFKD_I32, count, 0, 0, 0) } }), counter);
}

DfkdValue
dfkd_random_normal (DfkdGraph *g, DfkdValue counter, DfkdShape shape, guint32 purpose)
{
  return NODE (RANDOM_NORMAL, (&(DfkdAttributes){ .random = { .shape = shape, .purpose = purpose } }), counter);
}

DfkdValue
dfkd_random_uniform (DfkdGraph *g, DfkdValue counter, DfkdShape shape, guint32 purpose, float low, float high)
{
  return NODE (RANDOM_UNIFORM,
               (&(DfkdAttributes){ .random = { .low = low, .high = high, .shape = shape, .purpose = purpose } }), counter);
}

DfkdValue
dfkd_random_integers (DfkdGraph *g, DfkdValue counter, DfkdValue range_value, DfkdShape shape, guint32 purpose,
                      guint32 range)
{
  shape.type = DFKD_I32;
  return dfkd_graph_node (g, DFKD_OP_RANDOM_INTEGER, range_value != DFKD_NONE ? 2 : 1,
                          (DfkdValue[]){ counter, range_value },
                          &(DfkdAttributes){ .random = { .shape = shape, .purpose = purpose, .range = range } });
}

DfkdValue
dfkd_random_distinct (DfkdGraph *g, DfkdValue counter, DfkdValue range_value, gsize count, guint32 purpose)
{
  return NODE (RANDOM_INTEGER,
               (&(DfkdAttributes){ .random = { .shape = dfkd_shape_of_type (DFKD_I32, count, 0, 0, 0), .purpose = purpose, .distinct = TRUE } }), counter,
               range_value);
}

void
dfkd_assign (DfkdGraph *g, DfkdValue variable, DfkdValue value)
{
  NODE (ASSIGN, NULL, variable, value);
}

void
dfkd_assign_if (DfkdGraph *g, DfkdValue variable, DfkdValue value, DfkdValue flag)
{
  NODE (ASSIGN_IF, NULL, variable, value, flag);
}

void
dfkd_blend (DfkdGraph *g, DfkdValue variable, DfkdValue value, DfkdValue momentum)
{
  NODE (BLEND, NULL, variable, value, momentum);
}

void
dfkd_adam (DfkdGraph *g, DfkdValue parameters, DfkdValue m, DfkdValue v, DfkdValue gradient, DfkdValue rate, DfkdValue t,
           float beta1, float beta2, float epsilon)
{
  NODE (ADAM, (&(DfkdAttributes){ .adam = { beta1, beta2, epsilon } }), parameters, m, v, gradient, rate, t);
}

void
dfkd_sgd (DfkdGraph *g, DfkdValue parameters, DfkdValue buffer, DfkdValue gradient, DfkdValue rate, DfkdValue momentum,
          DfkdValue decay)
{
  NODE (SGD, NULL, parameters, buffer, gradient, rate, momentum, decay);
}

void
dfkd_running_update (DfkdGraph *g, DfkdValue running, DfkdValue statistics, float momentum, float unbias)
{
  NODE (RUNNING_UPDATE, (&(DfkdAttributes){ .running = { momentum, unbias } }), running, statistics);
}

void
dfkd_store_images (DfkdGraph *g, DfkdValue pool, DfkdValue images, DfkdValue counter)
{
  NODE (STORE_IMAGES, NULL, pool, images, counter);
}

void
dfkd_store_rows (DfkdGraph *g, DfkdValue table, DfkdValue rows, DfkdValue counter)
{
  NODE (STORE_ROWS, NULL, table, rows, counter);
}

void
dfkd_read (DfkdGraph *g, const char *name, DfkdValue value)
{
  guint index = dfkd_graph_add_read (g, name);

  NODE (READ, (&(DfkdAttributes){ .rows = { .k = index } }), value);
}

DfkdValue
dfkd_detach (DfkdGraph *g, DfkdValue x)
{
  return NODE (DETACH, NULL, x);
}

DfkdValue
dfkd_affine (DfkdGraph *g, DfkdValue x, float scale, float shift)
{
  return NODE (AFFINE, (&(DfkdAttributes){ .affine = { scale, shift } }), x);
}

DfkdValue
dfkd_negate (DfkdGraph *g, DfkdValue x)
{
  return dfkd_affine (g, x, -1.0f, 0.0f);
}

#define UNARY(name, OP)                                                                                              \
  DfkdValue name (DfkdGraph *g, DfkdValue x)                                                                         \
  {                                                                                                                  \
    return NODE (OP, NULL, x);                                                                                       \
  }
UNARY (dfkd_absolute, ABSOLUTE)
UNARY (dfkd_sign, SIGN)
UNARY (dfkd_square, SQUARE)
UNARY (dfkd_square_root, SQUARE_ROOT)
UNARY (dfkd_reciprocal, RECIPROCAL)
UNARY (dfkd_exponential, EXPONENTIAL)
UNARY (dfkd_logarithm, LOGARITHM)
UNARY (dfkd_sigmoid, SIGMOID)
UNARY (dfkd_tanh, TANH)
UNARY (dfkd_norm, NORM)
UNARY (dfkd_softmax, SOFTMAX)
UNARY (dfkd_log_softmax, LOG_SOFTMAX)
UNARY (dfkd_arg_max, ARG_MAX)
UNARY (dfkd_bn_statistics, BN_STATISTICS)
UNARY (dfkd_spatial_mean, SPATIAL_MEAN)
UNARY (dfkd_flatten, FLATTEN)

#define BINARY(name, OP)                                                                                             \
  DfkdValue name (DfkdGraph *g, DfkdValue a, DfkdValue b)                                                            \
  {                                                                                                                  \
    return NODE (OP, NULL, a, b);                                                                                    \
  }
BINARY (dfkd_add, ADD)
BINARY (dfkd_subtract, SUBTRACT)
BINARY (dfkd_multiply, MULTIPLY)
BINARY (dfkd_divide, DIVIDE)
BINARY (dfkd_less, LESS)
BINARY (dfkd_equal, EQUAL)
BINARY (dfkd_concatenate, CONCATENATE)
BINARY (dfkd_gather_images, GATHER_IMAGES)
BINARY (dfkd_gather_integers, GATHER_INTEGERS)
BINARY (dfkd_gather_rows, GATHER_ROWS)

DfkdValue
dfkd_leaky_relu (DfkdGraph *g, DfkdValue x, float slope)
{
  return NODE (LEAKY_RELU, (&(DfkdAttributes){ .norm = { .slope = slope } }), x);
}

DfkdValue
dfkd_relu (DfkdGraph *g, DfkdValue x)
{
  return dfkd_leaky_relu (g, x, 0.0f);
}

DfkdValue
dfkd_clamp (DfkdGraph *g, DfkdValue x, float low, float high)
{
  return NODE (CLAMP, (&(DfkdAttributes){ .clamp = { low, high } }), x);
}

DfkdValue
dfkd_relu6 (DfkdGraph *g, DfkdValue x)
{
  return dfkd_clamp (g, x, 0.0f, 6.0f);
}

DfkdValue
dfkd_sum (DfkdGraph *g, DfkdValue x, float scale)
{
  return NODE (SUM, (&(DfkdAttributes){ .reduce = { scale } }), x);
}

DfkdValue
dfkd_mean (DfkdGraph *g, DfkdValue x)
{
  return x == DFKD_NONE ? DFKD_NONE : dfkd_sum (g, x, 1.0f / (float) dfkd_shape_count (dfkd_graph_shape (g, x)));
}

DfkdValue
dfkd_channel_sum (DfkdGraph *g, DfkdValue x, float scale)
{
  return NODE (CHANNEL_SUM, (&(DfkdAttributes){ .reduce = { scale } }), x);
}

DfkdValue
dfkd_row_sum (DfkdGraph *g, DfkdValue x, float scale)
{
  return NODE (ROW_SUM, (&(DfkdAttributes){ .reduce = { scale } }), x);
}

DfkdValue
dfkd_expand (DfkdGraph *g, DfkdValue x, DfkdShape shape)
{
  return NODE (EXPAND, (&(DfkdAttributes){ .fill = { .shape = shape } }), x);
}

DfkdValue
dfkd_one_hot (DfkdGraph *g, DfkdValue labels, gsize classes)
{
  return NODE (ONE_HOT, (&(DfkdAttributes){ .rows = { .classes = classes } }), labels);
}

DfkdValue
dfkd_top_hit (DfkdGraph *g, DfkdValue logits, DfkdValue labels, guint k)
{
  return NODE (TOP_HIT, (&(DfkdAttributes){ .rows = { .k = k } }), logits, labels);
}

DfkdValue
dfkd_matrix_product (DfkdGraph *g, DfkdValue a, DfkdValue b, DfkdValue bias, gboolean transpose_a, gboolean transpose_b)
{
  return dfkd_graph_node (g, DFKD_OP_MATRIX_PRODUCT, bias != DFKD_NONE ? 3 : 2, (DfkdValue[]){ a, b, bias },
                          &(DfkdAttributes){ .product = { transpose_a, transpose_b } });
}

DfkdValue
dfkd_convolution (DfkdGraph *g, DfkdValue x, DfkdValue weight, DfkdValue bias, DfkdValue addend, guint stride,
                  guint padding, guint dilation, guint groups)
{
  DfkdAttributes attributes = { .convolution = { .stride = { stride, stride },
                                                 .padding = { padding, padding },
                                                 .dilation = { dilation, dilation },
                                                 .groups = groups } };

  if (x != DFKD_NONE && weight != DFKD_NONE)
    for (guint i = 0; i < 2; i++)
      {
        attributes.convolution.input[i] = dfkd_graph_shape (g, x)->dim[2 + i];
        attributes.convolution.kernel[i] = dfkd_graph_shape (g, weight)->dim[2 + i];
      }
  return NODE (CONVOLUTION, &attributes, x, weight, bias, addend);
}

DfkdValue
dfkd_convolution_transposed (DfkdGraph *g, DfkdValue x, DfkdValue weight, guint stride, guint padding)
{
  DfkdAttributes attributes = {
    .convolution = { .stride = { stride, stride }, .padding = { padding, padding }, .dilation = { 1, 1 }, .groups = 1 }
  };

  if (x == DFKD_NONE || weight == DFKD_NONE)
    return DFKD_NONE;
  for (guint i = 0; i < 2; i++)
    {
      const gsize kernel = dfkd_graph_shape (g, weight)->dim[2 + i];
      const gsize whole = (dfkd_graph_shape (g, x)->dim[2 + i] - 1) * stride + kernel;

      if (whole <= 2 * (gsize) padding)
        return dfkd_graph_fail (g, "convolution-to-data: a padding of %u leaves nothing of %zu pixels", padding, whole);
      attributes.convolution.kernel[i] = kernel;
      attributes.convolution.input[i] = whole - 2 * (gsize) padding;
    }
  return NODE (CONVOLUTION_TO_DATA, &attributes, x, weight, DFKD_NONE);
}

DfkdValue
dfkd_bn_apply (DfkdGraph *g, DfkdValue x, DfkdValue statistics, DfkdValue affine, float epsilon, float slope)
{
  return NODE (BN_APPLY, (&(DfkdAttributes){ .norm = { .slope = slope, .epsilon = epsilon } }), x, statistics, affine);
}

DfkdValue
dfkd_statistics_distance (DfkdGraph *g, DfkdValue batch, DfkdValue running, DfkdValue average, DfkdValue momentum)
{
  return NODE (STATISTICS_DISTANCE, NULL, batch, running, average, momentum);
}

DfkdValue
dfkd_max_pool (DfkdGraph *g, DfkdValue x, guint kernel, guint stride, guint padding)
{
  return NODE (MAX_POOL, (&(DfkdAttributes){ .pool = { .kernel = kernel, .stride = stride, .padding = padding } }), x);
}

DfkdValue
dfkd_average_pool (DfkdGraph *g, DfkdValue x, guint kernel, guint stride, guint padding)
{
  return NODE (AVERAGE_POOL, (&(DfkdAttributes){ .pool = { .kernel = kernel, .stride = stride, .padding = padding } }), x);
}

DfkdValue
dfkd_upsample_nearest (DfkdGraph *g, DfkdValue x, guint factor)
{
  return NODE (UPSAMPLE_NEAREST, (&(DfkdAttributes){ .resize = { .factor = factor } }), x);
}

DfkdValue
dfkd_resize_bilinear (DfkdGraph *g, DfkdValue x, gsize height, gsize width)
{
  return NODE (RESIZE_BILINEAR, (&(DfkdAttributes){ .resize = { .output = { height, width } } }), x);
}

DfkdValue
dfkd_crop (DfkdGraph *g, DfkdValue x, gsize channel, gsize row, gsize column, DfkdShape shape)
{
  return NODE (CROP, (&(DfkdAttributes){ .window = { .shape = shape, .origin = { channel, row, column } } }), x);
}

DfkdValue
dfkd_pad (DfkdGraph *g, DfkdValue x, gsize channel, gsize row, gsize column, DfkdShape shape)
{
  return NODE (PAD, (&(DfkdAttributes){ .window = { .shape = shape, .origin = { channel, row, column } } }), x);
}

DfkdValue
dfkd_channel_shuffle (DfkdGraph *g, DfkdValue x, guint groups)
{
  return NODE (CHANNEL_SHUFFLE, (&(DfkdAttributes){ .shuffle = { groups } }), x);
}

DfkdValue
dfkd_unflatten (DfkdGraph *g, DfkdValue x, gsize channels, gsize height, gsize width)
{
  gsize batch = x != DFKD_NONE ? dfkd_graph_shape (g, x)->dim[0] : 0;

  return NODE (UNFLATTEN, (&(DfkdAttributes){ .fill = { .shape = dfkd_shape (batch, channels, height, width) } }), x);
}

DfkdValue
dfkd_shift_flip (DfkdGraph *g, DfkdValue x, DfkdValue offset, DfkdValue flip, gint origin, gboolean wrap)
{
  return NODE (SHIFT_FLIP, (&(DfkdAttributes){ .shift = { .wrap = wrap, .origin = { origin, origin } } }), x, offset, flip);
}

DfkdValue
dfkd_resized_crop (DfkdGraph *g, DfkdValue x, DfkdValue box, DfkdValue flip)
{
  return NODE (RESIZED_CROP, NULL, x, box, flip);
}
