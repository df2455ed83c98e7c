/* run-classes.c: what a run's classes are called, for who opens its folder when the test data is elsewhere. */
#include "run-folder.h"

#include "atomic-file.h"
#include "json-output.h"

#include <string.h>

enum {
  MOST_CLASSES = 10000,
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
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *path = path_of (run_folder);
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  json_builder_begin_array (builder);
  for (guint i = 0; names[i] != NULL; i++)
    json_builder_add_string_value (builder, names[i]);
  json_builder_end_array (builder);
  text = dfkd_json_finish (builder, TRUE);
  bytes = g_bytes_new_take (text, strlen (text));
  return dfkd_atomic_write (path, &bytes, 1, error);
}

/* flat and short: a parser recurses into what is not */
static JsonNode *
parse (const char *path)
{
  g_autoptr (GMappedFile) file = g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_mapped_file_new (path, FALSE, NULL) : NULL;
  gsize length = file != NULL ? g_mapped_file_get_length (file) : 0;
  g_autofree char *text = NULL;

  if (length == 0 || length > LARGEST_FILE)
    return NULL;
  text = g_strndup (g_mapped_file_get_contents (file), length);
  return strchr (text, '{') == NULL && strchr (text, '[') == strrchr (text, '[') ? json_from_string (text, NULL) : NULL;
}

char **
dfkd_run_classes_load (const char *run_folder)
{
  g_autofree char *path = path_of (run_folder);
  g_autoptr (JsonNode) root = parse (path);
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  guint count = array != NULL ? json_array_get_length (array) : 0;
  g_auto (GStrv) names = g_new0 (char *, count + 1);

  if (count == 0 || count > MOST_CLASSES)
    return NULL;
  for (guint i = 0; i < count; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *name = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (name == NULL || *name == '\0')
        return NULL;
      names[i] = g_strdup (name);
    }
  return g_steal_pointer (&names);
}
