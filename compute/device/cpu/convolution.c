/* convolution.c: which path a convolution takes, and which copy of it this processor can run. */
#include "convolution-private.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* one way of computing all three; forward and to data are told apart by to_data */
typedef struct {
  gboolean (*slices) (const DfkdConvolution *c, gboolean to_data);
  gsize (*packed_size) (const DfkdConvolution *c, gboolean to_data);
  void (*pack) (DfkdThreadPool *pool, const DfkdConvolution *c, gboolean to_data, const float *weights, float *packed);
  gsize (*workspace) (const DfkdConvolution *c, gboolean to_data, guint threads);
  void (*forward) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed, const float *bias,
                   const float *addend, float *y, void *workspace);
  void (*to_data) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed, const float *addend,
                   float *dx, void *workspace);
  /* the gradient to the weights; adds: whether it is well done in several parts */
  gboolean (*adds) (const DfkdConvolution *c);
  gsize (*sum_size) (const DfkdConvolution *c);
  gsize (*weights_workspace) (const DfkdConvolution *c);
  void (*add) (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace);
  void (*total) (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw);
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
  gboolean dfkd_##name##_adds_##suffix (const DfkdConvolution *c);                                                   \
  gsize dfkd_##name##_sum_size_##suffix (const DfkdConvolution *c);                                                  \
  gsize dfkd_##name##_weights_workspace_##suffix (const DfkdConvolution *c);                                         \
  void dfkd_##name##_add_##suffix (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, \
                                   void *workspace);                                                                 \
  void dfkd_##name##_total_##suffix (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw); \
  static const Path name##_##suffix = { dfkd_##name##_slices_##suffix,  dfkd_##name##_packed_size_##suffix,          \
                                        dfkd_##name##_pack_##suffix,    dfkd_##name##_workspace_##suffix,            \
                                        dfkd_##name##_forward_##suffix, dfkd_##name##_to_data_##suffix,              \
                                        dfkd_##name##_adds_##suffix,    dfkd_##name##_sum_size_##suffix,             \
                                        dfkd_##name##_weights_workspace_##suffix, dfkd_##name##_add_##suffix,        \
                                        dfkd_##name##_total_##suffix };
PATH (direct, base)
PATH (winograd, base)
PATH (thin, base)
PATH (depthwise, base)
#if defined(__x86_64__)
PATH (direct, avx2)
PATH (winograd, avx2)
PATH (thin, avx2)
PATH (depthwise, avx2)
PATH (direct, avx512)
PATH (winograd, avx512)
PATH (thin, avx512)
PATH (depthwise, avx512)
PATH (direct, bfloat16)
PATH (winograd, bfloat16)
PATH (tiles, amx)
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
  return dfkd_unfolded_workspace (c, threads);
}

static const Path unfolded = { unfolded_slices,         unfolded_packed_size,   NULL,
                               unfolded_workspace,      dfkd_unfolded_forward,  dfkd_unfolded_to_data,
                               dfkd_unfolded_adds,      dfkd_unfolded_sum_size, dfkd_unfolded_weights_workspace,
                               dfkd_unfolded_add,       dfkd_unfolded_total };

/* the copies for this processor */
typedef struct {
  const char *name;
  const Path *direct, *winograd, *thin, *depthwise;
  gsize lanes; /* that channels must come in for Winograd's, and be as many as for depthwise ones */
  const Path *short_direct, *short_winograd, *tiles; /* factors of 16 bits; NULL: it has none */
} Level;

/* from plain to particular */
enum {
  LEVEL_BASE,
  LEVEL_AVX2,
  LEVEL_AVX512,
  LEVEL_BFLOAT16,
  LEVEL_AMX,
};

