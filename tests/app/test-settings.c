/* test-settings.c: settings are there without an installed schema, runs get folders of their own, recent files are a short list. */
#include "workbench-settings.h"

#include "support.h"

#include <glib/gstdio.h>

static char *home;

static void
test_schema (void)
{
  GSettings *settings = workbench_settings ();
  g_autofree char *device = g_settings_get_string (settings, "device");

  g_assert_cmpstr (device, ==, "auto");
  g_assert_cmpfloat (workbench_settings_get_picture_interval (), ==, 0.1);
  g_assert_true (g_settings_set_double (settings, "picture-rate", 0.0));
  g_assert_cmpfloat (workbench_settings_get_picture_interval (), <, 0.0);
  g_settings_reset (settings, "picture-rate");
}

static void
test_folders (void)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  g_autofree char *parent = workbench_settings_get_runs_folder (), *first = NULL, *second = NULL;

  g_assert_true (g_str_has_prefix (parent, home));
  g_free (recipe->name);
  recipe->name = g_strdup ("../my recipe"); /* a name from a file leads nowhere else */
  first = workbench_settings_new_run_folder (recipe);
  {
    g_autofree char *in = g_path_get_dirname (first);

    g_assert_cmpstr (in, ==, parent);
  }
  g_assert_cmpint (g_mkdir_with_parents (first, 0755), ==, 0);
  second = workbench_settings_new_run_folder (recipe);
  g_assert_cmpstr (first, !=, second);
  g_assert_false (g_file_test (second, G_FILE_TEST_EXISTS));
  g_rmdir (first);
  g_settings_set_boolean (workbench_settings (), "keep-runs", FALSE);
  g_assert_null (workbench_settings_new_run_folder (recipe));
  g_settings_reset (workbench_settings (), "keep-runs");
}

static void
test_recent (void)
{
  for (guint i = 0; i < 13; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.json", i % 12), *path = g_build_filename (home, name, NULL);

      g_assert_true (g_file_set_contents (path, "{}", -1, NULL));
      workbench_settings_add_recent (path);
    }
  {
    g_auto (GStrv) recent = workbench_settings_get_recent ();
    g_autofree char *newest = g_path_get_basename (recent[0]), *next = g_path_get_basename (recent[1]);

    g_assert_cmpuint (g_strv_length (recent), ==, 10);
    g_assert_cmpstr (newest, ==, "0.json"); /* moved up, not listed twice */
    g_assert_cmpstr (next, ==, "11.json");
    g_remove (recent[1]);
  }
  {
    g_auto (GStrv) recent = workbench_settings_get_recent ();

    g_assert_cmpuint (g_strv_length (recent), ==, 9); /* what is gone is not offered */
    for (guint i = 0; recent[i] != NULL; i++)
      g_remove (recent[i]);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int code;

  home = g_dir_make_tmp ("dfkd-settings-XXXXXX", &error);
  g_assert_no_error (error);
  g_unsetenv ("GSETTINGS_SCHEMA_DIR");
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/schema", test_schema);
  g_test_add_func ("/settings/folders", test_folders);
  g_test_add_func ("/settings/recent", test_recent);
  code = g_test_run ();
  remove_folder (home);
  g_free (home);
  return code;
}
