/* test-pool-on-disk.c: whole small runs whose pool is a file: the student of a run in memory, a stop and a crash and what
 * is left of the file, damage, a full disk. */
#include "small-runs.h"

#include "errors.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

static DfkdRecipe *
recipe_on_disk (void)
{
  DfkdRecipe *recipe = tiny_recipe ();

  recipe->number[DFKD_PARAMETER_POOL_MEMORY] = 0;
  return recipe;
}

static guint64
length_of (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (guint64) status.st_size : 0;
}

static void
step (DfkdSession *session)
{
  dfkd_session_step (session, DFKD_STEP_ANY);
  g_usleep (1000);
  wait_for (session, DFKD_STATE_PAUSED);
}

/* of a run that is alive: what is renamed meanwhile may be missing, as after a crash */
static void
copy_folder (const char *from, const char *to)
{
  g_autoptr (GDir) directory = g_dir_open (from, 0, NULL);
  const char *name;

  g_assert_cmpint (g_mkdir (to, 0755), ==, 0);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL), *target = g_build_filename (to, name, NULL), *contents = NULL;
      gsize length;

      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        copy_folder (source, target);
      else if (g_file_get_contents (source, &contents, &length, NULL))
        g_assert_true (g_file_set_contents (target, contents, (gssize) length, NULL));
    }
}

static void
end (DfkdSession *session)
{
  g_autoptr (GError) error = NULL;

  stop (session);
}

static void
test_same_student (void)
{
  g_autofree char *in_memory = run_through ("memory", 5), *folder = new_folder ("disk"), *pool = g_build_filename (folder, "pool.u8", NULL);
  g_autoptr (DfkdRecipe) recipe = recipe_on_disk ();
  g_autofree char *on_disk = finish (start (recipe, folder, FALSE, FALSE), folder), *memory = new_folder ("memory/pool.u8");
  DfkdSession *session;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (on_disk, ==, in_memory);
  g_assert_cmpuint (length_of (pool), ==, 3 * 8 * 32 * 32);
  g_assert_false (g_file_test (memory, G_FILE_TEST_EXISTS));

  session = start (recipe, NULL, FALSE, FALSE); /* without a folder the file is a temporary one */
  g_assert_true (dfkd_session_wait (session, &error));
  g_assert_no_error (error);
  dfkd_session_free (session);
}

/* A folder as it lies there after a crash: the snapshot is behind the pool, and the pool may end within an image. */
static void
test_crash (void)
{
  g_autofree char *folder = new_folder ("crash"), *pool = g_build_filename (folder, "pool.u8", NULL), *snapshots = g_build_filename (folder, "snapshots", NULL);
  g_autofree char *straight = run_through ("straight", 5), *resumed = NULL, *left = new_folder ("left"), *left_pool = g_build_filename (left, "pool.u8", NULL);
  g_autofree char *contents = NULL, *longer = NULL;
  g_autoptr (DfkdRecipe) recipe = recipe_on_disk ();
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);
  const guint64 synthesis = 8 * 32 * 32;
  gsize length;

  wait_for (session, DFKD_STATE_PAUSED);
  while (length_of (pool) < synthesis)
    step (session);
  dfkd_session_snapshot (session);
  for (guint i = 0; i < 3000 && !g_file_test (snapshots, G_FILE_TEST_EXISTS); i++)
    g_usleep (10000);
  wait_for (session, DFKD_STATE_PAUSED);
  step (session); /* done only when the snapshot is */
  while (length_of (pool) < 2 * synthesis)
    step (session);
  copy_folder (folder, left);
  end (session);

  g_assert_true (g_file_get_contents (left_pool, &contents, &length, NULL));
  g_assert_cmpuint (length, ==, 2 * synthesis);
  longer = g_malloc0 (length + 100);
  memcpy (longer, contents, synthesis); /* what was behind never reached the disk */
  g_assert_true (g_file_set_contents (left_pool, longer, (gssize) length + 100, NULL));
  resumed = finish (start (NULL, left, TRUE, FALSE), left);
  g_assert_cmpstr (resumed, ==, straight);
  g_assert_cmpuint (length_of (left_pool), ==, 3 * synthesis);
}

