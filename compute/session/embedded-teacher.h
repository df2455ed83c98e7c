/* embedded-teacher.h: the teacher that comes with the program: wrn16_1 trained on Fashion-MNIST. */
#pragma once

#include "model-file.h"

G_BEGIN_DECLS

/** dfkd_teacher_load: @path: a model file, or "" for the embedded teacher */
DfkdModel *dfkd_teacher_load (const char *path, GError **error);

G_END_DECLS
