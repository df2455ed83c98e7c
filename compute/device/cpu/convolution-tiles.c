/* convolution-tiles.c: forward and to the data: see tiles-private.h.
 *
 * The 16 results of a tile are neighbours in a row of the image, so that their inputs lie at even distances in a frame of
 * zeros around the image: no input is unfolded. What a row of the kernel reads of a result is one run of taps × channels,
 * cut into 32 at a time. Where rows are shorter than a tile, a frame holds several images side by side, pixel for pixel.
 * To data is the same loop over other weights.
 *
 * Few weights: a task is the images of a frame. Many: frames of the whole batch first, then a task is two tiles of channels
 * written of some frames, so that weights are read from a core's cache. */
#include "tiles-private.h"

enum {
  MAX_TAPS = 49,
  MAX_PASSES = 16,
  FEW = 1 << 18,         /* factors of weights that a core's cache holds beside a frame */
  MOST_SLICED = 1 << 16, /* … beside the weights of other steps and images between them */
  SPAN = 8,              /* frames of a task where weights are many */
};

/* taps side by side in the frame and in a row of the kernel */
typedef struct {
  gsize input; /* factors from a result's origin in the frame */
  gsize row, column, taps;
  gssize step; /* of the kernel's columns, as the frame's go up by one */
  gsize chunks; /* of DEPTH factors */
} Segment;

/* results that read by the same taps: all, or to data, those of one remainder of the stride */
typedef struct {
  guint first, n_segments;
  gsize chunk; /* of a tile of channels' weights, its first */
  gsize rows, columns;
  gsize parts, length; /* tiles of a row; results of one image in a tile */
  gsize in_row;        /* factors between results in the frame */
  gsize in_column, tile_step; /* … of one image, and of the rows of a tile */
  gsize out, out_row, out_column; /* floats: first result, between results */
} Pass;

typedef struct {
  DfkdConvolution c;
  gboolean to_data;
  gsize channels_in, channels_out, in_height, in_width; /* of what is read and what is written */
  gsize images;                                         /* side by side in a frame */
  gsize top, left, frame_height, frame_width, frame_size; /* size: factors */
  gsize out_size;                                       /* floats of an image written */
  gsize out_tiles, chunks;                              /* chunks: of the weights of a tile of channels written */
  Pass passes[MAX_PASSES];
  Segment segments[MAX_TAPS]; /* of all passes: no two read by the same tap */
  guint n_passes, n_segments;
  const float *input, *bias, *addend, *source;
  const Factor *weights;
  Factor *frames, *packed;
  float *output;
} Tiles;

/* ------------------------------------------------------------------------------------------- what reads what */

/* the row or column of the frame that @tap reads of result 0, seen from the image's first one */
static gssize
offset_of (const Tiles *t, guint axis, gsize remainder, gsize tap)
{
  gssize padding = (gssize) t->c.padding[axis];

  if (!t->to_data)
    return (gssize) tap - padding;
  return ((gssize) remainder + padding - (gssize) tap) / (gssize) t->c.stride[axis];
}

/* taps of the results of a remainder are @stride apart; all are those of remainder 0 forward */
static gsize
first_tap (const Tiles *t, guint axis, gsize remainder)
{
  return t->to_data ? (remainder + t->c.padding[axis]) % t->c.stride[axis] : 0;
}

static void
add_segment (Tiles *t, Pass *pass, gsize row, gsize column, gsize taps, gssize step, gsize y, gsize x)
{
  Segment *s = &t->segments[t->n_segments++];

  pass->n_segments++;
  *s = (Segment){ .input = (y * t->frame_width + x) * t->images * t->channels_in, .row = row, .column = column, .taps = taps, .step = step,
                  .chunks = (taps * t->channels_in + DEPTH - 1) / DEPTH };
  t->chunks += s->chunks;
}

