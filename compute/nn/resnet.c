/* resnet.c: residual networks for small images (He et al. 2016), in the two forms that this field trains: the large ones
 * with a stem of one 3×3 convolution and four groups of 64, 128, 256 and 512 channels, of basic blocks or bottlenecks
 * (conv1, layer1.0.conv1 …, shortcut, linear: DAFL's code), and the small ones of 6n + 2 layers with three groups (layer1.0.conv1
 * …, downsample, fc: CRD's code). Every group behind the first starts by halving the size.
 *
 * It knows no weights, only their places. */
#include "layers-private.h"

enum { /* of record->size */
  COUNTS = 0, /* the large ones: blocks of each group */
  BOTTLENECK = 4,
  DEPTH = 0, /* the small ones */
  STEM,      /* channels of the first convolution */
  WIDTH,     /* channels of the first group */
};

/* what the two forms call things, and how they draw them */
typedef struct {
  const char *shortcut[2];
  gboolean bottleneck;
  DfkdInitialisation initialisation;
} Form;

static const gsize EXPANSION = 4; /* what a bottleneck puts out, in its own width */

/* channels that come out of a block */
static gsize
channels_out (const Form *form, gsize width)
{
  return form->bottleneck ? EXPANSION * width : width;
}

/* relu (f (x) + shortcut x), f = 3×3, 3×3 or 1×1, 3×3, 1×1, each with its batch norm; @in channels */
static DfkdValue
residual_block (DfkdLayers *l, const Form *form, const char *name, DfkdValue x, gsize in, gsize width, guint stride)
{
  const DfkdInitialisation drawn = form->initialisation;
  const gsize out = channels_out (form, width);
  DfkdValue y = x;

  if (form->bottleneck)
    {
      y = dfkd_layers_unit (l, y, &(DfkdUnit){ name, "conv1", "bn1", width, 1, 1, .initialisation = drawn });
      y = dfkd_layers_unit (l, y, &(DfkdUnit){ name, "conv2", "bn2", width, 3, stride, .initialisation = drawn });
      y = dfkd_layers_unit (l, y, &(DfkdUnit){ name, "conv3", "bn3", out, 1, 1, .slope = 1.0f, .initialisation = drawn });
    }
  else
    {
      y = dfkd_layers_unit (l, y, &(DfkdUnit){ name, "conv1", "bn1", width, 3, stride, .initialisation = drawn });
      y = dfkd_layers_unit (l, y, &(DfkdUnit){ name, "conv2", "bn2", width, 3, 1, .slope = 1.0f, .initialisation = drawn });
    }
  if (stride != 1 || in != out)
    x = dfkd_layers_unit (l, x, &(DfkdUnit){ name, form->shortcut[0], form->shortcut[1], out, 1, stride, .slope = 1.0f,
                                             .initialisation = drawn });
  return dfkd_relu (l->graph, dfkd_add (l->graph, y, x));
}

/* groups of blocks, each twice as wide as the one before; @in channels of the stem */
static DfkdValue
groups_of_blocks (DfkdLayers *l, const Form *form, DfkdValue x, guint groups, const gsize *counts, gsize in, gsize width)
{
  for (guint group = 0; group < groups; group++, width *= 2)
    for (gsize i = 0; i < counts[group]; i++)
      {
        g_autofree char *name = g_strdup_printf ("layer%u.%zu", group + 1, i);

        x = residual_block (l, form, name, x, in, width, i == 0 && group > 0 ? 2 : 1);
        in = channels_out (form, width);
      }
  return x;
}

DfkdForward
dfkd_resnet_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, DfkdValue x)
{
  const Form form = { { "shortcut.0", "shortcut.1" }, record->size[BOTTLENECK] != 0, DFKD_INITIALISE_DEFAULT };

  x = dfkd_layers_unit (l, x, &(DfkdUnit){ NULL, "conv1", "bn1", 64, 3, 1 });
  x = groups_of_blocks (l, &form, x, 4, record->size + COUNTS, 64, 64);
  return dfkd_layers_classifier (l, "linear", options->classes, x, DFKD_INITIALISE_DEFAULT);
}

DfkdForward
dfkd_small_resnet_build (DfkdLayers *l, const DfkdNetworkRecord *record, const DfkdNetworkOptions *options, DfkdValue x)
{
  const Form form = { { "downsample.0", "downsample.1" }, FALSE, DFKD_INITIALISE_HE_FAN_OUT };
  const gsize count = (record->size[DEPTH] - 2) / 6, counts[] = { count, count, count };

  x = dfkd_layers_unit (l, x, &(DfkdUnit){ NULL, "conv1", "bn1", record->size[STEM], 3, 1,
                                           .initialisation = form.initialisation });
  x = groups_of_blocks (l, &form, x, 3, counts, record->size[STEM], record->size[WIDTH]);
  return dfkd_layers_classifier (l, "fc", options->classes, x, DFKD_INITIALISE_DEFAULT);
}
