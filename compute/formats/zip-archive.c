/* zip-archive.c: an open archive, and unpacking its members. Its directory is read in zip-directory.c. */
#include "zip-archive-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <zlib.h>

enum {
  PIECE = 1 << 30, /* zlib counts in 32 bits */
};

struct _DfkdZipArchive
{
  GBytes *bytes;
  char *name;
  GPtrArray *members;
  GHashTable *by_name;
};

static void
free_member (gpointer data)
{
  DfkdZipMember *member = data;

  g_free (member->name);
  g_free (member);
}

gboolean
dfkd_zip_archive_is (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return size >= 4 && (memcmp (data, "PK\3\4", 4) == 0 || memcmp (data, "PK\5\6", 4) == 0);
}

DfkdZipArchive *
dfkd_zip_archive_new (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (DfkdZipArchive) archive = g_new0 (DfkdZipArchive, 1);
  g_autofree char *problem = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  archive->bytes = g_bytes_ref (bytes);
  archive->name = g_strdup (name);
  archive->members = g_ptr_array_new_with_free_func (free_member);
  archive->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  problem = dfkd_zip_directory_read (data, size, archive->members);
  if (problem != NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is no valid zip archive: %s; copy or save the file again"), name,
                   problem);
      return NULL;
    }
  for (guint i = 0; i < archive->members->len; i++)
    {
      DfkdZipMember *member = archive->members->pdata[i];

      g_hash_table_insert (archive->by_name, member->name, member);
    }
  return g_steal_pointer (&archive);
}

void
dfkd_zip_archive_free (DfkdZipArchive *archive)
{
  if (archive == NULL)
    return;
  g_hash_table_unref (archive->by_name);
  g_ptr_array_unref (archive->members);
  g_bytes_unref (archive->bytes);
  g_free (archive->name);
  g_free (archive);
}

guint
dfkd_zip_archive_count (const DfkdZipArchive *archive)
{
  return archive->members->len;
}

const char *
dfkd_zip_archive_member (const DfkdZipArchive *archive, guint index)
{
  g_return_val_if_fail (index < archive->members->len, NULL);
  return ((const DfkdZipMember *) archive->members->pdata[index])->name;
}

gboolean
dfkd_zip_archive_has (const DfkdZipArchive *archive, const char *member)
{
  return g_hash_table_contains (archive->by_name, member);
}

/* ------------------------------------------------------------------------------------------------ unpacking */

static GBytes *
fail (const DfkdZipArchive *archive, const char *member, const char *problem, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: its member %s %s; copy or save the file again"), archive->name,
               member, problem);
  return NULL;
}

/* exactly @size bytes out of exactly @packed, neither more nor less */
static gboolean
inflate_all (const guint8 *from, guint64 packed, guint8 *to, guint64 size)
{
  z_stream stream = { .next_in = (Bytef *) from, .next_out = to };
  int status = Z_OK;

  if (inflateInit2 (&stream, -MAX_WBITS) != Z_OK)
    return FALSE;
  while (status == Z_OK)
    {
      const guint64 in = packed - (guint64) (stream.next_in - from), out = size - (guint64) (stream.next_out - to);

      stream.avail_in = (uInt) MIN (in, PIECE);
      stream.avail_out = (uInt) MIN (out, PIECE);
      status = inflate (&stream, Z_NO_FLUSH); /* Z_BUF_ERROR when nothing moves any more */
    }
  inflateEnd (&stream);
  return status == Z_STREAM_END && stream.next_in == from + packed && stream.next_out == to + size;
}

static guint32
checksum_of (const guint8 *data, gsize size)
{
  uLong sum = crc32 (0, NULL, 0);

  for (gsize at = 0; at < size; at += PIECE)
    sum = crc32 (sum, data + at, (uInt) MIN (size - at, (gsize) PIECE));
  return (guint32) sum;
}

static GBytes *
unpack (const DfkdZipArchive *archive, const DfkdZipMember *member, GError **error)
{
  const guint8 *data = (const guint8 *) g_bytes_get_data (archive->bytes, NULL) + member->start;
  g_autofree guint8 *unpacked = NULL;

  if (!member->deflated)
    return g_bytes_new_from_bytes (archive->bytes, member->start, member->size);
  unpacked = g_try_malloc (MAX (member->size, 1));
  if (unpacked == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                   _("%s: there is too little memory for its member %s of %" PRIu64 " bytes"), archive->name, member->name,
                   member->size);
      return NULL;
    }
  if (!inflate_all (data, member->packed, unpacked, member->size))
    return fail (archive, member->name, _("does not unpack to the size that it promises"), error);
  return g_bytes_new_take (g_steal_pointer (&unpacked), member->size);
}

GBytes *
dfkd_zip_archive_read (const DfkdZipArchive *archive, const char *name, GError **error)
{
  const DfkdZipMember *member = g_hash_table_lookup (archive->by_name, name);
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *data;
  gsize size;

  if (member == NULL)
    return fail (archive, name, _("is missing"), error);
  bytes = unpack (archive, member, error);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  if (checksum_of (data, size) != member->checksum)
    return fail (archive, name, _("fails its checksum"), error);
  return g_steal_pointer (&bytes);
}
