/* test-experiment-table.c: columns, scales, categories and what is not known of an experiment's table; ranges; and reading it again while
 * somebody runs it. */
#include "pretended-runs.h"
#include "support.h"
#include "workbench-brushes.h"
#include "workbench-experiment.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *root;

/* four recipes with two seeds: lr_g is logarithmic, k is whole, reuse has categories */
static const char json[] = "{\"name\": \"Rates\", \"description\": \"which rate\", \"seeds\": [0, 1], \"runs\": ["
                           "{\"name\": \"a\", \"parameters\": {\"lr_g\": 0.01, \"k\": 2, \"reuse\": \"none\", \"student\": \"wrn16_1\"}},"
                           "{\"name\": \"b\", \"parameters\": {\"lr_g\": 0.001, \"k\": 5, \"reuse\": \"common\", \"student\": \"wrn10_1\"}},"
                           "{\"name\": \"c\", \"parameters\": {\"lr_g\": 0.00012345678, \"k\": 10, \"reuse\": \"none\", \"student\": \"wrn10_1\"}},"
                           "{\"name\": \"d\", \"parameters\": {\"lr_g\": 0.002, \"k\": 5, \"reuse\": \"common\", \"student\": \"wrn10_1\"}}]}";

/* a and b have both runs, c one without accuracy, d none */
static char *
write_runs (const DfkdExperiment *e, const char *name)
{
  char *folder = g_build_filename (root, name, NULL);

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  pretend_run (e, folder, 0, "80", 10.0);
  pretend_run (e, folder, 4, "82", 12.0);
  pretend_run (e, folder, 1, "60.5", 1.0);
  pretend_run (e, folder, 5, "60.5", 3.0);
  pretend_run (e, folder, 2, "null", 2.0);
  return folder;
}

static WorkbenchExperimentTable *
read_table (const DfkdExperiment *e, const char *folder)
{
  g_autoptr (DfkdExperimentResults) results = dfkd_experiment_results_new (e, folder);

  dfkd_experiment_results_refresh (results, NULL);
  return workbench_experiment_table_new (results);
}

static guint
find_parameter (WorkbenchExperimentTable *table, DfkdParameterId id)
{
  for (guint i = 0; i < workbench_experiment_table_get_n_columns (table); i++)
    if (workbench_experiment_table_get_column (table, i)->kind == WORKBENCH_COLUMN_PARAMETER && workbench_experiment_table_get_column (table, i)->id == id)
      return i;
  g_assert_not_reached ();
}

