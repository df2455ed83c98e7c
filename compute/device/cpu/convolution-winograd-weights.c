/* convolution-winograd-weights.c: the gradient to the weights, F(3×3, 4×4): see winograd-private.h. */
#include "winograd-private.h"

#include <string.h>

/* --------------------------------------------------------------------------------------------------- tiles */

/* where tile @t reads dy */
INLINE void
locate_dy (const Winograd *w, gsize t, const float *dy[])
{
  Spot spot = spot_of (w, t);

  locate (w->dy + spot.image * w->out_height * w->out_width * w->channels_out, w->out_height, w->out_width, w->channels_out,
          (gssize) spot.row, (gssize) spot.column, w->zeros, EDGE, dy);
}

/* LANES channels of a tile of 4×4 into points */
INLINE void
scatter_vectors (const float *const dy[], gsize c, Vector v[POINTS])
{
  Vector half[6][4];

#pragma GCC unroll 4
  for (gsize j = 0; j < 4; j++)
    {
      Vector y[4], m[6];

#pragma GCC unroll 4
      for (gsize i = 0; i < 4; i++)
        y[i] = *(const Vector *) (dy[i * EDGE + j] + c);
      scatter (y, m);
#pragma GCC unroll 6
      for (gsize i = 0; i < 6; i++)
        half[i][j] = m[i];
    }
#pragma GCC unroll 6
  for (gsize i = 0; i < 6; i++)
    scatter (half[i], v + i * 6);
}

/* tiles @t … of x into row @at / RUN of the block, of which there are @left; what lies behind the last one counts as zero */
static void
spread_run (const Winograd *w, gsize t, gsize at, gsize left, Factor *target)
{
  const float *x[RUN][REACH * REACH];

  for (gsize r = 0; r < RUN && r < left; r++)
    locate_x (w, t + r, x[r]);
  target += at * w->channels_in;
  for (gsize c = 0; c < w->channels_in; c += LANES)
    {
      Vector v[RUN][POINTS];

      for (gsize r = 0; r < RUN; r++)
        if (r < left)
          spread_vectors (x[r], c, v[r]);
        else
          memset (v[r], 0, sizeof v[r]);
      store_run (target + c * RUN, w->stride_in, v);
    }
}

/* the same of dy */
static void
scatter_run (const Winograd *w, gsize t, gsize at, gsize left, Factor *target)
{
  const float *dy[RUN][EDGE * EDGE];

  for (gsize r = 0; r < RUN && r < left; r++)
    locate_dy (w, t + r, dy[r]);
  target += at * w->channels_out;
  for (gsize c = 0; c < w->channels_out; c += LANES)
    {
      Vector v[RUN][POINTS];

      for (gsize r = 0; r < RUN; r++)
        if (r < left)
          scatter_vectors (dy[r], c, v[r]);
        else
          memset (v[r], 0, sizeof v[r]);
      store_run (target + c * RUN, w->stride_out, v);
    }
}

/* rows first … end (of outputs) of s [outputs, inputs] (+)= dᵀ·v over the tiles of a block */
static void
gradient (const Winograd *w, const Factor *d, const Factor *v, gsize tiles, float *s, gboolean add, gsize first, gsize end)
{
  gsize inputs = w->channels_in, outputs = w->channels_out, d_row = outputs * RUN, v_row = inputs * RUN;

  for (gsize i = 0; i < inputs; i += PAIR)
    for (gsize o = first; o < end; )
      {
        float *target = s + o * inputs + i;
        const Factor *from_d = d + o * RUN, *from_v = v + i * RUN;

        if (inputs - i >= PAIR && end - o >= ROWS)
          {
            gradient_tile (from_d, d_row, from_v, v_row, tiles, target, inputs, add, ROWS, 2);
            o += ROWS;
          }
        else if (inputs - i >= PAIR)
          {
            gradient_tile (from_d, d_row, from_v, v_row, tiles, target, inputs, add, 4, 2);
            o += 4;
          }
        else if (end - o >= 2 * ROWS)
          {
            gradient_tile (from_d, d_row, from_v, v_row, tiles, target, inputs, add, 2 * ROWS, 1);
            o += 2 * ROWS;
          }
        else
          {
            gradient_tile (from_d, d_row, from_v, v_row, tiles, target, inputs, add, 4, 1);
            o += 4;
          }
      }
}

/* ---------------------------------------------------------------------------------------------- to weights */

/* few channels: all tiles at hand into one sum */
static void
add_tiles (const Winograd *w)
{
  for (gsize first = 0; first < w->tiles; first += w->block)
    {
      gsize count = MIN (w->block, w->tiles - first);

      for (gsize t = 0; t < count; t += RUN)
        {
          spread_run (w, first + t, t, count - t, w->in);
          scatter_run (w, first + t, t, count - t, w->d);
        }
      for (gsize p = 0; p < POINTS; p++)
        gradient (w, w->d + p * w->stride_out, w->in + p * w->stride_in, count, w->sums + p * w->stride_weights, first > 0, 0,
                  w->channels_out);
    }
}

