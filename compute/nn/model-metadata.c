/* model-metadata.c: reading a model file's metadata, and asking its tensors for what it does not say. */
#include "model-metadata-private.h"

#include "channel-values.h"
#include "class-names.h"
#include "errors.h"
#include "json-input.h"
#include "recognise.h"

#include <glib/gi18n-lib.h>
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
  g_clear_pointer (&metadata->class_names, g_strfreev);
  g_clear_pointer (&metadata->notice, g_free);
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
read_numbers (const DfkdTensorFile *file, const char *path, const char *key, double **numbers, guint *count, GError **error)
{
  const char *text = dfkd_tensor_file_metadata (file, key);
  g_autoptr (JsonNode) root = NULL;
  g_autofree double *values = NULL;

  *numbers = NULL;
  *count = 0;
  if (text == NULL)
    return TRUE;
  root = dfkd_json_parse (text, -1, NULL);
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
read_sizes (const DfkdTensorFile *file, const char *path, const char *key, gsize **sizes, guint wanted, GError **error)
{
  g_autofree double *numbers = NULL;
  guint count;

  if (!read_numbers (file, path, key, &numbers, &count, error))
    return FALSE;
  if (count == 0)
    return TRUE;
  if (count != wanted)
    return refuse (path, key, dfkd_tensor_file_metadata (file, key),
                   wanted == 1 ? _("one number") : _("three numbers: channels, height, width"), error);
  for (guint i = 0; i < count; i++)
    {
      if (numbers[i] < 1.0 || numbers[i] > 1e6 || numbers[i] != floor (numbers[i]))
        return refuse (path, key, dfkd_tensor_file_metadata (file, key), _("whole numbers from 1"), error);
      *sizes[i] = (gsize) numbers[i];
    }
  return TRUE;
}

static gboolean
read_channel_values (const DfkdTensorFile *file, const char *path, const char *key, gsize channels, gboolean positive,
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

      return refuse (path, key, dfkd_tensor_file_metadata (file, key), expected, error);
    }
  *values = g_new (float, channels);
  for (gsize c = 0; c < channels; c++)
    {
      (*values)[c] = (float) numbers[count == 1 ? 0 : c];
      if (!isfinite ((*values)[c]) || (positive && !((*values)[c] > 0.0f)))
        return refuse (path, key, dfkd_tensor_file_metadata (file, key),
                       positive ? _("positive numbers") : _("finite numbers"), error);
    }
  return TRUE;
}

/* The name is JSON text as PyTorch users write it with json.dumps, or bare. */
static char *
read_name (const DfkdTensorFile *file)
{
  const char *text = dfkd_tensor_file_metadata (file, "network");
  gsize length = text != NULL ? strlen (text) : 0;

  if (length >= 2 && text[0] == '"' && text[length - 1] == '"')
    return g_strndup (text + 1, length - 2);
  return g_strdup (text);
}

/* the network by its tensors, with a sentence that says so */
static gboolean
recognise (DfkdModelMetadata *m, const DfkdTensorFile *file, const char *path, const char *prefix)
{
  g_autofree const char **fitting = dfkd_recognise (file, prefix, &m->options);

  if (fitting[0] == NULL)
    return FALSE;
  m->network = g_strdup (fitting[0]);
  if (fitting[1] == NULL)
    m->notice = g_strdup_printf (_("%s does not say which network it holds: by its tensors it is %s"), path, fitting[0]);
  else
    {
      g_autofree char *others = g_strjoinv (", ", (char **) fitting + 1);

      m->notice = g_strdup_printf (
          _("%s does not say which network it holds: by its tensors it is %s, but these would fit as well: %s; choose with --network"), path,
          fitting[0], others);
    }
  return TRUE;
}

