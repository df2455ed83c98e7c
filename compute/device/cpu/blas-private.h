/* blas-private.h: OpenBLAS, loaded when the CPU is opened.
 *
 * It chooses its kernels while it is loaded, by a list of processors: one younger than the library gets the
 * kernels of 2004, a fifth as fast (measured: 32 against 150 GFLOP/s for 1024³ on one thread). So the choice is
 * made for it, by what the processor can do, and that must happen before loading. */
#pragma once

#include <cblas.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  void (*sgemm) (enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE ta, enum CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
                 float alpha, const float *a, blasint lda, const float *b, blasint ldb, float beta, float *c, blasint ldc);
  void (*set_num_threads) (int threads);
  char *(*get_config) (void);
} DfkdBlas;

/** dfkd_blas: loaded once, on one thread; NULL with DFKD_ERROR_DEVICE when the library is missing. */
const DfkdBlas *dfkd_blas (GError **error);

G_END_DECLS