static void
test_columns (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment (json, root);
  g_autofree char *folder = write_runs (e, "columns");
  g_autoptr (WorkbenchExperimentTable) table = read_table (e, folder);
  const guint rate = find_parameter (table, DFKD_PARAMETER_LR_G), k = find_parameter (table, DFKD_PARAMETER_K);
  const guint reuse = find_parameter (table, DFKD_PARAMETER_REUSE), student = find_parameter (table, DFKD_PARAMETER_STUDENT);
  const guint final = workbench_experiment_table_find (table, DFKD_MEASURE_FINAL);
  const guint generate = workbench_experiment_table_find (table, DFKD_MEASURE_GENERATE);
  const WorkbenchExperimentColumn *column = workbench_experiment_table_get_column (table, rate);

  g_assert_cmpstr (workbench_experiment_table_get_name (table), ==, "Rates");
  g_assert_cmpstr (workbench_experiment_table_get_description (table), ==, "which rate");
  g_assert_cmpuint (workbench_experiment_table_get_n_rows (table), ==, 4);
  g_assert_true (column->logarithmic && column->is_axis && !column->whole);
  g_assert_cmpfloat (column->minimum, ==, 0.00012345678);
  g_assert_cmpfloat (column->maximum, ==, 0.01);
  g_assert_cmpstr (workbench_experiment_table_get_text (table, 2, rate), ==, "0.0001235");
  g_assert_nonnull (strstr (column->heading, dfkd_parameter (DFKD_PARAMETER_LR_G)->symbol));

  column = workbench_experiment_table_get_column (table, k);
  g_assert_true (column->whole && !column->logarithmic);
  g_assert_cmpstr (column->title, ==, "Inner steps");
  g_assert_cmpstr (column->detail, ==, "k (steps)");
  g_assert_cmpstr (column->heading, ==, "k (steps)");

  /* those that occur: choices as the parameter table has them, texts as they come */
  column = workbench_experiment_table_get_column (table, reuse);
  g_assert_cmpstr (column->categories[0], ==, "common");
  g_assert_cmpstr (column->categories[1], ==, "none");
  g_assert_null (column->categories[2]);
  g_assert_cmpfloat (workbench_experiment_table_get_value (table, 0, reuse), ==, 1.0);
  column = workbench_experiment_table_get_column (table, student);
  g_assert_cmpstr (column->categories[0], ==, "wrn16_1");
  g_assert_cmpstr (column->categories[1], ==, "wrn10_1");

  /* means as in the Markdown, the best of them, and what is not known */
  g_assert_cmpstr (workbench_experiment_table_get_text (table, 0, final), ==, "81.00 ± 1.41");
  g_assert_cmpstr (workbench_experiment_table_get_text (table, 1, final), ==, "60.50 ± 0.00");
  g_assert_cmpstr (workbench_experiment_table_get_text (table, 2, final), ==, "–");
  g_assert_cmpstr (workbench_experiment_table_get_text (table, 2, generate), ==, "2.0");
  g_assert_true (isnan (workbench_experiment_table_get_value (table, 3, final)));
  g_assert_true (workbench_experiment_table_is_best (table, 0, final) && !workbench_experiment_table_is_best (table, 1, final));
  g_assert_true (workbench_experiment_table_is_best (table, 1, generate) && workbench_experiment_table_is_best (table, 2, generate)); /* both 2 s */
  g_assert_false (workbench_experiment_table_is_best (table, 0, workbench_experiment_table_find (table, DFKD_MEASURE_BEST))); /* all alike */
  g_assert_false (workbench_experiment_table_is_best (table, 3, final) || workbench_experiment_table_is_best (table, 0, rate));
  g_assert_cmpfloat (workbench_experiment_table_get_column (table, final)->minimum, ==, 60.5);
  g_assert_cmpfloat (workbench_experiment_table_get_column (table, final)->maximum, ==, 81.0);

  /* in order: unknown accuracy is the least, unknown time the longest */
  g_assert_cmpint (workbench_experiment_table_compare (table, 0, 1, final), >, 0);
  g_assert_cmpint (workbench_experiment_table_compare (table, 3, 1, final), <, 0);
  g_assert_cmpint (workbench_experiment_table_compare (table, 3, 0, generate), >, 0);
  g_assert_cmpint (workbench_experiment_table_compare (table, 2, 3, final), ==, 0);
}

static const char *
runs_text (WorkbenchExperimentTable *table, guint row)
{
  for (guint i = 0; i < workbench_experiment_table_get_n_columns (table); i++)
    if (workbench_experiment_table_get_column (table, i)->kind == WORKBENCH_COLUMN_RUNS)
      return workbench_experiment_table_get_text (table, row, i);
  g_assert_not_reached ();
}

/* each way that a run may stand is named, and why one failed */
static void
test_states (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment (json, root);
  g_autofree char *folder = write_runs (e, "states"), *going = dfkd_cell_path (e, folder, 3), *recipe_path = g_build_filename (going, "recipe.json", NULL);
  g_autofree char *log = g_build_filename (going, "events.jsonl", NULL);
  g_autoptr (DfkdExperimentResults) runner = dfkd_experiment_results_new (e, folder);
  g_autoptr (DfkdRecipe) recipe = dfkd_experiment_cell_recipe (e, 3);
  g_autoptr (WorkbenchExperimentTable) before = NULL, table = NULL, after = NULL;
  g_autoptr (GError) error = NULL;
  int claim;

  before = read_table (e, folder);
  g_assert_cmpstr (runs_text (before, 0), ==, "2 of 2");
  g_assert_cmpstr (runs_text (before, 2), ==, "1 of 2, 1 waiting");
  g_assert_cmpstr (runs_text (before, 3), ==, "0 of 2, 2 waiting");
  g_assert_null (workbench_experiment_table_get_folders (before, 3)[0]);
  g_assert_null (workbench_experiment_table_get_note (before, 2));
  runner->cells[6].state = DFKD_CELL_FAILED;
  runner->cells[6].message = g_strdup ("no room");
  g_assert_true (dfkd_experiment_results_write (runner, &error));
  g_assert_no_error (error);
  g_mkdir (going, 0755);
  g_assert_true (dfkd_recipe_save (recipe, recipe_path, NULL));
  g_assert_true (g_file_set_contents (log, "", -1, NULL));
  claim = dfkd_run_lock (going, &error);
  g_assert_no_error (error);
  table = read_table (e, folder);
  g_assert_cmpstr (runs_text (table, 2), ==, "1 of 2, 1 failed");
  g_assert_cmpstr (workbench_experiment_table_get_note (table, 2), ==, "c-seed1: no room");
  if (g_file_test ("/proc/locks", G_FILE_TEST_EXISTS))
    g_assert_cmpstr (runs_text (table, 3), ==, "0 of 2, 1 running, 1 waiting");
  g_assert_cmpstr (workbench_experiment_table_get_folders (table, 3)[0], ==, going);
  g_close (claim, NULL);
  after = read_table (e, folder);
  g_assert_cmpstr (runs_text (after, 3), ==, "0 of 2, 1 waiting, 1 begun");
  g_assert_true (workbench_experiment_table_same_shape (before, after));
  g_assert_false (workbench_experiment_table_equal (before, after));
}

