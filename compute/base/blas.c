/* blas.c: loading OpenBLAS with the right kernels. */
#include "blas.h"

#include "errors.h"

#include <dlfcn.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>

static const char LIBRARY[] = "libopenblas.so.0";

/* before main(), while nobody else can be reading the environment */
__attribute__ ((constructor)) static void
choose_kernels (void)
{
#if defined(__x86_64__)
  const char *core = NULL;

  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512dq")
      && __builtin_cpu_supports ("avx512vl"))
    core = "SkylakeX";
  else if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    core = "Haswell";
  if (core != NULL)
    setenv ("OPENBLAS_CORETYPE", core, 0); /* a user's own choice stands */
#endif
}

static gpointer
load (gpointer data)
{
  static DfkdBlas blas;
  void *library;

  library = dlopen (LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL)
    return NULL;
  *(void **) &blas.sgemm = dlsym (library, "cblas_sgemm");
  *(void **) &blas.dgemm = dlsym (library, "cblas_dgemm");
  *(void **) &blas.set_num_threads = dlsym (library, "openblas_set_num_threads");
  *(void **) &blas.get_config = dlsym (library, "openblas_get_config");
  *(void **) &blas.dsyevr = dlsym (library, "dsyevr_");
  *(void **) &blas.dgesvd = dlsym (library, "dgesvd_");
  if (blas.sgemm == NULL || blas.dgemm == NULL || blas.set_num_threads == NULL || blas.get_config == NULL)
    return NULL;
  blas.set_num_threads (1); /* pools split the work */
  return &blas;
}

const DfkdBlas *
dfkd_blas (GError **error)
{
  static GOnce once = G_ONCE_INIT;
  const DfkdBlas *blas = g_once (&once, load, NULL);

  if (blas == NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _("the library %s cannot be loaded; install OpenBLAS (Debian: libopenblas0)"), LIBRARY);
  return blas;
}

const DfkdBlas *
dfkd_lapack (GError **error)
{
  const DfkdBlas *blas = dfkd_blas (error);

  if (blas == NULL || (blas->dsyevr != NULL && blas->dgesvd != NULL))
    return blas;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _("the library %s was built without LAPACK; install Debian's libopenblas0 or one like it"),
               LIBRARY);
  return NULL;
}
