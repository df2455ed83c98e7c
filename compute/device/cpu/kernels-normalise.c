/* kernels-normalise.c: batch normalisation over rows × channels, channels last, and distances of statistics.
 *
 * Sums over rows are made by tasks of ROWS rows in float32, shifted by the task's first row so that nothing
 * cancels, and combined in float64 in order (Chan, Golub and LeVeque 1983). */
#include "kernels-private.h"

#include <math.h>

enum {
  ROWS = 256,  /* of a task that sums */
  BLOCK = 512, /* rows of a task that maps */
};

typedef struct {
  const DfkdCall *call;
  gsize rows, channels;
  float *partial; /* per task: 2 × channels (and the shift) */
} Norm;

static Norm
norm_of (const DfkdCall *call, guint input)
{
  const DfkdShape *shape = &call->step->input_shape[input];

  return (Norm){ call, dfkd_shape_rows (shape), dfkd_shape_channels (shape), call->workspace };
}

static gsize
tasks (gsize rows, gsize size)
{
  return (rows + size - 1) / size;
}

gsize
dfkd_cpu_normalise_workspace (const DfkdStep *step)
{
  const DfkdShape *shape = &step->input_shape[0];

  return tasks (dfkd_shape_rows (shape), ROWS) * 3 * dfkd_shape_channels (shape) * sizeof (float);
}

DFKD_LEVELS static void
statistics_task (gpointer data, gsize task)
{
  const Norm *norm = data;
  gsize channels = norm->channels, start = task * ROWS, end = MIN (start + ROWS, norm->rows);
  const float *x = norm->call->in[0], *shift = x + start * channels;
  float *sum = norm->partial + task * 3 * channels, *squares = sum + channels, *kept = squares + channels;

  for (gsize c = 0; c < channels; c++)
    {
      sum[c] = squares[c] = 0.0f;
      kept[c] = shift[c];
    }
  for (gsize row = start + 1; row < end; row++)
    for (gsize c = 0; c < channels; c++)
      {
        float d = x[row * channels + c] - kept[c];

        sum[c] += d;
        squares[c] += d * d;
      }
}

DFKD_KERNEL (bn_statistics)
{
  Norm norm = norm_of (call, 0);
  gsize channels = norm.channels, count = tasks (norm.rows, ROWS);
  float *out = call->out;

  dfkd_thread_pool_run (call->pool, count, statistics_task, &norm);
  for (gsize c = 0; c < channels; c++)
    {
      double n = 0.0, mean = 0.0, squares = 0.0;

      for (gsize i = 0; i < count; i++)
        {
          const float *part = norm.partial + i * 3 * channels;
          double m = (double) (MIN ((i + 1) * ROWS, norm.rows) - i * ROWS), sum = (double) part[c];
          double part_mean = (double) part[2 * channels + c] + sum / m, delta = part_mean - mean;

          squares += (double) part[channels + c] - sum * sum / m + delta * delta * n * m / (n + m);
          mean += delta * m / (n + m);
          n += m;
        }
      out[c] = (float) mean;
      out[channels + c] = (float) (MAX (squares, 0.0) / n);
    }
}

/* per channel y = act((x − μ)·scale + β): subtracting first keeps the sign of what is near zero */
DFKD_LEVELS static void
apply_task (gpointer data, gsize task)
{
  const Norm *norm = data;
  gsize channels = norm->channels;
  const float *x = norm->call->in[0], *mean = norm->call->in[1], *scale = norm->partial;
  const float *beta = (const float *) norm->call->in[2] + channels;
  float *y = norm->call->out, slope = norm->call->step->attributes.norm.slope;

  for (gsize row = task * BLOCK, end = MIN (row + BLOCK, norm->rows); row < end; row++)
    for (gsize c = 0; c < channels; c++)
      {
        float v = (x[row * channels + c] - mean[c]) * scale[c] + beta[c];

        y[row * channels + c] = v > 0.0f ? v : slope * v;
      }
}

DFKD_KERNEL (bn_apply)
{
  Norm norm = norm_of (call, 0);
  const float *statistics = call->in[1], *affine = call->in[2];
  gsize channels = norm.channels;

  for (gsize c = 0; c < channels; c++)
    norm.partial[c] = (float) ((double) affine[c]
                               / sqrt ((double) statistics[channels + c] + (double) call->step->attributes.norm.epsilon));
  dfkd_thread_pool_run (call->pool, tasks (norm.rows, BLOCK), apply_task, &norm);
}

DFKD_LEVELS static void
sums_task (gpointer data, gsize task)
{
  const Norm *norm = data;
  gsize channels = norm->channels, start = task * ROWS, end = MIN (start + ROWS, norm->rows);
  const float *dy = norm->call->in[0], *y = norm->call->in[1], *x = norm->call->in[2], *mean = norm->call->in[3];
  float *weighted = norm->partial + task * 3 * channels, *plain = weighted + channels;
  float slope = norm->call->step->attributes.norm.slope;

  for (gsize c = 0; c < channels; c++)
    weighted[c] = plain[c] = 0.0f;
  for (gsize row = start; row < end; row++)
    for (gsize c = 0; c < channels; c++)
      {
        gsize i = row * channels + c;
        float d = y[i] > 0.0f ? dy[i] : slope * dy[i];

        weighted[c] += d * (x[i] - mean[c]);
        plain[c] += d;
      }
}

