/* convolution-tiles-weights.c: the gradient to the weights: see tiles-private.h.
 *
 * The input lies by channel in frames of zeros, so that a tap is a shift, with a frame for each remainder of a stride. Gradients
 * of the gaps between rows and images are zero, so that a sum goes over them as over all else. */
#include "tiles-private.h"

enum {
  POSITIONS = 1024,       /* of the images that a sum goes over at a time, about */
  SUMS = 18,              /* tiles of taps and channels read of a task where one thread does not do all */
  MOST_ADDED = 320 << 10, /* bytes of sums that each thread may have of its own */
};

typedef struct {
  DfkdConvolution c;
  gsize taps, in_tiles, out_tiles;
  gsize pitch, image, images; /* positions between rows and between images; images at a time */
  gsize depth, length;        /* positions of a sum, and of a channel of the input */
  Factor *x, *dy;             /* x [stride²][in_tiles·TILE][length]; dy [out_tiles][depth / 2][TILE][2] */
  const float *source, *gradients; /* of the images at hand */
  gboolean afresh;
  float *sums; /* [taps·in_tiles][out_tiles][TILE read][TILE written] */
  gsize n_sums;
  float *dw;
} Gradient;

static Gradient
describe_gradient (const DfkdConvolution *c)
{
  Gradient g = { .c = *c, .taps = c->kernel_height * c->kernel_width };
  gsize height = c->in_height + c->padding[0], width = MAX (c->in_width + c->padding[1], (c->out_width - 1) * c->stride[1] + c->kernel_width);

  g.in_tiles = (c->in_channels + TILE - 1) / TILE;
  g.out_tiles = (c->out_channels + TILE - 1) / TILE;
  /* with a stride of one, what lies below an image is what lies above the next one */
  if (c->stride[0] > 1)
    height = MAX (height, (c->out_height - 1) * c->stride[0] + c->kernel_height);
  g.pitch = ((width + c->stride[1] - 1) / c->stride[1] + 1) / 2 * 2; /* pairs of positions begin with a row */
  g.image = (height + c->stride[0] - 1) / c->stride[0] * g.pitch;
  g.images = MAX (1, POSITIONS / g.image);
  g.depth = ((g.images - 1) * g.image + c->out_height * g.pitch + DEPTH - 1) / DEPTH * DEPTH;
  g.length = (g.depth + (c->kernel_height - 1) / c->stride[0] * g.pitch + c->kernel_width + DEPTH - 1) / DEPTH * DEPTH + TILE;
  return g;
}

/* factors of the input, by remainder of the stride */
static gsize
turned_size (const Gradient *g)
{
  return g->c.stride[0] * g->c.stride[1] * g->in_tiles * TILE * g->length;
}

static gsize
gradient_scratch (const Gradient *g)
{
  return sizeof (Factor) * (turned_size (g) + g->out_tiles * TILE * g->depth);
}

/* every stride-th column of a row, from @first on, of channels last into channels, 16 × 16 at a time */
static void
turn_row (const Gradient *g, const float *row, gsize first, Factor *target)
{
  const DfkdConvolution *c = &g->c;
  gsize stride = c->stride[1], count = first < c->in_width ? (c->in_width - 1 - first) / stride + 1 : 0;

  for (gsize channel = 0; channel < c->in_channels; channel += TILE)
    for (gsize column = 0; column < count; column += TILE)
      {
        const float *source = row + (first + column * stride) * c->in_channels + channel;
        __mmask16 channels = first_lanes (c->in_channels - channel), columns = first_lanes (count - column);
        __m512i v[TILE];

#pragma GCC unroll 16
        for (gsize i = 0; i < TILE; i++)
          {
            v[i] = _mm512_setzero_si512 ();
            if (column + i < count)
              v[i] = (__m512i) _mm512_maskz_loadu_ps (channels, source + i * stride * c->in_channels);
          }
        transpose (v);
#pragma GCC unroll 16
        for (gsize i = 0; i < TILE; i++)
          _mm256_mask_storeu_epi16 (target + (channel + i) * g->length + column, columns, (__m256i) _mm512_cvtneps_pbh ((__m512) v[i]));
      }
}

