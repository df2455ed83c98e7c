/* fuzz-idx.c: no bytes may crash the IDX reader or make it return anything but what its header promises. */
#include "idx.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdIdx) idx = dfkd_idx_read_bytes (bytes, "input", &error);
  gsize product = 1;
  volatile guint8 sum = 0;

  g_assert_true ((idx == NULL) == (error != NULL));
  if (idx == NULL)
    return 0;
  for (guint i = 0; i < idx->rank; i++)
    product *= idx->dims[i];
  g_assert_cmpuint (product, ==, idx->bytes);
  for (gsize i = 0; i < idx->bytes; i++)
    sum = (guint8) (sum + idx->data[i]);
  return 0;
}