DFKD_KERNEL (bn_sums)
{
  Norm norm = norm_of (call, 0);
  gsize channels = norm.channels, count = tasks (norm.rows, ROWS);
  const float *variance = (const float *) call->in[3] + channels;
  float *out = call->out;

  dfkd_thread_pool_run (call->pool, count, sums_task, &norm);
  for (gsize c = 0; c < channels; c++)
    {
      double weighted = 0.0, plain = 0.0;

      for (gsize i = 0; i < count; i++)
        {
          weighted += (double) norm.partial[i * 3 * channels + c];
          plain += (double) norm.partial[i * 3 * channels + channels + c];
        }
      out[c] = (float) (weighted / sqrt ((double) variance[c] + (double) call->step->attributes.norm.epsilon));
      out[channels + c] = (float) plain;
    }
}

/* dμ = −γ/σ·Σdy', dσ² = −γ/(2σ²)·Σdy'·x̂ */
DFKD_KERNEL (bn_statistics_gradient)
{
  const float *sums = call->in[0], *statistics = call->in[1], *affine = call->in[2];
  gsize channels = call->step->shape.dim[1];
  float *out = call->out;

  for (gsize c = 0; c < channels; c++)
    {
      double variance = (double) statistics[channels + c] + (double) call->step->attributes.norm.epsilon;

      out[c] = (float) (-(double) affine[c] / sqrt (variance) * (double) sums[channels + c]);
      out[channels + c] = (float) (-0.5 * (double) affine[c] / variance * (double) sums[c]);
    }
}

DFKD_KERNEL (channel_coefficients)
{
  const float *statistics = call->in[0], *affine = call->in[1], *gradient = call->in[2], *batch = call->in[3];
  gsize channels = call->step->shape.dim[1];
  float *out = call->out;
  double count = (double) call->step->attributes.norm.count;

  for (gsize c = 0; c < channels; c++)
    {
      out[c] = statistics == NULL ? 0.0f
                                  : (float) ((double) affine[c] / sqrt ((double) statistics[channels + c]
                                                                        + (double) call->step->attributes.norm.epsilon));
      out[channels + c] = gradient == NULL ? 0.0f : (float) (2.0 * (double) gradient[channels + c] / count);
      out[2 * channels + c] = gradient == NULL ? 0.0f
                                               : (float) ((double) gradient[c] / count
                                                          - 2.0 * (double) gradient[channels + c] / count * (double) batch[c]);
    }
}

DFKD_LEVELS static void
mix_task (gpointer data, gsize task)
{
  const Norm *norm = data;
  gsize channels = norm->channels, start = task * BLOCK * channels, end = MIN ((task + 1) * BLOCK, norm->rows) * channels;
  const float *dy = norm->call->in[0], *y = norm->call->in[1], *x = norm->call->in[2], *addend = norm->call->in[4];
  const float *s = norm->call->in[3], *a = s + channels, *b = a + channels;
  float *out = norm->call->out, slope = norm->call->step->attributes.norm.slope;

#define MIX(expression)                                                                                              \
  for (gsize row = start; row < end; row += channels)                                                                \
    for (gsize c = 0; c < channels; c++)                                                                             \
      {                                                                                                              \
        gsize i = row + c;                                                                                           \
                                                                                                                     \
        out[i] = expression;                                                                                         \
      }
#define PASSED (s[c] * (y[i] > 0.0f ? dy[i] : slope * dy[i]))
  if (dy != NULL && x != NULL && addend != NULL)
    MIX (PASSED + a[c] * x[i] + b[c] + addend[i])
  else if (dy != NULL && x != NULL)
    MIX (PASSED + a[c] * x[i] + b[c])
  else if (dy != NULL && addend != NULL)
    MIX (PASSED + addend[i])
  else if (dy != NULL)
    MIX (PASSED)
  else if (addend != NULL)
    MIX (a[c] * x[i] + b[c] + addend[i])
  else
    MIX (a[c] * x[i] + b[c])
#undef PASSED
#undef MIX
}

DFKD_KERNEL (channel_mix)
{
  Norm norm = norm_of (call, call->in[0] != NULL ? 0 : 2);

  dfkd_thread_pool_run (call->pool, tasks (norm.rows, BLOCK), mix_task, &norm);
}

/* ---------------------------------------------------------------------------------- distance of statistics */

/* running − ((1−m)·batch + m·average) of element @i */
static double
difference (const float *batch, const float *running, const float *average, double m, gsize i)
{
  return (double) running[i] - ((1.0 - m) * (double) batch[i] + m * (double) average[i]);
}

static double
distance (const float *batch, const float *running, const float *average, double m, gsize first, gsize count)
{
  double sum = 0.0;

  for (gsize i = first; i < first + count; i++)
    {
      double d = difference (batch, running, average, m, i);

      sum += d * d;
    }
  return sqrt (sum);
}

DFKD_KERNEL (statistics_distance)
{
  gsize channels = call->step->input_shape[0].dim[1];
  double m = (double) *(const float *) call->in[3];

  *(float *) call->out = (float) (distance (call->in[0], call->in[1], call->in[2], m, 0, channels)
                                  + distance (call->in[0], call->in[1], call->in[2], m, channels, channels));
}

DFKD_KERNEL (statistics_distance_gradient)
{
  gsize channels = call->step->shape.dim[1];
  double dy = (double) *(const float *) call->in[0], m = (double) *(const float *) call->in[4];
  float *out = call->out;

  for (gsize row = 0; row < 2; row++)
    {
      double norm = distance (call->in[1], call->in[2], call->in[3], m, row * channels, channels);

      for (gsize i = row * channels; i < (row + 1) * channels; i++)
        out[i] = norm > 0.0 ? (float) (-dy * (1.0 - m) * difference (call->in[1], call->in[2], call->in[3], m, i) / norm) : 0.0f;
    }
}