static void
assert_refused (const char *folder, const char *said)
{
  g_autofree char *pool = g_build_filename (folder, "pool.u8", NULL);
  g_autoptr (GError) error = NULL;
  const DfkdSessionOptions options = { .device = "cpu", .threads = 2, .folder = folder, .resume = TRUE };

  g_assert_null (dfkd_session_new (NULL, &options, &error));
  g_assert_nonnull (strstr (error->message, pool));
  g_assert_nonnull (strstr (error->message, said));
}

static void
test_damage (void)
{
  g_autofree char *folder = new_folder ("damage"), *pool = g_build_filename (folder, "pool.u8", NULL), *contents = NULL, *straight = NULL, *resumed = NULL;
  g_autoptr (DfkdRecipe) recipe = recipe_on_disk ();
  gsize length;

  straight = finish (start (recipe, folder, FALSE, FALSE), folder);
  g_assert_true (g_file_get_contents (pool, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (pool, contents, (gssize) length - 1, NULL));
  assert_refused (folder, "cut short");
  g_assert_cmpuint (length_of (pool), ==, length - 1);
  contents[length / 2] ^= 1;
  g_assert_true (g_file_set_contents (pool, contents, (gssize) length, NULL));
  assert_refused (folder, "damaged");
  g_unlink (pool);
  assert_refused (folder, "cannot be opened");
  contents[length / 2] ^= 1; /* put back */
  g_assert_true (g_file_set_contents (pool, contents, (gssize) length, NULL));
  resumed = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_cmpstr (resumed, ==, straight);
}

/* Without the images of the newest snapshot the run goes on from the one before, which needs fewer. */
static void
test_tail_lost (void)
{
  g_autofree char *folder = new_folder ("tail"), *pool = g_build_filename (folder, "pool.u8", NULL), *contents = NULL, *straight = NULL, *resumed = NULL;
  g_autoptr (DfkdRecipe) recipe = recipe_on_disk ();
  gsize length;

  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 2;
  straight = finish (start (recipe, folder, FALSE, FALSE), folder);
  g_assert_true (g_file_get_contents (pool, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (pool, contents, (gssize) length - 1, NULL));
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*cut short*going on from the one before*");
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*cut short*going on from the one before*");
  resumed = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_cmpstr (resumed, ==, straight);
  g_assert_cmpuint (length_of (pool), ==, length);
}

/* The run pauses before the second synthesis is kept; once there is
 * space it goes on as if nothing had been. */
static void
test_no_space (void)
{
  g_autofree char *straight = run_through ("room", 5), *folder = new_folder ("no-space"), *pool = g_build_filename (folder, "pool.u8", NULL);
  g_autofree char *message = NULL, *student = NULL;
  g_autoptr (DfkdRecipe) recipe = recipe_on_disk ();
  DfkdSession *session;

  recipe->number[DFKD_PARAMETER_HISTORY] = 0;
  limit_files (12000);
  session = start (recipe, folder, FALSE, FALSE);
  message = wait_for_complaint (session);
  g_assert_nonnull (strstr (message, pool));
  g_assert_nonnull (strstr (message, "space"));
  wait_for (session, DFKD_STATE_PAUSED);
  g_assert_cmpuint (length_of (pool), ==, 8 * 32 * 32);
  limit_files (0);

  dfkd_session_run (session);
  student = finish (session, folder);
  g_assert_cmpstr (student, ==, straight);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/pool-on-disk/same-student", test_same_student);
  g_test_add_func ("/pool-on-disk/crash", test_crash);
  g_test_add_func ("/pool-on-disk/damage", test_damage);
  g_test_add_func ("/pool-on-disk/tail-lost", test_tail_lost);
  g_test_add_func ("/pool-on-disk/no-space", test_no_space);
  return run_tests_with_small_runs ();
}