/* Whether a network fits with what is known; *prefix grows by what all names share, where it fits without that. */
static gboolean
fit (DfkdModelMetadata *m, const DfkdTensorFile *file, const char *path, char **prefix, const DfkdNetworkOptions *known)
{
  g_autofree char *tried = g_strdup (*prefix);

  while (tried != NULL)
    {
      char *longer = NULL;

      m->options = *known;
      if (m->network != NULL ? dfkd_recognise_sizes (file, tried, m->network, &m->options) : recognise (m, file, path, tried))
        {
          g_free (*prefix);
          *prefix = g_steal_pointer (&tried);
          return TRUE;
        }
      longer = dfkd_recognise_shared_prefix (file, tried);
      g_free (tried);
      tried = longer;
    }
  return FALSE;
}

/* The network fits with what the file says alone, so what the caller says is wrong. */
static gboolean
blame_hints (const DfkdModelMetadata *m, const char *path, const DfkdModelHints *hints, GError **error)
{
  DfkdNetworkOptions wanted = m->options;
  g_autoptr (DfkdNetwork) network = NULL;
  g_autoptr (GError) cause = NULL;

  if (hints->classes != 0 && hints->classes != m->options.classes)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("--classes %zu does not go with %s: its classifier has %zu; leave the option out"), hints->classes, path, m->options.classes);
      return FALSE;
    }
  wanted.height = hints->height;
  wanted.width = hints->width;
  network = dfkd_network_new (m->network, &wanted, &cause);
  if (network == NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--size %zux%zu does not go with %s: %s"), hints->height, hints->width, path,
                 cause->message);
  else
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                 _("--size %zux%zu does not go with %s: by its tensors its images have %zu×%zu pixels"), hints->height, hints->width, path,
                 m->options.height, m->options.width);
  return FALSE;
}

/* For who reports how the named network differs: *prefix is the one behind which the network's first tensor stands. */
static void
guess_prefix (const DfkdModelMetadata *m, const DfkdTensorFile *file, char **prefix)
{
  g_autoptr (DfkdNetwork) network = dfkd_network_new (m->network, &m->options, NULL);
  g_autofree char *tried = g_strdup (*prefix);

  while (network != NULL && tried != NULL)
    {
      g_autofree char *first = g_strconcat (tried, g_array_index (network->tensors, DfkdNetworkTensor, 0).name, NULL), *before = NULL;

      if (dfkd_tensor_file_lookup (file, first) != NULL)
        {
          g_free (*prefix);
          *prefix = g_steal_pointer (&tried);
          return;
        }
      before = g_steal_pointer (&tried);
      tried = dfkd_recognise_shared_prefix (file, before);
    }
}

void
dfkd_model_tell_shared_prefix (const DfkdTensorFile *file, const char *prefix, GError **error)
{
  g_autofree char *shared = dfkd_recognise_shared_prefix (file, prefix), *message = NULL;

  if (shared == NULL || error == NULL)
    return;
  message = g_steal_pointer (&(*error)->message);
  (*error)->message = g_strdup_printf (_("%s (the names of all its tensors begin with “%s”)"), message, shared);
}

/* Fills the network, unless it is named, and what the file leaves out of its sizes. */
static gboolean
find_network (DfkdModelMetadata *m, const DfkdTensorFile *file, const char *path, char **prefix, const DfkdModelHints *hints, GError **error)
{
  const DfkdNetworkOptions said = m->options;
  DfkdNetworkOptions known = said;

  known.classes = hints->classes != 0 ? hints->classes : said.classes;
  known.height = hints->height != 0 ? hints->height : said.height;
  known.width = hints->width != 0 ? hints->width : said.width;
  m->knows_size = known.height != 0;
  m->fits = fit (m, file, path, prefix, &known);
  if (m->fits)
    return TRUE;
  if ((hints->classes != 0 || hints->height != 0) && fit (m, file, path, prefix, &said))
    return blame_hints (m, path, hints, error);
  if (m->network == NULL)
    {
      g_autofree char *names = g_strjoinv (", ", (char **) dfkd_network_names (FALSE));

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   _("%s does not say which network it holds, and its tensors are those of none that is known; name it with "
                     "--network to see where they differ; known are: %s"),
                   path, names);
      dfkd_model_tell_shared_prefix (file, *prefix, error);
      return FALSE;
    }
  m->options = known;
  dfkd_recognise_sizes (file, *prefix, m->network, &m->options);
  guess_prefix (m, file, prefix);
  m->options = known;
  dfkd_recognise_sizes (file, *prefix, m->network, &m->options);
  return TRUE;
}

