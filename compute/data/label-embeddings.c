/* label-embeddings.c: finding the one matrix of a file, and checking it. */
#include "label-embeddings.h"

#include "errors.h"
#include "map-file.h"
#include "npy.h"
#include "tensor-file.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static float *
read_rows (const DfkdTensorEntry *entry, const char *path, gsize classes, gsize *size, GError **error)
{
  g_autofree float *rows = NULL;

  if (entry->rank != 2 || entry->dims[0] != classes || entry->dims[1] < 1 || entry->dims[1] > DFKD_EMBEDDING_MAX_SIZE)
    {
      g_autofree char *found = dfkd_tensor_entry_shape_text (entry);

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("%s holds numbers of the shape %s; expected a vector for each of the teacher’s %zu classes, %zu×1 to %zu×%u, in the "
                     "same order"),
                   path, entry->rank > 0 ? found : "1", classes, classes, classes, (guint) DFKD_EMBEDDING_MAX_SIZE);
      return NULL;
    }
  *size = entry->dims[1];
  rows = g_new (float, classes * *size);
  if (!dfkd_tensor_entry_read_float (entry, rows, classes * *size, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  for (gsize i = 0; i < classes * *size; i++)
    if (!isfinite (rows[i]))
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER, _("%s: the vector of class %zu holds a number that is not finite; write the file anew"), path,
                     i / *size);
        return NULL;
      }
  return g_steal_pointer (&rows);
}

float *
dfkd_label_embeddings_read (const char *path, gsize classes, gsize *size, GError **error)
{
  g_autoptr (GBytes) bytes = dfkd_map_file (path, error);
  g_autoptr (DfkdTensorFile) file = NULL;
  const DfkdTensorEntry *entry;

  if (bytes == NULL)
    return NULL;
  if (dfkd_npy_is (bytes))
    {
      DfkdTensorEntry array = { 0 };

      return dfkd_npy_read (&bytes, path, &array, error) ? read_rows (&array, path, classes, size, error) : NULL;
    }
  if ((file = dfkd_tensor_file_new_single (bytes, path, error)) == NULL)
    return NULL;
  entry = dfkd_tensor_file_count (file) == 1 ? dfkd_tensor_file_get (file, 0) : dfkd_tensor_file_lookup (file, "embeddings");
  if (entry == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s holds %zu tensors and none of the name embeddings; name the one of the classes’ vectors so, or save it alone"),
                   path, dfkd_tensor_file_count (file));
      return NULL;
    }
  return read_rows (entry, path, classes, size, error);
}
