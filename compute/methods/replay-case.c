/* replay-case.c: reading a case's tensors and settings, and comparing with them. */
#include "replay-private.h"

#include "channel-values.h"
#include "errors.h"
#include "random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* --------------------------------------------------------------------------------------- reading the case */

static const DfkdTensorEntry *
find (DfkdReplay *replay, const char *name)
{
  const DfkdTensorEntry *entry = replay->over != NULL ? dfkd_safetensors_lookup (replay->over, name) : NULL;

  return entry != NULL ? entry : dfkd_safetensors_lookup (replay->file, name);
}

static const char *
find_setting (DfkdReplay *replay, const char *name)
{
  const char *text = replay->over != NULL ? dfkd_safetensors_metadata (replay->over, name) : NULL;

  return text != NULL ? text : dfkd_safetensors_metadata (replay->file, name);
}

const DfkdTensorEntry *
dfkd_replay_lookup (DfkdReplay *replay, GError **error, const char *format, ...)
{
  g_autofree char *name = NULL;
  const DfkdTensorEntry *entry;
  va_list arguments;

  va_start (arguments, format);
  name = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  entry = find (replay, name);
  if (entry == NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: the tensor %s is missing from this case"), replay->path, name);
  return entry;
}

double
dfkd_replay_setting (DfkdReplay *replay, const char *name)
{
  const char *text = find_setting (replay, name);

  return text != NULL ? g_ascii_strtod (text, NULL) : 0.0;
}

float *
dfkd_replay_channels (DfkdReplay *replay, const char *name, gboolean positive, gsize channels, GError **error)
{
  const char *text = find_setting (replay, name);
  g_autofree char *list = g_strdelimit (g_strdup (text != NULL ? text : ""), "[]", ' '), *what = g_strconcat (replay->path, ": ", name, NULL);
  g_autofree float *values = g_new (float, channels);

  if (text == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: the case has no setting %s"), replay->path, name);
      return NULL;
    }
  return dfkd_channel_values_choose (list, what, positive, channels, _("the case"), values, error) ? g_steal_pointer (&values) : NULL;
}

/* a setting that is text: written as JSON, in quotes */
char *
dfkd_replay_text (DfkdReplay *replay, const char *name)
{
  const char *text = find_setting (replay, name);
  gsize length = text != NULL ? strlen (text) : 0;

  return length >= 2 && text[0] == '"' ? g_strndup (text + 1, length - 2) : g_strdup (text != NULL ? text : "");
}

/* elements first … first + count of a tensor, as float; NULL when it is shorter */
float *
dfkd_replay_read (DfkdReplay *replay, const DfkdTensorEntry *entry, gsize first, gsize count, GError **error)
{
  g_autofree float *all = NULL;
  gsize total = dfkd_tensor_entry_count (entry);

  if (first + count > total)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("%s: the tensor %s holds %zu numbers, expected at least %zu"), replay->path,
                   entry->name, total, first + count);
      return NULL;
    }
  all = g_new (float, total);
  if (!dfkd_tensor_entry_read_float (entry, all, total, error))
    return NULL;
  return g_memdup2 (all + first, count * sizeof (float));
}

gboolean
dfkd_replay_write (DfkdReplay *replay, DfkdBlock *block, guint index, const DfkdTensorEntry *entry, gsize round, GError **error)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);
  gsize count = dfkd_shape_count (&variable->shape);
  g_autofree float *values = NULL;
  g_autofree gint32 *storage = g_new (gint32, count);

  if (entry == NULL || (values = dfkd_replay_read (replay, entry, round * count, count, error)) == NULL)
    return FALSE;
  if (variable->shape.type == DFKD_I32)
    for (gsize i = 0; i < count; i++)
      storage[i] = (gint32) values[i];
  else
    dfkd_tensor_to_storage (&variable->shape, values, storage);
  return dfkd_device_write (replay->device, block, variable->offset, storage, count * sizeof (float), error);
}

gboolean
dfkd_replay_write_nudged (DfkdReplay *replay, DfkdBlock *block, guint index, const DfkdTensorEntry *entry, guint round, GError **error)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);
  gsize count = dfkd_shape_count (&variable->shape);
  g_autofree float *values = entry != NULL ? dfkd_replay_read (replay, entry, 0, count, error) : NULL;
  g_autofree float *storage = g_new (float, count);

  if (values == NULL)
    return FALSE;
  for (gsize i = 0; i < count && replay->nudge > 0; i++)
    {
      guint32 words[4];

      dfkd_philox (replay->nudge, round, 0, (guint32) i, words);
      values[i] = nextafterf (values[i], words[0] & 1 ? INFINITY : -INFINITY);
    }
  dfkd_tensor_to_storage (&variable->shape, values, storage);
  return dfkd_device_write (replay->device, block, variable->offset, storage, count * sizeof (float), error);
}

