/* resnet.c: residual networks for small images (He et al. 2016) with basic blocks: a stem of one 3×3 convolution and
 * four groups of 64, 128, 256 and 512 channels, the last three at half the size before. State-dict names are those of
 * the PyTorch code for CIFAR that this field trains its teachers with (conv1, layer1.0.conv1 …, linear).
 *
 * It knows no weights, only their places. */
#include "layers-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

gboolean
dfkd_resnet_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error)
{
  if (options->height >= 8 && options->width >= 8)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("Network %s: images of %zu×%zu"
                 " pixels are too small; it halves them three times and needs at least 8×8"),
               record->name, options->height, options->width);
  return FALSE;
}

/* relu (bn2 (conv2 (relu (bn1 (conv1 x)))) + shortcut x) */
static DfkdValue
basic_block (DfkdLayers *l, const char *name, DfkdValue x, gsize in, gsize out, guint stride)
{
  g_autofree char *bn1_name = g_strconcat (name, ".bn1", NULL), *conv1_name = g_strconcat (name, ".conv1", NULL);
  g_autofree char *bn2_name = g_strconcat (name, ".bn2", NULL), *conv2_name = g_strconcat (name, ".conv2", NULL);
  g_autofree char *shortcut_name = g_strconcat (name, ".shortcut.0", NULL);
  g_autofree char *shortcut_bn_name = g_strconcat (name, ".shortcut.1", NULL);
  DfkdWeights conv1 = dfkd_layers_convolution (l, conv1_name, out, in, 3, FALSE, DFKD_INITIALISE_DEFAULT);
  DfkdBatchNorm bn1 = dfkd_layers_batch_norm (l, bn1_name, out);
  DfkdWeights conv2 = dfkd_layers_convolution (l, conv2_name, out, out, 3, FALSE, DFKD_INITIALISE_DEFAULT);
  DfkdBatchNorm bn2 = dfkd_layers_batch_norm (l, bn2_name, out);
  DfkdValue shortcut = x, y;

  y = dfkd_convolution (l->graph, x, conv1.weight, DFKD_NONE, DFKD_NONE, stride, 1, 1, 1);
  y = dfkd_apply_batch_norm (l, &bn1, y, 0.0f);
  y = dfkd_convolution (l->graph, y, conv2.weight, DFKD_NONE, DFKD_NONE, 1, 1, 1, 1);
  y = dfkd_apply_batch_norm (l, &bn2, y, 1.0f);
  if (stride != 1 || in != out)
    {
      DfkdWeights w = dfkd_layers_convolution (l, shortcut_name, out, in, 1, FALSE, DFKD_INITIALISE_DEFAULT);
      DfkdBatchNorm bn = dfkd_layers_batch_norm (l, shortcut_bn_name, out);

      shortcut = dfkd_convolution (l->graph, x, w.weight, DFKD_NONE, DFKD_NONE, stride, 0, 1, 1);
      shortcut = dfkd_apply_batch_norm (l, &bn, shortcut, 1.0f);
    }
  return dfkd_relu (l->graph, dfkd_add (l->graph, y, shortcut));
}

DfkdForward
dfkd_resnet_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, DfkdValue x)
{
  gsize in = 64;
  DfkdWeights conv1 = dfkd_layers_convolution (l, "conv1", in, options->channels, 3, FALSE, DFKD_INITIALISE_DEFAULT);
  DfkdBatchNorm bn1 = dfkd_layers_batch_norm (l, "bn1", in);
  DfkdWeights linear;
  DfkdForward forward;

  x = dfkd_convolution (l->graph, x, conv1.weight, DFKD_NONE, DFKD_NONE, 1, 1, 1, 1);
  x = dfkd_apply_batch_norm (l, &bn1, x, 0.0f);
  for (guint group = 0; group < 4; group++)
    {
      const gsize out = (gsize) 64 << group;

      for (gsize i = 0; i < record->size[group]; i++)
        {
          g_autofree char *name = g_strdup_printf ("layer%u.%zu", group + 1, i);

          x = basic_block (l, name, x, in, out, i == 0 && group > 0 ? 2 : 1);
          in = out;
        }
    }
  forward.features = dfkd_spatial_mean (l->graph, x);
  linear = dfkd_layers_linear (l, "linear", options->classes, in, FALSE);
  forward.logits = dfkd_apply_linear (l, &linear, forward.features);
  return forward;
}
