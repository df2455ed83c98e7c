/* run-classes.c: what a run's classes are called, for who opens its folder when the test data is elsewhere. */
#include "run-folder.h"

#include "atomic-file.h"
#include "class-names.h"

#include <string.h>

enum {
  LARGEST_FILE = 1 << 21,
};

static char *
path_of (const char *run_folder)
{
  return g_build_filename (run_folder, "classes.json", NULL);
}

gboolean
dfkd_run_classes_save (const char *run_folder, const char *const *names, GError **error)
{
  g_autofree char *path = path_of (run_folder), *text = dfkd_class_names_to_json (names);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return dfkd_atomic_write (path, &bytes, 1, error);
}

char **
dfkd_run_classes_load (const char *run_folder)
{
  g_autofree char *path = path_of (run_folder), *text = NULL;
  g_autoptr (GMappedFile) file = g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_mapped_file_new (path, FALSE, NULL) : NULL;
  gsize length = file != NULL ? g_mapped_file_get_length (file) : 0;

  if (length == 0 || length > LARGEST_FILE)
    return NULL;
  text = g_strndup (g_mapped_file_get_contents (file), length);
  return dfkd_class_names_from_json (text);
}
