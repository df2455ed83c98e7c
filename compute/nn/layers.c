/* layers.c: declaring the variables of convolutions, linear layers and batch norms, and applying them. */
#include "layers-private.h"

#include <math.h>

static const float EPSILON = 1e-5f, MOMENTUM = 0.1f; /* PyTorch's defaults, which all these networks use */

static void
add_tensor (DfkdNetwork *network, char *name, DfkdShape shape, DfkdHome home, guint variable, guint row)
{
  DfkdNetworkTensor tensor = { name, shape, home, variable, row };

  g_array_append_val (network->tensors, tensor);
}

/* a parameter that PyTorch knows as one tensor of the same name */
static DfkdValue
parameter (DfkdLayers *l, const char *layer, const char *suffix, DfkdShape shape, DfkdDraw draw)
{
  if (l->describing != NULL)
    {
      g_autofree char *name = g_strconcat (layer, suffix, NULL);
      guint index = dfkd_block_add (l->parameters, name, shape);

      g_array_append_val (l->describing->draws, draw);
      add_tensor (l->describing, g_steal_pointer (&name), shape, DFKD_HOME_PARAMETERS, index, 0);
    }
  return dfkd_graph_variable (l->graph, l->parameters, l->next_parameter++);
}

static DfkdDraw
default_draw (gsize fan_in)
{
  return (DfkdDraw){ DFKD_DRAW_UNIFORM, 1.0f / sqrtf ((float) fan_in) };
}

DfkdWeights
dfkd_layers_convolution (DfkdLayers *l, const char *name, gsize out, gsize in, gsize kernel, gboolean bias,
                         DfkdInitialisation initialisation)
{
  DfkdDraw by_fan_in = default_draw (in * kernel * kernel), draw = by_fan_in;
  DfkdWeights weights = { DFKD_NONE, DFKD_NONE };

  if (initialisation == DFKD_INITIALISE_HE_FAN_OUT)
    draw = (DfkdDraw){ DFKD_DRAW_NORMAL, sqrtf (2.0f / (float) (kernel * kernel * out)) };
  if (initialisation != DFKD_INITIALISE_DEFAULT)
    by_fan_in = (DfkdDraw){ DFKD_DRAW_ZERO, 0.0f };
  weights.weight = parameter (l, name, ".weight", dfkd_shape (out, in, kernel, kernel), draw);
  if (bias)
    weights.bias = parameter (l, name, ".bias", dfkd_shape (out, 0, 0, 0), by_fan_in);
  return weights;
}

DfkdWeights
dfkd_layers_linear (DfkdLayers *l, const char *name, gsize out, gsize in, DfkdInitialisation initialisation)
{
  DfkdDraw by_fan_in = default_draw (in), draw = by_fan_in;
  DfkdWeights weights;

  if (initialisation == DFKD_INITIALISE_SMALL)
    draw = (DfkdDraw){ DFKD_DRAW_NORMAL, 0.01f };
  if (initialisation != DFKD_INITIALISE_DEFAULT)
    by_fan_in = (DfkdDraw){ DFKD_DRAW_ZERO, 0.0f };
  weights.weight = parameter (l, name, ".weight", dfkd_shape (out, in, 0, 0), draw);
  weights.bias = parameter (l, name, ".bias", dfkd_shape (out, 0, 0, 0), by_fan_in);
  return weights;
}

