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

  return (Norm){ call, dfkd_shape_rows (shape), dfkd_shape_channels (shape), call->shared };
}

static gsize
tasks (gsize rows, gsize size)
{
  return (rows + size - 1) / size;
}

/* how the rows of a step are summed: by slices, if there is a chain, and each by tasks of ROWS rows */
typedef struct {
  gsize slices, rows, tasks; /* rows and tasks of a whole slice */
} Parts;

static Parts
parts_of (const DfkdShape *shape, const DfkdChain *chain)
{
  gsize rows = dfkd_shape_rows (shape);

  if (chain != NULL)
    rows = rows / shape->dim[0] * chain->slice;
  return (Parts){ chain != NULL ? dfkd_chain_slices (chain) : 1, rows, tasks (rows, ROWS) };
}

gsize
dfkd_cpu_normalise_shared (const DfkdStep *step, const DfkdChain *chain)
{
  const DfkdShape *shape = &step->input_shape[0];
  Parts parts = parts_of (shape, chain);

  if (step->op == DFKD_OP_BN_APPLY)
    return dfkd_shape_channels (shape) * sizeof (float);
  return parts.slices * parts.tasks * 3 * dfkd_shape_channels (shape) * sizeof (float);
}

/* the sums of the slice at hand */
static void
sum_slice (const DfkdCall *call, DfkdTask task)
{
  Norm norm = norm_of (call, 0);
  Parts parts = parts_of (&call->step->input_shape[0], call->chain);

  norm.partial += call->slice * parts.tasks * 3 * norm.channels;
  dfkd_thread_pool_run (call->pool, tasks (norm.rows, ROWS), task, &norm);
}

/* Goes through the sums of all tasks in order: the next one's, and how many rows it is of; NULL behind the last. */
typedef struct {
  Parts parts;
  const Norm *norm;
  gsize row; /* where the next task starts */
} Walk;

static Walk
walk (const Norm *norm)
{
  return (Walk){ parts_of (&norm->call->step->input_shape[0], norm->call->chain), norm, 0 };
}

static const float *
next (Walk *w, gsize *rows)
{
  gsize slice = w->row / w->parts.rows, in_slice = w->row % w->parts.rows;
  const float *partial = w->norm->partial + (slice * w->parts.tasks + in_slice / ROWS) * 3 * w->norm->channels;

  if (w->row >= w->norm->rows)
    return NULL;
  *rows = MIN (MIN ((gsize) ROWS, w->parts.rows - in_slice), w->norm->rows - w->row);
  w->row += *rows;
  return partial;
}

DFKD_LEVELS static void
statistics_task (gpointer data, gsize task)
{
  const Norm *norm = data;
  gsize channels = norm->channels, start = task * ROWS, end = MIN (start + ROWS, norm->rows), c = 0;
  const float *x = norm->call->in[0], *shift = x + start * channels;
  float *sum = norm->partial + task * 3 * channels, *squares = sum + channels, *kept = squares + channels;

  for (; c + DFKD_HELD <= channels; c += DFKD_HELD)
    {
      DfkdEight total[2] = { { 0 } }, total_squares[2] = { { 0 } }, from[2];

      DFKD_FOR_HELD from[v] = DFKD_EIGHT (shift + c, v);
      for (gsize row = start + 1; row < end; row++)
        DFKD_FOR_HELD
        {
          DfkdEight d = DFKD_EIGHT (x + row * channels + c, v) - from[v];

          total[v] += d;
          total_squares[v] += d * d;
        }
      DFKD_FOR_HELD
      {
        DFKD_EIGHT (sum + c, v) = total[v];
        DFKD_EIGHT (squares + c, v) = total_squares[v];
        DFKD_EIGHT (kept + c, v) = from[v];
      }
    }
  for (; c < channels; c++)
    {
      sum[c] = squares[c] = 0.0f;
      kept[c] = shift[c];
      for (gsize row = start + 1; row < end; row++)
        {
          float d = x[row * channels + c] - kept[c];

          sum[c] += d;
          squares[c] += d * d;
        }
    }
}

DFKD_KERNEL (bn_statistics)
{
  sum_slice (call, statistics_task);
}

DFKD_KERNEL (bn_statistics_finish)
{
  Norm norm = norm_of (call, 0);
  float *out = call->out;

  for (gsize c = 0; c < norm.channels; c++)
    {
      Walk w = walk (&norm);
      double n = 0.0, mean = 0.0, squares = 0.0;
      const float *part;
      gsize rows;

      while ((part = next (&w, &rows)) != NULL)
        {
          double m = (double) rows, sum = (double) part[c];
          double part_mean = (double) part[2 * norm.channels + c] + sum / m, delta = part_mean - mean;

          squares += (double) part[norm.channels + c] - sum * sum / m + delta * delta * n * m / (n + m);
          mean += delta * m / (n + m);
          n += m;
        }
      out[c] = (float) mean;
      out[norm.channels + c] = (float) ((squares < 0.0 ? 0.0 : squares) / n); /* what is no number stays none */
    }
}

/* no number of the loop that follows depends on another; unrolled before it is made a loop over vectors, it would not become one */
#ifdef __clang__
#define APART
#else
#define APART _Pragma ("GCC ivdep") _Pragma ("GCC unroll 1")
#endif

/* @statement for numbers i of rows from start to end, of channels c. A few numbers of channels are constants, so that no row begins
 * with questions; and what is written may only be read by the same number. */
