/* blas.c: loading OpenBLAS with the right kernels. */
#include "blas-private.h"

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
  *(void **) &blas.set_num_threads = dlsym (library, "openblas_set_num_threads");
  *(void **) &blas.get_config = dlsym (library, "openblas_get_config");
  if (blas.sgemm == NULL || blas.set_num_threads == NULL || blas.get_config == NULL)
    return NULL;
  blas.set_num_threads (1); /* the pool splits the work */
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
