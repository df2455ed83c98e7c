/* model-file.c: state dicts in and out of safetensors files. */
#include "model-file.h"

#include "errors.h"
#include "model-metadata-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

DfkdModel *
dfkd_model_new (const DfkdNetwork *network, const float *mean, const float *std)
{
  DfkdModel *model = g_new0 (DfkdModel, 1);
  gsize channels = network->options.channels;

  model->network = dfkd_network_new (network->name, &network->options, NULL);
  model->parameters = g_malloc0 (network->parameters->bytes);
  model->state = g_malloc0 (MAX (network->state->bytes, sizeof (float)));
  model->mean = mean != NULL ? g_memdup2 (mean, channels * sizeof *mean) : g_new0 (float, channels);
  model->std = std != NULL ? g_memdup2 (std, channels * sizeof *std) : g_new0 (float, channels);
  for (gsize c = 0; c < channels && std == NULL; c++)
    model->std[c] = 1.0f;
  model->accuracy = -1.0;
  return model;
}

void
dfkd_model_free (DfkdModel *model)
{
  if (model == NULL)
    return;
  dfkd_network_free (model->network);
  g_free (model->parameters);
  g_free (model->state);
  g_free (model->mean);
  g_free (model->std);
  g_free (model);
}

static const DfkdNetworkTensor *
get_tensor (const DfkdNetwork *network, guint index)
{
  return &g_array_index (network->tensors, DfkdNetworkTensor, index);
}

/* where a tensor's elements stand on the host; NULL for a counter */
static float *
locate (const DfkdModel *model, const DfkdNetworkTensor *tensor)
{
  gboolean parameter = tensor->home == DFKD_HOME_PARAMETERS;
  const DfkdVariable *variable;

  if (tensor->home == DFKD_HOME_COUNTER)
    return NULL;
  variable = dfkd_block_get (parameter ? model->network->parameters : model->network->state, tensor->variable);
  return (parameter ? model->parameters : model->state) + variable->offset / sizeof (float)
         + tensor->row * dfkd_shape_count (&tensor->shape);
}

/* ------------------------------------------------------------------------------------------------- reading */

/* "module." when every name begins with it, as nn.DataParallel saves them */
static const char *
find_prefix (DfkdSafetensors *file)
{
  guint count = (guint) dfkd_safetensors_count (file);

  for (guint i = 0; i < count; i++)
    if (!g_str_has_prefix (dfkd_safetensors_name (file, i), "module."))
      return "";
  return count > 0 ? "module." : "";
}

static char *
entry_shape_text (const DfkdTensorEntry *entry)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < entry->rank; i++)
    g_string_append_printf (text, "%s%zu", i > 0 ? "×" : "", entry->dims[i]);
  return g_string_free (text, FALSE);
}

static gboolean
same_shape (const DfkdTensorEntry *entry, const DfkdShape *shape)
{
  if (entry->rank != shape->rank)
    return FALSE;
  for (guint i = 0; i < shape->rank; i++)
    if (entry->dims[i] != shape->dim[i])
      return FALSE;
  return TRUE;
}

static gboolean
check_values (const DfkdNetworkTensor *tensor, const float *values, const char *path, GError **error)
{
  const gsize count = dfkd_shape_count (&tensor->shape);
  const gboolean variance = tensor->home == DFKD_HOME_STATE && tensor->row == 1;

  for (gsize i = 0; i < count; i++)
    if (!isfinite (values[i]) || (variance && values[i] < 0.0f))
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER,
                     _("%s: number %zu of the tensor %s is %g, expected %s; the network was saved after its "
                       "training failed or the file is damaged: save it again"),
                     path, i, tensor->name, (double) values[i],
                     variance ? _("a finite variance from 0") : _("a finite number"));
        return FALSE;
      }
  return TRUE;
}

/* Missing and misshapen tensors are found before anything is allocated for them. */
static gboolean
check_shape (const DfkdNetwork *network, const DfkdNetworkTensor *tensor, DfkdSafetensors *file, const char *prefix,
             const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (prefix, tensor->name, NULL), *wanted = NULL, *found = NULL;
  const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, name);

  if (tensor->home == DFKD_HOME_COUNTER || (entry != NULL && same_shape (entry, &tensor->shape)))
    return TRUE;
  wanted = dfkd_shape_text (&tensor->shape);
  found = entry != NULL ? entry_shape_text (entry) : g_strdup (_("missing"));
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
               _("%s: the tensor %s is %s, expected %s for network %s; is it another network? name it with --network"),
               path, name, found, wanted, network->name);
  return FALSE;
}

