/* convolution.c: which path a convolution takes, and which copy of it this processor can run. */
#include "convolution-private.h"

/* one way of computing all three; all but the gradient to the weights are asked for a direction */
typedef struct {
  gboolean (*slices) (const DfkdConvolution *c, gboolean to_data);
  gsize (*packed_size) (const DfkdConvolution *c, gboolean to_data);
  void (*pack) (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *weights, float *packed);
  gsize (*workspace) (const DfkdConvolution *c, gboolean to_data, guint threads);
  void (*forward) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed, const float *bias,
                   const float *addend, float *y, void *workspace);
  void (*to_data) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed, const float *addend,
                   float *dx, void *workspace);
  gsize (*weights_workspace) (const DfkdConvolution *c, guint threads);
  void (*to_weights) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *dw, void *workspace);
} Path;

#define PATH(name, suffix)                                                                                           \
  gboolean dfkd_##name##_slices_##suffix (const DfkdConvolution *c, gboolean to_data);                               \
  gsize dfkd_##name##_packed_size_##suffix (const DfkdConvolution *c, gboolean to_data);                             \
  void dfkd_##name##_pack_##suffix (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *weights, \
                                    float *packed);                                                                  \
  gsize dfkd_##name##_workspace_##suffix (const DfkdConvolution *c, gboolean to_data, guint threads);                \
  void dfkd_##name##_forward_##suffix (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed, \
                                       const float *bias, const float *addend, float *y, void *workspace);           \
  void dfkd_##name##_to_data_##suffix (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed, \
                                       const float *addend, float *dx, void *workspace);                             \
  gsize dfkd_##name##_weights_workspace_##suffix (const DfkdConvolution *c, guint threads);                          \
  void dfkd_##name##_to_weights_##suffix (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, \
                                          float *dw, void *workspace);                                               \
  static const Path name##_##suffix = { dfkd_##name##_slices_##suffix,  dfkd_##name##_packed_size_##suffix,          \
                                        dfkd_##name##_pack_##suffix,    dfkd_##name##_workspace_##suffix,            \
                                        dfkd_##name##_forward_##suffix, dfkd_##name##_to_data_##suffix,              \
                                        dfkd_##name##_weights_workspace_##suffix, dfkd_##name##_to_weights_##suffix };
PATH (direct, base)
PATH (winograd, base)
PATH (thin, base)
#if defined(__x86_64__)
PATH (direct, avx2)
PATH (winograd, avx2)
PATH (thin, avx2)
PATH (direct, avx512)
PATH (winograd, avx512)
PATH (thin, avx512)
#endif

static gboolean
unfolded_slices (const DfkdConvolution *c, gboolean to_data)
{
  return FALSE;
}

/* products take the weights as they are */
static gsize
unfolded_packed_size (const DfkdConvolution *c, gboolean to_data)
{
  return 0;
}

static gsize
unfolded_workspace (const DfkdConvolution *c, gboolean to_data, guint threads)
{
  return dfkd_unfolded_workspace (c, FALSE, threads);
}

static gsize
unfolded_weights_workspace (const DfkdConvolution *c, guint threads)
{
  return dfkd_unfolded_workspace (c, TRUE, threads);
}

static const Path unfolded = { unfolded_slices,       unfolded_packed_size,       NULL,                   unfolded_workspace, dfkd_unfolded_forward,
                               dfkd_unfolded_to_data, unfolded_weights_workspace, dfkd_unfolded_to_weights };

/* the copies for this processor */
typedef struct {
  const Path *direct, *winograd, *thin;
  gsize lanes; /* that channels must come in for Winograd's */
} Level;

static Level
level (void)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512dq")
      && __builtin_cpu_supports ("avx512vl"))
    return (Level){ &direct_avx512, &winograd_avx512, &thin_avx512, 16 };
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return (Level){ &direct_avx2, &winograd_avx2, &thin_avx2, 8 };
#endif
  return (Level){ &direct_base, &winograd_base, &thin_base, 4 };
}

/* what the direct path is written for */
static gboolean
is_direct (const DfkdConvolution *c)
{
  return c->groups == 1 && c->dilation[0] == 1 && c->dilation[1] == 1 && c->kernel_height * c->kernel_width <= 49
         && c->stride[0] <= 4 && c->stride[1] <= 4 && c->padding[0] <= c->kernel_height && c->padding[1] <= c->kernel_width
         && c->in_channels <= 512;
}

