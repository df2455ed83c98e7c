/* test-experiment-results.c: what comes of an experiment: who goes on in successive halving, tables and page, how far it is. */
#include "experiment-progress.h"
#include "experiment-results.h"

#include "pretended-runs.h"
#include "support.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static char *root;

/* ------------------------------------------------------------------------------------------------ halving */

#define HALVING(more)                                                                                                            \
  "{\"name\": \"Halving\", \"parameters\": {\"syntheses\": 60, \"warmup\": 5, \"evaluate_every\": 5, \"data\": \"none\"}, "      \
  "\"seeds\": [0, 1], \"sweep\":"                                                                                                \
  " {\"kind\": \"halving\", \"count\": 9, \"parameters\": {\"lr_g\": {\"from\": 1e-4, \"to\": 1e-2}}, \"by\": "                  \
  "\"agreement\", " more "}}"

static void
check_rungs (const char *json, const DfkdRung *rungs, guint n)
{
  g_autoptr (DfkdExperiment) e = read_experiment (json, root);

  g_assert_cmpuint (e->rungs->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (g_array_index (e->rungs, DfkdRung, i).syntheses, ==, rungs[i].syntheses);
      g_assert_cmpuint (g_array_index (e->rungs, DfkdRung, i).recipes, ==, rungs[i].recipes);
    }
}

static void
test_rungs (void)
{
  static const DfkdRung thirds[] = { { 7, 9 }, { 21, 3 }, { 60, 1 } }, halves[] = { { 10, 9 }, { 20, 4 }, { 40, 2 }, { 60, 1 } };
  static const DfkdRung late[] = { { 40, 9 }, { 60, 4 } };

  check_rungs (HALVING ("\"least\": 7, \"eta\": 3"), thirds, G_N_ELEMENTS (thirds));
  check_rungs (HALVING ("\"least\": 10"), halves, G_N_ELEMENTS (halves));
  check_rungs (HALVING ("\"least\": 40"), late, G_N_ELEMENTS (late)); /* several come to the end */
}

