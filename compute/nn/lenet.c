/* lenet.c: LeNet-5 (LeCun et al. 1998) and its half-width student, as in DAFL's and FastDFKD's code.
 *
 * Three 5×5 convolutions without padding take 32×32 to 1×1, two linear layers follow. No batch norm. */
#include "layers-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

gboolean
dfkd_lenet_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error)
{
  if (options->height == 32 && options->width == 32)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("Network %s: it reads images of 32×32 pixels, not %zu×%zu"
                 "; pad 28×28 images with two pixels on every side"),
               record->name, options->height, options->width);
  return FALSE;
}

DfkdForward
dfkd_lenet_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, DfkdValue x)
{
  static const char *const names[] = { "features.0", "features.3", "features.6" };
  gsize in = options->channels;
  DfkdForward forward;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      DfkdWeights w = dfkd_layers_convolution (l, names[i], record->size[i], in, 5, TRUE, DFKD_INITIALISE_DEFAULT);

      x = dfkd_relu (l->graph, dfkd_convolution (l->graph, x, w.weight, w.bias, DFKD_NONE, 1, 0, 1, 1));
      if (i < 2)
        x = dfkd_max_pool (l->graph, x, 2, 2, 0);
      in = record->size[i];
    }
  forward.features = dfkd_flatten (l->graph, x);
  {
    DfkdWeights hidden = dfkd_layers_linear (l, "fc.0", record->size[3], in, DFKD_INITIALISE_DEFAULT);
    DfkdWeights output = dfkd_layers_linear (l, "fc.2", options->classes, record->size[3], DFKD_INITIALISE_DEFAULT);

    x = dfkd_relu (l->graph, dfkd_apply_linear (l, &hidden, forward.features));
    forward.logits = dfkd_apply_linear (l, &output, x);
  }
  return forward;
}
