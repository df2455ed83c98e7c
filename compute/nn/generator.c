/* generator.c: the generator of the CIFAR experiments (METHOD.md section 2): latents N,nz to images in (0,1).
 *
 * linear → 2·ngf × H/4 × W/4 → BN → ×2 → conv → BN, LeakyReLU 0.2 → ×2 → conv → BN, LeakyReLU 0.2 → conv → sigmoid */
#include "layers-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

gboolean
dfkd_generator_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error)
{
  if (options->height % 4 == 0 && options->width % 4 == 0)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("Network %s: height and width of its images must be multiples of 4, not %zu"
                 "×%zu"),
               record->name, options->height, options->width);
  return FALSE;
}

DfkdForward
dfkd_generator_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *o, DfkdValue z)
{
  const gsize height = o->height / 4, width = o->width / 4, wide = 2 * o->ngf;
  const DfkdInitialisation by_default = DFKD_INITIALISE_DEFAULT;
  DfkdWeights l1 = dfkd_layers_linear (l, "l1.0", wide * height * width, o->nz, FALSE);
  DfkdBatchNorm bn0 = dfkd_layers_batch_norm (l, "conv_blocks.0", wide);
  DfkdWeights conv2 = dfkd_layers_convolution (l, "conv_blocks.2", wide, wide, 3, FALSE, by_default);
  DfkdBatchNorm bn3 = dfkd_layers_batch_norm (l, "conv_blocks.3", wide);
  DfkdWeights conv6 = dfkd_layers_convolution (l, "conv_blocks.6", o->ngf, wide, 3, FALSE, by_default);
  DfkdBatchNorm bn7 = dfkd_layers_batch_norm (l, "conv_blocks.7", o->ngf);
  DfkdWeights conv9 = dfkd_layers_convolution (l, "conv_blocks.9", o->channels, o->ngf, 3, TRUE, by_default);
  DfkdValue x = dfkd_unflatten (l->graph, dfkd_apply_linear (l, &l1, z), wide, height, width), features;

  x = dfkd_upsample_nearest (l->graph, dfkd_apply_batch_norm (l, &bn0, x, 1.0f), 2);
  x = dfkd_convolution (l->graph, x, conv2.weight, DFKD_NONE, DFKD_NONE, 1, 1, 1, 1);
  x = dfkd_upsample_nearest (l->graph, dfkd_apply_batch_norm (l, &bn3, x, 0.2f), 2);
  x = dfkd_convolution (l->graph, x, conv6.weight, DFKD_NONE, DFKD_NONE, 1, 1, 1, 1);
  x = dfkd_apply_batch_norm (l, &bn7, x, 0.2f);
  features = dfkd_spatial_mean (l->graph, x);
  x = dfkd_convolution (l->graph, x, conv9.weight, conv9.bias, DFKD_NONE, 1, 1, 1, 1);
  return (DfkdForward){ .logits = dfkd_sigmoid (l->graph, x), .features = features };
}
