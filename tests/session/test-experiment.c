/* test-experiment.c: what experiments' files say, what they may not say, and who goes on in successive halving. */
#include "experiment-progress.h"
#include "experiment-results.h"

#include "built-in-recipes.h"
#include "errors.h"
#include "pretended-runs.h"
#include "support.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static char *root;

static DfkdExperiment *
read_table (const char *json)
{
  g_autoptr (GError) error = NULL;
  DfkdExperiment *experiment = dfkd_experiment_from_json (json, -1, "table.json", root, &error);

  g_assert_no_error (error);
  return experiment;
}

static double
number (const DfkdExperiment *e, guint recipe, DfkdParameterId id)
{
  return dfkd_experiment_recipe (e, recipe)->recipe->number[id];
}

static void
test_runs (void)
{
  g_autoptr (DfkdExperiment) e = read_table (
      "{\"name\": \"Two\", \"description\": \"\", \"base\": \"demo\", \"parameters\": {\"syntheses\": 7, \"bn\": 2},"
      " \"seeds\": [3, 1], \"runs\": [{\"name\": \"k = 2\", \"parameters\": {\"k\": 2}},"
      " {\"name\": \"Own base\", \"base\": {\"kd_steps\": 9, \"bn\": 1}, \"parameters\": {\"student\": \"lenet5\"}}]}");
  g_autoptr (DfkdRecipe) recipe = dfkd_experiment_cell_recipe (e, 1);

  g_assert_cmpuint (e->recipes->len, ==, 2);
  g_assert_cmpuint (e->cells->len, ==, 4);
  g_assert_cmpstr (dfkd_experiment_recipe (e, 0)->name, ==, "k = 2");
  g_assert_cmpfloat (number (e, 0, DFKD_PARAMETER_K), ==, 2);
  g_assert_cmpfloat (number (e, 0, DFKD_PARAMETER_SYNTHESES), ==, 7);
  g_assert_cmpfloat (number (e, 1, DFKD_PARAMETER_KD_STEPS), ==, 9);
  g_assert_cmpfloat (number (e, 1, DFKD_PARAMETER_BN), ==, 2); /* the experiment's parameters are for all */
  g_assert_cmpstr (dfkd_experiment_recipe (e, 1)->recipe->text[DFKD_PARAMETER_STUDENT], ==, "lenet5");

  /* every recipe with the first seed, then with the second; folders follow from names and seeds */
  g_assert_cmpstr (dfkd_experiment_cell (e, 0)->folder, ==, "k=2-seed3");
  g_assert_cmpstr (dfkd_experiment_cell (e, 1)->folder, ==, "own-base-seed3");
  g_assert_cmpstr (dfkd_experiment_cell (e, 3)->folder, ==, "own-base-seed1");
  g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_SEED], ==, 3);
  g_assert_cmpstr (recipe->name, ==, "Own base");

  g_assert_cmpuint (e->varied->len, ==, 3);
  g_assert_cmpuint (g_array_index (e->varied, DfkdParameterId, 0), ==, DFKD_PARAMETER_STUDENT);
  g_assert_cmpuint (g_array_index (e->varied, DfkdParameterId, 1), ==, DFKD_PARAMETER_K);
  g_assert_cmpuint (g_array_index (e->varied, DfkdParameterId, 2), ==, DFKD_PARAMETER_KD_STEPS);
}

