/* op-shapes.c: the shape rule of every op: what it accepts and what comes out. */
#include "op-rules-private.h"

#define FAIL(...) (dfkd_graph_fail (graph, __VA_ARGS__), FALSE)

typedef struct {
  DfkdGraph *graph;
  DfkdNode *node;
  const DfkdShape *in[DFKD_MAX_INPUTS]; /* NULL where absent */
} Rule;

static const char *
name_of (const Rule *rule)
{
  return dfkd_op (rule->node->op)->name;
}

char
dfkd_broadcast_of (const DfkdShape *a, const DfkdShape *b)
{
  if (a->rank == b->rank && dfkd_shape_count (a) == dfkd_shape_count (b)
      && dfkd_shape_channels (a) == dfkd_shape_channels (b))
    return 's';
  if (dfkd_shape_count (b) == 1)
    return '1';
  if (b->rank == 1 && b->dim[0] == dfkd_shape_channels (a))
    return 'c';
  if (b->rank > 1 && dfkd_shape_channels (b) == 1 && dfkd_shape_rows (a) == dfkd_shape_rows (b))
    return 'r';
  return 0;
}

static DfkdShape
with_channels (const DfkdShape *shape, gsize channels)
{
  DfkdShape result = *shape;

  result.type = DFKD_F32;
  result.dim[result.rank == 1 ? 0 : result.rank == 3 ? 2 : 1] = channels;
  return result;
}

static gboolean
mismatch (const Rule *rule, const DfkdShape *a, const DfkdShape *b)
{
  g_autofree char *left = dfkd_shape_text (a), *right = dfkd_shape_text (b);

  dfkd_graph_fail (rule->graph, "%s: shapes %s and %s do not fit together", name_of (rule), left, right);
  return FALSE;
}

/* every listed input must hold as many elements as the first and be float32 */
static gboolean
same_counts (const Rule *rule, guint first, guint last)
{
  for (guint i = first; i <= last; i++)
    if (rule->in[i] != NULL && dfkd_shape_count (rule->in[i]) != dfkd_shape_count (rule->in[first]))
      return mismatch (rule, rule->in[first], rule->in[i]);
  return TRUE;
}

static gboolean
is_pair_of_vectors (const Rule *rule, const DfkdShape *shape, gsize channels)
{
  if (shape->rank == 2 && shape->dim[0] == 2 && shape->dim[1] == channels)
    return TRUE;
  dfkd_graph_fail (rule->graph, "%s: expected statistics of shape 2×%zu", name_of (rule), channels);
  return FALSE;
}

static gboolean
need_rank (const Rule *rule, guint input, guint rank)
{
  g_autofree char *text = NULL;

  if (rule->in[input]->rank == rank)
    return TRUE;
  text = dfkd_shape_text (rule->in[input]);
  dfkd_graph_fail (rule->graph, "%s: expected a tensor of %u dimensions, not %s", name_of (rule), rank, text);
  return FALSE;
}

gsize
dfkd_window_output (gsize in, gsize kernel, guint stride, guint padding, guint dilation)
{
  gsize extent = dilation * (kernel - 1) + 1, padded = in + 2 * (gsize) padding;

  return padded < extent ? 0 : (padded - extent) / stride + 1;
}

static gboolean
convolution (const Rule *rule)
{
  DfkdGraph *graph = rule->graph;
  const DfkdConvolutionAttributes *a = &rule->node->attributes.convolution;
  const DfkdShape *x = rule->in[0], *w = rule->in[1];
  DfkdShape *y = &rule->node->shape;

  if (!need_rank (rule, 0, 4) || !need_rank (rule, 1, 4))
    return FALSE;
  if (a->groups == 0 || a->stride[0] == 0 || a->stride[1] == 0 || a->dilation[0] == 0 || a->dilation[1] == 0)
    return FAIL ("convolution: stride, dilation and groups start at 1");
  if (x->dim[1] != w->dim[1] * a->groups || w->dim[0] % a->groups != 0)
    return mismatch (rule, x, w);
  *y = dfkd_shape (x->dim[0], w->dim[0],
                   dfkd_window_output (x->dim[2], w->dim[2], a->stride[0], a->padding[0], a->dilation[0]),
                   dfkd_window_output (x->dim[3], w->dim[3], a->stride[1], a->padding[1], a->dilation[1]));
  y->rank = 4;
  if (y->dim[2] == 0 || y->dim[3] == 0)
    return FAIL ("convolution: the image of %zu×%zu pixels is smaller than the kernel",
                 x->dim[2], x->dim[3]);
  if (rule->in[2] != NULL && dfkd_shape_count (rule->in[2]) != w->dim[0])
    return mismatch (rule, w, rule->in[2]);
  if (rule->in[3] != NULL && !dfkd_shape_equal (rule->in[3], y))
    return mismatch (rule, y, rule->in[3]);
  return TRUE;
}

