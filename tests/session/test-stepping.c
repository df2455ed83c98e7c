/* test-stepping.c: a paused session advances by exactly what was asked for, from wherever it stands. */
#include "small-runs.h"

#include "branch-point.h"
#include "run-folder.h"

#include <string.h>

enum {
  INNER = 3, /* k of tiny_recipe() */
  STUDENT = 3,
};

/* what a session has done since somebody asked last */
typedef struct {
  guint inner, student;
  DfkdStatus status;
} Done;

static Done
take (DfkdSession *session)
{
  DfkdChannel *channel = dfkd_session_get_channel (session);
  g_autoptr (GArray) scalars = dfkd_channel_take_scalars (channel);
  Done done = { 0 };

  for (guint i = 0; i < scalars->len; i++)
    {
      DfkdSeries series = g_array_index (scalars, DfkdScalar, i).series;

      done.inner += series == DFKD_SERIES_LOSS;
      done.student += series == DFKD_SERIES_LOSS_STUDENT;
    }
  dfkd_channel_get_status (channel, &done.status);
  return done;
}

static Done
step (DfkdSession *session, DfkdStepKind kind)
{
  do_step (session, kind);
  return take (session);
}

static DfkdSession *
start_paused (double syntheses)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  DfkdSession *session;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = syntheses;
  session = start (recipe, NULL, FALSE, TRUE);
  wait_for (session, DFKD_STATE_PAUSED);
  return session;
}

/* from the middle of everything */
static void
test_kinds (void)
{
  DfkdSession *session = start_paused (10);
  Done done = take (session);

  g_assert_true (done.status.between);
  g_assert_cmpuint (done.status.inner, ==, 0);
  done = step (session, DFKD_STEP_ANY); /* latents are drawn */
  g_assert_cmpuint (done.inner, ==, 0);
  g_assert_false (done.status.between);
  done = step (session, DFKD_STEP_INNER);
  g_assert_cmpuint (done.inner, ==, 1);
  g_assert_cmpuint (done.status.inner, ==, 1);
  done = step (session, DFKD_STEP_SYNTHESIS); /* what is left of the first, which is warm-up */
  g_assert_cmpuint (done.inner, ==, INNER - 1);
  g_assert_cmpuint (done.student, ==, 0);
  g_assert_cmpuint (done.status.images, ==, 8);
  g_assert_true (done.status.between);
  g_assert_cmpuint (done.status.inner, ==, 0); /* of the one that comes */

  done = step (session, DFKD_STEP_EPOCH); /* a whole one */
  g_assert_cmpuint (done.inner, ==, INNER);
  g_assert_cmpuint (done.student, ==, STUDENT);
  g_assert_true (done.status.between);
  done = step (session, DFKD_STEP_INNER); /* the draw is on the way */
  g_assert_cmpuint (done.inner, ==, 1);
  for (guint i = 1; i < INNER; i++)
    done = step (session, DFKD_STEP_INNER);
  g_assert_cmpint (done.status.stage, ==, DFKD_STAGE_OUTER);
  done = step (session, DFKD_STEP_SYNTHESIS); /* the outer step alone is left of it */
  g_assert_cmpuint (done.inner, ==, 0);
  g_assert_cmpuint (done.status.images, ==, 3 * 8);
  g_assert_cmpint (done.status.stage, ==, DFKD_STAGE_DISTIL);
  done = step (session, DFKD_STEP_ANY);
  g_assert_cmpuint (done.student, ==, 1);
  g_assert_cmpuint (done.status.student_step, ==, 1);
  done = step (session, DFKD_STEP_INNER); /* in the midst of student steps: they are done first */
  g_assert_cmpuint (done.student, ==, STUDENT - 1);
  g_assert_cmpuint (done.inner, ==, 1);
  done = step (session, DFKD_STEP_EPOCH); /* what is left of this one */
  g_assert_cmpuint (done.inner, ==, INNER - 1);
  g_assert_cmpuint (done.student, ==, STUDENT);
  dfkd_session_free (session);
}

