/* label-embeddings.h: a vector for each class, made elsewhere out of what the classes are called: by a language model, say.
 *
 * One matrix [classes, size] in a file of numpy (.npy), safetensors or PyTorch. It knows no networks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum {
  DFKD_EMBEDDING_MAX_SIZE = 16384,
};

/**
 * dfkd_label_embeddings_read:
 * @path: of a .npy file of one array, or of a file with a tensor "embeddings" or with one tensor alone, also as torch.save writes a
 *   tensor itself
 * @classes: rows that are expected, in the teacher's order
 * @size: (out): numbers in a row
 *
 * Returns: (transfer full): [@classes, @size], freed with g_free().
 * Errors: DFKD_ERROR_SHAPE for another shape, DFKD_ERROR_NUMBER for numbers that are not finite, and those of npy.h and
 * tensor-file.h; each names the file.
 */
float *dfkd_label_embeddings_read (const char *path, gsize classes, gsize *size, GError **error);

G_END_DECLS
