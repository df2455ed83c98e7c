/* kernels-product.c: matrix products, and convolutions as matrix products of unfolded images. OpenBLAS runs on
 * one thread; the engine's pool splits the work. */
#include "kernels-private.h"

#include "blas.h"
#include "convolution-private.h"

#include <string.h>

enum {
  SPLIT = 64, /* rows or columns of a task of a product */
};

typedef struct {
  const DfkdCall *call;
  gsize m, n, k;
  gboolean ta, tb, by_columns;
} Product;

static void
product_task (gpointer data, gsize task)
{
  const Product *p = data;
  const float *a = p->call->in[0], *b = p->call->in[1];
  const float *bias = p->call->step->n_inputs > 2 ? p->call->in[2] : NULL;
  gsize lda = p->ta ? p->m : p->k, ldb = p->tb ? p->k : p->n;
  gsize row = p->by_columns ? 0 : task * SPLIT, column = p->by_columns ? task * SPLIT : 0;
  gsize rows = p->by_columns ? p->m : MIN ((gsize) SPLIT, p->m - row);
  gsize columns = p->by_columns ? MIN ((gsize) SPLIT, p->n - column) : p->n;
  float *c = (float *) p->call->out + row * p->n + column;

  if (bias != NULL)
    for (gsize i = 0; i < rows; i++)
      memcpy (c + i * p->n, bias + column, columns * sizeof (float));
  dfkd_blas (NULL)->sgemm (CblasRowMajor, p->ta ? CblasTrans : CblasNoTrans, p->tb ? CblasTrans : CblasNoTrans, (int) rows, (int) columns,
               (int) p->k, 1.0f, a + row * (p->ta ? 1 : lda), (int) lda, b + column * (p->tb ? ldb : 1), (int) ldb,
               bias != NULL ? 1.0f : 0.0f, c, (int) p->n);
}

DFKD_KERNEL (matrix_product)
{
  const DfkdStep *step = call->step;
  gboolean ta = step->attributes.product.transpose_a, tb = step->attributes.product.transpose_b;
  Product p = { call, step->shape.dim[0], step->shape.dim[1], step->input_shape[0].dim[ta ? 0 : 1], ta, tb, FALSE };

  p.by_columns = p.n > p.m;
  dfkd_thread_pool_run (call->pool, ((p.by_columns ? p.n : p.m) + SPLIT - 1) / SPLIT, product_task, &p);
}

/* ------------------------------------------------------------------------------------- unfolded convolution */

typedef struct {
  DfkdConvolution c;
  const float *x, *w, *bias, *addend, *dy;
  float *out, *scratch;
  gsize scratch_size; /* floats of one worker */
} Unfolded;

static gsize
unfolded_columns (const DfkdConvolution *c)
{
  return c->kernel_height * c->kernel_width * (c->in_channels / c->groups);
}

/* rows: output pixels; columns: kernel row, kernel column, channel of the group */
static void
unfold (const DfkdConvolution *c, const float *x, gsize group, float *columns)
{
  gsize channels = c->in_channels / c->groups;

  for (gsize i = 0; i < c->out_height; i++)
    for (gsize j = 0; j < c->out_width; j++)
      for (gsize u = 0; u < c->kernel_height; u++)
        {
          gssize row = (gssize) (i * c->stride[0] + u * c->dilation[0]) - (gssize) c->padding[0];

          for (gsize v = 0; v < c->kernel_width; v++, columns += channels)
            {
              gssize column = (gssize) (j * c->stride[1] + v * c->dilation[1]) - (gssize) c->padding[1];

              if (row < 0 || column < 0 || row >= (gssize) c->in_height || column >= (gssize) c->in_width)
                memset (columns, 0, channels * sizeof (float));
              else
                memcpy (columns, x + ((gsize) row * c->in_width + (gsize) column) * c->in_channels + group * channels,
                        channels * sizeof (float));
            }
        }
}

static void
fold (const DfkdConvolution *c, const float *columns, gsize group, float *x)
{
  gsize channels = c->in_channels / c->groups;

  for (gsize i = 0; i < c->out_height; i++)
    for (gsize j = 0; j < c->out_width; j++)
      for (gsize u = 0; u < c->kernel_height; u++)
        {
          gssize row = (gssize) (i * c->stride[0] + u * c->dilation[0]) - (gssize) c->padding[0];

          for (gsize v = 0; v < c->kernel_width; v++, columns += channels)
            {
              gssize column = (gssize) (j * c->stride[1] + v * c->dilation[1]) - (gssize) c->padding[1];
              float *target;

              if (row < 0 || column < 0 || row >= (gssize) c->in_height || column >= (gssize) c->in_width)
                continue;
              target = x + ((gsize) row * c->in_width + (gsize) column) * c->in_channels + group * channels;
              for (gsize k = 0; k < channels; k++)
                target[k] += columns[k];
            }
        }
}

