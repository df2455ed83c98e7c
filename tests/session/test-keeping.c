/* test-keeping.c: what a run keeps when its student is lost, the disk is full, the teacher is another, or it is gone on with
 * elsewhere; and which classes it measures. */
#include "small-runs.h"

#include "data-fit.h"
#include "embedded-teacher.h"
#include "errors.h"
#include "history.h"
#include "safetensors.h"
#include "shapes32.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum {
  SHORTER = 1024, /* bytes; snapshots of one run differ by a few, as their clocks have more digits or fewer */
};

static guint
count_snapshots (const char *folder, gsize *largest)
{
  g_autofree char *path = g_build_filename (folder, "snapshots", NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;
  guint count = 0;

  *largest = 0;
  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      GStatBuf status;

      g_assert_cmpint (g_stat (file, &status), ==, 0);
      *largest = MAX (*largest, (gsize) status.st_size);
      count++;
    }
  return count;
}

/* of a run that learns until its student overflows, which is soon */
static DfkdRecipe *
wild_recipe (void)
{
  DfkdRecipe *recipe = tiny_recipe ();

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 12;
  recipe->number[DFKD_PARAMETER_K] = 1;
  recipe->number[DFKD_PARAMETER_KD_STEPS] = 20;
  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 1;
  recipe->number[DFKD_PARAMETER_LR] = 10.0;
  recipe->number[DFKD_PARAMETER_MOMENTUM] = 0.999;
  recipe->number[DFKD_PARAMETER_WEIGHT_DECAY] = 1.0;
  recipe->number[DFKD_PARAMETER_TEMPERATURE] = 100.0;
  return recipe;
}

/* Neither a snapshot nor the file of the student is written of one that is no numbers, and the run goes on from the last good one. */
static void
test_student_lost (gconstpointer data)
{
  const gboolean adversarial = GPOINTER_TO_INT (data);
  g_autofree char *folder = new_folder (adversarial ? "lost-adv" : "lost"), *student = g_build_filename (folder, "student.safetensors", NULL);
  g_autofree char *said = NULL;
  g_autoptr (DfkdRecipe) recipe = wild_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session;
  gsize largest;

  recipe->number[DFKD_PARAMETER_ADV] = adversarial ? 1.0 : 0.0;
  session = start (recipe, folder, FALSE, FALSE);
  said = wait_for_complaint (session);
  g_assert_nonnull (strstr (said, "the student"));
  dfkd_session_stop (session);
  g_assert_false (dfkd_session_wait (session, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER);
  g_clear_error (&error);
  dfkd_session_free (session);
  g_assert_false (g_file_test (student, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_snapshots (folder, &largest), >, 0);

  session = start (NULL, folder, TRUE, TRUE);
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_LR, 0.0, &error));
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_MOMENTUM, 0.0, &error));
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_LR_MINIMUM, 0.0, &error));
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_SYNTHESES, 2.0, &error));
  g_assert_no_error (error);
  dfkd_session_run (session);
  g_free (finish (session, folder));
  g_assert_true (g_file_test (student, G_FILE_TEST_EXISTS));
}

/* A student without batch norm has no state, which no device keeps. */
static void
test_student_without_state (void)
{
  g_autofree char *folder = new_folder ("lenet"), *path = g_build_filename (folder, "student.safetensors", NULL);
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session;
  gsize largest;

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_STUDENT, "lenet5", &error));
  session = start (recipe, folder, FALSE, FALSE);
  g_assert_true (dfkd_session_wait (session, &error));
  dfkd_session_free (session);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_snapshots (folder, &largest), ==, 1);
}

/* There is room for the student, but not for the last snapshot. */
static void
test_student_without_snapshot (void)
{
  g_autofree char *whole = new_folder ("whole"), *folder = new_folder ("no-snapshot"), *straight = NULL, *student = NULL;
  g_autofree char *path = g_build_filename (folder, "student.safetensors", NULL);
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session;
  gsize largest, length;

  recipe->number[DFKD_PARAMETER_HISTORY] = 0;
  straight = finish (start (recipe, whole, FALSE, FALSE), whole);
  g_assert_cmpuint (count_snapshots (whole, &largest), ==, 1);
  limit_files (largest - SHORTER);
  session = start (recipe, folder, FALSE, FALSE);
  g_assert_false (dfkd_session_wait (session, &error));
  limit_files (0);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "snapshots"));
  dfkd_session_free (session);
  g_assert_true (g_file_get_contents (path, &student, &length, NULL));
  {
    g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) student, length);

    g_assert_cmpstr (sum, ==, straight);
  }
}

/* the built-in teacher as a file, with another weight if asked */
static void
write_teacher (const char *path, gboolean other)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdModel) teacher = dfkd_teacher_load ("", &error);

  g_assert_no_error (error);
  if (other)
    teacher->parameters[0] = -teacher->parameters[0];
  g_assert_true (dfkd_model_save (teacher, path, &error));
}

