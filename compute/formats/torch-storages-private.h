/* torch-storages-private.h: where a checkpoint keeps the numbers of its tensors, in either of its formats. */
#pragma once

#include "pickle.h"

G_BEGIN_DECLS

/** DfkdTorchStorages: an open checkpoint: what its pickle says, and the bytes that it speaks of. */
typedef struct _DfkdTorchStorages DfkdTorchStorages;

/** dfkd_torch_storages_are: whether @bytes begin as either format does */
gboolean dfkd_torch_storages_are (GBytes *bytes);
DfkdTorchStorages *dfkd_torch_storages_open (GBytes *bytes, const char *name, GError **error);
void dfkd_torch_storages_free (DfkdTorchStorages *storages);

const DfkdPickleValue *dfkd_torch_storages_root (const DfkdTorchStorages *storages);
/**
 * dfkd_torch_storages_get: (nullable) (transfer none): the bytes of @storage, at least as many as it claims, read and
 * checked once
 *
 * Errors: DFKD_ERROR_FORMAT when they are missing, too few, or damaged
 */
GBytes *dfkd_torch_storages_get (DfkdTorchStorages *storages, const DfkdPickleStorage *storage, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdTorchStorages, dfkd_torch_storages_free)

G_END_DECLS
