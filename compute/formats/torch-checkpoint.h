/* torch-checkpoint.h: the tensors of a file that torch.save wrote, in either of its formats: a zip archive, or since before
 * PyTorch 1.6 pickles one behind the other.
 *
 * Only the state dict is read: a dict of tensors by name, between which plain numbers and text may stand, which are passed over.
 * It may be the file's whole content or stand inside other dicts, up to two levels down. Where several do, the first of these
 * names is taken: state_dict, model_state_dict, model, net, network, teacher, student, weights; then the first of the file; of
 * both those of nothing but tensors first. The other ones are told. No code of a file is ever run (pickle.h). It
 * knows no networks. */
#pragma once

#include "tensor-entry.h"

G_BEGIN_DECLS

typedef struct _DfkdTorchCheckpoint DfkdTorchCheckpoint;

/** dfkd_torch_checkpoint_is: whether @bytes begin as either format does */
gboolean dfkd_torch_checkpoint_is (GBytes *bytes);

/**
 * dfkd_torch_checkpoint_new:
 * @name: stands for the file in messages
 * @part: (nullable): which state dict: its key, with a dot between two of them, as in "model" or "nets.teacher"
 *
 * Errors: DFKD_ERROR_FORMAT for a damaged or hostile file, DFKD_ERROR_ARGUMENT when @part is none of the state dicts; each names
 * the file and, where there is one, the tensor.
 */
DfkdTorchCheckpoint *dfkd_torch_checkpoint_new (GBytes *bytes, const char *name, const char *part, GError **error);
/** dfkd_torch_checkpoint_new_single: of a file that may also be one tensor and nothing else, which is then called “tensor” */
DfkdTorchCheckpoint *dfkd_torch_checkpoint_new_single (GBytes *bytes, const char *name, GError **error);
void dfkd_torch_checkpoint_free (DfkdTorchCheckpoint *checkpoint);

/** dfkd_torch_checkpoint_entries: (element-type DfkdTensorEntry) (transfer none): in the file's order */
const GPtrArray *dfkd_torch_checkpoint_entries (const DfkdTorchCheckpoint *checkpoint);
/** dfkd_torch_checkpoint_part: "" when the file is nothing but the state dict */
const char *dfkd_torch_checkpoint_part (const DfkdTorchCheckpoint *checkpoint);
/** dfkd_torch_checkpoint_others: (array zero-terminated=1) (transfer none): the state dicts that were not read */
const char *const *dfkd_torch_checkpoint_others (const DfkdTorchCheckpoint *checkpoint);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdTorchCheckpoint, dfkd_torch_checkpoint_free)

G_END_DECLS
