/* vgg.c: VGG networks for small images (Simonyan and Zisserman 2015) with batch norm and one linear layer, as in CRD's code:
 * five blocks of 3×3 convolutions of 64, 128, 256, 512 and 512 channels (block0.0, block0.1 … classifier), a maximum over 2×2
 * behind each of the first three, and behind the fourth where images are 64 pixels high.
 *
 * It knows no weights, only their places. */
#include "layers-private.h"

enum {
  BLOCKS = 5, /* record->size: convolutions of each */
};

DfkdForward
dfkd_vgg_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, DfkdValue x)
{
  static const gsize widths[BLOCKS] = { 64, 128, 256, 512, 512 };
  const guint pools = options->height == 64 ? 4 : 3;

  for (guint block = 0; block < BLOCKS; block++)
    {
      for (gsize i = 0; i < record->size[block]; i++)
        {
          g_autofree char *convolution = g_strdup_printf ("block%u.%zu", block, 3 * i);
          g_autofree char *norm = g_strdup_printf ("block%u.%zu", block, 3 * i + 1);

          x = dfkd_layers_unit (l, x, &(DfkdUnit){ NULL, convolution, norm, widths[block], 3, 1, .bias = TRUE,
                                                   .initialisation = DFKD_INITIALISE_HE_FAN_OUT });
        }
      if (block < pools)
        x = dfkd_max_pool (l->graph, x, 2, 2, 0);
    }
  return dfkd_layers_classifier (l, "classifier", options->classes, x, DFKD_INITIALISE_SMALL);
}
