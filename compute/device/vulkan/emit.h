/* emit.h: from a step of a plan to the dispatches that compute it: one emit function an op (family).
 *
 * Beside each stands what scratch memory it wants. Emit functions know shaders and shapes, and neither
 * command buffers nor barriers. */
#pragma once

#include "recorder.h"

G_BEGIN_DECLS

typedef void (*DfkdEmit) (DfkdVulkanRecorder *recorder, const DfkdStep *step);
typedef gsize (*DfkdEmitWorkspace) (DfkdVulkan *vulkan, const DfkdStep *step);

/** dfkd_vulkan_emit: records @step. */
void dfkd_vulkan_emit (DfkdVulkanRecorder *recorder, const DfkdStep *step);

/* emit-elementwise.c */
void dfkd_emit_fill (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_iota (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_random (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_unary (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_binary (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_expand (DfkdVulkanRecorder *r, const DfkdStep *step);

/* emit-variables.c */
void dfkd_emit_assign (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_assign_if (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_blend (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_adam (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_sgd (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_running_update (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_store_images (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_store_rows (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_read (DfkdVulkanRecorder *r, const DfkdStep *step);

/* emit-reduce.c */
void dfkd_emit_sum (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_row_sum (DfkdVulkanRecorder *r, const DfkdStep *step);
gsize dfkd_sum_workspace (DfkdVulkan *vulkan, const DfkdStep *step);
void dfkd_emit_softmax (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_arg_max (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_one_hot (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_top_hit (DfkdVulkanRecorder *r, const DfkdStep *step);

/**
 * dfkd_emit_column_sums: @out [columns] ← post (@scale · Σ over rows of pre (@in [rows, columns])), in an
 *   order that depends on the shape alone; @workspace has dfkd_column_sums_workspace() bytes
 * @square: pre squares
 * @root: post takes the square root
 */
void dfkd_emit_column_sums (DfkdVulkanRecorder *r, const DfkdPlace *in, gsize rows, gsize columns,
                            const DfkdPlace *out, const DfkdPlace *workspace, float scale, gboolean square,
                            gboolean root);
gsize dfkd_column_sums_workspace (DfkdVulkan *vulkan, gsize rows, gsize columns);

/** dfkd_lanes: how many columns an invocation of a shader of lanes.glsl takes: 4, or 1 where that does not
 * fit. */
gsize dfkd_lanes (gsize columns);

/** dfkd_partial_rows: into how many interleaved parts a reduction over @rows × @columns is split; 1: none. */
gsize dfkd_partial_rows (gsize rows, gsize columns);

/* emit-group.c: reductions on real GPUs; @columns and @channels count single ones */
void dfkd_emit_column_sums_group (DfkdVulkanRecorder *r, const DfkdPlace *in, gsize rows, gsize columns,
                                  const DfkdPlace *out, const DfkdPlace *workspace, float scale,
                                  gboolean square, gboolean root);
gsize dfkd_column_sums_group_workspace (DfkdVulkan *vulkan, gsize rows, gsize columns);
void dfkd_emit_bn_statistics_group (DfkdVulkanRecorder *r, const DfkdStep *step, gsize rows, gsize channels);
gsize dfkd_bn_statistics_group_workspace (DfkdVulkan *vulkan, gsize rows, gsize channels);
void dfkd_emit_bn_sums_group (DfkdVulkanRecorder *r, const DfkdStep *step, gsize rows, gsize channels);
gsize dfkd_bn_sums_group_workspace (DfkdVulkan *vulkan, gsize rows, gsize channels);
/** dfkd_begin_rows_group: begins a dispatch of several invocations a row, dfkd_end_rows_group() ends it. */
void dfkd_begin_rows_group (DfkdVulkanRecorder *r, const char *shader, gsize channels);
void dfkd_end_rows_group (DfkdVulkanRecorder *r, gsize rows, gsize channels);

/* emit-tile.c */

/** DfkdTile: a convolution in general: result pixel p reads pixels (p·step + origin + k·dilation) / up where
 * that is whole: with @up the input is first spread out by it (a gradient to the data). Pairs are height and
 * width. */
typedef struct
{
  gsize batch, in_channels, in[2], out_channels, out[2], kernel[2];
  guint step[2], up[2], dilation[2];
  gint origin[2];
  guint gradients; /* 1: x is a gradient, 2: w */
} DfkdTile;

/** DfkdEpilogue: what a kernel of epilogue.glsl does to its result; each place may be NULL. With @statistics and @affine it
 * normalises, and then there is no @bias; else it may activate by @slope. */
typedef struct
{
  const DfkdPlace *bias, *addend, *statistics, *affine;
  gboolean activates;
  float epsilon, slope;
} DfkdEpilogue;

/** dfkd_dispatch_epilogue: the constant; then, behind two operands, those of epilogue.glsl, the last of which is @y; then,
 * behind all others, its push constants. */
void dfkd_dispatch_epilogue_constant (DfkdVulkanRecorder *r, const DfkdEpilogue *epilogue);
void dfkd_dispatch_epilogue_operands (DfkdVulkanRecorder *r, const DfkdEpilogue *epilogue, const DfkdPlace *y);
void dfkd_dispatch_epilogue_push (DfkdVulkanRecorder *r, const DfkdEpilogue *epilogue);

/** dfkd_emit_tile: @w is out × kernel × in. */
void dfkd_emit_tile (DfkdVulkanRecorder *r, const DfkdTile *tile, const DfkdPlace *x, const DfkdPlace *w,
                     const DfkdEpilogue *epilogue, const DfkdPlace *y);

/* emit-shared.c: the same for real GPUs */
void dfkd_emit_shared (DfkdVulkanRecorder *r, const DfkdTile *tile, const DfkdPlace *x, const DfkdPlace *w,
                       const DfkdEpilogue *epilogue, const DfkdPlace *y);
/** dfkd_dispatch_begin_tiling: begins a dispatch of a shader of shared.glsl, with the constants of that. */
void dfkd_dispatch_begin_tiling (DfkdVulkanRecorder *r, const char *shader, const struct _DfkdTiling *tiling);
/** dfkd_emit_weights_shared: the gradient to the weights without groups */
void dfkd_emit_weights_shared (DfkdVulkanRecorder *r, const DfkdStep *step);
gsize dfkd_weights_shared_workspace (DfkdVulkan *vulkan, const DfkdStep *step);

/* emit-winograd.c */

/** dfkd_winograd_suits: whether @tile is computed by Winograd's algorithm: a question of shapes, precision and device, never
 * of time, since that adds in another order. */
gboolean dfkd_winograd_suits (const DfkdVulkanRecorder *r, const DfkdTile *tile);
void dfkd_emit_winograd (DfkdVulkanRecorder *r, const DfkdTile *tile, const struct _DfkdTiling *tiling, const DfkdPlace *x,
                         const DfkdPlace *w, const DfkdEpilogue *epilogue, const DfkdPlace *y);

/* emit-product.c, emit-convolution.c */
gsize dfkd_matrix_product_workspace (DfkdVulkan *vulkan, const DfkdStep *step);
void dfkd_emit_matrix_product (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_convolution (DfkdVulkanRecorder *r, const DfkdStep *step);
/** dfkd_convolution_fuses: as DfkdPlanner.fuses: a batch norm by statistics that are known, or (leaky) ReLU */
gboolean dfkd_convolution_fuses (const DfkdStep *step, const DfkdStep *next);
void dfkd_emit_convolution_to_data (DfkdVulkanRecorder *r, const DfkdStep *step);
gsize dfkd_convolution_to_data_workspace (DfkdVulkan *vulkan, const DfkdStep *step);
void dfkd_emit_convolution_to_weights (DfkdVulkanRecorder *r, const DfkdStep *step);
gsize dfkd_convolution_to_weights_workspace (DfkdVulkan *vulkan, const DfkdStep *step);

/* emit-normalise.c */
void dfkd_emit_bn_statistics (DfkdVulkanRecorder *r, const DfkdStep *step);
gsize dfkd_bn_statistics_workspace (DfkdVulkan *vulkan, const DfkdStep *step);
void dfkd_emit_bn_apply (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_bn_sums (DfkdVulkanRecorder *r, const DfkdStep *step);
gsize dfkd_bn_sums_workspace (DfkdVulkan *vulkan, const DfkdStep *step);
void dfkd_emit_bn_statistics_gradient (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_channel_coefficients (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_channel_mix (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_statistics_distance (DfkdVulkanRecorder *r, const DfkdStep *step);

/* emit-resample.c */
void dfkd_emit_max_pool (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_average_pool (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_spatial_mean (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_upsample (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_resize (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_window (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_concatenate (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_channel_shuffle (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_flatten (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_shift_flip (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_resized_crop (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_gather_images (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_gather_integers (DfkdVulkanRecorder *r, const DfkdStep *step);
void dfkd_emit_gather_rows (DfkdVulkanRecorder *r, const DfkdStep *step);

G_END_DECLS
