/* stream.c: gzip or not, the same reads. */
#include "stream.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

gboolean
dfkd_stream_is_packed (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size >= 2 && data[0] == 0x1f && data[1] == 0x8b;
}

GInputStream *
dfkd_stream_open (GBytes *bytes)
{
  GInputStream *plain = g_memory_input_stream_new_from_bytes (bytes), *unpacked;
  g_autoptr (GConverter) inflate = NULL;

  if (!dfkd_stream_is_packed (bytes))
    return plain;
  inflate = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  unpacked = g_converter_input_stream_new (plain, inflate);
  g_object_unref (plain);
  return unpacked;
}

gboolean
dfkd_stream_read_some (GInputStream *stream, const char *name, void *data, gsize bytes, gsize *got, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (g_input_stream_read_all (stream, data, bytes, got, NULL, &cause))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s cannot be unpacked: %s; fetch the file again"), name, cause->message);
  return FALSE;
}

gboolean
dfkd_stream_read (GInputStream *stream, const char *name, void *data, gsize bytes, GError **error)
{
  gsize got;

  if (!dfkd_stream_read_some (stream, name, data, bytes, &got, error))
    return FALSE;
  if (got == bytes)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s is cut short: expected %zu more bytes, found %zu; fetch the file again"), name, bytes, got);
  return FALSE;
}

gboolean
dfkd_stream_read_new (GInputStream *stream, const char *name, gsize bytes, guint8 **data, GError **error)
{
  const gsize piece = (gsize) 16 << 20;
  gsize got = 0;

  while (got < bytes)
    {
      gsize wanted = MIN (piece, bytes - got);
      guint8 *larger = g_try_realloc (*data, got + wanted);

      if (larger == NULL)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                       _("%s: there is too little memory for its %zu bytes; close other programs"), name, bytes);
          return FALSE;
        }
      *data = larger;
      if (!dfkd_stream_read (stream, name, *data + got, wanted, error))
        return FALSE;
      got += wanted;
    }
  return TRUE;
}

gboolean
dfkd_stream_at_end (GInputStream *stream, const char *name, gboolean *at_end, GError **error)
{
  guint8 more;
  gsize got;

  if (!dfkd_stream_read_some (stream, name, &more, 1, &got, error))
    return FALSE;
  *at_end = got == 0;
  return TRUE;
}
