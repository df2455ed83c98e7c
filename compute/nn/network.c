/* network.c: the table of networks, and describing and computing one of them. */
#include "layers-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WIDE_RESNET(name, depth, widen) { name, FALSE, 4, NULL, dfkd_wide_resnet_build, { depth, widen } }
#define SMALL_RESNET(name, depth, stem, width) { name, FALSE, 4, NULL, dfkd_small_resnet_build, { depth, stem, width } }
#define RESNET(name, ...) { name, FALSE, 8, NULL, dfkd_resnet_build, { __VA_ARGS__ } }
#define VGG(name, ...) { name, FALSE, 8, NULL, dfkd_vgg_build, { __VA_ARGS__ } }
#define MOBILENET(name, ...) { name, FALSE, 1, NULL, dfkd_mobilenet_build, { __VA_ARGS__ } }
#define LENET(name, ...) { name, FALSE, 1, dfkd_lenet_check, dfkd_lenet_build, { __VA_ARGS__ } }

static const DfkdNetworkRecord records[] = {
  WIDE_RESNET ("wrn10_1", 10, 1),
  WIDE_RESNET ("wrn16_1", 16, 1),
  WIDE_RESNET ("wrn16_2", 16, 2),
  WIDE_RESNET ("wrn40_1", 40, 1),
  WIDE_RESNET ("wrn40_2", 40, 2),
  SMALL_RESNET ("resnet8", 8, 16, 16),
  SMALL_RESNET ("resnet20", 20, 16, 16),
  SMALL_RESNET ("resnet32", 32, 16, 16),
  SMALL_RESNET ("resnet56", 56, 16, 16),
  SMALL_RESNET ("resnet110", 110, 16, 16),
  SMALL_RESNET ("resnet8x4", 8, 32, 64),
  SMALL_RESNET ("resnet32x4", 32, 32, 64),
  RESNET ("resnet18", 2, 2, 2, 2, FALSE),
  RESNET ("resnet34", 3, 4, 6, 3, FALSE),
  RESNET ("resnet50", 3, 4, 6, 3, TRUE),
  VGG ("vgg8", 1, 1, 1, 1, 1),
  VGG ("vgg11", 1, 1, 2, 2, 2),
  VGG ("vgg13", 2, 2, 2, 2, 2),
  VGG ("vgg16", 2, 2, 3, 3, 3),
  VGG ("vgg19", 2, 2, 4, 4, 4),
  MOBILENET ("mobilenetv2", 2, 2),
  MOBILENET ("mobilenetv2_s1", 1, 1),
  { "shufflenetv2", FALSE, 8, NULL, dfkd_shufflenet_build, { 0 } },
  LENET ("lenet5", 6, 16, 120, 84),
  LENET ("lenet5_half", 3, 8, 60, 42),
  { "generator", TRUE, 1, dfkd_generator_check, dfkd_generator_build, { 4 } },
  { "generator_dcgan", TRUE, 1, dfkd_generator_check, dfkd_dcgan_build, { 16 } },
  { "generator_deep", TRUE, 1, dfkd_generator_check, dfkd_deep_generator_build, { 16 }, TRUE },
};

/* wide residual networks of any size, wrnD_W */
static const guint MOST_DEPTH = 202, MOST_WIDEN = 32;

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

/* digits only, and no zero before others, so that a network has one name; moves @text behind them */
static gboolean
read_number (const char **text, guint most, guint *number)
{
  guint64 value;
  char *end;

  if (**text < '1' || **text > '9')
    return FALSE;
  value = g_ascii_strtoull (*text, &end, 10);
  *text = end;
  *number = (guint) MIN (value, (guint64) G_MAXUINT);
  return value <= most;
}

static gboolean
parse_wide_resnet (const char *name, DfkdNetworkRecord *record)
{
  const char *text = name;
  guint depth, widen;

  if (!g_str_has_prefix (name, "wrn"))
    return FALSE;
  text += strlen ("wrn");
  if (!read_number (&text, MOST_DEPTH, &depth) || *text++ != '_' || !read_number (&text, MOST_WIDEN, &widen) || *text != '\0')
    return FALSE;
  if (depth < 10 || (depth - 4) % 6 != 0)
    return FALSE;
  *record = (DfkdNetworkRecord) WIDE_RESNET (name, depth, widen);
  return TRUE;
}

static gboolean
find_record (const char *name, DfkdNetworkRecord *record)
{
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    if (strcmp (records[i].name, name) == 0)
      {
        *record = records[i];
        return TRUE;
      }
  return parse_wide_resnet (name, record);
}

/* @generators: these are known too */
static gboolean
refuse_name (const char *name, gboolean generators, GError **error)
{
  g_autofree char *classifiers = g_strjoinv (", ", (char **) dfkd_network_names (FALSE));
  g_autofree char *others = g_strjoinv (", ", (char **) dfkd_network_names (TRUE));
  g_autofree char *known = g_strconcat (classifiers, ", ", others, NULL);

  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("There is no network “%s”; the known ones are: %s, and wrnD_W of any depth D of 6n + 4 from 10 to %u and any "
                 "width W from 1 to %u"),
               name, generators ? known : classifiers, MOST_DEPTH, MOST_WIDEN);
  return FALSE;
}

gboolean
dfkd_network_check_classifier (const char *name, GError **error)
{
  DfkdNetworkRecord record;
  g_autofree char *known = NULL;

  if (!find_record (name, &record))
    return refuse_name (name, FALSE, error);
  if (!record.is_generator)
    return TRUE;
  known = g_strjoinv (", ", (char **) dfkd_network_names (FALSE));
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("the network “%s” is a generator, expected a classifier: %s"), name, known);
  return FALSE;
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
  if (o->height < record->least || o->width < record->least)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("Network %s: images of %zu×%zu pixels are too small; it needs at least %zu×%zu"), name, o->height, o->width,
                   record->least, record->least);
      return FALSE;
    }
  return record->check == NULL || record->check (record, o, error);
}

static void
clear_tensor (gpointer data)
{
  DfkdNetworkTensor *tensor = data;

  g_free (tensor->name);
}

DfkdShape
dfkd_network_input_shape (const DfkdNetwork *network, gsize batch)
{
  const DfkdNetworkOptions *o = &network->options;

  if (network->record->latent_is_map)
    return dfkd_shape (batch, o->nz, o->height / 16, o->width / 16);
  return network->is_generator ? dfkd_shape (batch, o->nz, 0, 0) : dfkd_shape (batch, o->channels, o->height, o->width);
}

DfkdNetwork *
dfkd_network_new (const char *name, const DfkdNetworkOptions *options, GError **error)
{
  DfkdNetworkRecord record;
  g_autoptr (DfkdNetwork) network = NULL;
  g_autoptr (DfkdGraph) scratch = NULL;
  DfkdLayers layers = { 0 };

  if (!find_record (name, &record))
    {
      refuse_name (name, TRUE, error);
      return NULL;
    }
  if (!check_options (&record, options, error))
    return NULL;
  network = g_new0 (DfkdNetwork, 1);
  network->name = g_strdup (name);
  record.name = network->name;
  network->record = g_memdup2 (&record, sizeof record);
  network->options = *options;
  network->is_generator = record.is_generator;
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
  record.build (&layers, network->record, options, dfkd_fill (scratch, dfkd_network_input_shape (network, 1), 0.0f));
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
  g_free (network->record);
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
  wanted = dfkd_network_input_shape (network, shape->dim[0]);
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