/* image @n of those at hand; what is read of it by tap u, v of a result lies where the remainder is that of u, v */
static void
turn_image (const Gradient *g, gsize n)
{
  const DfkdConvolution *c = &g->c;
  const float *row = g->source + n * c->in_height * c->in_width * c->in_channels;

  for (gsize y = 0; y < c->in_height; y++, row += c->in_width * c->in_channels)
    for (gsize remainder = 0; remainder < c->stride[1]; remainder++)
      {
        gsize above = y + c->padding[0], part = above % c->stride[0] * c->stride[1] + remainder;
        /* the first column that is this remainder, and its place */
        gsize first = (remainder + c->stride[1] - c->padding[1] % c->stride[1]) % c->stride[1];
        gsize at = n * g->image + above / c->stride[0] * g->pitch + (first + c->padding[1]) / c->stride[1];

        turn_row (g, row, first, g->x + part * g->in_tiles * TILE * g->length + at);
      }
}

/* gradients of image @n into pairs of positions */
static void
pair_image (const Gradient *g, gsize n)
{
  const DfkdConvolution *c = &g->c;
  const float *dy = g->gradients + n * c->out_height * c->out_width * c->out_channels;
  gsize position = n * g->image;

  for (gsize y = 0; y < c->out_height; y++, dy += c->out_width * c->out_channels, position += g->pitch)
    for (gsize tile = 0; tile < g->out_tiles; tile++)
      {
        Factor *target = g->dy + (tile * g->depth + position) * TILE;
        __mmask16 channels = first_lanes (c->out_channels - tile * TILE);
        const float *source = dy + tile * TILE;

        for (gsize x = 0; x < c->out_width; x += 2, source += 2 * c->out_channels, target += 2 * TILE)
          store_pairs (target, _mm512_maskz_loadu_ps (channels, source),
                       x + 1 < c->out_width ? _mm512_maskz_loadu_ps (channels, source + c->out_channels) : _mm512_setzero_ps ());
      }
}

/* sums of @rows tiles of taps and channels read, from @first on, × @columns of channels written */
INLINE void
add_gradient (const Gradient *g, gsize first, gsize tile, const int rows, const int columns)
{
  const DfkdConvolution *c = &g->c;
  const Factor *origins[4], *dy = g->dy + tile * g->depth * TILE;
  float *sums = g->sums + (first * g->out_tiles + tile) * TILE * TILE;
  gssize next = (gssize) g->out_tiles * TILE * TILE; /* from a tile of sums to that of the next tap or channels */

#pragma GCC unroll 4
  for (int r = 0; r < rows; r++)
    {
      gsize tap = (first + (gsize) r) / g->in_tiles, channels = (first + (gsize) r) % g->in_tiles;
      gsize u = tap / c->kernel_width, v = tap % c->kernel_width, part = u % c->stride[0] * c->stride[1] + v % c->stride[1];

      origins[r] = g->x + (part * g->in_tiles + channels) * TILE * g->length + u / c->stride[0] * g->pitch + v / c->stride[1];
    }
#define PLACE(n) (sums + n / columns * next + n % columns * TILE * TILE)
#define LOAD(n) _tile_loadd (n, PLACE (n), 64)
#define STORE(n) _tile_stored (n, PLACE (n), 64)
  if (g->afresh)
    EACH_SUM (rows, columns, _tile_zero);
  else
    EACH_SUM (rows, columns, LOAD);
  for (gsize at = 0; at < g->depth; at += DEPTH)
    add_products (origins, at, g->length * sizeof (Factor), dy + at * TILE, g->depth * TILE, rows, columns);
  EACH_SUM (rows, columns, STORE);
#undef STORE
#undef LOAD
#undef PLACE
}

/* one or two tiles of channels written, from @tile on: taps and channels read from @first to @end */
static void
add_channels (const Gradient *g, gsize tile, gsize first, gsize end)
{
  if (tile + 1 < g->out_tiles)
    {
      for (; first + 2 <= end; first += 2)
        add_gradient (g, first, tile, 2, 2);
      for (; first < end; first++)
        add_gradient (g, first, tile, 1, 2);
    }
  else
    {
      for (; first + 4 <= end; first += 4)
        add_gradient (g, first, tile, 4, 1);
      for (; first < end; first++)
        add_gradient (g, first, tile, 1, 1);
    }
}

