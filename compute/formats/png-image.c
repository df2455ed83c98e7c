/* png-image.c: PNG (ISO/IEC 15948): signature, IHDR, one IDAT of unfiltered rows, IEND. */
#include "png-image.h"

#include <gio/gio.h>
#include <string.h>

static void
append_word (GByteArray *out, guint32 word)
{
  const guint32 big = GUINT32_TO_BE (word);

  g_byte_array_append (out, (const guint8 *) &big, sizeof big);
}

/* CRC-32 of ISO 3309, bit by bit: a page's pictures are small */
static guint32
checksum (const guint8 *data, gsize length)
{
  guint32 crc = 0xffffffffu;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = (crc & 1) != 0 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
    }
  return ~crc;
}

static void
append_chunk (GByteArray *out, const char type[5], const guint8 *data, gsize length)
{
  const guint start = out->len + 4;

  append_word (out, (guint32) length);
  g_byte_array_append (out, (const guint8 *) type, 4);
  if (length > 0)
    g_byte_array_append (out, data, (guint) length);
  append_word (out, checksum (out->data + start, length + 4));
}

/* rows, each behind a filter type of 0 */
static GBytes *
deflate (const guint8 *pixels, gsize row, gsize height)
{
  g_autoptr (GConverter) converter = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, converter);
  const guint8 none = 0;

  for (gsize y = 0; y < height; y++)
    {
      g_output_stream_write_all (stream, &none, 1, NULL, NULL, NULL); /* into memory: it cannot fail */
      g_output_stream_write_all (stream, pixels + y * row, row, NULL, NULL, NULL);
    }
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

GBytes *
dfkd_png_encode (const guint8 *pixels, gsize width, gsize height, gsize channels)
{
  static const guint8 signature[] = { 137, 'P', 'N', 'G', '\r', '\n', 26, '\n' };
  GByteArray *out = g_byte_array_new ();
  guint8 head[13] = { 0 };
  const guint32 sizes[] = { GUINT32_TO_BE ((guint32) width), GUINT32_TO_BE ((guint32) height) };
  g_autoptr (GBytes) rows = NULL;
  const guint8 *data;
  gsize length;

  g_return_val_if_fail (channels == 1 || channels == 3, NULL);
  rows = deflate (pixels, width * channels, height);
  data = g_bytes_get_data (rows, &length);
  memcpy (head, sizes, sizeof sizes);
  head[8] = 8; /* bits */
  head[9] = channels == 3 ? 2 : 0;
  g_byte_array_append (out, signature, sizeof signature);
  append_chunk (out, "IHDR", head, sizeof head);
  append_chunk (out, "IDAT", data, length);
  append_chunk (out, "IEND", NULL, 0);
  return g_byte_array_free_to_bytes (out);
}
