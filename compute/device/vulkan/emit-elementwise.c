/* emit-elementwise.c: sources, draws and element-by-element arithmetic. One invocation an element (a draw
 * of four words makes four). */
#include "emit.h"
#include "functions.h"

#include <string.h>

void
dfkd_emit_fill (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);
  gint integer = (gint) step->attributes.fill.value;
  float value = step->attributes.fill.value;

  dfkd_dispatch_begin (r, "fill");
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  if (step->shape.type == DFKD_I32)
    dfkd_dispatch_int (r, integer);
  else
    dfkd_dispatch_float (r, value);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_iota (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "iota");
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_random (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);
  gboolean has_range = step->n_inputs > 1 && step->input[1].kind != DFKD_PLACE_NONE;

  dfkd_dispatch_begin (r, "random");
  dfkd_dispatch_constant (r, step->op == DFKD_OP_RANDOM_NORMAL    ? RANDOM_NORMAL
                             : step->op == DFKD_OP_RANDOM_UNIFORM ? RANDOM_UNIFORM
                                                                  : RANDOM_INTEGER);
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, has_range ? &step->input[1] : &(DfkdPlace){ 0 });
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_int (r, (gint) step->attributes.random.purpose);
  dfkd_dispatch_int (r, (gint) step->attributes.random.range);
  dfkd_dispatch_uint (r, has_range ? 1 : 0);
  dfkd_dispatch_uint (r, step->attributes.random.distinct ? 1 : 0);
  dfkd_dispatch_float (r, step->attributes.random.low);
  dfkd_dispatch_float (r, step->attributes.random.high);
  dfkd_dispatch_threads (r, (count + 3) / 4);
}

static guint32
unary_function (DfkdOp op)
{
  switch (op)
    {
    case DFKD_OP_ABSOLUTE:
      return FUNCTION_ABSOLUTE;
    case DFKD_OP_SIGN:
      return FUNCTION_SIGN;
    case DFKD_OP_SQUARE:
      return FUNCTION_SQUARE;
    case DFKD_OP_SQUARE_ROOT:
      return FUNCTION_SQUARE_ROOT;
    case DFKD_OP_RECIPROCAL:
      return FUNCTION_RECIPROCAL;
    case DFKD_OP_EXPONENTIAL:
      return FUNCTION_EXPONENTIAL;
    case DFKD_OP_LOGARITHM:
      return FUNCTION_LOGARITHM;
    case DFKD_OP_LEAKY_RELU:
      return FUNCTION_LEAKY_RELU;
    case DFKD_OP_SIGMOID:
      return FUNCTION_SIGMOID;
    case DFKD_OP_TANH:
      return FUNCTION_TANH;
    case DFKD_OP_CLAMP:
      return FUNCTION_CLAMP;
    default:
      return FUNCTION_AFFINE;
    }
}

static guint32
binary_function (DfkdOp op, gboolean integer)
{
  switch (op)
    {
    case DFKD_OP_SUBTRACT:
      return FUNCTION_SUBTRACT;
    case DFKD_OP_MULTIPLY:
      return FUNCTION_MULTIPLY;
    case DFKD_OP_DIVIDE:
      return FUNCTION_DIVIDE;
    case DFKD_OP_LESS:
      return integer ? FUNCTION_LESS_INTEGER : FUNCTION_LESS;
    case DFKD_OP_EQUAL:
      return integer ? FUNCTION_EQUAL_INTEGER : FUNCTION_EQUAL;
    case DFKD_OP_LEAKY_RELU_GRADIENT:
      return FUNCTION_LEAKY_RELU_GRADIENT;
    case DFKD_OP_SIGMOID_GRADIENT:
      return FUNCTION_SIGMOID_GRADIENT;
    case DFKD_OP_TANH_GRADIENT:
      return FUNCTION_TANH_GRADIENT;
    case DFKD_OP_CLAMP_GRADIENT:
      return FUNCTION_CLAMP_GRADIENT;
    default:
      return FUNCTION_ADD;
    }
}

/* the two constants of a function, by op */
static void
push_parameters (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  const DfkdAttributes *a = &step->attributes;
  float first = 0.0f, second = 0.0f;

  switch (step->op)
    {
    case DFKD_OP_AFFINE:
      first = a->affine.scale;
      second = a->affine.shift;
      break;
    case DFKD_OP_LEAKY_RELU:
    case DFKD_OP_LEAKY_RELU_GRADIENT:
      first = a->norm.slope;
      break;
    case DFKD_OP_CLAMP:
    case DFKD_OP_CLAMP_GRADIENT:
      first = a->clamp.low;
      second = a->clamp.high;
      break;
    default:
      break;
    }
  dfkd_dispatch_float (r, first);
  dfkd_dispatch_float (r, second);
}

void
dfkd_emit_unary (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);
  gboolean fours = count % 4 == 0;

  count /= fours ? 4 : 1;
  dfkd_dispatch_begin_lanes (r, "unary", fours);
  dfkd_dispatch_constant (r, unary_function (step->op));
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  push_parameters (r, step);
  dfkd_dispatch_threads (r, count);
}

static guint32
broadcast (const DfkdShape *a, const DfkdShape *b)
{
  gsize count = dfkd_shape_count (a);

  if (dfkd_shape_count (b) == count && dfkd_shape_channels (a) == dfkd_shape_channels (b)
      && a->rank == b->rank)
    return BROADCAST_SAME;
  if (dfkd_shape_count (b) == 1)
    return BROADCAST_SCALAR;
  if (b->rank == 1 && b->dim[0] == dfkd_shape_channels (a))
    return BROADCAST_CHANNEL;
  return b->rank > 1 && dfkd_shape_channels (b) == 1 ? BROADCAST_ROW : BROADCAST_SAME;
}

void
dfkd_emit_binary (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);
  gboolean compares = step->op == DFKD_OP_LESS || step->op == DFKD_OP_EQUAL;
  gboolean broadcasts = compares || step->op == DFKD_OP_ADD || step->op == DFKD_OP_SUBTRACT
                        || step->op == DFKD_OP_MULTIPLY || step->op == DFKD_OP_DIVIDE;

  guint32 how = broadcasts ? broadcast (&step->input_shape[0], &step->input_shape[1]) : BROADCAST_SAME;
  gsize channels = dfkd_shape_channels (&step->input_shape[0]);
  gboolean fours = (how == BROADCAST_SAME || how == BROADCAST_SCALAR ? count : channels) % 4 == 0;

  count /= fours ? 4 : 1;
  dfkd_dispatch_begin_lanes (r, "binary", fours);
  dfkd_dispatch_constant (r, binary_function (step->op, step->input_shape[0].type == DFKD_I32));
  dfkd_dispatch_constant (r, how);
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, fours ? MAX (channels / 4, 1) : channels);
  push_parameters (r, step);
  dfkd_dispatch_threads (r, count);
}

void
dfkd_emit_expand (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  gsize count = dfkd_shape_count (&step->shape);

  dfkd_dispatch_begin (r, "expand");
  dfkd_dispatch_constant (r, broadcast (&step->shape, &step->input_shape[0]));
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, count);
  dfkd_dispatch_uint (r, dfkd_shape_channels (&step->shape));
  dfkd_dispatch_threads (r, count);
}
