/* pickle.c: reading one, and its values and their owner. Operations are in pickle-opcodes.c, classes in pickle-classes.c. */
#include "pickle-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  MOST_VALUES = 1 << 20, /* CIFAR-100 has 150,000; a file of one-byte opcodes shall not take fifty times its size in memory */
  MOST_STEPS = 1 << 24,  /* pushed or put into a container; what is small in the file may be put there again and again */
  ALLOWANCE = 1 << 16,   /* bytes unpacked, beside four times the pickle's own: Latin-1 grows to UTF-8, and again in a copy */
};

static void
free_value (gpointer data)
{
  DfkdPickleValue *value = data;

  if (value->kind == DFKD_PICKLE_LIST || value->kind == DFKD_PICKLE_TUPLE || value->kind == DFKD_PICKLE_DICT)
    g_clear_pointer (&value->items, g_ptr_array_unref);
  else if (value->kind == DFKD_PICKLE_ARRAY)
    g_free (value->array);
  else if (value->kind == DFKD_PICKLE_TENSOR)
    g_free (value->tensor);
  g_free (value);
}

void
dfkd_pickle_free (DfkdPickle *pickle)
{
  if (pickle == NULL)
    return;
  g_ptr_array_unref (pickle->values);
  g_ptr_array_unref (pickle->texts);
  g_ptr_array_unref (pickle->storages);
  g_bytes_unref (pickle->bytes);
  g_free (pickle);
}

const DfkdPickleValue *
dfkd_pickle_root (const DfkdPickle *pickle)
{
  return pickle->root;
}

/* ------------------------------------------------------------------------------------------------- looking */

guint
dfkd_pickle_count (const DfkdPickleValue *value)
{
  if (value->kind == DFKD_PICKLE_DICT)
    return value->items != NULL ? value->items->len / 2 : 0;
  if (value->kind == DFKD_PICKLE_LIST || value->kind == DFKD_PICKLE_TUPLE)
    return value->items != NULL ? value->items->len : 0;
  return 0;
}

const DfkdPickleValue *
dfkd_pickle_item (const DfkdPickleValue *value, guint index)
{
  g_return_val_if_fail (value->kind != DFKD_PICKLE_DICT && index < dfkd_pickle_count (value), NULL);
  return value->items->pdata[index];
}

const DfkdPickleValue *
dfkd_pickle_key (const DfkdPickleValue *dict, guint index)
{
  g_return_val_if_fail (dict->kind == DFKD_PICKLE_DICT && index < dfkd_pickle_count (dict), NULL);
  return dict->items->pdata[2 * index];
}

const DfkdPickleValue *
dfkd_pickle_entry (const DfkdPickleValue *dict, guint index)
{
  g_return_val_if_fail (dict->kind == DFKD_PICKLE_DICT && index < dfkd_pickle_count (dict), NULL);
  return dict->items->pdata[2 * index + 1];
}

gboolean
dfkd_pickle_is_text (const DfkdPickleValue *value, const char *text)
{
  return (value->kind == DFKD_PICKLE_TEXT || value->kind == DFKD_PICKLE_BYTES) && value->length == strlen (text)
         && memcmp (value->text, text, value->length) == 0;
}

const DfkdPickleValue *
dfkd_pickle_lookup (const DfkdPickleValue *dict, const char *key)
{
  if (dict->kind != DFKD_PICKLE_DICT)
    return NULL;
  for (guint i = dfkd_pickle_count (dict); i > 0; i--)
    if (dfkd_pickle_is_text (dfkd_pickle_key (dict, i - 1), key))
      return dfkd_pickle_entry (dict, i - 1);
  return NULL;
}

guint
dfkd_pickle_count_storages (const DfkdPickle *pickle)
{
  return pickle->storages->len;
}

const DfkdPickleStorage *
dfkd_pickle_get_storage (const DfkdPickle *pickle, guint index)
{
  g_return_val_if_fail (index < pickle->storages->len, NULL);
  return pickle->storages->pdata[index];
}

