/* small-runs.c: runs of a few seconds, for the tests of sessions. */
#include "small-runs.h"

#include "embedded-teacher.h"
#include "support.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

static const gint64 PATIENCE = 300 * G_USEC_PER_SEC; /* before a test takes a session for stuck: sanitizers and busy machines are slow */

static char *root;

char *
new_folder (const char *name)
{
  return g_build_filename (root, name, NULL);
}

DfkdRecipe *
tiny_recipe (void)
{
  static const struct {
    DfkdParameterId id;
    double value;
  } values[] = { { DFKD_PARAMETER_BATCH, 8 },     { DFKD_PARAMETER_NZ, 12 },     { DFKD_PARAMETER_NGF, 4 },
                 { DFKD_PARAMETER_SYNTHESES, 3 }, { DFKD_PARAMETER_WARMUP, 1 },  { DFKD_PARAMETER_K, 3 },
                 { DFKD_PARAMETER_KD_STEPS, 3 },  { DFKD_PARAMETER_SEED, 5 },    { DFKD_PARAMETER_SNAPSHOT_EVERY, 0 } };
  DfkdRecipe *recipe = dfkd_recipe_new ();

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    recipe->number[values[i].id] = values[i].value;
  g_free (recipe->text[DFKD_PARAMETER_DATA]);
  recipe->text[DFKD_PARAMETER_DATA] = g_strdup ("none");
  return recipe;
}

DfkdRecipe *
tiny_recipe_of (const char *method)
{
  static const DfkdParameterId sizes[] = { DFKD_PARAMETER_BATCH, DFKD_PARAMETER_NZ, DFKD_PARAMETER_NGF, DFKD_PARAMETER_SYNTHESES,
                                           DFKD_PARAMETER_WARMUP, DFKD_PARAMETER_KD_STEPS, DFKD_PARAMETER_SNAPSHOT_EVERY };
  g_autoptr (DfkdRecipe) tiny = tiny_recipe ();
  DfkdRecipe *recipe = dfkd_recipe_copy (tiny);
  g_autoptr (GError) error = NULL;

  dfkd_recipe_set (recipe, DFKD_PARAMETER_METHOD, method, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    recipe->number[sizes[i]] = tiny->number[sizes[i]];
  recipe->number[DFKD_PARAMETER_K] = MIN (recipe->number[DFKD_PARAMETER_K], tiny->number[DFKD_PARAMETER_K]);
  recipe->number[DFKD_PARAMETER_BANK] = 16;
  recipe->number[DFKD_PARAMETER_NEGATIVES] = recipe->number[DFKD_PARAMETER_HEAD] = 8;
  return recipe;
}

DfkdTrainer *
new_trainer (const DfkdRecipe *recipe, DfkdChannel *channel, GError **error)
{
  g_autoptr (GError) problem = NULL;
  DfkdDevice *device = dfkd_device_open ("cpu", 2, &problem);
  DfkdModel *teacher = dfkd_teacher_load ("", problem == NULL ? &problem : NULL);

  g_assert_no_error (problem);
  return dfkd_trainer_new (recipe, device, teacher, NULL, channel, error);
}

DfkdSession *
start (const DfkdRecipe *recipe, const char *folder, gboolean resume, gboolean paused)
{
  DfkdSessionOptions options = { .device = "cpu", .threads = 2, .folder = folder, .resume = resume, .paused = paused };
  g_autoptr (GError) error = NULL;
  DfkdSession *session = dfkd_session_new (recipe, &options, &error);

  g_assert_no_error (error);
  return session;
}

/* waits for a state; fails after a minute */
void
wait_for (DfkdSession *session, DfkdState state)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  DfkdStatus status;

  do
    {
      dfkd_channel_wait (dfkd_session_get_channel (session), 0.05);
      dfkd_channel_get_status (dfkd_session_get_channel (session), &status);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
  while (status.state != state);
}

char *
wait_for_complaint (DfkdSession *session)
{
  gint64 last = g_get_monotonic_time () + PATIENCE;
  char *message = NULL;
  DfkdEvent *event;

  while (message == NULL && g_get_monotonic_time () < last)
    {
      dfkd_channel_wait (dfkd_session_get_channel (session), 0.05);
      while ((event = dfkd_channel_take_event (dfkd_session_get_channel (session))) != NULL)
        {
          if (event->kind == DFKD_EVENT_PAUSED)
            message = g_strdup (event->message);
          dfkd_event_free (event);
        }
    }
  g_assert_nonnull (message);
  return message;
}

void
limit_files (gsize bytes)
{
  static struct rlimit before;
  static void (*handler) (int);
  struct rlimit limit;

  if (bytes == 0)
    {
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
      signal (SIGXFSZ, handler);
      return;
    }
  handler = signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

char *
finish (DfkdSession *session, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "student.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  dfkd_session_wait (session, &error);
  g_assert_no_error (error);
  dfkd_session_free (session);
  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, >, 100000);
  {
    char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, length);

    g_free (contents);
    return sum;
  }
}

char *
run_through (const char *name, double seed)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autofree char *folder = new_folder (name);

  recipe->number[DFKD_PARAMETER_SEED] = seed;
  return finish (start (recipe, folder, FALSE, FALSE), folder);
}

void
do_steps (DfkdSession *session, DfkdStepKind kind, guint count)
{
  wait_for (session, DFKD_STATE_PAUSED);
  for (guint i = 0; i < count; i++)
    {
      dfkd_session_step (session, kind);
      g_usleep (1000);
      wait_for (session, DFKD_STATE_PAUSED);
    }
}

void
wait_for_more_than (DfkdSession *session, double total)
{
  gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  DfkdStatus status;

  do
    {
      dfkd_channel_wait (dfkd_session_get_channel (session), 0.01);
      dfkd_channel_get_status (dfkd_session_get_channel (session), &status);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
  while (!(status.state == DFKD_STATE_PAUSED && status.clocks.total > total));
}

void
do_step (DfkdSession *session, DfkdStepKind kind)
{
  DfkdStatus before;

  dfkd_channel_get_status (dfkd_session_get_channel (session), &before);
  dfkd_session_step (session, kind);
  wait_for_more_than (session, before.clocks.total);
}

DfkdSession *
start_after (const DfkdRecipe *recipe, const char *folder, guint syntheses)
{
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);

  wait_for (session, DFKD_STATE_PAUSED);
  for (guint i = 0; i < syntheses; i++)
    do_step (session, DFKD_STEP_EPOCH);
  return session;
}

void
stop (DfkdSession *session)
{
  g_autoptr (GError) error = NULL;

  dfkd_session_stop (session);
  dfkd_session_wait (session, &error);
  g_assert_no_error (error);
  dfkd_session_free (session);
}

void
begin_small_runs (void)
{
  root = g_dir_make_tmp ("dfkd-session-XXXXXX", NULL);
}

void
end_small_runs (void)
{
  remove_folder (root);
  g_clear_pointer (&root, g_free);
}

int
run_tests_with_small_runs (void)
{
  int code = g_test_run ();

  end_small_runs ();
  return code;
}

int
test_on_run (int argc, char **argv, const char *name, char **folder, void (*add) (void))
{
  g_autofree char *student = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  *folder = new_folder (name);
  student = run_through (name, 3);
  add ();
  result = run_tests_with_small_runs ();
  g_clear_pointer (folder, g_free);
  return result;
}
