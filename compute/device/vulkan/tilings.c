/* tilings.c: the candidates and, where they were not measured, a guess among them. */
#include "tilings.h"

#include "tuning.h"

enum
{
  DEPTH_OF_MATRICES = 32,
  POSITIONS = 16, /* of Winograd's F(2×2, 3×3) */
};

/* Parts of 8 × 8 do four multiplications for each value read from shared memory and are the fastest where
 * there are results enough; small ones give more work groups, narrow ones waste less where channels are few. The rolled ones
 * are for devices with few registers for an invocation: Intel's compiler keeps values of 8 × 4 in memory meanwhile where the loop is unrolled,
 * and none where it is not. */
static const DfkdTiling convolution_tilings[] = {
  { 128, 128, DFKD_TILING_DEPTH, 8, 8 }, { 128, 64, DFKD_TILING_DEPTH, 8, 4 },
  { 64, 64, DFKD_TILING_DEPTH, 4, 4 },   { 128, 32, DFKD_TILING_DEPTH, 8, 4 },
  { 32, 32, DFKD_TILING_DEPTH, 4, 2 },   { 128, 16, DFKD_TILING_DEPTH, 4, 4 },
  { 128, 4, DFKD_TILING_DEPTH, 4, 1 },
  { 128, 128, DFKD_TILING_DEPTH, 8, 8, .rolled = 1 }, { 128, 64, DFKD_TILING_DEPTH, 8, 4, .rolled = 1 },
  { 128, 32, DFKD_TILING_DEPTH, 8, 4, .rolled = 1 },
};

/* parts are multiples of four on both sides */
static const DfkdTiling weights_tilings[] = {
  { 128, 128, DFKD_TILING_DEPTH, 8, 8 }, { 64, 64, DFKD_TILING_DEPTH, 4, 4 },
  { 32, 64, DFKD_TILING_DEPTH, 4, 4 },   { 16, 128, DFKD_TILING_DEPTH, 4, 4 },
  { 32, 32, DFKD_TILING_DEPTH, 4, 4 },   { 128, 128, DFKD_TILING_DEPTH, 8, 8, .rolled = 1 },
};

/* Of matrices: parts are whole matrices, the depth is that of one or more of them. */
static const DfkdTiling convolution_matrices[] = {
  { 128, 128, DEPTH_OF_MATRICES, 64, 32, DFKD_TILING_MATRICES }, { 128, 64, DEPTH_OF_MATRICES, 32, 32, DFKD_TILING_MATRICES },
  { 64, 64, DEPTH_OF_MATRICES, 32, 32, DFKD_TILING_MATRICES },   { 128, 32, DEPTH_OF_MATRICES, 32, 32, DFKD_TILING_MATRICES },
  { 64, 32, DEPTH_OF_MATRICES, 32, 16, DFKD_TILING_MATRICES },   { 32, 32, DEPTH_OF_MATRICES, 16, 16, DFKD_TILING_MATRICES },
  { 128, 16, DEPTH_OF_MATRICES, 32, 16, DFKD_TILING_MATRICES },
};

static const DfkdTiling weights_matrices[] = {
  { 128, 128, DEPTH_OF_MATRICES, 64, 32, DFKD_TILING_MATRICES }, { 64, 128, DEPTH_OF_MATRICES, 32, 32, DFKD_TILING_MATRICES },
  { 64, 64, DEPTH_OF_MATRICES, 32, 32, DFKD_TILING_MATRICES },   { 32, 128, DEPTH_OF_MATRICES, 32, 32, DFKD_TILING_MATRICES },
  { 32, 64, DEPTH_OF_MATRICES, 16, 32, DFKD_TILING_MATRICES },   { 32, 32, DEPTH_OF_MATRICES, 16, 16, DFKD_TILING_MATRICES },
  { 16, 128, DEPTH_OF_MATRICES, 16, 32, DFKD_TILING_MATRICES },
};

/* Rows are tiles of 2 × 2 pixels, the depth is input channels; 16 invocations share a part. The deeper ones wait for each
 * other less often; the fifth leaves room for more groups, the last fits the least shared memory that devices may have. */
static const DfkdTiling convolution_winograd[] = {
  { 32, 32, 8, 8, 8, DFKD_TILING_WINOGRAD }, { 32, 32, 8, 4, 4, DFKD_TILING_WINOGRAD }, { 32, 16, 8, 8, 4, DFKD_TILING_WINOGRAD },
  { 16, 32, 8, 4, 8, DFKD_TILING_WINOGRAD }, { 16, 16, 8, 4, 4, DFKD_TILING_WINOGRAD }, { 32, 32, 4, 8, 8, DFKD_TILING_WINOGRAD },
};

