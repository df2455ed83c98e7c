/* test-recipe.c: the table of parameters, and recipes made of it. */
#include "small-runs.h"

#include "errors.h"
#include "support.h"

#include <locale.h>
#include <math.h>
#include <string.h>

static void
test_parameters (void)
{
  for (guint i = 0; i < DFKD_N_PARAMETERS; i++)
    {
      const DfkdParameter *p = dfkd_parameter (i);
      DfkdParameterId id;

      g_assert_true (dfkd_parameter_find (p->name, &id));
      g_assert_cmpuint (id, ==, i); /* names are unique */
      g_assert_cmpstr (p->label, !=, "");
      g_assert_cmpstr (p->effect, !=, "");
      g_assert_nonnull (p->symbol);
      g_assert_true (dfkd_parameter_check (i, p->fallback, NULL));
      if (p->type == DFKD_PARAMETER_TEXT)
        continue;
      if (p->type == DFKD_PARAMETER_CHOICE)
        {
          guint count = g_strv_length ((char **) p->choices);

          g_assert_cmpuint (count, >=, 2);
          g_assert_true (dfkd_parameter_check (i, count - 1.0, NULL));
          g_assert_false (dfkd_parameter_check (i, count, NULL));
          continue;
        }
      g_assert_cmpfloat (p->minimum, <, p->maximum);
      g_assert_false (dfkd_parameter_check (i, p->maximum * 2.0 + 1.0, NULL));
      g_assert_false (dfkd_parameter_check (i, (double) NAN, NULL));
    }
}

static void
test_recipes (void)
{
  static const struct {
    const char *json, *said;
  } bad[] = { { "", "not a recipe" },
              { "[]", "expected an object" },
              { "{\"name\": \"x\"}", "parameters" },
              { "{\"parameters\": {\"kk\": 5}}", "kk" },
              { "{\"parameters\": {\"k\": \"five\"}}", "k: expected a number" },
              { "{\"parameters\": {\"k\": 0}}", "from 1 to 10000" },
              { "{\"parameters\": {\"k\": 2.5}}", "whole number" },
              { "{\"parameters\": {\"reuse\": \"often\"}}", "common" },
              { "{\"parameters\": {\"warmup\": 9, \"syntheses\": 3}}", "warmup" },
              { "{\"parameters\": {\"teacher\": 3}}", "text" },
              { "{\"name\": 3, \"parameters\": {}}", "“name” must be text" },
              { "{\"parametres\": {}, \"parameters\": {}}", "“parametres” is not known" },
              { "{\"parameters\": {\"k\": 2}, \"seeds\": [0, 1]}", "an experiment" },
              { "{\"base\": \"demo\", \"parameters\": {\"k\": 2}}", "an experiment" } };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe (), again = NULL;
  g_autofree char *json = NULL, *second = NULL;
  g_autoptr (GError) error = NULL;

  json = dfkd_recipe_to_json (recipe);
  again = dfkd_recipe_from_json (json, -1, "test", &error);
  g_assert_no_error (error);
  second = dfkd_recipe_to_json (again);
  g_assert_cmpstr (json, ==, second);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (dfkd_recipe_from_json (bad[i].json, -1, "bad.json", &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "bad.json"));
      g_assert_nonnull (strstr (error->message, bad[i].said));
      g_clear_error (&error);
    }
}

/* A method brings its settings along, in whatever order a file has its parameters; what is set besides stays. */
static void
test_method_settings (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_from_json ("{\"parameters\": {\"balance\": 7, \"method\": \"dafl\"}}", -1, "here", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (dfkd_recipe_get_method (recipe)->name, ==, "dafl");
  g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_BALANCE], ==, 7.0);
  g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_ACT], ==, 0.001);
  g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_KD_STEPS], ==, 5.0);
  g_assert_true (dfkd_method_uses (dfkd_recipe_get_method (recipe), "temperature")); /* of every method */
  g_assert_false (dfkd_method_uses (dfkd_recipe_get_method (recipe), "meta_gradient"));

  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    {
      g_assert_cmpstr (dfkd_method_table[i]->name, ==, dfkd_method_names[i]);
      for (const DfkdMethodSetting *s = dfkd_method_table[i]->settings; s->parameter != NULL; s++)
        {
          DfkdParameterId id;

          g_assert_true (dfkd_parameter_find (s->parameter, &id));
          g_assert_true (dfkd_parameter_check (id, s->value, NULL));
        }
    }
  /* the default recipe is the first method's */
  for (const DfkdMethodSetting *s = dfkd_method_table[0]->settings; s->parameter != NULL; s++)
    {
      g_autoptr (DfkdRecipe) plain = dfkd_recipe_new ();

      g_assert_cmpfloat (dfkd_recipe_number (plain, s->parameter), ==, s->value);
    }
}

/* what a student step takes from several parameters */
static void
test_student (void)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (dfkd_recipe_student_batch (recipe), ==, 128);
  recipe->number[DFKD_PARAMETER_BATCH] = 32.0;
  g_assert_cmpuint (dfkd_recipe_student_batch (recipe), ==, 32);
  recipe->number[DFKD_PARAMETER_STUDENT_BATCH] = 48.0;
  g_assert_cmpuint (dfkd_recipe_student_batch (recipe), ==, 48);

  recipe->number[DFKD_PARAMETER_AS_RELEASED] = 1.0;
  g_assert_cmpfloat (dfkd_recipe_temperature (recipe), ==, 20.0); /* of this method everything is as released */
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_METHOD, "dfq", &error));
  g_assert_cmpfloat (dfkd_recipe_temperature (recipe), ==, 20.0);
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_AS_RELEASED, "yes", &error));
  g_assert_cmpfloat (dfkd_recipe_temperature (recipe), ==, 1.0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recipe/parameters", test_parameters);
  g_test_add_func ("/recipe/recipes", test_recipes);
  g_test_add_func ("/recipe/method-settings", test_method_settings);
  g_test_add_func ("/recipe/student", test_student);
  return g_test_run ();
}