static void
prepare_task (gpointer data, gsize n)
{
  const Gradient *g = data;

  turn_image (g, n);
  pair_image (g, n);
}

static void
sum_task (gpointer data, gsize task)
{
  const Gradient *g = data;
  gsize pairs = (g->out_tiles + 1) / 2, first = task / pairs * SUMS;

  configure (TILE);
  add_channels (g, task % pairs * 2, first, MIN (first + SUMS, g->taps * g->in_tiles));
  _tile_release ();
}

gsize
dfkd_tiles_sum_size_amx (const DfkdConvolution *c)
{
  Gradient g = describe_gradient (c);

  return sizeof (float) * g.taps * g.in_tiles * g.out_tiles * TILE * TILE;
}

gboolean
dfkd_tiles_adds_amx (const DfkdConvolution *c)
{
  return dfkd_tiles_sum_size_amx (c) <= MOST_ADDED;
}

gsize
dfkd_tiles_weights_workspace_amx (const DfkdConvolution *c)
{
  Gradient g = describe_gradient (c);

  return gradient_scratch (&g);
}

void
dfkd_tiles_add_amx (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace)
{
  Gradient g = describe_gradient (c);
  gboolean adds = dfkd_tiles_adds_amx (c);

  g.x = workspace;
  g.dy = g.x + turned_size (&g);
  g.sums = sum;
  for (gsize first = 0; first < c->batch; first += g.images)
    {
      gsize count = MIN (g.images, c->batch - first);

      if (first == 0 || count < g.images) /* what lies between the images stays zero */
        memset (workspace, 0, gradient_scratch (&g));
      g.source = x + first * c->in_height * c->in_width * c->in_channels;
      g.gradients = dy + first * c->out_height * c->out_width * c->out_channels;
      g.afresh = first == 0;
      if (!adds)
        {
          dfkd_thread_pool_run (pool, count, prepare_task, &g);
          dfkd_thread_pool_run (pool, (g.out_tiles + 1) / 2 * ((g.taps * g.in_tiles + SUMS - 1) / SUMS), sum_task, &g);
          continue;
        }
      for (gsize n = 0; n < count; n++)
        prepare_task (&g, n);
      settle ();
      configure (TILE);
      for (gsize tile = 0; tile < g.out_tiles; tile += 2)
        add_channels (&g, tile, 0, g.taps * g.in_tiles);
      _tile_release ();
    }
}

/* a tile of channels written: all sums, rows for columns, into the gradient */
static void
total_task (gpointer data, gsize tile)
{
  const Gradient *g = data;
  const DfkdConvolution *c = &g->c;
  gsize all = g->taps * g->in_tiles * g->out_tiles * TILE * TILE;

  for (gsize i = 0; i < g->taps * g->in_tiles; i++)
    {
      const float *sums = g->sums + (i * g->out_tiles + tile) * TILE * TILE;
      gsize tap = i / g->in_tiles, channel = i % g->in_tiles * TILE;
      __mmask16 kept = first_lanes (c->in_channels - channel);
      __m512i v[TILE];

#pragma GCC unroll 16
      for (gsize k = 0; k < TILE; k++)
        {
          __m512 sum = _mm512_loadu_ps (sums + k * TILE);

          for (gsize n = 1; n < g->n_sums; n++)
            sum = _mm512_add_ps (sum, _mm512_loadu_ps (sums + n * all + k * TILE));
          v[k] = (__m512i) sum;
        }
      transpose (v);
#pragma GCC unroll 16
      for (gsize k = 0; k < TILE; k++)
        if (tile * TILE + k < c->out_channels)
          _mm512_mask_storeu_ps (g->dw + ((tile * TILE + k) * g->taps + tap) * c->in_channels + channel, kept, (__m512) v[k]);
    }
}

void
dfkd_tiles_total_amx (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw)
{
  Gradient g = describe_gradient (c);

  g.sums = sums;
  g.n_sums = n_sums;
  g.dw = dw;
  dfkd_thread_pool_run (pool, g.out_tiles, total_task, &g);
}