G_STATIC_ASSERT (G_N_ELEMENTS (convolution_winograd) <= DFKD_MAX_TILINGS);
G_STATIC_ASSERT (G_N_ELEMENTS (convolution_matrices) <= DFKD_MAX_TILINGS);
G_STATIC_ASSERT (G_N_ELEMENTS (weights_matrices) <= DFKD_MAX_TILINGS);
G_STATIC_ASSERT (G_N_ELEMENTS (convolution_tilings) <= DFKD_MAX_TILINGS);
G_STATIC_ASSERT (G_N_ELEMENTS (weights_tilings) <= DFKD_MAX_TILINGS);

/* how many parts a tile has */
static guint32
count_parts (const DfkdTiling *tiling)
{
  return tiling->rows / tiling->part_rows * (tiling->columns / tiling->part_columns);
}

guint32
dfkd_tiling_threads (DfkdVulkan *vulkan, const DfkdTiling *tiling)
{
  switch (tiling->family)
    {
    case DFKD_TILING_MATRICES:
      return count_parts (tiling) * vulkan->matrices.subgroup;
    case DFKD_TILING_WINOGRAD:
      return count_parts (tiling) * POSITIONS;
    default:
      return count_parts (tiling);
    }
}

/* bytes; rows of an odd number of fours in the convolution */
static guint32
shared_memory_of_plain (DfkdProductKind kind, const DfkdTiling *tiling)
{
  guint32 depth = kind == DFKD_PRODUCT_CONVOLUTION ? 4 * (tiling->depth / 4 | 1) : tiling->depth;

  return (tiling->rows + tiling->columns) * depth * (guint32) sizeof (float);
}

/* the same with matrices: of float16, with 16 bytes more a row, and a matrix of sums for each subgroup */
static guint32
shared_memory_of_matrices (const DfkdMatrices *m, DfkdProductKind kind, const DfkdTiling *tiling)
{
  guint32 sums = count_parts (tiling) * m->rows * m->columns * (guint32) sizeof (float), factors;

  if (kind == DFKD_PRODUCT_CONVOLUTION)
    factors = (tiling->rows + tiling->columns) * (tiling->depth + 8);
  else
    factors = (tiling->rows + tiling->columns + 2 * 8) * tiling->depth;
  return sums + factors * (guint32) sizeof (guint16);
}

static guint32
shared_memory (DfkdVulkan *vulkan, DfkdProductKind kind, const DfkdTiling *tiling)
{
  switch (tiling->family)
    {
    case DFKD_TILING_MATRICES:
      return shared_memory_of_matrices (&vulkan->matrices, kind, tiling);
    case DFKD_TILING_WINOGRAD:
      return POSITIONS * (tiling->rows + tiling->columns) * tiling->depth * (guint32) sizeof (float);
    default:
      return shared_memory_of_plain (kind, tiling);
    }
}

static gboolean
divides_matrices (const DfkdMatrices *m, const DfkdTiling *tiling)
{
  return m->rows > 0 && tiling->part_rows % m->rows == 0 && tiling->part_columns % m->columns == 0
         && tiling->depth % m->depth == 0
         && count_parts (tiling) <= m->most_subgroups;
}

static gboolean
fits (DfkdVulkan *vulkan, DfkdProductKind kind, const DfkdTiling *tiling)
{
  const VkPhysicalDeviceLimits *limits = &vulkan->properties.limits;
  guint32 threads = dfkd_tiling_threads (vulkan, tiling);

  return (tiling->family != DFKD_TILING_MATRICES || divides_matrices (&vulkan->matrices, tiling))
         && threads <= limits->maxComputeWorkGroupInvocations && threads <= limits->maxComputeWorkGroupSize[0]
         && shared_memory (vulkan, kind, tiling) <= limits->maxComputeSharedMemorySize;
}

