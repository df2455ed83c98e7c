/* model-metadata.c: reading a model file's metadata, and guessing from shapes what it does not say. */
#include "model-metadata-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

enum {
  MOST_NUMBERS = 4096, /* channels of the widest input */
};

void
dfkd_model_metadata_clear (DfkdModelMetadata *metadata)
{
  g_clear_pointer (&metadata->network, g_free);
  g_clear_pointer (&metadata->mean, g_free);
  g_clear_pointer (&metadata->std, g_free);
}

static gboolean
refuse (const char *path, const char *key, const char *found, const char *expected, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s: its metadata “%s” is %.100s, expected %s; correct the file or leave the key out"), path, key, found,
               expected);
  return FALSE;
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node)
         && (json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

/* Numbers of a key: a JSON number or a list of them. *count is 0 when the key is absent. */
static gboolean
read_numbers (DfkdSafetensors *file, const char *path, const char *key, double **numbers, guint *count, GError **error)
{
  const char *text = dfkd_safetensors_metadata (file, key);
  g_autoptr (JsonNode) root = NULL;
  g_autofree double *values = NULL;

  *numbers = NULL;
  *count = 0;
  if (text == NULL)
    return TRUE;
  /* a list of numbers is short and flat: refuse the rest before a parser recurses into it */
  if (strlen (text) < 64 * MOST_NUMBERS && strpbrk (text, "{\"") == NULL && strchr (text, '[') == strrchr (text, '['))
    root = json_from_string (text, NULL);
  if (root == NULL)
    return refuse (path, key, text, _("a number or a list of numbers"), error);
  if (is_number (root))
    {
      values = g_new (double, 1);
      values[0] = json_node_get_double (root);
      *count = 1;
    }
  else if (JSON_NODE_HOLDS_ARRAY (root))
    {
      JsonArray *array = json_node_get_array (root);
      guint length = json_array_get_length (array);

      if (length == 0 || length > MOST_NUMBERS)
        return refuse (path, key, text, _("a number or a list of numbers"), error);
      values = g_new (double, length);
      for (guint i = 0; i < length; i++)
        {
          if (!is_number (json_array_get_element (array, i)))
            return refuse (path, key, text, _("a number or a list of numbers"), error);
          values[i] = json_node_get_double (json_array_get_element (array, i));
        }
      *count = length;
    }
  else
    return refuse (path, key, text, _("a number or a list of numbers"), error);
  for (guint i = 0; i < *count; i++)
    if (!isfinite (values[i]))
      return refuse (path, key, text, _("finite numbers"), error);
  *numbers = g_steal_pointer (&values);
  return TRUE;
}

/* Sizes of a key into @sizes, which keep their values when the key is absent. */
static gboolean
read_sizes (DfkdSafetensors *file, const char *path, const char *key, gsize **sizes, guint wanted, GError **error)
{
  g_autofree double *numbers = NULL;
  guint count;

  if (!read_numbers (file, path, key, &numbers, &count, error))
    return FALSE;
  if (count == 0)
    return TRUE;
  if (count != wanted)
    return refuse (path, key, dfkd_safetensors_metadata (file, key),
                   wanted == 1 ? _("one number") : _("three numbers: channels, height, width"), error);
  for (guint i = 0; i < count; i++)
    {
      if (numbers[i] < 1.0 || numbers[i] > 1e6 || numbers[i] != floor (numbers[i]))
        return refuse (path, key, dfkd_safetensors_metadata (file, key), _("whole numbers from 1"), error);
      *sizes[i] = (gsize) numbers[i];
    }
  return TRUE;
}

static gboolean
read_channel_values (DfkdSafetensors *file, const char *path, const char *key, gsize channels, gboolean positive,
                     float **values, GError **error)
{
  g_autofree double *numbers = NULL;
  guint count;

  if (!read_numbers (file, path, key, &numbers, &count, error))
    return FALSE;
  if (count == 0)
    return TRUE;
  if (count != 1 && count != channels)
    {
      g_autofree char *expected = g_strdup_printf (_("one number, or one for each of %zu channels"), channels);

      return refuse (path, key, dfkd_safetensors_metadata (file, key), expected, error);
    }
  *values = g_new (float, channels);
  for (gsize c = 0; c < channels; c++)
    {
      (*values)[c] = (float) numbers[count == 1 ? 0 : c];
      if (!isfinite ((*values)[c]) || (positive && !((*values)[c] > 0.0f)))
        return refuse (path, key, dfkd_safetensors_metadata (file, key),
                       positive ? _("positive numbers") : _("finite numbers"), error);
    }
  return TRUE;
}

/* The name is JSON text as PyTorch users write it with json.dumps, or bare. */
static char *
read_name (DfkdSafetensors *file)
{
  const char *text = dfkd_safetensors_metadata (file, "network");
  gsize length = text != NULL ? strlen (text) : 0;

  if (length >= 2 && text[0] == '"' && text[length - 1] == '"')
    return g_strndup (text + 1, length - 2);
  return g_strdup (text);
}

static gsize
tensor_size (DfkdSafetensors *file, const char *prefix, const char *name, guint dimension)
{
  g_autofree char *full = g_strconcat (prefix, name, NULL);
  const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, full);

  return entry != NULL && dimension < entry->rank ? entry->dims[dimension] : 0;
}