/* A method brings its settings along; what the file says for all runs, or for one, stands over them, wherever it stands. */
static void
test_methods (void)
{
  g_autoptr (DfkdRecipe) dafl = dfkd_recipe_new ();
  g_autoptr (DfkdExperiment) e
      = read_table ("{\"name\": \"M\", \"parameters\": {\"oh\": 3}, \"runs\": [{\"name\": \"fast\"},"
                    " {\"name\": \"dafl\", \"parameters\": {\"lr_g\": 0.25, \"method\": \"dafl\"}}]}");
  g_autoptr (DfkdExperiment) grid
      = read_table ("{\"name\": \"M\", \"base\": {\"balance\": 1}, \"parameters\": {\"method\": \"dafl\"}, \"sweep\":"
                    " {\"kind\": \"grid\", \"parameters\": {\"balance\": [4], \"method\": [\"fast\", \"dafl\"]}}}");

  g_assert_true (dfkd_recipe_set (dafl, DFKD_PARAMETER_METHOD, "dafl", NULL));
  g_assert_cmpfloat (dafl->number[DFKD_PARAMETER_BALANCE], !=, number (e, 0, DFKD_PARAMETER_BALANCE));
  g_assert_cmpfloat (number (e, 1, DFKD_PARAMETER_BALANCE), ==, dafl->number[DFKD_PARAMETER_BALANCE]);
  g_assert_cmpfloat (number (e, 1, DFKD_PARAMETER_METHOD), ==, dafl->number[DFKD_PARAMETER_METHOD]);
  g_assert_cmpfloat (number (e, 1, DFKD_PARAMETER_OH), ==, 3);
  g_assert_cmpfloat (number (e, 1, DFKD_PARAMETER_LR_G), ==, 0.25);
  g_assert_cmpfloat (number (grid, 0, DFKD_PARAMETER_BALANCE), ==, 4);
  g_assert_cmpfloat (number (grid, 1, DFKD_PARAMETER_BALANCE), ==, 4);
  g_assert_cmpfloat (number (grid, 1, DFKD_PARAMETER_METHOD), ==, dafl->number[DFKD_PARAMETER_METHOD]);
}

static void
test_bases (void)
{
  g_autofree char *path = g_build_filename (root, "mine.json", NULL);
  g_autoptr (DfkdRecipe) mine = dfkd_recipe_new ();
  g_autoptr (DfkdExperiment) paper = read_table ("{\"name\": \"Paper\", \"base\": \"Fast-2 WRN-40-2 -> WRN-16-1\"}"), own = NULL;

  g_assert_cmpuint (paper->cells->len, ==, 1);
  g_assert_cmpfloat (number (paper, 0, DFKD_PARAMETER_LR_G), ==, 5e-3);
  g_assert_cmpstr (dfkd_experiment_recipe (paper, 0)->name, ==, "Paper");
  mine->number[DFKD_PARAMETER_K] = 9;
  g_assert_true (dfkd_recipe_save (mine, path, NULL));
  own = read_table ("{\"name\": \"Mine\", \"base\": \"mine.json\"}");
  g_assert_cmpfloat (number (own, 0, DFKD_PARAMETER_K), ==, 9);
}

/* what --recipe takes: either arrow, a file by its path, and of what is neither the names that there are */
static void
test_names (void)
{
  g_autofree char *path = g_build_filename (root, "named", NULL), *names = dfkd_built_in_names ();
  g_auto (GStrv) all = g_strsplit (names, "; ", -1);
  g_autoptr (DfkdRecipe) typed = dfkd_built_in_or_file ("Fast-10 VGG-11 -> ResNet-18", NULL);
  g_autoptr (DfkdRecipe) arrow = dfkd_built_in_or_file ("Fast-10 VGG-11 → ResNet-18", NULL), file = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_strv_length (all), ==, dfkd_built_in_count ());
  for (guint i = 0; all[i] != NULL; i++)
    {
      g_autoptr (DfkdRecipe) recipe = dfkd_built_in_find (all[i]), same = dfkd_built_in_recipe (i);

      g_assert_nonnull (recipe);
      g_assert_cmpstr (recipe->name, ==, same->name);
    }
  g_assert_cmpfloat (typed->number[DFKD_PARAMETER_LR_G], ==, 2e-3);
  g_assert_cmpstr (arrow->name, ==, typed->name);

  g_assert_null (dfkd_built_in_or_file (path, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, names));
  g_assert_true (dfkd_recipe_save (arrow, path, NULL));
  file = dfkd_built_in_or_file (path, NULL);
  g_assert_nonnull (file);
  g_assert_cmpfloat (file->number[DFKD_PARAMETER_LR_G], ==, 2e-3);
}

