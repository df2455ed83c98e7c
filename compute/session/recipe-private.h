/* recipe-private.h: parameters as JSON, for recipes and for experiments. */
#pragma once

#include "recipe.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** dfkd_recipe_read_method: the method, if @parameters name one; it brings its settings along, so it is read before what shall
 * differ from them. */
gboolean dfkd_recipe_read_method (DfkdRecipe *recipe, JsonObject *parameters, GError **error);
/** dfkd_recipe_read_parameters: sets each member of {"k": 5, …} but the method; errors name the parameter and its range. */
gboolean dfkd_recipe_read_parameters (DfkdRecipe *recipe, JsonObject *parameters, GError **error);

G_END_DECLS
