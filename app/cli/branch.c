/* branch.c: what was built for a run, its branches keep; all else can be another. */
#include "branch.h"

#include "resume.h"

static gboolean
take (DfkdRecipe *recipe, const DfkdRecipe *given, DfkdParameterId id, GError **error)
{
  const DfkdParameter *p = dfkd_parameter (id);
  g_autofree char *own = dfkd_recipe_get (recipe, id), *wanted = dfkd_recipe_get (given, id);

  if (dfkd_recipe_same (recipe, given, id))
    return TRUE;
  if (!dfkd_branch_point_keeps (recipe, id) || dfkd_resume_is_moved (recipe, given, id))
    return dfkd_recipe_set (recipe, id, wanted, error);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: a branch keeps its “%s”; leave the option out, or begin a new run"), p->name,
               *own == '\0' && p->empty != NULL ? _(p->empty) : own);
  dfkd_command_name_option (id, error);
  return FALSE;
}

/* the newest point; 0 where there is none */
static guint
newest (const char *folder)
{
  g_autoptr (GArray) points = dfkd_branch_points_list (folder);

  return points->len > 0 ? g_array_index (points, guint, points->len - 1) : 0;
}

DfkdRecipe *
dfkd_branch_prepare (const char *folder, guint *synthesis, const DfkdRecipe *given, GError **error)
{
  g_autoptr (DfkdRecipe) recipe = NULL, located = dfkd_recipe_copy (given);

  dfkd_recipe_locate (located); /* as the run's own was when it began */
  if (*synthesis == 0)
    *synthesis = newest (folder);
  recipe = dfkd_branch_point_read_recipe (folder, *synthesis, error);
  for (DfkdParameterId id = 0; recipe != NULL && id < DFKD_N_PARAMETERS; id++)
    if (given->said[id] && !take (recipe, located, id, error))
      return NULL;
  return recipe != NULL && dfkd_recipe_check (recipe, error) ? g_steal_pointer (&recipe) : NULL;
}
