/* shufflenet.c: ShuffleNetV2 of width 1 (Ma et al. 2018) for small images, as in CRD's code: a stem of one 1×1 convolution and
 * no pooling, three stages that start by halving the size (layer1.0.conv1 …, conv2, linear).
 *
 * It knows no weights, only their places. */
#include "layers-private.h"

static const struct {
  gsize out;
  guint units; /* behind the one that halves */
} stages[] = { { 116, 3 }, { 232, 7 }, { 464, 3 } };

/* channels alternate between the two halves */
static DfkdValue
mix (DfkdLayers *l, DfkdValue left, DfkdValue right)
{
  return dfkd_channel_shuffle (l->graph, dfkd_concatenate (l->graph, left, right), 2);
}

/* two branches of half the channels each, at half the size */
static DfkdValue
halving_unit (DfkdLayers *l, const char *name, DfkdValue x, gsize out)
{
  const gsize in = dfkd_layers_channels (l, x), half = out / 2;
  DfkdValue left, right;

  left = dfkd_layers_unit (l, x, &(DfkdUnit){ name, "conv1", "bn1", in, 3, 2, .depthwise = TRUE, .slope = 1.0f });
  left = dfkd_layers_unit (l, left, &(DfkdUnit){ name, "conv2", "bn2", half, 1, 1 });
  right = dfkd_layers_unit (l, x, &(DfkdUnit){ name, "conv3", "bn3", half, 1, 1 });
  right = dfkd_layers_unit (l, right, &(DfkdUnit){ name, "conv4", "bn4", half, 3, 2, .depthwise = TRUE, .slope = 1.0f });
  right = dfkd_layers_unit (l, right, &(DfkdUnit){ name, "conv5", "bn5", half, 1, 1 });
  return mix (l, left, right);
}

/* half of the channels pass as they are */
static DfkdValue
unit (DfkdLayers *l, const char *name, DfkdValue x)
{
  DfkdValue left, right;
  DfkdShape half;

  if (x == DFKD_NONE)
    return DFKD_NONE;
  half = *dfkd_graph_shape (l->graph, x);
  half.dim[1] /= 2;
  left = dfkd_crop (l->graph, x, 0, 0, 0, half);
  right = dfkd_crop (l->graph, x, half.dim[1], 0, 0, half);
  right = dfkd_layers_unit (l, right, &(DfkdUnit){ name, "conv1", "bn1", half.dim[1], 1, 1 });
  right = dfkd_layers_unit (l, right, &(DfkdUnit){ name, "conv2", "bn2", half.dim[1], 3, 1, .depthwise = TRUE, .slope = 1.0f });
  right = dfkd_layers_unit (l, right, &(DfkdUnit){ name, "conv3", "bn3", half.dim[1], 1, 1 });
  return mix (l, left, right);
}

DfkdForward
dfkd_shufflenet_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, DfkdValue x)
{
  x = dfkd_layers_unit (l, x, &(DfkdUnit){ NULL, "conv1", "bn1", 24, 1, 1 });
  for (guint stage = 0; stage < G_N_ELEMENTS (stages); stage++)
    for (guint i = 0; i <= stages[stage].units; i++)
      {
        g_autofree char *name = g_strdup_printf ("layer%u.%u", stage + 1, i);

        x = i == 0 ? halving_unit (l, name, x, stages[stage].out) : unit (l, name, x);
      }
  x = dfkd_layers_unit (l, x, &(DfkdUnit){ NULL, "conv2", "bn2", 1024, 1, 1 });
  return dfkd_layers_classifier (l, "linear", options->classes, x, DFKD_INITIALISE_DEFAULT);
}
