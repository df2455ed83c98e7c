/* onnx-ops.c: which of ONNX's operators (opset 17) compute one of our ops.
 *
 * Values are named "type_number" by the node that makes them; variables bear the state dict's names. */
#include "onnx-ops-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  DfkdOnnxExport *e;
  DfkdValue value;
  const DfkdNode *node;
  const char *type; /* of the table's row */
} Op;

typedef struct {
  const char *type;
  gboolean (*emit) (const Op *op);
} Counterpart;

/* ------------------------------------------------------------------------------------------------ helpers */

static const char *
operand (const Op *op, guint index)
{
  const DfkdValue value = index < op->node->n_inputs ? op->node->input[index] : DFKD_NONE;

  return value != DFKD_NONE ? op->e->names->pdata[value] : NULL;
}

static const DfkdShape *
operand_shape (const Op *op, guint index)
{
  return dfkd_graph_shape (op->e->graph, op->node->input[index]);
}

/* "Conv_12", or "Conv_12_suffix" for what comes before the op's last node */
static char *
make_name (const Op *op, const char *type, const char *suffix)
{
  return g_strdup_printf ("%s_%u%s%s", type, op->value, suffix != NULL ? "_" : "", suffix != NULL ? suffix : "");
}

/* the node that gives the op's value */
static DfkdOnnxNode *
finish (const Op *op, const char *type, const char *const *inputs, gsize n)
{
  char *name = op->value == op->e->result ? g_strdup (DFKD_ONNX_OUTPUT) : make_name (op, type, NULL);

  op->e->names->pdata[op->value] = name;
  return dfkd_onnx_writer_add_node (op->e->writer, type, inputs, n, name);
}

/* a node before it. Returns: (transfer full): the name of its result */
static char *
prepare (const Op *op, const char *type, const char *suffix, const char *const *inputs, gsize n, DfkdOnnxNode **node)
{
  char *name = make_name (op, type, suffix);
  DfkdOnnxNode *made = dfkd_onnx_writer_add_node (op->e->writer, type, inputs, n, name);

  if (node != NULL)
    *node = made;
  return name;
}

/* an initialiser of one number for this op. Returns: (transfer full) */
static char *
number (const Op *op, const char *suffix, float value)
{
  char *name = make_name (op, op->type, suffix);

  dfkd_onnx_writer_add_floats (op->e->writer, name, NULL, 0, &value);
  return name;
}

/* likewise of whole numbers */
static char *
integers (const Op *op, const char *suffix, const gint64 *values, gsize count)
{
  char *name = make_name (op, op->type, suffix);

  dfkd_onnx_writer_add_integers (op->e->writer, name, values, count);
  return name;
}

/* what LEAKY_RELU and a batch norm's slope mean; slope 1 changes nothing */
static void
finish_activation (const Op *op, const char *input, float slope)
{
  DfkdOnnxNode *node = finish (op, slope != 0.0f ? "LeakyRelu" : "Relu", &input, 1);

  if (slope != 0.0f)
    dfkd_onnx_node_set_number (node, "alpha", slope);
}

/* ---------------------------------------------------------------------------------------------- variables */

/* the state dict's name of row @row of a variable; NULL when the variable is not the model's own */
static const char *
tensor_name (const Op *op, DfkdValue value, guint row)
{
  const DfkdNode *node = dfkd_graph_get (op->e->graph, value);
  const DfkdNetwork *network = op->e->model->network;

  for (guint i = 0; node->op == DFKD_OP_VARIABLE && i < network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (network->tensors, DfkdNetworkTensor, i);
      DfkdBlock *block = tensor->home == DFKD_HOME_PARAMETERS ? network->parameters : network->state;

      if (tensor->home != DFKD_HOME_COUNTER && tensor->row == row && node->block == block
          && dfkd_block_get (block, tensor->variable)->offset == node->offset)
        return tensor->name;
    }
  return NULL;
}

/* A variable that is one tensor is an operand by its name; the pairs of batch norms are taken apart by theirs. */
static gboolean
emit_variable (const Op *op)
{
  if (tensor_name (op, op->value, 1) == NULL)
    op->e->names->pdata[op->value] = g_strdup (tensor_name (op, op->value, 0));
  return TRUE;
}