static void
test_grid (void)
{
  g_autoptr (DfkdExperiment) e
      = read_table ("{\"name\": \"Grid\", \"runs\": [{\"name\": \"A\"}, {\"name\": \"B\", \"parameters\": {\"bn\": 1}}],"
                    " \"sweep\": {\"kind\": \"grid\", \"parameters\": {\"reuse\": [\"none\", \"common\"], \"k\": [2, 5, 10]}}}");
  static const double k[] = { 2, 5, 10, 2, 5, 10 };

  g_assert_cmpuint (e->recipes->len, ==, 12);
  for (guint i = 0; i < 12; i++)
    {
      g_assert_cmpfloat (number (e, i, DFKD_PARAMETER_K), ==, k[i % 6]);
      g_assert_cmpfloat (number (e, i, DFKD_PARAMETER_REUSE), ==, i % 6 < 3 ? 2 : 0);
      g_assert_cmpfloat (number (e, i, DFKD_PARAMETER_BN), ==, i < 6 ? 10 : 1);
    }
  g_assert_cmpstr (dfkd_experiment_recipe (e, 7)->name, ==, "B: reuse=none, k=5");
  g_assert_cmpstr (dfkd_experiment_cell (e, 7)->folder, ==, "b-reuse=none-k=5-seed0");
}

#define RANDOM(parameters, count, seed)                                                                                          \
  "{\"name\": \"Random\", \"sweep\": {\"kind\": \"random\", \"count\": " #count ", \"seed\": " #seed                             \
  ", \"parameters\": {" parameters "}}}"

/* half of the draws lie below the geometric mean where the table says logarithmic, below the arithmetic one elsewhere */
static void
test_random (void)
{
  g_autoptr (DfkdExperiment) e
      = read_table (RANDOM ("\"lr_g\": {\"from\": 1e-4, \"to\": 1e-2}, \"momentum\": {\"from\": 0.1, \"to\": 0.9},"
                            "\"batch\": {\"from\": 4, \"to\": 400}, \"k\": [2, 5], \"warmup\": {\"from\": 1, \"to\": 4}",
                            400, 1));
  g_autoptr (DfkdExperiment) again = read_table (RANDOM ("\"lr_g\": {\"from\": 1e-4, \"to\": 1e-2}, \"bn\": [1, 2, 3]", 40, 1));
  g_autoptr (DfkdExperiment) other = read_table (RANDOM ("\"lr_g\": {\"from\": 1e-4, \"to\": 1e-2}", 40, 2));
  guint low_rates = 0, low_momenta = 0, low_batches = 0, twos = 0, same = 0, warmups[5] = { 0 };

  for (guint i = 0; i < 400; i++)
    {
      const double rate = number (e, i, DFKD_PARAMETER_LR_G), batch = number (e, i, DFKD_PARAMETER_BATCH);
      const double momentum = number (e, i, DFKD_PARAMETER_MOMENTUM);

      g_assert_true (rate >= 1e-4 && rate <= 1e-2 && momentum >= 0.1 && momentum <= 0.9 && batch >= 4 && batch <= 400);
      g_assert_cmpfloat (batch, ==, floor (batch));
      low_rates += rate < 1e-3;
      low_momenta += momentum < 0.5;
      low_batches += batch < 40;
      twos += number (e, i, DFKD_PARAMETER_K) == 2.0;
      warmups[(guint) number (e, i, DFKD_PARAMETER_WARMUP)]++;
      if (i < 40)
        {
          /* a draw does not depend on what else is drawn, but on the seed */
          g_assert_cmpfloat (rate, ==, number (again, i, DFKD_PARAMETER_LR_G));
          same += rate == number (other, i, DFKD_PARAMETER_LR_G);
        }
    }
  g_assert_true (ABS ((int) low_rates - 200) < 50 && ABS ((int) low_momenta - 200) < 50 && ABS ((int) low_batches - 200) < 50
                 && ABS ((int) twos - 200) < 50);
  g_assert_cmpuint (same, <, 3);
  for (guint i = 1; i <= 4; i++) /* the numbers at the ends are drawn as often as those between */
    g_assert_true (ABS ((int) warmups[i] - 100) < 25);
}

/* as many as there are, each once */
static void
test_random_again (void)
{
  g_autoptr (DfkdExperiment) e = read_table (RANDOM ("\"k\": {\"from\": 1, \"to\": 3}, \"reuse\": [\"none\", \"common\"]", 6, 1));
  gboolean seen[4][2] = { 0 };

  g_assert_cmpuint (e->recipes->len, ==, 6);
  for (guint i = 0; i < 6; i++)
    {
      const guint k = (guint) number (e, i, DFKD_PARAMETER_K), none = number (e, i, DFKD_PARAMETER_REUSE) > 0.0;

      g_assert_false (seen[k][none]);
      seen[k][none] = TRUE;
    }
}