static void
add_pass (Tiles *t, gsize remainder_y, gsize remainder_x)
{
  const DfkdConvolution *c = &t->c;
  Pass *pass = &t->passes[t->n_passes++];
  gsize sy = t->to_data ? c->stride[0] : 1, sx = t->to_data ? c->stride[1] : 1; /* between results and between taps */
  gsize height = t->to_data ? c->in_height : c->out_height, width = t->to_data ? c->in_width : c->out_width;
  gsize column = first_tap (t, 1, remainder_x), taps = column < c->kernel_width ? (c->kernel_width - 1 - column) / sx + 1 : 0;
  gsize last = column + (taps - 1) * sx;

  *pass = (Pass){ .first = t->n_segments, .chunk = t->chunks, .rows = (height - remainder_y + sy - 1) / sy, .columns = (width - remainder_x + sx - 1) / sx };
  pass->parts = t->images > 1 ? 1 : (pass->columns + TILE - 1) / TILE;
  pass->length = (pass->columns + pass->parts - 1) / pass->parts;
  pass->in_column = (t->to_data ? 1 : c->stride[1]) * t->images * t->channels_in;
  pass->in_row = (t->to_data ? 1 : c->stride[0]) * t->frame_width * t->images * t->channels_in;
  pass->tile_step = t->images > 1 ? t->channels_in : pass->in_column;
  pass->out = (remainder_y * width + remainder_x) * t->channels_out;
  pass->out_row = sy * width * t->channels_out;
  pass->out_column = sx * t->channels_out;
  for (gsize row = first_tap (t, 0, remainder_y); row < c->kernel_height; row += sy)
    {
      gsize y = (gsize) ((gssize) t->top + offset_of (t, 0, remainder_y, row));

      if (t->images > 1)
        for (gsize v = column; v < c->kernel_width; v += sx)
          add_segment (t, pass, row, v, 1, 0, y, (gsize) ((gssize) t->left + offset_of (t, 1, remainder_x, v)));
      else if (taps > 0 && t->to_data) /* later taps read to the left */
        add_segment (t, pass, row, last, taps, -(gssize) sx, y, (gsize) ((gssize) t->left + offset_of (t, 1, remainder_x, last)));
      else if (taps > 0)
        add_segment (t, pass, row, column, taps, 1, y, (gsize) ((gssize) t->left + offset_of (t, 1, remainder_x, column)));
    }
}

/* zeros before and behind @length rows or columns that are read; returns all of them */
static gsize
surround (const Tiles *t, guint axis, gsize length, gsize results, gsize kernel, gsize *before)
{
  gsize stride = t->to_data ? t->c.stride[axis] : 1, step = t->to_data ? 1 : t->c.stride[axis];
  gssize least = 0, most = (gssize) length - 1;

  for (gsize r = 0; r < MIN (stride, results); r++)
    for (gsize tap = first_tap (t, axis, r); tap < kernel; tap += stride)
      {
        gssize offset = offset_of (t, axis, r, tap);

        least = MIN (least, offset);
        most = MAX (most, (gssize) ((results - r + stride - 1) / stride - 1) * (gssize) step + offset);
      }
  *before = (gsize) -least;
  return (gsize) (most - least + 1);
}

static Tiles
describe (const DfkdConvolution *c, gboolean to_data)
{
  Tiles t = { .c = *c, .to_data = to_data, .images = 1 };
  gsize height = to_data ? c->in_height : c->out_height, width = to_data ? c->in_width : c->out_width;

  t.channels_in = to_data ? c->out_channels : c->in_channels;
  t.channels_out = to_data ? c->in_channels : c->out_channels;
  t.in_height = to_data ? c->out_height : c->in_height;
  t.in_width = to_data ? c->out_width : c->in_width;
  t.out_size = height * width * t.channels_out;
  t.out_tiles = (t.channels_out + TILE - 1) / TILE;
  if (c->stride[0] == 1 && c->stride[1] == 1 && t.channels_in % DEPTH == 0 && width < TILE)
    t.images = TILE / width;
  t.frame_height = surround (&t, 0, t.in_height, height, c->kernel_height, &t.top);
  t.frame_width = surround (&t, 1, t.in_width, width, c->kernel_width, &t.left);
  t.frame_size = t.frame_height * t.frame_width * t.images * t.channels_in;
  t.frame_size = (t.frame_size + 2 * DEPTH - 1) / DEPTH * DEPTH; /* the last chunk may reach behind the last pixel */
  for (gsize y = 0; y < MIN (to_data ? c->stride[0] : 1, height); y++)
    for (gsize x = 0; x < MIN (to_data ? c->stride[1] : 1, width); x++)
      add_pass (&t, y, x);
  return t;
}

static gsize
packed_size (const Tiles *t)
{
  return t->out_tiles * t->chunks * SIZE;
}

static gboolean
is_few (const Tiles *t)
{
  return packed_size (t) <= FEW;
}

