/* test-inner-steps.c: what the steps of a synthesis keep, what their Adams begin with and how far they go, and what meta gradients are
 * made of. */
#include "small-runs.h"
#include "trainer-runs.h"

#include "learner.h"

#include <math.h>
#include <string.h>

enum {
  RISE = 3, /* inner steps after which the loss weighs much more, and then less again, but never as little as at first */
  FALL = 6,
  INNER_STEPS = 9,
};

static void
turn_loss (const Run *run, guint step)
{
  g_autoptr (GError) error = NULL;

  if (step == 0 || step == RISE || step == FALL)
    dfkd_trainer_set (run->trainer, DFKD_PARAMETER_BN, step == 0 ? 1.0 : step == RISE ? 100.0 : 50.0, &error);
  g_assert_no_error (error);
}

/* What a synthesis keeps is of the inner step with the least loss, all of it, whatever came after. */
static void
test_best (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autofree float *best = NULL, *kept = NULL;
  double least = (double) INFINITY;
  guint later = 0;
  gsize bytes = 0;
  Run run;

  recipe->number[DFKD_PARAMETER_K] = INNER_STEPS;
  run = begin_run (recipe);
  advance (&run);
  for (guint i = 0; i < INNER_STEPS; i++)
    {
      g_autoptr (GArray) scalars = NULL;
      gsize count;

      turn_loss (&run, i);
      advance (&run);
      scalars = dfkd_channel_take_scalars (run.channel);
      g_assert_cmpint (g_array_index (scalars, DfkdScalar, 0).series, ==, DFKD_SERIES_LOSS);
      if (g_array_index (scalars, DfkdScalar, 0).value < least)
        {
          least = g_array_index (scalars, DfkdScalar, 0).value;
          g_free (best);
          best = read_variable (&run, "batch", "images", &count);
          g_free (kept);
          kept = read_named (&run, "seen");
          later = 0;
        }
      else
        later++;
      bytes = count * sizeof (float);
    }
  g_assert_cmpuint (later, >=, INNER_STEPS - RISE);
  {
    gsize count;
    g_autofree float *images = read_variable (&run, "batch", "best", &count), *rows = read_named (&run, "kept");
    g_autofree float *loss = read_variable (&run, "batch", "best_loss", &count);

    g_assert_cmpmem (images, bytes, best, bytes);
    g_assert_cmpmem (rows, find_block (&run, "kept")->bytes, kept, find_block (&run, "seen")->bytes);
    g_assert_cmpfloat ((double) *loss, ==, least);
  }
  end_run (&run);
}

/* what CMI's bank will remember is of that step too */
static void
test_best_views (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("cmi");
  g_autofree float *before = NULL;
  double least = (double) INFINITY;
  guint later = 0;
  Run run;

  recipe->number[DFKD_PARAMETER_K] = INNER_STEPS;
  run = begin_run (recipe);
  advance (&run);
  before = read_named (&run, "views");
  for (guint i = 0; i < INNER_STEPS; i++)
    {
      g_autoptr (GArray) scalars = NULL;
      g_autofree float *after = NULL;
      gboolean better;

      turn_loss (&run, i);
      advance (&run);
      scalars = dfkd_channel_take_scalars (run.channel);
      g_assert_cmpint (g_array_index (scalars, DfkdScalar, 0).series, ==, DFKD_SERIES_LOSS);
      better = g_array_index (scalars, DfkdScalar, 0).value < least;
      least = MIN (least, g_array_index (scalars, DfkdScalar, 0).value);
      later += !better;
      after = read_named (&run, "views");
      g_assert_true ((memcmp (before, after, find_block (&run, "views")->bytes) != 0) == better);
      g_free (before);
      before = g_steal_pointer (&after);
    }
  g_assert_cmpuint (later, >=, INNER_STEPS - RISE);
  end_run (&run);
}

/* Adam's first step goes by its rate, in the numbers whose gradients are not tiny. */
static void
assert_first_step (const float *before, const float *after, gsize count, double rate)
{
  g_assert_cmpfloat_with_epsilon (largest_difference (before, after, count), rate, 2e-3 * rate);
}

