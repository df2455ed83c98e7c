/* tilings.h: how the shared-memory kernels of real GPUs cut a product into tiles, and which cut a problem
 * gets.
 *
 * Knows products and limits, not ops; the sizes are specialisation constants of shared.glsl. */
#pragma once

#include "vulkan-private.h"

G_BEGIN_DECLS

typedef enum
{
  DFKD_PRODUCT_CONVOLUTION, /* convolution-shared.comp: pixels × output channels */
  DFKD_PRODUCT_WEIGHTS,     /* convolution-to-weights-shared.comp: output channels × weights of one */
  DFKD_N_PRODUCTS,
} DfkdProductKind;

/** DfkdTilingFamily: all tilings of a family add in the same order, those of two families do not. */
typedef enum
{
  DFKD_TILING_PLAIN,
  DFKD_TILING_MATRICES, /* by cooperative matrices: float16 alone */
  DFKD_TILING_WINOGRAD, /* convolution-winograd.comp: rows are tiles of 2 × 2 pixels; float32 alone */
  DFKD_N_FAMILIES,
} DfkdTilingFamily;

/** DfkdTiling: a work group computes @rows × @columns results, @depth terms at a time; an invocation
 * @part_rows × @part_columns of them, or a subgroup does, by cooperative matrices; by Winograd's algorithm 16 invocations do. */
typedef struct _DfkdTiling
{
  guint32 rows, columns, depth, part_rows, part_columns;
  guint32 family; /* DfkdTilingFamily */
  guint32 rolled; /* 1: the loop along the depth is not unrolled */
} DfkdTiling;

enum
{
  DFKD_MAX_TILINGS = 12,
  DFKD_TILING_DEPTH = 16, /* of every plain tiling, so that all of them add in the same order */
  DFKD_PROBLEM_WORDS = 20,
};

/** DfkdProblem: what decides how fast a tiling is. */
typedef struct _DfkdProblem
{
  guint32 kind;                 /* DfkdProductKind */
  guint32 precision;            /* DfkdPrecision */
  guint32 family;               /* DFKD_TILING_PLAIN or, by its shapes, DFKD_TILING_WINOGRAD; those of matrices are tried besides */
  guint32 rows, columns, depth; /* of the product; of one phase where there are several */
  guint32 phases;
  guint32 geometry[DFKD_PROBLEM_WORDS]; /* whatever else tells two problems apart */
} DfkdProblem;

guint32 dfkd_tiling_threads (DfkdVulkan *vulkan, const DfkdTiling *tiling);

/**
 * dfkd_tilings:
 * @tilings: (out) (array): filled with the tilings of @family that the device's limits allow
 *
 * Returns: how many there are; 0: the device cannot run these kernels, or there are none
 */
guint dfkd_tilings (DfkdVulkan *vulkan, DfkdProductKind kind, DfkdTilingFamily family, const DfkdTiling *tilings[DFKD_MAX_TILINGS]);

/** dfkd_tilings_left: the same without those that were rejected */
guint dfkd_tilings_left (DfkdVulkan *vulkan, DfkdProductKind kind, DfkdTilingFamily family, const DfkdTiling *tilings[DFKD_MAX_TILINGS]);

/** dfkd_tiling_guess: time in arbitrary units */
double dfkd_tiling_guess (const DfkdProblem *problem, const DfkdTiling *tiling);

/** dfkd_tiling_guess_best: of the problem's own family; a plain one where none of that is left */
const DfkdTiling *dfkd_tiling_guess_best (DfkdVulkan *vulkan, const DfkdProblem *problem);

/** dfkd_tiling: the tiling for @problem: one of matrices only where it was tried, and found to be right. */
const DfkdTiling *dfkd_tiling (DfkdVulkan *vulkan, const DfkdProblem *problem);

G_END_DECLS
