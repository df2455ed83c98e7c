/* pictures-file.h: a batch in a file of the run folder: 8-bit images, lossless, with their rows (pictures/NNNNNN.safetensors), or with what they
 * were after each inner step (films/NNNNNN.safetensors). */
#pragma once

#include "pictures.h"

G_BEGIN_DECLS

/** dfkd_pictures_save: images U8 [N,C,H,W], labels I32 [N], each kind of rows F32 [N,columns], statistics F32; of F frames
 * frames U8 [F·N,C,H,W], frame_steps I32 [F], frame_statistics F32 [F,2,size]: of the batch, and as compared; and in its metadata the method with
 * the weights of its terms; atomically */
gboolean dfkd_pictures_save (const DfkdPictures *pictures, const char *path, GError **error);

/**
 * dfkd_pictures_load:
 * @path: of any version: files of earlier ones do not say the method
 * @norms: (nullable): what the statistics of the file are about; without it, or when they do not fit it, they are left out
 *
 * Errors: DFKD_ERROR_FILE, DFKD_ERROR_FORMAT, naming the file. Returns: (transfer full)
 */
DfkdPictures *dfkd_pictures_load (const char *path, DfkdNorms *norms, GError **error);

/** dfkd_norms_save: one tensor F32 [2,C] for each batch norm: what the teacher stored */
gboolean dfkd_norms_save (const DfkdNorms *norms, const char *path, GError **error);
DfkdNorms *dfkd_norms_load (const char *path, GError **error);

G_END_DECLS
