/* built-in-recipes.h: the demos on embedded teachers, and the settings of the paper (Fang et al., AAAI 2022) for each pair of networks and each k.
 *
 * Those of the paper are for a teacher trained on CIFAR-10 or CIFAR-100, the same for both; the teacher is a file that people bring,
 * and so is test data: they begin without any. */
#pragma once

#include "recipe.h"

G_BEGIN_DECLS

/** dfkd_built_in_count: those whose networks are known */
guint dfkd_built_in_count (void);
/** dfkd_built_in_recipe: @index: below dfkd_built_in_count(). Returns: (transfer full) */
DfkdRecipe *dfkd_built_in_recipe (guint index);
/** dfkd_built_in_pair: "WRN-40-2 → WRN-16-1", or "" for a demo, which needs no file */
const char *dfkd_built_in_pair (guint index);
/** dfkd_built_in_label: "Fast-5", or of a demo what menus call it, untranslated */
const char *dfkd_built_in_label (guint index);
/** dfkd_built_in_find: @name: as the recipe is called: "demo", "Fast-5 WRN-40-2 → WRN-16-1", the arrow also as "->".
 * Returns: (transfer full) (nullable): NULL when none has that name */
DfkdRecipe *dfkd_built_in_find (const char *name);
/** dfkd_built_in_needs_teacher: whether @name is that of one of the paper's, which are for a teacher that people bring */
gboolean dfkd_built_in_needs_teacher (const char *name);
/** dfkd_built_in_names: of all, with "->" for the arrow and "; " between them. Returns: (transfer full) */
char *dfkd_built_in_names (void);
/** dfkd_built_in_or_file: what people name as a recipe: a built-in one, else the path of a recipe's file. What is neither is
 * DFKD_ERROR_ARGUMENT, with the names that there are; a file in disorder has dfkd_recipe_load()'s error. Returns: (transfer full) */
DfkdRecipe *dfkd_built_in_or_file (const char *name, GError **error);

G_END_DECLS