/* ------------------------------------------------------------------------------------------------- refusals */

static const struct {
  const char *json, *says, *also;
} refusals[] = {
  { "", "table.json", "" },
  { "[1]", "object", "" },
  { "{\"runs\": []}", "“name”", "" },
  { "{\"name\": \"\"}", "“name”", "missing" },
  { "{\"name\": \"A\", \"description\": 1}", "“description”", "text" },
  { "{\"name\": 3}", "“name”", "quotes" },
  { "{\"name\": \"A\", \"repeats\": 3}", "repeats", "seeds" },
  { "{\"name\": \"A\", \"base\": \"nothing\"}", "nothing", "Fast-10 WRN-40-2 -> WRN-16-2" },
  { "{\"name\": \"A\", \"base\": \"nothing.json\"}", "nothing.json", "" },
  { "{\"name\": \"A\", \"base\": [1]}", "base", "" },
  { "{\"name\": \"A\", \"parameters\": {\"k\": 0}}", "k: 0", "" },
  { "{\"name\": \"A\", \"parameters\": {\"speed\": 1}}", "speed", "" },
  { "{\"name\": \"A\", \"parameters\": {\"seed\": 1}}", "“seeds”", "" },
  { "{\"name\": \"A\", \"parameters\": {\"student\": \"wrn1_1\"}}", "wrn1_1", "wrn10_1" },
  { "{\"name\": \"A\", \"parameters\": {\"warmup\": 9, \"syntheses\": 5}}", "warmup", "" },
  { "{\"name\": \"A\", \"seeds\": []}", "seeds", "" },
  { "{\"name\": \"A\", \"seeds\": [1, 1]}", "seeds[1]", "twice" },
  { "{\"name\": \"A\", \"seeds\": [-1]}", "seeds[0]", "4294967295" },
  { "{\"name\": \"A\", \"seeds\": [1.5]}", "seeds[0]", "" },
  { "{\"name\": \"A\", \"runs\": []}", "“runs”", "" },
  { "{\"name\": \"A\", \"runs\": [1]}", "runs[0]", "" },
  { "{\"name\": \"A\", \"runs\": [{\"parameters\": {}}]}", "runs[0]", "“name”" },
  { "{\"name\": \"A\", \"runs\": [{\"name\": \"a\", \"parameter\": {}}]}", "runs[0]", "parameter" },
  { "{\"name\": \"A\", \"runs\": [{\"name\": \"a\"}, {\"name\": \"b\", \"parameters\": {\"k\": \"2\"}}]}", "runs[1].parameters",
    "k" },
  { "{\"name\": \"A\", \"runs\": [{\"name\": \"a b\"}, {\"name\": \"A/b\"}]}", "a-b", "share" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"wild\"}}", "kind", "halving" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"grid\"}}", "parameters", "" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"grid\", \"count\": 3, \"parameters\": {\"k\": [1]}}}", "count", "" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"grid\", \"parameters\": {\"k\": 3}}}", "sweep.parameters.k", "list" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"grid\", \"parameters\": {\"k\": [2, 2]}}}", "k=2", "share" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"grid\", \"parameters\": {\"k\": [2, 50000]}}}", "k: 50000", "" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"parameters\": {\"k\": [2]}}}", "count", "" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 2, \"parameters\": {\"speed\": {\"from\": 1, \"to\": 2}}}}",
    "speed", "" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 2, \"parameters\": {\"lr_g\": {\"from\": 0, \"to\": 1}}}}",
    "lr_g", "logarithmic" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 2, \"parameters\": {\"momentum\": {\"from\": 0.9, \"to\": "
    "0.1}}}}",
    "momentum", "range" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 2, \"parameters\": {\"lr_g\": {\"from\": 0.1, \"to\": 0.01}}}}",
    "lr_g", "end below where it begins" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 2, \"parameters\": {\"k\": {\"from\": 1, \"to\": 100000}}}}",
    "k: 100000", "" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 2, \"parameters\": {\"reuse\": {\"from\": 0, \"to\": 1}}}}",
    "reuse", "list" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 2, \"parameters\": {\"warmup\": {\"from\": \"0\", \"to\": 3}}}}",
    "warmup", "of a number" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 2, \"parameters\": {\"warmup\": {\"from\": false, \"to\": true}}}}",
    "warmup", "of a number" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 5, \"parameters\": {\"k\": {\"from\": 1, \"to\": 3}}}}", "count” is 5",
    "only 3 points" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"random\", \"count\": 99999, \"parameters\": {\"k\": [2]}}}", "count", "10000" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"halving\", \"count\": 4, \"parameters\": {\"k\": [1, 2, 3]}}}", "least", "" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"halving\", \"least\": 60, \"count\": 4, \"parameters\": {\"lr_g\": {\"from\": "
    "0.001, \"to\": 0.01}}}}",
    "least", "60" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"halving\", \"least\": 7, \"count\": 4, \"parameters\": {\"lr_g\": {\"from\": "
    "0.001, \"to\": 0.01}}}}",
    "evaluate_every", "7" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"halving\", \"least\": 5, \"count\": 4, \"parameters\": {\"lr_g\": {\"from\": "
    "0.001, \"to\": 0.01}}}}",
    "warm-up", "" },
  { "{\"name\": \"A\", \"sweep\": {\"kind\": \"halving\", \"least\": 10, \"count\": 4, \"by\": \"luck\"}}", "agreement", "" },
  { "{\"name\": \"A\", \"parameters\": {\"data\": \"none\"}, \"sweep\": {\"kind\": \"halving\", \"least\": 10}}", "test data",
    "agreement" },
  { "{\"name\": \"A\", \"runs\": [{\"name\": \"a\"}, {\"name\": \"b\", \"parameters\": {\"syntheses\": 50}}], \"sweep\": "
    "{\"kind\": \"halving\", \"least\": 10}}",
    "syntheses", "50" },
};

