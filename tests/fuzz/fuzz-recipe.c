/* fuzz-recipe.c: no bytes may crash the reader of recipes, and a recipe that it accepts is written and read the same. */
#include "recipe.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size); /* files are read with a zero behind them, too */
  g_autofree char *written = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_from_json (text, (gssize) size, "input", &error), second = NULL;

  g_assert_true ((recipe == NULL) == (error != NULL));
  if (recipe == NULL)
    return 0;
  g_assert_true (dfkd_recipe_check (recipe, NULL));
  written = dfkd_recipe_to_json (recipe);
  second = dfkd_recipe_from_json (written, -1, "output", &error);
  g_assert_no_error (error);
  again = dfkd_recipe_to_json (second);
  g_assert_cmpstr (again, ==, written);
  return 0;
}