static gboolean
read_tensor (DfkdModel *model, const DfkdNetworkTensor *tensor, DfkdSafetensors *file, const char *prefix,
             const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (prefix, tensor->name, NULL);
  const gsize count = dfkd_shape_count (&tensor->shape);
  g_autofree float *values = NULL;

  if (tensor->home == DFKD_HOME_COUNTER)
    return TRUE;
  values = g_new (float, count);
  if (!dfkd_tensor_entry_read_float (dfkd_safetensors_lookup (file, name), values, count, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  if (!check_values (tensor, values, path, error))
    return FALSE;
  dfkd_tensor_to_storage (&tensor->shape, values, locate (model, tensor));
  return TRUE;
}

/* A tensor that the network has no place for means that the name of the network is wrong. */
static gboolean
check_extra (const DfkdNetwork *network, DfkdSafetensors *file, const char *prefix, const char *path, GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  guint count = (guint) dfkd_safetensors_count (file);

  for (guint i = 0; i < network->tensors->len; i++)
    g_hash_table_add (known, get_tensor (network, i)->name);
  for (guint i = 0; i < count; i++)
    {
      const char *name = dfkd_safetensors_name (file, i);

      if (!g_hash_table_contains (known, name + strlen (prefix)))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                       _("%s: network %s has no tensor %s; is it another network? name it with --network"), path,
                       network->name, name);
          return FALSE;
        }
    }
  return TRUE;
}

static DfkdModel *
load (DfkdSafetensors *file, const char *path, const char *network_name, GError **error)
{
  const char *prefix = find_prefix (file);
  g_auto (DfkdModelMetadata) metadata = { 0 };
  g_autoptr (DfkdNetwork) network = NULL;
  g_autoptr (DfkdModel) model = NULL;

  if (!dfkd_model_metadata_read (&metadata, file, path, prefix, network_name, error))
    return NULL;
  network = dfkd_network_new (metadata.network, &metadata.options, error);
  if (network == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  for (guint i = 0; i < network->tensors->len; i++)
    if (!check_shape (network, get_tensor (network, i), file, prefix, path, error))
      return NULL;
  if (!check_extra (network, file, prefix, path, error))
    return NULL;
  model = dfkd_model_new (network, metadata.mean, metadata.std);
  model->accuracy = metadata.accuracy;
  for (guint i = 0; i < network->tensors->len; i++)
    if (!read_tensor (model, get_tensor (network, i), file, prefix, path, error))
      return NULL;
  return g_steal_pointer (&model);
}

DfkdModel *
dfkd_model_load (const char *path, const char *network, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, error);

  return file != NULL ? load (file, path, network, error) : NULL;
}

DfkdModel *
dfkd_model_load_bytes (GBytes *bytes, const char *name, const char *network, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_new_from_bytes (bytes, name, error);

  return file != NULL ? load (file, name, network, error) : NULL;
}

/* ------------------------------------------------------------------------------------------------- writing */

static char *
number_list (const float *values, gsize count)
{
  GString *text = g_string_new ("[");
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < count; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            g_ascii_formatd (number, sizeof number, "%.9g", (double) values[i]));
  return g_string_free (g_string_append_c (text, ']'), FALSE);
}

static void
add_size (DfkdSafetensorsWriter *writer, const char *key, gsize size)
{
  g_autofree char *text = g_strdup_printf ("%zu", size);

  dfkd_safetensors_writer_add_metadata (writer, key, text);
}

static void
add_metadata (DfkdSafetensorsWriter *writer, const DfkdModel *model)
{
  const DfkdNetworkOptions *o = &model->network->options;
  g_autofree char *network = g_strdup_printf ("\"%s\"", model->network->name);
  g_autofree char *shape = g_strdup_printf ("[%zu, %zu, %zu]", o->channels,
                                            o->height, o->width);
  char accuracy[G_ASCII_DTOSTR_BUF_SIZE];

  dfkd_safetensors_writer_add_metadata (writer, "network", network);
  dfkd_safetensors_writer_add_metadata (writer, "input_shape", shape);
  if (model->network->is_generator)
    {
      add_size (writer, "nz", o->nz);
      add_size (writer, "ngf", o->ngf);
    }
  else
    {
      g_autofree char *mean = number_list (model->mean, o->channels), *std = number_list (model->std, o->channels);

      add_size (writer, "classes", o->classes);
      dfkd_safetensors_writer_add_metadata (writer, "mean", mean);
      dfkd_safetensors_writer_add_metadata (writer, "std", std);
    }
  if (model->accuracy >= 0.0)
    dfkd_safetensors_writer_add_metadata (writer, "accuracy",
                                          g_ascii_formatd (accuracy, sizeof accuracy, "%.17g", model->accuracy));
}

gboolean
dfkd_model_save (const DfkdModel *model, const char *path, GError **error)
{
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  static const gint64 zero = 0;

  add_metadata (writer, model);
  for (guint i = 0; i < model->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = get_tensor (model->network, i);
      const gsize count = dfkd_shape_count (&tensor->shape);
      g_autofree float *values = NULL;

      if (tensor->home == DFKD_HOME_COUNTER)
        {
          dfkd_safetensors_writer_add_tensor (writer, tensor->name, DFKD_DTYPE_I64, NULL, 0, &zero);
          continue;
        }
      values = g_new (float, count);
      dfkd_tensor_from_storage (&tensor->shape, locate (model, tensor), values);
      dfkd_safetensors_writer_add_tensor (writer, tensor->name, DFKD_DTYPE_F32, tensor->shape.dim, tensor->shape.rank, values);
    }
  return dfkd_safetensors_writer_write (writer, path, error);
}
