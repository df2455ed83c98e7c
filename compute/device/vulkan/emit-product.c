/* emit-product.c: matrix products: one invocation computes a tile of 4 × 4 results. */
#include "emit.h"

void
dfkd_emit_matrix_product (DfkdRecorder *r, const DfkdStep *step)
{
  guint32 ta = step->attributes.product.transpose_a ? 1 : 0,
          tb = step->attributes.product.transpose_b ? 1 : 0;
  gsize m = step->shape.dim[0], n = step->shape.dim[1], k = step->input_shape[0].dim[1 - ta];
  gboolean biased = step->n_inputs > 2 && step->input[2].kind != DFKD_PLACE_NONE;

  dfkd_dispatch_begin (r, "matrix-product");
  dfkd_dispatch_constant (r, ta);
  dfkd_dispatch_constant (r, tb);
  dfkd_dispatch_read (r, &step->input[0]);
  dfkd_dispatch_read (r, &step->input[1]);
  dfkd_dispatch_read (r, biased ? &step->input[2] : &(DfkdPlace){ 0 });
  dfkd_dispatch_write (r, &step->output);
  dfkd_dispatch_uint (r, m);
  dfkd_dispatch_uint (r, n);
  dfkd_dispatch_uint (r, k);
  dfkd_dispatch_uint (r, biased ? 1 : 0);
  dfkd_dispatch_threads (r, ((m + 3) / 4) * ((n + 3) / 4));
}
