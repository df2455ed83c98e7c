/* run-origin.c: a small file of JSON. */
#include "run-origin.h"

#include "atomic-file.h"
#include "json-input.h"
#include "json-output.h"
#include "map-file.h"
#include "printable-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  LARGEST_FILE = 1 << 16,
};

static char *
path_of (const char *run_folder)
{
  return g_build_filename (run_folder, "branch.json", NULL);
}

void
dfkd_run_origin_clear (DfkdRunOrigin *origin)
{
  g_clear_pointer (&origin->folder, g_free);
  origin->synthesis = 0;
}

gboolean
dfkd_run_origin_save (const char *run_folder, const DfkdRunOrigin *origin, GError **error)
{
  g_autofree char *path = path_of (run_folder), *name = g_filename_display_name (origin->folder), *text = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) bytes = NULL;

  json_builder_begin_object (builder);
  dfkd_json_text (builder, "run", name);
  dfkd_json_integer (builder, "synthesis", origin->synthesis);
  json_builder_end_object (builder);
  text = dfkd_json_finish (builder, TRUE);
  bytes = g_bytes_new (text, strlen (text));
  return dfkd_atomic_write (path, &bytes, 1, error);
}

gboolean
dfkd_run_origin_load (DfkdRunOrigin *origin, const char *run_folder)
{
  g_autofree char *path = path_of (run_folder);
  g_autoptr (GBytes) bytes = dfkd_map_file (path, NULL);
  const gsize length = bytes != NULL ? g_bytes_get_size (bytes) : 0;
  g_autoptr (JsonNode) root = length > 0 && length <= LARGEST_FILE ? dfkd_json_parse (g_bytes_get_data (bytes, NULL), (gssize) length, NULL) : NULL;
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  const char *run = object != NULL ? json_object_get_string_member_with_default (object, "run", NULL) : NULL;
  const gint64 synthesis = object != NULL ? json_object_get_int_member_with_default (object, "synthesis", 0) : 0;

  *origin = (DfkdRunOrigin){ NULL, 0 };
  if (run == NULL || *run == '\0' || synthesis <= 0 || synthesis > G_MAXINT)
    return FALSE;
  *origin = (DfkdRunOrigin){ g_strdup (run), (guint) synthesis };
  return TRUE;
}

char *
dfkd_run_origin_describe (const DfkdRunOrigin *origin)
{
  g_autofree char *base = g_path_get_basename (origin->folder), *name = dfkd_printable_text (base);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "branch of %s after %u synthesis", "branch of %s after %u syntheses", origin->synthesis), name,
                          origin->synthesis);
}
