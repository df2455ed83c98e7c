/* block-file.h: blocks of a device in files, byte for byte, so that what uses them goes on as it was. */
#pragma once

#include "device.h"
#include "safetensors.h"

G_BEGIN_DECLS

/** dfkd_block_keep: adds what is in @block as a tensor of bytes. @name: of the tensor */
gboolean dfkd_block_keep (DfkdBlock *block, DfkdDevice *device, DfkdSafetensorsWriter *writer, const char *name, GError **error);
/** dfkd_block_recall: the inverse. DFKD_ERROR_SHAPE when there is no such tensor or it has another size; @path is for the message */
gboolean dfkd_block_recall (DfkdBlock *block, DfkdDevice *device, const DfkdSafetensors *file, const char *name, const char *path, GError **error);

G_END_DECLS