/* ------------------------------------------------------------------------------------------------- weights */

/* DEPTH rows (channels read, of one tap after the other) of a tile, in pairs: 16 columns of each */
static void
pack_rows (const Tiles *t, const Segment *s, gsize chunk, gsize first, Factor *target)
{
  const DfkdConvolution *c = &t->c;
  __mmask16 kept = first_lanes (t->channels_out - first);

  for (gsize k = 0; k < DEPTH; k += 2, target += 2 * TILE)
    {
      __m512 half[2];

      for (gsize i = 0; i < 2; i++)
        {
          gsize at = chunk * DEPTH + k + i, tap = at / t->channels_in, channel = at % t->channels_in;
          gsize column = (gsize) ((gssize) s->column + (gssize) tap * s->step);
          gsize row = ((channel * c->kernel_height + s->row) * c->kernel_width + column) * c->in_channels + first;

          half[i] = tap < s->taps ? _mm512_maskz_loadu_ps (kept, t->source + row) : _mm512_setzero_ps ();
        }
      store_pairs (target, half[0], half[1]);
    }
}

/* the same from weights that lie by columns */
static void
pack_columns (const Tiles *t, const Segment *s, gsize chunk, gsize first, Factor *target)
{
  const DfkdConvolution *c = &t->c;
  gsize count = s->taps * t->channels_in - chunk * DEPTH;
  __mmask16 low = first_lanes (count), high = first_lanes (count > TILE ? count - TILE : 0);
  __m512i v[TILE];

#pragma GCC unroll 16
  for (gsize k = 0; k < TILE; k++)
    {
      const float *column = t->source + (((first + k) * c->kernel_height + s->row) * c->kernel_width + s->column) * c->in_channels + chunk * DEPTH;

      v[k] = _mm512_setzero_si512 ();
      if (first + k < t->channels_out)
        v[k] = (__m512i) _mm512_cvtne2ps_pbh (_mm512_maskz_loadu_ps (high, column + TILE), _mm512_maskz_loadu_ps (low, column));
    }
  transpose (v);
#pragma GCC unroll 16
  for (gsize k = 0; k < TILE; k++)
    _mm512_storeu_si512 (target + k * 2 * TILE, v[k]);
}

/* a tile of channels written */
static void
pack_task (gpointer data, gsize tile)
{
  const Tiles *t = data;
  Factor *target = t->packed + tile * t->chunks * SIZE;

  for (guint i = 0; i < t->n_segments; i++)
    {
      const Segment *s = &t->segments[i];

      for (gsize chunk = 0; chunk < s->chunks; chunk++, target += SIZE)
        if (t->to_data)
          pack_rows (t, s, chunk, tile * TILE, target);
        else
          pack_columns (t, s, chunk, tile * TILE, target);
    }
}

/* ---------------------------------------------------------------------------------------- forward, to data */

static void
round_factors (Factor *target, const float *source, gsize count)
{
  gsize i = 0;

  for (; i + DEPTH <= count; i += DEPTH)
    _mm512_storeu_si512 (target + i, (__m512i) _mm512_cvtne2ps_pbh (_mm512_loadu_ps (source + i + TILE), _mm512_loadu_ps (source + i)));
  for (; i < count; i += TILE)
    {
      __mmask16 kept = first_lanes (count - i);

      _mm256_mask_storeu_epi16 (target + i, kept, (__m256i) _mm512_cvtneps_pbh (_mm512_maskz_loadu_ps (kept, source + i)));
    }
}

/* images @first … into a frame, zeros around them */
static void
fill_frame (const Tiles *t, gsize first, Factor *frame)
{
  gsize pixel = t->images * t->channels_in, row = t->frame_width * pixel, left = t->left * pixel, width = t->in_width * pixel;
  gsize count = t->in_width * t->channels_in, image = t->in_height * count, present = MIN (t->images, t->c.batch - first);
  const float *source = t->input + first * image;

  memset (frame, 0, t->top * row * sizeof (Factor));
  for (gsize y = 0; y < t->in_height; y++, source += count)
    {
      Factor *target = frame + (t->top + y) * row;

      memset (target, 0, left * sizeof (Factor));
      if (t->images == 1)
        round_factors (target + left, source, count);
      else
        {
          if (present < t->images)
            memset (target + left, 0, width * sizeof (Factor));
          for (gsize n = 0; n < present; n++)
            for (gsize x = 0; x < t->in_width; x++)
              round_factors (target + left + x * pixel + n * t->channels_in, source + n * image + x * t->channels_in, t->channels_in);
        }
      memset (target + left + width, 0, (row - left - width) * sizeof (Factor));
    }
  memset (frame + (t->top + t->in_height) * row, 0, (t->frame_size - (t->top + t->in_height) * row) * sizeof (Factor));
}

