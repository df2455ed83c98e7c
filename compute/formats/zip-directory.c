/* zip-directory.c: the directory at an archive's end (PKWARE's APPNOTE 6.3), checked against the members it names.
 *
 * The directory and each member's own header say the same twice; readers that believe one or the other have been deceived
 * by files in which they differ, so here they must agree. */
#include "zip-archive-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  END_BYTES = 22,
  END64_BYTES = 56,
  LOCATOR_BYTES = 20,
  ENTRY_BYTES = 46,
  HEADER_BYTES = 30,
  MOST_COMMENT = 65535,
  MOST_NAME = 1024, /* messages repeat names */
  ENCRYPTED = 1,    /* flags of a member */
  SIZES_BEHIND = 8,
};

static const guint32 END = 0x06054b50, END64 = 0x06064b50, LOCATOR = 0x07064b50, ENTRY = 0x02014b50, HEADER = 0x04034b50;
static const guint64 ELSEWHERE = 0xffffffff; /* a size or offset that zip64 keeps in another place */
static const guint64 MOST_RATIO = 100, RATIO_FREE = 1 << 20; /* what all of it may unpack to: times the file, beside a megabyte */

typedef struct {
  const guint8 *data;
  gsize size;
  GPtrArray *members;
  guint64 start, bytes, count; /* of the directory */
  char *problem;
} Reader;

static gboolean G_GNUC_PRINTF (2, 3)
fail (Reader *r, const char *format, ...)
{
  va_list arguments;

  if (r->problem != NULL)
    return FALSE;
  va_start (arguments, format);
  r->problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return FALSE;
}

static guint64
number (const guint8 *at, guint bytes)
{
  guint64 value = 0;

  for (guint i = 0; i < bytes; i++)
    value |= (guint64) at[i] << (8 * i);
  return value;
}

/* whether @bytes at @offset are within the first @limit of the file */
static gboolean
within (guint64 offset, guint64 bytes, guint64 limit)
{
  return offset <= limit && bytes <= limit - offset;
}

/* ------------------------------------------------------------------------------------------------- the end */

/* where the record stands that ends the archive: the last one whose comment reaches just to the end */
static gboolean
find_end (Reader *r, guint64 *end)
{
  for (gsize comment = 0; comment <= MOST_COMMENT && comment + END_BYTES <= r->size; comment++)
    {
      const guint8 *at = r->data + r->size - END_BYTES - comment;

      if (number (at, 4) == END && number (at + 20, 2) == comment)
        {
          *end = (guint64) (at - r->data);
          return TRUE;
        }
    }
  return fail (r, _("its directory is missing, as in a file that is cut short"));
}

static gboolean
read_end64 (Reader *r, guint64 end, guint64 *limit)
{
  const guint8 *locator = end >= LOCATOR_BYTES ? r->data + end - LOCATOR_BYTES : NULL;
  const guint8 *at;
  guint64 offset;

  if (locator == NULL || number (locator, 4) != LOCATOR)
    return TRUE; /* an archive that just has as many members, or is as long, as 16 or 32 bits hold */
  offset = number (locator + 8, 8);
  if (!within (offset, END64_BYTES, end - LOCATOR_BYTES) || number (r->data + offset, 4) != END64 || number (locator + 4, 4) != 0)
    return fail (r, _("its directory is damaged"));
  at = r->data + offset;
  if (number (at + 16, 4) != 0 || number (at + 20, 4) != 0 || number (at + 24, 8) != number (at + 32, 8))
    return fail (r, _("it is one part of several"));
  r->count = number (at + 32, 8);
  r->bytes = number (at + 40, 8);
  r->start = number (at + 48, 8);
  *limit = offset;
  return TRUE;
}

