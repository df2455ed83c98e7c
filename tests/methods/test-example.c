/* test-example.c: the method of METHODS.md stands in a table of its own here, and in a session that knows nothing of it. */
#include "method.h"
#include "small-runs.h"

extern const DfkdMethod dfkd_method_fast, dfkd_method_example;

const DfkdMethod *const dfkd_method_table[] = { &dfkd_method_fast, &dfkd_method_example, NULL };
const char *const dfkd_method_names[] = { "fast", "example", NULL };

/* lines of the page's C block */
static void
test_length (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "example.c", NULL), *text = NULL;
  guint lines = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (const char *at = text; *at != '\0'; at++)
    lines += *at == '\n';
  g_assert_cmpuint (lines, >, 30);
  g_assert_cmpuint (lines, <, 80);
}

/* @loss: of all steps, in order */
static GArray *
run (const char *name)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autofree char *folder = new_folder (name);
  g_autoptr (GError) error = NULL;
  GArray *losses = g_array_new (FALSE, FALSE, sizeof (double));
  DfkdSession *session;

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_METHOD, "example", &error));
  recipe->number[DFKD_PARAMETER_SYNTHESES] = 6;
  session = start (recipe, folder, FALSE, FALSE);
  wait_for (session, DFKD_STATE_FINISHED);
  {
    g_autoptr (GArray) scalars = dfkd_channel_take_scalars (dfkd_session_get_channel (session));

    for (guint i = 0; i < scalars->len; i++)
      if (g_array_index (scalars, DfkdScalar, i).series == DFKD_SERIES_LOSS)
        g_array_append_val (losses, g_array_index (scalars, DfkdScalar, i).value);
      else
        g_assert_cmpint (g_array_index (scalars, DfkdScalar, i).series, !=, DFKD_SERIES_LOSS_ADV); /* it has no such term */
  }
  g_free (finish (session, folder));
  return losses;
}

static void
test_run (void)
{
  g_autoptr (GArray) losses = run ("example");
  double first = 0.0, last = 0.0;

  g_assert_cmpuint (losses->len, ==, 6 * 5);
  for (guint i = 0; i < 5; i++)
    {
      first += g_array_index (losses, double, i);
      last += g_array_index (losses, double, losses->len - 1 - i);
    }
  g_assert_cmpfloat (last, <, first); /* it learns */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/example/length", test_length);
  g_test_add_func ("/example/run", test_run);
  return run_tests_with_small_runs ();
}
