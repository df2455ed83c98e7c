/* branch.h: a new run of dfkd distill that goes on from a point of another one. */
#pragma once

#include "command.h"

G_BEGIN_DECLS

/**
 * dfkd_branch_prepare:
 * @folder: of the run that is branched from
 * @synthesis: (inout): after how many syntheses; 0: the newest point, which it then says
 * @given: whose said parameters are wanted
 *
 * Returns: (transfer full) (nullable): the recipe as it stood there, changed as is wanted. Errors: dfkd_branch_point_read_recipe()'s;
 * DFKD_ERROR_ARGUMENT for what a branch keeps (dfkd_branch_point_keeps()), naming the option.
 */
DfkdRecipe *dfkd_branch_prepare (const char *folder, guint *synthesis, const DfkdRecipe *given, GError **error);

G_END_DECLS
