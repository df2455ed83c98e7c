/* test-maml.c: runs with the meta gradient maml: the same after a stop among inner steps, k stays what it was, and steps are taken
 * back as they were made. */
#include "small-runs.h"

#include "errors.h"

#include <math.h>
#include <string.h>

static DfkdRecipe *
maml_recipe (void)
{
  DfkdRecipe *recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;

  dfkd_recipe_set (recipe, DFKD_PARAMETER_META_GRADIENT, "maml", &error);
  g_assert_no_error (error);
  return recipe;
}

/* begin, then one inner step after another: two of three are recorded */
static void
test_resume (void)
{
  g_autofree char *whole = new_folder ("whole"), *folder = new_folder ("stopped");
  g_autofree char *straight = NULL, *resumed = NULL, *first_order = NULL;
  g_autoptr (DfkdRecipe) recipe = maml_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);

  straight = finish (start (recipe, whole, FALSE, FALSE), whole);
  first_order = run_through ("first order", recipe->number[DFKD_PARAMETER_SEED]);
  g_assert_cmpstr (straight, !=, first_order);
  do_steps (session, DFKD_STEP_SYNTHESIS, 1);
  do_steps (session, DFKD_STEP_ANY, 3);
  stop (session);
  resumed = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_cmpstr (resumed, ==, straight);
}

/* what L weighs may change between two inner steps: the steps are taken back with what they were made with */
static void
test_dials (void)
{
  g_autofree char *folder = new_folder ("dials");
  g_autoptr (DfkdRecipe) recipe = maml_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);

  wait_for (session, DFKD_STATE_PAUSED);
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_BN, 3.0, &error));
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_K, 3.0, &error)); /* as it is */
  for (guint k = 2; k < 5; k += 2)
    {
      g_assert_false (dfkd_session_set (session, DFKD_PARAMETER_K, k, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "k"));
      g_clear_error (&error);
    }
  dfkd_session_run (session);
  g_free (finish (session, folder));

  dfkd_recipe_set (recipe, DFKD_PARAMETER_META_GRADIENT, "fomaml", &error);
  g_assert_no_error (error);
  g_assert_false (dfkd_recipe_is_built (recipe, DFKD_PARAMETER_K));
  g_assert_true (dfkd_recipe_is_built (recipe, DFKD_PARAMETER_BATCH));
}

/* a term of the loss at an inner step of the run, as it was told then */
static double
told (const GArray *scalars, DfkdSeries series, guint64 step)
{
  for (guint i = 0; i < scalars->len; i++)
    {
      const DfkdScalar *s = &g_array_index (scalars, DfkdScalar, i);

      if (s->series == series && s->step == step)
        return s->value;
    }
  g_assert_not_reached ();
}

/* A step back meets the loss of the step that it takes back: the same draws, dials and states. In the second synthesis the
 * average of statistics has its say too. */
static void
test_same_loss (void)
{
  static const DfkdSeries terms[] = { DFKD_SERIES_LOSS, DFKD_SERIES_LOSS_BN, DFKD_SERIES_LOSS_OH, DFKD_SERIES_LOSS_ADV };
  g_autoptr (DfkdRecipe) recipe = maml_recipe ();
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = NULL;
  g_autoptr (GArray) scalars = NULL;
  g_autoptr (GError) error = NULL;
  DfkdProgram *back;

  recipe->number[DFKD_PARAMETER_WARMUP] = recipe->number[DFKD_PARAMETER_KD_STEPS] = 0.0;
  trainer = new_trainer (recipe, channel, &error);
  g_assert_no_error (error);
  while (dfkd_trainer_get_counters (trainer)->synthesis < 2)
    {
      guint64 steps = dfkd_trainer_get_counters (trainer)->inner_steps;

      g_assert_true (dfkd_trainer_advance (trainer, 1, &error));
      if (steps == 4 && dfkd_trainer_get_counters (trainer)->inner_steps == 5) /* one of three steps is left */
        g_assert_true (dfkd_trainer_set (trainer, DFKD_PARAMETER_BN, 4.0, &error));
    }
  scalars = dfkd_channel_take_scalars (channel);
  back = dfkd_trainer_program (trainer, "back");
  for (guint age = 0; age < DFKD_LANES; age++) /* the last step back is the first inner step of the synthesis */
    for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
      {
        const float *value = dfkd_program_read_run (back, dfkd_series_name (terms[i]), age, NULL);
        double want = told (scalars, terms[i], 3 + age);

        g_assert_nonnull (value);
        g_assert_cmpfloat_with_epsilon ((double) *value, want, 1e-5 * MAX (fabs (want), 1e-3));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/maml/resume", test_resume);
  g_test_add_func ("/maml/dials", test_dials);
  g_test_add_func ("/maml/same-loss", test_same_loss);
  return run_tests_with_small_runs ();
}
