/* convolution-winograd.c: forward and to the data: see winograd-private.h. */
#include "winograd-private.h"

#include <string.h>

/* --------------------------------------------------------------------------------------------------- tiles */

/* tile @t of x into row @at of the block */
static void
spread_tile (const Winograd *w, gsize t, gsize at, Factor *target)
{
  const float *x[REACH * REACH];

  locate_x (w, t, x);
  target += at * w->channels_in;
  for (gsize c = 0; c < w->channels_in; c += LANES)
    {
      Vector v[POINTS];

      spread_vectors (x, c, v);
#pragma GCC unroll 36
      for (gsize p = 0; p < POINTS; p++)
        store_factors (target + p * w->stride_in + c, v[p]);
    }
}

/* column @at of the block into tile @t of y */
static void
gather_tile (const Winograd *w, gsize t, gsize at, const float *source)
{
  Spot spot = spot_of (w, t);
  gsize channels = w->channels_out, rows = MIN ((gsize) EDGE, w->out_height - spot.row);
  gsize columns = MIN ((gsize) EDGE, w->out_width - spot.column);
  gsize offset = ((spot.image * w->out_height + spot.row) * w->out_width + spot.column) * channels;

  source += at * channels;
  for (gsize c = 0; c < channels; c += LANES)
    {
      Vector half[4][6], bias = { 0 };

      if (w->bias != NULL)
        bias = *(const Vector *) (w->bias + c);
#pragma GCC unroll 6
      for (gsize j = 0; j < 6; j++)
        {
          Vector m[6], y[4];

#pragma GCC unroll 6
          for (gsize i = 0; i < 6; i++)
            m[i] = *(const Vector *) (source + (i * 6 + j) * w->stride_out + c);
          gather (m, y);
#pragma GCC unroll 4
          for (gsize i = 0; i < 4; i++)
            half[i][j] = y[i];
        }
#pragma GCC unroll 4
      for (gsize i = 0; i < 4; i++)
        {
          Vector y[4];

          if (i >= rows)
            break;
          gather (half[i], y);
#pragma GCC unroll 4
          for (gsize j = 0; j < 4; j++)
            if (j < columns)
              {
                gsize place = offset + (i * w->out_width + j) * channels + c;
                Vector value = y[j] + bias;

                if (w->addend != NULL)
                  value += *(const Vector *) (w->addend + place);
                *(Vector *) (w->y + place) = value;
              }
        }
    }
}

/* ------------------------------------------------------------------------------------------------ products */

/* columns first … end of m [rows, channels_out] = a·u, u in blocks of two vectors, the last maybe of one */
static void
product (const Winograd *w, const Factor *a, const Factor *u, float *m, gsize rows, gsize first, gsize end)
{
  gsize depth = w->channels_in, width = w->channels_out;

  for (; first < end; first += PAIR)
    {
      const Factor *block = u + first * depth;
      gsize r = 0;

      if (width - first >= PAIR)
        {
          for (; r + ROWS <= rows; r += ROWS)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, ROWS, 2);
          for (; r + 4 <= rows; r += 4)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 4, 2);
          for (; r < rows; r++)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 1, 2);
        }
      else
        {
          for (; r + 2 * ROWS <= rows; r += 2 * ROWS)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 2 * ROWS, 1);
          for (; r + 4 <= rows; r += 4)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 4, 1);
          for (; r < rows; r++)
            product_tile (a + r * depth, depth, block, m + r * width + first, width, 1, 1);
        }
    }
}

/* ------------------------------------------------------------------------------------------------- weights */

typedef struct {
  const Winograd *w;
  const float *weights; /* O,3,3,I */
  Factor *target;
  gboolean turned; /* the gradient to the data: read o, written i, taps turned round */
} Packing;