#define BY_CHANNELS(statement)                                                                                       \
  switch (channels)                                                                                                  \
    {                                                                                                                \
    case 16:                                                                                                         \
      BY_CHANNELS_ (16, statement)                                                                                   \
      break;                                                                                                         \
    case 32:                                                                                                         \
      BY_CHANNELS_ (32, statement)                                                                                   \
      break;                                                                                                         \
    case 64:                                                                                                         \
      BY_CHANNELS_ (64, statement)                                                                                   \
      break;                                                                                                         \
    default:                                                                                                         \
      BY_CHANNELS_ (channels, statement)                                                                             \
    }
#define BY_CHANNELS_(n, statement)                                                                                   \
  for (gsize row = start; row < end; row += n)                                                                       \
    APART for (gsize c = 0; c < n; c++)                                                                              \
    {                                                                                                                \
      gsize i = row + c;                                                                                             \
                                                                                                                     \
      statement;                                                                                                     \
    }

/* per channel y = act((x − μ)·scale + β): subtracting first keeps the sign of what is near zero */
DFKD_LEVELS static void
apply_task (gpointer data, gsize task)
{
  const Norm *norm = data;
  gsize channels = norm->channels;
  const float *x = norm->call->in[0], *mean = norm->call->in[1], *scale = norm->partial;
  const float *beta = (const float *) norm->call->in[2] + channels;
  const float slope = norm->call->step->attributes.norm.slope;
  float *y = norm->call->out;
  gsize start = task * BLOCK * channels, end = MIN ((task + 1) * BLOCK, norm->rows) * channels;

  BY_CHANNELS ({
    float v = (x[i] - mean[c]) * scale[c] + beta[c];

    y[i] = v > 0.0f ? v : slope * v;
  })
}

DFKD_KERNEL (bn_apply_prepare)
{
  Norm norm = norm_of (call, 0);
  const float *affine = call->in[2], *variance = (const float *) call->in[1] + norm.channels;

  for (gsize c = 0; c < norm.channels; c++)
    norm.partial[c] = (float) ((double) affine[c] / sqrt ((double) variance[c] + (double) call->step->attributes.norm.epsilon));
}

DFKD_KERNEL (bn_apply)
{
  Norm norm = norm_of (call, 0);

  dfkd_thread_pool_run (call->pool, tasks (norm.rows, BLOCK), apply_task, &norm);
}

/* dy where y > 0, else slope·dy */
#define PASSED_EIGHT(y, dy)                                                                                          \
  ((DfkdEight) (((DfkdEightFlags) (dy) & (DfkdEightFlags) ((y) > 0.0f)) | ((DfkdEightFlags) (slope * (dy)) & ~(DfkdEightFlags) ((y) > 0.0f))))

DFKD_LEVELS static void
sums_task (gpointer data, gsize task)
{
  const Norm *norm = data;
  gsize channels = norm->channels, start = task * ROWS, end = MIN (start + ROWS, norm->rows), c = 0;
  const float *dy = norm->call->in[0], *y = norm->call->in[1], *x = norm->call->in[2], *mean = norm->call->in[3];
  float *weighted = norm->partial + task * 3 * channels, *plain = weighted + channels;
  const float slope = norm->call->step->attributes.norm.slope;

  for (; c + DFKD_HELD <= channels; c += DFKD_HELD)
    {
      DfkdEight total_weighted[2] = { { 0 } }, total[2] = { { 0 } }, from[2];

      DFKD_FOR_HELD from[v] = DFKD_EIGHT (mean + c, v);
      for (gsize i = start * channels + c; i < end * channels; i += channels)
        DFKD_FOR_HELD
        {
          DfkdEight d = PASSED_EIGHT (DFKD_EIGHT (y + i, v), DFKD_EIGHT (dy + i, v));

          total_weighted[v] += d * (DFKD_EIGHT (x + i, v) - from[v]);
          total[v] += d;
        }
      DFKD_FOR_HELD
      {
        DFKD_EIGHT (weighted + c, v) = total_weighted[v];
        DFKD_EIGHT (plain + c, v) = total[v];
      }
    }
  for (; c < channels; c++)
    {
      weighted[c] = plain[c] = 0.0f;
      for (gsize i = start * channels + c; i < end * channels; i += channels)
        {
          float d = y[i] > 0.0f ? dy[i] : slope * dy[i];

          weighted[c] += d * (x[i] - mean[c]);
          plain[c] += d;
        }
    }
}

DFKD_KERNEL (bn_sums)
{
  sum_slice (call, sums_task);
}

DFKD_KERNEL (bn_sums_finish)
{
  Norm norm = norm_of (call, 0);
  const float *variance = (const float *) call->in[3] + norm.channels;
  float *out = call->out;

  for (gsize c = 0; c < norm.channels; c++)
    {
      Walk w = walk (&norm);
      double weighted = 0.0, plain = 0.0;
      const float *part;
      gsize rows;

      while ((part = next (&w, &rows)) != NULL)
        {
          weighted += (double) part[c];
          plain += (double) part[norm.channels + c];
        }
      out[c] = (float) (weighted / sqrt ((double) variance[c] + (double) call->step->attributes.norm.epsilon));
      out[norm.channels + c] = (float) plain;
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

#define MIX(expression) BY_CHANNELS (out[i] = expression)
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