static void
forward_task (gpointer data, gsize n)
{
  const Unfolded *u = data;
  const DfkdConvolution *c = &u->c;
  gsize pixels = c->out_height * c->out_width, k = unfolded_columns (c), og = c->out_channels / c->groups;
  float *columns = u->scratch + dfkd_thread_pool_worker () * u->scratch_size, *y = u->out + n * pixels * c->out_channels;
  gboolean add = u->bias != NULL || u->addend != NULL;

  if (u->addend != NULL)
    memcpy (y, u->addend + n * pixels * c->out_channels, pixels * c->out_channels * sizeof (float));
  if (u->bias != NULL)
    for (gsize p = 0; p < pixels; p++)
      for (gsize o = 0; o < c->out_channels; o++)
        y[p * c->out_channels + o] = u->bias[o] + (u->addend != NULL ? y[p * c->out_channels + o] : 0.0f);
  for (gsize g = 0; g < c->groups; g++)
    {
      unfold (c, u->x + n * c->in_height * c->in_width * c->in_channels, g, columns);
      dfkd_blas (NULL)->sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) pixels, (int) og, (int) k, 1.0f, columns, (int) k,
                   u->w + g * og * k, (int) k, add ? 1.0f : 0.0f, y + g * og, (int) c->out_channels);
    }
}

static void
to_data_task (gpointer data, gsize n)
{
  const Unfolded *u = data;
  const DfkdConvolution *c = &u->c;
  gsize pixels = c->out_height * c->out_width, k = unfolded_columns (c), og = c->out_channels / c->groups;
  gsize size = c->in_height * c->in_width * c->in_channels;
  float *columns = u->scratch + dfkd_thread_pool_worker () * u->scratch_size, *dx = u->out + n * size;

  if (u->addend != NULL)
    memcpy (dx, u->addend + n * size, size * sizeof (float));
  else
    memset (dx, 0, size * sizeof (float));
  for (gsize g = 0; g < c->groups; g++)
    {
      dfkd_blas (NULL)->sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) pixels, (int) k, (int) og, 1.0f,
                   u->dy + n * pixels * c->out_channels + g * og, (int) c->out_channels, u->w + g * og * k, (int) k, 0.0f,
                   columns, (int) k);
      fold (c, columns, g, dx);
    }
}

/* Many weights: several sums would be too much memory to touch. Images are unfolded a block at a time, and a task
 * multiplies all of it for a few output channels. */
enum {
  MANY_WEIGHTS = 9 * 8192,
  BLOCK_PIXELS = 1024,
};

static gboolean
is_by_blocks (const DfkdConvolution *c)
{
  return c->groups == 1 && c->out_channels * unfolded_columns (c) > MANY_WEIGHTS;
}

static gsize
block_images (const DfkdConvolution *c)
{
  return CLAMP (BLOCK_PIXELS / (c->out_height * c->out_width), 1, c->batch);
}

typedef struct {
  const Unfolded *u;
  gsize first, count; /* images of the block */
} Block;

static void
unfold_task (gpointer data, gsize task)
{
  const Block *block = data;
  const DfkdConvolution *c = &block->u->c;

  unfold (c, block->u->x + (block->first + task) * c->in_height * c->in_width * c->in_channels, 0,
          block->u->scratch + task * c->out_height * c->out_width * unfolded_columns (c));
}

static void
block_task (gpointer data, gsize task)
{
  const Block *block = data;
  const DfkdConvolution *c = &block->u->c;
  gsize pixels = c->out_height * c->out_width, k = unfolded_columns (c), o = task * SPLIT;

  dfkd_blas (NULL)->sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int) MIN ((gsize) SPLIT, c->out_channels - o), (int) k,
                           (int) (block->count * pixels), 1.0f, block->u->dy + block->first * pixels * c->out_channels + o,
                           (int) c->out_channels, block->u->scratch, (int) k, block->first > 0 ? 1.0f : 0.0f,
                           block->u->out + o * k, (int) k);
}