static gboolean
read_end (Reader *r)
{
  guint64 end = 0, limit;
  const guint8 *at;

  if (!find_end (r, &end))
    return FALSE;
  at = r->data + end;
  r->count = number (at + 10, 2);
  r->bytes = number (at + 12, 4);
  r->start = number (at + 16, 4);
  limit = end;
  if (!read_end64 (r, end, &limit))
    return FALSE;
  if (number (at + 4, 2) != 0 || number (at + 6, 2) != 0 || number (at + 8, 2) != number (at + 10, 2))
    return fail (r, _("it is one part of several"));
  if (!within (r->start, r->bytes, limit) || r->count > r->bytes / ENTRY_BYTES)
    return fail (r, _("its directory lies outside of the file"));
  return TRUE;
}

/* --------------------------------------------------------------------------------------------------- names */

/* A colon may stand in a name, as in that of a checkpoint that is called after the time; “C:/” leads out of a folder. */
static gboolean
is_safe_name (const char *name, gsize length)
{
  if (length == 0 || name[0] == '/' || !g_utf8_validate_len (name, length, NULL) || memchr (name, '\\', length) != NULL
      || (length >= 3 && name[1] == ':' && name[2] == '/'))
    return FALSE;
  for (gsize start = 0, at = 0; at <= length; at++)
    if (at == length || name[at] == '/')
      {
        if ((at - start == 2 && memcmp (name + start, "..", 2) == 0) || (at - start == 1 && name[start] == '.')
            || (at == start && at < length))
          return FALSE;
        start = at + 1;
      }
  return TRUE;
}

static char *
printable (const char *name, gsize length)
{
  g_autofree char *text = g_utf8_make_valid (name, (gssize) MIN (length, 100));

  return g_strescape (text, NULL);
}

/* ------------------------------------------------------------------------------------------------- members */

/* sizes and offset that did not fit 32 bits stand in an extra field, in this order, each only if needed */
static gboolean
read_extra (Reader *r, const guint8 *at, const guint8 *end, DfkdZipMember *member)
{
  guint64 *const fields[] = { &member->size, &member->packed, &member->header };

  while (end - at >= 4)
    {
      const guint64 kind = number (at, 2), bytes = number (at + 2, 2);
      guint64 used = 0;

      at += 4;
      if (bytes > (guint64) (end - at))
        break;
      for (guint i = 0; kind == 1 && i < G_N_ELEMENTS (fields); i++)
        {
          if (*fields[i] != ELSEWHERE)
            continue;
          if (used + 8 > bytes)
            return fail (r, _("the sizes of its member %s are missing"), member->name);
          *fields[i] = number (at + used, 8);
          used += 8;
        }
      if (kind == 1)
        return TRUE;
      at += bytes;
    }
  return TRUE;
}

/* a size in the member's own header: the same, or in zip64's place, or behind the data */
static gboolean
is_same_size (guint64 found, guint64 size, guint64 flags)
{
  return found == size || found == ELSEWHERE || (found == 0 && (flags & SIZES_BEHIND) != 0);
}

/* the member's own header, which must agree */
static gboolean
check_header (Reader *r, DfkdZipMember *member, guint64 method)
{
  const guint8 *at;
  guint64 name_bytes, flags;

  if (!within (member->header, HEADER_BYTES, r->start) || number (r->data + member->header, 4) != HEADER)
    return fail (r, _("its member %s does not stand where the directory says"), member->name);
  at = r->data + member->header;
  flags = number (at + 6, 2);
  name_bytes = number (at + 26, 2);
  member->start = member->header + HEADER_BYTES + name_bytes + number (at + 28, 2);
  if (!within (member->start, member->packed, r->start))
    return fail (r, _("its member %s reaches beyond the data"), member->name);
  if (name_bytes != strlen (member->name) || memcmp (at + HEADER_BYTES, member->name, name_bytes) != 0
      || number (at + 8, 2) != method || (flags & ENCRYPTED) != 0 || !is_same_size (number (at + 18, 4), member->packed, flags)
      || !is_same_size (number (at + 22, 4), member->size, flags))
    return fail (r, _("its directory and the header of the member %s differ"), member->name);
  return TRUE;
}

