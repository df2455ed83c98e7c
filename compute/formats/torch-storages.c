/* torch-storages.c: the two formats of torch.save.
 *
 * The zip archive: NAME/data.pkl is the object, NAME/data/KEY each storage, NAME/byteorder what its name says. The older one:
 * five pickles (a magic number, a protocol, what machine it was, the object, the keys of the storages), then for each key
 * its count of elements in 64 bits and the elements. */
#include "torch-storages-private.h"

#include "errors.h"
#include "zip-archive.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

enum {
  COUNT_BYTES = 8,
  OLDER_PROTOCOL = 1001,
};

static const char MAGIC[] = { 0x6c, (char) 0xfc, (char) 0x9c, 0x46, (char) 0xf9, 0x20, 0x6a, (char) 0xa8, 0x50, 0x19 };

struct _DfkdTorchStorages
{
  char *name;
  DfkdPickle *pickle;
  DfkdZipArchive *archive;
  char *folder;     /* in the archive, with / at its end */
  GHashTable *read; /* key → GBytes */
};

void
dfkd_torch_storages_free (DfkdTorchStorages *storages)
{
  if (storages == NULL)
    return;
  g_hash_table_unref (storages->read);
  dfkd_pickle_free (storages->pickle);
  dfkd_zip_archive_free (storages->archive);
  g_free (storages->folder);
  g_free (storages->name);
  g_free (storages);
}

const DfkdPickleValue *
dfkd_torch_storages_root (const DfkdTorchStorages *storages)
{
  return dfkd_pickle_root (storages->pickle);
}

static gboolean G_GNUC_PRINTF (3, 4)
fail (const DfkdTorchStorages *s, GError **error, const char *format, ...)
{
  g_autofree char *problem = NULL;
  va_list arguments;

  va_start (arguments, format);
  problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is no valid PyTorch checkpoint: %s; copy or save the file again"),
               s->name, problem);
  return FALSE;
}

/* ---------------------------------------------------------------------------------------------- zip archive */

static gboolean
open_archive (DfkdTorchStorages *s, GBytes *bytes, GError **error)
{
  static const char object[] = "/data.pkl";
  g_autofree char *member = NULL, *order_member = NULL;
  g_autoptr (GBytes) data = NULL, order = NULL;

  s->archive = dfkd_zip_archive_new (bytes, s->name, error);
  if (s->archive == NULL)
    return FALSE;
  for (guint i = 0; i < dfkd_zip_archive_count (s->archive) && s->folder == NULL; i++)
    {
      const char *name = dfkd_zip_archive_member (s->archive, i), *slash = strchr (name, '/');

      if (slash != NULL && strcmp (slash, object) == 0)
        s->folder = g_strndup (name, (gsize) (slash + 1 - name));
    }
  if (s->folder == NULL)
    return fail (s, error, _("the archive has no data.pkl in a folder"));
  order_member = g_strconcat (s->folder, "byteorder", NULL);
  if (dfkd_zip_archive_has (s->archive, order_member))
    {
      order = dfkd_zip_archive_read (s->archive, order_member, error);
      if (order == NULL)
        return FALSE;
      if (g_bytes_get_size (order) < 6 || memcmp (g_bytes_get_data (order, NULL), "little", 6) != 0)
        return fail (s, error, _("its bytes are in another order than little-endian"));
    }
  member = g_strconcat (s->folder, object + 1, NULL);
  data = dfkd_zip_archive_read (s->archive, member, error);
  if (data == NULL)
    return FALSE;
  s->pickle = dfkd_pickle_read (data, 0, NULL, s->name, error);
  return s->pickle != NULL;
}

static GBytes *
read_member (const DfkdTorchStorages *s, const char *key, GError **error)
{
  g_autofree char *member = g_strconcat (s->folder, "data/", key, NULL);

  return dfkd_zip_archive_read (s->archive, member, error);
}

/* ----------------------------------------------------------------------------------------- pickles in a row */

static DfkdPickle *
read_next (const DfkdTorchStorages *s, GBytes *bytes, gsize *offset, GError **error)
{
  return dfkd_pickle_read (bytes, *offset, offset, s->name, error);
}

/* the three that come before the object */
static gboolean
read_heading (const DfkdTorchStorages *s, GBytes *bytes, gsize *offset, GError **error)
{
  g_autoptr (DfkdPickle) magic = read_next (s, bytes, offset, error), protocol = NULL, machine = NULL;
  const DfkdPickleValue *value;

  if (magic == NULL)
    return FALSE;
  value = dfkd_pickle_root (magic);
  if (value->kind != DFKD_PICKLE_HUGE || value->length != sizeof MAGIC || memcmp (value->text, MAGIC, sizeof MAGIC) != 0)
    return fail (s, error, _("its magic number is missing"));
  protocol = read_next (s, bytes, offset, error);
  if (protocol == NULL)
    return FALSE;
  value = dfkd_pickle_root (protocol);
  if (value->kind != DFKD_PICKLE_INTEGER || value->integer != OLDER_PROTOCOL)
    return fail (s, error, _("its protocol is not %u"), OLDER_PROTOCOL);
  machine = read_next (s, bytes, offset, error);
  if (machine == NULL)
    return FALSE;
  value = dfkd_pickle_lookup (dfkd_pickle_root (machine), "little_endian");
  if (value == NULL || value->kind != DFKD_PICKLE_BOOL || !value->truth)
    return fail (s, error, _("its bytes are in another order than little-endian"));
  return TRUE;
}

