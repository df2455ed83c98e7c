/* archives.c: see archives.h; APPNOTE 6.3's numbers. */
#include "archives.h"

#include <gio/gio.h>
#include <string.h>
#include <zlib.h>

static void
put (GByteArray *out, guint bytes, guint64 value)
{
  for (guint i = 0; i < bytes; i++)
    g_byte_array_append (out, &(guint8){ (guint8) (value >> (8 * i)) }, 1);
}

static GBytes *
pack (const ArchiveMember *member)
{
  g_autoptr (GBytes) plain = g_bytes_new (member->data, member->size);
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_bytes (plain);
  g_autoptr (GConverter) deflate = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, -1));
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (source, deflate);
  g_autoptr (GOutputStream) sink = g_memory_output_stream_new_resizable ();

  if (!member->deflate)
    return g_steal_pointer (&plain);
  g_assert_cmpint (g_output_stream_splice (sink, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL), >, 0);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (sink));
}

static void
spoil (GByteArray *out, const ArchiveLie *lie, ArchivePlace place, guint member, gsize record)
{
  if (lie == NULL || lie->place != place || lie->member != member)
    return;
  g_assert_cmpuint (record + lie->offset + lie->bytes, <=, out->len);
  for (guint i = 0; i < lie->bytes; i++)
    out->data[record + lie->offset + i] = (guint8) (lie->value >> (8 * i));
}

/* what a header and an entry share, from the version on */
static void
put_shared (GByteArray *out, const ArchiveMember *m, gsize packed, gboolean zip64)
{
  put (out, 2, zip64 ? 45 : 20);
  put (out, 2, 0);
  put (out, 2, m->deflate ? 8 : 0);
  put (out, 4, 0);
  put (out, 4, crc32 (crc32 (0, NULL, 0), m->data, (uInt) m->size));
  put (out, 4, zip64 ? 0xffffffff : packed);
  put (out, 4, zip64 ? 0xffffffff : m->size);
  put (out, 2, strlen (m->name));
}

static gsize
put_member (GByteArray *out, const ArchiveMember *m, GBytes *packed, gboolean zip64)
{
  const gsize record = out->len, size = g_bytes_get_size (packed);

  put (out, 4, 0x04034b50);
  put_shared (out, m, size, zip64);
  put (out, 2, zip64 ? 20 : 0);
  g_byte_array_append (out, (const guint8 *) m->name, (guint) strlen (m->name));
  if (zip64)
    {
      put (out, 4, 1 | 16 << 16);
      put (out, 8, m->size);
      put (out, 8, size);
    }
  g_byte_array_append (out, g_bytes_get_data (packed, NULL), (guint) size);
  return record;
}

static void
put_entry (GByteArray *out, const ArchiveMember *m, gsize packed, gsize header, gboolean zip64)
{
  put (out, 4, 0x02014b50);
  put (out, 2, zip64 ? 45 : 20);
  put_shared (out, m, packed, zip64);
  put (out, 2, zip64 ? 28 : 0);
  put (out, 8, 0);
  put (out, 2, 0);
  put (out, 4, zip64 ? 0xffffffff : header);
  g_byte_array_append (out, (const guint8 *) m->name, (guint) strlen (m->name));
  if (!zip64)
    return;
  put (out, 4, 1 | 24 << 16);
  put (out, 8, m->size);
  put (out, 8, packed);
  put (out, 8, header);
}

static void
put_end64 (GByteArray *out, guint count, gsize start)
{
  const gsize record = out->len;

  put (out, 4, 0x06064b50);
  put (out, 8, 44);
  put (out, 4, 45 | 45 << 16);
  put (out, 8, 0);
  put (out, 8, count);
  put (out, 8, count);
  put (out, 8, record - start);
  put (out, 8, start);
  put (out, 4, 0x07064b50);
  put (out, 4, 0);
  put (out, 8, record);
  put (out, 4, 1);
}

GBytes *
archive_new (const ArchiveMember *members, guint count, gboolean zip64, const ArchiveLie *lie)
{
  GByteArray *out = g_byte_array_new ();
  g_autofree gsize *headers = g_new (gsize, MAX (count, 1)), *packed_sizes = g_new (gsize, MAX (count, 1));
  gsize start, bytes, record;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GBytes) packed = pack (&members[i]);

      headers[i] = put_member (out, &members[i], packed, zip64);
      packed_sizes[i] = g_bytes_get_size (packed);
      spoil (out, lie, ARCHIVE_HEADER, i, headers[i]);
    }
  start = out->len;
  for (guint i = 0; i < count; i++)
    {
      record = out->len;
      put_entry (out, &members[i], packed_sizes[i], headers[i], zip64);
      spoil (out, lie, ARCHIVE_DIRECTORY, i, record);
    }
  bytes = out->len - start;
  if (zip64)
    put_end64 (out, count, start);
  record = out->len;
  put (out, 4, 0x06054b50);
  put (out, 4, 0);
  put (out, 2, zip64 ? 0xffff : count);
  put (out, 2, zip64 ? 0xffff : count);
  put (out, 4, zip64 ? 0xffffffff : bytes);
  put (out, 4, zip64 ? 0xffffffff : start);
  put (out, 2, 0);
  spoil (out, lie, ARCHIVE_END, 0, record);
  return g_byte_array_free_to_bytes (out);
}
