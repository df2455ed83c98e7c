/* idx.c: the IDX header and its payload, inflated as it is read. */
#include "idx.h"

#include "errors.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

static const guint8 UNSIGNED_BYTE = 0x08;
static const gsize LARGEST = (gsize) 4 << 30; /* of a payload: 4 GiB */

void
dfkd_idx_free (DfkdIdx *idx)
{
  if (idx == NULL)
    return;
  g_free (idx->data);
  g_free (idx);
}

/* exactly @bytes, or an error that says how many there were */
static gboolean
read_exactly (GInputStream *stream, const char *name, void *data, gsize bytes, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gsize got;

  if (!g_input_stream_read_all (stream, data, bytes, &got, NULL, &cause))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s cannot be unpacked: %s; fetch the file again"), name, cause->message);
      return FALSE;
    }
  if (got == bytes)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s is cut short: expected %zu more bytes, found %zu; fetch the file again"), name,
               bytes, got);
  return FALSE;
}

static gboolean
read_header (GInputStream *stream, const char *name, DfkdIdx *idx, GError **error)
{
  guint8 magic[4], size[4];

  if (!read_exactly (stream, name, magic, sizeof magic, error))
    return FALSE;
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != UNSIGNED_BYTE || magic[3] == 0 || magic[3] > DFKD_IDX_MAX_RANK)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   _("%s is not an IDX file of bytes: it begins with %02x%02x%02x%02x, expected 000008 and 1 to %d dimensions"), name,
                   magic[0], magic[1], magic[2], magic[3], DFKD_IDX_MAX_RANK);
      return FALSE;
    }
  idx->rank = magic[3];
  idx->bytes = 1;
  for (guint i = 0; i < idx->rank; i++)
    {
      if (!read_exactly (stream, name, size, sizeof size, error))
        return FALSE;
      idx->dims[i] = (gsize) size[0] << 24 | (gsize) size[1] << 16 | (gsize) size[2] << 8 | (gsize) size[3];
      if (idx->dims[i] == 0 || !dfkd_size_multiply (idx->bytes, idx->dims[i], &idx->bytes) || idx->bytes > LARGEST)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: dimension %u of %zu is zero or too large"), name,
                       i + 1, idx->dims[i]);
          return FALSE;
        }
    }
  return TRUE;
}

/* The header's promise may be a lie: memory grows with what is really there. */
static gboolean
read_payload (GInputStream *stream, const char *name, DfkdIdx *idx, GError **error)
{
  const gsize piece = (gsize) 16 << 20;
  g_autoptr (GError) cause = NULL;
  guint8 more, *larger;
  gssize rest;
  gsize got = 0;

  while (got < idx->bytes)
    {
      gsize wanted = MIN (piece, idx->bytes - got);

      larger = g_try_realloc (idx->data, got + wanted);
      if (larger == NULL)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                       _("%s: there is too little memory for its %zu bytes; close other programs"), name, idx->bytes);
          return FALSE;
        }
      idx->data = larger;
      if (!read_exactly (stream, name, idx->data + got, wanted, error))
        return FALSE;
      got += wanted;
    }
  /* this read is also what compares a gzip file's checksum */
  rest = g_input_stream_read (stream, &more, 1, NULL, &cause);
  if (rest < 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s cannot be unpacked: %s; fetch the file again"), name, cause->message);
      return FALSE;
    }
  if (rest > 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s holds more than the %zu bytes that its header promises"),
                   name, idx->bytes);
      return FALSE;
    }
  return TRUE;
}

DfkdIdx *
dfkd_idx_read_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (DfkdIdx) idx = g_new0 (DfkdIdx, 1);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (size >= 2 && data[0] == 0x1f && data[1] == 0x8b)
    {
      g_autoptr (GConverter) inflate = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
      GInputStream *unpacked = g_converter_input_stream_new (stream, inflate);

      g_object_unref (stream);
      stream = unpacked;
    }
  if (!read_header (stream, name, idx, error) || !read_payload (stream, name, idx, error))
    return NULL;
  return g_steal_pointer (&idx);
}

DfkdIdx *
dfkd_idx_read (const char *path, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;

  /* opening a pipe would wait for somebody to write into it */
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is not a file; an IDX file is expected"), path);
      return NULL;
    }
  file = g_mapped_file_new (path, FALSE, &cause);
  if (file == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be read: %s; check its name and your permissions"), path, cause->message);
      return NULL;
    }
  bytes = g_mapped_file_get_bytes (file);
  return dfkd_idx_read_bytes (bytes, path, error);
}
