/* convolution.c: which path a convolution takes, and which copy of it this processor can run. */
#include "convolution-private.h"

typedef struct {
  gsize (*workspace) (const DfkdConvolution *c, gboolean to_data, guint threads);
  gsize (*weights_workspace) (const DfkdConvolution *c);
  void (*forward) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *w, const float *bias,
                   const float *addend, float *y, void *workspace);
  void (*to_data) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *w, const float *addend, float *dx,
                   void *workspace);
  void (*to_weights) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *dw, void *workspace);
} Direct;

#define DIRECT(suffix)                                                                                               \
  gsize dfkd_direct_workspace_##suffix (const DfkdConvolution *c, gboolean to_data, guint threads);                  \
  gsize dfkd_direct_weights_workspace_##suffix (const DfkdConvolution *c);                                           \
  void dfkd_direct_forward_##suffix (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *w, \
                                     const float *bias, const float *addend, float *y, void *workspace);             \
  void dfkd_direct_to_data_##suffix (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *w, \
                                     const float *addend, float *dx, void *workspace);                               \
  void dfkd_direct_to_weights_##suffix (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, \
                                        float *dw, void *workspace);                                                 \
  static const Direct direct_##suffix = { dfkd_direct_workspace_##suffix, dfkd_direct_weights_workspace_##suffix,    \
                                          dfkd_direct_forward_##suffix, dfkd_direct_to_data_##suffix,                \
                                          dfkd_direct_to_weights_##suffix };
DIRECT (base)
#if defined(__x86_64__)
DIRECT (avx2)
DIRECT (avx512)
#endif

static const Direct *
direct (void)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512dq")
      && __builtin_cpu_supports ("avx512vl"))
    return &direct_avx512;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return &direct_avx2;
#endif
  return &direct_base;
}

/* what the direct path is written for */
static gboolean
is_direct (const DfkdConvolution *c)
{
  return c->groups == 1 && c->dilation[0] == 1 && c->dilation[1] == 1 && c->kernel_height * c->kernel_width <= 49
         && c->stride[0] <= 4 && c->stride[1] <= 4 && c->padding[0] <= c->kernel_height && c->padding[1] <= c->kernel_width
         && c->in_channels <= 512;
}

gsize
dfkd_convolution_workspace (const DfkdConvolution *c, DfkdConvolutionDirection direction, guint threads)
{
  if (!is_direct (c))
    return dfkd_unfolded_workspace (c, direction == DFKD_CONVOLUTION_TO_WEIGHTS, threads);
  return direction == DFKD_CONVOLUTION_TO_WEIGHTS ? direct ()->weights_workspace (c)
                                                  : direct ()->workspace (c, direction == DFKD_CONVOLUTION_TO_DATA, threads);
}

void
dfkd_convolution_forward (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *w, const float *bias,
                          const float *addend, float *y, void *workspace)
{
  (is_direct (c) ? direct ()->forward : dfkd_unfolded_forward) (pool, c, x, w, bias, addend, y, workspace);
}

void
dfkd_convolution_to_data (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *w, const float *addend,
                          float *dx, void *workspace)
{
  (is_direct (c) ? direct ()->to_data : dfkd_unfolded_to_data) (pool, c, dy, w, addend, dx, workspace);
}

void
dfkd_convolution_to_weights (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *dw,
                             void *workspace)
{
  (is_direct (c) ? direct ()->to_weights : dfkd_unfolded_to_weights) (pool, c, x, dy, dw, workspace);
}
