/* convolution.c: which path a convolution takes. */
#include "convolution-private.h"

gsize
dfkd_convolution_workspace (const DfkdConvolution *c, DfkdConvolutionDirection direction, guint threads)
{
  return dfkd_unfolded_workspace (c, direction == DFKD_CONVOLUTION_TO_WEIGHTS, threads);
}

void
dfkd_convolution_forward (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *w,
                          const float *bias, const float *addend, float *y, void *workspace)
{
  dfkd_unfolded_forward (pool, c, x, w, bias, addend, y, workspace);
}

void
dfkd_convolution_to_data (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *w,
                          const float *addend, float *dx, void *workspace)
{
  dfkd_unfolded_to_data (pool, c, dy, w, addend, dx, workspace);
}

void
dfkd_convolution_to_weights (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *dw,
                             void *workspace)
{
  dfkd_unfolded_to_weights (pool, c, x, dy, dw, workspace);
}