static gboolean
pool (const Rule *rule)
{
  const DfkdShape *x = rule->in[0];
  guint kernel = rule->node->attributes.pool.kernel, stride = rule->node->attributes.pool.stride;
  guint padding = rule->node->attributes.pool.padding;
  gsize height, width;

  if (!need_rank (rule, 0, 4))
    return FALSE;
  if (kernel == 0 || stride == 0 || 2 * padding > kernel)
    return dfkd_graph_fail (rule->graph, "%s: kernel and stride start at 1, padding is at most half the kernel",
                            name_of (rule)),
           FALSE;
  height = dfkd_window_output (x->dim[2], kernel, stride, padding, 1);
  width = dfkd_window_output (x->dim[3], kernel, stride, padding, 1);
  if (height == 0 || width == 0)
    return dfkd_graph_fail (rule->graph, "%s: the image is smaller than the window", name_of (rule)), FALSE;
  rule->node->shape = dfkd_shape (x->dim[0], x->dim[1], height, width);
  return TRUE;
}

static gboolean
product (const Rule *rule)
{
  const DfkdShape *a = rule->in[0], *b = rule->in[1];
  guint ta = rule->node->attributes.product.transpose_a ? 1 : 0, tb = rule->node->attributes.product.transpose_b ? 1 : 0;

  if (!need_rank (rule, 0, 2) || !need_rank (rule, 1, 2))
    return FALSE;
  if (a->dim[1 - ta] != b->dim[tb])
    return mismatch (rule, a, b);
  rule->node->shape = dfkd_shape (a->dim[ta], b->dim[1 - tb], 0, 0);
  return rule->in[2] == NULL || dfkd_shape_count (rule->in[2]) == rule->node->shape.dim[1]
         || mismatch (rule, b, rule->in[2]);
}

static gboolean
window (const Rule *rule)
{
  const DfkdShape *x = rule->in[0], *y = &rule->node->attributes.window.shape;
  gboolean cut = rule->node->op == DFKD_OP_CROP;
  const DfkdShape *large = cut ? x : y, *small = cut ? y : x;

  if (x->rank != y->rank || x->dim[0] != y->dim[0] || (x->rank != 4 && x->rank != 2))
    return mismatch (rule, x, y);
  for (guint i = 1; i < x->rank; i++)
    if (small->dim[i] + rule->node->attributes.window.origin[i - 1] > large->dim[i])
      return mismatch (rule, x, y);
  rule->node->shape = *y;
  return TRUE;
}

static gboolean
draw_per_image (const Rule *rule, guint columns)
{
  const DfkdShape *x = rule->in[0], *first = rule->in[1], *flip = rule->in[2];
  gsize count = dfkd_shape_count (first);

  if (!need_rank (rule, 0, 4))
    return FALSE;
  if (count != columns * x->dim[0] && (columns != 2 || count != 2))
    return mismatch (rule, x, first);
  if (flip->type != DFKD_I32 || (dfkd_shape_count (flip) != x->dim[0] && dfkd_shape_count (flip) != 1))
    return mismatch (rule, x, flip);
  rule->node->shape = *x;
  return TRUE;
}

static gboolean
elementwise (const Rule *rule, gboolean comparison)
{
  const DfkdShape *a = rule->in[0], *b = rule->in[1];

  if (dfkd_broadcast_of (a, b) == 0 || a->type != b->type || (!comparison && a->type != DFKD_F32))
    return mismatch (rule, a, b);
  rule->node->shape = *a;
  rule->node->shape.type = DFKD_F32;
  return TRUE;
}

