/* model-metadata-private.h: what a model file says about its network beside the tensors, and what its tensors tell. */
#pragma once

#include "model-file.h"
#include "tensor-file.h"

G_BEGIN_DECLS

typedef struct {
  char *network;
  DfkdNetworkOptions options;
  float *mean, *std;   /* NULL when nobody says; else one a channel */
  char **class_names;  /* NULL when nobody says; else one a class */
  double accuracy;     /* negative when the file does not say */
  gboolean knows_size; /* whether somebody says how large the images are, or only one size fits */
  char *notice;        /* (nullable): that the network was recognised */
} DfkdModelMetadata;

/**
 * dfkd_model_metadata_read:
 * @prefix: what every tensor's name begins with: "" or "module."
 * @hints: override what the file says
 *
 * Fills @metadata; what neither says is taken from the tensors (recognise.h).
 */
gboolean dfkd_model_metadata_read (DfkdModelMetadata *metadata, const DfkdTensorFile *file, const char *path, const char *prefix,
                                   const DfkdModelHints *hints, GError **error);
void dfkd_model_metadata_clear (DfkdModelMetadata *metadata);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DfkdModelMetadata, dfkd_model_metadata_clear)

G_END_DECLS
