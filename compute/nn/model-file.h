/* model-file.h: a network with its weights on the host, read from and written to safetensors files.
 *
 * A file holds PyTorch's state dict: its names, shapes and order, convolutions O,I,KH,KW. Its metadata, each value
 * JSON text, say what the tensors cannot: `network`, `classes`, `input_shape` [C,H,W], `mean`, `std`, `accuracy`
 * (percent), and of a generator `nz` and `ngf`. Files without them are read as far as the tensors tell. */
#pragma once

#include "device.h"
#include "network.h"

G_BEGIN_DECLS

typedef struct {
  DfkdNetwork *network;
  float *parameters, *state; /* storage order, network->parameters->bytes and network->state->bytes */
  float *mean, *std;         /* [channels]: what the network expects to be done to images in [0,1] */
  double accuracy;           /* percent on the test data it was measured on; negative when unknown */
} DfkdModel;

/**
 * dfkd_model_new:
 * @network: copied
 * @mean: (nullable) (array): one a channel; NULL: 0
 * @std: (nullable) (array): one a channel; NULL: 1
 *
 * Returns: (transfer full): a model whose weights are all zero
 */
DfkdModel *dfkd_model_new (const DfkdNetwork *network, const float *mean, const float *std);
void dfkd_model_free (DfkdModel *model);

/**
 * dfkd_model_load:
 * @path: a safetensors file; names may all begin with "module." (nn.DataParallel)
 * @network: (nullable): the network's name, for files that do not say it; overrides the file's
 *
 * Errors: DFKD_ERROR_FILE and DFKD_ERROR_FORMAT from reading, DFKD_ERROR_ARGUMENT for an unknown network,
 * DFKD_ERROR_SHAPE for a missing, extra or misshapen tensor, DFKD_ERROR_NUMBER for a weight that is not finite;
 * each names the file and the tensor.
 */
DfkdModel *dfkd_model_load (const char *path, const char *network, GError **error);
/** dfkd_model_load_bytes: likewise from memory; @name stands for the file in messages. */
DfkdModel *dfkd_model_load_bytes (GBytes *bytes, const char *name, const char *network, GError **error);

/** dfkd_model_save: the same model gives the same bytes, with num_batches_tracked for load_state_dict(strict=True). */
gboolean dfkd_model_save (const DfkdModel *model, const char *path, GError **error);

/** dfkd_model_upload: writes the weights into blocks like the network's own, which must have storage. */
gboolean dfkd_model_upload (const DfkdModel *model, DfkdDevice *device, DfkdBlock *parameters, DfkdBlock *state,
                            GError **error);
/** dfkd_model_download: the inverse. */
gboolean dfkd_model_download (DfkdModel *model, DfkdDevice *device, DfkdBlock *parameters, DfkdBlock *state,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdModel, dfkd_model_free)

G_END_DECLS
