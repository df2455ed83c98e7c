/* network.c: the table of networks, and describing and computing one of them. */
#include "layers-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WIDE_RESNET(name, depth, widen) \
  { name, FALSE, dfkd_wide_resnet_check, dfkd_wide_resnet_build, { depth, widen } }

static const DfkdNetworkRecord records[] = {
  WIDE_RESNET ("wrn10_1", 10, 1),
  WIDE_RESNET ("wrn16_1", 16, 1),
  WIDE_RESNET ("wrn16_2", 16, 2),
  WIDE_RESNET ("wrn40_1", 40, 1),
  WIDE_RESNET ("wrn40_2", 40, 2),
  { "resnet18", FALSE, dfkd_resnet_check, dfkd_resnet_build, { 2, 2, 2, 2 } },
  { "resnet34", FALSE, dfkd_resnet_check, dfkd_resnet_build, { 3, 4, 6, 3 } },
  { "lenet5", FALSE, dfkd_lenet_check, dfkd_lenet_build, { 6, 16, 120, 84 } },
  { "lenet5_half", FALSE, dfkd_lenet_check, dfkd_lenet_build, { 3, 8, 60, 42 } },
  { "generator", TRUE, dfkd_generator_check, dfkd_generator_build, { 0 } },
};

const char *const *
dfkd_network_names (gboolean generators)
{
  static const char *names[2][G_N_ELEMENTS (records) + 1];
  static gsize once;

  if (g_once_init_enter (&once))
    {
      guint count[2] = { 0, 0 };

      for (guint i = 0; i < G_N_ELEMENTS (records); i++)
        {
          guint kind = records[i].is_generator ? 1 : 0;

          names[kind][count[kind]++] = records[i].name;
        }
      g_once_init_leave (&once, 1);
    }
  return names[generators ? 1 : 0];
}

static const DfkdNetworkRecord *
find_record (const char *name, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      if (strcmp (records[i].name, name) == 0)
        return &records[i];
      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", records[i].name);
    }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("There is no network “%s”; the known ones are: %s"), name,
               known->str);
  return NULL;
}

/* Limits far above any use; they keep every product of sizes within a gsize. */
static gboolean
check_size (const char *network, const char *what, gsize value, gsize most, GError **error)
{
  if (value >= 1 && value <= most)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("Network %s: %s must be between 1 and %zu, not %zu"), network, what, most,
               value);
  return FALSE;
}

static gboolean
check_options (const DfkdNetworkRecord *record, const DfkdNetworkOptions *o, GError **error)
{
  const char *name = record->name;

  if (!check_size (name, "channels", o->channels, 4096, error) || !check_size (name, "height", o->height, 4096, error)
      || !check_size (name, "width", o->width, 4096, error))
    return FALSE;
  if (!record->is_generator && !check_size (name, "classes", o->classes, 100000, error))
    return FALSE;
  if (record->is_generator
      && (!check_size (name, "nz", o->nz, 65536, error) || !check_size (name, "ngf", o->ngf, 4096, error)))
    return FALSE;
  return record->check (record, o, error);
}

static void
clear_tensor (gpointer data)
{
  DfkdNetworkTensor *tensor = data;

  g_free (tensor->name);
}

static DfkdShape
input_shape (const DfkdNetwork *network, gsize batch)
{
  const DfkdNetworkOptions *o = &network->options;

  return network->is_generator ? dfkd_shape (batch, o->nz, 0, 0) : dfkd_shape (batch, o->channels, o->height, o->width);
}

DfkdNetwork *
dfkd_network_new (const char *name, const DfkdNetworkOptions *options, GError **error)
{
  const DfkdNetworkRecord *record = find_record (name, error);
  g_autoptr (DfkdNetwork) network = NULL;
  g_autoptr (DfkdGraph) scratch = NULL;
  DfkdLayers layers = { 0 };

  if (record == NULL || !check_options (record, options, error))
    return NULL;
  network = g_new0 (DfkdNetwork, 1);
  network->record = record;
  network->name = g_strdup (name);
  network->options = *options;
  network->is_generator = record->is_generator;
  network->parameters = dfkd_block_new ("parameters");
  network->state = dfkd_block_new ("state");
  network->tensors = g_array_new (FALSE, FALSE, sizeof (DfkdNetworkTensor));
  g_array_set_clear_func (network->tensors, clear_tensor);
  network->draws = g_array_new (FALSE, FALSE, sizeof (DfkdDraw));

  scratch = dfkd_graph_new (name);
  layers.graph = scratch;
  layers.parameters = network->parameters;
  layers.state = network->state;
  layers.describing = network;
  record->build (&layers, record, options, dfkd_fill (scratch, input_shape (network, 1), 0.0f));
  if (!dfkd_graph_check (scratch, error))
    return NULL;
  return g_steal_pointer (&network);
}

void
dfkd_network_free (DfkdNetwork *network)
{
  if (network == NULL)
    return;
  dfkd_block_free (network->parameters);
  dfkd_block_free (network->state);
  g_array_unref (network->tensors);
  g_array_unref (network->draws);
  g_free (network->name);
  g_free (network);
}

gsize
dfkd_network_parameter_count (const DfkdNetwork *network)
{
  gsize count = 0;

  for (guint i = 0; i < dfkd_block_count (network->parameters); i++)
    count += dfkd_shape_count (&dfkd_block_get (network->parameters, i)->shape);
  return count;
}

DfkdForward
dfkd_network_forward (const DfkdNetwork *network, DfkdGraph *graph, DfkdBlock *parameters, DfkdBlock *state,
                      DfkdValue input, DfkdMode mode, gboolean update_running, GArray *taps)
{
  DfkdLayers layers = { .graph = graph, .parameters = parameters, .state = state, .mode = mode,
                        .update_running = update_running, .taps = taps };
  const DfkdForward none = { DFKD_NONE, DFKD_NONE };
  const DfkdShape *shape;
  DfkdShape wanted;

  if (input == DFKD_NONE)
    return none;
  shape = dfkd_graph_shape (graph, input);
  wanted = input_shape (network, shape->dim[0]);
  if (!dfkd_shape_equal (shape, &wanted))
    {
      g_autofree char *found_text = dfkd_shape_text (shape), *wanted_text = dfkd_shape_text (&wanted);

      dfkd_graph_fail (graph, "Network %s reads %s, not %s", network->name, wanted_text, found_text);
      return none;
    }
  if (dfkd_block_count (parameters) != dfkd_block_count (network->parameters)
      || dfkd_block_count (state) != dfkd_block_count (network->state))
    {
      dfkd_graph_fail (graph, "The blocks “%s” and “%s” are not those of network %s", parameters->name, state->name,
                       network->name);
      return none;
    }
  return network->record->build (&layers, network->record, &network->options, input);
}