static void
test_brushes (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment (json, root);
  g_autofree char *folder = write_runs (e, "brushes");
  g_autoptr (WorkbenchExperimentTable) table = read_table (e, folder);
  g_autoptr (WorkbenchBrushes) brushes = workbench_brushes_new ();
  const guint rate = find_parameter (table, DFKD_PARAMETER_LR_G), reuse = find_parameter (table, DFKD_PARAMETER_REUSE);
  const guint final = workbench_experiment_table_find (table, DFKD_MEASURE_FINAL);
  double low = 7.0, high = 8.0;

  g_assert_false (workbench_brushes_any (brushes) || workbench_brushes_get (brushes, rate, &low, &high));
  g_assert_cmpfloat (low, ==, 7.0);
  g_assert_cmpuint (workbench_brushes_count (brushes, table), ==, 4);
  workbench_brushes_set (brushes, rate, 0.01, 0.001); /* in either order, ends belong to it */
  g_assert_true (workbench_brushes_get (brushes, rate, &low, &high));
  g_assert_cmpfloat (low, ==, 0.001);
  g_assert_cmpfloat (high, ==, 0.01);
  g_assert_true (workbench_brushes_contain (brushes, table, 0) && workbench_brushes_contain (brushes, table, 1));
  g_assert_false (workbench_brushes_contain (brushes, table, 2));
  workbench_brushes_set (brushes, reuse, -0.5, 0.5); /* and common */
  g_assert_cmpuint (workbench_brushes_count (brushes, table), ==, 2);
  workbench_brushes_set (brushes, final, 0.0, 100.0); /* and known */
  g_assert_cmpuint (workbench_brushes_count (brushes, table), ==, 1);
  g_assert_true (workbench_brushes_contain (brushes, table, 1));
  workbench_brushes_clear (brushes, rate);
  workbench_brushes_clear (brushes, rate);
  workbench_brushes_clear (brushes, reuse);
  g_assert_cmpuint (workbench_brushes_count (brushes, table), ==, 2);
  workbench_brushes_clear_all (brushes);
  g_assert_cmpuint (workbench_brushes_count (brushes, table), ==, 4);
}

static void
test_csv (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment (json, root);
  g_autofree char *folder = write_runs (e, "csv");
  g_autoptr (WorkbenchExperimentTable) table = read_table (e, folder);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) lines = NULL;

  workbench_experiment_table_write_csv (table, text);
  lines = dfkd_csv_read (text->str);
  g_assert_cmpuint (lines->len, ==, 5);
  g_assert_true (g_str_has_prefix (text->str, "recipe,student,reuse,k,lr_g,finished,accuracy_final,accuracy_final_deviation,"));
  g_assert_nonnull (strstr (text->str, "\na,wrn16_1,none,2,0.01,2,81,1.414213562,90,0,"));
  g_assert_nonnull (strstr (text->str, "\nd,wrn10_1,common,5,0.002,0,,,"));
  for (guint i = 1; i < lines->len; i++)
    g_assert_cmpuint (g_strv_length (lines->pdata[i]), ==, g_strv_length (lines->pdata[0]));
}

/* ---------------------------------------------------------------------------------------------------- reading */

static void
count (WorkbenchExperiment *experiment, guint *changes)
{
  (*changes)++;
}

