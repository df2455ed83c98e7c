/* folder.c: removes a folder and everything in it. */
#include "folder.h"

#include <glib/gstdio.h>

void
dfkd_folder_remove (const char *path)
{
  g_autoptr (GDir) directory = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      dfkd_folder_remove (child);
    }
  g_remove (path);
}
