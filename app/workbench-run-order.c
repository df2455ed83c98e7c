/* workbench-run-order.c: comparing entries, and looking for words in them. */
#include "workbench-run-order.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static int
compare_names (WorkbenchRunEntry *a, WorkbenchRunEntry *b)
{
  g_autofree char *x = g_utf8_collate_key_for_filename (workbench_run_entry_get_title (a), -1);
  g_autofree char *y = g_utf8_collate_key_for_filename (workbench_run_entry_get_title (b), -1);

  return strcmp (x, y);
}

/* the greatest first, what is not known last */
static int
compare_numbers (double a, double b)
{
  if (isnan (a) || isnan (b))
    return isnan (a) - isnan (b);
  return (a < b) - (a > b);
}

int
workbench_run_order_compare (WorkbenchRunOrder order, WorkbenchRunEntry *a, WorkbenchRunEntry *b)
{
  int result = 0;

  if (order == WORKBENCH_RUNS_ACCURACY)
    result = compare_numbers (workbench_run_entry_get_accuracy (a), workbench_run_entry_get_accuracy (b));
  else if (order == WORKBENCH_RUNS_TIME)
    result = compare_numbers (workbench_run_entry_get_seconds (a), workbench_run_entry_get_seconds (b));
  return result != 0 ? result : compare_names (a, b);
}

/* by the name that recipes have for it, or the symbol or label that the window shows */
static gboolean
find_parameter (const char *name, DfkdParameterId *id)
{
  g_autofree char *sought = g_utf8_casefold (name, -1);

  if (dfkd_parameter_find (name, id))
    return TRUE;
  for (*id = 0; *id < DFKD_N_PARAMETERS; (*id)++)
    {
      g_autofree char *symbol = g_utf8_casefold (dfkd_parameter (*id)->symbol, -1), *label = g_utf8_casefold (_(dfkd_parameter (*id)->label), -1);

      if (*sought != '\0' && (g_str_equal (sought, symbol) || g_str_equal (sought, label)))
        return TRUE;
    }
  return FALSE;
}

/* @word: NAME=VALUE; FALSE for what is no parameter, or cannot be its value */
static gboolean
has_value (const DfkdRecipe *recipe, const char *word)
{
  const char *equals = strchr (word, '=');
  g_autofree char *name = g_strndup (word, (gsize) (equals - word));
  g_autoptr (DfkdRecipe) other = NULL;
  DfkdParameterId id;

  if (recipe == NULL || !find_parameter (name, &id))
    return FALSE;
  other = dfkd_recipe_copy (recipe);
  if (!dfkd_recipe_set (other, id, equals + 1, NULL)) /* so that 1e-3 finds 0.001 */
    return FALSE;
  return dfkd_recipe_same (recipe, other, id);
}

gboolean
workbench_run_matches (WorkbenchRunEntry *entry, const char *search)
{
  const char *note = workbench_run_entry_get_note (entry);
  g_autofree char *all = g_strdup_printf ("%s %s %s", workbench_run_entry_get_title (entry), workbench_run_entry_get_line (entry), note != NULL ? note : "");
  g_autofree char *text = g_utf8_casefold (all, -1);
  g_auto (GStrv) words = g_strsplit_set (search, " \t", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = g_utf8_casefold (words[i], -1);

      if (strstr (text, word) == NULL && !(strchr (words[i], '=') != NULL && has_value (workbench_run_entry_get_recipe (entry), words[i])))
        return FALSE;
    }
  return TRUE;
}