static void
test_survivors (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment (HALVING ("\"least\": 7, \"eta\": 3"), root);
  guint alive[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
  const double scores[] = { 50, NAN, 80, 50, 79, 10, 81, NAN, 80 }, second[] = { 1, 1, 0 };
  const double lost[] = { NAN, NAN, 3 };

  g_assert_cmpuint (dfkd_experiment_survivors (e, 0, alive, scores, 9), ==, 3);
  g_assert_cmpuint (alive[0], ==, 2);
  g_assert_cmpuint (alive[1], ==, 6);
  g_assert_cmpuint (alive[2], ==, 8);
  g_assert_cmpuint (dfkd_experiment_survivors (e, 1, alive, second, 3), ==, 1);
  g_assert_cmpuint (alive[0], ==, 2); /* of equals the first */
  alive[0] = 2, alive[1] = 6, alive[2] = 8;
  dfkd_experiment_survivors (e, 1, alive, lost, 3);
  g_assert_cmpuint (alive[0], ==, 8);
}

/* what is compared is read from the log of a run: the evaluation at the end of the rung, or the newest inner steps before it */
static void
test_scores (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment (HALVING ("\"least\": 8"), root);
  g_autofree char *run = dfkd_cell_path (e, root, 3), *log = g_build_filename (run, "events.jsonl", NULL);
  g_autoptr (GString) lines = g_string_new (NULL);
  const guint k = (guint) dfkd_experiment_recipe (e, 3)->recipe->number[DFKD_PARAMETER_K];

  g_assert_cmpuint (e->window, ==, 2); /* of 8 syntheses those whose student has learned something, at most half */
  g_assert_true (isnan (dfkd_cell_score (e, root, 3, 8)));
  g_assert_cmpint (g_mkdir (run, 0755), ==, 0);
  for (guint step = 0; step < 9 * k; step++)
    g_string_append_printf (lines, "{\"scalar\":\"agreement\",\"step\":%u,\"clocks\":[0,0,0,0],\"value\":%u}\n", step,
                            step < 6 * k   ? 1
                            : step < 8 * k ? 60 + step % 2 * 10
                                           : 99);
  g_string_append (
      lines,
      "{\"event\":\"evaluation\",\"inner_step\":40,\"student_step\":1,\"synthesis\":8,\"clocks\":[0,0,0,0],\"accuracy\":71.5}\n"
      "{\"event\":\"evaluation\",\"inner_step\":45,\"student_step\":1,\"synthesis\":9,\"clocks\":[0,0,0,0],\"accuracy\":12}\n");
  g_assert_true (g_file_set_contents (log, lines->str, -1, NULL));
  g_assert_cmpfloat (fabs (dfkd_cell_score (e, root, 3, 8) - 65.0), <, 0.5);
  g_assert_true (isnan (dfkd_cell_score (e, root, 3, 16))); /* it has not come so far */
  e->choose_by = DFKD_CHOOSE_BY_ACCURACY;
  g_assert_cmpfloat (dfkd_cell_score (e, root, 3, 8), ==, 71.5);
  g_assert_true (isnan (dfkd_cell_score (e, root, 3, 7)));
  remove_folder (run);
}

/* ------------------------------------------------------------------------------------------------ results */

static char *
contents (const char *name)
{
  g_autofree char *path = g_build_filename (root, name, NULL), *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return g_steal_pointer (&text);
}

static void
test_results (void)
{
  g_autoptr (DfkdExperiment) e
      = read_experiment ("{\"name\": \"A <b> | c\", \"seeds\": [0, 1, 2], \"runs\": [{\"name\": \"a, \\\"b\\\" | <i>\"},"
                    " {\"name\": \"other\", \"parameters\": {\"k\": 2}}]}", root);
  g_autoptr (DfkdExperimentResults) results = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *csv = NULL, *table = NULL, *page = NULL;
  DfkdMean mean;

  pretend_run (e, root, 0, "80", 1.5);
  pretend_run (e, root, 2, "82", 1.5);
  pretend_run (e, root, 4, "87", 1.5);
  pretend_run (e, root, 1, "null", 1.5);
  results = dfkd_experiment_results_new (e, root);
  mean = dfkd_experiment_mean (results, 0, DFKD_MEASURE_FINAL);
  g_assert_cmpuint (mean.n, ==, 3);
  g_assert_cmpfloat (fabs (mean.mean - 83.0), <, 1e-12);
  g_assert_cmpfloat (fabs (mean.deviation - sqrt (13.0)), <, 1e-12); /* (9 + 1 + 16) / 2 */
  mean = dfkd_experiment_mean (results, 1, DFKD_MEASURE_FINAL);
  g_assert_cmpuint (mean.n, ==, 0);
  g_assert_true (isnan (mean.mean));
  mean = dfkd_experiment_mean (results, 1, DFKD_MEASURE_DISTIL);
  g_assert_cmpuint (mean.n, ==, 1);
  g_assert_true (isnan (mean.deviation));
  results->cells[3].state = DFKD_CELL_FAILED;
  results->cells[3].message = g_strdup ("lost <everything>");

  g_assert_true (dfkd_experiment_results_write (results, &error));
  g_assert_no_error (error);
  csv = contents ("results.csv");
  g_assert_true (g_str_has_prefix (csv, "recipe,k,seed,state,syntheses,accuracy_final,"));
  g_assert_nonnull (strstr (csv, "\n\"a, \"\"b\"\" | <i>\",5,1,finished,60,82,90,70,92.85,,1.5,2,3,0,6.5,480,"));
  g_assert_nonnull (strstr (csv, "\nother,2,0,finished,60,,90,"));
  g_assert_nonnull (strstr (csv, "\nother,2,1,failed,0,,"));
  g_assert_nonnull (strstr (csv, "\nother,2,2,waiting,0,,"));
  table = contents ("results.md");
  g_assert_nonnull (strstr (table, "| a, \"b\" \\| \\<i> | 3 | 83.00 ± 3.61 | 90.00 ± 0.00 |"));
  g_assert_nonnull (strstr (table, "4 of 6 runs finished, 0 dropped, 1 failed"));
  page = contents ("results.html");
  g_assert_null (strstr (page, "<i>"));
  g_assert_null (strstr (page, "<everything>"));
  g_assert_null (strstr (page, "http")); /* nothing from elsewhere */
  g_assert_nonnull (strstr (page, "a, &quot;b&quot; | &lt;i&gt;"));
  g_assert_nonnull (strstr (page, "83.00 ± 3.61"));
  g_assert_nonnull (strstr (page, "<svg"));
}

static double
number_behind (const char *text, const char *mark)
{
  const char *at = strstr (text, mark);

  g_assert_nonnull (at);
  return g_ascii_strtod (at + strlen (mark), NULL);
}

/* bars begin behind the names: 100 letters, of which a narrow one takes half of the 13 pixels that they are high */
static void
test_long_name (void)
{
  g_autofree char *name = g_strnfill (100, 'n'), *json = g_strdup_printf ("{\"name\": \"Long\", \"runs\": [{\"name\": \"%s\"}]}", name);
  g_autoptr (DfkdExperiment) e = read_experiment (json, root);
  g_autoptr (DfkdExperimentResults) results = NULL;
  g_autofree char *page = NULL;

  pretend_run (e, root, 0, "80", 1.5);
  results = dfkd_experiment_results_new (e, root);
  g_assert_true (dfkd_experiment_results_write (results, NULL));
  page = contents ("results.html");
  g_assert_cmpfloat (number_behind (page, "<rect x=\""), >, 100 * 6.5);
  g_assert_cmpfloat (number_behind (page, "<svg width=\""), >, number_behind (page, "<rect x=\"") + 460);
}

/* how far came those that successive halving let go, and with what */
static void
test_dropped (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment ("{\"name\": \"Halving\", \"seeds\": [7, 8], \"runs\": [{\"name\": \"stays\"},"
                                             " {\"name\": \"goes <b>\", \"parameters\": {\"k\": 2}}, {\"name\": \"unmeasured\", \"parameters\": {\"k\": 3}}]}", root);
  g_autoptr (DfkdExperimentResults) results = NULL;
  g_autofree char *table = NULL, *page = NULL;

  pretend_run (e, root, 0, "80", 1.5);
  pretend_run (e, root, 1, "40", 1.5);
  pretend_run (e, root, 4, "42", 1.5);
  pretend_run (e, root, 2, "null", 1.5);
  results = dfkd_experiment_results_new (e, root);
  results->cells[1].state = results->cells[4].state = results->cells[2].state = DFKD_CELL_DROPPED;
  g_assert_true (dfkd_experiment_results_write (results, NULL));
  table = contents ("results.md");
  g_assert_nonnull (strstr (table, "\n\n- goes <b>: dropped after 60 syntheses, student 41.00 ± 1.41 %\n- unmeasured: dropped after 60 syntheses\n"));
  g_assert_null (strstr (table, "stays: dropped"));
  page = contents ("results.html");
  g_assert_nonnull (strstr (page, "<li>goes &lt;b&gt;: dropped after 60 syntheses, student 41.00 ± 1.41 %</li>"));
}

/* Fast with 300 inner and 2,200 student steps has come to its end; DAFL with 440 and 2,200 waits, then is half done. A wrong count
 * would tell: as many syntheses at Fast's pace would take 47.7 s. */
static void
test_progress (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment ("{\"name\": \"Left\", \"seeds\": [11], \"runs\": [{\"name\": \"left, fast\"},"
                                             " {\"name\": \"left, DAFL\", \"parameters\": {\"method\": \"dafl\"}}]}", root);
  const guint goals[] = { 60, 440 };
  g_autoptr (DfkdExperimentResults) results = NULL;
  DfkdExperimentActive active[] = { { .cell = 0 }, { .cell = 1 } };
  DfkdExperimentProgress progress = { .experiment = e, .active = active, .n_active = 1 };

  results = dfkd_experiment_results_new (e, root);
  dfkd_experiment_estimate (&progress, results, goals, 0, 1);
  g_assert_cmpfloat (progress.seconds_left, <, 0.0); /* nothing was done yet */
  g_assert_cmpfloat (progress.fraction, ==, 0.0);
  g_clear_pointer (&results, dfkd_experiment_results_free);

  pretend_run (e, root, 0, "80", 3.0);
  results = dfkd_experiment_results_new (e, root);
  active[0].cell = 1;
  dfkd_experiment_estimate (&progress, results, goals, 0, 1);
  g_assert_cmpuint (progress.finished, ==, 1);
  g_assert_cmpfloat_with_epsilon (progress.fraction, 1180.0 / 2500.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (progress.seconds_left, 440 * 3.0 / 300 + 2200 * 2.0 / 2200 + 440 * 1.5 / 60, 1e-9);

  active[0].status = (DfkdStatus){ .state = DFKD_STATE_RUNNING, .synthesis = 221, .syntheses = 440, .clocks = { 22, 11, 0, 0, 33 } };
  dfkd_experiment_estimate (&progress, results, goals, 0, 1);
  g_assert_cmpfloat_with_epsilon (progress.fraction, (1180 + 660) / 2500.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (progress.seconds_left, 220 * 22.0 / 220 + 1100 * 11.0 / 1100 + 220 * 1.5 / 280, 1e-9);
  dfkd_experiment_estimate (&progress, results, goals, 100, 1); /* of a rung that is to come: half by each */
  g_assert_cmpfloat_with_epsilon (progress.fraction, (1180 + 660) / (2500.0 + 50 * 21 + 50 * 3), 1e-9);
}

/* two that run beside each other have half the time of both left, and one that is alone all of its own */
static void
test_progress_of_jobs (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment ("{\"name\": \"Beside\", \"seeds\": [1, 2], \"runs\": [{\"name\": \"beside each other\"}]}", root);
  const guint goals[] = { 60, 60 };
  g_autoptr (DfkdExperimentResults) results = dfkd_experiment_results_new (e, root);
  const DfkdStatus half = { .state = DFKD_STATE_RUNNING, .synthesis = 31, .syntheses = 60, .clocks = { 30, 40, 0, 0, 75 } };
  const DfkdExperimentActive active[] = { { 0, half }, { 1, half } };
  DfkdExperimentProgress progress = { .experiment = e, .active = active, .n_active = 2 };
  const double one = 150 * 30.0 / 150 + 1200 * 40.0 / 1000 + 30 * 5.0 / 30; /* warm-up took 5 of the syntheses that are done */

  dfkd_experiment_estimate (&progress, results, goals, 0, 2);
  g_assert_cmpfloat_with_epsilon (progress.seconds_left, one, 1e-9);
  g_assert_cmpfloat_with_epsilon (progress.fraction, (150 + 0.4 * 1000) / (300 + 0.4 * 2200), 1e-9);
  dfkd_experiment_estimate (&progress, results, goals, 0, 8); /* there are no more than two */
  g_assert_cmpfloat_with_epsilon (progress.seconds_left, one, 1e-9);
  dfkd_experiment_estimate (&progress, results, goals, 0, 1);
  g_assert_cmpfloat_with_epsilon (progress.seconds_left, 2 * one, 1e-9);
}

/* who only looks learns from the table that a run failed, and from the folders, which count more, that it has come to its end since */
static void
test_refresh (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment ("{\"name\": \"Seen\", \"seeds\": [7, 8, 9, 10], \"runs\": [{\"name\": \"seen, from outside\"}]}", root);
  g_autoptr (DfkdExperimentResults) runner = NULL, onlooker = NULL;
  g_autofree char *table = g_build_filename (root, "results.csv", NULL), *run = dfkd_cell_path (e, root, 2), *recipe_path = NULL, *log = NULL;
  g_autoptr (DfkdRecipe) recipe = dfkd_experiment_cell_recipe (e, 2);
  g_autoptr (GError) error = NULL;
  int claim;

  pretend_run (e, root, 0, "80", 1.5);
  g_mkdir (run, 0755);
  recipe_path = g_build_filename (run, "recipe.json", NULL);
  log = g_build_filename (run, "events.jsonl", NULL);
  g_assert_true (dfkd_recipe_save (recipe, recipe_path, NULL));
  g_assert_true (g_file_set_contents (log, "", -1, NULL));
  runner = dfkd_experiment_results_new (e, root);
  runner->cells[1].state = DFKD_CELL_FAILED;
  runner->cells[1].message = g_strdup ("no \"room\",\nnone");
  runner->cells[2].state = DFKD_CELL_DROPPED;
  g_assert_true (dfkd_experiment_results_write (runner, &error));
  g_assert_no_error (error);

  onlooker = dfkd_experiment_results_new (e, root);
  g_assert_cmpint (onlooker->cells[1].state, ==, DFKD_CELL_WAITING);
  for (guint i = 0; i < 2; i++)
    {
      dfkd_experiment_results_refresh (onlooker, NULL);
      g_assert_cmpint (onlooker->cells[0].state, ==, DFKD_CELL_FINISHED);
      g_assert_cmpint (onlooker->cells[1].state, ==, DFKD_CELL_FAILED);
      g_assert_cmpstr (onlooker->cells[1].message, ==, "no \"room\",\nnone");
      g_assert_cmpint (onlooker->cells[2].state, ==, DFKD_CELL_DROPPED);
      g_assert_cmpint (onlooker->cells[3].state, ==, DFKD_CELL_WAITING);
    }
  pretend_run (e, root, 1, "82", 1.5);
  dfkd_experiment_results_refresh (onlooker, NULL);
  g_assert_cmpint (onlooker->cells[1].state, ==, DFKD_CELL_FINISHED);
  g_assert_null (onlooker->cells[1].message);
  g_assert_true (g_file_set_contents (table, "state,message,folder\nfailed\n\"failed,x,", -1, NULL)); /* anything */
  dfkd_experiment_results_refresh (onlooker, NULL);
  g_assert_cmpint (onlooker->cells[2].state, ==, DFKD_CELL_BEGUN);

  /* somebody writes */
  if (g_file_test ("/proc/locks", G_FILE_TEST_EXISTS))
    {
      g_assert_false (dfkd_run_is_written (run));
      claim = dfkd_run_lock (run, &error);
      g_assert_no_error (error);
      g_assert_true (dfkd_run_is_written (run));
      close (claim);
      g_assert_false (dfkd_run_is_written (run));
    }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  root = g_dir_make_tmp ("dfkd-experiment-XXXXXX", NULL);
  g_test_add_func ("/experiment/rungs", test_rungs);
  g_test_add_func ("/experiment/survivors", test_survivors);
  g_test_add_func ("/experiment/scores", test_scores);
  g_test_add_func ("/experiment/results", test_results);
  g_test_add_func ("/experiment/long-name", test_long_name);
  g_test_add_func ("/experiment/dropped", test_dropped);
  g_test_add_func ("/experiment/progress", test_progress);
  g_test_add_func ("/experiment/progress-of-jobs", test_progress_of_jobs);
  g_test_add_func ("/experiment/refresh", test_refresh);
  result = g_test_run ();
  remove_folder (root);
  g_free (root);
  return result;
}