/* a tile of results: tile @index of the pass, for channels @first … of images @image … */
typedef struct {
  gsize index, image, first;
} Spot;

/* Returns: floats from the start of the output to the tile's first result; @skip: results that the tile before has */
INLINE gsize
place_of (const Tiles *t, const Pass *pass, const Spot *spot, gsize *skip)
{
  gsize part = spot->index % pass->parts, wanted = part * pass->length, x = MIN (wanted, pass->columns - pass->length);

  *skip = wanted - x;
  return spot->image * t->out_size + pass->out + spot->index / pass->parts * pass->out_row + x * pass->out_column + spot->first;
}

INLINE const Factor *
origin_of (const Pass *pass, const Factor *frame, gsize index)
{
  gsize x = MIN (index % pass->parts * pass->length, pass->columns - pass->length);

  return frame + index / pass->parts * pass->in_row + x * pass->in_column;
}

static void
write_sums (const Tiles *t, const Pass *pass, const Spot *spot, const float sums[TILE * TILE])
{
  gsize skip, place = place_of (t, pass, spot, &skip), present = MIN (t->images, t->c.batch - spot->image);
  __mmask16 kept = first_lanes (t->channels_out - spot->first);
  __m512 bias = _mm512_setzero_ps ();

  if (t->bias != NULL)
    bias = _mm512_maskz_loadu_ps (kept, t->bias + spot->first);
  for (gsize x = skip; x < pass->length; x++)
    for (gsize n = 0; n < present; n++)
      {
        gsize at = place + x * pass->out_column + n * t->out_size;
        __m512 value = _mm512_add_ps (_mm512_load_ps (sums + (x * t->images + n) * TILE), bias);

        if (t->addend != NULL)
          value = _mm512_add_ps (value, _mm512_maskz_loadu_ps (kept, t->addend + at));
        _mm512_mask_storeu_ps (t->output + at, kept, value);
      }
}

/* @rows tiles of results from @index on × @columns of channels written from @first on */
INLINE void
compute (const Tiles *t, const Pass *pass, const Factor *frame, gsize image, gsize index, gsize first, const Factor *weights, const int rows,
         const int columns)
{
  _Alignas (64) float sums[TILE * TILE];
  gboolean is_plain = t->images == 1 && t->bias == NULL && t->addend == NULL;
  const Factor *origins[4];
  gsize step = pass->tile_step * sizeof (Factor), next = t->chunks * SIZE;

#pragma GCC unroll 4
  for (int r = 0; r < rows; r++)
    origins[r] = origin_of (pass, frame, index + (gsize) r);
  EACH_SUM (rows, columns, _tile_zero);
  for (guint i = 0; i < pass->n_segments; i++)
    {
      const Segment *s = &t->segments[pass->first + i];
      gsize from = s->input, end = from + s->chunks * DEPTH;

      for (gsize at = from; at < end; at += DEPTH, weights += SIZE)
        add_products (origins, at, step, weights, next, rows, columns);
    }
/* where nothing is added and every row is kept, sums go straight to their place */
#define STORE(n)                                                                                                     \
  G_STMT_START {                                                                                                     \
    Spot spot = { index + n / (gsize) columns, image, first + n % (gsize) columns * TILE };                          \
    gsize skip, place = place_of (t, pass, &spot, &skip);                                                            \
    if (is_plain && skip == 0 && t->channels_out - spot.first >= TILE)                                               \
      _tile_stored (n, t->output + place, pass->out_column * sizeof (float));                                        \
    else                                                                                                             \
      {                                                                                                              \
        _tile_stored (n, sums, 64);                                                                                  \
        settle ();                                                                                                   \
        write_sums (t, pass, &spot, sums);                                                                           \
      }                                                                                                              \
  } G_STMT_END
  EACH_SUM (rows, columns, STORE);
#undef STORE
}