/* Whether another size of images would give the same tensors. */
static gboolean
fits_another_size (const DfkdModelMetadata *m, const DfkdTensorFile *file, const char *prefix)
{
  DfkdNetworkOptions other = m->options;

  other.height = other.width = 2 * m->options.height;
  return dfkd_recognise_sizes (file, prefix, m->network, &other);
}

/* Values of the caller, which @option says, else of the file; at most one a channel, one alone counts for all. */
static gboolean
choose_values (const DfkdTensorFile *file, const char *path, const char *key, const char *option, const char *hint, gsize channels,
               gboolean positive, float **values, GError **error)
{
  if (hint == NULL || *hint == '\0')
    return read_channel_values (file, path, key, channels, positive, values, error);
  *values = g_new0 (float, channels);
  return dfkd_channel_values_choose (hint, option, positive, channels, path, *values, error);
}

/* Names of the caller, else of the file: as many as there are classes. */
static gboolean
choose_class_names (DfkdModelMetadata *m, const DfkdTensorFile *file, const char *path, const DfkdModelHints *hints, GError **error)
{
  const char *text = dfkd_tensor_file_metadata (file, "class_names");
  const char *hint = hints->class_names;
  const gboolean hinted = hint != NULL && *hint != '\0';

  if (!hinted && text == NULL)
    return TRUE;
  m->class_names = hinted ? dfkd_class_names_parse (hint) : dfkd_class_names_from_json (text);
  if (m->class_names != NULL && g_strv_length (m->class_names) == m->options.classes)
    return TRUE;
  if (hinted)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                 _("%s: “%.100s” is not allowed; expected %zu names with commas between them, one for each class of %s"),
                 hints->of_teacher ? "--teacher-classes" : "--class-names", hint, m->options.classes, path);
  else
    {
      g_autofree char *expected = g_strdup_printf (_("a list of %zu names, one for each class"), m->options.classes);

      refuse (path, "class_names", text, expected, error);
    }
  return FALSE;
}

static gboolean
read_known_sizes (DfkdModelMetadata *m, const DfkdTensorFile *file, const char *path, GError **error)
{
  DfkdNetworkOptions *o = &m->options;

  return read_sizes (file, path, "input_shape", (gsize *[]){ &o->channels, &o->height, &o->width }, 3, error)
         && read_sizes (file, path, "classes", (gsize *[]){ &o->classes }, 1, error)
         && read_sizes (file, path, "nz", (gsize *[]){ &o->nz }, 1, error)
         && read_sizes (file, path, "ngf", (gsize *[]){ &o->ngf }, 1, error);
}

gboolean
dfkd_model_metadata_read (DfkdModelMetadata *m, const DfkdTensorFile *file, const char *path, char **prefix,
                          const DfkdModelHints *hints, GError **error)
{
  g_autofree double *accuracy = NULL;
  guint count;

  m->accuracy = -1.0;
  m->network = hints->network != NULL && *hints->network != '\0' ? g_strdup (hints->network) : read_name (file);
  if (!read_known_sizes (m, file, path, error) || !find_network (m, file, path, prefix, hints, error))
    return FALSE;
  if (!m->fits)
    return TRUE; /* nothing that is said for channels or classes can be judged */
  m->knows_size = m->knows_size || !fits_another_size (m, file, *prefix);
  if (!choose_values (file, path, "mean", hints->of_teacher ? "--teacher-mean" : "--mean", hints->mean, m->options.channels, FALSE, &m->mean,
                      error)
      || !choose_values (file, path, "std", hints->of_teacher ? "--teacher-std" : "--std", hints->std, m->options.channels, TRUE, &m->std, error)
      || !choose_class_names (m, file, path, hints, error)
      || !read_numbers (file, path, "accuracy", &accuracy, &count, error))
    return FALSE;
  if (count > 0)
    m->accuracy = accuracy[0];
  return TRUE;
}
