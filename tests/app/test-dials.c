/* test-dials.c: turns of dials are undone and done again, against plain copies of the values. */
#include "workbench-dials.h"

#include "errors.h"

static void
note (WorkbenchDials *dials, guint id, guint *last)
{
  *last = id;
}

static void
test_turns (void)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new (), now = NULL;
  g_autoptr (WorkbenchDials) dials = workbench_dials_new (recipe);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint last = DFKD_N_PARAMETERS;

  g_signal_connect (dials, "changed", G_CALLBACK (note), &last);
  g_assert_null (workbench_dials_describe_undo (dials));
  g_assert_false (workbench_dials_undo (dials));
  g_assert_true (workbench_dials_set (dials, DFKD_PARAMETER_K, 2, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (last, ==, DFKD_PARAMETER_K);
  g_assert_false (workbench_dials_set (dials, DFKD_PARAMETER_K, 1e9, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  text = workbench_dials_describe_undo (dials);
  g_assert_cmpstr (text, ==, "k 5 → 2");
  g_assert_true (workbench_dials_undo (dials));
  g_assert_cmpfloat (workbench_dials_get (dials, DFKD_PARAMETER_K), ==, 5.0);
  g_assert_true (workbench_dials_redo (dials));
  g_assert_false (workbench_dials_redo (dials));
  g_assert_cmpfloat (workbench_dials_get (dials, DFKD_PARAMETER_K), ==, 2.0);

  /* a drag is one turn */
  for (guint i = 1; i <= 50; i++)
    workbench_dials_set (dials, DFKD_PARAMETER_BN, 10.0 + i, NULL);
  g_assert_true (workbench_dials_undo (dials));
  g_assert_cmpfloat (workbench_dials_get (dials, DFKD_PARAMETER_BN), ==, 10.0);
  g_assert_cmpfloat (workbench_dials_get (dials, DFKD_PARAMETER_K), ==, 2.0);

  /* text too, and a new turn forgets what was undone */
  workbench_dials_set_text (dials, DFKD_PARAMETER_TEACHER, "/a/teacher.safetensors");
  g_assert_false (workbench_dials_redo (dials));
  g_free (g_steal_pointer (&text));
  text = workbench_dials_describe_undo (dials);
  g_assert_nonnull (strstr (text, "teacher.safetensors"));
  g_assert_true (workbench_dials_undo (dials));
  g_assert_cmpstr (workbench_dials_get_text (dials, DFKD_PARAMETER_TEACHER), ==, "");
  g_assert_true (workbench_dials_redo (dials));

  /* all at once, taken back at once */
  g_assert_true (workbench_dials_differ (dials));
  workbench_dials_reset_all (dials);
  g_assert_false (workbench_dials_differ (dials));
  g_assert_true (workbench_dials_undo (dials));
  now = workbench_dials_copy_recipe (dials);
  g_assert_cmpfloat (now->number[DFKD_PARAMETER_K], ==, 2.0);
  g_assert_cmpstr (now->text[DFKD_PARAMETER_TEACHER], ==, "/a/teacher.safetensors");
}

/* a method says what changed with it, also when all is reset; another recipe's teacher likewise */
static void
test_method (void)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new (), wanted = NULL;
  g_autoptr (WorkbenchDials) dials = workbench_dials_new (recipe);
  g_autofree char *there = NULL, *back = NULL, *teacher = NULL, *all = NULL;
  double kd = workbench_dials_get (dials, DFKD_PARAMETER_METHOD) + 1.0;

  g_assert_true (workbench_dials_set (dials, DFKD_PARAMETER_METHOD, kd, NULL));
  there = workbench_dials_describe_undo (dials);
  g_assert_true (g_regex_match_simple ("^Method fast → [a-z]+ and [0-9]+ more values$", there, 0, 0));
  workbench_dials_reset_all (dials);
  back = workbench_dials_describe_undo (dials);
  g_assert_true (g_regex_match_simple ("^Method [a-z]+ → fast and [0-9]+ more values$", back, 0, 0));

  wanted = workbench_dials_copy_recipe (dials);
  g_assert_true (dfkd_recipe_set (wanted, DFKD_PARAMETER_TEACHER, "/a/b.safetensors", NULL));
  g_assert_true (dfkd_recipe_set (wanted, DFKD_PARAMETER_TEACHER_MEAN, "0.5", NULL));
  workbench_dials_take (dials, wanted, DFKD_PARAMETER_TEACHER);
  workbench_dials_take (dials, wanted, DFKD_PARAMETER_TEACHER); /* no turn: nothing is otherwise */
  teacher = workbench_dials_describe_undo (dials);
  g_assert_true (g_str_has_suffix (teacher, "→ b.safetensors and 1 more value"));
  g_assert_true (workbench_dials_undo (dials));
  g_assert_cmpstr (workbench_dials_get_text (dials, DFKD_PARAMETER_TEACHER_MEAN), ==, "");

  workbench_dials_set (dials, DFKD_PARAMETER_K, 2, NULL);
  workbench_dials_set (dials, DFKD_PARAMETER_BN, 3, NULL);
  workbench_dials_reset_all (dials);
  all = workbench_dials_describe_undo (dials);
  g_assert_cmpstr (all, ==, "reset of 2 values");
}

/* a there-and-back drag is no turn at all */
static void
test_nothing (void)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  g_autoptr (WorkbenchDials) dials = workbench_dials_new (recipe);

  workbench_dials_set (dials, DFKD_PARAMETER_BN, 11.0, NULL);
  workbench_dials_set (dials, DFKD_PARAMETER_BN, recipe->number[DFKD_PARAMETER_BN], NULL);
  g_assert_null (workbench_dials_describe_undo (dials));
}

/* many random turns, undone as far as they are kept, then done again: every stop is what it was */
static void
test_bound (void)
{
  enum { N = WORKBENCH_MOST_TURNS + 57 };
  static const DfkdParameterId ids[] = { DFKD_PARAMETER_K, DFKD_PARAMETER_BN, DFKD_PARAMETER_LR_G, DFKD_PARAMETER_REUSE };
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  g_autoptr (WorkbenchDials) dials = workbench_dials_new (recipe);
  double kept[N + 1][G_N_ELEMENTS (ids)];
  guint undone = 0;

  for (guint i = 0; i <= N; i++)
    {
      if (i > 0)
        {
          guint which = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (ids));
          double value = which == 0 ? 1.0 + i % 99 : which == 3 ? (workbench_dials_get (dials, ids[3]) == 1.0 ? 2.0 : 1.0) : 1e-3 * (1.0 + i);

          workbench_dials_end_turn (dials);
          if (workbench_dials_get (dials, ids[which]) == value)
            value = which == 0 ? 100.0 : 0.77;
          g_assert_true (workbench_dials_set (dials, ids[which], value, NULL));
        }
      for (guint j = 0; j < G_N_ELEMENTS (ids); j++)
        kept[i][j] = workbench_dials_get (dials, ids[j]);
    }
  while (workbench_dials_undo (dials))
    {
      undone++;
      for (guint j = 0; j < G_N_ELEMENTS (ids); j++)
        g_assert_cmpfloat (workbench_dials_get (dials, ids[j]), ==, kept[N - undone][j]);
    }
  g_assert_cmpuint (undone, ==, WORKBENCH_MOST_TURNS);
  while (workbench_dials_redo (dials))
    undone--;
  g_assert_cmpuint (undone, ==, 0);
  for (guint j = 0; j < G_N_ELEMENTS (ids); j++)
    g_assert_cmpfloat (workbench_dials_get (dials, ids[j]), ==, kept[N][j]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dials/turns", test_turns);
  g_test_add_func ("/dials/method", test_method);
  g_test_add_func ("/dials/nothing", test_nothing);
  g_test_add_func ("/dials/bound", test_bound);
  return g_test_run ();
}
