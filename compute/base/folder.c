/* folder.c: removes and copies folders with everything in them. */
#include "folder.h"

#include "atomic-file.h"
#include "errors.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
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

static gboolean
copy_file (const char *source, const char *target, GError **error)
{
  g_autoptr (GFile) from = g_file_new_for_path (source), to = g_file_new_for_path (target);
  g_autoptr (GError) problem = NULL;

  if (g_file_copy (from, to, G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL, NULL, &problem))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be copied to %s: %s"), source, target, problem->message);
  return FALSE;
}

static gboolean
copy_content (const char *source, const char *target, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GDir) directory = g_dir_open (source, 0, &problem);
  const char *name;

  if (directory == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be read: %s"), source, problem->message);
      return FALSE;
    }
  if (g_mkdir (target, 0755) != 0)
    return dfkd_write_error (target, errno, error);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *from = g_build_filename (source, name, NULL), *to = g_build_filename (target, name, NULL);
      gboolean is_folder = g_file_test (from, G_FILE_TEST_IS_DIR) && !g_file_test (from, G_FILE_TEST_IS_SYMLINK);

      if (!(is_folder ? copy_content (from, to, error) : copy_file (from, to, error)))
        return FALSE;
    }
  return TRUE;
}

gboolean
dfkd_folder_copy (const char *source, const char *target, GError **error)
{
  g_autofree char *half = g_strconcat (target, ".copying", NULL);

  dfkd_folder_remove (half); /* of one that was cut off */
  if (!copy_content (source, half, error))
    {
      dfkd_folder_remove (half);
      return FALSE;
    }
  if (g_rename (half, target) == 0)
    return TRUE;
  dfkd_write_error (target, errno, error);
  dfkd_folder_remove (half);
  return FALSE;
}