/* 3×3, stride 1, and not much of its tiles of 4×4 outside the image, on either side */
static gboolean
is_winograd (const DfkdConvolution *c, gsize lanes)
{
  gsize covered = (c->out_height + 3) / 4 * ((c->out_width + 3) / 4) * 16;
  gsize covered_back = (c->in_height + 3) / 4 * ((c->in_width + 3) / 4) * 16;

  return c->groups == 1 && c->kernel_height == 3 && c->kernel_width == 3 && c->stride[0] == 1 && c->stride[1] == 1
         && c->dilation[0] == 1 && c->dilation[1] == 1 && c->padding[0] <= 2 && c->padding[1] <= 2 && c->in_channels % lanes == 0
         && c->out_channels % lanes == 0 && 2 * covered <= 3 * c->out_height * c->out_width
         && 2 * covered_back <= 3 * c->in_height * c->in_width;
}

/* above so many weights their gradient is better a product of unfolded images */
static const gsize MANY_WEIGHTS = 9 * 8192;

/* Every tap of the few channels of one side fits into two vectors: convolutions to few channels in either direction, and
 * the gradient to the weights whichever side has the few. */
static gboolean
is_thin (const DfkdConvolution *c, DfkdConvolutionDirection direction, gsize lanes)
{
  gsize written = direction == DFKD_CONVOLUTION_TO_DATA ? c->in_channels : c->out_channels;
  gsize read = direction == DFKD_CONVOLUTION_TO_DATA ? c->out_channels : c->in_channels, taps = c->kernel_height * c->kernel_width;
  gboolean unit = c->stride[0] == 1 && c->stride[1] == 1;

  if (c->groups != 1 || c->dilation[0] != 1 || c->dilation[1] != 1 || taps == 1 || c->padding[0] >= c->kernel_height
      || c->padding[1] >= c->kernel_width)
    return FALSE;
  if (direction == DFKD_CONVOLUTION_TO_WEIGHTS)
    return MIN (read, written) * taps <= 2 * lanes && MAX (read, written) % 8 == 0 && (unit || read <= written);
  return unit && written * taps <= 2 * lanes && read > written;
}

static const Path *
path_of (const DfkdConvolution *c, DfkdConvolutionDirection direction)
{
  Level here = level ();

  if (is_winograd (c, here.lanes))
    return here.winograd;
  if (is_thin (c, direction, here.lanes))
    return here.thin;
  if (direction == DFKD_CONVOLUTION_TO_WEIGHTS && c->groups == 1
      && c->in_channels * c->out_channels * c->kernel_height * c->kernel_width > MANY_WEIGHTS)
    return &unfolded;
  return is_direct (c) ? here.direct : &unfolded;
}

gboolean
dfkd_convolution_slices (const DfkdConvolution *c, DfkdConvolutionDirection direction)
{
  return path_of (c, direction)->slices (c, direction == DFKD_CONVOLUTION_TO_DATA);
}

gsize
dfkd_convolution_packed_size (const DfkdConvolution *c, DfkdConvolutionDirection direction)
{
  if (direction == DFKD_CONVOLUTION_TO_WEIGHTS)
    return 0;
  return path_of (c, direction)->packed_size (c, direction == DFKD_CONVOLUTION_TO_DATA);
}

void
dfkd_convolution_pack (DfkdThreadPool *pool, const DfkdConvolution *c, DfkdConvolutionDirection direction, const float *weights,
                       float *packed)
{
  path_of (c, direction)->pack (pool, c, direction == DFKD_CONVOLUTION_TO_DATA, weights, packed);
}

gsize
dfkd_convolution_workspace (const DfkdConvolution *c, DfkdConvolutionDirection direction, guint threads)
{
  const Path *path = path_of (c, direction);

  return direction == DFKD_CONVOLUTION_TO_WEIGHTS ? path->weights_workspace (c, threads)
                                                  : path->workspace (c, direction == DFKD_CONVOLUTION_TO_DATA, threads);
}

void
dfkd_convolution_forward (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed, const float *bias,
                          const float *addend, float *y, void *workspace)
{
  path_of (c, DFKD_CONVOLUTION_FORWARD)->forward (pool, c, x, packed, bias, addend, y, workspace);
}

void
dfkd_convolution_to_data (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed, const float *addend,
                          float *dx, void *workspace)
{
  path_of (c, DFKD_CONVOLUTION_TO_DATA)->to_data (pool, c, dy, packed, addend, dx, workspace);
}

void
dfkd_convolution_to_weights (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *dw,
                             void *workspace)
{
  path_of (c, DFKD_CONVOLUTION_TO_WEIGHTS)->to_weights (pool, c, x, dy, dw, workspace);
}
