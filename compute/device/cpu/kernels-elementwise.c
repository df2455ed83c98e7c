/* kernels-elementwise.c: loops in which element i of the result depends on element i of the operands. */
#include "kernels-private.h"

#include "op-rules-private.h"

#include <math.h>
#include <string.h>

typedef struct {
  const DfkdCall *call;
  gsize count;
  char broadcast; /* of the second operand */
  gsize channels;
} Loop;

static void
run (const DfkdCall *call, Loop *loop, DfkdTask task)
{
  loop->call = call;
  loop->count = dfkd_shape_count (&call->step->shape);
  dfkd_thread_pool_run (call->pool, dfkd_chunks (loop->count), task, loop);
}

#define FOR_CHUNK                                                                                                    \
  for (gsize i = chunk * DFKD_CHUNK, end = MIN (i + DFKD_CHUNK, loop->count); i < end; i++)

DFKD_LEVELS static void
unary_task (gpointer data, gsize chunk)
{
  const Loop *loop = data;
  const DfkdAttributes *a = &loop->call->step->attributes;
  /* in registers: the compiler cannot know that y is none of them */
  const float scale = a->affine.scale, shift = a->affine.shift, low = a->clamp.low, high = a->clamp.high, slope = a->norm.slope;
  const float *x = loop->call->in[0];
  float *y = loop->call->out;

  switch (loop->call->step->op)
    {
    case DFKD_OP_AFFINE:
      FOR_CHUNK y[i] = scale * x[i] + shift;
      break;
    case DFKD_OP_ABSOLUTE:
      FOR_CHUNK y[i] = fabsf (x[i]);
      break;
    case DFKD_OP_SIGN:
      FOR_CHUNK y[i] = x[i] > 0.0f ? 1.0f : x[i] < 0.0f ? -1.0f : 0.0f;
      break;
    case DFKD_OP_SQUARE:
      FOR_CHUNK y[i] = x[i] * x[i];
      break;
    case DFKD_OP_SQUARE_ROOT:
      FOR_CHUNK y[i] = sqrtf (x[i]);
      break;
    case DFKD_OP_RECIPROCAL:
      FOR_CHUNK y[i] = 1.0f / x[i];
      break;
    case DFKD_OP_EXPONENTIAL:
      FOR_CHUNK y[i] = expf (x[i]);
      break;
    case DFKD_OP_LOGARITHM:
      FOR_CHUNK y[i] = logf (x[i]);
      break;
    case DFKD_OP_LEAKY_RELU:
      FOR_CHUNK y[i] = x[i] > 0.0f ? x[i] : slope * x[i];
      break;
    case DFKD_OP_SIGMOID:
      FOR_CHUNK y[i] = 1.0f / (1.0f + expf (-x[i]));
      break;
    case DFKD_OP_TANH:
      FOR_CHUNK y[i] = tanhf (x[i]);
      break;
    case DFKD_OP_CLAMP:
      FOR_CHUNK y[i] = x[i] < low ? low : x[i] > high ? high : x[i];
      break;
    default:
      g_assert_not_reached ();
    }
}

DFKD_KERNEL (unary)
{
  run (call, &(Loop){ 0 }, unary_task);
}

/* b as the loop meets it: element i, the only one, by channel or by row */
#define BROADCAST(expression)                                                                                        \
  switch (loop->broadcast)                                                                                           \
    {                                                                                                                \
    case 's':                                                                                                        \
      FOR_CHUNK                                                                                                      \
      {                                                                                                              \
        float u = a[i], v = b[i];                                                                                    \
        y[i] = expression;                                                                                           \
      }                                                                                                              \
      break;                                                                                                         \
    case '1':                                                                                                        \
      {                                                                                                              \
        float v = b[0];                                                                                              \
        FOR_CHUNK                                                                                                    \
        {                                                                                                            \
          float u = a[i];                                                                                            \
          y[i] = expression;                                                                                         \
        }                                                                                                            \
        break;                                                                                                       \
      }                                                                                                              \
    case 'c':                                                                                                        \
      FOR_CHUNK                                                                                                      \
      {                                                                                                              \
        float u = a[i], v = b[i % loop->channels];                                                                   \
        y[i] = expression;                                                                                           \
      }                                                                                                              \
      break;                                                                                                         \
    default:                                                                                                         \
      FOR_CHUNK                                                                                                      \
      {                                                                                                              \
        float u = a[i], v = b[i / loop->channels];                                                                   \
        y[i] = expression;                                                                                           \
      }                                                                                                              \
    }                                                                                                                \
  break

DFKD_LEVELS static void
binary_task (gpointer data, gsize chunk)
{
  const Loop *loop = data;
  const float *a = loop->call->in[0], *b = loop->call->in[1];
  float *y = loop->call->out;

  switch (loop->call->step->op)
    {
    case DFKD_OP_ADD:
      BROADCAST (u + v);
    case DFKD_OP_SUBTRACT:
      BROADCAST (u - v);
    case DFKD_OP_MULTIPLY:
      BROADCAST (u * v);
    case DFKD_OP_DIVIDE:
      BROADCAST (u / v);
    case DFKD_OP_LESS:
      BROADCAST (u < v ? 1.0f : 0.0f);
    case DFKD_OP_EQUAL:
      BROADCAST (u == v ? 1.0f : 0.0f);
    default:
      g_assert_not_reached ();
    }
}