static void
test_refusals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdExperiment) e = dfkd_experiment_from_json (refusals[i].json, -1, "table.json", root, &error);

      g_test_message ("%s: %s", refusals[i].json, error != NULL ? error->message : "read");
      g_assert_null (e);
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "table.json"));
      g_assert_nonnull (strstr (error->message, refusals[i].says));
      g_assert_nonnull (strstr (error->message, refusals[i].also));
    }
}

/* many more cells than anybody can run are refused before there is memory for them */
static void
test_too_many (void)
{
  g_autoptr (GString) json = g_string_new ("{\"name\": \"A\", \"sweep\": {\"kind\": \"grid\", \"parameters\": {");
  static const char *const names[] = { "bn", "oh", "adv", "lr_g", "lr_z" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_string_append_printf (json, "%s\"%s\": [0", i > 0 ? ", " : "", names[i]);
      for (guint j = 1; j < 100; j++)
        g_string_append_printf (json, ", 0.%u", j + 100);
      g_string_append_c (json, ']');
    }
  g_string_append (json, "}}}");
  g_assert_null (dfkd_experiment_from_json (json->str, -1, "table.json", root, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "10000"));
}

/* ------------------------------------------------------------------------------------------------ halving */

#define HALVING(more)                                                                                                            \
  "{\"name\": \"Halving\", \"parameters\": {\"syntheses\": 60, \"warmup\": 5, \"evaluate_every\": 5, \"data\": \"none\"}, "      \
  "\"seeds\": [0, 1], \"sweep\":"                                                                                                \
  " {\"kind\": \"halving\", \"count\": 9, \"parameters\": {\"lr_g\": {\"from\": 1e-4, \"to\": 1e-2}}, \"by\": "                  \
  "\"agreement\", " more "}}"

