/* idx.c: the IDX header and its payload, inflated as it is read. */
#include "idx.h"

#include "errors.h"
#include "map-file.h"
#include "stream.h"

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

static gboolean
read_header (GInputStream *stream, const char *name, DfkdIdx *idx, GError **error)
{
  guint8 magic[4], size[4];

  if (!dfkd_stream_read (stream, name, magic, sizeof magic, error))
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
      if (!dfkd_stream_read (stream, name, size, sizeof size, error))
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

static gboolean
read_payload (GInputStream *stream, const char *name, DfkdIdx *idx, GError **error)
{
  gboolean at_end;

  if (!dfkd_stream_read_new (stream, name, idx->bytes, &idx->data, error) || !dfkd_stream_at_end (stream, name, &at_end, error))
    return FALSE;
  if (at_end)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s holds more than the %zu bytes that its header promises"), name, idx->bytes);
  return FALSE;
}

DfkdIdx *
dfkd_idx_read_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (DfkdIdx) idx = g_new0 (DfkdIdx, 1);
  g_autoptr (GInputStream) stream = dfkd_stream_open (bytes);

  if (!read_header (stream, name, idx, error) || !read_payload (stream, name, idx, error))
    return NULL;
  return g_steal_pointer (&idx);
}

DfkdIdx *
dfkd_idx_read (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = dfkd_map_file (path, error);

  return bytes != NULL ? dfkd_idx_read_bytes (bytes, path, error) : NULL;
}
