/* kernels-reduce.c: sums and what works along the channels of a row. Sums are made in float64 over chunks of
 * a fixed size and combined in order. */
#include "kernels-private.h"

#include <math.h>

enum {
  ROWS = 512,          /* rows of a task */
};

typedef struct {
  const DfkdCall *call;
  gsize count, rows, channels;
  double *partial;
} Reduction;

static Reduction
reduction_of (const DfkdCall *call)
{
  const DfkdShape *shape = &call->step->input_shape[0];

  return (Reduction){ call, dfkd_shape_count (shape), dfkd_shape_rows (shape), dfkd_shape_channels (shape), call->workspace };
}

DFKD_LEVELS static void
sum_task (gpointer data, gsize chunk)
{
  const Reduction *r = data;
  const float *x = r->call->in[0];
  gsize start = chunk * DFKD_CHUNK, end = MIN (start + DFKD_CHUNK, r->count);
  double sum[8] = { 0 };

  if (r->call->step->op == DFKD_OP_NORM)
    for (gsize i = start; i < end; i++)
      sum[i & 7] += (double) x[i] * (double) x[i];
  else
    for (gsize i = start; i < end; i++)
      sum[i & 7] += (double) x[i];
  r->partial[chunk] = ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

DFKD_KERNEL (sum) /* SUM and NORM */
{
  Reduction r = reduction_of (call);
  gsize chunks = dfkd_chunks (r.count);
  double sum = 0.0;

  dfkd_thread_pool_run (call->pool, chunks, sum_task, &r);
  for (gsize i = 0; i < chunks; i++)
    sum += r.partial[i];
  *(float *) call->out = (float) (call->step->op == DFKD_OP_NORM ? sqrt (sum)
                                                                 : sum * (double) call->step->attributes.reduce.scale);
}

DFKD_LEVELS static void
channel_sum_task (gpointer data, gsize chunk)
{
  const Reduction *r = data;
  const float *x = r->call->in[0];
  double *sum = r->partial + chunk * r->channels;
  gsize start = chunk * ROWS, end = MIN (start + ROWS, r->rows), channels = r->channels, c = 0;

  for (; c + DFKD_HELD <= channels; c += DFKD_HELD)
    {
      DfkdEightDoubles total[2] = { { 0 } };

      for (gsize row = start; row < end; row++)
        DFKD_FOR_HELD total[v] += __builtin_convertvector (DFKD_EIGHT (x + row * channels + c, v), DfkdEightDoubles);
      DFKD_FOR_HELD *(DfkdEightDoubles *) (sum + c + 8 * v) = total[v];
    }
  for (; c < channels; c++)
    {
      sum[c] = 0.0;
      for (gsize row = start; row < end; row++)
        sum[c] += (double) x[row * channels + c];
    }
}

DFKD_KERNEL (channel_sum)
{
  Reduction r = reduction_of (call);
  gsize chunks = (r.rows + ROWS - 1) / ROWS;
  float *y = call->out;

  dfkd_thread_pool_run (call->pool, chunks, channel_sum_task, &r);
  for (gsize c = 0; c < r.channels; c++)
    {
      double sum = 0.0;

      for (gsize i = 0; i < chunks; i++)
        sum += r.partial[i * r.channels + c];
      y[c] = (float) (sum * (double) call->step->attributes.reduce.scale);
    }
}

static void
row_sum_task (gpointer data, gsize chunk)
{
  const Reduction *r = data;
  const float *x = r->call->in[0];
  float *y = r->call->out, scale = r->call->step->attributes.reduce.scale;

  for (gsize row = chunk * ROWS, end = MIN (row + ROWS, r->rows); row < end; row++)
    {
      double sum = 0.0;

      for (gsize c = 0; c < r->channels; c++)
        sum += (double) x[row * r->channels + c];
      y[row] = (float) (sum * (double) scale);
    }
}

static void
over_rows (const DfkdCall *call, DfkdTask task)
{
  Reduction r = reduction_of (call);

  dfkd_thread_pool_run (call->pool, (r.rows + ROWS - 1) / ROWS, task, &r);
}

DFKD_KERNEL (row_sum)
{
  over_rows (call, row_sum_task);
}

static void
softmax_task (gpointer data, gsize chunk)
{
  const Reduction *r = data;
  gboolean logarithm = r->call->step->op == DFKD_OP_LOG_SOFTMAX;

  for (gsize row = chunk * ROWS, end = MIN (row + ROWS, r->rows); row < end; row++)
    {
      const float *x = (const float *) r->call->in[0] + row * r->channels;
      float *y = (float *) r->call->out + row * r->channels, top = x[0];
      double sum = 0.0;

      for (gsize c = 1; c < r->channels; c++)
        top = MAX (top, x[c]);
      for (gsize c = 0; c < r->channels; c++)
        sum += exp ((double) (x[c] - top));
      for (gsize c = 0; c < r->channels; c++)
        y[c] = (float) (logarithm ? (double) (x[c] - top) - log (sum) : exp ((double) (x[c] - top)) / sum);
    }
}

DFKD_KERNEL (softmax) /* SOFTMAX and LOG_SOFTMAX */
{
  over_rows (call, softmax_task);
}

static void
arg_max_task (gpointer data, gsize chunk)
{
  const Reduction *r = data;
  gint32 *y = r->call->out;

  for (gsize row = chunk * ROWS, end = MIN (row + ROWS, r->rows); row < end; row++)
    {
      const float *x = (const float *) r->call->in[0] + row * r->channels;
      gsize best = 0;

      for (gsize c = 1; c < r->channels; c++)
        if (x[c] > x[best])
          best = c;
      y[row] = (gint32) best;
    }
}

DFKD_KERNEL (arg_max)
{
  over_rows (call, arg_max_task);
}

DFKD_KERNEL (one_hot)
{
  const gint32 *label = call->in[0];
  gsize rows = dfkd_shape_count (&call->step->input_shape[0]), classes = call->step->attributes.rows.classes;
  float *y = call->out;

  for (gsize row = 0; row < rows; row++)
    for (gsize c = 0; c < classes; c++)
      y[row * classes + c] = label[row] == (gint32) c ? 1.0f : 0.0f;
}

/* a hit when fewer than k classes score higher, or the same and come first */
static void
top_hit_task (gpointer data, gsize chunk)
{
  const Reduction *r = data;
  const gint32 *label = r->call->in[1];
  float *y = r->call->out;

  for (gsize row = chunk * ROWS, end = MIN (row + ROWS, r->rows); row < end; row++)
    {
      const float *x = (const float *) r->call->in[0] + row * r->channels;
      gsize wanted = (gsize) label[row], better = 0;

      y[row] = 0.0f;
      if (label[row] < 0 || wanted >= r->channels)
        continue;
      for (gsize c = 0; c < r->channels; c++)
        better += x[c] > x[wanted] || (x[c] == x[wanted] && c < wanted);
      y[row] = better < r->call->step->attributes.rows.k ? 1.0f : 0.0f;
    }
}

DFKD_KERNEL (top_hit)
{
  over_rows (call, top_hit_task);
}

gsize
dfkd_cpu_reduction_workspace (const DfkdStep *step)
{
  Reduction r = { NULL, dfkd_shape_count (&step->input_shape[0]), dfkd_shape_rows (&step->input_shape[0]),
                  dfkd_shape_channels (&step->input_shape[0]), NULL };

  if (step->op == DFKD_OP_CHANNEL_SUM)
    return (r.rows + ROWS - 1) / ROWS * r.channels * sizeof (double);
  return dfkd_chunks (r.count) * sizeof (double);
}
