/* blas.h: OpenBLAS, loaded when it is first needed.
 *
 * It chooses its kernels while it is loaded, by a list of processors: one younger than the library gets the
 * kernels of 2004, a fifth as fast (measured: 32 against 150 GFLOP/s for 1024³ on one thread). So the choice is
 * made for it, by what the processor can do, and that must happen before loading: nothing may be linked with it. */
#pragma once

#include <cblas.h>
#include <glib.h>

G_BEGIN_DECLS

/** DfkdBlas: what of it is used. Every call runs on the calling thread alone, whichever that is. */
typedef struct {
  void (*sgemm) (enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE ta, enum CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
                 float alpha, const float *a, blasint lda, const float *b, blasint ldb, float beta, float *c, blasint ldc);
  void (*dgemm) (enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE ta, enum CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
                 double alpha, const double *a, blasint lda, const double *b, blasint ldb, double beta, double *c, blasint ldc);
  void (*set_num_threads) (int threads);
  char *(*get_config) (void);

  /* LAPACK, by Fortran's conventions: all by reference, columns one after the other, the lengths of texts last */
  void (*dsyevr) (const char *job, const char *range, const char *triangle, const blasint *n, double *a, const blasint *lda,
                  const double *above, const double *to, const blasint *first, const blasint *last, const double *tolerance,
                  blasint *found, double *values, double *vectors, const blasint *ldv, blasint *support, double *work,
                  const blasint *work_length, blasint *integers, const blasint *integers_length, blasint *info, gsize, gsize, gsize);
  void (*dgesvd) (const char *job_u, const char *job_v, const blasint *m, const blasint *n, double *a, const blasint *lda,
                  double *values, double *u, const blasint *ldu, double *vt, const blasint *ldvt, double *work,
                  const blasint *work_length, blasint *info, gsize, gsize);
} DfkdBlas;

/** dfkd_blas: loaded once, on one thread; NULL with DFKD_ERROR_DEVICE when the library is missing. LAPACK may be absent. */
const DfkdBlas *dfkd_blas (GError **error);

/** dfkd_lapack: as dfkd_blas(), and LAPACK is there. */
const DfkdBlas *dfkd_lapack (GError **error);

G_END_DECLS