/* one or two tiles of channels written, from @tile on, of the images in @frame */
static void
compute_channels (const Tiles *t, const Pass *pass, const Factor *frame, gsize image, gsize tile)
{
  const Factor *weights = t->weights + (tile * t->chunks + pass->chunk) * SIZE;
  gsize count = pass->rows * pass->parts, i = 0;

  if (tile + 1 < t->out_tiles)
    {
      for (; i + 2 <= count; i += 2)
        compute (t, pass, frame, image, i, tile * TILE, weights, 2, 2);
      for (; i < count; i++)
        compute (t, pass, frame, image, i, tile * TILE, weights, 1, 2);
    }
  else
    {
      for (; i + 4 <= count; i += 4)
        compute (t, pass, frame, image, i, tile * TILE, weights, 4, 1);
      for (; i < count; i++)
        compute (t, pass, frame, image, i, tile * TILE, weights, 1, 1);
    }
}

static void
frame_task (gpointer data, gsize index)
{
  const Tiles *t = data;
  Factor *frame = t->frames + dfkd_thread_pool_worker () * t->frame_size;

  fill_frame (t, index * t->images, frame);
  settle ();
  for (const Pass *pass = t->passes; pass < t->passes + t->n_passes; pass++)
    {
      configure (pass->length * t->images);
      for (gsize tile = 0; tile < t->out_tiles; tile += 2)
        compute_channels (t, pass, frame, index * t->images, tile);
    }
  _tile_release ();
}

static void
fill_task (gpointer data, gsize index)
{
  const Tiles *t = data;

  fill_frame (t, index * t->images, t->frames + index * t->frame_size);
}

static gsize
count_frames (const Tiles *t)
{
  return (t->c.batch + t->images - 1) / t->images;
}

static void
channels_task (gpointer data, gsize index)
{
  const Tiles *t = data;
  gsize pairs = (t->out_tiles + 1) / 2, tile = index % pairs * 2, first = index / pairs * SPAN;

  for (const Pass *pass = t->passes; pass < t->passes + t->n_passes; pass++)
    {
      configure (pass->length * t->images);
      for (gsize i = first; i < MIN (first + SPAN, count_frames (t)); i++)
        compute_channels (t, pass, t->frames + i * t->frame_size, i * t->images, tile);
    }
  _tile_release ();
}

static void
run (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *input, const float *packed, const float *bias,
     const float *addend, float *output, void *workspace)
{
  Tiles t = describe (c, to_data);

  t.input = input;
  t.weights = (const Factor *) packed;
  t.bias = bias;
  t.addend = addend;
  t.output = output;
  t.frames = workspace;
  if (is_few (&t))
    {
      dfkd_thread_pool_run (pool, count_frames (&t), frame_task, &t);
      return;
    }
  dfkd_thread_pool_run (pool, count_frames (&t), fill_task, &t);
  dfkd_thread_pool_run (pool, (t.out_tiles + 1) / 2 * ((count_frames (&t) + SPAN - 1) / SPAN), channels_task, &t);
}

gboolean
dfkd_tiles_slices_amx (const DfkdConvolution *c, gboolean to_data)
{
  Tiles t = describe (c, to_data);

  return packed_size (&t) <= MOST_SLICED;
}

gsize
dfkd_tiles_packed_size_amx (const DfkdConvolution *c, gboolean to_data)
{
  Tiles t = describe (c, to_data);

  return packed_size (&t) * sizeof (Factor);
}

void
dfkd_tiles_pack_amx (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *weights, float *packed)
{
  Tiles t = describe (c, to_data);

  t.source = weights;
  t.packed = (Factor *) packed;
  dfkd_thread_pool_run (pool, t.out_tiles, pack_task, &t);
}

gsize
dfkd_tiles_workspace_amx (const DfkdConvolution *c, gboolean to_data, guint threads)
{
  Tiles t = describe (c, to_data);

  return sizeof (Factor) * t.frame_size * (is_few (&t) ? threads : count_frames (&t));
}

void
dfkd_tiles_forward_amx (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed, const float *bias,
                        const float *addend, float *y, void *workspace)
{
  run (pool, c, FALSE, x, packed, bias, addend, y, workspace);
}

void
dfkd_tiles_to_data_amx (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed, const float *addend,
                        float *dx, void *workspace)
{
  run (pool, c, TRUE, dy, packed, NULL, addend, dx, workspace);
}
