/* data-fit.c: comparing sizes, numbers of classes and their names. */
#include "data-fit.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* of images: labels that happen not to occur are no sign of another set of classes */
static gboolean
classes_fit (const DfkdDataset *data, gsize classes)
{
  return data->classes_known ? data->classes == classes : data->classes <= classes;
}

static const char *
name_of (const DfkdDataset *data)
{
  return data->source != NULL ? data->source : "";
}

gboolean
dfkd_data_fit (const DfkdDataset *data, const DfkdNetwork *network, const char *model, const char *advice, GError **error)
{
  const DfkdNetworkOptions *o = &network->options;

  if (network->is_generator)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s holds a generator, expected a classifier"), model);
      return FALSE;
    }
  if (data->channels == o->channels && data->height == o->height && data->width == o->width && classes_fit (data, o->classes))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s does not fit the images of %s: they are %zu×%zu×%zu with %zu classes, but it takes %zu×%zu×%zu with %zu; %s"),
               model, name_of (data), data->channels, data->height, data->width, data->classes, o->channels, o->height, o->width,
               o->classes, advice);
  return FALSE;
}

gboolean
dfkd_data_fit_each_other (const DfkdDataset *training, const DfkdDataset *test, GError **error)
{
  if (training->channels != test->channels || training->height != test->height || training->width != test->width
      || !classes_fit (test, training->classes))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("the training images of %s are %zu×%zu×%zu with %zu classes, the test images of %s %zu×%zu×%zu with %zu; name fitting ones with --test"),
                   name_of (training), training->channels, training->height, training->width, training->classes, name_of (test),
                   test->channels, test->height, test->width, test->classes);
      return FALSE;
    }
  for (gsize i = 0; training->class_names != NULL && test->class_names != NULL && i < MIN (training->classes, test->classes); i++)
    if (!g_str_equal (training->class_names[i], test->class_names[i]))
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                     _("class %zu is called “%s” in the training images of %s, but “%s” in the test images of %s; name fitting ones with --test, or give the classes the same names"),
                     i, training->class_names[i], name_of (training), test->class_names[i], name_of (test));
        return FALSE;
      }
  return TRUE;
}

/* letters and digits alone, small */
static char *
plain_name (const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  GString *plain = g_string_new (NULL);

  for (const char *at = folded; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isalnum (g_utf8_get_char (at)))
      g_string_append_unichar (plain, g_utf8_get_char (at));
  return g_string_free (plain, FALSE);
}

/* where each name of the data stands among @names; NULL unless each is there once */
static gint32 *
find_places (const DfkdDataset *data, const char *const *names)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree gint32 *found = g_new (gint32, data->classes);

  for (gsize i = 0; i < data->classes; i++)
    if (!g_hash_table_insert (places, plain_name (names[i]), GSIZE_TO_POINTER (i + 1)))
      return NULL;
  for (gsize i = 0; i < data->classes; i++)
    {
      g_autofree char *plain = plain_name (data->class_names[i]);
      gsize place = GPOINTER_TO_SIZE (g_hash_table_lookup (places, plain));

      if (place == 0)
        return NULL;
      g_hash_table_remove (places, plain);
      found[i] = (gint32) (place - 1);
    }
  return g_steal_pointer (&found);
}

void
dfkd_data_arrange (DfkdDataset *data, const char *const *names)
{
  g_autofree gint32 *places = NULL;
  g_autofree char **arranged = NULL;

  if (names == NULL || data->class_names == NULL || g_strv_length ((char **) names) != data->classes
      || g_strv_length (data->class_names) != data->classes)
    return;
  places = find_places (data, names);
  if (places == NULL)
    return;
  arranged = g_new (char *, data->classes);
  for (gsize i = 0; i < data->classes; i++)
    arranged[places[i]] = data->class_names[i];
  memcpy (data->class_names, arranged, data->classes * sizeof *arranged);
  for (gsize i = 0; i < data->count; i++)
    data->labels[i] = places[data->labels[i]];
}

guint8 *
dfkd_data_to_storage (const DfkdDataset *data, GError **error)
{
  const DfkdShape shape = dfkd_shape_of_type (DFKD_U8, data->count, data->channels, data->height, data->width);
  guint8 *storage = g_try_malloc (dfkd_shape_bytes (&shape));

  if (storage == NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                 _("%s: there is too little memory for %zu bytes of images; close other programs"),
                 name_of (data), dfkd_shape_bytes (&shape));
  else
    dfkd_tensor_to_storage (&shape, data->images, storage);
  return storage;
}
