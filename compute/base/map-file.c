/* map-file.c: mapping files, with messages that say what to do. */
#include "map-file.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

GBytes *
dfkd_map_file (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GMappedFile) map = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is a folder or device, expected a file"), path);
      return NULL;
    }
  map = g_mapped_file_new (path, FALSE, &local);
  if (map == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be read: %s; check its name and your permissions"), path,
                   local->message);
      return NULL;
    }
  return g_mapped_file_get_bytes (map);
}