/* Sizes told by the shapes of first and last layers; a wrong guess is found when every shape is compared. */
static void
guess_sizes (DfkdSafetensors *file, const char *prefix, DfkdNetworkOptions *o)
{
  static const char *const first[] = { "conv1.weight", "features.0.weight" };
  static const char *const last[] = { "fc.bias", "fc.2.bias" };
  gsize area;

  for (guint i = 0; i < G_N_ELEMENTS (first) && o->channels == 0; i++)
    o->channels = tensor_size (file, prefix, first[i], 1);
  for (guint i = 0; i < G_N_ELEMENTS (last) && o->classes == 0; i++)
    o->classes = tensor_size (file, prefix, last[i], 0);
  if (o->channels == 0)
    o->channels = tensor_size (file, prefix, "conv_blocks.9.weight", 0);
  if (o->ngf == 0)
    o->ngf = tensor_size (file, prefix, "conv_blocks.9.weight", 1);
  if (o->nz == 0)
    o->nz = tensor_size (file, prefix, "l1.0.weight", 1);
  area = o->ngf > 0 ? tensor_size (file, prefix, "l1.0.weight", 0) / 2 / o->ngf : 0;
  if (o->height == 0 && area > 0)
    o->height = o->width = 4 * (gsize) sqrt ((double) area);
  if (o->height == 0)
    o->height = o->width = 32;
}

gboolean
dfkd_model_metadata_read (DfkdModelMetadata *m, DfkdSafetensors *file, const char *path, const char *prefix,
                          const char *network, GError **error)
{
  DfkdNetworkOptions *o = &m->options;
  g_autofree double *accuracy = NULL;
  guint count;

  m->accuracy = -1.0;
  m->network = network != NULL && *network != '\0' ? g_strdup (network) : read_name (file);
  if (m->network == NULL)
    {
      g_autofree char *known = g_strjoinv (", ", (char **) dfkd_network_names (FALSE));

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   _("%s does not say which network it holds (metadata “network”); name it with --network; known are: %s"),
                   path, known);
      return FALSE;
    }
  if (!read_sizes (file, path, "input_shape", (gsize *[]){ &o->channels, &o->height, &o->width }, 3, error)
      || !read_sizes (file, path, "classes", (gsize *[]){ &o->classes }, 1, error)
      || !read_sizes (file, path, "nz", (gsize *[]){ &o->nz }, 1, error)
      || !read_sizes (file, path, "ngf", (gsize *[]){ &o->ngf }, 1, error))
    return FALSE;
  guess_sizes (file, prefix, o);
  if (!read_channel_values (file, path, "mean", o->channels, FALSE, &m->mean, error)
      || !read_channel_values (file, path, "std", o->channels, TRUE, &m->std, error)
      || !read_numbers (file, path, "accuracy", &accuracy, &count, error))
    return FALSE;
  if (count > 0)
    m->accuracy = accuracy[0];
  return TRUE;
}