/* (nullable): the element type of a key; the pickle's values are few, and their number is bounded */
static GHashTable *
find_storages (DfkdTorchStorages *s, GError **error)
{
  g_autoptr (GHashTable) found = g_hash_table_new (g_str_hash, g_str_equal);
  const guint count = dfkd_pickle_count_storages (s->pickle);

  for (guint i = 0; i < count; i++)
    {
      const DfkdPickleStorage *storage = dfkd_pickle_get_storage (s->pickle, i),
                              *same = g_hash_table_lookup (found, storage->key);

      if (same != NULL && (same->dtype != storage->dtype || same->count != storage->count))
        {
          fail (s, error, _("its storage %.100s has two types or sizes"), storage->key);
          return NULL;
        }
      g_hash_table_insert (found, (gpointer) storage->key, (gpointer) storage);
    }
  return g_steal_pointer (&found);
}

static gboolean
read_row (DfkdTorchStorages *s, GBytes *bytes, gsize *offset, const DfkdPickleStorage *storage, GError **error)
{
  const gsize size = g_bytes_get_size (bytes);
  gsize wanted;
  gint64 count;

  if (size - *offset < COUNT_BYTES)
    return fail (s, error, _("it is cut short before its storage %.100s"), storage->key);
  memcpy (&count, (const guint8 *) g_bytes_get_data (bytes, NULL) + *offset, sizeof count);
  count = GINT64_FROM_LE (count);
  *offset += COUNT_BYTES;
  if (count < 0 || count != storage->count)
    return fail (s, error, _("its storage %.100s has %" PRId64 " numbers, expected %" PRId64), storage->key, count,
                 storage->count);
  if (!dfkd_size_multiply ((gsize) count, dfkd_dtype_bytes (storage->dtype), &wanted) || wanted > size - *offset)
    return fail (s, error, _("it is cut short within its storage %.100s"), storage->key);
  g_hash_table_insert (s->read, g_strdup (storage->key), g_bytes_new_from_bytes (bytes, *offset, wanted));
  *offset += wanted;
  return TRUE;
}

static gboolean
open_row (DfkdTorchStorages *s, GBytes *bytes, GError **error)
{
  g_autoptr (DfkdPickle) keys = NULL;
  g_autoptr (GHashTable) storages = NULL;
  const DfkdPickleValue *list;
  gsize offset = 0;

  if (!read_heading (s, bytes, &offset, error))
    return FALSE;
  s->pickle = read_next (s, bytes, &offset, error);
  if (s->pickle == NULL || (keys = read_next (s, bytes, &offset, error)) == NULL || (storages = find_storages (s, error)) == NULL)
    return FALSE;
  list = dfkd_pickle_root (keys);
  if (list->kind != DFKD_PICKLE_LIST)
    return fail (s, error, _("the list of its storages is missing"));
  for (guint i = 0; i < dfkd_pickle_count (list); i++)
    {
      const DfkdPickleValue *key = dfkd_pickle_item (list, i);
      g_autofree char *text
          = key->kind == DFKD_PICKLE_TEXT || key->kind == DFKD_PICKLE_BYTES ? g_strndup (key->text, key->length) : NULL;
      const DfkdPickleStorage *storage = text != NULL ? g_hash_table_lookup (storages, text) : NULL;

      if (storage == NULL)
        return fail (s, error, _("its storage %.100s belongs to nothing"), text != NULL ? text : "?");
      if (!read_row (s, bytes, &offset, storage, error))
        return FALSE;
    }
  return TRUE;
}

/* ------------------------------------------------------------------------------------------------- both formats */

gboolean
dfkd_torch_storages_are (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return dfkd_zip_archive_is (bytes)
         || (size > 0 && (guint8) data[0] == 0x80 && memmem (data, MIN (size, (gsize) 32), MAGIC, sizeof MAGIC) != NULL);
}

DfkdTorchStorages *
dfkd_torch_storages_open (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (DfkdTorchStorages) s = g_new0 (DfkdTorchStorages, 1);

  s->name = g_strdup (name);
  s->read = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  if (dfkd_zip_archive_is (bytes) ? !open_archive (s, bytes, error) : !open_row (s, bytes, error))
    return NULL;
  return g_steal_pointer (&s);
}

GBytes *
dfkd_torch_storages_get (DfkdTorchStorages *s, const DfkdPickleStorage *storage, GError **error)
{
  GBytes *bytes = g_hash_table_lookup (s->read, storage->key);
  gsize wanted;

  if (bytes == NULL && s->archive != NULL)
    {
      bytes = read_member (s, storage->key, error);
      if (bytes == NULL)
        return NULL;
      g_hash_table_insert (s->read, g_strdup (storage->key), bytes);
    }
  if (bytes == NULL)
    {
      fail (s, error, _("its storage %.100s is missing"), storage->key);
      return NULL;
    }
  if (storage->count < 0 || !dfkd_size_multiply ((gsize) storage->count, dfkd_dtype_bytes (storage->dtype), &wanted)
      || wanted > g_bytes_get_size (bytes))
    {
      fail (s, error, _("its storage %.100s has %zu bytes, expected %" PRId64 " numbers of %zu bytes"), storage->key,
            g_bytes_get_size (bytes), storage->count, dfkd_dtype_bytes (storage->dtype));
      return NULL;
    }
  return bytes;
}