/* a constant: only as one number */
static gboolean
emit_fill (const Op *op)
{
  if (dfkd_shape_count (&op->node->shape) != 1)
    return FALSE;
  op->e->names->pdata[op->value] = number (op, NULL, op->node->attributes.fill.value);
  return TRUE;
}

/* -------------------------------------------------------------------------------------------- elementwise */

static gboolean
emit_alias (const Op *op)
{
  const char *input = operand (op, 0);

  if (op->value == op->e->result)
    finish (op, "Identity", &input, 1);
  else
    op->e->names->pdata[op->value] = g_strdup (input);
  return TRUE;
}

static gboolean
emit_unary (const Op *op)
{
  const char *input = operand (op, 0);

  finish (op, op->type, &input, 1);
  return TRUE;
}

static gboolean
emit_square (const Op *op)
{
  finish (op, "Mul", (const char *[]){ operand (op, 0), operand (op, 0) }, 2);
  return TRUE;
}

static gboolean
emit_activation (const Op *op)
{
  finish_activation (op, operand (op, 0), op->node->attributes.norm.slope);
  return TRUE;
}

static gboolean
emit_clamp (const Op *op)
{
  g_autofree char *low = number (op, "low", op->node->attributes.clamp.low);
  g_autofree char *high = number (op, "high", op->node->attributes.clamp.high);

  finish (op, "Clip", (const char *[]){ operand (op, 0), low, high }, 3);
  return TRUE;
}

static gboolean
emit_affine (const Op *op)
{
  g_autofree char *scale = number (op, "scale", op->node->attributes.affine.scale);
  g_autofree char *shift = number (op, "shift", op->node->attributes.affine.shift);
  g_autofree char *scaled = prepare (op, "Mul", "scaled", (const char *[]){ operand (op, 0), scale }, 2, NULL);

  finish (op, "Add", (const char *[]){ scaled, shift }, 2);
  return TRUE;
}

/* b broadcasts as ONNX has it, but for one number a channel of an image: [C] becomes [1,C,1,1] */
static gboolean
emit_binary (const Op *op)
{
  static const gint64 shape[] = { 1, -1, 1, 1 };
  const DfkdShape *a = operand_shape (op, 0), *b = operand_shape (op, 1);
  g_autofree char *wanted = NULL, *reshaped = NULL;
  const char *second = operand (op, 1);

  if (a->rank == 4 && b->rank == 1 && b->dim[0] > 1)
    {
      wanted = integers (op, "shape", shape, G_N_ELEMENTS (shape));
      second = reshaped = prepare (op, "Reshape", "channels", (const char *[]){ second, wanted }, 2, NULL);
    }
  else if (a->rank != b->rank && dfkd_shape_count (b) != 1 && b->rank != 1)
    return FALSE;
  finish (op, op->type, (const char *[]){ operand (op, 0), second }, 2);
  return TRUE;
}

/* per row over channels */
static gboolean
emit_softmax (const Op *op)
{
  const char *input = operand (op, 0);

  dfkd_onnx_node_set_integer (finish (op, op->type, &input, 1), "axis", 1);
  return TRUE;
}

/* --------------------------------------------------------------------------------------- layers with weights */

static gboolean
emit_convolution (const Op *op)
{
  const DfkdConvolutionAttributes *a = &op->node->attributes.convolution;
  const char *inputs[] = { operand (op, 0), operand (op, 1), operand (op, 2) }, *addend = operand (op, 3);
  const gsize n = inputs[2] != NULL ? 3 : 2;
  const DfkdShape *weight = operand_shape (op, 1);
  g_autofree char *sum = NULL;
  DfkdOnnxNode *node;

  if (addend != NULL)
    sum = prepare (op, "Conv", "alone", inputs, n, &node);
  else
    node = finish (op, "Conv", inputs, n);
  dfkd_onnx_node_set_integers (node, "dilations", (gint64[]){ a->dilation[0], a->dilation[1] }, 2);
  dfkd_onnx_node_set_integer (node, "group", a->groups);
  dfkd_onnx_node_set_integers (node, "kernel_shape", (gint64[]){ (gint64) weight->dim[2], (gint64) weight->dim[3] }, 2);
  dfkd_onnx_node_set_integers (node, "pads", (gint64[]){ a->padding[0], a->padding[1], a->padding[0], a->padding[1] }, 4);
  dfkd_onnx_node_set_integers (node, "strides", (gint64[]){ a->stride[0], a->stride[1] }, 2);
  if (addend != NULL)
    finish (op, "Add", (const char *[]){ sum, addend }, 2);
  return TRUE;
}