gboolean
dfkd_replay_load_network (DfkdReplay *replay, const DfkdPlaced *placed, const char *prefix, GError **error)
{
  for (guint i = 0; i < placed->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (placed->network->tensors, DfkdNetworkTensor, i);
      DfkdBlock *block = tensor->home == DFKD_HOME_PARAMETERS ? placed->parameters : placed->state;
      const DfkdTensorEntry *entry;
      g_autofree float *values = NULL, *storage = NULL;
      gsize count, offset;

      if (tensor->home == DFKD_HOME_COUNTER)
        continue;
      /* a generator's running statistics are not part of a case: it always normalises by its batch */
      if (tensor->home == DFKD_HOME_STATE && placed->network->is_generator)
        continue;
      count = dfkd_shape_count (&tensor->shape);
      offset = dfkd_block_get (block, tensor->variable)->offset + tensor->row * count * sizeof (float);
      entry = dfkd_replay_lookup (replay, error, "in/%s.%s", prefix, tensor->name);
      if (entry == NULL || (values = dfkd_replay_read (replay, entry, 0, count, error)) == NULL)
        return FALSE;
      storage = g_new (float, count);
      dfkd_tensor_to_storage (&tensor->shape, values, storage);
      if (!dfkd_device_write (replay->device, block, offset, storage, count * sizeof (float), error))
        return FALSE;
    }
  return TRUE;
}

/* ---------------------------------------------------------------------------------------------- comparing */

static void
add_deviation (DfkdReplay *replay, const char *name, const float *got, const float *want, const float *before, gsize count,
               double tolerance)
{
  DfkdDeviation *deviation = g_new0 (DfkdDeviation, 1);
  double difference = 0.0, size = 0.0;

  for (gsize i = 0; i < count; i++)
    {
      double d = (double) got[i] - (double) want[i], w = (double) want[i] - (before != NULL ? (double) before[i] : 0.0);

      difference += d * d;
      size += w * w;
    }
  deviation->name = g_strdup (name);
  deviation->tolerance = tolerance;
  if (!isfinite (difference))
    deviation->deviation = (double) INFINITY;
  else if (size > 0.0)
    deviation->deviation = sqrt (difference / size);
  else
    deviation->deviation = difference > 0.0 ? (double) INFINITY : 0.0; /* what must not move did */
  g_ptr_array_add (replay->deviations, deviation);
}

/* @before: (nullable): the whole name of what an update starts from */
static gboolean
compare (DfkdReplay *replay, const float *got, gsize count, const char *name, const char *before, double tolerance, GError **error)
{
  const DfkdTensorEntry *entry = dfkd_replay_lookup (replay, error, "out/%s", name);
  g_autofree float *want = NULL, *start = NULL;

  if (entry == NULL || (want = dfkd_replay_read (replay, entry, 0, count, error)) == NULL)
    return FALSE;
  if (before != NULL
      && ((entry = dfkd_replay_lookup (replay, error, "%s", before)) == NULL
          || (start = dfkd_replay_read (replay, entry, 0, count, error)) == NULL))
    return FALSE;
  add_deviation (replay, name, got, want, start, count, tolerance);
  return TRUE;
}

gboolean
dfkd_replay_compare (DfkdReplay *replay, const float *got, gsize count, const char *name, double tolerance, GError **error)
{
  return compare (replay, got, count, name, NULL, tolerance, error);
}

static float *
download (DfkdReplay *replay, DfkdBlock *block, gsize offset, const DfkdShape *shape, GError **error)
{
  gsize bytes = dfkd_shape_bytes (shape);
  g_autofree float *storage = g_malloc (bytes), *values = g_malloc (bytes);

  if (!dfkd_device_read (replay->device, block, offset, storage, bytes, error))
    return NULL;
  dfkd_tensor_from_storage (shape, storage, values);
  return g_steal_pointer (&values);
}

gboolean
dfkd_replay_compare_update (DfkdReplay *replay, DfkdBlock *block, guint index, const char *name, const char *before, double tolerance,
                            GError **error)
{
  const DfkdVariable *variable = dfkd_block_get (block, index);
  g_autofree float *got = download (replay, block, variable->offset, &variable->shape, error);

  return got != NULL && compare (replay, got, dfkd_shape_count (&variable->shape), name, before, tolerance, error);
}

gboolean
dfkd_replay_compare_variable (DfkdReplay *replay, DfkdBlock *block, guint index, const char *name, double tolerance, GError **error)
{
  return dfkd_replay_compare_update (replay, block, index, name, NULL, tolerance, error);
}

/* Every tensor of a network in @parameters (and @state), under out/@prefix; @before is where the updates
 * start from, as "in/generator", or NULL to compare the values themselves. */
gboolean
dfkd_replay_compare_network (DfkdReplay *replay, const DfkdPlaced *placed, DfkdBlock *parameters, DfkdBlock *state, const char *prefix,
                 const char *before, double tolerance, GError **error)
{
  for (guint i = 0; i < placed->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (placed->network->tensors, DfkdNetworkTensor, i);
      DfkdBlock *block = tensor->home == DFKD_HOME_PARAMETERS ? parameters : state;
      g_autofree char *name = g_strdup_printf ("%s.%s", prefix, tensor->name);
      g_autofree char *start = before != NULL ? g_strdup_printf ("%s.%s", before, tensor->name) : NULL;
      g_autofree float *got = NULL;
      gsize offset;

      if (tensor->home == DFKD_HOME_COUNTER || block == NULL)
        continue;
      offset = dfkd_block_get (block, tensor->variable)->offset + tensor->row * dfkd_shape_count (&tensor->shape) * sizeof (float);
      if ((got = download (replay, block, offset, &tensor->shape, error)) == NULL
          || !compare (replay, got, dfkd_shape_count (&tensor->shape), name, start, tolerance, error))
        return FALSE;
    }
  return TRUE;
}
