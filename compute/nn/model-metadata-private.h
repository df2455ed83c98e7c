/* model-metadata-private.h: what a model file says about its network beside the tensors. */
#pragma once

#include "network.h"
#include "safetensors.h"

G_BEGIN_DECLS

typedef struct {
  char *network;
  DfkdNetworkOptions options;
  float *mean, *std; /* NULL when the file does not say; else one a channel */
  double accuracy;   /* negative when the file does not say */
} DfkdModelMetadata;

/**
 * dfkd_model_metadata_read:
 * @prefix: what every tensor's name begins with: "" or "module."
 * @network: (nullable): overrides the file's name of the network
 *
 * Fills @metadata; what the file leaves out is taken from the tensors' shapes, and where those do not tell, from
 * the networks' usual 32×32 pixels.
 */
gboolean dfkd_model_metadata_read (DfkdModelMetadata *metadata, DfkdSafetensors *file, const char *path,
                                   const char *prefix, const char *network, GError **error);
void dfkd_model_metadata_clear (DfkdModelMetadata *metadata);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DfkdModelMetadata, dfkd_model_metadata_clear)

G_END_DECLS
