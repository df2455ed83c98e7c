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

      if (!dfkd_recipe_same (here, there, id))
        g_ptr_array_add (lines, g_strdup_printf (_("%s: %s here, %s there"), *p->symbol != '\0' ? p->symbol : _ (p->label),
                                                 *a != '\0' ? a : "–", *b != '\0' ? b : "–"));
    }
  return lines;
}

static char *
escaped_value (const DfkdRecipe *recipe, DfkdParameterId id)
{
  g_autofree char *value = dfkd_recipe_get_short (recipe, id);

  return g_markup_escape_text (value, -1);
}

char *
workbench_differences_markup (const DfkdRecipe *here, const DfkdRecipe *there, guint most)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint count = 0;

  for (guint id = 0; id < DFKD_N_PARAMETERS; id++)
    {
      const DfkdParameter *p = dfkd_parameter (id);
      g_autofree char *name = g_markup_escape_text (*p->symbol != '\0' ? p->symbol : _ (p->label), -1);

      if (dfkd_recipe_same (here, there, id))
        continue;
      if (++count <= most)
        {
          g_autofree char *a = escaped_value (here, id), *b = escaped_value (there, id);

          g_string_append_printf (text, "%s%s %s → <b>%s</b>", text->len > 0 ? " · " : "", name, a, b);
        }
    }
  if (count > most)
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, " and %u more", " and %u more", count - most), count - most);
  return count > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
