/* fuzz-safetensors.c: no bytes may crash the reader, and what it accepts it must read the same after our writer wrote it. */
#include "safetensors.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
copy_metadata (const DfkdSafetensors *file, DfkdSafetensorsWriter *writer)
{
  g_autofree const char **keys = dfkd_safetensors_metadata_keys (file);

  for (guint i = 0; keys[i] != NULL; i++)
    dfkd_safetensors_writer_add_metadata (writer, keys[i], dfkd_safetensors_metadata (file, keys[i]));
}

static void
copy_tensor (const DfkdTensorEntry *entry, DfkdSafetensorsWriter *writer)
{
  const gsize count = dfkd_tensor_entry_count (entry);
  g_autofree float *floats = g_new (float, count);
  g_autofree gint32 *integers = g_new (gint32, count);

  g_assert_true (dfkd_tensor_entry_read_float (entry, floats, count, NULL));
  dfkd_tensor_entry_read_int32 (entry, integers, count, NULL);
  dfkd_safetensors_writer_add_tensor (writer, entry->name, entry->dtype, entry->dims, entry->rank, entry->data);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size), written = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_new_from_bytes (bytes, "input", &error), again = NULL;
  g_autoptr (DfkdSafetensorsWriter) writer = NULL;

  g_assert_true ((file == NULL) == (error != NULL));
  if (file == NULL)
    return 0;
  writer = dfkd_safetensors_writer_new ();
  copy_metadata (file, writer);
  for (gsize i = 0; i < dfkd_safetensors_count (file); i++)
    copy_tensor (dfkd_safetensors_get (file, i), writer);
  written = dfkd_safetensors_writer_to_bytes (writer);
  again = dfkd_safetensors_new_from_bytes (written, "output", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dfkd_safetensors_count (again), ==, dfkd_safetensors_count (file));
  for (gsize i = 0; i < dfkd_safetensors_count (file); i++)
    {
      const DfkdTensorEntry *before = dfkd_safetensors_get (file, i);
      const DfkdTensorEntry *after = dfkd_safetensors_lookup (again, before->name);

      g_assert_cmpmem (before->data, before->bytes, after->data, after->bytes);
      g_assert_cmpmem (before->dims, before->rank * sizeof (gsize), after->dims, after->rank * sizeof (gsize));
    }
  return 0;
}