gboolean
dfkd_op_infer_shape (DfkdGraph *graph, DfkdNode *node)
{
  Rule rule = { .graph = graph, .node = node };
  DfkdAttributes *attributes = &node->attributes;
  const DfkdShape *const *in = rule.in;
  gsize channels = 0;

  for (guint i = 0; i < node->n_inputs; i++)
    rule.in[i] = node->input[i] != DFKD_NONE ? dfkd_graph_shape (graph, node->input[i]) : NULL;
  for (guint i = 0; i < node->n_inputs; i++)
    if (rule.in[i] == NULL && node->op != DFKD_OP_CHANNEL_MIX && node->op != DFKD_OP_CHANNEL_COEFFICIENTS
        && !(i >= 2 && (node->op == DFKD_OP_CONVOLUTION || node->op == DFKD_OP_CONVOLUTION_TO_DATA
                        || node->op == DFKD_OP_MATRIX_PRODUCT))
        && !(i == 1 && node->op == DFKD_OP_RANDOM_INTEGER))
      return FAIL ("%s: input %u is missing", dfkd_op (node->op)->name, i + 1);
  if (node->n_inputs > 0 && in[0] != NULL)
    channels = dfkd_shape_channels (in[0]);

  switch (node->op)
    {
    case DFKD_OP_VARIABLE:
    case DFKD_OP_DIAL:
      return TRUE;

    case DFKD_OP_FILL:
    case DFKD_OP_IOTA:
      node->shape = attributes->fill.shape;
      return TRUE;

    case DFKD_OP_RANDOM_NORMAL:
    case DFKD_OP_RANDOM_UNIFORM:
    case DFKD_OP_RANDOM_INTEGER:
      node->shape = attributes->random.shape;
      return TRUE;

    case DFKD_OP_ASSIGN:
    case DFKD_OP_ASSIGN_IF:
    case DFKD_OP_BLEND:
      return in[0]->type == in[1]->type ? same_counts (&rule, 0, 1) : mismatch (&rule, in[0], in[1]);

    case DFKD_OP_RUNNING_UPDATE:
      return same_counts (&rule, 0, 1);

    case DFKD_OP_ADAM:
      return same_counts (&rule, 0, 3);

    case DFKD_OP_SGD:
      return same_counts (&rule, 0, 2);

    case DFKD_OP_STORE_IMAGES:
      if (in[0]->type != DFKD_U8 || in[0]->rank != 4 || in[1]->rank != 4 || in[0]->dim[1] != in[1]->dim[1]
          || in[0]->dim[2] != in[1]->dim[2] || in[0]->dim[3] != in[1]->dim[3] || in[0]->dim[0] < in[1]->dim[0])
        return mismatch (&rule, in[0], in[1]);
      return TRUE;

    case DFKD_OP_STORE_ROWS:
      if (in[0]->type != DFKD_F32 || in[0]->rank != 2 || in[1]->rank != 2 || in[0]->dim[1] != in[1]->dim[1] || in[0]->dim[0] < in[1]->dim[0])
        return mismatch (&rule, in[0], in[1]);
      return TRUE;

    case DFKD_OP_READ:
      return TRUE;

    case DFKD_OP_DETACH:
    case DFKD_OP_AFFINE:
    case DFKD_OP_ABSOLUTE:
    case DFKD_OP_SIGN:
    case DFKD_OP_SQUARE:
    case DFKD_OP_SQUARE_ROOT:
    case DFKD_OP_RECIPROCAL:
    case DFKD_OP_EXPONENTIAL:
    case DFKD_OP_LOGARITHM:
    case DFKD_OP_LEAKY_RELU:
    case DFKD_OP_SIGMOID:
    case DFKD_OP_TANH:
    case DFKD_OP_CLAMP:
    case DFKD_OP_SOFTMAX:
    case DFKD_OP_LOG_SOFTMAX:
      node->shape = *in[0];
      return TRUE;

    case DFKD_OP_ADD:
    case DFKD_OP_SUBTRACT:
    case DFKD_OP_MULTIPLY:
    case DFKD_OP_DIVIDE:
      return elementwise (&rule, FALSE);

    case DFKD_OP_LESS:
    case DFKD_OP_EQUAL:
      return elementwise (&rule, TRUE);

    case DFKD_OP_LEAKY_RELU_GRADIENT:
    case DFKD_OP_SIGMOID_GRADIENT:
    case DFKD_OP_TANH_GRADIENT:
    case DFKD_OP_CLAMP_GRADIENT:
      node->shape = *in[0];
      return same_counts (&rule, 0, 1);

    case DFKD_OP_SUM:
    case DFKD_OP_NORM:
      node->shape = dfkd_shape (1, 0, 0, 0);
      return TRUE;

    case DFKD_OP_CHANNEL_SUM:
      node->shape = dfkd_shape (channels, 0, 0, 0);
      return TRUE;

    case DFKD_OP_ROW_SUM:
      node->shape = with_channels (in[0], 1);
      return TRUE;

    case DFKD_OP_EXPAND:
      node->shape = attributes->fill.shape;
      return dfkd_broadcast_of (&node->shape, in[0]) != 0 || mismatch (&rule, in[0], &node->shape);

    case DFKD_OP_ARG_MAX:
      node->shape = with_channels (in[0], 1);
      node->shape.type = DFKD_I32;
      return TRUE;

    case DFKD_OP_ONE_HOT:
      if (in[0]->type != DFKD_I32 || attributes->rows.classes == 0)
        return FAIL ("one-hot: expected whole-number labels");
      node->shape = in[0]->rank == 1 ? dfkd_shape (in[0]->dim[0], attributes->rows.classes, 0, 0)
                                     : with_channels (in[0], attributes->rows.classes);
      return TRUE;

    case DFKD_OP_TOP_HIT:
      if (in[1]->type != DFKD_I32 || dfkd_shape_count (in[1]) != dfkd_shape_rows (in[0]))
        return mismatch (&rule, in[0], in[1]);
      node->shape = with_channels (in[0], 1);
      return TRUE;

    case DFKD_OP_MATRIX_PRODUCT:
      return product (&rule);

    case DFKD_OP_CONVOLUTION:
      return convolution (&rule);

    case DFKD_OP_CONVOLUTION_TO_DATA:
      node->shape = dfkd_shape (in[0]->dim[0], in[1]->dim[1] * attributes->convolution.groups,
                                attributes->convolution.input[0], attributes->convolution.input[1]);
      return in[2] == NULL || dfkd_shape_equal (in[2], &node->shape) || mismatch (&rule, &node->shape, in[2]);

    case DFKD_OP_CONVOLUTION_TO_WEIGHTS:
      node->shape = dfkd_shape (in[1]->dim[1], in[0]->dim[1] / attributes->convolution.groups,
                                attributes->convolution.kernel[0], attributes->convolution.kernel[1]);
      return TRUE;

    case DFKD_OP_BN_STATISTICS:
      node->shape = dfkd_shape (2, channels, 0, 0);
      return TRUE;

    case DFKD_OP_BN_APPLY:
      node->shape = *in[0];
      return is_pair_of_vectors (&rule, in[1], channels) && is_pair_of_vectors (&rule, in[2], channels);

    case DFKD_OP_BN_SUMS:
      node->shape = dfkd_shape (2, channels, 0, 0);
      return same_counts (&rule, 0, 2) && is_pair_of_vectors (&rule, in[3], channels);

    case DFKD_OP_BN_STATISTICS_GRADIENT:
      node->shape = *in[0];
      return same_counts (&rule, 0, 2);

    case DFKD_OP_CHANNEL_COEFFICIENTS:
      for (guint i = 0; i < 4; i++)
        if (in[i] != NULL)
          channels = in[i]->dim[1];
      if ((in[0] == NULL) != (in[1] == NULL) || (in[2] == NULL) != (in[3] == NULL) || channels == 0)
        return FAIL ("channel-coefficients: inputs come in pairs");
      node->shape = dfkd_shape (3, channels, 0, 0);
      return TRUE;

    case DFKD_OP_CHANNEL_MIX:
      if (in[3] == NULL || (in[0] == NULL && in[2] == NULL) || (in[0] == NULL) != (in[1] == NULL))
        return FAIL ("channel-mix: expected coefficients and dy with y, or x");
      node->shape = *(in[0] != NULL ? in[0] : in[2]);
      for (guint i = 0; i < 5; i++)
        if (i != 3 && in[i] != NULL && dfkd_shape_count (in[i]) != dfkd_shape_count (&node->shape))
          return mismatch (&rule, in[i], &node->shape);
      return in[3]->dim[1] == dfkd_shape_channels (&node->shape) || mismatch (&rule, in[3], &node->shape);

    case DFKD_OP_STATISTICS_DISTANCE:
      node->shape = dfkd_shape (1, 0, 0, 0);
      return same_counts (&rule, 0, 2);

    case DFKD_OP_STATISTICS_DISTANCE_GRADIENT:
      node->shape = *in[1];
      return same_counts (&rule, 1, 3);

    case DFKD_OP_MAX_POOL:
    case DFKD_OP_AVERAGE_POOL:
      return pool (&rule);

    case DFKD_OP_MAX_POOL_GRADIENT:
      node->shape = *in[1];
      return same_counts (&rule, 0, 0);

    case DFKD_OP_AVERAGE_POOL_GRADIENT:
      node->shape = dfkd_shape (in[0]->dim[0], in[0]->dim[1], attributes->pool.input[0], attributes->pool.input[1]);
      return TRUE;

    case DFKD_OP_SPATIAL_MEAN:
      node->shape = dfkd_shape (in[0]->dim[0], in[0]->dim[1], 0, 0);
      return need_rank (&rule, 0, 4);

    case DFKD_OP_UPSAMPLE_NEAREST:
      if (!need_rank (&rule, 0, 4) || attributes->resize.factor == 0)
        return FALSE;
      node->shape = dfkd_shape (in[0]->dim[0], in[0]->dim[1], in[0]->dim[2] * attributes->resize.factor,
                                in[0]->dim[3] * attributes->resize.factor);
      return TRUE;

    case DFKD_OP_UPSAMPLE_NEAREST_GRADIENT:
      node->shape = dfkd_shape (in[0]->dim[0], in[0]->dim[1], in[0]->dim[2] / attributes->resize.factor,
                                in[0]->dim[3] / attributes->resize.factor);
      return TRUE;

    case DFKD_OP_RESIZE_BILINEAR:
      if (!need_rank (&rule, 0, 4))
        return FALSE;
      G_GNUC_FALLTHROUGH;
    case DFKD_OP_SPATIAL_MEAN_GRADIENT:
    case DFKD_OP_RESIZE_BILINEAR_GRADIENT:
      node->shape = dfkd_shape (in[0]->dim[0], in[0]->dim[1], attributes->resize.output[0], attributes->resize.output[1]);
      return TRUE;

    case DFKD_OP_CROP:
    case DFKD_OP_PAD:
      return window (&rule);

    case DFKD_OP_CONCATENATE:
      if (in[0]->rank != in[1]->rank || in[0]->rank == 1 || dfkd_shape_rows (in[0]) != dfkd_shape_rows (in[1]))
        return mismatch (&rule, in[0], in[1]);
      node->shape = with_channels (in[0], channels + dfkd_shape_channels (in[1]));
      return TRUE;

    case DFKD_OP_CHANNEL_SHUFFLE:
      node->shape = *in[0];
      if (attributes->shuffle.groups == 0 || channels % attributes->shuffle.groups != 0)
        return FAIL ("channel-shuffle: %zu channels cannot be %u groups", channels, attributes->shuffle.groups);
      return TRUE;

    case DFKD_OP_FLATTEN:
      node->shape = dfkd_shape (in[0]->dim[0], in[0]->dim[1] * in[0]->dim[2] * in[0]->dim[3], 0, 0);
      return need_rank (&rule, 0, 4);

    case DFKD_OP_UNFLATTEN:
      node->shape = attributes->fill.shape;
      return dfkd_shape_count (in[0]) == dfkd_shape_count (&node->shape) || mismatch (&rule, in[0], &node->shape);

    case DFKD_OP_RESHAPE:
      node->shape = attributes->fill.shape;
      node->shape.type = in[0]->type;
      if (in[0]->rank == 4 || node->shape.rank == 4)
        return FAIL ("reshape: images are stored channels-last; use flatten or unflatten");
      return dfkd_shape_count (in[0]) == dfkd_shape_count (&node->shape) || mismatch (&rule, in[0], &node->shape);

    case DFKD_OP_SHIFT_FLIP:
    case DFKD_OP_SHIFT_FLIP_GRADIENT:
      return draw_per_image (&rule, 2);

    case DFKD_OP_RESIZED_CROP:
    case DFKD_OP_RESIZED_CROP_GRADIENT:
      return draw_per_image (&rule, 4);

    case DFKD_OP_GATHER_IMAGES:
      if (in[0]->type != DFKD_U8 || in[0]->rank != 4 || in[1]->type != DFKD_I32)
        return mismatch (&rule, in[0], in[1]);
      node->shape = dfkd_shape (dfkd_shape_count (in[1]), in[0]->dim[1], in[0]->dim[2], in[0]->dim[3]);
      return TRUE;

    case DFKD_OP_GATHER_INTEGERS:
      if (in[0]->type != DFKD_I32 || in[1]->type != DFKD_I32)
        return mismatch (&rule, in[0], in[1]);
      node->shape = dfkd_shape_of_type (DFKD_I32, dfkd_shape_count (in[1]), 0, 0, 0);
      return TRUE;

    case DFKD_OP_GATHER_ROWS:
      if (in[0]->type != DFKD_F32 || in[0]->rank != 2 || in[1]->type != DFKD_I32)
        return mismatch (&rule, in[0], in[1]);
      node->shape = dfkd_shape (dfkd_shape_count (in[1]), in[0]->dim[1], 0, 0);
      return TRUE;

    case DFKD_N_OPS:
      break;
    }
  return FAIL ("unknown op %d", (int) node->op);
}
