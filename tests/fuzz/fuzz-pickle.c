/* fuzz-pickle.c: no bytes may crash the pickle reader, and its values are what its header promises: no deeper than allowed, texts
 * that end, arrays of as many bytes as their shapes. */
#include "pickle.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

enum {
  MOST_VISITS = 10000, /* shared values make a whole walk endless */
};

static void
check_array (const DfkdPickleArray *array)
{
  gsize bytes = dfkd_dtype_bytes (array->dtype);
  volatile guint8 sum = 0;

  for (guint i = 0; i < array->rank; i++)
    bytes *= array->dims[i];
  g_assert_cmpuint (bytes, ==, array->bytes);
  for (gsize i = 0; i < bytes; i++)
    sum = (guint8) (sum + array->data[i]);
}

static void
walk (const DfkdPickleValue *value, guint depth, guint *visits)
{
  g_assert_cmpuint (depth, <=, DFKD_PICKLE_MAX_DEPTH);
  if (++*visits > MOST_VISITS)
    return;
  switch (value->kind)
    {
    case DFKD_PICKLE_TEXT:
      g_assert_cmpuint (value->text[value->length], ==, 0);
      break;
    case DFKD_PICKLE_LIST:
    case DFKD_PICKLE_TUPLE:
      for (guint i = 0; i < dfkd_pickle_count (value); i++)
        walk (dfkd_pickle_item (value, i), depth + 1, visits);
      break;
    case DFKD_PICKLE_DICT:
      for (guint i = 0; i < dfkd_pickle_count (value); i++)
        {
          walk (dfkd_pickle_key (value, i), depth + 1, visits);
          walk (dfkd_pickle_entry (value, i), depth + 1, visits);
        }
      g_assert_null (dfkd_pickle_lookup (value, "no key of any seed"));
      break;
    case DFKD_PICKLE_ARRAY:
      check_array (value->array);
      break;
    case DFKD_PICKLE_TENSOR:
      g_assert_cmpuint (value->tensor->rank, <=, DFKD_TENSOR_MAX_RANK);
      g_assert_cmpuint (strlen (value->tensor->storage->key), <, G_MAXUINT);
      break;
    default:
      break;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  gsize end = 0;
  g_autoptr (DfkdPickle) pickle = dfkd_pickle_read (bytes, 0, &end, "input", &error);
  guint visits = 0;

  g_assert_true ((pickle == NULL) == (error != NULL));
  g_assert_cmpuint (end, <=, size);
  if (pickle != NULL)
    walk (dfkd_pickle_root (pickle), 0, &visits);
  return 0;
}
