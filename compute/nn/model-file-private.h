/* model-file-private.h: what reading and writing model files share. */
#pragma once

#include "model-file.h"
#include "tensor-entry.h"

G_BEGIN_DECLS

/** dfkd_model_locate: (nullable): where a tensor's elements stand on the host, in storage order; NULL for a counter */
float *dfkd_model_locate (const DfkdModel *model, const DfkdNetworkTensor *tensor);
/** dfkd_model_same_shape: whether an entry of a file has a network tensor's shape */
gboolean dfkd_model_same_shape (const DfkdTensorEntry *entry, const DfkdShape *shape);

typedef void (*DfkdMetadataFunc) (gpointer data, const char *key, const char *value);

/** dfkd_model_write_metadata: calls @add for each key of a model file, always in the same order; values are JSON text. */
void dfkd_model_write_metadata (const DfkdModel *model, DfkdMetadataFunc add, gpointer data);

G_END_DECLS