DfkdBatchNorm
dfkd_layers_batch_norm (DfkdLayers *l, const char *name, gsize channels)
{
  DfkdBatchNorm norm;

  if (l->describing != NULL)
    {
      DfkdNetwork *network = l->describing;
      DfkdShape pair = dfkd_shape (2, channels, 0, 0), row = dfkd_shape (channels, 0, 0, 0);
      DfkdShape scalar = { .type = DFKD_I32, .rank = 0 };
      DfkdDraw draw = { DFKD_DRAW_BATCHNORM, 0.0f };
      guint affine = dfkd_block_add (l->parameters, name, pair), running = dfkd_block_add (l->state, name, pair);

      g_array_append_val (network->draws, draw);
      add_tensor (network, g_strconcat (name, ".weight", NULL), row, DFKD_HOME_PARAMETERS, affine, 0);
      add_tensor (network, g_strconcat (name, ".bias", NULL), row, DFKD_HOME_PARAMETERS, affine, 1);
      add_tensor (network, g_strconcat (name, ".running_mean", NULL), row, DFKD_HOME_STATE, running, 0);
      add_tensor (network, g_strconcat (name, ".running_var", NULL), row, DFKD_HOME_STATE, running, 1);
      add_tensor (network, g_strconcat (name, ".num_batches_tracked", NULL), scalar, DFKD_HOME_COUNTER, 0, 0);
    }
  norm.name = dfkd_block_get (l->state, l->next_state)->name;
  norm.affine = dfkd_graph_variable (l->graph, l->parameters, l->next_parameter++);
  norm.running = dfkd_graph_variable (l->graph, l->state, l->next_state++);
  return norm;
}

DfkdValue
dfkd_apply_linear (DfkdLayers *l, const DfkdWeights *linear, DfkdValue x)
{
  return dfkd_matrix_product (l->graph, x, linear->weight, linear->bias, FALSE, TRUE);
}

DfkdValue
dfkd_apply_batch_norm (DfkdLayers *l, const DfkdBatchNorm *norm, DfkdValue x, float slope)
{
  DfkdValue statistics = DFKD_NONE;

  if (x == DFKD_NONE)
    return DFKD_NONE;
  if (l->mode == DFKD_MODE_TRAIN || l->taps != NULL)
    statistics = dfkd_bn_statistics (l->graph, x);
  if (l->taps != NULL)
    {
      DfkdBatchNormTap tap = { statistics, norm->running, norm->name, x };

      g_array_append_val (l->taps, tap);
    }
  if (l->mode == DFKD_MODE_TRAIN && l->update_running)
    {
      gsize rows = dfkd_shape_rows (dfkd_graph_shape (l->graph, x));

      if (rows < 2)
        return dfkd_graph_fail (l->graph, "%s: training needs more than one value a channel; use a larger batch",
                                norm->name);
      dfkd_running_update (l->graph, norm->running, statistics, MOMENTUM, (float) rows / (float) (rows - 1));
    }
  return dfkd_bn_apply (l->graph, x, l->mode == DFKD_MODE_TRAIN ? statistics : norm->running, norm->affine, EPSILON,
                        slope);
}

gsize
dfkd_layers_channels (DfkdLayers *l, DfkdValue x)
{
  return x != DFKD_NONE ? dfkd_graph_shape (l->graph, x)->dim[1] : 1;
}

static char *
name_inside (const char *inside, const char *name)
{
  return inside != NULL ? g_strdup_printf ("%s.%s", inside, name) : g_strdup (name);
}

DfkdValue
dfkd_layers_unit (DfkdLayers *l, DfkdValue x, const DfkdUnit *unit)
{
  g_autofree char *convolution = name_inside (unit->inside, unit->convolution), *norm = name_inside (unit->inside, unit->norm);
  const gsize in = dfkd_layers_channels (l, x);
  DfkdWeights w = dfkd_layers_convolution (l, convolution, unit->out, unit->depthwise ? 1 : in, unit->kernel, unit->bias,
                                           unit->initialisation);
  DfkdBatchNorm bn = dfkd_layers_batch_norm (l, norm, unit->out);

  x = dfkd_convolution (l->graph, x, w.weight, w.bias, DFKD_NONE, unit->stride, unit->kernel / 2, 1,
                        unit->depthwise ? (guint) in : 1);
  x = dfkd_apply_batch_norm (l, &bn, x, unit->six ? 1.0f : unit->slope);
  return unit->six ? dfkd_relu6 (l->graph, x) : x;
}

DfkdForward
dfkd_layers_classifier (DfkdLayers *l, const char *name, gsize classes, DfkdValue x, DfkdInitialisation initialisation)
{
  DfkdWeights linear = dfkd_layers_linear (l, name, classes, dfkd_layers_channels (l, x), initialisation);
  DfkdValue features = dfkd_spatial_mean (l->graph, x);

  return (DfkdForward){ .logits = dfkd_apply_linear (l, &linear, features), .features = features };
}
