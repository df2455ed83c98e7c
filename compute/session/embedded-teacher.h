/* embedded-teacher.h: the teachers that come with the program, wrn16_1 trained on Fashion-MNIST and wrn16_1 trained on shapes32, and that
 * of a recipe. */
#pragma once

#include "dataset.h"
#include "model-file.h"
#include "recipe.h"

G_BEGIN_DECLS

/** dfkd_teacher_load: @path: a model file; "" for the embedded teacher of Fashion-MNIST, "shapes32" for that of shapes32 */
DfkdModel *dfkd_teacher_load (const char *path, GError **error);
/** dfkd_teacher_load_for_recipe: with the mean and the standard deviation that the recipe may say; DFKD_ERROR_ARGUMENT for a generator */
DfkdModel *dfkd_teacher_load_for_recipe (const DfkdRecipe *recipe, GError **error);

/** dfkd_teacher_is_embedded: whether @path names one that comes with the program */
gboolean dfkd_teacher_is_embedded (const char *path);
/** dfkd_teacher_class_names: (nullable) (array zero-terminated=1) (transfer none): of an embedded teacher; NULL for a model file */
const char *const *dfkd_teacher_class_names (const char *path);

/**
 * dfkd_teacher_open_data:
 * @source: as dfkd_dataset_open() takes it; "" for the test images of the embedded teacher that @path names, and for those of
 * Fashion-MNIST beside a model file; "none" is an error
 * @path: as dfkd_teacher_load() took it
 * @teacher: whose size the images are given, if their format can be given one; one of 20 classes gets CIFAR-100's superclasses
 *
 * Returns: (transfer full): test images
 */
DfkdDataset *dfkd_teacher_open_data (const char *source, const char *path, const DfkdModel *teacher, GError **error);
/** dfkd_teacher_open_originals: likewise the training images. */
DfkdDataset *dfkd_teacher_open_originals (const char *source, const char *path, const DfkdModel *teacher, GError **error);

G_END_DECLS
