/* fuzz-experiment.c: no bytes may crash the reader of experiments or make it return one that cannot be run. */
#include "experiment.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdExperiment) e = dfkd_experiment_from_json ((const char *) data, (gssize) size, "input", "/nonexistent", &error);

  g_assert_true ((e == NULL) == (error != NULL));
  if (e == NULL)
    return 0;
  g_assert_cmpuint (e->cells->len, ==, e->recipes->len * e->seeds->len);
  g_assert_cmpuint (e->cells->len, <=, DFKD_EXPERIMENT_MOST_CELLS);
  for (guint i = 0; i < e->cells->len; i++)
    {
      g_autoptr (DfkdRecipe) recipe = dfkd_experiment_cell_recipe (e, i);
      const char *folder = dfkd_experiment_cell (e, i)->folder;

      g_assert_true (dfkd_recipe_check (recipe, NULL));
      g_assert_true (*folder != '.' && *folder != '\0' && strchr (folder, '/') == NULL && strlen (folder) < 120);
    }
  return 0;
}
