/* ops.h: the op table: everything a step graph can be made of, one row an op.
 *
 * A row holds name, arity, shape rule, gradient rule and cost. A new op is one line in DFKD_OPS, its rules
 * in op-rules.c, one CPU kernel, one shader with its dispatch, and its cases in tests/. Words used below:
 * *rows* N·H·W and *channels* C of a tensor (dfkd_shape_rows); a second operand b broadcasts as
 *   same (equal shapes), scalar (one element), channel (vector [C]) or row (a's shape with C = 1). */
#pragma once

#include "tensor.h"

G_BEGIN_DECLS

/* X (ENUM, "name", fewest inputs, most inputs, variables written: the first inputs) */
#define DFKD_OPS(X)                                                                                                  \
  /* sources */                                                                                                      \
  X (VARIABLE, "variable", 0, 0, 0)                                                                                  \
  X (DIAL, "dial", 0, 0, 0)                                                                                          \
  X (FILL, "fill", 0, 0, 0)                         /* constant attributes.fill.value */                             \
  X (IOTA, "iota", 1, 1, 0)                         /* counter → I32 [n]: counter[3] + i */                          \
  X (RANDOM_NORMAL, "random-normal", 1, 1, 0)       /* counter → N(0,1) */                                           \
  X (RANDOM_UNIFORM, "random-uniform", 1, 1, 0)     /* counter → U(low, high] */                                     \
  X (RANDOM_INTEGER, "random-integer", 1, 2, 0)     /* counter, optional F32 [1] range → I32 in [0, range) */        \
  /* writing variables; they have no result */                                                                      \
  X (ASSIGN, "assign", 2, 2, 1)                     /* variable ← value */                                           \
  X (ASSIGN_IF, "assign-if", 3, 3, 1)               /* variable ← value where flag [1] ≠ 0 */                        \
  X (BLEND, "blend", 3, 3, 1)                       /* variable ← m·variable + (1−m)·value, m [1] */                 \
  X (ADAM, "adam", 6, 6, 3)                         /* parameters, m, v | gradient, rate [1], t [1] */               \
  X (SGD, "sgd", 6, 6, 2)                           /* parameters, buffer | gradient, rate, momentum, decay */       \
  X (RUNNING_UPDATE, "running-update", 2, 2, 1)     /* running [2,C] | batch statistics [2,C] */                     \
  X (STORE_IMAGES, "store-images", 3, 3, 1)         /* U8 pool | images in [0,1], counter: from image counter[3] */  \
  X (STORE_ROWS, "store-rows", 3, 3, 1)             /* F32 table [P,D] | rows [N,D], counter: from row counter[3] */  \
  X (READ, "read", 1, 1, 0)                         /* to the host */                                                \
  /* elementwise, one operand */                                                                                     \
  X (DETACH, "detach", 1, 1, 0)                     /* the same storage; gradients stop */                           \
  X (AFFINE, "affine", 1, 1, 0)                     /* scale·x + shift, constants */                                 \
  X (ABSOLUTE, "absolute", 1, 1, 0)                                                                                  \
  X (SIGN, "sign", 1, 1, 0)                                                                                          \
  X (SQUARE, "square", 1, 1, 0)                                                                                      \
  X (SQUARE_ROOT, "square-root", 1, 1, 0)                                                                            \
  X (RECIPROCAL, "reciprocal", 1, 1, 0)                                                                              \
  X (EXPONENTIAL, "exponential", 1, 1, 0)                                                                            \
  X (LOGARITHM, "logarithm", 1, 1, 0)                                                                                \
  X (LEAKY_RELU, "leaky-relu", 1, 1, 0)             /* x > 0 ? x : slope·x; slope 0 is ReLU */                       \
  X (SIGMOID, "sigmoid", 1, 1, 0)                                                                                    \
  X (TANH, "tanh", 1, 1, 0)                                                                                          \
  X (CLAMP, "clamp", 1, 1, 0)                       /* to [low, high]; [0, 6] is ReLU6 */                            \
  /* elementwise, two operands; b broadcasts in the first six */                                                     \
  X (ADD, "add", 2, 2, 0)                                                                                            \
  X (SUBTRACT, "subtract", 2, 2, 0)                                                                                  \
  X (MULTIPLY, "multiply", 2, 2, 0)                                                                                  \
  X (DIVIDE, "divide", 2, 2, 0)                                                                                      \
  X (LESS, "less", 2, 2, 0)                         /* a < b ? 1 : 0 */                                              \
  X (EQUAL, "equal", 2, 2, 0)                       /* I32 or F32 → F32 */                                           \
  X (LEAKY_RELU_GRADIENT, "leaky-relu-gradient", 2, 2, 0) /* dy, y */                                                \
  X (SIGMOID_GRADIENT, "sigmoid-gradient", 2, 2, 0)       /* dy, y */                                                \
  X (TANH_GRADIENT, "tanh-gradient", 2, 2, 0)             /* dy, y */                                                \
  X (CLAMP_GRADIENT, "clamp-gradient", 2, 2, 0)           /* dy, x: dy where low < x < high */                       \
  /* reductions and their adjoint; each result is multiplied by attributes.reduce.scale */                           \
  X (SUM, "sum", 1, 1, 0)                           /* all → [1] */                                                  \
  X (CHANNEL_SUM, "channel-sum", 1, 1, 0)           /* over rows → [C] */                                            \
  X (ROW_SUM, "row-sum", 1, 1, 0)                   /* over channels → shape with C = 1 */                           \
  X (NORM, "norm", 1, 1, 0)                         /* Euclidean norm of all → [1] */                                \
  X (EXPAND, "expand", 1, 1, 0)                     /* scalar, channel or row → attributes.expand.shape */           \
  /* per row over channels */                                                                                        \
  X (SOFTMAX, "softmax", 1, 1, 0)                                                                                    \
  X (LOG_SOFTMAX, "log-softmax", 1, 1, 0)                                                                            \
  X (ARG_MAX, "arg-max", 1, 1, 0)                   /* → I32, C = 1; the first of equals */                          \
  X (ONE_HOT, "one-hot", 1, 1, 0)                   /* I32 [N] or C = 1 → F32 with C classes */                      \
  X (TOP_HIT, "top-hit", 2, 2, 0)                   /* logits, I32 labels → 1 where the label is among the best k */ \
  /* matrices and convolutions */                                                                                    \
  X (MATRIX_PRODUCT, "matrix-product", 2, 3, 0)     /* op(a)·op(b) + optional bias [n] */                            \
  X (CONVOLUTION, "convolution", 2, 4, 0)           /* x, weight O,I/g,KH,KW, optional bias [O], optional addend */  \
  X (CONVOLUTION_TO_DATA, "convolution-to-data", 2, 3, 0)  /* dy, weight, optional addend → dx */                    \
  X (CONVOLUTION_TO_WEIGHTS, "convolution-to-weights", 2, 2, 0) /* x, dy → dweight */                                \
  /* batch normalisation; statistics are [2,C] = mean, biased variance; affine is [2,C] = weight, bias */            \
  X (BN_STATISTICS, "bn-statistics", 1, 1, 0)                                                                        \
  X (BN_APPLY, "bn-apply", 3, 3, 0)                 /* x, statistics, affine → act((x−μ)/√(σ²+ε)·γ + β) */           \
  X (BN_SUMS, "bn-sums", 4, 4, 0)                   /* dy, y, x, statistics → [Σ dy'·x̂, Σ dy'] = d affine */         \
  X (BN_STATISTICS_GRADIENT, "bn-statistics-gradient", 3, 3, 0) /* sums, statistics, affine → d statistics */        \
  X (CHANNEL_COEFFICIENTS, "channel-coefficients", 4, 4, 0)                                                          \
  /* statistics+affine or none, d statistics+batch statistics or none → [3,C]: s = γ/√(σ²+ε), a = 2·dσ²/M,           \
     b = dμ/M − a·μ */                                                                                               \
  X (CHANNEL_MIX, "channel-mix", 5, 5, 0)           /* dy, y, x, coefficients, addend, most optional:                \
                                                       s·act'(y)·dy + a·x + b + addend */                            \
  X (STATISTICS_DISTANCE, "statistics-distance", 4, 4, 0)                                                            \
  /* batch, running, average [2,C], m [1] → [1]: with s = (1−m)·batch + m·average, ‖Δσ²‖₂ + ‖Δμ‖₂ */                 \
  X (STATISTICS_DISTANCE_GRADIENT, "statistics-distance-gradient", 5, 5, 0) /* dloss [1], then the same → [2,C] */   \
  /* pooling, resampling, cutting */                                                                                 \
  X (MAX_POOL, "max-pool", 1, 1, 0)                                                                                  \
  X (MAX_POOL_GRADIENT, "max-pool-gradient", 3, 3, 0)     /* dy, x, y; the first maximum of a window gets dy */      \
  X (AVERAGE_POOL, "average-pool", 1, 1, 0)               /* padding counts as zeros */                              \
  X (AVERAGE_POOL_GRADIENT, "average-pool-gradient", 1, 1, 0)                                                        \
  X (SPATIAL_MEAN, "spatial-mean", 1, 1, 0)               /* N,C,H,W → N,C */                                        \
  X (SPATIAL_MEAN_GRADIENT, "spatial-mean-gradient", 1, 1, 0)                                                        \
  X (UPSAMPLE_NEAREST, "upsample-nearest", 1, 1, 0)       /* by a whole factor */                                    \
  X (UPSAMPLE_NEAREST_GRADIENT, "upsample-nearest-gradient", 1, 1, 0)                                                \
  X (RESIZE_BILINEAR, "resize-bilinear", 1, 1, 0)         /* half-pixel centres, edges repeated */                   \
  X (RESIZE_BILINEAR_GRADIENT, "resize-bilinear-gradient", 1, 1, 0)                                                  \
  X (CROP, "crop", 1, 1, 0)                               /* channels, rows and columns from an origin */            \
  X (PAD, "pad", 1, 1, 0)                                 /* its adjoint: zeros around */                            \
  X (CONCATENATE, "concatenate", 2, 2, 0)                 /* along channels */                                       \
  X (CHANNEL_SHUFFLE, "channel-shuffle", 1, 1, 0)         /* channels as [groups, C/groups], transposed */           \
  X (FLATTEN, "flatten", 1, 1, 0)                         /* N,C,H,W → N,(C·H·W) in C,H,W order */                   \
  X (UNFLATTEN, "unflatten", 1, 1, 0)                     /* the inverse */                                          \
  X (RESHAPE, "reshape", 1, 1, 0)                         /* the same storage by another shape of rank 1 to 3 */     \
  /* augmentation: every image by its own draw */                                                                    \
  X (SHIFT_FLIP, "shift-flip", 3, 3, 0) /* x, I32 offset [N or 1, 2] = (oy, ox), I32 flip [N or 1] */                \
  X (SHIFT_FLIP_GRADIENT, "shift-flip-gradient", 3, 3, 0)                                                            \
  X (RESIZED_CROP, "resized-crop", 3, 3, 0) /* x, F32 box [N,4] = y, x, height, width in pixels, I32 flip [N] */     \
  X (RESIZED_CROP_GRADIENT, "resized-crop-gradient", 3, 3, 0)                                                        \
  /* tables */                                                                                                       \
  X (GATHER_IMAGES, "gather-images", 2, 2, 0)     /* U8 pool [P,C,H,W], I32 index [N] → F32 / 255 */                 \
  X (GATHER_INTEGERS, "gather-integers", 2, 2, 0) /* I32 table [P], I32 index [N] → I32 [N] */         \
  X (GATHER_ROWS, "gather-rows", 2, 2, 0)         /* F32 table [P,D], I32 index [N] → F32 [N,D] */

