/* test-maml.c: runs with the meta gradient maml: the same after a stop among inner steps, and k stays what it was. */
#include "small-runs.h"

#include "errors.h"

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
  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_step (session, DFKD_STEP_SYNTHESIS);
  g_usleep (1000);
  wait_for (session, DFKD_STATE_PAUSED);
  for (guint i = 0; i < 3; i++)
    {
      dfkd_session_step (session, DFKD_STEP_ANY);
      g_usleep (1000);
      wait_for (session, DFKD_STATE_PAUSED);
    }
  dfkd_session_stop (session);
  dfkd_session_wait (session, &error);
  g_assert_no_error (error);
  dfkd_session_free (session);
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

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/maml/resume", test_resume);
  g_test_add_func ("/maml/dials", test_dials);
  code = g_test_run ();
  end_small_runs ();
  return code;
}
