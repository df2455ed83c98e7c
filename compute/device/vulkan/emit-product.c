/* emit-product.c: matrix products: small ones by 4 × 4 results an invocation, large ones as a convolution.
 *
 * a·bᵀ is a convolution of one row of pixels (the rows of a) with a kernel of one tap; operands that lie the
 * other way round are transposed into scratch memory first. */
#include "emit.h"

typedef struct
{
  gsize m, n, k;
  gboolean turn_a, turn_b; /* for a·bᵀ */
  guint gradients;
} Product;

static Product
product_of (const DfkdStep *step)
{
  guint ta = step->attributes.product.transpose_a ? 1 : 0;

  return (Product){ step->shape.dim[0], step->shape.dim[1], step->input_shape[0].dim[1 - ta], ta == 1,
                    !step->attributes.product.transpose_b, step->attributes.product.gradients };
}

static gboolean
is_large (const Product *p)
{
  return p->m >= 8 && p->n >= 16 && p->k >= 16;
}

gsize
dfkd_matrix_product_workspace (DfkdVulkan *vulkan, const DfkdStep *step)
{
  Product p = product_of (step);

  if (!is_large (&p))
    return 0;
  return (p.turn_a ? dfkd_aligned (p.m * p.k * sizeof (float)) : 0)
         + (p.turn_b ? dfkd_aligned (p.n * p.k * sizeof (float)) : 0);
}

static void
emit_transpose (DfkdVulkanRecorder *r, const DfkdPlace *in, gsize rows, gsize columns, const DfkdPlace *out)
{
  dfkd_dispatch_begin (r, "transpose");
  dfkd_dispatch_read (r, in);
  dfkd_dispatch_write (r, out);
  dfkd_dispatch_uint (r, rows);
  dfkd_dispatch_uint (r, columns);
  dfkd_dispatch_threads (r, rows * columns);
}

static void
emit_large (DfkdVulkanRecorder *r, const DfkdStep *step, const Product *p, const DfkdPlace *bias)
{
  DfkdPlace a = step->input[0], b = step->input[1];
  gsize used = 0;
  DfkdTile tile = { .batch = 1,
                    .in_channels = p->k,
                    .in = { 1, p->m },
                    .out_channels = p->n,
                    .out = { 1, p->m },
                    .kernel = { 1, 1 },
                    .step = { 1, 1 },
                    .up = { 1, 1 },
                    .dilation = { 1, 1 },
                    .gradients = p->gradients };

  if (p->turn_a)
    {
      a = dfkd_place_part (&step->workspace, 0, p->m * p->k * sizeof (float));
      emit_transpose (r, &step->input[0], p->k, p->m, &a);
      used = dfkd_aligned (a.bytes);
    }
  if (p->turn_b)
    {
      b = dfkd_place_part (&step->workspace, used, p->n * p->k * sizeof (float));
      emit_transpose (r, &step->input[1], p->k, p->n, &b);
    }
  dfkd_emit_tile (r, &tile, &a, &b, &(DfkdEpilogue){ .bias = bias }, &step->output);
}

void
dfkd_emit_matrix_product (DfkdVulkanRecorder *r, const DfkdStep *step)
{
  Product p = product_of (step);
  gboolean biased = step->n_inputs > 2 && step->input[2].kind != DFKD_PLACE_NONE;

  if (is_large (&p))
    {
      emit_large (r, step, &p, biased ? &step->input[2] : NULL);
      return;
    }
  dfkd_dispatch_begin (r, "matrix-product");
  dfkd_dispatch_turns (r, p.k + 1);
  dfkd_dispatch_constant (r, step->attributes.product.transpose_a ? 1 : 0);
  dfkd_dispatch_constant (r, step->attributes.product.transpose_b ? 1 : 0);
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_read (r, biased ? &step->input[2] : &(DfkdPlace){ 0 });
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, p.m);
  dfkd_dispatch_uint (r, p.n);
  dfkd_dispatch_uint (r, p.k);
  dfkd_dispatch_uint (r, biased ? 1 : 0);
  dfkd_dispatch_threads (r, ((p.m + 3) / 4) * ((p.n + 3) / 4));
}
