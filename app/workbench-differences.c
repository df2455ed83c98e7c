/* workbench-differences.c: parameter by parameter. */
#include "workbench-differences.h"

#include <glib/gi18n.h>

GPtrArray *
workbench_differences (const DfkdRecipe *here, const DfkdRecipe *there)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    {
      const DfkdParameter *p = dfkd_parameter (id);
      g_autofree char *a = dfkd_recipe_get (here, id), *b = dfkd_recipe_get (there, id);

      if (g_strcmp0 (a, b) != 0)
        g_ptr_array_add (lines, g_strdup_printf (_("%s: %s here, %s there"), *p->symbol != '\0' ? p->symbol : _ (p->label),
                                                 *a != '\0' ? a : "–", *b != '\0' ? b : "–"));
    }
  return lines;
}
