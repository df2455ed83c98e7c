/* safetensors.c: opening a file. It knows no networks. */
#include "safetensors.h"

#include "errors.h"
#include "map-file.h"
#include "safetensors-header-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

enum {
  LENGTH_BYTES = 8,
  MOST_HEADER_BYTES = 100 * 1000 * 1000, /* the limit of the format's reference implementation */
};

struct _DfkdSafetensors
{
  GBytes *bytes;
  GPtrArray *entries;
  GHashTable *by_name, *metadata;
};

static gboolean
parse (DfkdSafetensors *file, const char *name, GError **error)
{
  g_autofree char *problem = NULL;
  const guint8 *start;
  guint64 header = 0;
  gsize size;

  start = g_bytes_get_data (file->bytes, &size);
  if (size == 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is empty; copy or save the file again"), name);
      return FALSE;
    }
  if (size < LENGTH_BYTES)
    problem = g_strdup (_("it is shorter than eight bytes"));
  else
    {
      memcpy (&header, start, LENGTH_BYTES);
      header = GUINT64_FROM_LE (header);
      if (header > MOST_HEADER_BYTES)
        problem = g_strdup_printf (_("its header claims %" PRIu64 " bytes; is it another kind of file?"), header);
      else if (header > size - LENGTH_BYTES)
        problem = g_strdup_printf (_("it is cut short: %" PRIu64 " bytes of header are expected, %zu"
                                     " are there"),
                                   header, size - LENGTH_BYTES);
      else
        problem = dfkd_safetensors_parse_header ((const char *) start + LENGTH_BYTES, header, start + LENGTH_BYTES + header,
                                                 size - LENGTH_BYTES - header, file->entries, file->metadata);
    }
  if (problem == NULL)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s is no valid safetensors file: %s; copy or save the file again"), name, problem);
  return FALSE;
}

DfkdSafetensors *
dfkd_safetensors_new_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (DfkdSafetensors) file = g_new0 (DfkdSafetensors, 1);

  file->bytes = g_bytes_ref (bytes);
  file->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_tensor_entry_free);
  file->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  file->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!parse (file, name, error))
    return NULL;
  for (guint i = 0; i < file->entries->len; i++)
    {
      DfkdTensorEntry *entry = file->entries->pdata[i];

      g_hash_table_insert (file->by_name, entry->name, entry);
    }
  return g_steal_pointer (&file);
}

DfkdSafetensors *
dfkd_safetensors_open (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = dfkd_map_file (path, error);

  return bytes != NULL ? dfkd_safetensors_new_from_bytes (bytes, path, error) : NULL;
}

void
dfkd_safetensors_free (DfkdSafetensors *file)
{
  if (file == NULL)
    return;
  g_hash_table_unref (file->by_name);
  g_hash_table_unref (file->metadata);
  g_ptr_array_unref (file->entries);
  g_bytes_unref (file->bytes);
  g_free (file);
}

gsize
dfkd_safetensors_count (const DfkdSafetensors *file)
{
  return file->entries->len;
}

const DfkdTensorEntry *
dfkd_safetensors_get (const DfkdSafetensors *file, gsize index)
{
  g_return_val_if_fail (index < file->entries->len, NULL);
  return file->entries->pdata[index];
}

const char *
dfkd_safetensors_name (const DfkdSafetensors *file, gsize index)
{
  const DfkdTensorEntry *entry = dfkd_safetensors_get (file, index);

  return entry != NULL ? entry->name : NULL;
}

const DfkdTensorEntry *
dfkd_safetensors_lookup (const DfkdSafetensors *file, const char *name)
{
  return g_hash_table_lookup (file->by_name, name);
}

const char *
dfkd_safetensors_metadata (const DfkdSafetensors *file, const char *key)
{
  return g_hash_table_lookup (file->metadata, key);
}

static gint
compare_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

const char **
dfkd_safetensors_metadata_keys (const DfkdSafetensors *file)
{
  guint count;
  const char **keys = (const char **) g_hash_table_get_keys_as_array (file->metadata, &count);

  qsort (keys, count, sizeof *keys, compare_text);
  return keys;
}