static const Level levels[] = {
  [LEVEL_BASE] = { "base", &direct_base, &winograd_base, &thin_base, &depthwise_base, 4, NULL, NULL, NULL },
#if defined(__x86_64__)
  [LEVEL_AVX2] = { "avx2", &direct_avx2, &winograd_avx2, &thin_avx2, &depthwise_avx2, 8, NULL, NULL, NULL },
  [LEVEL_AVX512] = { "avx512", &direct_avx512, &winograd_avx512, &thin_avx512, &depthwise_avx512, 16, NULL, NULL, NULL },
  [LEVEL_BFLOAT16] = { "bfloat16", &direct_avx512, &winograd_avx512, &thin_avx512, &depthwise_avx512, 16,
                       &direct_bfloat16, &winograd_bfloat16, NULL },
  [LEVEL_AMX] = { "amx", &direct_avx512, &winograd_avx512, &thin_avx512, &depthwise_avx512, 16,
                  &direct_bfloat16, &winograd_bfloat16, &tiles_amx },
#endif
};

#if defined(__x86_64__)
/* Whether the processor has matrix tiles for bfloat16 and the system lets this process use them: their registers are so large
 * that Linux wants to be asked first (its Documentation/arch/x86/xstate.rst). */
static gboolean
has_tiles (void)
{
#ifdef __linux__
  enum {
    ARCH_REQ_XCOMP_PERM = 0x1023,
    XFEATURE_XTILE_DATA = 18,
    AMX_BF16 = 1 << 22, /* in edx of leaf 7 */
    AMX_TILE = 1 << 24,
  };
  guint a, b, c, d;

  return __get_cpuid_count (7, 0, &a, &b, &c, &d) && (d & AMX_BF16) != 0 && (d & AMX_TILE) != 0
         && syscall (SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILE_DATA) == 0;
#else
  return FALSE;
#endif
}
#endif

#if defined(__x86_64__)
/* x86-64-v3, for which a copy of the kernels is compiled: all of it, as a virtual machine may hide any part. Not every compiler knows the
 * level, or all of these, by name. */
static gboolean
has_level_3 (void)
{
  enum {
    MOVBE = 1 << 22, /* in ecx of leaf 1 */
    F16C = 1 << 29,
    LZCNT = 1 << 5, /* in ecx of leaf 0x80000001 */
  };
  guint a, b, c, d;

  if (!__builtin_cpu_supports ("avx2") || !__builtin_cpu_supports ("fma") || !__builtin_cpu_supports ("bmi") || !__builtin_cpu_supports ("bmi2"))
    return FALSE;
  return __get_cpuid (1, &a, &b, &c, &d) && (c & MOVBE) != 0 && (c & F16C) != 0 && __get_cpuid (0x80000001, &a, &b, &c, &d) && (c & LZCNT) != 0;
}
#endif

static gsize
best_level (void)
{
#if defined(__x86_64__)
  if (!has_level_3 ())
    return LEVEL_BASE;
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512dq")
      && __builtin_cpu_supports ("avx512vl") && __builtin_cpu_supports ("avx512cd"))
    return !__builtin_cpu_supports ("avx512bf16") ? LEVEL_AVX512 : !has_tiles () ? LEVEL_BFLOAT16 : LEVEL_AMX;
  return LEVEL_AVX2;
#else
  return LEVEL_BASE;
#endif
}

/* DFKD_CPU_KERNELS=base, avx2, avx512 or bfloat16 keeps to a plainer level than the processor's, for tests; other values and
 * levels that it does not have count as none. */
static const Level *
level (void)
{
  static gsize chosen; /* a pointer */

  if (g_once_init_enter (&chosen))
    {
      const char *wanted = g_getenv ("DFKD_CPU_KERNELS");
      gsize best = best_level (), i = 0;

      while (i < best && g_strcmp0 (wanted, levels[i].name) != 0)
        i++;
      g_once_init_leave (&chosen, (gsize) &levels[i]);
    }
  return (const Level *) chosen;
}

