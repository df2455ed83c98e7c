/* layers-private.h: the layers that the network families are written in.
 *
 * A family is one function from an input to an output. The same function describes the network (variables are
 * added as they are declared, on a scratch graph) and computes it (variables are looked up in the same order), so
 * that the two cannot differ. Declare in PyTorch's order of registration; compute in any order. */
#pragma once

#include "network.h"

G_BEGIN_DECLS

typedef enum {
  DFKD_DRAW_ZERO,
  DFKD_DRAW_NORMAL,    /* N(0, scale²) */
  DFKD_DRAW_UNIFORM,   /* U(−scale, scale) */
  DFKD_DRAW_BATCHNORM, /* row 0 one, row 1 zero */
} DfkdDrawRule;

/** DfkdDraw: how a variable of a fresh network is drawn. */
typedef struct {
  DfkdDrawRule rule;
  float scale;
} DfkdDraw;

/** DfkdInitialisation: PyTorch's default is U(±1/√fan_in), what kaiming_uniform with a = √5 comes to; all others have biases
 * of zero. */
typedef enum {
  DFKD_INITIALISE_DEFAULT,
  DFKD_INITIALISE_ZERO_BIAS,  /* weights by default */
  DFKD_INITIALISE_HE_FAN_OUT, /* N(0, 2/(KH·KW·O)) (He et al. 2015) */
  DFKD_INITIALISE_SMALL,      /* N(0, 0.01²) */
} DfkdInitialisation;

typedef struct {
  DfkdGraph *graph;
  DfkdBlock *parameters, *state;
  DfkdNetwork *describing; /* NULL while computing */
  guint next_parameter, next_state;
  DfkdMode mode;
  gboolean update_running;
  GArray *taps;
} DfkdLayers;

typedef struct {
  DfkdValue weight, bias; /* bias may be DFKD_NONE */
} DfkdWeights;

typedef struct {
  DfkdValue affine, running;
  const char *name;
} DfkdBatchNorm;

struct _DfkdNetworkRecord
{
  const char *name;
  gboolean is_generator;
  gsize least; /* height and width of images */
  /* (nullable): what else it wants of its options */
  gboolean (*check) (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error);
  DfkdForward (*build) (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                        DfkdValue input);
  gsize size[5];          /* as the family reads it */
  gboolean latent_is_map; /* a generator that reads N,nz,H/16,W/16 instead of N,nz */
};

/** dfkd_layers_convolution: weight O,I,K,K; @in: channels of a group */
DfkdWeights dfkd_layers_convolution (DfkdLayers *layers, const char *name, gsize out, gsize in, gsize kernel,
                                     gboolean bias, DfkdInitialisation initialisation);
/** dfkd_layers_linear: weight [out,in] and bias */
DfkdWeights dfkd_layers_linear (DfkdLayers *layers, const char *name, gsize out, gsize in, DfkdInitialisation initialisation);
DfkdBatchNorm dfkd_layers_batch_norm (DfkdLayers *layers, const char *name, gsize channels);

/** dfkd_apply_linear: x·Wᵀ + b */
DfkdValue dfkd_apply_linear (DfkdLayers *layers, const DfkdWeights *linear, DfkdValue x);
/** dfkd_apply_batch_norm: with its activation: @slope 1 is none, 0 ReLU, 0.2 LeakyReLU; ε = 1e-5 */
DfkdValue dfkd_apply_batch_norm (DfkdLayers *layers, const DfkdBatchNorm *norm, DfkdValue x, float slope);

/** DfkdUnit: a convolution that keeps the size (or divides it by a stride), its batch norm and its activation. */
typedef struct {
  const char *inside;             /* (nullable): what both names begin with, "layer1.0" */
  const char *convolution, *norm; /* "conv1", "bn1" */
  gsize out;
  guint kernel, stride;
  gboolean depthwise, bias;
  gboolean six;                   /* ReLU6 instead of what @slope says */
  float slope;                    /* as for dfkd_apply_batch_norm() */
  DfkdInitialisation initialisation;
} DfkdUnit;

/** dfkd_layers_unit: declares and applies both, where PyTorch registers them one after the other */
DfkdValue dfkd_layers_unit (DfkdLayers *layers, DfkdValue x, const DfkdUnit *unit);
/** dfkd_layers_classifier: what most families end with: features are x [N,C,H,W] averaged over the image */
DfkdForward dfkd_layers_classifier (DfkdLayers *layers, const char *name, gsize classes, DfkdValue x,
                                    DfkdInitialisation initialisation);
/** dfkd_layers_channels: of @x; 1 once the graph has failed, so that no layer may be there or not by it */
gsize dfkd_layers_channels (DfkdLayers *layers, DfkdValue x);

DfkdForward dfkd_wide_resnet_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                                    DfkdValue x);
DfkdForward dfkd_resnet_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                               DfkdValue x);
DfkdForward dfkd_small_resnet_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                                     DfkdValue x);
DfkdForward dfkd_vgg_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                            DfkdValue x);
DfkdForward dfkd_mobilenet_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                                  DfkdValue x);
DfkdForward dfkd_shufflenet_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                                   DfkdValue x);
gboolean dfkd_lenet_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error);
DfkdForward dfkd_lenet_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                              DfkdValue x);
gboolean dfkd_generator_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error);
DfkdForward dfkd_generator_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                                  DfkdValue x);
DfkdForward dfkd_dcgan_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                              DfkdValue x);
DfkdForward dfkd_deep_generator_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                                       DfkdValue x);

G_END_DECLS
