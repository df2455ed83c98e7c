/* model-file.c: models, and reading them from files. They are written in model-save.c. */
#include "model-file-private.h"

#include "errors.h"
#include "map-file.h"
#include "model-metadata-private.h"
#include "recognise.h"

#include <float.h>
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
  g_strfreev (model->class_names);
  g_free (model->notice);
  g_free (model);
}

static const DfkdNetworkTensor *
get_tensor (const DfkdNetwork *network, guint index)
{
  return &g_array_index (network->tensors, DfkdNetworkTensor, index);
}

float *
dfkd_model_locate (const DfkdModel *model, const DfkdNetworkTensor *tensor)
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

gboolean
dfkd_model_same_shape (const DfkdTensorEntry *entry, const DfkdShape *shape)
{
  if (entry->rank != shape->rank)
    return FALSE;
  for (guint i = 0; i < shape->rank; i++)
    if (entry->dims[i] != shape->dim[i])
      return FALSE;
  return TRUE;
}

/* whether number @index of the file is finite and too large for float32 */
static gboolean
is_too_large (const DfkdTensorEntry *entry, gsize index, double *value)
{
  if (entry->dtype != DFKD_DTYPE_F64)
    return FALSE;
  memcpy (value, entry->data + index * sizeof *value, sizeof *value);
  return isfinite (*value) && fabs (*value) > (double) FLT_MAX;
}

static gboolean
check_values (const DfkdNetworkTensor *tensor, const DfkdTensorEntry *entry, const float *values, const char *path, GError **error)
{
  const gsize count = dfkd_shape_count (&tensor->shape);
  const gboolean variance = tensor->home == DFKD_HOME_STATE && tensor->row == 1;
  double large;

  for (gsize i = 0; i < count; i++)
    if (!isfinite (values[i]) && is_too_large (entry, i, &large))
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER,
                     _("%s: number %zu of the tensor %s is %g, which does not fit float32 (at most %g)"), path, i, tensor->name, large,
                     (double) FLT_MAX);
        return FALSE;
      }
    else if (!isfinite (values[i]) || (variance && values[i] < 0.0f))
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

/* what to try where the file is another network than the one that was named, by @hints or in the file */
static const char *
advise (const DfkdModelHints *hints)
{
  return hints->network != NULL && *hints->network != '\0' ? _("is it another network than --network says?")
                                                           : _("is it another network? name it with --network");
}

/* Missing and misshapen tensors are found before anything is allocated for them. */
static gboolean
check_shape (const DfkdNetwork *network, const DfkdNetworkTensor *tensor, const DfkdTensorFile *file, const char *prefix,
             const char *path, const DfkdModelHints *hints, GError **error)
{
  g_autofree char *name = g_strconcat (prefix, tensor->name, NULL), *wanted = NULL, *found = NULL;
  const DfkdTensorEntry *entry = dfkd_tensor_file_lookup (file, name);

  if (tensor->home == DFKD_HOME_COUNTER || (entry != NULL && dfkd_model_same_shape (entry, &tensor->shape)))
    return TRUE;
  wanted = dfkd_shape_text (&tensor->shape);
  found = entry != NULL ? dfkd_tensor_entry_shape_text (entry) : g_strdup (_("missing"));
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
               _("%s: the tensor %s is %s, expected %s for network %s; %s"), path, name, found, wanted, network->name, advise (hints));
  dfkd_model_tell_shared_prefix (file, prefix, error);
  return FALSE;
}

static gboolean
read_tensor (DfkdModel *model, const DfkdNetworkTensor *tensor, const DfkdTensorFile *file, const char *prefix,
             const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (prefix, tensor->name, NULL);
  const gsize count = dfkd_shape_count (&tensor->shape);
  const DfkdTensorEntry *entry = dfkd_tensor_file_lookup (file, name);
  g_autofree float *values = NULL;

  if (tensor->home == DFKD_HOME_COUNTER)
    return TRUE;
  values = g_new (float, count);
  if (!dfkd_tensor_entry_read_float (entry, values, count, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  if (!check_values (tensor, entry, values, path, error))
    return FALSE;
  dfkd_tensor_to_storage (&tensor->shape, values, dfkd_model_locate (model, tensor));
  return TRUE;
}

/* A tensor that the network has no place for means that the name of the network is wrong. */
static gboolean
check_extra (const DfkdNetwork *network, const DfkdTensorFile *file, const char *prefix, const char *path, const DfkdModelHints *hints,
             GError **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  guint count = (guint) dfkd_tensor_file_count (file);

  for (guint i = 0; i < network->tensors->len; i++)
    g_hash_table_add (known, get_tensor (network, i)->name);
  for (guint i = 0; i < count; i++)
    {
      const char *name = dfkd_tensor_file_get (file, i)->name;

      if (!g_hash_table_contains (known, name + strlen (prefix)))
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                       _("%s: network %s has no tensor %s; %s"), path, network->name, name, advise (hints));
          return FALSE;
        }
    }
  return TRUE;
}