/* LANES channels written × one channel read: weights into 36 points */
INLINE void
spread_taps (const float *taps, Vector v[POINTS])
{
  Vector half[6][3];

#pragma GCC unroll 3
  for (gsize j = 0; j < 3; j++)
    {
      Vector g[3], u[6];

#pragma GCC unroll 3
      for (gsize i = 0; i < 3; i++)
        g[i] = *(const Vector *) (taps + (i * 3 + j) * LANES);
      spread_weights (g, u);
#pragma GCC unroll 6
      for (gsize i = 0; i < 6; i++)
        half[i][j] = u[i];
    }
#pragma GCC unroll 6
  for (gsize i = 0; i < 6; i++)
    spread_weights (half[i], v + i * 6);
}

/* LANES of the channels written, from @first on, to @target of blocks of @width columns; LANES of those read at a time,
 * so that lines of memory serve whole */
static void
pack (const Packing *packing, gsize first, Factor *target, gsize width, gsize stride)
{
  const Winograd *w = packing->w;
  gsize read = w->channels_in, written = w->channels_out;
  float taps[LANES][9][LANES];

  for (gsize c = 0; c < read; c += LANES)
    {
      for (gsize k = 0; k < LANES; k++)
        for (gsize t = 0; t < 9; t++)
          for (gsize l = 0; l < LANES; l++)
            if (packing->turned) /* here k counts what is read, and l what is written: a copy */
              taps[k][8 - t][l] = packing->weights[((c + k) * 9 + t) * written + first + l];
            else
              taps[l][t][k] = packing->weights[((first + k) * 9 + t) * read + c + l];
      for (gsize l = 0; l < LANES; l += RUN)
        {
          Vector v[RUN][POINTS];

          for (gsize r = 0; r < RUN; r++)
            spread_taps (&taps[l + r][0][0], v[r]);
          store_run (target + (c + l) * width, stride, v);
        }
    }
}

/* all points of all weights, LANES of the channels written a task */
static void
pack_task (gpointer data, gsize task)
{
  const Packing *packing = data;
  const Winograd *w = packing->w;
  gsize first = task * LANES, block = first / PAIR * PAIR;

  pack (packing, first, packing->target + block * w->channels_in + first % PAIR * RUN, MIN ((gsize) PAIR, w->channels_out - block),
        w->stride_weights);
}

/* ------------------------------------------------------------------------------------------------- forward */

/* few channels: a block of tiles through all three parts */
static void
whole_task (gpointer data, gsize task)
{
  const Winograd *w = data;
  gsize first = task * w->block, count = MIN (w->block, w->tiles - first), worker = dfkd_thread_pool_worker ();
  Factor *in = w->in + worker * POINTS * w->stride_in;
  float *out = w->out + worker * POINTS * w->stride_out;

  for (gsize t = 0; t < count; t++)
    spread_tile (w, first + t, t, in);
  for (gsize p = 0; p < POINTS; p++)
    product (w, in + p * w->stride_in, w->weights + p * w->stride_weights, out + p * w->stride_out, count, 0, w->channels_out);
  for (gsize t = 0; t < count; t++)
    gather_tile (w, first + t, t, out);
}

static void
spread_task (gpointer data, gsize task)
{
  const Winograd *w = data;

  for (gsize t = task * GRAIN; t < MIN ((task + 1) * GRAIN, w->count); t++)
    spread_tile (w, w->first + t, t, w->in);
}

/* many channels, more tiles: a point and some channels a task, with the weights transformed before */
static void
product_task (gpointer data, gsize task)
{
  const Winograd *w = data;
  gsize p = task % POINTS, first = task / POINTS * COLUMNS;

  product (w, w->in + p * w->stride_in, w->weights + p * w->stride_weights, w->out + p * w->stride_out, w->count, first,
           MIN (first + COLUMNS, w->channels_out));
}

/* many channels, fewer tiles: weights of one or two vectors of channels, used while they are in the cache */
static void
panel_task (gpointer data, gsize task)
{
  const Packing *packing = data;
  const Winograd *w = packing->w;
  gsize first = task * PAIR, width = MIN ((gsize) PAIR, w->channels_out - first), stride = w->stride_panel;
  Factor *panel = packing->target + dfkd_thread_pool_worker () * POINTS * stride;

  for (gsize c = 0; c < width; c += LANES)
    pack (packing, first + c, panel + c * RUN, width, stride);
  for (gsize p = 0; p < POINTS; p++)
    product (w, w->in + p * w->stride_in, panel + p * stride - first * w->channels_in, w->out + p * w->stride_out, w->count, first,
             first + width);
}

