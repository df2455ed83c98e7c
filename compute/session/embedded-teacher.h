/* embedded-teacher.h: the teacher that comes with the program, wrn16_1 trained on Fashion-MNIST, and that of a recipe. */
#pragma once

#include "model-file.h"
#include "recipe.h"

G_BEGIN_DECLS

/** dfkd_teacher_load: @path: a model file, or "" for the embedded teacher */
DfkdModel *dfkd_teacher_load (const char *path, GError **error);
/** dfkd_teacher_load_for_recipe: with the mean and the standard deviation that the recipe may say */
DfkdModel *dfkd_teacher_load_for_recipe (const DfkdRecipe *recipe, GError **error);

G_END_DECLS
