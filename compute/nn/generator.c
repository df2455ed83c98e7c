/* generator.c: the generators of FastDFKD's and CMI's code: latents to images in (0,1).
 *
 * generator (METHOD.md section 2) reads N,nz: linear → 2·ngf × H/4 × W/4 → BN → ×2 → conv → BN, LeakyReLU 0.2 → ×2 → conv →
 * BN, LeakyReLU 0.2 → conv → sigmoid. generator_dcgan (Radford et al. 2016) has transposed convolutions from 8·ngf × H/16 × W/16
 * instead, generator_deep (ImageNet) reads a map of latents N,nz,H/16,W/16 and has no linear layer. */
#include "layers-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

enum {
  DIVISOR, /* of record->size: what height and width must be multiples of */
};

static const float SLOPE = 0.2f;

gboolean
dfkd_generator_check (const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, GError **error)
{
  const gsize divisor = record->size[DIVISOR];

  if (options->height % divisor == 0 && options->width % divisor == 0)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("Network %s: height and width of its images must be multiples of %zu, not %zu×%zu"), record->name,
               divisor, options->height, options->width);
  return FALSE;
}

/* linear: N,nz → N,channels,H/divisor,W/divisor, and a batch norm */
static DfkdValue
start (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *o, const char *linear, const char *norm,
       gsize channels, DfkdValue z)
{
  const gsize height = o->height / record->size[DIVISOR], width = o->width / record->size[DIVISOR];
  DfkdWeights project = dfkd_layers_linear (l, linear, channels * height * width, o->nz, DFKD_INITIALISE_DEFAULT);
  DfkdBatchNorm bn = dfkd_layers_batch_norm (l, norm, channels);
  DfkdValue x = dfkd_unflatten (l->graph, dfkd_apply_linear (l, &project, z), channels, height, width);

  return dfkd_apply_batch_norm (l, &bn, x, 1.0f);
}

/* a last convolution 3×3 and the sigmoid */
static DfkdForward
finish (DfkdLayers *l, const DfkdNetworkOptions *o, const char *name, DfkdValue x)
{
  DfkdWeights w = dfkd_layers_convolution (l, name, o->channels, dfkd_layers_channels (l, x), 3, TRUE, DFKD_INITIALISE_DEFAULT);
  DfkdValue features = dfkd_spatial_mean (l->graph, x);

  x = dfkd_convolution (l->graph, x, w.weight, w.bias, DFKD_NONE, 1, 1, 1, 1);
  return (DfkdForward){ .logits = dfkd_sigmoid (l->graph, x), .features = features };
}

DfkdForward
dfkd_generator_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *o, DfkdValue z)
{
  DfkdValue x = start (l, record, o, "l1.0", "conv_blocks.0", 2 * o->ngf, z);

  x = dfkd_upsample_nearest (l->graph, x, 2);
  x = dfkd_layers_unit (l, x, &(DfkdUnit){ "conv_blocks", "2", "3", 2 * o->ngf, 3, 1, .slope = SLOPE });
  x = dfkd_upsample_nearest (l->graph, x, 2);
  x = dfkd_layers_unit (l, x, &(DfkdUnit){ "conv_blocks", "6", "7", o->ngf, 3, 1, .slope = SLOPE });
  return finish (l, o, "conv_blocks.9", x);
}

DfkdForward
dfkd_dcgan_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *o, DfkdValue z)
{
  static const gsize widths[] = { 4, 2, 1, 1 };
  DfkdValue x = start (l, record, o, "project.1", "main.0", 8 * o->ngf, z);

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autofree char *name = g_strdup_printf ("main.%u", 3 * i + 1), *norm = g_strdup_printf ("main.%u", 3 * i + 2);
      const gsize out = widths[i] * o->ngf;
      /* PyTorch keeps the weights of a transposed convolution as those of the one that it transposes */
      DfkdWeights w = dfkd_layers_convolution (l, name, dfkd_layers_channels (l, x), out, 4, FALSE, DFKD_INITIALISE_DEFAULT);
      DfkdBatchNorm bn = dfkd_layers_batch_norm (l, norm, out);

      x = dfkd_apply_batch_norm (l, &bn, dfkd_convolution_transposed (l->graph, x, w.weight, 2, 1), SLOPE);
    }
  return finish (l, o, "main.13", x);
}

/* The authors' class has a linear layer l1 besides, which it never uses. */
DfkdForward
dfkd_deep_generator_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *o, DfkdValue z)
{
  static const gsize widths[] = { 2, 2, 1, 1, 1 };
  DfkdValue x = z;

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", 4 * i), *norm = g_strdup_printf ("%u", 4 * i + 1);

      if (i > 0)
        x = dfkd_upsample_nearest (l->graph, x, 2);
      x = dfkd_layers_unit (l, x, &(DfkdUnit){ "conv_blocks", name, norm, widths[i] * o->ngf, 3, 1, .slope = SLOPE });
    }
  return finish (l, o, "conv_blocks.19", x);
}
