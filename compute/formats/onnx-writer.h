/* onnx-writer.h: an ONNX model put together node by node: opset 17, ir_version 8, float32, a batch of any size.
 *
 * It knows the file format and no network; which op becomes which node is model-onnx.h's. Sketch:
 *
 *   DfkdOnnxWriter *writer = dfkd_onnx_writer_new ("wrn10_1");
 *   dfkd_onnx_writer_add_input (writer, "images", (gsize[]){ 0, 3, 32, 32 }, 4);
 *   node = dfkd_onnx_writer_add_node (writer, "LeakyRelu", (const char *[]){ "images" }, 1, "logits");
 *   dfkd_onnx_node_set_number (node, "alpha", 0.2f);
 *   dfkd_onnx_writer_write (writer, path, &error);
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DfkdOnnxWriter DfkdOnnxWriter;
typedef struct _DfkdOnnxNode DfkdOnnxNode; /* a node of its graph; lives as long as its writer */

DfkdOnnxWriter *dfkd_onnx_writer_new (const char *graph_name);
void dfkd_onnx_writer_free (DfkdOnnxWriter *writer);

void dfkd_onnx_writer_add_metadata (DfkdOnnxWriter *writer, const char *key, const char *value);

/** dfkd_onnx_writer_add_input: a float32 tensor; a dimension of 0 is the batch, "N". */
void dfkd_onnx_writer_add_input (DfkdOnnxWriter *writer, const char *name, const gsize *dims, guint rank);
/** dfkd_onnx_writer_add_output: likewise */
void dfkd_onnx_writer_add_output (DfkdOnnxWriter *writer, const char *name, const gsize *dims, guint rank);

/** dfkd_onnx_writer_add_floats: an initialiser; copies @values, row-major. */
void dfkd_onnx_writer_add_floats (DfkdOnnxWriter *writer, const char *name, const gsize *dims, guint rank, const float *values);
/** dfkd_onnx_writer_add_integers: an initialiser of type int64, a vector: axes, bounds, shapes. */
void dfkd_onnx_writer_add_integers (DfkdOnnxWriter *writer, const char *name, const gint64 *values, gsize count);

/**
 * dfkd_onnx_writer_add_node:
 * @type: of ONNX's operator: "Conv"
 * @inputs: (array length=n): names; "" for an optional one that is absent
 * @output: its only result, and the node's name
 *
 * Nodes come in the order in which they are computed.
 */
DfkdOnnxNode *dfkd_onnx_writer_add_node (DfkdOnnxWriter *writer, const char *type, const char *const *inputs, gsize n,
                                         const char *output);
void dfkd_onnx_node_set_integer (DfkdOnnxNode *node, const char *name, gint64 value);
void dfkd_onnx_node_set_integers (DfkdOnnxNode *node, const char *name, const gint64 *values, gsize count);
void dfkd_onnx_node_set_number (DfkdOnnxNode *node, const char *name, float value);
void dfkd_onnx_node_set_text (DfkdOnnxNode *node, const char *name, const char *value);

/** dfkd_onnx_writer_write: atomically (atomic-file.h); DFKD_ERROR_SHAPE when the model is larger than protobuf's 2 GiB. */
gboolean dfkd_onnx_writer_write (DfkdOnnxWriter *writer, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DfkdOnnxWriter, dfkd_onnx_writer_free)

G_END_DECLS
