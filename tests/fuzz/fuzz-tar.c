/* fuzz-tar.c: no bytes may crash the reader of tar archives or make it give out more than it was told to. */
#include "tar.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const gsize MOST = 4096;

static gboolean
is_wanted (const char *name, gpointer data)
{
  g_assert_true (*name != '\0');
  return name[0] != 'n';
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) files = dfkd_tar_read (bytes, "input", is_wanted, NULL, MOST, &error);
  GHashTableIter iter;
  gpointer name, content;
  volatile guint8 sum = 0;

  g_assert_true ((files == NULL) == (error != NULL));
  dfkd_tar_recognise (bytes);
  if (files == NULL)
    return 0;
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &name, &content))
    {
      gsize length;
      const guint8 *file = g_bytes_get_data (content, &length);

      g_assert_true (((const char *) name)[0] != 'n' && length <= MOST);
      for (gsize i = 0; i < length; i++)
        sum = (guint8) (sum + file[i]);
    }
  return 0;
}
