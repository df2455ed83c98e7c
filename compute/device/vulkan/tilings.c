/* tilings.c: the candidates and, where they were not measured, a guess among them. */
#include "tilings.h"

#include "tuning.h"

/* Parts of 8 × 8 do four multiplications for each value read from shared memory and are the fastest where
 * there are results enough; small ones give more work groups, narrow ones waste less where channels are few.
 */
static const DfkdTiling convolution_tilings[] = {
  { 128, 128, DFKD_TILING_DEPTH, 8, 8 }, { 128, 64, DFKD_TILING_DEPTH, 8, 4 },
  { 64, 64, DFKD_TILING_DEPTH, 4, 4 },   { 128, 32, DFKD_TILING_DEPTH, 8, 4 },
  { 32, 32, DFKD_TILING_DEPTH, 4, 2 },   { 128, 16, DFKD_TILING_DEPTH, 4, 4 },
  { 128, 4, DFKD_TILING_DEPTH, 4, 1 },
};

/* parts are multiples of four on both sides */
static const DfkdTiling weights_tilings[] = {
  { 128, 128, DFKD_TILING_DEPTH, 8, 8 }, { 64, 64, DFKD_TILING_DEPTH, 4, 4 },
  { 32, 64, DFKD_TILING_DEPTH, 4, 4 },   { 16, 128, DFKD_TILING_DEPTH, 4, 4 },
  { 32, 32, DFKD_TILING_DEPTH, 4, 4 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (convolution_tilings) <= DFKD_MAX_TILINGS);
G_STATIC_ASSERT (G_N_ELEMENTS (weights_tilings) <= DFKD_MAX_TILINGS);

guint32
dfkd_tiling_threads (const DfkdTiling *tiling)
{
  return tiling->rows / tiling->part_rows * (tiling->columns / tiling->part_columns);
}

/* bytes; rows of an odd number of fours in the convolution */
static guint32
shared_memory (DfkdProductKind kind, const DfkdTiling *tiling)
{
  guint32 depth = kind == DFKD_PRODUCT_CONVOLUTION ? 4 * (tiling->depth / 4 | 1) : tiling->depth;

  return (tiling->rows + tiling->columns) * depth * (guint32) sizeof (float);
}

static gboolean
fits (DfkdVulkan *vulkan, DfkdProductKind kind, const DfkdTiling *tiling)
{
  const VkPhysicalDeviceLimits *limits = &vulkan->properties.limits;
  guint32 threads = dfkd_tiling_threads (tiling);

  return threads <= limits->maxComputeWorkGroupInvocations && threads <= limits->maxComputeWorkGroupSize[0]
         && shared_memory (kind, tiling) <= limits->maxComputeSharedMemorySize;
}

guint
dfkd_tilings (DfkdVulkan *vulkan, DfkdProductKind kind, const DfkdTiling *tilings[DFKD_MAX_TILINGS])
{
  const DfkdTiling *all = kind == DFKD_PRODUCT_CONVOLUTION ? convolution_tilings : weights_tilings;
  guint n_all = kind == DFKD_PRODUCT_CONVOLUTION ? G_N_ELEMENTS (convolution_tilings)
                                                 : G_N_ELEMENTS (weights_tilings),
        n = 0;

  for (guint i = 0; i < n_all; i++)
    if (fits (vulkan, kind, &all[i]))
      tilings[n++] = &all[i];
  return n;
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
  double tiles = count_tiles (problem->rows, tiling->rows) * count_tiles (problem->columns, tiling->columns)
                 * problem->phases;
  double groups = tiles;

  if (problem->kind == DFKD_PRODUCT_WEIGHTS) /* whose depth is split into parts */
    groups *= MAX (problem->depth / (8.0 * tiling->depth), 1.0);
  return tiles * MAX (room / groups, 1.0) * tiling->rows * tiling->columns
         * (0.5 + 1.0 / tiling->part_rows + 1.0 / tiling->part_columns);
}

const DfkdTiling *
dfkd_tiling (DfkdVulkan *vulkan, const DfkdProblem *problem)
{
  const DfkdTiling *tilings[DFKD_MAX_TILINGS], *best;
  guint n = dfkd_tilings (vulkan, problem->kind, tilings);

  g_return_val_if_fail (n > 0, NULL);
  if (vulkan->asked != NULL)
    *vulkan->asked = *problem;
  if (vulkan->trial != NULL)
    return vulkan->trial;
  if (vulkan->forced_tiling >= 0)
    return tilings[(guint) vulkan->forced_tiling % n];
  if ((best = dfkd_tuning_find (vulkan, problem)) != NULL)
    return best;
  best = tilings[0];
  for (guint i = 1; i < n; i++)
    if (dfkd_tiling_guess (problem, tilings[i]) < dfkd_tiling_guess (problem, best))
      best = tilings[i];
  return best;
}
