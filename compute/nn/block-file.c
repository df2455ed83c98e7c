/* block-file.c: blocks as tensors of bytes. */
#include "block-file.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

gboolean
dfkd_block_keep (DfkdBlock *block, DfkdDevice *device, DfkdSafetensorsWriter *writer, const char *name, GError **error)
{
  g_autofree guint8 *data = g_malloc (MAX (block->bytes, 1));

  if (block->bytes > 0 && !dfkd_device_read (device, block, 0, data, block->bytes, error))
    return FALSE;
  dfkd_safetensors_writer_take_tensor (writer, name, DFKD_DTYPE_U8, &block->bytes, 1, g_steal_pointer (&data));
  return TRUE;
}

gboolean
dfkd_block_recall (DfkdBlock *block, DfkdDevice *device, const DfkdSafetensors *file, const char *name, const char *path, GError **error)
{
  const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, name);

  if (entry == NULL || entry->bytes != block->bytes)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s does not fit what it was kept for (%s); it cannot be resumed"), path, name);
      return FALSE;
    }
  return block->bytes == 0 || dfkd_device_write (device, block, 0, entry->data, entry->bytes, error);
}
