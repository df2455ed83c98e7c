/* model-file-private.h: what reading and writing model files share. */
#pragma once

#include "model-file.h"
#include "tensor-entry.h"

G_BEGIN_DECLS

/** dfkd_model_locate: (nullable): where a tensor's elements stand on the host, in storage order; NULL for a counter */
float *dfkd_model_locate (const DfkdModel *model, const DfkdNetworkTensor *tensor);
/** dfkd_model_same_shape: whether an entry of a file has a network tensor's shape */
gboolean dfkd_model_same_shape (const DfkdTensorEntry *entry, const DfkdShape *shape);

G_END_DECLS
