/* tensor-file.h: named tensors and what their file says about them, whatever format the file turns out to have: safetensors, or
 * what torch.save writes. The content tells, not the name's ending. It knows no networks. */
#pragma once

#include "tensor-entry.h"

G_BEGIN_DECLS

typedef struct _DfkdTensorFile DfkdTensorFile;

/**
 * dfkd_tensor_file_open:
 * @part: (nullable): which state dict of a PyTorch checkpoint, see torch-checkpoint.h; DFKD_ERROR_ARGUMENT for other files
 *
 * Errors: those of safetensors.h and torch-checkpoint.h; each names the file.
 */
DfkdTensorFile *dfkd_tensor_file_open (const char *path, const char *part, GError **error);
/** dfkd_tensor_file_new_from_bytes: likewise from memory; @name stands for the file in messages. */
DfkdTensorFile *dfkd_tensor_file_new_from_bytes (GBytes *bytes, const char *name, const char *part, GError **error);
/** dfkd_tensor_file_new_single: of a file of which one tensor is wanted and no network: it may be what torch.save wrote of a tensor itself, whose
 * name is then “tensor”, and messages ask for a tensor. */
DfkdTensorFile *dfkd_tensor_file_new_single (GBytes *bytes, const char *name, GError **error);
void dfkd_tensor_file_free (DfkdTensorFile *file);

gsize dfkd_tensor_file_count (const DfkdTensorFile *file);
const DfkdTensorEntry *dfkd_tensor_file_get (const DfkdTensorFile *file, gsize index);
/** dfkd_tensor_file_lookup: (nullable) */
const DfkdTensorEntry *dfkd_tensor_file_lookup (const DfkdTensorFile *file, const char *name);
/** dfkd_tensor_file_metadata: (nullable): the text of a key; PyTorch's files have none */
const char *dfkd_tensor_file_metadata (const DfkdTensorFile *file, const char *key);
/** dfkd_tensor_file_notice: (nullable): which of several state dicts was read, as a sentence without a full stop */
const char *dfkd_tensor_file_notice (const DfkdTensorFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdTensorFile, dfkd_tensor_file_free)

G_END_DECLS