/* Every synthesis starts from θ with an Adam that has done nothing; θ makes one step of its own after it, by k times the generator's rate. */
static void
test_steps_of_adam (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  Run run = begin_run (recipe);
  const double *number = recipe->number;

  for (guint i = 0; i < 2; i++)
    {
      g_autofree float *theta = NULL, *fast = NULL, *z = NULL, *z_start = NULL, *z_m = NULL, *z_v = NULL, *stepped = NULL;
      gsize bytes = find_block (&run, "parameters")->bytes, count = bytes / sizeof (float), latents;

      g_assert_true (dfkd_trainer_is_between (run.trainer));
      advance (&run);
      theta = read_named (&run, "parameters");
      fast = read_named (&run, "fast");
      g_assert_cmpmem (fast, bytes, theta, bytes);
      assert_zero (&run, "generator_m");
      assert_zero (&run, "generator_v");
      assert_zero (&run, "meta_gradient");
      z_m = read_variable (&run, "latents", "z_m", &latents);
      z_v = read_variable (&run, "latents", "z_v", &latents);
      g_assert_true (is_all (z_m, latents, 0.0f) && is_all (z_v, latents, 0.0f));
      advance (&run);
      g_assert_cmpuint (run.counters->inner, ==, 1);
      g_free (fast);
      fast = read_named (&run, "fast");
      assert_first_step (theta, fast, count, number[DFKD_PARAMETER_LR_G]);
      z = read_variable (&run, "latents", "z", &latents);
      z_start = read_variable (&run, "latents", "z_start", &latents);
      assert_first_step (z_start, z, latents, number[DFKD_PARAMETER_LR_Z]);
      finish_syntheses (&run, i + 1);
      stepped = read_named (&run, "parameters");
      if (i == 0)
        assert_first_step (theta, stepped, count, number[DFKD_PARAMETER_K] * number[DFKD_PARAMETER_LR_G]);
    }
  end_run (&run);
}

/* What is computed again to take steps back leaves the batch's statistics, those of its last gradient, as they are. */
static void
test_statistics_of_maml (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  g_autofree float *told = NULL, *again = NULL;
  DfkdProgram *last;
  gsize bytes;
  Run run;

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_META_GRADIENT, "maml", &error));
  run = begin_run (recipe);
  while (run.counters->inner < 3)
    advance (&run);
  advance (&run);
  told = read_named (&run, "statistics");
  last = dfkd_trainer_program (run.trainer, "last");
  g_assert_true (dfkd_program_run (last, &error) && dfkd_program_wait (last, &error));
  again = read_named (&run, "statistics");
  bytes = find_block (&run, "statistics")->bytes;
  g_assert_cmpmem (told, bytes, again, bytes);
  end_run (&run);
}

/* Adam's corrections, which are recorded to take its steps back, begin anew with each synthesis. */
static void
test_corrections (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  Run run;

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_META_GRADIENT, "maml", NULL));
  run = begin_run (recipe);
  for (guint i = 0; i < 2; i++)
    {
      DfkdBlock *block = find_block (&run, "corrections");
      g_autofree float *numbers = NULL;

      advance (&run);
      advance (&run);
      g_assert_cmpuint (run.counters->inner, ==, 1);
      numbers = read_block (&run, block);
      g_assert_cmpfloat_with_epsilon (numbers[0], 1.0f - (float) DFKD_ADAM_BETA1, 1e-6f);
      g_assert_cmpfloat_with_epsilon (numbers[dfkd_block_get (block, 1)->offset / sizeof (float)], 1.0f - (float) DFKD_ADAM_BETA2, 1e-6f);
      finish_syntheses (&run, i + 1);
    }
  end_run (&run);
}

/* Reptile's gradient: 67 times what a synthesis made of the generator */
static void
test_reptile (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autofree float *theta = NULL, *fast = NULL, *gradient = NULL;
  gsize count;
  Run run;

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_META_GRADIENT, "reptile", NULL));
  run = begin_run (recipe);
  theta = read_named (&run, "parameters");
  finish_syntheses (&run, 1);
  fast = read_named (&run, "fast");
  gradient = read_named (&run, "meta_gradient");
  count = find_block (&run, "fast")->bytes / sizeof (float);
  for (gsize i = 0; i < count; i++)
    g_assert_cmpfloat_with_epsilon ((double) gradient[i], 67.0 * ((double) theta[i] - (double) fast[i]), 1e-4);
  end_run (&run);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/inner-steps/best", test_best);
  g_test_add_func ("/inner-steps/best-views", test_best_views);
  g_test_add_func ("/inner-steps/steps-of-adam", test_steps_of_adam);
  g_test_add_func ("/inner-steps/statistics-of-maml", test_statistics_of_maml);
  g_test_add_func ("/inner-steps/corrections", test_corrections);
  g_test_add_func ("/inner-steps/reptile", test_reptile);
  return run_tests_with_small_runs ();
}
