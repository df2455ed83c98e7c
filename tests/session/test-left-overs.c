/* test-left-overs.c: what was being written when a run was killed goes when it is gone on with, and nothing else does. */
#include "left-overs.h"

#include "run-folder.h"
#include "small-runs.h"

#include <glib/gstdio.h>
#include <unistd.h>

static const char *const left[]
  = { "recipe.json.tmp-a1b2c3",          "student.safetensors.tmp-ABCDEF",           "snapshots/0000000009-0000000006.safetensors.tmp-xYz012",
      "films/000001.safetensors.tmp-9Zzzzz", "branch-points/000002.safetensors.tmp-Q00000", "pictures/000001.safetensors.tmp-abcdeF" };

/* what people or other programs may have put there; the last is a folder, the one before it a link */
static const char *const others[] = { "student.safetensors.backup", "recipe.json.tmp", "notes.txt.tmp-ABCDEF", "student.safetensors.tmp-ABCDEFG",
                                      "student.safetensors.tmp-AB.DEF", "snapshots/best.safetensors.tmp-ABCDEF", "pictures/000001.safetensors.before",
                                      "films/000001.png.tmp-ABCDEF", ".tmp-ABCDEF", "summary.json.tmp-LINKED", "recipe.json.tmp-FOLDER" };

static char *
path_in (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
put (const char *folder, const char *name)
{
  g_autofree char *path = path_in (folder, name), *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, "half", 4, NULL));
}

static void
put_all (const char *folder)
{
  g_autofree char *link = path_in (folder, others[G_N_ELEMENTS (others) - 2]), *inner = path_in (folder, others[G_N_ELEMENTS (others) - 1]);

  for (guint i = 0; i < G_N_ELEMENTS (left); i++)
    put (folder, left[i]);
  for (guint i = 0; i < G_N_ELEMENTS (others) - 2; i++)
    put (folder, others[i]);
  g_assert_cmpint (symlink ("recipe.json", link), ==, 0);
  g_assert_cmpint (g_mkdir (inner, 0755), ==, 0);
}

static void
check_all (const char *folder, gboolean cleaned)
{
  for (guint i = 0; i < G_N_ELEMENTS (left); i++)
    {
      g_autofree char *path = path_in (folder, left[i]);

      g_assert_cmpint (g_file_test (path, G_FILE_TEST_EXISTS), ==, !cleaned);
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = path_in (folder, others[i]);

      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

static void
test_resume (void)
{
  g_autofree char *folder = new_folder ("left"), *straight = run_through ("straight", 3), *student = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session;
  int claim;

  recipe->number[DFKD_PARAMETER_SEED] = 3;
  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 1;
  session = start (recipe, folder, FALSE, TRUE);
  wait_for (session, DFKD_STATE_PAUSED);
  do_steps (session, DFKD_STEP_EPOCH, 2);
  stop (session);
  put_all (folder);

  claim = dfkd_run_lock (folder, &error); /* somebody else's files are left alone */
  g_assert_no_error (error);
  session = start (NULL, folder, TRUE, FALSE);
  g_assert_false (dfkd_session_wait (session, NULL));
  dfkd_session_free (session);
  check_all (folder, FALSE);
  close (claim);

  student = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_cmpstr (student, ==, straight);
  check_all (folder, TRUE);
}

static void
test_nowhere (void)
{
  g_autofree char *folder = new_folder ("nowhere");

  dfkd_left_overs_remove (folder);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/left-overs/resume", test_resume);
  g_test_add_func ("/left-overs/nowhere", test_nowhere);
  return run_tests_with_small_runs ();
}