static gboolean
emit_product (const Op *op)
{
  const char *inputs[] = { operand (op, 0), operand (op, 1), operand (op, 2) };
  DfkdOnnxNode *node = finish (op, "Gemm", inputs, inputs[2] != NULL ? 3 : 2);

  dfkd_onnx_node_set_integer (node, "transA", op->node->attributes.product.transpose_a);
  dfkd_onnx_node_set_integer (node, "transB", op->node->attributes.product.transpose_b);
  return TRUE;
}

/* only by running statistics, which is what an evaluation pass does */
static gboolean
emit_batch_norm (const Op *op)
{
  const DfkdValue running = op->node->input[1], affine = op->node->input[2];
  const char *inputs[] = { operand (op, 0), tensor_name (op, affine, 0), tensor_name (op, affine, 1),
                           tensor_name (op, running, 0), tensor_name (op, running, 1) };
  const float slope = op->node->attributes.norm.slope;
  g_autofree char *normalised = NULL;
  DfkdOnnxNode *node;

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    if (inputs[i] == NULL)
      return FALSE;
  if (slope == 1.0f)
    node = finish (op, "BatchNormalization", inputs, G_N_ELEMENTS (inputs));
  else
    normalised = prepare (op, "BatchNormalization", "alone", inputs, G_N_ELEMENTS (inputs), &node);
  dfkd_onnx_node_set_number (node, "epsilon", op->node->attributes.norm.epsilon);
  if (slope != 1.0f)
    finish_activation (op, normalised, slope);
  return TRUE;
}

/* --------------------------------------------------------------------------- pooling, resampling, cutting */

static gboolean
emit_pool (const Op *op)
{
  const gint64 kernel = op->node->attributes.pool.kernel, stride = op->node->attributes.pool.stride;
  const gint64 padding = op->node->attributes.pool.padding;
  const char *input = operand (op, 0);
  DfkdOnnxNode *node = finish (op, op->type, &input, 1);

  dfkd_onnx_node_set_integers (node, "kernel_shape", (gint64[]){ kernel, kernel }, 2);
  dfkd_onnx_node_set_integers (node, "strides", (gint64[]){ stride, stride }, 2);
  dfkd_onnx_node_set_integers (node, "pads", (gint64[]){ padding, padding, padding, padding }, 4);
  if (op->node->op == DFKD_OP_AVERAGE_POOL)
    dfkd_onnx_node_set_integer (node, "count_include_pad", 1);
  return TRUE;
}

static gboolean
emit_spatial_mean (const Op *op)
{
  const char *input = operand (op, 0);
  g_autofree char *mean = prepare (op, "GlobalAveragePool", NULL, &input, 1, NULL);

  input = mean;
  dfkd_onnx_node_set_integer (finish (op, "Flatten", &input, 1), "axis", 1);
  return TRUE;
}

static gboolean
emit_flatten (const Op *op)
{
  const char *input = operand (op, 0);

  dfkd_onnx_node_set_integer (finish (op, "Flatten", &input, 1), "axis", 1);
  return TRUE;
}

/* a shape whose first dimension is the batch's, whatever that is */
static gboolean
emit_unflatten (const Op *op)
{
  const DfkdShape *shape = &op->node->shape;
  const gint64 dims[] = { 0, (gint64) shape->dim[1], (gint64) shape->dim[2], (gint64) shape->dim[3] };
  g_autofree char *wanted = integers (op, "shape", dims, shape->rank);

  finish (op, "Reshape", (const char *[]){ operand (op, 0), wanted }, 2);
  return TRUE;
}

static gboolean
emit_upsample (const Op *op)
{
  const float factor = (float) op->node->attributes.resize.factor, factors[] = { 1.0f, 1.0f, factor, factor };
  g_autofree char *scales = make_name (op, op->type, "scales");
  DfkdOnnxNode *node;

  dfkd_onnx_writer_add_floats (op->e->writer, scales, (gsize[]){ 4 }, 1, factors);
  node = finish (op, "Resize", (const char *[]){ operand (op, 0), "", scales }, 3);
  dfkd_onnx_node_set_text (node, "mode", "nearest");
  dfkd_onnx_node_set_text (node, "coordinate_transformation_mode", "asymmetric");
  dfkd_onnx_node_set_text (node, "nearest_mode", "floor");
  return TRUE;
}