/* one for each call, however quick; and none after a pause */
static void
test_many (void)
{
  DfkdSession *session = start_paused (2000);
  Done done = take (session);
  double total = done.status.clocks.total;

  for (guint i = 0; i < 5; i++)
    dfkd_session_step (session, DFKD_STEP_INNER);
  wait_for_more_than (session, total);
  done = take (session);
  g_assert_cmpuint (done.inner, ==, 5);
  for (guint i = 0; i < 1000; i++)
    dfkd_session_step (session, DFKD_STEP_EPOCH);
  wait_for (session, DFKD_STATE_RUNNING);
  dfkd_session_pause (session);
  wait_for (session, DFKD_STATE_PAUSED);
  done = take (session);
  g_assert_cmpuint (done.status.synthesis, <, 500);
  done = step (session, DFKD_STEP_ANY);
  g_assert_cmpuint (done.inner + done.student, <=, 1);
  done = step (session, DFKD_STEP_INNER);
  g_assert_cmpuint (done.inner, ==, 1);
  dfkd_session_run (session); /* and a step out of a run */
  wait_for (session, DFKD_STATE_RUNNING);
  dfkd_session_step (session, DFKD_STEP_EPOCH);
  wait_for (session, DFKD_STATE_PAUSED);
  done = take (session);
  g_assert_true (done.status.between);
  dfkd_session_free (session);
}

/* whoever steps sees every step, however quickly they follow each other */
static void
test_pictures (void)
{
  DfkdSession *session = start_paused (10);
  DfkdChannel *channel = dfkd_session_get_channel (session);

  dfkd_channel_set_picture_interval (channel, 3600.0);
  for (guint i = 0; i < 2 * INNER; i++)
    {
      g_autoptr (DfkdPictures) pictures = NULL;

      step (session, DFKD_STEP_INNER);
      pictures = dfkd_channel_take_pictures (channel);
      g_assert_nonnull (pictures);
      g_assert_cmpuint (pictures->step, ==, i + 1);
    }
  dfkd_session_free (session);
}

/* Fewer syntheses than are done are as many as there will be, and the run can be gone on with from where it stands, and from its end. */
static void
test_fewer_syntheses (gconstpointer data)
{
  const DfkdStepKind kind = GPOINTER_TO_UINT (data);
  g_autofree char *name = g_strdup_printf ("fewer-%u", kind), *folder = new_folder (name), *first = NULL, *again = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe (), now = NULL;
  g_autoptr (DfkdRunSummary) summary = NULL;
  DfkdSession *session;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 10;
  session = start_after (recipe, folder, 3); /* and stands before the fourth */
  if (kind != DFKD_STEP_EPOCH)
    step (session, kind); /* or within it */
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_SYNTHESES, 1, NULL));
  stop (session);

  session = start (NULL, folder, TRUE, TRUE);
  wait_for (session, DFKD_STATE_PAUSED);
  now = dfkd_session_copy_recipe (session);
  g_assert_cmpfloat (now->number[DFKD_PARAMETER_SYNTHESES], ==, 4);
  dfkd_session_run (session);
  first = finish (session, folder);
  summary = dfkd_run_summary_load (folder, NULL);
  g_assert_true (summary->finished);
  g_assert_cmpuint (summary->syntheses, ==, 4);
  again = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_cmpstr (again, ==, first);
}

/* A student that rests because its warm-up was turned beyond the end: the run can be left so, gone on with and branched. */
static void
test_resting_student (void)
{
  g_autofree char *folder = new_folder ("resting"), *aside = new_folder ("resting-branch"), *student = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe (), now = NULL, point = NULL;
  g_autoptr (GError) error = NULL;
  DfkdSessionOptions options = { .device = "cpu", .folder = aside, .branch_folder = folder, .branch_synthesis = 3 };
  DfkdSession *session;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 6;
  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 1;
  session = start_after (recipe, folder, 2);
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_WARMUP, 20, NULL));
  for (guint i = 0; i < 2; i++)
    step (session, DFKD_STEP_EPOCH);
  stop (session);

  session = start (NULL, folder, TRUE, TRUE);
  wait_for (session, DFKD_STATE_PAUSED);
  now = dfkd_session_copy_recipe (session);
  g_assert_cmpfloat (now->number[DFKD_PARAMETER_WARMUP], ==, 20);
  dfkd_session_run (session);
  student = finish (session, folder);

  point = dfkd_branch_point_read_recipe (folder, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (point->number[DFKD_PARAMETER_WARMUP], ==, 20);
  session = dfkd_session_new (NULL, &options, &error);
  g_assert_no_error (error);
  g_free (finish (session, aside));
}

