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
  gboolean fits;       /* whether the file has this network's tensors, and no others; else mean, std and class_names are not read */
  char *notice;        /* (nullable): that the network was recognised */
} DfkdModelMetadata;

/**
 * dfkd_model_metadata_read:
 * @prefix: (inout): what every tensor's name begins with: "" or "module."; longer afterwards, where the network only fits so
 * @hints: override what the file says
 *
 * Fills @metadata; what neither says is taken from the tensors (recognise.h). A network that is named and does not fit is no error
 * here: @metadata then has the sizes with which it can be shown where it differs.
 */
gboolean dfkd_model_metadata_read (DfkdModelMetadata *metadata, const DfkdTensorFile *file, const char *path, char **prefix,
                                   const DfkdModelHints *hints, GError **error);
/** dfkd_model_tell_shared_prefix: adds to a message of tensors that are missing what all names begin with, beside @prefix: a network
 * inside of another has such names. */
void dfkd_model_tell_shared_prefix (const DfkdTensorFile *file, const char *prefix, GError **error);
void dfkd_model_metadata_clear (DfkdModelMetadata *metadata);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DfkdModelMetadata, dfkd_model_metadata_clear)

G_END_DECLS