static gboolean
read_entry (Reader *r, guint64 *offset)
{
  const guint64 end = r->start + r->bytes;
  const guint8 *at = r->data + *offset;
  DfkdZipMember *member;
  guint64 name_bytes, extra_bytes, flags, method;

  if (!within (*offset, ENTRY_BYTES, end) || number (at, 4) != ENTRY)
    return fail (r, _("its directory is damaged"));
  name_bytes = number (at + 28, 2);
  extra_bytes = number (at + 30, 2);
  if (!within (*offset, ENTRY_BYTES + name_bytes + extra_bytes + number (at + 32, 2), end))
    return fail (r, _("its directory is damaged"));
  *offset += ENTRY_BYTES + name_bytes + extra_bytes + number (at + 32, 2);
  if (name_bytes > MOST_NAME || !is_safe_name ((const char *) at + ENTRY_BYTES, name_bytes))
    {
      g_autofree char *name = printable ((const char *) at + ENTRY_BYTES, name_bytes);

      return fail (r, _("the name of its member “%s” could lead out of a folder or is no name"), name);
    }
  member = g_new0 (DfkdZipMember, 1);
  g_ptr_array_add (r->members, member);
  member->name = g_strndup ((const char *) at + ENTRY_BYTES, name_bytes);
  flags = number (at + 8, 2);
  method = number (at + 10, 2);
  member->deflated = method == 8;
  member->checksum = (guint32) number (at + 16, 4);
  member->packed = number (at + 20, 4);
  member->size = number (at + 24, 4);
  member->header = number (at + 42, 4);
  if ((flags & ENCRYPTED) != 0)
    return fail (r, _("its member %s is encrypted"), member->name);
  if (method != 0 && method != 8)
    return fail (r, _("its member %s is packed in a way (%u) that is not read; expected stored or deflated"), member->name,
                 (guint) method);
  return read_extra (r, at + ENTRY_BYTES + name_bytes, at + ENTRY_BYTES + name_bytes + extra_bytes, member)
         && check_header (r, member, method);
}

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  const DfkdZipMember *one = *(const DfkdZipMember *const *) a, *two = *(const DfkdZipMember *const *) b;

  return one->header < two->header ? -1 : one->header > two->header ? 1 : 0;
}

static gboolean
check_overlaps (Reader *r)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (r->members, NULL, NULL);

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_places);
  for (guint i = 1; i < sorted->len; i++)
    {
      const DfkdZipMember *before = sorted->pdata[i - 1], *after = sorted->pdata[i];

      if (before->start + before->packed > after->header)
        return fail (r, _("its members %s and %s overlap"), before->name, after->name);
    }
  return TRUE;
}

static gboolean
check_sizes (Reader *r)
{
  guint64 total = 0;

  for (guint i = 0; i < r->members->len; i++)
    {
      const DfkdZipMember *member = r->members->pdata[i];

      if (!member->deflated && member->packed != member->size)
        return fail (r, _("its member %s has two different sizes"), member->name);
      if (member->size > G_MAXINT64 - total)
        return fail (r, _("its members promise far more data than it can hold"));
      total += member->size;
    }
  return (total > RATIO_FREE && (total - RATIO_FREE) / MOST_RATIO > r->size)
           ? fail (r, _("its members promise more than %d times its size, which is taken only from a file without compression"), (int) MOST_RATIO) : TRUE;
}

static gboolean
check_names (Reader *r)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < r->members->len; i++)
    {
      DfkdZipMember *member = r->members->pdata[i];

      if (!g_hash_table_add (names, member->name))
        return fail (r, _("it holds the member %s twice"), member->name);
    }
  return TRUE;
}

char *
dfkd_zip_directory_read (const guint8 *data, gsize size, GPtrArray *members)
{
  Reader r = { .data = data, .size = size, .members = members };
  gboolean good = read_end (&r);
  guint64 offset = r.start;

  for (guint64 i = 0; good && i < r.count; i++)
    good = read_entry (&r, &offset);
  if (good && offset != r.start + r.bytes)
    good = fail (&r, _("its directory is damaged"));
  if (good)
    (void) (check_names (&r) && check_overlaps (&r) && check_sizes (&r));
  return r.problem;
}