/* as a terminal goes on; a file that is broken for a while takes nothing away */
static void
test_reading (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment (json, root);
  g_autofree char *folder = write_runs (e, "reading"), *copy = g_build_filename (folder, DFKD_EXPERIMENT_COPY, NULL);
  g_autoptr (WorkbenchExperiment) experiment = NULL;
  WorkbenchExperimentTable *first, *second;
  guint changes = 0;

  g_assert_true (g_file_set_contents (copy, json, -1, NULL));
  experiment = workbench_experiment_new (folder);
  g_signal_connect (experiment, "changed", G_CALLBACK (count), &changes);
  TURN_UNTIL (workbench_experiment_get_table (experiment) != NULL);
  first = workbench_experiment_get_table (experiment);
  g_assert_cmpstr (workbench_experiment_get_folder (experiment), ==, folder);
  g_assert_cmpstr (runs_text (first, 3), ==, "0 of 2, 2 waiting");
  for (guint i = 0; i < 3; i++)
    {
      workbench_experiment_refresh (experiment);
      turn_for (100);
    }
  g_assert_cmpuint (changes, ==, 1); /* nothing new */
  g_assert_true (workbench_experiment_get_table (experiment) == first);

  pretend_run (e, folder, 3, "70", 2.0);
  TURN_UNTIL (changes == 2); /* by itself */
  second = workbench_experiment_get_table (experiment);
  g_assert_cmpstr (runs_text (second, 3), ==, "1 of 2, 1 waiting");

  g_assert_true (g_file_set_contents (copy, "{\"name\": ", -1, NULL));
  workbench_experiment_refresh (experiment);
  TURN_UNTIL (workbench_experiment_get_problem (experiment) != NULL);
  g_assert_nonnull (strstr (workbench_experiment_get_problem (experiment), "experiment.json"));
  g_assert_true (workbench_experiment_get_table (experiment) == second);
  g_assert_true (g_file_set_contents (copy, json, -1, NULL));
  workbench_experiment_refresh (experiment);
  TURN_UNTIL (workbench_experiment_get_problem (experiment) == NULL);
  g_assert_true (workbench_experiment_get_table (experiment) == second);
  workbench_experiment_close (experiment);
}

/* a file's runs are below its own folder where there are none below the working directory, or where somebody says */
static void
test_folders (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment (json, root);
  g_autofree char *file = g_build_filename (root, "rates.json", NULL), *parent = g_build_filename (root, "experiments", NULL), *elsewhere = NULL;
  g_autofree char *folder = NULL;
  g_autoptr (WorkbenchExperiment) experiment = NULL, waiting = NULL;

  g_assert_true (g_file_set_contents (file, json, -1, NULL));
  waiting = workbench_experiment_new (file);
  TURN_UNTIL (workbench_experiment_get_table (waiting) != NULL);
  g_assert_cmpstr (workbench_experiment_get_folder (waiting), ==, "experiments/rates");
  g_assert_cmpstr (runs_text (workbench_experiment_get_table (waiting), 0), ==, "0 of 2, 2 waiting");
  workbench_experiment_close (waiting);

  g_mkdir (parent, 0755);
  folder = write_runs (e, "experiments/rates");
  elsewhere = write_runs (e, "elsewhere");
  experiment = workbench_experiment_new (file);
  TURN_UNTIL (workbench_experiment_get_table (experiment) != NULL);
  g_assert_cmpstr (workbench_experiment_get_folder (experiment), ==, folder);
  g_assert_cmpstr (runs_text (workbench_experiment_get_table (experiment), 0), ==, "2 of 2");
  workbench_experiment_set_folder (experiment, elsewhere);
  TURN_UNTIL (g_strcmp0 (workbench_experiment_get_folder (experiment), elsewhere) == 0);
  g_assert_null (workbench_experiment_get_problem (experiment));
  workbench_experiment_close (experiment);
}

int
main (int argc, char **argv)
{
  g_autofree char *elsewhere = NULL;
  int code;

  g_test_init (&argc, &argv, NULL);
  root = g_dir_make_tmp ("dfkd-table-XXXXXX", NULL);
  elsewhere = g_build_filename (root, "working-directory", NULL);
  g_assert_cmpint (g_mkdir (elsewhere, 0755), ==, 0);
  g_chdir (elsewhere);
  g_test_add_func ("/experiment-table/columns", test_columns);
  g_test_add_func ("/experiment-table/states", test_states);
  g_test_add_func ("/experiment-table/brushes", test_brushes);
  g_test_add_func ("/experiment-table/csv", test_csv);
  g_test_add_func ("/experiment-table/reading", test_reading);
  g_test_add_func ("/experiment-table/folders", test_folders);
  code = g_test_run ();
  g_chdir ("/");
  remove_folder (root);
  g_free (root);
  return code;
}
