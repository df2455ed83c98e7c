/* mobilenet.c: MobileNetV2 (Sandler et al. 2018) with the names and numbers of torchvision, which FastDFKD uses as it is:
 * features.0 …, features.1.conv.0.0 …, classifier.1. Five of its layers halve the size; in pytorch-cifar-models' form for small
 * images the first two of them do not, which no tensor tells.
 *
 * torchvision drops a fifth of the features while it trains; here none is dropped. It knows no weights, only their places. */
#include "layers-private.h"

/* the paper's table 2: expansion, channels, blocks, stride of the first; that of HALVING is the record's */
static const struct {
  guint expansion;
  gsize out;
  guint count, stride;
} stages[] = {
  { 1, 16, 1, 1 }, { 6, 24, 2, 2 }, { 6, 32, 3, 2 }, { 6, 64, 4, 2 }, { 6, 96, 3, 1 }, { 6, 160, 3, 2 }, { 6, 320, 1, 1 },
};

enum {
  HALVING = 1,
};

static const DfkdInitialisation HE = DFKD_INITIALISE_HE_FAN_OUT;

/* an inverted residual: 1×1 to more channels unless that is none more, 3×3 in each by itself, 1×1 back and no activation */
static DfkdValue
inverted_residual (DfkdLayers *l, const char *name, DfkdValue x, guint expansion, gsize out, guint stride)
{
  static const char *const names[2][4] = { { "conv.0.0", "conv.0.1", "conv.1", "conv.2" },
                                           { "conv.1.0", "conv.1.1", "conv.2", "conv.3" } };
  const gsize in = dfkd_layers_channels (l, x), wide = in * expansion;
  const char *const *rest = names[expansion != 1];
  DfkdValue y = x;

  if (expansion != 1)
    y = dfkd_layers_unit (l, y, &(DfkdUnit){ name, "conv.0.0", "conv.0.1", wide, 1, 1, .six = TRUE, .initialisation = HE });
  y = dfkd_layers_unit (l, y, &(DfkdUnit){ name, rest[0], rest[1], wide, 3, stride, .depthwise = TRUE, .six = TRUE,
                                           .initialisation = HE });
  y = dfkd_layers_unit (l, y, &(DfkdUnit){ name, rest[2], rest[3], out, 1, 1, .slope = 1.0f, .initialisation = HE });
  return stride == 1 && in == out ? dfkd_add (l->graph, x, y) : y;
}

DfkdForward
dfkd_mobilenet_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, DfkdValue x)
{
  guint index = 1;

  x = dfkd_layers_unit (l, x, &(DfkdUnit){ "features.0", "0", "1", 32, 3, (guint) record->size[0], .six = TRUE, .initialisation = HE });
  for (guint stage = 0; stage < G_N_ELEMENTS (stages); stage++)
    for (guint i = 0; i < stages[stage].count; i++)
      {
        g_autofree char *name = g_strdup_printf ("features.%u", index++);
        const guint stride = stage == HALVING ? (guint) record->size[1] : stages[stage].stride;

        x = inverted_residual (l, name, x, stages[stage].expansion, stages[stage].out, i == 0 ? stride : 1);
      }
  x = dfkd_layers_unit (l, x, &(DfkdUnit){ "features.18", "0", "1", 1280, 1, 1, .six = TRUE, .initialisation = HE });
  return dfkd_layers_classifier (l, "classifier.1", options->classes, x, DFKD_INITIALISE_SMALL);
}