/* -------------------------------------------------------------------------------------------------- making */

gboolean
dfkd_pickle_damage (DfkdPickleReader *reader, const char *format, ...)
{
  va_list arguments;

  if (reader->problem != NULL)
    return FALSE;
  va_start (arguments, format);
  reader->problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return FALSE;
}

gboolean
dfkd_pickle_forbid (DfkdPickleReader *reader, const char *name)
{
  if (reader->problem != NULL)
    return FALSE;
  reader->problem = g_strdup (name);
  reader->forbidden = TRUE;
  return FALSE;
}

DfkdPickleValue *
dfkd_pickle_make (DfkdPickleReader *reader, DfkdPickleKind kind)
{
  DfkdPickleValue *value;

  if (reader->pickle->values->len >= MOST_VALUES)
    {
      dfkd_pickle_damage (reader, _("it holds more than %u values"), MOST_VALUES);
      return NULL;
    }
  value = g_new0 (DfkdPickleValue, 1);
  value->kind = kind;
  g_ptr_array_add (reader->pickle->values, value);
  return value;
}

guint8 *
dfkd_pickle_allocate (DfkdPickleReader *reader, gsize size)
{
  guint8 *data;

  if (size > reader->allowance)
    {
      dfkd_pickle_damage (reader, _("it unpacks to far more than its size"));
      return NULL;
    }
  reader->allowance -= size;
  data = g_try_malloc (MAX (size, 1));
  if (data == NULL)
    dfkd_pickle_damage (reader, _("there is too little memory for it"));
  else
    g_ptr_array_add (reader->pickle->texts, data);
  return data;
}

/* zero bytes are characters to Python */
static gboolean
is_utf8 (const char *text, gsize length)
{
  const char *const end = text + length;
  const char *stop;

  while (text < end)
    {
      if (*text == '\0')
        text++;
      else if (g_utf8_validate (text, end - text, &stop) || (stop > text && *stop == '\0'))
        text = stop;
      else
        return FALSE;
    }
  return TRUE;
}

DfkdPickleValue *
dfkd_pickle_make_text (DfkdPickleReader *reader, DfkdPickleKind kind, const guint8 *data, gsize length)
{
  DfkdPickleValue *value = dfkd_pickle_make (reader, kind);
  guint8 *copy;

  if (value == NULL)
    return NULL;
  value->length = length;
  value->text = (const char *) data;
  if (kind != DFKD_PICKLE_TEXT)
    return value;
  if (!is_utf8 ((const char *) data, length))
    {
      dfkd_pickle_damage (reader, _("a text in it is no UTF-8"));
      return NULL;
    }
  copy = dfkd_pickle_allocate (reader, length + 1);
  if (copy == NULL)
    return NULL;
  memcpy (copy, data, length);
  copy[length] = '\0';
  value->text = (const char *) copy;
  return value;
}

gboolean
dfkd_pickle_append (DfkdPickleReader *reader, DfkdPickleValue *container, DfkdPickleValue *item)
{
  if (!dfkd_pickle_count_step (reader))
    return FALSE;
  if (container->items == NULL)
    container->items = g_ptr_array_new ();
  g_ptr_array_add (container->items, item);
  return TRUE;
}

gboolean
dfkd_pickle_count_step (DfkdPickleReader *reader)
{
  return ++reader->steps <= MOST_STEPS || dfkd_pickle_damage (reader, _("it takes more than %u steps"), MOST_STEPS);
}

/* ------------------------------------------------------------------------------------------------- reading */

/* Levels of containers from @value down, found once for each; a container that is reached while its own are being counted
 * holds itself. Recursion ends at the deepest level that is allowed. */
