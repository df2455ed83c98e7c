/* onnx-ops-private.h: the counterparts of our ops in ONNX: one row of a table each (onnx-ops.c). */
#pragma once

#include "model-file.h"
#include "onnx-writer.h"

G_BEGIN_DECLS

#define DFKD_ONNX_INPUT  "images"
#define DFKD_ONNX_OUTPUT "logits"

typedef struct {
  DfkdOnnxWriter *writer;
  const DfkdModel *model;
  const DfkdGraph *graph; /* an evaluation pass of the model's own network */
  GPtrArray *names;       /* of char *, by DfkdValue: what the value is called; NULL: it is not needed, or no tensor of its own */
  DfkdValue result;       /* the value that is called DFKD_ONNX_OUTPUT */
} DfkdOnnxExport;

/**
 * dfkd_onnx_export_value:
 *
 * Appends the nodes that compute @value and names it. Its inputs have been exported before it.
 * Errors: DFKD_ERROR_ARGUMENT naming an op without counterpart.
 */
gboolean dfkd_onnx_export_value (DfkdOnnxExport *e, DfkdValue value, GError **error);

G_END_DECLS