gboolean
dfkd_convolution_has_bfloat16 (void)
{
  return level ()->short_direct != NULL;
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

/* every channel by itself, in whole vectors of them; the kernel is as large as a list of taps may be long */
static gboolean
is_depthwise (const DfkdConvolution *c, gsize lanes)
{
  return c->groups > 1 && c->groups == c->in_channels && c->out_channels == c->in_channels && c->in_channels >= lanes
         && c->kernel_height <= 7 && c->kernel_width <= 7;
}

/* bytes of the images that tiles go over at a time for a gradient to weights */
static const gsize MOST_SCRATCH = 4 << 20;

/* what the tiles of a processor are written for, and enough channels to fill them half; the gradient to weights wants some
 * images of all channels in a core's cache */
static gboolean
is_tiled (const DfkdConvolution *c, DfkdConvolutionDirection direction, const Level *here)
{
  if (here->tiles == NULL || !is_direct (c) || c->in_channels < 8 || c->out_channels < 8 || is_thin (c, direction, here->lanes))
    return FALSE;
  return direction != DFKD_CONVOLUTION_TO_WEIGHTS
         || (c->padding[0] < c->kernel_height && c->padding[1] < c->kernel_width && here->tiles->weights_workspace (c) <= MOST_SCRATCH);
}

static const Path *
path_of (const DfkdConvolution *c, DfkdConvolutionDirection direction)
{
  const Level *here = level ();

  if (is_depthwise (c, here->lanes))
    return here->depthwise;
  if (c->bfloat16 && is_tiled (c, direction, here))
    return here->tiles;
  if (c->bfloat16 && is_winograd (c, here->lanes))
    return here->short_winograd;
  if (c->bfloat16 && direction != DFKD_CONVOLUTION_TO_WEIGHTS && !is_thin (c, direction, here->lanes) && is_direct (c)
      && (direction == DFKD_CONVOLUTION_FORWARD ? c->in_channels : c->out_channels) % 2 == 0)
    return here->short_direct;
  if (is_winograd (c, here->lanes))
    return here->winograd;
  if (is_thin (c, direction, here->lanes))
    return here->thin;
  if (direction == DFKD_CONVOLUTION_TO_WEIGHTS && !dfkd_unfolded_adds (c)) /* many weights */
    return &unfolded;
  return is_direct (c) ? here->direct : &unfolded;
}

/* bytes of a sum of weights: more would push out of a core's cache what is added up */
static const gsize MOST_SUM = 160 << 10;

gboolean
dfkd_convolution_slices (const DfkdConvolution *c, DfkdConvolutionDirection direction)
{
  const Path *path = path_of (c, direction);

  if (direction == DFKD_CONVOLUTION_TO_WEIGHTS)
    return path->adds (c) && path->sum_size (c) <= MOST_SUM;
  return path->slices (c, direction == DFKD_CONVOLUTION_TO_DATA);
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

  if (direction == DFKD_CONVOLUTION_TO_WEIGHTS)
    return path->weights_workspace (c) * (path->adds (c) ? threads : 1);
  return path->workspace (c, direction == DFKD_CONVOLUTION_TO_DATA, threads);
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

gsize
dfkd_convolution_parts (const DfkdConvolution *c)
{
  return path_of (c, DFKD_CONVOLUTION_TO_WEIGHTS)->adds (c) ? MIN (c->batch, (gsize) DFKD_CONVOLUTION_PARTS) : 1;
}

gsize
dfkd_convolution_sum_size (const DfkdConvolution *c)
{
  return path_of (c, DFKD_CONVOLUTION_TO_WEIGHTS)->sum_size (c);
}

void
dfkd_convolution_add (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace)
{
  path_of (c, DFKD_CONVOLUTION_TO_WEIGHTS)->add (pool, c, x, dy, sum, workspace);
}

void
dfkd_convolution_total (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw)
{
  path_of (c, DFKD_CONVOLUTION_TO_WEIGHTS)->total (pool, c, sums, n_sums, dw);
}
