/* augmentation.c: crops, flips and normalisation as ops. */
#include "augmentation.h"

DfkdDraws
dfkd_draw_crops (DfkdGraph *g, DfkdValue counter, gsize batch, guint32 purpose)
{
  DfkdShape offsets = dfkd_shape_of_type (DFKD_I32, batch, 2, 0, 0), flips = dfkd_shape_of_type (DFKD_I32, batch, 0, 0, 0);

  return (DfkdDraws){
    .offset = dfkd_random_integers (g, counter, DFKD_NONE, offsets, purpose, 2 * DFKD_CROP_PADDING + 1),
    .flip = dfkd_random_integers (g, counter, DFKD_NONE, flips, purpose + 1, 2),
  };
}

DfkdValue
dfkd_crop_flip (DfkdGraph *g, DfkdValue images, const DfkdDraws *draws)
{
  return dfkd_shift_flip (g, images, draws->offset, draws->flip, -DFKD_CROP_PADDING, FALSE);
}

DfkdBlock *
dfkd_normalisation_new (DfkdDevice *device, const float *mean, const float *std, gsize channels, GError **error)
{
  g_autoptr (DfkdBlock) block = dfkd_block_new ("normalisation");
  g_autofree float *inverse = g_new (float, channels);
  guint m = dfkd_block_add (block, "mean", dfkd_shape (channels, 0, 0, 0));
  guint s = dfkd_block_add (block, "1/std", dfkd_shape (channels, 0, 0, 0));
  gsize bytes = channels * sizeof (float);

  for (gsize c = 0; c < channels; c++)
    inverse[c] = 1.0f / std[c];
  if (!dfkd_device_allocate (device, block, error)
      || !dfkd_device_write (device, block, dfkd_block_get (block, m)->offset, mean, bytes, error)
      || !dfkd_device_write (device, block, dfkd_block_get (block, s)->offset, inverse, bytes, error))
    return NULL;
  return g_steal_pointer (&block);
}

DfkdValue
dfkd_normalise (DfkdGraph *g, DfkdValue x, DfkdBlock *normalisation)
{
  return dfkd_multiply (g, dfkd_subtract (g, x, dfkd_graph_variable (g, normalisation, 0)),
                        dfkd_graph_variable (g, normalisation, 1));
}