static void
gather_task (gpointer data, gsize task)
{
  const Winograd *w = data;

  for (gsize t = task * GRAIN; t < MIN ((task + 1) * GRAIN, w->count); t++)
    gather_tile (w, w->first + t, t, w->out);
}

static gboolean
is_by_panels (const Winograd *w)
{
  return !is_few (w) && w->channels_out > w->block;
}

gboolean
EXPORT (dfkd_winograd_slices_) (const DfkdConvolution *c, gboolean to_data)
{
  Winograd w = describe (c, to_data);

  return is_few (&w);
}

gsize
EXPORT (dfkd_winograd_packed_size_) (const DfkdConvolution *c, gboolean to_data)
{
  Winograd w = describe (c, to_data);

  return is_by_panels (&w) ? 0 : sizeof (Factor) * POINTS * w.stride_weights;
}

void
EXPORT (dfkd_winograd_pack_) (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *weights, float *packed)
{
  Winograd w = describe (c, to_data);

  dfkd_thread_pool_run (pool, w.channels_out / LANES, pack_task, &(Packing){ &w, weights, (Factor *) packed, to_data });
}

/* where the parts of a workspace begin; panels of weights come first. Returns: its bytes */
static gsize
lay_out (Winograd *w, guint8 *workspace, guint threads)
{
  gsize panels = is_by_panels (w) ? threads * POINTS * w->stride_panel : 0, copies = is_few (w) ? threads : 1;
  gsize out = (panels + copies * POINTS * w->stride_in) * sizeof (Factor);
  gsize zeros = out + copies * POINTS * w->stride_out * sizeof (float);

  if (workspace != NULL)
    {
      w->in = (Factor *) workspace + panels;
      w->out = (float *) (workspace + out);
      w->zeros = (float *) (workspace + zeros);
    }
  return zeros + zeros_size (w) * sizeof (float);
}

gsize
EXPORT (dfkd_winograd_workspace_) (const DfkdConvolution *c, gboolean to_data, guint threads)
{
  Winograd w = describe (c, to_data);

  return lay_out (&w, NULL, threads);
}

static void
run (DfkdThreadPool *pool, Winograd *w, const float *packed, gboolean to_data, void *workspace)
{
  Packing packing = { w, packed, (Factor *) workspace, to_data };

  lay_out (w, workspace, dfkd_thread_pool_get_threads (pool));
  memset (w->zeros, 0, zeros_size (w) * sizeof (float));
  w->weights = (const Factor *) packed;
  if (is_few (w))
    {
      dfkd_thread_pool_run (pool, (w->tiles + w->block - 1) / w->block, whole_task, w);
      return;
    }
  for (w->first = 0; w->first < w->tiles; w->first += w->block)
    {
      w->count = MIN (w->block, w->tiles - w->first);
      dfkd_thread_pool_run (pool, (w->count + GRAIN - 1) / GRAIN, spread_task, w);
      if (is_by_panels (w))
        dfkd_thread_pool_run (pool, (w->channels_out + PAIR - 1) / PAIR, panel_task, &packing);
      else
        dfkd_thread_pool_run (pool, POINTS * ((w->channels_out + COLUMNS - 1) / COLUMNS), product_task, w);
      dfkd_thread_pool_run (pool, (w->count + GRAIN - 1) / GRAIN, gather_task, w);
    }
}

void
EXPORT (dfkd_winograd_forward_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed,
                                 const float *bias, const float *addend, float *y, void *workspace)
{
  Winograd w = describe (c, FALSE);

  w.x = x;
  w.bias = bias;
  w.addend = addend;
  w.y = y;
  run (pool, &w, packed, FALSE, workspace);
}

void
EXPORT (dfkd_winograd_to_data_) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed,
                                 const float *addend, float *dx, void *workspace)
{
  Winograd w = describe (c, TRUE);

  w.x = dy;
  w.addend = addend;
  w.y = dx;
  run (pool, &w, packed, TRUE, workspace);
}
