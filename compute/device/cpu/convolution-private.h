/* convolution-private.h: convolutions on plain pointers, channels last. Weights are O,KH,KW,I/groups.
 *
 * dfkd_convolution_…() pick the fastest path for a shape; dfkd_unfolded_…() is the path for every shape. Results
 * depend on shapes alone, never on the number of threads. */
#pragma once

#include "thread-pool.h"

G_BEGIN_DECLS

typedef struct {
  gsize batch, in_channels, in_height, in_width, out_channels, out_height, out_width, kernel_height, kernel_width;
  guint stride[2], padding[2], dilation[2], groups;
  gboolean bfloat16; /* factors are rounded to 16 bits where a path can; needs dfkd_convolution_has_bfloat16() */
} DfkdConvolution;

typedef enum {
  DFKD_CONVOLUTION_FORWARD,
  DFKD_CONVOLUTION_TO_DATA,
  DFKD_CONVOLUTION_TO_WEIGHTS,
} DfkdConvolutionDirection;

gboolean dfkd_convolution_has_bfloat16 (void);

/** dfkd_convolution_slices: whether a part of the batch goes as well as all of it, image for image. */
gboolean dfkd_convolution_slices (const DfkdConvolution *c, DfkdConvolutionDirection direction);

/** dfkd_convolution_packed_size: bytes of the weights as forward and to_data want them; 0: as they are. Whatever the batch. */
gsize dfkd_convolution_packed_size (const DfkdConvolution *c, DfkdConvolutionDirection direction);
void dfkd_convolution_pack (DfkdThreadPool *pool, const DfkdConvolution *c, DfkdConvolutionDirection direction, const float *weights,
                            float *packed);

gsize dfkd_convolution_workspace (const DfkdConvolution *c, DfkdConvolutionDirection direction, guint threads);

/** @packed: the weights, packed if a size is told; @bias [O] and @addend (of y's shape) are nullable */
void dfkd_convolution_forward (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *packed,
                               const float *bias, const float *addend, float *y, void *workspace);
void dfkd_convolution_to_data (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *packed,
                               const float *addend, float *dx, void *workspace);

/* The gradient to the weights is a sum over the batch: parts of it may be added up apart, each on one thread, and put together
 * at the end. Where that is no good there is one part, and dfkd_convolution_add() uses all of the pool. */
enum {
  DFKD_CONVOLUTION_PARTS = 16,
};
gsize dfkd_convolution_parts (const DfkdConvolution *c);
/** dfkd_convolution_sum_size: bytes of the sum over a part; 0: it is the gradient itself. */
gsize dfkd_convolution_sum_size (const DfkdConvolution *c);
/** dfkd_convolution_add: @c->batch images into @sum, which is written afresh; pool: NULL where there are several parts */
void dfkd_convolution_add (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace);
/** dfkd_convolution_total: one sum after the other; uses them up */
void dfkd_convolution_total (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw);

gsize dfkd_unfolded_workspace (const DfkdConvolution *c, guint threads);
void dfkd_unfolded_forward (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *w,
                            const float *bias, const float *addend, float *y, void *workspace);
void dfkd_unfolded_to_data (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *w,
                            const float *addend, float *dx, void *workspace);
/** dfkd_unfolded_adds: whether parts of the batch are added up apart; not where there are many weights, of which several sums are too much: there the
 * gradient is better a product of unfolded images than what else there is */
gboolean dfkd_unfolded_adds (const DfkdConvolution *c);
gsize dfkd_unfolded_sum_size (const DfkdConvolution *c);
gsize dfkd_unfolded_weights_workspace (const DfkdConvolution *c);
void dfkd_unfolded_add (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *sum, void *workspace);
void dfkd_unfolded_total (DfkdThreadPool *pool, const DfkdConvolution *c, float *sums, gsize n_sums, float *dw);

G_END_DECLS
