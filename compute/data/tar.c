/* tar.c: tar headers one after the other. Names only choose: no path is ever followed or made, and one that leads out is refused. */
#include "tar.h"

#include "errors.h"
#include "stream.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

enum {
  BLOCK = 512,
  LONGEST_NAME = 4096, /* as a long name or a pax record may have */
  MOST_FILLING = 1 << 20,
};

static const guint64 LARGEST = (guint64) 1 << 30; /* of an archive when it is inflated: 1 GiB */

/* POSIX 1003.1, ustar interchange format */
typedef struct {
  char name[100], mode[8], user[8], group[8], size[12], time[12], checksum[8], type, link[100], magic[6], version[2], owner[32],
      owners[32], device[16], prefix[155], rest[12];
} Header;

G_STATIC_ASSERT (sizeof (Header) == BLOCK);

typedef struct {
  GInputStream *stream;
  const char *name;
  guint64 at;     /* bytes read */
  char *override; /* (nullable): the next file's name, from a long name or a pax record */
} Reader;

static gboolean
refuse (const Reader *r, const char *what, GError **error)
{
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s: the tar archive is damaged at byte %" PRIu64 ": %s; fetch the file again"), r->name, r->at, what);
  return FALSE;
}

/* octal digits, or where the first bit is set 95 bits after it */
static gboolean
number (const char *field, gsize length, guint64 *value)
{
  const guint8 *digits = (const guint8 *) field;
  gsize i = 0;

  *value = 0;
  if (digits[0] & 0x80)
    {
      for (i = 0; i < length; i++)
        {
          if (*value >> 55 != 0)
            return FALSE;
          *value = *value << 8 | (i == 0 ? digits[0] & 0x7f : digits[i]);
        }
      return TRUE;
    }
  while (i < length && digits[i] == ' ')
    i++;
  for (; i < length && digits[i] >= '0' && digits[i] <= '7'; i++)
    *value = *value << 3 | (guint64) (digits[i] - '0');
  return i == length || digits[i] == '\0' || digits[i] == ' ';
}

/* the sum of the header's bytes, those of the checksum itself taken for blanks */
static gboolean
is_sound (const Header *header)
{
  const guint8 *bytes = (const guint8 *) header;
  const gsize first = G_STRUCT_OFFSET (Header, checksum);
  guint64 sum = 0, promised;

  for (gsize i = 0; i < BLOCK; i++)
    sum += i >= first && i < first + sizeof header->checksum ? ' ' : bytes[i];
  return number (header->checksum, sizeof header->checksum, &promised) && promised == sum;
}

static gboolean
is_blank (const Header *header)
{
  const char *bytes = (const char *) header;

  for (gsize i = 0; i < BLOCK; i++)
    if (bytes[i] != '\0')
      return FALSE;
  return TRUE;
}

gboolean
dfkd_tar_recognise (GBytes *bytes)
{
  g_autoptr (GInputStream) stream = dfkd_stream_open (bytes);
  Header header;
  gsize got = 0;

  return g_input_stream_read_all (stream, &header, sizeof header, &got, NULL, NULL) && got == sizeof header && !is_blank (&header)
         && is_sound (&header);
}

static gboolean
skip (Reader *r, guint64 bytes, GError **error)
{
  guint8 scratch[16 * BLOCK];

  while (bytes > 0)
    {
      gsize part = (gsize) MIN (bytes, sizeof scratch);

      if (!dfkd_stream_read (r->stream, r->name, scratch, part, error))
        return FALSE;
      bytes -= part;
      r->at += part;
    }
  return TRUE;
}

/* @bytes and what fills their last block */
static gboolean
take (Reader *r, guint64 bytes, guint8 **content, GError **error)
{
  if (!dfkd_stream_read_new (r->stream, r->name, (gsize) bytes, content, error))
    return FALSE;
  r->at += bytes;
  return skip (r, -bytes % BLOCK, error);
}

/* records "LENGTH KEY=VALUE\n": only the path matters here */
static char *
path_of_records (const char *text, gsize length)
{
  gsize at = 0;

  while (at < length)
    {
      guint64 size = 0;
      gsize i = at;

      while (i < length && i - at < 8 && g_ascii_isdigit (text[i]))
        size = 10 * size + (guint64) (text[i++] - '0');
      if (i == length || text[i] != ' ' || size <= i - at + 1 || size > length - at || text[at + size - 1] != '\n')
        return NULL;
      i++;
      if (at + size - i > strlen ("path=") && strncmp (text + i, "path=", strlen ("path=")) == 0)
        return g_strndup (text + i + strlen ("path="), at + size - 1 - i - strlen ("path="));
      at += size;
    }
  return g_strdup ("");
}

/* a record that says something about the next one */
static gboolean
read_override (Reader *r, char type, guint64 size, GError **error)
{
  g_autofree guint8 *content = NULL;
  char *path;

  if (size > LONGEST_NAME)
    return refuse (r, _("a name is too long"), error);
  if (!take (r, size, &content, error))
    return FALSE;
  path = type == 'L' ? g_strndup ((const char *) content, (gsize) size) : path_of_records ((const char *) content, (gsize) size);
  if (path == NULL)
    return refuse (r, _("a pax record cannot be read"), error);
  if (*path == '\0')
    g_clear_pointer (&path, g_free);
  if (path != NULL)
    {
      g_free (r->override);
      r->override = path;
    }
  return TRUE;
}

