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
} DfkdConvolution;

typedef enum {
  DFKD_CONVOLUTION_FORWARD,
  DFKD_CONVOLUTION_TO_DATA,
  DFKD_CONVOLUTION_TO_WEIGHTS,
} DfkdConvolutionDirection;

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
void dfkd_convolution_to_weights (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *dw,
                                  void *workspace);

gsize dfkd_unfolded_workspace (const DfkdConvolution *c, gboolean to_weights, guint threads);
void dfkd_unfolded_forward (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *w,
                            const float *bias, const float *addend, float *y, void *workspace);
void dfkd_unfolded_to_data (DfkdThreadPool *pool, const DfkdConvolution *c, const float *dy, const float *w,
                            const float *addend, float *dx, void *workspace);
void dfkd_unfolded_to_weights (DfkdThreadPool *pool, const DfkdConvolution *c, const float *x, const float *dy, float *dw,
                               void *workspace);

G_END_DECLS