/* A path is kept absolute; and what stands there has to be the same teacher. */
static void
test_teacher (void)
{
  g_autofree char *folder = new_folder ("teacher"), *path = new_folder ("t.safetensors"), *place = g_path_get_dirname (path);
  g_autofree char *before = g_get_current_dir ();
  const DfkdSessionOptions options = { .device = "cpu", .threads = 2, .folder = folder, .resume = TRUE };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe (), kept = NULL;
  g_autoptr (GError) error = NULL;
  DfkdSession *session;

  write_teacher (path, FALSE);
  g_assert_cmpint (g_chdir (place), ==, 0);
  g_free (recipe->text[DFKD_PARAMETER_TEACHER]);
  recipe->text[DFKD_PARAMETER_TEACHER] = g_strdup ("t.safetensors");
  session = start (recipe, folder, FALSE, TRUE);
  do_steps (session, DFKD_STEP_SYNTHESIS, 1);
  stop (session);
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  session = start (NULL, folder, TRUE, TRUE);
  kept = dfkd_session_copy_recipe (session);
  g_assert_cmpstr (kept->text[DFKD_PARAMETER_TEACHER], ==, path);
  wait_for (session, DFKD_STATE_PAUSED);
  stop (session);

  write_teacher (path, TRUE);
  session = dfkd_session_new (NULL, &options, &error);
  g_assert_no_error (error);
  g_assert_false (dfkd_session_wait (session, &error));
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, "another teacher"));
  dfkd_session_free (session);
  g_assert_cmpint (g_chdir (before), ==, 0);
}

/* The last lines of the log had not reached the disk when the machine stopped. */
static void
test_log_cut (void)
{
  g_autofree char *folder = new_folder ("log"), *path = g_build_filename (folder, "events.jsonl", NULL), *contents = NULL, *after = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_auto (GStrv) lines = NULL;
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);
  gsize length;

  do_steps (session, DFKD_STEP_SYNTHESIS, 1);
  stop (session);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (path, contents, (gssize) length * 3 / 4, NULL));
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*events.jsonl is shorter*");
  g_free (finish (start (NULL, folder, TRUE, FALSE), folder));
  g_test_assert_expected_messages ();
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  lines = g_strsplit (after, "\n", -1);
  for (guint i = 0; lines[i + 1] != NULL; i++)
    g_assert_true (g_str_has_prefix (lines[i], "{") && g_str_has_suffix (lines[i], "}") && strstr (lines[i], "}{") == NULL);
}

/* Folders of images come in the order of their names; what they are called says which class each is. */
static void
test_classes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDataset) data = dfkd_shapes32_new (0, TRUE, 40, &error);
  g_autofree gint32 *labels = NULL;
  const char *const *names = dfkd_shapes32_names ();
  const gsize classes = data->classes;
  g_auto (GStrv) turned = g_new0 (char *, classes + 1);

  g_assert_no_error (error);
  labels = g_memdup2 (data->labels, data->count * sizeof *labels);
  for (gsize i = 0; i < classes; i++)
    turned[(i + 3) % classes] = g_utf8_strup (names[i], -1);
  g_strfreev (data->class_names);
  data->class_names = g_strdupv (turned);
  for (gsize i = 0; i < data->count; i++)
    data->labels[i] = (gint32) ((gsize) (labels[i] + 3) % classes);

  dfkd_data_arrange (data, NULL);
  g_assert_cmpstr (data->class_names[3], ==, turned[3]);
  g_free (data->class_names[5]);
  data->class_names[5] = g_strdup ("something else");
  dfkd_data_arrange (data, names);
  g_assert_cmpint (data->labels[0], ==, (labels[0] + 3) % (gint32) classes);
  g_free (data->class_names[5]);
  data->class_names[5] = g_strdup (names[1]); /* another has that name already */
  dfkd_data_arrange (data, names);
  g_assert_cmpint (data->labels[0], ==, (labels[0] + 3) % (gint32) classes);
  g_free (data->class_names[5]);
  data->class_names[5] = g_strdup (turned[5]);
  dfkd_data_arrange (data, names);
  g_assert_cmpmem (data->labels, data->count * sizeof *labels, labels, data->count * sizeof *labels);
  g_assert_cmpstr (data->class_names[0], ==, turned[3]);
}

/* What could not be written after a step is written before the snapshot that goes on behind it, when there is room again. */
static void
test_owed (void)
{
  g_autofree char *folder = new_folder ("owed"), *pictures = g_build_filename (folder, "pictures", NULL), *aside = new_folder ("aside");
  g_autofree char *first = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, 1), *second = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, 2);
  g_autofree char *log = g_build_filename (folder, "events.jsonl", NULL);
  g_autofree char *said = NULL, *text = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);

  dfkd_session_step (session, DFKD_STEP_SYNTHESIS);
  while (!g_file_test (first, G_FILE_TEST_EXISTS))
    g_usleep (1000);
  g_assert_cmpint (g_rename (pictures, aside), ==, 0);
  dfkd_session_run (session);
  said = wait_for_complaint (session);
  g_assert_nonnull (strstr (said, "pictures"));
  g_assert_cmpint (g_rename (aside, pictures), ==, 0);
  stop (session);
  g_assert_true (g_file_test (second, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  {
    g_auto (GStrv) parts = g_strsplit (text, "{\"event\":\"synthesis\"", -1);

    g_assert_cmpuint (g_strv_length (parts), ==, 1 + 2);
  }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_data_func ("/keeping/student-lost", GINT_TO_POINTER (FALSE), test_student_lost);
  g_test_add_data_func ("/keeping/student-lost-adv", GINT_TO_POINTER (TRUE), test_student_lost);
  g_test_add_func ("/keeping/student-without-state", test_student_without_state);
  g_test_add_func ("/keeping/student-without-snapshot", test_student_without_snapshot);
  g_test_add_func ("/keeping/teacher", test_teacher);
  g_test_add_func ("/keeping/log-cut", test_log_cut);
  g_test_add_func ("/keeping/classes", test_classes);
  g_test_add_func ("/keeping/owed", test_owed);
  return run_tests_with_small_runs ();
}