static gboolean
measure (DfkdPickleReader *reader, DfkdPickleValue *value, guint depth)
{
  enum { BEING_MEASURED = G_MAXUINT };
  guint height = 0;

  if (value->height == BEING_MEASURED)
    return dfkd_pickle_damage (reader, _("a list or dict in it holds itself"));
  if (value->height == 0)
    {
      GPtrArray *items = value->kind == DFKD_PICKLE_LIST || value->kind == DFKD_PICKLE_TUPLE || value->kind == DFKD_PICKLE_DICT
                           ? value->items : NULL;

      if (depth >= DFKD_PICKLE_MAX_DEPTH)
        return dfkd_pickle_damage (reader, _("its lists and dicts nest more than %u levels deep"), DFKD_PICKLE_MAX_DEPTH);
      value->height = BEING_MEASURED;
      for (guint i = 0; items != NULL && i < items->len; i++)
        {
          DfkdPickleValue *item = items->pdata[i];

          if (!measure (reader, item, depth + 1))
            return FALSE;
          height = MAX (height, item->height);
        }
      value->height = height + 1;
    }
  return depth + value->height <= DFKD_PICKLE_MAX_DEPTH + 1
         || dfkd_pickle_damage (reader, _("its lists and dicts nest more than %u levels deep"), DFKD_PICKLE_MAX_DEPTH);
}

static void
begin (DfkdPickleReader *reader, GBytes *bytes, gsize offset)
{
  DfkdPickle *pickle = g_new0 (DfkdPickle, 1);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  reader->start = size > 0 ? data : (const guint8 *) ""; /* NULL of nothing */
  pickle->bytes = g_bytes_ref (bytes);
  pickle->values = g_ptr_array_new_with_free_func (free_value);
  pickle->texts = g_ptr_array_new_with_free_func (g_free);
  pickle->storages = g_ptr_array_new_with_free_func (g_free);
  reader->pickle = pickle;
  reader->at = reader->start + MIN (offset, size);
  reader->end = reader->start + size;
  reader->allowance = ALLOWANCE + 4 * MIN (size, G_MAXSIZE / 8);
  reader->stack = g_ptr_array_new ();
  reader->marks = g_array_new (FALSE, FALSE, sizeof (guint));
  reader->memo = g_hash_table_new (NULL, NULL);
  reader->none = dfkd_pickle_make (reader, DFKD_PICKLE_NONE);
  reader->empty = dfkd_pickle_make (reader, DFKD_PICKLE_TUPLE);
  for (guint i = 0; i < 2; i++)
    {
      reader->truths[i] = dfkd_pickle_make (reader, DFKD_PICKLE_BOOL);
      reader->truths[i]->truth = i == 1;
    }
}

/* Returns: (transfer full): the pickle without its reader */
static DfkdPickle *
finish (DfkdPickleReader *reader)
{
  g_ptr_array_unref (reader->stack);
  g_array_unref (reader->marks);
  g_hash_table_unref (reader->memo);
  return reader->pickle;
}

DfkdPickle *
dfkd_pickle_read (GBytes *bytes, gsize offset, gsize *end, const char *name, GError **error)
{
  DfkdPickleReader reader = { 0 };
  g_autoptr (DfkdPickle) pickle = NULL;
  g_autofree char *problem = NULL;

  begin (&reader, bytes, offset);
  if (dfkd_pickle_run (&reader))
    measure (&reader, reader.pickle->root, 0);
  pickle = finish (&reader);
  problem = reader.problem;
  if (end != NULL)
    *end = (gsize) (reader.at - reader.start);
  if (problem == NULL)
    return g_steal_pointer (&pickle);
  if (reader.forbidden)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                 _("%s names %s, which is none of the tensors, arrays, numbers, texts and containers that are read, and no code "
                   "of a file is ever run; if it comes from PyTorch, save the weights alone: torch.save (model.state_dict (), …)"),
                 name, problem);
  else
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is no valid pickle: %s; copy or save the file again"), name,
                 problem);
  return NULL;
}