static void
spread_run_task (gpointer data, gsize task)
{
  const Winograd *w = data;

  for (gsize t = task * GRAIN; t < MIN ((task + 1) * GRAIN, w->count); t += RUN)
    spread_run (w, w->first + t, t, w->count - t, w->in);
}

static void
scatter_run_task (gpointer data, gsize task)
{
  const Winograd *w = data;

  for (gsize t = task * GRAIN; t < MIN ((task + 1) * GRAIN, w->count); t += RUN)
    scatter_run (w, w->first + t, t, w->count - t, w->d);
}

static void
gradient_task (gpointer data, gsize task)
{
  const Winograd *w = data;
  gsize p = task % POINTS, first = task / POINTS * COLUMNS;

  gradient (w, w->d + p * w->stride_out, w->in + p * w->stride_in, w->count, w->sums + p * w->stride_weights, w->first > 0,
            first, MIN (first + COLUMNS, w->channels_out));
}

/* one output channel of the gradient: 36 points, added up over all sums, into nine taps */
static void
finish_task (gpointer data, gsize o)
{
  const Winograd *w = data;
  gsize inputs = w->channels_in;

  for (gsize c = 0; c < inputs; c += LANES)
    {
      Vector half[3][6];

#pragma GCC unroll 6
      for (gsize j = 0; j < 6; j++)
        {
          Vector s[6], g[3];

#pragma GCC unroll 6
          for (gsize i = 0; i < 6; i++)
            {
              const float *sum = w->sums + (i * 6 + j) * w->stride_weights + o * inputs + c;

              s[i] = *(const Vector *) sum;
              for (gsize n = 1; n < w->n_sums; n++)
                s[i] += *(const Vector *) (sum + n * POINTS * w->stride_weights);
            }
          gather_weights (s, g);
#pragma GCC unroll 3
          for (gsize i = 0; i < 3; i++)
            half[i][j] = g[i];
        }
#pragma GCC unroll 3
      for (gsize i = 0; i < 3; i++)
        {
          Vector g[3];

          gather_weights (half[i], g);
#pragma GCC unroll 3
          for (gsize j = 0; j < 3; j++)
            *(Vector *) (w->y + (o * 9 + i * 3 + j) * inputs + c) = g[j];
        }
    }
}

static gsize
lay_out_weights (Winograd *w, guint8 *workspace)
{
  gsize zeros = POINTS * (w->stride_in + w->stride_out) * sizeof (Factor);

  if (workspace != NULL)
    {
      w->in = (Factor *) workspace;
      w->d = w->in + POINTS * w->stride_in;
      w->zeros = (float *) (workspace + zeros);
    }
  return zeros + zeros_size (w) * sizeof (float);
}

gboolean
EXPORT (dfkd_winograd_adds_) (const DfkdConvolution *c)
{
  Winograd w = describe (c, FALSE);

  return is_few (&w);
}

gsize
EXPORT (dfkd_winograd_sum_size_) (const DfkdConvolution *c)
{
  Winograd w = describe (c, FALSE);

  return sizeof (float) * POINTS * w.stride_weights;
}

gsize
EXPORT (dfkd_winograd_weights_workspace_) (const DfkdConvolution *c)
{
  Winograd w = describe (c, FALSE);

  return lay_out_weights (&w, NULL);
}

void
EXPORT (dfkd_winograd_add_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace)
{
  Winograd w = describe (c, FALSE);

  lay_out_weights (&w, workspace);
  memset (w.zeros, 0, zeros_size (&w) * sizeof (float));
  w.x = x;
  w.dy = dy;
  w.sums = sum;
  if (is_few (&w))
    {
      add_tiles (&w);
      return;
    }
  for (w.first = 0; w.first < w.tiles; w.first += w.block)
    {
      w.count = MIN (w.block, w.tiles - w.first);
      dfkd_thread_pool_run (pool, (w.count + GRAIN - 1) / GRAIN, spread_run_task, &w);
      dfkd_thread_pool_run (pool, (w.count + GRAIN - 1) / GRAIN, scatter_run_task, &w);
      dfkd_thread_pool_run (pool, POINTS * ((w.channels_out + COLUMNS - 1) / COLUMNS), gradient_task, &w);
    }
}

void
EXPORT (dfkd_winograd_total_) (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw)
{
  Winograd w = describe (c, FALSE);

  w.sums = sums;
  w.n_sums = n_sums;
  w.y = dw;
  dfkd_thread_pool_run (pool, w.channels_out, finish_task, &w);
}
