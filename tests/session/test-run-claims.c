/* test-run-claims.c: a run folder is one run's: it is not there before, and nobody else writes to it while that goes on. */
#include "small-runs.h"

#include "errors.h"
#include "run-folder.h"
#include "support.h"

#include <glib/gstdio.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static void
test_folders (void)
{
  g_autofree char *folder = new_folder ("taken"), *nowhere = new_folder ("file/inside"), *file = new_folder ("file");
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSessionOptions options = { .device = "cpu", .folder = folder };
  DfkdSession *session;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_null (dfkd_session_new (recipe, &options, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, folder));
  g_clear_error (&error);

  options.resume = TRUE;
  g_assert_null (dfkd_session_new (NULL, &options, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_clear_error (&error);

  /* a folder that cannot be made ends the run with a message */
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  options = (DfkdSessionOptions){ .device = "cpu", .folder = nowhere };
  session = dfkd_session_new (recipe, &options, &error);
  g_assert_no_error (error);
  g_assert_false (dfkd_session_wait (session, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  dfkd_session_free (session);
}

/* one writes in a run folder at a time; when that one has ended, another may */
static void
test_claim (void)
{
  g_autofree char *folder = new_folder ("claimed"), *student = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session, *other;

  session = start (recipe, folder, FALSE, TRUE);
  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_step (session, DFKD_STEP_SYNTHESIS);
  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_snapshot (session);
  while (!dfkd_run_can_resume (folder))
    g_usleep (1000);
  other = start (NULL, folder, TRUE, FALSE);
  g_assert_false (dfkd_session_wait (other, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, folder));
  dfkd_session_free (other);
  dfkd_session_free (session);
  student = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_nonnull (student);
}

typedef struct {
  int descriptor; /* of a lock that is held */
  const char *path; /* (nullable): removed before */
  pthread_t waiting;
  gboolean given_back;
} Holder;

/* disturbs who waits for the lock, and gives it back later */
static gpointer
hold (gpointer data)
{
  Holder *holder = data;

  g_usleep (100000);
  pthread_kill (holder->waiting, SIGUSR1);
  g_usleep (200000);
  g_atomic_int_set (&holder->given_back, TRUE);
  if (holder->path != NULL)
    g_unlink (holder->path);
  close (holder->descriptor);
  return NULL;
}

static void
ignore (int signal)
{
}

/* who waits for a lock has it when it is free, whatever signals come meanwhile */
static void
test_lock (void)
{
  g_autofree char *folder = new_folder ("locked"), *path = g_build_filename (folder, "lock", NULL);
  const struct sigaction action = { .sa_handler = ignore }; /* waiting calls are not taken up again */
  g_autoptr (GError) error = NULL;
  Holder holder = { .waiting = pthread_self () };
  GThread *thread;
  int descriptor;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_cmpint (sigaction (SIGUSR1, &action, NULL), ==, 0);
  holder.descriptor = dfkd_file_lock (path, DFKD_LOCK_ALONE, "taken", &error);
  g_assert_no_error (error);
  g_assert_cmpint (dfkd_file_lock (path, DFKD_LOCK_ALONE, "taken", &error), ==, -1);
  g_assert_cmpstr (error->message, ==, "taken");
  for (guint removed = 0; removed < 2; removed++)
    {
      thread = g_thread_new ("holder", hold, &holder);
      descriptor = dfkd_file_lock (path, DFKD_LOCK_WAIT, "", NULL);
      g_assert_cmpint (descriptor, >=, 0);
      g_assert_true (g_atomic_int_get (&holder.given_back));
      g_thread_join (thread);
      g_clear_error (&error);
      g_assert_cmpint (dfkd_file_lock (path, DFKD_LOCK_ALONE, "taken", &error), ==, -1); /* by whoever finds the file there */
      g_assert_cmpstr (error->message, ==, "taken");
      holder = (Holder){ descriptor, path, pthread_self (), FALSE };
    }
  close (descriptor);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/run-claims/folders", test_folders);
  g_test_add_func ("/run-claims/claim", test_claim);
  g_test_add_func ("/run-claims/lock", test_lock);
  return run_tests_with_small_runs ();
}