/* to a size in pixels: ONNX wants it together with the batch's, which only the input knows */
static gboolean
emit_bilinear (const Op *op)
{
  const char *input = operand (op, 0);
  const gint64 pixels[] = { (gint64) op->node->shape.dim[2], (gint64) op->node->shape.dim[3] };
  g_autofree char *size = integers (op, "pixels", pixels, G_N_ELEMENTS (pixels)), *start = NULL, *sizes = NULL;
  DfkdOnnxNode *node;

  start = prepare (op, "Shape", "batch", &input, 1, &node);
  dfkd_onnx_node_set_integer (node, "start", 0);
  dfkd_onnx_node_set_integer (node, "end", 2);
  sizes = prepare (op, "Concat", "sizes", (const char *[]){ start, size }, 2, &node);
  dfkd_onnx_node_set_integer (node, "axis", 0);
  node = finish (op, "Resize", (const char *[]){ input, "", "", sizes }, 4);
  dfkd_onnx_node_set_text (node, "mode", "linear");
  dfkd_onnx_node_set_text (node, "coordinate_transformation_mode", "half_pixel");
  return TRUE;
}

/* channels, rows and columns from an origin */
static gboolean
emit_crop (const Op *op)
{
  static const gint64 axes[] = { 1, 2, 3 };
  const DfkdShape *shape = &op->node->shape;
  const gsize n = shape->rank - 1;
  gint64 starts[3], ends[3];
  g_autofree char *start = NULL, *end = NULL, *axis = NULL;

  for (gsize i = 0; i < n; i++)
    {
      starts[i] = (gint64) op->node->attributes.window.origin[i];
      ends[i] = starts[i] + (gint64) shape->dim[i + 1];
    }
  start = integers (op, "starts", starts, n);
  end = integers (op, "ends", ends, n);
  axis = integers (op, "axes", axes, n);
  finish (op, "Slice", (const char *[]){ operand (op, 0), start, end, axis }, 4);
  return TRUE;
}

static gboolean
emit_pad (const Op *op)
{
  const DfkdShape *small = operand_shape (op, 0), *large = &op->node->shape;
  gint64 pads[2 * DFKD_MAX_RANK] = { 0 };
  g_autofree char *widths = NULL;

  for (guint i = 1; i < large->rank; i++)
    {
      pads[i] = (gint64) op->node->attributes.window.origin[i - 1];
      pads[large->rank + i] = (gint64) (large->dim[i] - small->dim[i]) - pads[i];
    }
  widths = integers (op, "pads", pads, 2 * large->rank);
  finish (op, "Pad", (const char *[]){ operand (op, 0), widths }, 2);
  return TRUE;
}

static gboolean
emit_concatenate (const Op *op)
{
  dfkd_onnx_node_set_integer (finish (op, "Concat", (const char *[]){ operand (op, 0), operand (op, 1) }, 2), "axis", 1);
  return TRUE;
}

/* N,C,H,W seen as N,g,C/g,H,W, the two turned round, and seen as N,C,H,W again */
static gboolean
emit_channel_shuffle (const Op *op)
{
  const DfkdShape *shape = &op->node->shape;
  const gint64 groups = op->node->attributes.shuffle.groups, channels = (gint64) dfkd_shape_channels (shape);
  const gint64 rows = (gint64) shape->dim[2], columns = (gint64) shape->dim[3];
  g_autofree char *apart = NULL, *whole = NULL, *parts = NULL, *turned = NULL;
  DfkdOnnxNode *node;

  if (shape->rank != 4)
    return FALSE;
  apart = integers (op, "apart", (gint64[]){ 0, groups, channels / groups, rows, columns }, 5);
  whole = integers (op, "whole", (gint64[]){ 0, channels, rows, columns }, 4);
  parts = prepare (op, "Reshape", "parts", (const char *[]){ operand (op, 0), apart }, 2, NULL);
  turned = prepare (op, "Transpose", "turned", (const char *[]){ parts }, 1, &node);
  dfkd_onnx_node_set_integers (node, "perm", (gint64[]){ 0, 2, 1, 3, 4 }, 5);
  finish (op, "Reshape", (const char *[]){ turned, whole }, 2);
  return TRUE;
}

