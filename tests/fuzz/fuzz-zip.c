/* fuzz-zip.c: no bytes may crash the archive reader, and what it opens keeps to its promises: names that lead nowhere else, sizes
 * that the file justifies. */
#include "zip-archive.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static gsize
read_member (const DfkdZipArchive *archive, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = dfkd_zip_archive_read (archive, name, &error);
  volatile guint8 sum = 0;
  gsize size;
  const guint8 *data;

  g_assert_true ((bytes == NULL) == (error != NULL));
  if (bytes == NULL)
    return 0;
  data = g_bytes_get_data (bytes, &size);
  for (gsize i = 0; i < size; i++)
    sum = (guint8) (sum + data[i]);
  return size;
}

/* a folder "...." is a name as any other */
static gboolean
leads_upwards (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);

  return g_strv_contains ((const char *const *) parts, "..");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdZipArchive) archive = dfkd_zip_archive_new (bytes, "input", &error);
  gsize total = 0;

  g_assert_true ((archive == NULL) == (error != NULL));
  for (guint i = 0; archive != NULL && i < dfkd_zip_archive_count (archive); i++)
    {
      const char *name = dfkd_zip_archive_member (archive, i);

      g_assert_true (dfkd_zip_archive_has (archive, name));
      g_assert_false (g_path_is_absolute (name));
      g_assert_false (leads_upwards (name));
      total += read_member (archive, name);
    }
  g_assert_cmpuint (total, <=, ((gsize) 1 << 20) + 101 * size);
  return 0;
}
