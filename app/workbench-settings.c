/* workbench-settings.c: GSettings with a schema that is always found. */
#include "workbench-settings.h"

#include "schema-resources.h"

#include <glib/gstdio.h>

static const char ID[] = "org.dfkd.Workbench";

static const gint64 LONG_RUN = 60 * G_USEC_PER_SEC; /* of which the end is worth a notification */

enum {
  MOST_RECENT = 10,
};

/* A source can only be made of a folder: the schema inside the program goes through one that is gone at once. */
static GSettingsSchema *
schema_inside (void)
{
  g_autofree char *folder = g_dir_make_tmp ("dfkd-schema-XXXXXX", NULL), *path = NULL;
  g_autoptr (GBytes) bytes = g_resource_lookup_data (workbench_schema_get_resource (), "/org/dfkd/Workbench/gschemas.compiled",
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GSettingsSchemaSource) source = NULL;

  if (folder == NULL || bytes == NULL)
    return NULL;
  path = g_build_filename (folder, "gschemas.compiled", NULL);
  if (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL))
    source = g_settings_schema_source_new_from_directory (folder, NULL, TRUE, NULL);
  g_remove (path);
  g_rmdir (folder);
  return source != NULL ? g_settings_schema_source_lookup (source, ID, FALSE) : NULL;
}

/* an installed schema of an older version lacks keys */
static gboolean
is_complete (GSettingsSchema *schema, GSettingsSchema *inside)
{
  g_auto (GStrv) keys = inside != NULL ? g_settings_schema_list_keys (inside) : NULL;

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!g_settings_schema_has_key (schema, keys[i]))
      return FALSE;
  return TRUE;
}

static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) installed = source != NULL ? g_settings_schema_source_lookup (source, ID, TRUE) : NULL;
  g_autoptr (GSettingsSchema) inside = schema_inside ();

  return installed != NULL && is_complete (installed, inside) ? g_steal_pointer (&installed) : g_steal_pointer (&inside);
}

GSettings *
workbench_settings (void)
{
  static GSettings *settings;

  if (g_once_init_enter (&settings))
    {
      g_autoptr (GSettingsSchema) schema = find_schema ();
      GSettings *made = schema != NULL ? g_settings_new_full (schema, NULL, NULL) : g_settings_new (ID);

      g_once_init_leave (&settings, made);
    }
  return settings;
}

char *
workbench_settings_get_runs_folder (void)
{
  g_autofree char *chosen = g_settings_get_string (workbench_settings (), "runs-folder");

  return *chosen != '\0' ? g_steal_pointer (&chosen) : g_build_filename (g_get_user_data_dir (), "dfkd-workbench", "runs", NULL);
}

char *
workbench_settings_unused_path (const char *parent, const char *name)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *numbered = i == 1 ? g_strdup (name) : g_strdup_printf ("%s-%u", name, i);
      g_autofree char *path = g_build_filename (parent, numbered, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
}

char *
workbench_settings_new_run_folder (const DfkdRecipe *recipe)
{
  g_autofree char *parent = workbench_settings_get_runs_folder (), *time = NULL, *name = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (!g_settings_get_boolean (workbench_settings (), "keep-runs"))
    return NULL;
  time = g_date_time_format (now, "%Y-%m-%d-%H%M%S");
  name = g_strdelimit (g_strconcat (*recipe->name != '\0' ? recipe->name : "run", "-", time, NULL), "/ ", '-');
  return workbench_settings_unused_path (parent, name);
}

double
workbench_settings_get_picture_interval (void)
{
  double rate = g_settings_get_double (workbench_settings (), "picture-rate");

  return rate > 0.0 ? 1.0 / rate : -1.0;
}

gboolean
workbench_settings_wants_notice (gint64 began)
{
  return g_get_monotonic_time () - began >= LONG_RUN && g_settings_get_boolean (workbench_settings (), "notifications");
}

void
workbench_settings_add_recent (const char *path)
{
  g_auto (GStrv) before = g_settings_get_strv (workbench_settings (), "recent-recipes");
  g_autoptr (GPtrArray) now = g_ptr_array_new ();

  g_ptr_array_add (now, (gpointer) path);
  for (guint i = 0; before[i] != NULL && now->len < MOST_RECENT; i++)
    if (!g_str_equal (before[i], path))
      g_ptr_array_add (now, before[i]);
  g_ptr_array_add (now, NULL);
  g_settings_set_strv (workbench_settings (), "recent-recipes", (const char *const *) now->pdata);
}

char **
workbench_settings_get_recent (void)
{
  g_auto (GStrv) all = g_settings_get_strv (workbench_settings (), "recent-recipes");
  g_autoptr (GStrvBuilder) there = g_strv_builder_new ();

  for (guint i = 0; all[i] != NULL; i++)
    if (g_file_test (all[i], G_FILE_TEST_IS_REGULAR))
      g_strv_builder_add (there, all[i]);
  return g_strv_builder_end (there);
}