static void
check_rungs (const char *json, const DfkdRung *rungs, guint n)
{
  g_autoptr (DfkdExperiment) e = read_table (json);

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
  g_autoptr (DfkdExperiment) e = read_table (HALVING ("\"least\": 7, \"eta\": 3"));
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
  g_autoptr (DfkdExperiment) e = read_table (HALVING ("\"least\": 8"));
  g_autofree char *run = dfkd_cell_path (e, root, 3), *log = g_build_filename (run, "events.jsonl", NULL);
  g_autoptr (GString) lines = g_string_new (NULL);
  const guint k = (guint) number (e, 3, DFKD_PARAMETER_K);

  g_assert_cmpuint (e->window, ==, 3); /* of 8 syntheses those after the warm-up, at most half */
  g_assert_true (isnan (dfkd_cell_score (e, root, 3, 8)));
  g_assert_cmpint (g_mkdir (run, 0755), ==, 0);
  for (guint step = 0; step < 9 * k; step++)
    g_string_append_printf (lines, "{\"scalar\":\"agreement\",\"step\":%u,\"clocks\":[0,0,0,0],\"value\":%u}\n", step,
                            step < 5 * k   ? 1
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
      = read_table ("{\"name\": \"A <b> | c\", \"seeds\": [0, 1, 2], \"runs\": [{\"name\": \"a, \\\"b\\\" | <i>\"},"
                    " {\"name\": \"other\", \"parameters\": {\"k\": 2}}]}");
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
  g_assert_nonnull (strstr (csv, "\n\"a, \"\"b\"\" | <i>\",5,1,finished,60,82,90,70,92.85,1.5,2,3,0,6.5,480,"));
  g_assert_nonnull (strstr (csv, "\nother,2,0,finished,60,,90,"));
  g_assert_nonnull (strstr (csv, "\nother,2,1,failed,0,,"));
  g_assert_nonnull (strstr (csv, "\nother,2,2,waiting,0,,"));
  table = contents ("results.md");
  g_assert_nonnull (strstr (table, "| a, \"b\" \\| <i> | 3 | 83.00 ± 3.61 | 90.00 ± 0.00 |"));
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
  g_autoptr (DfkdExperiment) e = read_table (json);
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
  g_autoptr (DfkdExperiment) e = read_table ("{\"name\": \"Halving\", \"seeds\": [7, 8], \"runs\": [{\"name\": \"stays\"},"
                                             " {\"name\": \"goes <b>\", \"parameters\": {\"k\": 2}}, {\"name\": \"unmeasured\", \"parameters\": {\"k\": 3}}]}");
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
  g_autoptr (DfkdExperiment) e = read_table ("{\"name\": \"Left\", \"seeds\": [11], \"runs\": [{\"name\": \"left, fast\"},"
                                             " {\"name\": \"left, DAFL\", \"parameters\": {\"method\": \"dafl\"}}]}");
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
  g_autoptr (DfkdExperiment) e = read_table ("{\"name\": \"Beside\", \"seeds\": [1, 2], \"runs\": [{\"name\": \"beside each other\"}]}");
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
  g_autoptr (DfkdExperiment) e = read_table ("{\"name\": \"Seen\", \"seeds\": [7, 8, 9, 10], \"runs\": [{\"name\": \"seen, from outside\"}]}");
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
      dfkd_experiment_results_refresh (onlooker);
      g_assert_cmpint (onlooker->cells[0].state, ==, DFKD_CELL_FINISHED);
      g_assert_cmpint (onlooker->cells[1].state, ==, DFKD_CELL_FAILED);
      g_assert_cmpstr (onlooker->cells[1].message, ==, "no \"room\",\nnone");
      g_assert_cmpint (onlooker->cells[2].state, ==, DFKD_CELL_DROPPED);
      g_assert_cmpint (onlooker->cells[3].state, ==, DFKD_CELL_WAITING);
    }
  pretend_run (e, root, 1, "82", 1.5);
  dfkd_experiment_results_refresh (onlooker);
  g_assert_cmpint (onlooker->cells[1].state, ==, DFKD_CELL_FINISHED);
  g_assert_null (onlooker->cells[1].message);
  g_assert_true (g_file_set_contents (table, "state,message,folder\nfailed\n\"failed,x,", -1, NULL)); /* anything */
  dfkd_experiment_results_refresh (onlooker);
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

/* the copy beside the runs is of the same recipes without the files that the experiment names */
static void
test_copy (void)
{
  static const char plain[] = "{\"name\": \"Plain\", \"base\": \"demo\", \"runs\": [{\"name\": \"a\"}]}";
  static const char json[] = "{\"name\": \"Bases\", \"base\": \"base.json\", \"runs\": [{\"name\": \"a\"}, {\"name\": \"b\", \"base\": \"demo\"},"
                             " {\"name\": \"c\", \"base\": \"base.json\", \"parameters\": {\"k\": 3}}]}";
  g_autofree char *path = g_build_filename (root, "base.json", NULL), *copy = NULL, *same = NULL;
  g_autoptr (DfkdRecipe) base = dfkd_recipe_new ();
  g_autoptr (DfkdExperiment) before = NULL, after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_recipe_set (base, DFKD_PARAMETER_METHOD, "dafl", NULL));
  g_assert_true (dfkd_recipe_set (base, DFKD_PARAMETER_STUDENT, "lenet5", NULL));
  base->number[DFKD_PARAMETER_LR_G] = 0.1 + 0.2;
  base->number[DFKD_PARAMETER_SEED] = 9;
  g_assert_true (dfkd_recipe_save (base, path, NULL));
  before = read_table (json);
  copy = dfkd_experiment_self_contained (json, -1, root);
  g_assert_cmpint (g_remove (path), ==, 0);
  after = dfkd_experiment_from_json (copy, -1, "copy", root, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (after->recipes->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    for (DfkdParameterId id = 0; id < DFKD_N_PARAMETERS; id++)
      {
        const DfkdRecipe *a = dfkd_experiment_recipe (before, i)->recipe, *b = dfkd_experiment_recipe (after, i)->recipe;

        g_assert_true (a->number[id] == b->number[id] || id == DFKD_PARAMETER_SEED); /* which a cell has, not a recipe */
        g_assert_cmpstr (a->text[id], ==, b->text[id]);
      }
  same = dfkd_experiment_self_contained (plain, sizeof plain - 1, root);
  g_assert_cmpstr (same, ==, plain);
}

static void
test_kinds_of_files (void)
{
  static const struct {
    const char *text;
    gboolean expected;
  } files[] = { { "{\"name\": \"x\", \"runs\": []}", TRUE },  { "{\"sweep\": 1}", TRUE }, { "{\"name\": \"x\", \"parameters\": {\"k\": 2}}", FALSE },
                { "{\"runs\": [", FALSE },                     { "[\"runs\"]", FALSE },    { "", FALSE } };
  g_autofree char *path = g_build_filename (root, "some.json", NULL), *folder = dfkd_experiment_default_folder ("/data/some.json");

  g_assert_cmpstr (folder, ==, "experiments/some");
  g_assert_false (dfkd_experiment_is_file (path));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_assert_true (g_file_set_contents (path, files[i].text, -1, NULL));
      g_assert_cmpint (dfkd_experiment_is_file (path), ==, files[i].expected);
    }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  root = g_dir_make_tmp ("dfkd-experiment-XXXXXX", NULL);
  g_test_add_func ("/experiment/runs", test_runs);
  g_test_add_func ("/experiment/methods", test_methods);
  g_test_add_func ("/experiment/bases", test_bases);
  g_test_add_func ("/experiment/names", test_names);
  g_test_add_func ("/experiment/grid", test_grid);
  g_test_add_func ("/experiment/random", test_random);
  g_test_add_func ("/experiment/random-again", test_random_again);
  g_test_add_func ("/experiment/refusals", test_refusals);
  g_test_add_func ("/experiment/too-many", test_too_many);
  g_test_add_func ("/experiment/rungs", test_rungs);
  g_test_add_func ("/experiment/survivors", test_survivors);
  g_test_add_func ("/experiment/scores", test_scores);
  g_test_add_func ("/experiment/results", test_results);
  g_test_add_func ("/experiment/long-name", test_long_name);
  g_test_add_func ("/experiment/dropped", test_dropped);
  g_test_add_func ("/experiment/progress", test_progress);
  g_test_add_func ("/experiment/progress-of-jobs", test_progress_of_jobs);
  g_test_add_func ("/experiment/refresh", test_refresh);
  g_test_add_func ("/experiment/copy", test_copy);
  g_test_add_func ("/experiment/kinds-of-files", test_kinds_of_files);
  result = g_test_run ();
  remove_folder (root);
  g_free (root);
  return result;
}