gsize
dfkd_unfolded_workspace (const DfkdConvolution *c, guint threads)
{
  return sizeof (float) * threads * c->out_height * c->out_width * unfolded_columns (c);
}

gboolean
dfkd_unfolded_adds (const DfkdConvolution *c)
{
  return !is_by_blocks (c);
}

gsize
dfkd_unfolded_sum_size (const DfkdConvolution *c)
{
  return is_by_blocks (c) ? 0 : sizeof (float) * c->out_channels * unfolded_columns (c);
}

gsize
dfkd_unfolded_weights_workspace (const DfkdConvolution *c)
{
  return sizeof (float) * (is_by_blocks (c) ? block_images (c) : 1) * c->out_height * c->out_width * unfolded_columns (c);
}

void
dfkd_unfolded_forward (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *w, const float *bias,
                       const float *addend, float *y, void *workspace)
{
  Unfolded u = { .c = *c, .x = x, .w = w, .bias = bias, .addend = addend, .out = y, .scratch = workspace,
                 .scratch_size = c->out_height * c->out_width * unfolded_columns (c) };

  dfkd_thread_pool_run (pool, c->batch, forward_task, &u);
}

void
dfkd_unfolded_to_data (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *w, const float *addend,
                       float *dx, void *workspace)
{
  Unfolded u = { .c = *c, .dy = dy, .w = w, .addend = addend, .out = dx, .scratch = workspace,
                 .scratch_size = c->out_height * c->out_width * unfolded_columns (c) };

  dfkd_thread_pool_run (pool, c->batch, to_data_task, &u);
}

void
dfkd_unfolded_add (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace)
{
  Unfolded u = { .c = *c, .x = x, .dy = dy, .out = sum, .scratch = workspace };
  gsize pixels = c->out_height * c->out_width, k = unfolded_columns (c), og = c->out_channels / c->groups;

  if (is_by_blocks (c))
    {
      for (Block block = { &u, 0, 0 }; block.first < c->batch; block.first += block.count)
        {
          block.count = MIN (block_images (c), c->batch - block.first);
          dfkd_thread_pool_run (pool, block.count, unfold_task, &block);
          dfkd_thread_pool_run (pool, (c->out_channels + SPLIT - 1) / SPLIT, block_task, &block);
        }
      return;
    }
  for (gsize n = 0; n < c->batch; n++)
    for (gsize g = 0; g < c->groups; g++)
      {
        unfold (c, x + n * c->in_height * c->in_width * c->in_channels, g, u.scratch);
        dfkd_blas (NULL)->sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int) og, (int) k, (int) pixels, 1.0f,
                                 dy + n * pixels * c->out_channels + g * og, (int) c->out_channels, u.scratch, (int) k,
                                 n > 0 ? 1.0f : 0.0f, sum + g * og * k, (int) k);
      }
}

void
dfkd_unfolded_total (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw)
{
  gsize size = c->out_channels * unfolded_columns (c);

  for (gsize i = 0; i < size; i++)
    {
      float sum = sums[i];

      for (gsize n = 1; n < n_sums; n++)
        sum += sums[n * size + i];
      dw[i] = sum;
    }
}

/* ------------------------------------------------------------------------------------------------- kernels */

static DfkdConvolution
convolution_of (const DfkdStep *step, DfkdPrecision precision)
{
  const DfkdConvolutionAttributes *a = &step->attributes.convolution;
  const DfkdShape *x, *w, *y;

  switch (step->op)
    {
    case DFKD_OP_CONVOLUTION:
      x = &step->input_shape[0], w = &step->input_shape[1], y = &step->shape;
      break;
    case DFKD_OP_CONVOLUTION_TO_DATA:
      x = &step->shape, w = &step->input_shape[1], y = &step->input_shape[0];
      break;
    default:
      x = &step->input_shape[0], w = &step->shape, y = &step->input_shape[1];
    }
  return (DfkdConvolution){ .batch = x->dim[0], .in_channels = x->dim[1], .in_height = x->dim[2], .in_width = x->dim[3],
                            .out_channels = y->dim[1], .out_height = y->dim[2], .out_width = y->dim[3],
                            .kernel_height = w->dim[2], .kernel_width = w->dim[3],
                            .stride = { a->stride[0], a->stride[1] }, .padding = { a->padding[0], a->padding[1] },
                            .dilation = { a->dilation[0], a->dilation[1] }, .groups = a->groups,
                            .bfloat16 = precision == DFKD_PRECISION_BFLOAT16 };
}