typedef enum {
#define DFKD_OP_ENUM(ENUM, name, fewest, most, writes) DFKD_OP_##ENUM,
  DFKD_OPS (DFKD_OP_ENUM)
#undef DFKD_OP_ENUM
      DFKD_N_OPS
} DfkdOp;

typedef struct {
  gsize kernel[2], input[2]; /* TO_WEIGHTS: height, width of the kernel. TO_DATA: height, width of x */
  guint stride[2], padding[2], dilation[2], groups;
} DfkdConvolutionAttributes;

/** DfkdAttributes: constants of a node, by op. Zero where unused, so that nodes compare by memcmp. */
typedef union {
  DfkdConvolutionAttributes convolution;
  struct {
    guint kernel, stride, padding;
    gsize input[2]; /* AVERAGE_POOL_GRADIENT: height, width of x */
  } pool;
  struct {
    float value;
    DfkdShape shape;
  } fill; /* FILL, IOTA, RANDOM_…, EXPAND, UNFLATTEN, RESHAPE: the result's shape */
  struct {
    float low, high;    /* UNIFORM */
    DfkdShape shape;
    guint32 purpose, range; /* INTEGER: the range when no input gives it */
    gboolean distinct;      /* INTEGER: element i of n is drawn from the i-th of n equal parts of the range */
  } random;
  struct {
    DfkdShape shape;
    gsize origin[3]; /* channel, row, column */
  } window; /* CROP, PAD */
  struct {
    float scale, shift;
  } affine;
  struct {
    float low, high;
  } clamp;
  struct {
    float slope, epsilon;
    float count; /* CHANNEL_COEFFICIENTS: M = N·H·W */
  } norm;        /* LEAKY_RELU, its gradient, BN_…, CHANNEL_MIX */
  struct {
    float scale;
  } reduce;
  struct {
    float momentum, unbias; /* running ← (1−momentum)·running + momentum·(mean, unbias·variance) */
  } running;
  struct {
    float beta1, beta2, epsilon;
  } adam;
  struct {
    gboolean transpose_a, transpose_b;
    guint gradients; /* bit i: operand i is a gradient, and so may be small */
  } product;
  struct {
    guint k;       /* TOP_HIT; READ: index of the read-back slot */
    gsize classes; /* ONE_HOT */
  } rows;
  struct {
    gsize output[2]; /* RESIZE_BILINEAR: result; its gradient: x; SPATIAL_MEAN_GRADIENT: x */
    guint factor;    /* UPSAMPLE_NEAREST and gradient */
  } resize;
  struct {
    guint groups;
  } shuffle; /* CHANNEL_SHUFFLE */
  struct {
    gboolean wrap;  /* roll instead of zeros */
    gint origin[2]; /* added to every offset: minus the padding for a padded crop */
  } shift;
} DfkdAttributes;

typedef struct {
  const char *name;
  guint fewest, most, writes;
} DfkdOpRecord;

const DfkdOpRecord *dfkd_op (DfkdOp op);

G_END_DECLS