/* ------------------------------------------------------------------------------------------------- the table */

static const Counterpart counterparts[DFKD_N_OPS] = {
  [DFKD_OP_VARIABLE] = { "", emit_variable },
  [DFKD_OP_FILL] = { "Constant", emit_fill },
  [DFKD_OP_DETACH] = { "", emit_alias },
  [DFKD_OP_AFFINE] = { "Affine", emit_affine },
  [DFKD_OP_ABSOLUTE] = { "Abs", emit_unary },
  [DFKD_OP_SIGN] = { "Sign", emit_unary },
  [DFKD_OP_SQUARE] = { "Mul", emit_square },
  [DFKD_OP_SQUARE_ROOT] = { "Sqrt", emit_unary },
  [DFKD_OP_RECIPROCAL] = { "Reciprocal", emit_unary },
  [DFKD_OP_EXPONENTIAL] = { "Exp", emit_unary },
  [DFKD_OP_LOGARITHM] = { "Log", emit_unary },
  [DFKD_OP_LEAKY_RELU] = { "LeakyRelu", emit_activation },
  [DFKD_OP_SIGMOID] = { "Sigmoid", emit_unary },
  [DFKD_OP_TANH] = { "Tanh", emit_unary },
  [DFKD_OP_CLAMP] = { "Clip", emit_clamp },
  [DFKD_OP_ADD] = { "Add", emit_binary },
  [DFKD_OP_SUBTRACT] = { "Sub", emit_binary },
  [DFKD_OP_MULTIPLY] = { "Mul", emit_binary },
  [DFKD_OP_DIVIDE] = { "Div", emit_binary },
  [DFKD_OP_SOFTMAX] = { "Softmax", emit_softmax },
  [DFKD_OP_LOG_SOFTMAX] = { "LogSoftmax", emit_softmax },
  [DFKD_OP_MATRIX_PRODUCT] = { "Gemm", emit_product },
  [DFKD_OP_CONVOLUTION] = { "Conv", emit_convolution },
  [DFKD_OP_BN_APPLY] = { "BatchNormalization", emit_batch_norm },
  [DFKD_OP_MAX_POOL] = { "MaxPool", emit_pool },
  [DFKD_OP_AVERAGE_POOL] = { "AveragePool", emit_pool },
  [DFKD_OP_SPATIAL_MEAN] = { "Flatten", emit_spatial_mean },
  [DFKD_OP_UPSAMPLE_NEAREST] = { "Resize", emit_upsample },
  [DFKD_OP_RESIZE_BILINEAR] = { "Resize", emit_bilinear },
  [DFKD_OP_CROP] = { "Slice", emit_crop },
  [DFKD_OP_PAD] = { "Pad", emit_pad },
  [DFKD_OP_CONCATENATE] = { "Concat", emit_concatenate },
  [DFKD_OP_CHANNEL_SHUFFLE] = { "Reshape", emit_channel_shuffle },
  [DFKD_OP_FLATTEN] = { "Flatten", emit_flatten },
  [DFKD_OP_UNFLATTEN] = { "Reshape", emit_unflatten },
};

/* every operand must have a name, but for the pairs of a batch norm */
static gboolean
has_operands (const Op *op)
{
  for (guint i = 0; i < op->node->n_inputs; i++)
    if (op->node->input[i] != DFKD_NONE && operand (op, i) == NULL && (op->node->op != DFKD_OP_BN_APPLY || i == 0))
      return FALSE;
  return TRUE;
}

gboolean
dfkd_onnx_export_value (DfkdOnnxExport *e, DfkdValue value, GError **error)
{
  const DfkdNode *node = dfkd_graph_get (e->graph, value);
  const Counterpart *counterpart = &counterparts[node->op];
  const Op op = { e, value, node, counterpart->type };

  if (counterpart->emit != NULL && has_operands (&op) && counterpart->emit (&op))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("network %s cannot be exported as ONNX: its step “%s” has no counterpart there yet; export it as .safetensors"),
               e->model->network->name, dfkd_op (node->op)->name);
  return FALSE;
}