static DfkdConvolutionDirection
direction_of (const DfkdStep *step)
{
  return step->op == DFKD_OP_CONVOLUTION           ? DFKD_CONVOLUTION_FORWARD
         : step->op == DFKD_OP_CONVOLUTION_TO_DATA ? DFKD_CONVOLUTION_TO_DATA
                                                   : DFKD_CONVOLUTION_TO_WEIGHTS;
}

DFKD_KERNEL (pack_weights)
{
  DfkdConvolution c = convolution_of (call->step, call->precision);

  if (call->shared != NULL)
    dfkd_convolution_pack (call->pool, &c, direction_of (call->step), call->in[1], call->shared);
}

static const float *
packed_of (const DfkdCall *call)
{
  return call->shared != NULL ? call->shared : call->in[1];
}

DFKD_KERNEL (convolution)
{
  DfkdConvolution c = convolution_of (call->step, call->precision);

  dfkd_convolution_forward (call->pool, &c, call->in[0], packed_of (call), call->in[2], call->in[3], call->out, call->workspace);
}

DFKD_KERNEL (convolution_to_data)
{
  DfkdConvolution c = convolution_of (call->step, call->precision);

  dfkd_convolution_to_data (call->pool, &c, call->in[0], packed_of (call), call->in[2], call->out, call->workspace);
}

/* A sum for each slice of a chain; outside a chain for each of a few parts of the batch, or one, where that is better. */
static gsize
sums_of (const DfkdConvolution *c, const DfkdChain *chain)
{
  return chain != NULL ? dfkd_chain_slices (chain) : dfkd_convolution_parts (c);
}

typedef struct {
  const DfkdCall *call;
  DfkdConvolution c;
  gsize parts;
} Gradient;

static void
part_task (gpointer data, gsize part)
{
  const Gradient *g = data;
  DfkdConvolution c = g->c;
  gsize first = part * c.batch / g->parts, end = (part + 1) * c.batch / g->parts;
  gsize scratch = dfkd_convolution_workspace (&g->c, DFKD_CONVOLUTION_TO_WEIGHTS, 1);

  c.batch = end - first;
  dfkd_convolution_add (NULL, &c, (const float *) g->call->in[0] + first * c.in_height * c.in_width * c.in_channels,
                        (const float *) g->call->in[1] + first * c.out_height * c.out_width * c.out_channels,
                        (float *) ((guint8 *) g->call->shared + part * dfkd_convolution_sum_size (&c)),
                        (guint8 *) g->call->workspace + dfkd_thread_pool_worker () * scratch);
}

DFKD_KERNEL (convolution_to_weights)
{
  Gradient g = { call, convolution_of (call->step, call->precision), 1 };
  gsize size = dfkd_convolution_sum_size (&g.c);

  if (call->chain == NULL)
    g.parts = dfkd_convolution_parts (&g.c);
  if (g.parts > 1)
    dfkd_thread_pool_run (call->pool, g.parts, part_task, &g);
  else
    dfkd_convolution_add (call->pool, &g.c, call->in[0], call->in[1],
                          size > 0 ? (float *) ((guint8 *) call->shared + call->slice * size) : call->out, call->workspace);
}

DFKD_KERNEL (convolution_to_weights_finish)
{
  DfkdConvolution c = convolution_of (call->step, call->precision);

  if (call->shared != NULL)
    dfkd_convolution_total (call->pool, &c, call->shared, sums_of (&c, call->chain), call->out);
}

gsize
dfkd_cpu_convolution_workspace (const DfkdStep *step, DfkdPrecision precision, guint threads)
{
  DfkdConvolution c = convolution_of (step, precision);

  return dfkd_convolution_workspace (&c, direction_of (step), threads);
}

gsize
dfkd_cpu_convolution_shared (const DfkdStep *step, DfkdPrecision precision, const DfkdChain *chain)
{
  DfkdConvolution c = convolution_of (step, precision);

  if (step->op == DFKD_OP_CONVOLUTION_TO_WEIGHTS)
    return sums_of (&c, chain) * dfkd_convolution_sum_size (&c);
  return dfkd_convolution_packed_size (&c, direction_of (step));
}

gboolean
dfkd_cpu_convolution_slices (const DfkdStep *step, DfkdPrecision precision)
{
  DfkdConvolution c = convolution_of (step, precision);

  return dfkd_convolution_slices (&c, direction_of (step));
}