/* no part of it is "..", and it begins in no root: nothing here follows a name, but who made such an archive meant others to */
static gboolean
is_inside (const char *path)
{
  if (*path == '/')
    return FALSE;
  for (const char *part = path; part != NULL; part = strchr (part, '/'))
    {
      part += *part == '/' ? 1 : 0;
      if (g_str_has_prefix (part, "..") && (part[2] == '/' || part[2] == '\0'))
        return FALSE;
    }
  return TRUE;
}

/* @path: (out) (transfer full): what the header and a record before it call the member */
static gboolean
take_path (Reader *r, const Header *header, char **path, GError **error)
{
  g_autofree char *name = g_strndup (header->name, sizeof header->name), *prefix = g_strndup (header->prefix, sizeof header->prefix);
  g_autofree char *readable = NULL;
  gboolean has_prefix = memcmp (header->magic, "ustar", sizeof header->magic) == 0 && *prefix != '\0';

  if (r->override != NULL)
    *path = g_steal_pointer (&r->override);
  else
    *path = has_prefix ? g_strconcat (prefix, "/", name, NULL) : g_steal_pointer (&name);
  if (is_inside (*path))
    return TRUE;
  readable = g_utf8_make_valid (*path, MIN ((gssize) strlen (*path), 100));
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s: the path “%s” in it leads out of the archive, as none of a data set does; do not trust this file, fetch one anew from its makers"),
               r->name, readable);
  g_clear_pointer (path, g_free);
  return FALSE;
}

static gboolean
read_file (Reader *r, const char *path, guint64 size, DfkdTarWanted wanted, gpointer data, gsize most, GHashTable *files,
           GError **error)
{
  g_autofree char *file = g_path_get_basename (path);
  g_autofree guint8 *content = NULL;

  if (!wanted (file, data))
    return skip (r, size, error) && skip (r, -size % BLOCK, error);
  if (size > most)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: %s in it has %" PRIu64 " bytes, expected at most %zu"), r->name,
                   file, size, most);
      return FALSE;
    }
  if (g_hash_table_contains (files, file))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: %s is in it twice; fetch the file again"), r->name, file);
      return FALSE;
    }
  if (!take (r, size, &content, error))
    return FALSE;
  g_hash_table_insert (files, g_steal_pointer (&file), g_bytes_new_take (g_steal_pointer (&content), (gsize) size));
  return TRUE;
}

/* two blank blocks are the end; what fills the archive up behind them is read for its checksum only */
static gboolean
read_end (Reader *r, GError **error)
{
  Header header;
  gsize got = sizeof header;

  if (!dfkd_stream_read (r->stream, r->name, &header, sizeof header, error))
    return FALSE;
  r->at += BLOCK;
  if (!is_blank (&header))
    return refuse (r, _("there is one blank block where two would end it"), error);
  for (gsize filled = 0; got == sizeof header; filled += got, r->at += got)
    if (filled > MOST_FILLING)
      return refuse (r, _("much more follows its end"), error);
    else if (!dfkd_stream_read_some (r->stream, r->name, &header, sizeof header, &got, error))
      return FALSE;
  return TRUE;
}

/* what has a name: files, folders, links, devices */
static gboolean
read_member (Reader *r, const Header *header, guint64 size, DfkdTarWanted wanted, gpointer data, gsize most, GHashTable *files,
             GError **error)
{
  g_autofree char *path = NULL;

  if (!take_path (r, header, &path, error))
    return FALSE;
  if (header->type == '0' || header->type == '\0' || header->type == '7')
    return read_file (r, path, size, wanted, data, most, files, error);
  return skip (r, size, error) && skip (r, -size % BLOCK, error);
}

static gboolean
read_all (Reader *r, DfkdTarWanted wanted, gpointer data, gsize most, GHashTable *files, GError **error)
{
  for (;;)
    {
      Header header;
      guint64 size;
      gboolean good;

      if (!dfkd_stream_read (r->stream, r->name, &header, sizeof header, error))
        return FALSE;
      r->at += BLOCK;
      if (is_blank (&header))
        return read_end (r, error);
      if (!is_sound (&header) || !number (header.size, sizeof header.size, &size))
        return refuse (r, _("a header's checksum or size is wrong"), error);
      if (size > LARGEST - MIN (r->at, LARGEST))
        return refuse (r, _("it is larger than any data set"), error);
      if (header.type == 'L' || header.type == 'x')
        good = read_override (r, header.type, size, error);
      else if (header.type == 'g' || header.type == 'K') /* what is said of the whole archive, and where a link leads */
        good = skip (r, size, error) && skip (r, -size % BLOCK, error);
      else
        good = read_member (r, &header, size, wanted, data, most, files, error);
      if (!good)
        return FALSE;
    }
}

GHashTable *
dfkd_tar_read (GBytes *bytes, const char *name, DfkdTarWanted wanted, gpointer data, gsize most, GError **error)
{
  g_autoptr (GInputStream) stream = dfkd_stream_open (bytes);
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  Reader r = { stream, name, 0, NULL };
  gboolean good = read_all (&r, wanted, data, most, files, error);

  g_free (r.override);
  return good ? g_steal_pointer (&files) : NULL;
}
