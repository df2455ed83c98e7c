/* run-classes.c: what a run's classes are called, for who opens its folder when the test data is elsewhere. */
#include "run-folder.h"

#include "atomic-file.h"
#include "class-names.h"
#include "embedded-teacher.h"
#include "map-file.h"

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
  g_autoptr (GBytes) bytes = dfkd_map_file (path, NULL);
  gsize length = bytes != NULL ? g_bytes_get_size (bytes) : 0;

  if (length == 0 || length > LARGEST_FILE)
    return NULL;
  text = g_strndup (g_bytes_get_data (bytes, NULL), length);
  return dfkd_class_names_from_json (text);
}

char **
dfkd_run_class_names (const char *run_folder, const DfkdRecipe *recipe)
{
  char **names = dfkd_run_classes_load (run_folder);

  return names != NULL ? names : g_strdupv ((char **) dfkd_teacher_class_names (recipe->text[DFKD_PARAMETER_TEACHER]));
}
