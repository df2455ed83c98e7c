/* build.h: one builder for each op (and for a few common compositions), so that networks read like formulas.
 *
 * All return DFKD_NONE when an operand is DFKD_NONE or does not fit (graph.h: errors stick). Shapes: see the
 * op table in ops.h. */
#pragma once

#include "graph.h"

G_BEGIN_DECLS

DfkdValue dfkd_fill (DfkdGraph *g, DfkdShape shape, float value);
DfkdValue dfkd_iota (DfkdGraph *g, DfkdValue counter, gsize count);
DfkdValue dfkd_random_normal (DfkdGraph *g, DfkdValue counter, DfkdShape shape, guint32 purpose);
DfkdValue dfkd_random_uniform (DfkdGraph *g, DfkdValue counter, DfkdShape shape, guint32 purpose, float low,
                               float high);
/** @range_value: F32 [1], or DFKD_NONE for the constant @range */
DfkdValue dfkd_random_integers (DfkdGraph *g, DfkdValue counter, DfkdValue range_value, DfkdShape shape,
                                guint32 purpose, guint32 range);
/** dfkd_random_distinct: @count integers in [0, @range_value), rising: one of each of @count equal parts of the range, so that none comes twice while
 * the range is not below @count, and each equally often where it is. @range_value: F32 [1], from 1 */
DfkdValue dfkd_random_distinct (DfkdGraph *g, DfkdValue counter, DfkdValue range_value, gsize count, guint32 purpose);

void dfkd_assign (DfkdGraph *g, DfkdValue variable, DfkdValue value);
void dfkd_assign_if (DfkdGraph *g, DfkdValue variable, DfkdValue value, DfkdValue flag);
void dfkd_blend (DfkdGraph *g, DfkdValue variable, DfkdValue value, DfkdValue momentum);
/** dfkd_adam: Kingma and Ba 2015, ε outside the root's bias correction as in PyTorch; @t counts from 1 */
void dfkd_adam (DfkdGraph *g, DfkdValue parameters, DfkdValue m, DfkdValue v, DfkdValue gradient, DfkdValue rate,
                DfkdValue t, float beta1, float beta2, float epsilon);
/** dfkd_sgd: buffer ← momentum·buffer + gradient + decay·p; p ← p − rate·buffer */
void dfkd_sgd (DfkdGraph *g, DfkdValue parameters, DfkdValue buffer, DfkdValue gradient, DfkdValue rate,
               DfkdValue momentum, DfkdValue decay);
void dfkd_running_update (DfkdGraph *g, DfkdValue running, DfkdValue statistics, float momentum, float unbias);
void dfkd_store_images (DfkdGraph *g, DfkdValue pool, DfkdValue images, DfkdValue counter);
void dfkd_store_rows (DfkdGraph *g, DfkdValue table, DfkdValue rows, DfkdValue counter);
void dfkd_read (DfkdGraph *g, const char *name, DfkdValue value);

