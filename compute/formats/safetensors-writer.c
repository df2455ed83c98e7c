/* safetensors-writer.c: the same tensors and metadata always give the same bytes. */
#include "safetensors-sum-private.h"
#include "safetensors.h"

#include "atomic-file.h"

#include <string.h>

struct _DfkdSafetensorsWriter
{
  GTree *metadata;     /* sorted */
  GString *tensors;    /* the header's part about tensors */
  GPtrArray *names;    /* of the tensors */
  GPtrArray *contents; /* of GBytes, likewise */
  gsize bytes;
};

static gint
compare_keys (gconstpointer a, gconstpointer b, gpointer unused)
{
  return strcmp (a, b);
}

DfkdSafetensorsWriter *
dfkd_safetensors_writer_new (void)
{
  DfkdSafetensorsWriter *writer = g_new0 (DfkdSafetensorsWriter, 1);

  writer->metadata = g_tree_new_full (compare_keys, NULL, g_free, g_free);
  writer->tensors = g_string_new (NULL);
  writer->names = g_ptr_array_new_with_free_func (g_free);
  writer->contents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return writer;
}

void
dfkd_safetensors_writer_free (DfkdSafetensorsWriter *writer)
{
  if (writer == NULL)
    return;
  g_tree_unref (writer->metadata);
  g_string_free (writer->tensors, TRUE);
  g_ptr_array_unref (writer->names);
  g_ptr_array_unref (writer->contents);
  g_free (writer);
}

void
dfkd_safetensors_writer_add_metadata (DfkdSafetensorsWriter *writer, const char *key, const char *value)
{
  g_tree_insert (writer->metadata, g_strdup (key), g_strdup (value));
}

static void
append_text (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    if (*text == '"' || *text == '\\')
      g_string_append_printf (out, "\\%c", *text);
    else if ((guchar) *text < 0x20)
      g_string_append_printf (out, "\\u%04x", (guint) *text);
    else
      g_string_append_c (out, *text);
  g_string_append_c (out, '"');
}

/* Returns: how many bytes the tensor has */
static gsize
append_entry (DfkdSafetensorsWriter *writer, const char *name, DfkdDtype dtype, const gsize *dims, guint rank)
{
  gsize bytes = dfkd_dtype_bytes (dtype);

  if (writer->contents->len > 0)
    g_string_append_c (writer->tensors, ',');
  g_ptr_array_add (writer->names, g_strdup (name));
  append_text (writer->tensors, name);
  g_string_append_printf (writer->tensors, ":{\"dtype\":\"%s\",\"shape\":[", dfkd_dtype_name (dtype));
  for (guint i = 0; i < rank; i++)
    {
      g_string_append_printf (writer->tensors, "%s%zu", i > 0 ? "," : "", dims[i]);
      bytes *= dims[i];
    }
  g_string_append_printf (writer->tensors, "],\"data_offsets\":[%zu,%zu]}", writer->bytes,
                          writer->bytes + bytes);
  writer->bytes += bytes;
  return bytes;
}

void
dfkd_safetensors_writer_add_tensor (DfkdSafetensorsWriter *writer, const char *name, DfkdDtype dtype, const gsize *dims,
                                    guint rank, const void *data)
{
  g_return_if_fail (rank <= DFKD_TENSOR_MAX_RANK);
  g_ptr_array_add (writer->contents, g_bytes_new (data, append_entry (writer, name, dtype, dims, rank)));
}

void
dfkd_safetensors_writer_take_tensor (DfkdSafetensorsWriter *writer, const char *name, DfkdDtype dtype, const gsize *dims,
                                     guint rank, void *data)
{
  g_return_if_fail (rank <= DFKD_TENSOR_MAX_RANK);
  g_ptr_array_add (writer->contents, g_bytes_new_take (data, append_entry (writer, name, dtype, dims, rank)));
}

void
dfkd_safetensors_writer_add_sum (DfkdSafetensorsWriter *writer, const char *const *texts)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < writer->contents->len; i++)
    {
      gsize bytes;
      gconstpointer data = g_bytes_get_data (writer->contents->pdata[i], &bytes);

      dfkd_sum_add (sum, writer->names->pdata[i], data, bytes);
    }
  for (; *texts != NULL; texts++)
    dfkd_sum_add_text (sum, *texts, g_tree_lookup (writer->metadata, *texts));
  dfkd_safetensors_writer_add_metadata (writer, DFKD_SUM_KEY, g_checksum_get_string (sum));
}

static gboolean
append_metadata (gpointer key, gpointer value, gpointer data)
{
  GString *header = data;

  if (header->str[header->len - 1] != '{')
    g_string_append_c (header, ',');
  append_text (header, key);
  g_string_append_c (header, ':');
  append_text (header, value);
  return FALSE;
}

static GBytes *
make_header (DfkdSafetensorsWriter *writer)
{
  GString *header = g_string_new ("01234567{");
  gsize length;
  guint64 number;

  if (g_tree_nnodes (writer->metadata) > 0)
    {
      g_string_append (header, "\"__metadata__\":{");
      g_tree_foreach (writer->metadata, append_metadata, header);
      g_string_append (header, writer->tensors->len > 0 ? "}," : "}");
    }
  g_string_append_len (header, writer->tensors->str, (gssize) writer->tensors->len);
  g_string_append_c (header, '}');
  while (header->len % 8 != 0) /* so that tensors are aligned in the file */
    g_string_append_c (header, ' ');
  number = GUINT64_TO_LE ((guint64) header->len - 8);
  memcpy (header->str, &number, sizeof number);
  length = header->len;
  return g_bytes_new_take (g_string_free (header, FALSE), length);
}

static GPtrArray *
make_parts (DfkdSafetensorsWriter *writer)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (parts, make_header (writer));
  for (guint i = 0; i < writer->contents->len; i++)
    g_ptr_array_add (parts, g_bytes_ref (writer->contents->pdata[i]));
  return parts;
}

gboolean
dfkd_safetensors_writer_write (DfkdSafetensorsWriter *writer, const char *path, GError **error)
{
  g_autoptr (GPtrArray) parts = make_parts (writer);

  return dfkd_atomic_write (path, (GBytes *const *) parts->pdata, parts->len, error);
}

GBytes *
dfkd_safetensors_writer_to_bytes (DfkdSafetensorsWriter *writer)
{
  g_autoptr (GPtrArray) parts = make_parts (writer);
  const gsize total = g_bytes_get_size (parts->pdata[0]) + writer->bytes;
  guint8 *all = g_malloc (total), *at = all;

  for (guint i = 0; i < parts->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (parts->pdata[i], &size);

      if (size > 0)
        memcpy (at, data, size);
      at += size;
    }
  return g_bytes_new_take (all, total);
}
