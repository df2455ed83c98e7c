/* fuzz-torch-checkpoint.c: no bytes may crash the reader of checkpoints, and every tensor of what it opens can be read. */
#include "torch-checkpoint.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdTorchCheckpoint) checkpoint = dfkd_torch_checkpoint_new (bytes, "input", NULL, &error);

  g_assert_true ((checkpoint == NULL) == (error != NULL));
  for (guint i = 0; checkpoint != NULL && i < dfkd_torch_checkpoint_entries (checkpoint)->len; i++)
    {
      const DfkdTensorEntry *entry = dfkd_torch_checkpoint_entries (checkpoint)->pdata[i];
      const gsize count = dfkd_tensor_entry_count (entry);
      g_autofree float *values = g_new (float, MAX (count, 1));

      g_assert_cmpuint (entry->bytes, <=, 128 * size + (1 << 20));
      g_assert_true (dfkd_tensor_entry_read_float (entry, values, count, NULL));
    }
  return 0;
}