DfkdValue dfkd_detach (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_affine (DfkdGraph *g, DfkdValue x, float scale, float shift);
DfkdValue dfkd_negate (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_absolute (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_sign (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_square (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_square_root (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_reciprocal (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_exponential (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_logarithm (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_relu (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_leaky_relu (DfkdGraph *g, DfkdValue x, float slope);
DfkdValue dfkd_sigmoid (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_tanh (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_clamp (DfkdGraph *g, DfkdValue x, float low, float high);
DfkdValue dfkd_relu6 (DfkdGraph *g, DfkdValue x);

DfkdValue dfkd_add (DfkdGraph *g, DfkdValue a, DfkdValue b);
DfkdValue dfkd_subtract (DfkdGraph *g, DfkdValue a, DfkdValue b);
DfkdValue dfkd_multiply (DfkdGraph *g, DfkdValue a, DfkdValue b);
DfkdValue dfkd_divide (DfkdGraph *g, DfkdValue a, DfkdValue b);
DfkdValue dfkd_less (DfkdGraph *g, DfkdValue a, DfkdValue b);
DfkdValue dfkd_equal (DfkdGraph *g, DfkdValue a, DfkdValue b);

DfkdValue dfkd_sum (DfkdGraph *g, DfkdValue x, float scale);
DfkdValue dfkd_mean (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_channel_sum (DfkdGraph *g, DfkdValue x, float scale);
DfkdValue dfkd_row_sum (DfkdGraph *g, DfkdValue x, float scale);
DfkdValue dfkd_norm (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_expand (DfkdGraph *g, DfkdValue x, DfkdShape shape);

DfkdValue dfkd_softmax (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_log_softmax (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_arg_max (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_one_hot (DfkdGraph *g, DfkdValue labels, gsize classes);
DfkdValue dfkd_top_hit (DfkdGraph *g, DfkdValue logits, DfkdValue labels, guint k);

DfkdValue dfkd_matrix_product (DfkdGraph *g, DfkdValue a, DfkdValue b, DfkdValue bias, gboolean transpose_a,
                               gboolean transpose_b);
DfkdValue dfkd_convolution (DfkdGraph *g, DfkdValue x, DfkdValue weight, DfkdValue bias, DfkdValue addend,
                            guint stride, guint padding, guint dilation, guint groups);
/** dfkd_convolution_transposed: the adjoint of a convolution, PyTorch's ConvTranspose2d: N,C,H,W with @weight C,O,K,K to
 * N,O,(H−1)·stride − 2·padding + K,… */
DfkdValue dfkd_convolution_transposed (DfkdGraph *g, DfkdValue x, DfkdValue weight, guint stride, guint padding);

DfkdValue dfkd_bn_statistics (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_bn_apply (DfkdGraph *g, DfkdValue x, DfkdValue statistics, DfkdValue affine, float epsilon,
                         float slope);
DfkdValue dfkd_statistics_distance (DfkdGraph *g, DfkdValue batch, DfkdValue running, DfkdValue average,
                                    DfkdValue momentum);

DfkdValue dfkd_max_pool (DfkdGraph *g, DfkdValue x, guint kernel, guint stride, guint padding);
DfkdValue dfkd_average_pool (DfkdGraph *g, DfkdValue x, guint kernel, guint stride, guint padding);
DfkdValue dfkd_spatial_mean (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_upsample_nearest (DfkdGraph *g, DfkdValue x, guint factor);
DfkdValue dfkd_resize_bilinear (DfkdGraph *g, DfkdValue x, gsize height, gsize width);
DfkdValue dfkd_crop (DfkdGraph *g, DfkdValue x, gsize channel, gsize row, gsize column, DfkdShape shape);
DfkdValue dfkd_pad (DfkdGraph *g, DfkdValue x, gsize channel, gsize row, gsize column, DfkdShape shape);
DfkdValue dfkd_concatenate (DfkdGraph *g, DfkdValue a, DfkdValue b);
/** dfkd_channel_shuffle: channel j·C/g + k moves to k·g + j, for @groups g (Zhang et al. 2018) */
DfkdValue dfkd_channel_shuffle (DfkdGraph *g, DfkdValue x, guint groups);
DfkdValue dfkd_flatten (DfkdGraph *g, DfkdValue x);
DfkdValue dfkd_unflatten (DfkdGraph *g, DfkdValue x, gsize channels, gsize height, gsize width);
/** dfkd_reshape: the same numbers in the order of storage; neither shape of rank 4, which is stored channels-last */
DfkdValue dfkd_reshape (DfkdGraph *g, DfkdValue x, DfkdShape shape);
/** dfkd_row: row @index of x [R,C] as a vector [C] */
DfkdValue dfkd_row (DfkdGraph *g, DfkdValue x, gsize index);
/** dfkd_stack: the inverse: @count vectors [C] as [count,C] */
DfkdValue dfkd_stack (DfkdGraph *g, const DfkdValue *rows, gsize count);

/** dfkd_shift_flip: out[y,x] = in[y + oy + origin, x' + ox + origin], x' = x or, flipped, W−1−x; outside the
 * image zeros, or with @wrap the opposite side. A padded crop has @origin = −padding, a roll by s offset −s. */
DfkdValue dfkd_shift_flip (DfkdGraph *g, DfkdValue x, DfkdValue offset, DfkdValue flip, gint origin, gboolean wrap);
/** dfkd_resized_crop: each box is cut out and resized bilinearly to x's size, then mirrored where flip ≠ 0 */
DfkdValue dfkd_resized_crop (DfkdGraph *g, DfkdValue x, DfkdValue box, DfkdValue flip);

DfkdValue dfkd_gather_images (DfkdGraph *g, DfkdValue pool, DfkdValue index);
DfkdValue dfkd_gather_integers (DfkdGraph *g, DfkdValue table, DfkdValue index);
DfkdValue dfkd_gather_rows (DfkdGraph *g, DfkdValue table, DfkdValue index);

G_END_DECLS
