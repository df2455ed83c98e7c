/* model-onnx.h: a model as an ONNX file, made from the graph of its evaluation pass, so that every network exports without
 * code of its own.
 *
 * One input `images` N,C,H,W with N free, one output `logits` N,classes. Initialisers bear the state dict's names and hold
 * its numbers; batch norms stay nodes of their own. The metadata is that of model files (model-file.h) and `input`, which says
 * whether the model takes `normalised` images (x − mean) / std, as PyTorch's does, or `raw` ones x in [0,1]. */
#pragma once

#include "model-file.h"

G_BEGIN_DECLS

/** DfkdOnnxInput: what the exported model is given. */
typedef enum {
  DFKD_ONNX_INPUT_NORMALISED,
  DFKD_ONNX_INPUT_RAW, /* the model begins by subtracting the mean and dividing by the standard deviation */
} DfkdOnnxInput;

/**
 * dfkd_model_export_onnx:
 *
 * Errors: DFKD_ERROR_ARGUMENT for a generator (its batch norms know no running statistics) and for a network with an op that
 * ONNX has no counterpart of here, named in the message; DFKD_ERROR_FILE when the file cannot be written.
 */
gboolean dfkd_model_export_onnx (const DfkdModel *model, const char *path, DfkdOnnxInput input, GError **error);

/** dfkd_model_export: by the file's ending: .onnx (normalised images), else safetensors (dfkd_model_save()). */
gboolean dfkd_model_export (const DfkdModel *model, const char *path, GError **error);

G_END_DECLS
