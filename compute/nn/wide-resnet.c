/* wide-resnet.c: wide residual networks for small images (Zagoruyko and Komodakis 2016), pre-activation form.
 *
 * Names and arithmetic are those of FastDFKD's published models: three groups block1..3 of `depth` basic blocks,
 * widths 16·w, 32·w, 64·w, strides 1, 2, 2. It knows no weights, only their places. */
#include "layers-private.h"

enum {
  DEPTH, /* of record->size */
  WIDEN,
};

/* A widening block's shortcut starts after bn1 and ReLU, any other block's at its input. */
static DfkdValue
basic_block (DfkdLayers *l, const char *name, DfkdValue x, gsize in, gsize out, guint stride)
{
  g_autofree char *bn1_name = g_strconcat (name, ".bn1", NULL), *conv1_name = g_strconcat (name, ".conv1", NULL);
  g_autofree char *bn2_name = g_strconcat (name, ".bn2", NULL), *conv2_name = g_strconcat (name, ".conv2", NULL);
  g_autofree char *shortcut_name = g_strconcat (name, ".convShortcut", NULL);
  DfkdBatchNorm bn1 = dfkd_layers_batch_norm (l, bn1_name, in);
  DfkdWeights conv1 = dfkd_layers_convolution (l, conv1_name, out, in, 3, FALSE, DFKD_INITIALISE_HE_FAN_OUT);
  DfkdBatchNorm bn2 = dfkd_layers_batch_norm (l, bn2_name, out);
  DfkdWeights conv2 = dfkd_layers_convolution (l, conv2_name, out, out, 3, FALSE, DFKD_INITIALISE_HE_FAN_OUT);
  DfkdValue activated = dfkd_apply_batch_norm (l, &bn1, x, 0.0f), shortcut = x, y;

  if (in != out)
    {
      DfkdWeights w = dfkd_layers_convolution (l, shortcut_name, out, in, 1, FALSE, DFKD_INITIALISE_HE_FAN_OUT);

      shortcut = dfkd_convolution (l->graph, activated, w.weight, DFKD_NONE, DFKD_NONE, stride, 0, 1, 1);
    }
  y = dfkd_convolution (l->graph, activated, conv1.weight, DFKD_NONE, DFKD_NONE, stride, 1, 1, 1);
  y = dfkd_apply_batch_norm (l, &bn2, y, 0.0f);
  return dfkd_convolution (l->graph, y, conv2.weight, DFKD_NONE, shortcut, 1, 1, 1, 1);
}

DfkdForward
dfkd_wide_resnet_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, DfkdValue x)
{
  const gsize count = (record->size[DEPTH] - 4) / 6;
  gsize in = 16;
  DfkdWeights conv1 = dfkd_layers_convolution (l, "conv1", in, options->channels, 3, FALSE, DFKD_INITIALISE_HE_FAN_OUT);
  DfkdBatchNorm bn;

  x = dfkd_convolution (l->graph, x, conv1.weight, DFKD_NONE, DFKD_NONE, 1, 1, 1, 1);
  for (guint group = 0; group < 3; group++)
    {
      const gsize out = ((gsize) 16 << group) * record->size[WIDEN];

      for (gsize i = 0; i < count; i++)
        {
          g_autofree char *name = g_strdup_printf ("block%u.layer.%zu", group + 1, i);

          x = basic_block (l, name, x, in, out, i == 0 && group > 0 ? 2 : 1);
          in = out;
        }
    }
  bn = dfkd_layers_batch_norm (l, "bn1", in);
  return dfkd_layers_classifier (l, "fc", options->classes, dfkd_apply_batch_norm (l, &bn, x, 0.0f), DFKD_INITIALISE_ZERO_BIAS);
}
