/* cifar-pickle.c: the version for Python: a dict of an array and lists, written by Python 2. */
#include "cifar-private.h"

#include "errors.h"
#include "pickle.h"

#include <glib/gi18n-lib.h>

void
dfkd_cifar_close_pickle (gpointer keep)
{
  dfkd_pickle_free (keep);
}

static gboolean
refuse (const char *name, const char *key, const char *expected, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: “%s” in it is not %s; fetch the file again"), name, key, expected);
  return FALSE;
}

static gboolean
is_list (const DfkdPickleValue *value)
{
  return value != NULL && (value->kind == DFKD_PICKLE_LIST || value->kind == DFKD_PICKLE_TUPLE);
}

gboolean
dfkd_cifar_open_pickle (GBytes *file, const char *name, const char *labels, DfkdCifarPart *part, gpointer *keep, GError **error)
{
  DfkdPickle *pickle = dfkd_pickle_read (file, 0, NULL, name, error);
  const DfkdPickleValue *data, *list;
  const DfkdPickleArray *array;

  *keep = pickle;
  if (pickle == NULL)
    return FALSE;
  data = dfkd_pickle_lookup (dfkd_pickle_root (pickle), "data");
  array = data != NULL && data->kind == DFKD_PICKLE_ARRAY ? data->array : NULL;
  if (array == NULL || array->dtype != DFKD_DTYPE_U8 || array->rank != 2 || array->dims[0] == 0
      || array->dims[1] != DFKD_CIFAR_PIXELS)
    return refuse (name, "data", _("an array of bytes with 3072 for each image"), error);
  list = dfkd_pickle_lookup (dfkd_pickle_root (pickle), labels);
  if (!is_list (list) || dfkd_pickle_count (list) != array->dims[0])
    return refuse (name, labels, _("a list of one label for each image"), error);
  *part = (DfkdCifarPart){ array->data, DFKD_CIFAR_PIXELS, array->dims[0], g_new (gint32, array->dims[0]) };
  for (guint i = 0; i < part->count; i++)
    {
      const DfkdPickleValue *label = dfkd_pickle_item (list, i);

      if (label->kind != DFKD_PICKLE_INTEGER || label->integer < 0 || label->integer > G_MAXINT32)
        return refuse (name, labels, _("a list of one label for each image"), error);
      part->labels[i] = (gint32) label->integer;
    }
  return TRUE;
}

char **
dfkd_cifar_pickled_names (GBytes *file, const char *name, const char *key, gsize classes, GError **error)
{
  g_autoptr (DfkdPickle) pickle = dfkd_pickle_read (file, 0, NULL, name, error);
  const DfkdPickleValue *list = pickle != NULL ? dfkd_pickle_lookup (dfkd_pickle_root (pickle), key) : NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (pickle == NULL)
    return NULL;
  if (!is_list (list) || dfkd_pickle_count (list) != classes)
    {
      refuse (name, key, _("a list of one name for each class"), error);
      return NULL;
    }
  for (guint i = 0; i < classes; i++)
    {
      const DfkdPickleValue *text = dfkd_pickle_item (list, i);

      if (text->kind != DFKD_PICKLE_TEXT && text->kind != DFKD_PICKLE_BYTES)
        {
          refuse (name, key, _("a list of one name for each class"), error);
          return NULL;
        }
      if (!dfkd_cifar_check_name (text->text, text->length, name, error))
        return NULL;
      g_ptr_array_add (names, g_strndup (text->text, text->length));
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}
