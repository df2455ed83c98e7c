/* test-experiment.c: what experiments' files say, what they may not say, and the copy of one beside its runs. */
#include "experiment-results.h"

#include "built-in-recipes.h"
#include "errors.h"
#include "pretended-runs.h"
#include "support.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *root;

static DfkdExperiment *
read_table (const char *json)
{
  return read_experiment (json, root);
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

/* a student of any depth and width that a run takes */
static void
test_other_student (void)
{
  g_autoptr (DfkdExperiment) e = read_experiment ("{\"name\": \"A\", \"parameters\": {\"student\": \"wrn22_1\"}}", root);

  g_assert_cmpstr (dfkd_experiment_recipe (e, 0)->recipe->text[DFKD_PARAMETER_STUDENT], ==, "wrn22_1");
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
  g_test_add_func ("/experiment/other-student", test_other_student);
  g_test_add_func ("/experiment/methods", test_methods);
  g_test_add_func ("/experiment/bases", test_bases);
  g_test_add_func ("/experiment/names", test_names);
  g_test_add_func ("/experiment/grid", test_grid);
  g_test_add_func ("/experiment/random", test_random);
  g_test_add_func ("/experiment/random-again", test_random_again);
  g_test_add_func ("/experiment/refusals", test_refusals);
  g_test_add_func ("/experiment/too-many", test_too_many);
  g_test_add_func ("/experiment/copy", test_copy);
  g_test_add_func ("/experiment/kinds-of-files", test_kinds_of_files);
  result = g_test_run ();
  remove_folder (root);
  g_free (root);
  return result;
}