/* the student's rates of a run, step by step. Returns: (transfer full) (element-type double) */
static GArray *
rates_of (const char *folder)
{
  static const char scalar[] = "\"scalar\":\"lr_student\"", value[] = "\"value\":";
  GArray *rates = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *log = g_build_filename (folder, "events.jsonl", NULL), *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], scalar) != NULL)
      {
        const double rate = g_ascii_strtod (strstr (lines[i], value) + strlen (value), NULL);

        g_array_append_val (rates, rate);
      }
  return rates;
}

/* When another number of student steps is taken in mid-run, their rate goes on from where it is, and ends at its minimum with the run. */
static void
test_other_kd_steps (gconstpointer data)
{
  enum { BEFORE = 4, SYNTHESES = 12, HALF = 7 };
  const guint after = GPOINTER_TO_UINT (data);
  g_autofree char *name = g_strdup_printf ("kd-steps-%u", after), *folder = new_folder (name), *student = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GArray) rates = NULL;
  const double *rate;
  guint turned;
  DfkdSession *session;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = SYNTHESES;
  recipe->number[DFKD_PARAMETER_KD_STEPS] = BEFORE;
  session = start_after (recipe, folder, HALF);
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_KD_STEPS, after, NULL));
  dfkd_session_run (session);
  student = finish (session, folder);

  rates = rates_of (folder);
  rate = (const double *) rates->data;
  turned = (HALF - 1) * BEFORE; /* the first synthesis is warm-up */
  g_assert_cmpuint (rates->len, ==, turned + (SYNTHESES - HALF) * after);
  for (guint i = 1; i < rates->len; i++)
    {
      g_assert_cmpfloat (rate[i], <, rate[i - 1]);
      g_assert_cmpfloat (rate[i - 1] - rate[i], <, 0.08 * rate[0]); /* no step of it is larger than those of the cosine */
    }
  g_assert_cmpfloat (rate[rates->len - 1], <, 0.01 * rate[0]);
}

/* fewer syntheses can be taken back, as long as the run is going on */
static void
test_syntheses_back (void)
{
  g_autofree char *folder = new_folder ("back"), *student = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdRunSummary) summary = NULL;
  DfkdSession *session;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 5;
  session = start (recipe, folder, FALSE, TRUE);
  wait_for (session, DFKD_STATE_PAUSED);
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_SYNTHESES, 2, NULL));
  step (session, DFKD_STEP_INNER);
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_SYNTHESES, 5, NULL));
  g_assert_false (dfkd_session_set (session, DFKD_PARAMETER_SYNTHESES, 6, NULL)); /* there is no room */
  dfkd_session_run (session);
  student = finish (session, folder);
  summary = dfkd_run_summary_load (folder, NULL);
  g_assert_cmpuint (summary->syntheses, ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/stepping/kinds", test_kinds);
  g_test_add_func ("/stepping/many", test_many);
  g_test_add_func ("/stepping/resting-student", test_resting_student);
  g_test_add_func ("/stepping/syntheses-back", test_syntheses_back);
  g_test_add_data_func ("/stepping/kd-steps/fewer", GUINT_TO_POINTER (2), test_other_kd_steps);
  g_test_add_data_func ("/stepping/kd-steps/more", GUINT_TO_POINTER (9), test_other_kd_steps);
  g_test_add_func ("/stepping/pictures", test_pictures);
  g_test_add_data_func ("/stepping/fewer-syntheses/before", GUINT_TO_POINTER (DFKD_STEP_EPOCH), test_fewer_syntheses);
  g_test_add_data_func ("/stepping/fewer-syntheses/inner", GUINT_TO_POINTER (DFKD_STEP_INNER), test_fewer_syntheses);
  g_test_add_data_func ("/stepping/fewer-syntheses/student", GUINT_TO_POINTER (DFKD_STEP_SYNTHESIS), test_fewer_syntheses);
  return run_tests_with_small_runs ();
}
