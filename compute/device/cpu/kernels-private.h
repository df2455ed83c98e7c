/* kernels-private.h: what a CPU kernel is given, and the table of all kernels.
 *
 * A kernel cuts its work into tasks by shape alone, never by the number of threads, so that results do not
 * depend on it. Elementwise kernels read element i before they write element i: the result may lie on an
 * operand.
 *
 * In a chain (plan.h) a kernel runs once for each slice of the batch, alone on one thread: the shapes of the step and the
 * pointers are then those of the slice. What all slices need is prepared before them, what is summed over them finished
 * after them, both for the step as a whole. Outside a chain there is one slice, the batch. */
#pragma once

#include "device-private.h"
#include "thread-pool.h"

G_BEGIN_DECLS

typedef struct {
  const DfkdStep *step;
  const void *in[DFKD_MAX_INPUTS]; /* variables that the op writes are among them */
  void *out;
  void *workspace; /* of this run of the kernel alone */
  void *shared;    /* of the step */
  const DfkdChain *chain; /* that the step belongs to, or NULL */
  gsize slice;            /* which of it */
  DfkdPrecision precision;
  DfkdThreadPool *pool;
} DfkdCall;

typedef void (*DfkdKernel) (const DfkdCall *call);

/** DfkdCpuOp: the kernels of an op; NULL for what it does not need. */
typedef struct {
  DfkdKernel run, prepare, finish;
} DfkdCpuOp;

const DfkdCpuOp *dfkd_cpu_op (DfkdOp op);

/** dfkd_cpu_workspace, dfkd_cpu_shared, dfkd_cpu_slices: what DfkdPlanner wants to know of @step; they ask the families below. */
gsize dfkd_cpu_workspace (const DfkdStep *step, gboolean alone, gpointer device);
gsize dfkd_cpu_shared (const DfkdStep *step, const DfkdChain *chain, gpointer device);
gboolean dfkd_cpu_slices (const DfkdStep *step, gpointer device);
gsize dfkd_cpu_reduction_workspace (const DfkdStep *step);
gsize dfkd_cpu_normalise_shared (const DfkdStep *step, const DfkdChain *chain);
gsize dfkd_cpu_convolution_workspace (const DfkdStep *step, DfkdPrecision precision, guint threads);
gsize dfkd_cpu_convolution_shared (const DfkdStep *step, DfkdPrecision precision, const DfkdChain *chain);
gboolean dfkd_cpu_convolution_slices (const DfkdStep *step, DfkdPrecision precision);

/* a loop compiled once for each level of the processor */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define DFKD_LEVELS __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DFKD_LEVELS
#endif

enum {
  DFKD_CHUNK = 16384, /* elements of a task of an elementwise loop */
  DFKD_HELD = 16,     /* channels whose sums over rows stay in registers: in memory each row would wait for the one before */
};

/* eight numbers, wherever they lie */
typedef float DfkdEight __attribute__ ((vector_size (32), aligned (4), may_alias));
typedef gint32 DfkdEightFlags __attribute__ ((vector_size (32), aligned (4), may_alias));
typedef double DfkdEightDoubles __attribute__ ((vector_size (64), aligned (8), may_alias));

/* the first (v = 0) or second eight of the channels that are held, and a loop over the two */
#define DFKD_EIGHT(pointer, v) (*(DfkdEight *) ((pointer) + 8 * (v)))
#define DFKD_FOR_HELD _Pragma ("GCC unroll 2") for (int v = 0; v < 2; v++)

/** dfkd_chunks: number of tasks for @count elements. */
static inline gsize
dfkd_chunks (gsize count)
{
  return (count + DFKD_CHUNK - 1) / DFKD_CHUNK;
}

/** dfkd_image_of: shape and strides of a rank-4 tensor, stored N,H,W,C. */
typedef struct {
  gsize n, c, h, w;
} DfkdImageShape;

static inline DfkdImageShape
dfkd_image_shape (const DfkdShape *shape)
{
  return (DfkdImageShape){ shape->dim[0], shape->dim[1], shape->dim[2], shape->dim[3] };
}

#define DFKD_KERNEL(name) void dfkd_cpu_##name (const DfkdCall *call)

/* kernels-elementwise.c */
DFKD_KERNEL (unary);
DFKD_KERNEL (binary);
DFKD_KERNEL (activation_gradient);
DFKD_KERNEL (fill);
DFKD_KERNEL (copy);
DFKD_KERNEL (assign);
DFKD_KERNEL (assign_if);
DFKD_KERNEL (blend);
DFKD_KERNEL (expand);
/* kernels-reduce.c */
DFKD_KERNEL (sum);
DFKD_KERNEL (channel_sum);
DFKD_KERNEL (row_sum);
DFKD_KERNEL (softmax);
DFKD_KERNEL (arg_max);
DFKD_KERNEL (one_hot);
DFKD_KERNEL (top_hit);
/* kernels-random.c */
DFKD_KERNEL (random);
DFKD_KERNEL (iota);
/* kernels-optimiser.c */
DFKD_KERNEL (adam);
DFKD_KERNEL (sgd);
DFKD_KERNEL (running_update);
/* kernels-product.c: matrices and convolutions */
DFKD_KERNEL (matrix_product);
DFKD_KERNEL (pack_weights);
DFKD_KERNEL (convolution);
DFKD_KERNEL (convolution_to_data);
DFKD_KERNEL (convolution_to_weights);
DFKD_KERNEL (convolution_to_weights_finish);
/* kernels-normalise.c */
DFKD_KERNEL (bn_statistics);
DFKD_KERNEL (bn_statistics_finish);
DFKD_KERNEL (bn_apply_prepare);
DFKD_KERNEL (bn_apply);
DFKD_KERNEL (bn_sums);
DFKD_KERNEL (bn_sums_finish);
DFKD_KERNEL (bn_statistics_gradient);
DFKD_KERNEL (channel_coefficients);
DFKD_KERNEL (channel_mix);
DFKD_KERNEL (statistics_distance);
DFKD_KERNEL (statistics_distance_gradient);
/* kernels-resample.c */
DFKD_KERNEL (max_pool);
DFKD_KERNEL (max_pool_gradient);
DFKD_KERNEL (average_pool);
DFKD_KERNEL (average_pool_gradient);
DFKD_KERNEL (spatial_mean);
DFKD_KERNEL (spatial_mean_gradient);
DFKD_KERNEL (upsample_nearest);
DFKD_KERNEL (upsample_nearest_gradient);
DFKD_KERNEL (resize_bilinear);
DFKD_KERNEL (resize_bilinear_gradient);
DFKD_KERNEL (window);
DFKD_KERNEL (concatenate);
DFKD_KERNEL (channel_shuffle);
DFKD_KERNEL (flatten);
DFKD_KERNEL (shift_flip);
DFKD_KERNEL (resized_crop);
DFKD_KERNEL (gather_images);
DFKD_KERNEL (gather_integers);
DFKD_KERNEL (gather_rows);
DFKD_KERNEL (store_images);
DFKD_KERNEL (store_rows);

G_END_DECLS
