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

/** DfkdInitialisation: PyTorch's default is U(±1/√fan_in), what kaiming_uniform with a = √5 comes to. */
typedef enum {
  DFKD_INITIALISE_DEFAULT,
  DFKD_INITIALISE_HE_FAN_OUT, /* N(0, 2/(KH·KW·O)), biases zero (He et al. 2015) */
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
  gboolean (*check) (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error);
  DfkdForward (*build) (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                        DfkdValue input);
  gsize size[4]; /* as the family reads it */
};

/** dfkd_layers_convolution: weight O,I,K,K. @initialisation covers the weight; a bias is drawn by PyTorch's default. */
DfkdWeights dfkd_layers_convolution (DfkdLayers *layers, const char *name, gsize out, gsize in, gsize kernel,
                                     gboolean bias, DfkdInitialisation initialisation);
/** dfkd_layers_linear: weight [out,in] and bias; @zero_bias: the bias starts at zero */
DfkdWeights dfkd_layers_linear (DfkdLayers *layers, const char *name, gsize out, gsize in, gboolean zero_bias);
DfkdBatchNorm dfkd_layers_batch_norm (DfkdLayers *layers, const char *name, gsize channels);

/** dfkd_apply_linear: x·Wᵀ + b */
DfkdValue dfkd_apply_linear (DfkdLayers *layers, const DfkdWeights *linear, DfkdValue x);
/** dfkd_apply_batch_norm: with its activation: @slope 1 is none, 0 ReLU, 0.2 LeakyReLU; ε = 1e-5 */
DfkdValue dfkd_apply_batch_norm (DfkdLayers *layers, const DfkdBatchNorm *norm, DfkdValue x, float slope);

gboolean dfkd_wide_resnet_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error);
DfkdForward dfkd_wide_resnet_build (DfkdLayers *layers, const DfkdNetworkRecord *record,
                                    const DfkdNetworkOptions *options, DfkdValue x);
gboolean dfkd_resnet_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error);
DfkdForward dfkd_resnet_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                               DfkdValue x);
gboolean dfkd_lenet_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error);
DfkdForward dfkd_lenet_build (DfkdLayers *layers, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options,
                              DfkdValue x);
gboolean dfkd_generator_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error);
DfkdForward dfkd_generator_build (DfkdLayers *layers, const DfkdNetworkRecord *record,
                                  const DfkdNetworkOptions *options, DfkdValue z);

G_END_DECLS
