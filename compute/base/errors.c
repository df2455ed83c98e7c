/* errors.c: the error domain's quark and overflow-checked sizes. */
#include "errors.h"

G_DEFINE_QUARK (dfkd-error-quark, dfkd_error)

gboolean
dfkd_size_multiply (gsize a, gsize b, gsize *product)
{
  return !__builtin_mul_overflow (a, b, product);
}