/* sentences, one after the other */
static void
add_notice (DfkdModel *model, const char *sentence)
{
  g_autofree char *before = g_steal_pointer (&model->notice);

  if (sentence == NULL)
    model->notice = g_steal_pointer (&before);
  else
    model->notice = before != NULL ? g_strconcat (before, "; ", sentence, NULL) : g_strdup (sentence);
}

static void
note_assumptions (DfkdModel *model, const DfkdModelMetadata *metadata, const DfkdTensorFile *file, const char *path)
{
  const DfkdNetworkOptions *o = &model->network->options;
  g_autofree char *size
      = g_strdup_printf (_("%s does not say how large its images are: %zu×%zu pixels are assumed; if they are others, "
                           "write that down with dfkd convert --size"),
                         path, o->height, o->width);
  const char *unknown
    = model->knows_mean  ? _("%s does not say the standard deviation of its images: 1 is assumed; if it was trained with another, say it: teacher_std of a recipe, --std of a command")
      : model->knows_std ? _("%s does not say the mean of its images: 0 is assumed; if it was trained with another, say it: teacher_mean of a recipe, --mean of a command")
                         : _("%s does not say the mean and the standard deviation of its images: 0 and 1 are assumed; if it was trained with others, "
                             "say them: teacher_mean and teacher_std of a recipe, --mean and --std of a command");
  g_autofree char *values = g_strdup_printf (unknown, path);

  add_notice (model, dfkd_tensor_file_notice (file));
  add_notice (model, metadata->notice);
  if (!metadata->knows_size && !model->network->is_generator)
    add_notice (model, size);
  if (!(model->knows_mean && model->knows_std) && !model->network->is_generator)
    add_notice (model, values);
}

static DfkdModel *
load (const DfkdTensorFile *file, const char *path, const DfkdModelHints *hints, GError **error)
{
  g_autofree char *prefix = dfkd_recognise_prefix (file);
  g_auto (DfkdModelMetadata) metadata = { 0 };
  g_autoptr (DfkdNetwork) network = NULL;
  g_autoptr (DfkdModel) model = NULL;

  if (!dfkd_model_metadata_read (&metadata, file, path, &prefix, hints, error))
    return NULL;
  network = dfkd_network_new (metadata.network, &metadata.options, error);
  if (network == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  for (guint i = 0; i < network->tensors->len; i++)
    if (!check_shape (network, get_tensor (network, i), file, prefix, path, hints, error))
      return NULL;
  if (!check_extra (network, file, prefix, path, hints, error))
    return NULL;
  model = dfkd_model_new (network, metadata.mean, metadata.std);
  model->accuracy = metadata.accuracy;
  model->class_names = g_steal_pointer (&metadata.class_names);
  model->assumes_size = !metadata.knows_size;
  model->knows_mean = metadata.mean != NULL;
  model->knows_std = metadata.std != NULL;
  note_assumptions (model, &metadata, file, path);
  for (guint i = 0; i < network->tensors->len; i++)
    if (!read_tensor (model, get_tensor (network, i), file, prefix, path, error))
      return NULL;
  return g_steal_pointer (&model);
}

DfkdModel *
dfkd_model_load_bytes (GBytes *bytes, const char *name, const DfkdModelHints *hints, GError **error)
{
  static const DfkdModelHints none = { 0 };
  g_autoptr (DfkdTensorFile) file = NULL;

  hints = hints != NULL ? hints : &none;
  file = dfkd_tensor_file_new_from_bytes (bytes, name, hints->part, error);
  return file != NULL ? load (file, name, hints, error) : NULL;
}

DfkdModel *
dfkd_model_load_hinted (const char *path, const DfkdModelHints *hints, GError **error)
{
  g_autoptr (GBytes) bytes = dfkd_map_file (path, error);

  return bytes != NULL ? dfkd_model_load_bytes (bytes, path, hints, error) : NULL;
}

DfkdModel *
dfkd_model_load (const char *path, const char *network, GError **error)
{
  return dfkd_model_load_hinted (path, &(DfkdModelHints){ .network = network }, error);
}
