/* model-file.h: a network with its weights on the host, read from safetensors files and from what torch.save writes, and written
 * to safetensors files.
 *
 * A file holds PyTorch's state dict: its names, shapes and order, convolutions O,I,KH,KW. The metadata of a safetensors file,
 * each value JSON text, say what the tensors cannot: `network`, `classes`, `input_shape` [C,H,W], `mean`, `std`, `accuracy`
 * (percent), `class_names` (a list), and of a generator `nz` and `ngf`. Of files without them the tensors tell the network and most sizes (recognise.h);
 * what they cannot tell is assumed, and the model says so. */
#pragma once

#include "device.h"
#include "network.h"

G_BEGIN_DECLS

typedef struct {
  DfkdNetwork *network;
  float *parameters, *state; /* storage order, network->parameters->bytes and network->state->bytes */
  float *mean, *std;         /* [channels]: what the network expects to be done to images in [0,1] */
  double accuracy;           /* percent on the test data it was measured on; negative when unknown */
  gboolean knows_mean, knows_std; /* whether the file or the caller said it; else it is 0, or 1 */
  gboolean assumes_size;     /* whether nobody said how large its images are, and another size would fit its weights as well */
  char **class_names;        /* (nullable) (array zero-terminated=1): one a class */
  char *notice;              /* (nullable): what was chosen or assumed on reading, for the user: sentences */
} DfkdModel;

/** DfkdModelHints: what the caller knows better than a file; NULL and 0 are nothing. */
typedef struct {
  const char *network;
  const char *part;             /* which state dict of a PyTorch checkpoint, see torch-checkpoint.h */
  const char *mean, *std;       /* channel-values.h; "" is nothing too */
  const char *class_names;      /* class-names.h; likewise */
  gsize classes, height, width;
  gboolean of_teacher;          /* a recipe says so: messages name its options, as in --teacher-mean */
} DfkdModelHints;

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
 * @path: a safetensors file or a PyTorch checkpoint, by its content; names may all begin with "module." (nn.DataParallel) and the
 * like
 * @network: (nullable): the network's name; overrides the file's
 *
 * Errors: DFKD_ERROR_FILE and DFKD_ERROR_FORMAT from reading and for a network that is not known, DFKD_ERROR_ARGUMENT for an
 * unknown name or a wrong hint, DFKD_ERROR_SHAPE for a missing, extra or misshapen tensor, DFKD_ERROR_NUMBER for a weight that is
 * not finite; each names the file and the tensor.
 */
DfkdModel *dfkd_model_load (const char *path, const char *network, GError **error);
/** dfkd_model_load_hinted: @hints: (nullable) */
DfkdModel *dfkd_model_load_hinted (const char *path, const DfkdModelHints *hints, GError **error);
/** dfkd_model_load_bytes: likewise from memory; @name stands for the file in messages. */
DfkdModel *dfkd_model_load_bytes (GBytes *bytes, const char *name, const DfkdModelHints *hints, GError **error);

/** dfkd_model_save: the same model gives the same bytes, with num_batches_tracked for load_state_dict(strict=True). */
gboolean dfkd_model_save (const DfkdModel *model, const char *path, GError **error);

/** dfkd_model_upload: writes the weights into blocks like the network's own, which must have storage. */
gboolean dfkd_model_upload (const DfkdModel *model, DfkdDevice *device, DfkdBlock *parameters, DfkdBlock *state,
                            GError **error);
/** dfkd_model_place: gives the network's own blocks storage on @device, with the weights. */
gboolean dfkd_model_place (DfkdModel *model, DfkdDevice *device, GError **error);
/** dfkd_model_download: the inverse of dfkd_model_upload(). */
gboolean dfkd_model_download (DfkdModel *model, DfkdDevice *device, DfkdBlock *parameters, DfkdBlock *state,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdModel, dfkd_model_free)

G_END_DECLS
