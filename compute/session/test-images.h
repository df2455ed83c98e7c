/* test-images.h: some of a run's test images as its teacher sees them, to be looked at beside synthesised ones. */
#pragma once

#include "pictures.h"
#include "recipe.h"

G_BEGIN_DECLS

enum {
  DFKD_TEST_IMAGES = 1000, /* that are compared with synthesised ones, in the window and the terminal */
};

/**
 * dfkd_test_images_load:
 * @recipe: says the teacher and the data
 * @most: images at most; of more that there are, one from each of so many equal parts: always the same
 * @stop: (nullable): a flag that another thread may raise (g_atomic_int_set())
 *
 * Reads the data set, and sends the images through the teacher on one thread of the processor. Blocks for as long as that takes.
 *
 * Errors: those of the teacher's file and the data's; DFKD_ERROR_ARGUMENT when the recipe says that there are no data, DFKD_ERROR_SHAPE when
 * they do not fit the teacher, DFKD_ERROR_CANCELLED.
 *
 * Returns: (transfer full): images, labels, the teacher's logits and features; of synthesis 0, and the rest unknown
 */
DfkdPictures *dfkd_test_images_load (const DfkdRecipe *recipe, gsize most, const gint *stop, GError **error);

G_END_DECLS
