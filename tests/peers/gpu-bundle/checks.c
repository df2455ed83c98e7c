/* checks.c: whether this driver computes what it should: every kernel against its float64 twin, whole training steps against
 * the reference cases. */
#include "measure.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static void
check_free (gpointer data)
{
  Check *check = data;

  g_free (check->name);
  g_free (check->detail);
  g_free (check->why_skipped);
  g_free (check);
}

static void
add (Report *report, Check *check)
{
  g_print ("  %-28s %u passed", check->name, check->passed);
  if (check->failed > 0)
    g_print (", %u FAILED", check->failed);
  if (check->skipped > 0)
    g_print (", %u skipped (%s)", check->skipped, check->why_skipped);
  g_print ("%s%s\n", check->detail != NULL ? ": " : "", check->detail != NULL ? check->detail : "");
  g_ptr_array_add (report->checks, check);
}

static void
keep_log (const Settings *settings, const char *name, const char *output, const char *errors)
{
  g_autofree char *file = g_strconcat (name, ".log", NULL), *path = g_build_filename (settings->results, file, NULL);
  g_autofree char *text = g_strconcat (output != NULL ? output : "", errors != NULL ? errors : "", NULL);

  g_file_set_contents (path, text, -1, NULL);
}

/* "ok 7 /ops/add", "not ok 8 /ops/…", "ok 9 /ops/… # SKIP why" (Test Anything Protocol) */
static void
count_results (const char *output, Check *check)
{
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "# SKIP") != NULL)
      {
        check->skipped++;
        if (check->why_skipped == NULL)
          check->why_skipped = g_strstrip (g_strdup (strstr (lines[i], "# SKIP") + strlen ("# SKIP")));
      }
    else if (g_str_has_prefix (lines[i], "ok "))
      check->passed++;
    else if (g_str_has_prefix (lines[i], "not ok "))
      {
        check->failed++;
        if (check->detail == NULL)
          check->detail = g_strdup (lines[i] + strlen ("not ok "));
      }
}

static gboolean
run_test (Report *report, const char *name)
{
  const Settings *settings = &report->settings;
  g_autoptr (GPtrArray) command = start_program (settings, name);
  g_autofree char *output = NULL, *errors = NULL;
  g_autoptr (GError) error = NULL;
  Check *check = g_new0 (Check, 1);
  int code;

  check->name = g_strdup (name);
  g_ptr_array_add (command, g_strdup ("--device"));
  g_ptr_array_add (command, g_strdup (report->machine.id));
  code = run_program (command, &output, &errors, &error);
  if (output != NULL)
    count_results (output, check);
  keep_log (settings, name, output, errors);
  if (code != 0 || check->passed == 0)
    {
      g_autofree char *said = error != NULL ? g_strdup (error->message) : last_line (errors, code);

      check->failed = MAX (check->failed, 1);
      if (check->detail == NULL)
        check->detail = g_steal_pointer (&said);
    }
  add (report, check);
  return check->failed == 0;
}

/* every result of the case counts; the detail names the one that is farthest out */
static void
count_deviations (JsonArray *results, Check *check)
{
  double worst = 1.0;

  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *result = json_array_get_object_element (results, i);
      gboolean known = !json_object_get_null_member (result, "deviation"); /* null: not finite */
      double deviation = known ? json_object_get_double_member (result, "deviation") : (double) INFINITY;
      double share = deviation / json_object_get_double_member (result, "tolerance");

      if (share <= 1.0)
        {
          check->passed++;
          continue;
        }
      check->failed++;
      if (share > worst)
        {
          worst = share;
          g_free (check->detail);
          check->detail = g_strdup_printf ("%s deviates by %.2g times what is allowed", json_object_get_string_member (result, "name"), share);
        }
    }
}

static gboolean
run_case (Report *report, const char *file)
{
  const Settings *settings = &report->settings;
  g_autoptr (GPtrArray) command = start_program (settings, "dfkd");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *output = NULL, *errors = NULL;
  g_autoptr (GError) error = NULL;
  Check *check = g_new0 (Check, 1);
  int code;

  check->name = g_strndup (file, strlen (file) - strlen (".safetensors"));
  g_ptr_array_add (command, g_strdup ("replay"));
  g_ptr_array_add (command, g_build_filename (settings->bundle, "cases", file, NULL));
  g_ptr_array_add (command, g_strdup ("--json"));
  g_ptr_array_add (command, g_strdup ("--device"));
  g_ptr_array_add (command, g_strdup (report->machine.id));
  code = run_program (command, &output, &errors, &error);
  keep_log (settings, check->name, output, errors);
  if (output != NULL && json_parser_load_from_data (parser, output, -1, NULL) && JSON_NODE_HOLDS_ARRAY (json_parser_get_root (parser)))
    count_deviations (json_node_get_array (json_parser_get_root (parser)), check);
  if ((code != 0 || check->passed == 0) && check->failed == 0)
    {
      check->failed = 1;
      check->detail = error != NULL ? g_strdup (error->message) : last_line (errors, code);
    }
  add (report, check);
  return check->failed == 0;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

gboolean
run_checks (Report *report)
{
  static const char *const tests[] = { "test-ops", "test-effects", "test-running", "test-corners", "test-batches" };
  g_autofree char *folder = g_build_filename (report->settings.bundle, "cases", NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) cases = g_dir_open (folder, 0, NULL);
  const char *file;
  gboolean good = TRUE;

  report->checks = g_ptr_array_new_with_free_func (check_free);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    good &= run_test (report, tests[i]);
  while (cases != NULL && (file = g_dir_read_name (cases)) != NULL)
    if (g_str_has_suffix (file, ".safetensors"))
      g_ptr_array_add (files, g_strdup (file));
  g_ptr_array_sort (files, by_name);
  for (guint i = 0; i < files->len; i++)
    good &= run_case (report, g_ptr_array_index (files, i));
  if (files->len == 0)
    g_print ("  no reference case was found in %s\n", folder);
  return good && files->len > 0;
}
