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

G_END_DECLS