guint
dfkd_tilings (DfkdVulkan *vulkan, DfkdProductKind kind, DfkdTilingFamily family, const DfkdTiling *tilings[DFKD_MAX_TILINGS])
{
  static const struct {
    const DfkdTiling *tilings;
    guint n;
  } tables[DFKD_N_PRODUCTS][DFKD_N_FAMILIES] = {
    [DFKD_PRODUCT_CONVOLUTION] = { [DFKD_TILING_PLAIN] = { convolution_tilings, G_N_ELEMENTS (convolution_tilings) },
                                   [DFKD_TILING_MATRICES] = { convolution_matrices, G_N_ELEMENTS (convolution_matrices) },
                                   [DFKD_TILING_WINOGRAD] = { convolution_winograd, G_N_ELEMENTS (convolution_winograd) } },
    [DFKD_PRODUCT_WEIGHTS] = { [DFKD_TILING_PLAIN] = { weights_tilings, G_N_ELEMENTS (weights_tilings) },
                               [DFKD_TILING_MATRICES] = { weights_matrices, G_N_ELEMENTS (weights_matrices) } },
  };
  guint n = 0;

  if (kind >= DFKD_N_PRODUCTS || family >= DFKD_N_FAMILIES)
    return 0;
  for (guint i = 0; i < tables[kind][family].n; i++)
    if (fits (vulkan, kind, &tables[kind][family].tilings[i]))
      tilings[n++] = &tables[kind][family].tilings[i];
  return n;
}

guint
dfkd_tilings_left (DfkdVulkan *vulkan, DfkdProductKind kind, DfkdTilingFamily family, const DfkdTiling *tilings[DFKD_MAX_TILINGS])
{
  guint n = dfkd_tilings (vulkan, kind, family, tilings), left = 0;

  for (guint i = 0; i < n; i++)
    if (!dfkd_tuning_is_rejected (vulkan, tilings[i]))
      tilings[left++] = tilings[i];
  return left;
}

static double
count_tiles (guint32 size, guint32 tile)
{
  return (double) ((size + tile - 1) / tile);
}

/* The results computed, also those beyond the edge, at what a result costs in registers and shared memory;
 * fewer groups than a GPU has room for are no faster. */
double
dfkd_tiling_guess (const DfkdProblem *problem, const DfkdTiling *tiling)
{
  const double room = 128.0;
  guint32 pixels = tiling->family == DFKD_TILING_WINOGRAD ? 4 : 1; /* of a row */
  double tiles = count_tiles (problem->rows, tiling->rows * pixels) * count_tiles (problem->columns, tiling->columns)
                 * problem->phases;
  double groups = tiles;

  if (problem->kind == DFKD_PRODUCT_WEIGHTS) /* whose depth is split into parts */
    groups *= MAX (problem->depth / (8.0 * tiling->depth), 1.0);
  return tiles * MAX (room / groups, 1.0) * tiling->rows * tiling->columns
         * (0.5 + 1.0 / tiling->part_rows + 1.0 / tiling->part_columns);
}

const DfkdTiling *
dfkd_tiling_guess_best (DfkdVulkan *vulkan, const DfkdProblem *problem)
{
  const DfkdTiling *tilings[DFKD_MAX_TILINGS], *best;
  guint n = dfkd_tilings_left (vulkan, problem->kind, problem->family, tilings);

  if (n == 0)
    n = dfkd_tilings_left (vulkan, problem->kind, DFKD_TILING_PLAIN, tilings);
  g_return_val_if_fail (n > 0, NULL);
  best = tilings[0];
  for (guint i = 1; i < n; i++)
    if (dfkd_tiling_guess (problem, tilings[i]) < dfkd_tiling_guess (problem, best))
      best = tilings[i];
  return best;
}

const DfkdTiling *
dfkd_tiling (DfkdVulkan *vulkan, const DfkdProblem *problem)
{
  const DfkdTiling *tilings[DFKD_MAX_TILINGS], *best;
  guint n = 0;

  if (vulkan->asked != NULL)
    *vulkan->asked = *problem;
  if (vulkan->trial != NULL)
    return vulkan->trial;
  if (vulkan->forced_tiling >= 0 && !vulkan->forced_matrices)
    n = dfkd_tilings (vulkan, problem->kind, problem->family, tilings);
  else if (vulkan->forced_tiling >= 0 && problem->precision == DFKD_PRECISION_FLOAT16)
    n = dfkd_tilings (vulkan, problem->kind, DFKD_TILING_MATRICES, tilings);
  if (n > 0)
    return tilings[(guint) vulkan->forced_tiling % n];
  best = dfkd_tuning_find (vulkan, problem);
  return best != NULL ? best : dfkd_tiling_guess_best (vulkan, problem);
}