/* the same for whole numbers, which only compare */
static void
compare_task (gpointer data, gsize chunk)
{
  const Loop *loop = data;
  const gint32 *a = loop->call->in[0], *b = loop->call->in[1];
  float *y = loop->call->out;
  gboolean equal = loop->call->step->op == DFKD_OP_EQUAL;

  FOR_CHUNK
  {
    gint32 v = b[loop->broadcast == 's' ? i : loop->broadcast == '1' ? 0 : loop->broadcast == 'c' ? i % loop->channels : i / loop->channels];

    y[i] = (equal ? a[i] == v : a[i] < v) ? 1.0f : 0.0f;
  }
}

DFKD_KERNEL (binary)
{
  const DfkdStep *step = call->step;
  Loop loop = { .broadcast = dfkd_broadcast_of (&step->input_shape[0], &step->input_shape[1]),
                .channels = dfkd_shape_channels (&step->input_shape[0]) };

  run (call, &loop, step->input_shape[0].type == DFKD_I32 ? compare_task : binary_task);
}

DFKD_LEVELS static void
activation_gradient_task (gpointer data, gsize chunk)
{
  const Loop *loop = data;
  const DfkdAttributes *a = &loop->call->step->attributes;
  const float low = a->clamp.low, high = a->clamp.high, slope = a->norm.slope;
  const float *dy = loop->call->in[0], *v = loop->call->in[1];
  float *dx = loop->call->out;

  switch (loop->call->step->op)
    {
    case DFKD_OP_LEAKY_RELU_GRADIENT:
      FOR_CHUNK dx[i] = v[i] > 0.0f ? dy[i] : slope * dy[i];
      break;
    case DFKD_OP_SIGMOID_GRADIENT:
      FOR_CHUNK dx[i] = dy[i] * v[i] * (1.0f - v[i]);
      break;
    case DFKD_OP_TANH_GRADIENT:
      FOR_CHUNK dx[i] = dy[i] * (1.0f - v[i] * v[i]);
      break;
    case DFKD_OP_CLAMP_GRADIENT:
      FOR_CHUNK dx[i] = v[i] > low && v[i] < high ? dy[i] : 0.0f;
      break;
    default:
      g_assert_not_reached ();
    }
}

DFKD_KERNEL (activation_gradient)
{
  run (call, &(Loop){ 0 }, activation_gradient_task);
}

DFKD_LEVELS static void
fill_task (gpointer data, gsize chunk)
{
  const Loop *loop = data;
  float value = loop->call->step->attributes.fill.value, *y = loop->call->out;

  FOR_CHUNK y[i] = value;
}

DFKD_KERNEL (fill)
{
  run (call, &(Loop){ 0 }, fill_task);
}

DFKD_LEVELS static void
expand_task (gpointer data, gsize chunk)
{
  const Loop *loop = data;
  const float *x = loop->call->in[0];
  float *y = loop->call->out;

  FOR_CHUNK y[i] = x[loop->broadcast == 's' ? i : loop->broadcast == '1' ? 0 : loop->broadcast == 'c' ? i % loop->channels : i / loop->channels];
}

DFKD_KERNEL (expand)
{
  const DfkdStep *step = call->step;

  run (call, &(Loop){ .broadcast = dfkd_broadcast_of (&step->shape, &step->input_shape[0]),
                      .channels = dfkd_shape_channels (&step->shape) },
       expand_task);
}

/* -------------------------------------------------------------------------------- copies into variables */

static void
copy_task (gpointer data, gsize chunk)
{
  const Loop *loop = data;
  gsize start = chunk * DFKD_CHUNK * 4, bytes = MIN ((gsize) DFKD_CHUNK * 4, loop->count - start);

  memmove ((guint8 *) loop->call->out + start, (const guint8 *) loop->call->in[0] + start, bytes);
}

static void
copy (const DfkdCall *call, void *target, const void *source, gsize bytes)
{
  DfkdCall moved = *call;
  Loop loop = { .call = &moved, .count = bytes };

  moved.in[0] = source;
  moved.out = target;
  dfkd_thread_pool_run (call->pool, (bytes + DFKD_CHUNK * 4 - 1) / (DFKD_CHUNK * 4), copy_task, &loop);
}

DFKD_KERNEL (copy) /* READ, and whatever changes only its shape */
{
  copy (call, call->out, call->in[0], dfkd_shape_bytes (&call->step->input_shape[0]));
}

DFKD_KERNEL (assign)
{
  copy (call, (void *) call->in[0], call->in[1], dfkd_shape_bytes (&call->step->input_shape[1]));
}

DFKD_KERNEL (assign_if)
{
  if (*(const float *) call->in[2] != 0.0f)
    dfkd_cpu_assign (call);
}

DFKD_LEVELS static void
blend_task (gpointer data, gsize chunk)
{
  const Loop *loop = data;
  float *target = (float *) loop->call->in[0];
  const float *value = loop->call->in[1];
  float m = *(const float *) loop->call->in[2];

  FOR_CHUNK target[i] = m * target[i] + (1.0f - m) * value[i];
}

DFKD_KERNEL (blend)
{
  Loop loop = { .call = call, .count = dfkd_shape_count (&call->step->input_shape[0]) };

  dfkd_thread_pool_run (call->pool, dfkd_chunks (loop.count), blend_task, &loop);
}
