/* network.h: networks by name: which variables they have, what PyTorch calls them, and how they are computed.
 *
 * A network is a description. Its two blocks describe parameters and batch-norm state; neither gets storage
 * here: a caller allocates them or blocks made with dfkd_block_new_like(), and a forward pass takes any such
 * pair. Nothing here knows a device or a file. Sketch:
 *
 *   DfkdNetworkOptions options = { .channels = 1, .height = 32, .width = 32, .classes = 10 };
 *   DfkdNetwork *network = dfkd_network_new ("wrn16_1", &options, &error);
 *   DfkdForward f = dfkd_network_forward (network, g, parameters, state, x, DFKD_MODE_EVALUATE, FALSE, NULL);
 *
 * The networks, whose state dicts are those of the code named beside them, and the numbers that they learn for 3 channels and
 * 10 classes:
 *
 *   wrnD_W        77,850 (10_1), 175,066 (16_1), 691,674 (16_2), 563,930 (40_1), 2,243,546 (40_2), any other: ZSKT's and FastDFKD's
 *   resnet8, 20, 32, 56, 110   78,042, 272,474, 466,906, 855,770, 1,730,714: CRD's (RepDistiller)
 *   resnet8x4, 32x4            1,210,410, 7,410,730: CRD's
 *   resnet18, 34, 50           11,173,962, 21,282,122, 23,520,842: DAFL's, for small images
 *   vgg8, 11, 13, 16, 19       3,918,858, 9,231,114, 9,416,010, 14,728,266, 20,040,522: CRD's, with batch norm
 *   mobilenetv2                2,236,682: torchvision's
 *   mobilenetv2_s1             the same tensors without the first two halvings: pytorch-cifar-models' (chenyaofo), for small images
 *   shufflenetv2               1,263,278: CRD's
 *   lenet5, lenet5_half        62,006, 15,888: DAFL's
 *   generator, generator_dcgan, generator_deep: FastDFKD's and CMI's; by nz and ngf
 */
#pragma once

#include "build.h"

G_BEGIN_DECLS

/** DfkdNetworkOptions: sizes; a field that the network has no use for is ignored. */
typedef struct {
  gsize channels, height, width; /* of the images it reads, or a generator makes */
  gsize classes;                 /* classifiers */
  gsize nz, ngf;                 /* generators: length of a latent, width */
} DfkdNetworkOptions;

typedef enum {
  DFKD_HOME_PARAMETERS,
  DFKD_HOME_STATE,
  DFKD_HOME_COUNTER, /* num_batches_tracked: an int64 scalar in files, kept nowhere */
} DfkdHome;

/** DfkdNetworkTensor: one entry of PyTorch's state dict, and where its elements live. */
typedef struct {
  char *name;
  DfkdShape shape; /* as in PyTorch; rank 0 for a counter */
  DfkdHome home;
  guint variable; /* index in the block of @home */
  guint row;      /* of a [2,C] variable; 0 where the tensor is the whole variable */
} DfkdNetworkTensor;

typedef struct _DfkdNetworkRecord DfkdNetworkRecord;

typedef struct {
  DfkdNetworkRecord *record; /* private */
  char *name;
  DfkdNetworkOptions options;
  gboolean is_generator;
  DfkdBlock *parameters; /* convolutions O,I,KH,KW; linear [out,in]; biases; batch norm [2,C]: weight, bias */
  DfkdBlock *state;      /* batch norm [2,C]: running mean, running variance */
  GArray *tensors;       /* of DfkdNetworkTensor, in PyTorch's order */
  GArray *draws;         /* private: of DfkdDraw, one for each variable of parameters */
} DfkdNetwork;

/**
 * dfkd_network_new:
 *
 * Errors: DFKD_ERROR_ARGUMENT for an unknown @name (the message lists the known ones) or a size that the network
 * cannot have.
 */
DfkdNetwork *dfkd_network_new (const char *name, const DfkdNetworkOptions *options, GError **error);
void dfkd_network_free (DfkdNetwork *network);

/** dfkd_network_names: (array zero-terminated=1) (transfer none): all classifiers, or all generators. */
const char *const *dfkd_network_names (gboolean generators);

/** dfkd_network_check_classifier: whether dfkd_network_new() makes a classifier of @name. DFKD_ERROR_ARGUMENT for an unknown name and
 * for a generator's, with the classifiers that are known. */
gboolean dfkd_network_check_classifier (const char *name, GError **error);

/** dfkd_network_input_shape: of a batch of what dfkd_network_forward() reads */
DfkdShape dfkd_network_input_shape (const DfkdNetwork *network, gsize batch);

/** dfkd_network_parameter_count: numbers that are learnt; gaps of the block and running statistics do not count. */
gsize dfkd_network_parameter_count (const DfkdNetwork *network);

typedef enum {
  DFKD_MODE_EVALUATE, /* batch norm by running statistics */
  DFKD_MODE_TRAIN,    /* batch norm by the statistics of the batch */
} DfkdMode;

/** DfkdForward: of a generator, @logits are the images N,C,H,W in (0,1). */
typedef struct {
  DfkdValue logits;   /* N,classes */
  DfkdValue features; /* N,F: what the classifier reads; of a generator its last hidden layer, averaged over the image */
} DfkdForward;

/** DfkdBatchNormTap: one batch norm seen in passing; @name belongs to the network. */
typedef struct {
  DfkdValue statistics; /* [2,C] of the layer's input: mean, biased variance over N,H,W */
  DfkdValue running;    /* [2,C], the variable */
  const char *name;     /* "block1.layer.0.bn1" */
  DfkdValue input;      /* N,C,H,W: what the layer normalises */
} DfkdBatchNormTap;

/**
 * dfkd_network_forward:
 * @parameters: the network's own block or one like it
 * @state: likewise
 * @input: images N,C,H,W as the network wants them (normalised), or latents N,nz, or of generator_deep N,nz,H/16,W/16
 * @update_running: in DFKD_MODE_TRAIN, running ← 0.9·running + 0.1·batch with the unbiased variance
 * @taps: (nullable) (element-type DfkdBatchNormTap): gets one tap for each batch norm, in the order of the layers
 *
 * Errors stick to @graph: an input of the wrong shape is reported by dfkd_graph_check().
 */
DfkdForward dfkd_network_forward (const DfkdNetwork *network, DfkdGraph *graph, DfkdBlock *parameters, DfkdBlock *state,
                                  DfkdValue input, DfkdMode mode, gboolean update_running, GArray *taps);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdNetwork, dfkd_network_free)

G_END_DECLS
