/* model-onnx.c: the graph of an evaluation pass, from its logits back to what they need, as an ONNX model. */
#include "model-onnx.h"

#include "errors.h"
#include "model-file-private.h"
#include "onnx-ops-private.h"

#include <glib/gi18n-lib.h>

enum {
  BATCH = 2, /* of the graph; the file's is free. Not 1, so that it is not taken for a dimension that broadcasts */
};

/* values from which the result is computed */
static gboolean *
find_needed (const DfkdGraph *graph, DfkdValue result)
{
  gboolean *needed = g_new0 (gboolean, dfkd_graph_length (graph) + 1);

  needed[result] = TRUE;
  for (DfkdValue value = result; value > DFKD_NONE; value--)
    for (guint i = 0; needed[value] && i < dfkd_graph_get (graph, value)->n_inputs; i++)
      needed[dfkd_graph_get (graph, value)->input[i]] = TRUE;
  needed[DFKD_NONE] = FALSE;
  return needed;
}

static void
add_weights (const DfkdOnnxExport *e)
{
  const GArray *tensors = e->model->network->tensors;

  for (guint i = 0; i < tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (tensors, DfkdNetworkTensor, i);
      const float *storage = dfkd_model_locate (e->model, tensor);
      g_autofree float *values = NULL;

      if (storage == NULL)
        continue;
      values = g_new (float, dfkd_shape_count (&tensor->shape));
      dfkd_tensor_from_storage (&tensor->shape, storage, values);
      dfkd_onnx_writer_add_floats (e->writer, tensor->name, tensor->shape.dim, tensor->shape.rank, values);
    }
}

/* (x − mean) / std. Returns: (transfer full): the name of the result */
static char *
add_normalisation (const DfkdOnnxExport *e)
{
  const gsize dims[] = { 1, e->model->network->options.channels, 1, 1 };

  dfkd_onnx_writer_add_floats (e->writer, "mean", dims, G_N_ELEMENTS (dims), e->model->mean);
  dfkd_onnx_writer_add_floats (e->writer, "std", dims, G_N_ELEMENTS (dims), e->model->std);
  dfkd_onnx_writer_add_node (e->writer, "Sub", (const char *[]){ DFKD_ONNX_INPUT, "mean" }, 2, "centred");
  dfkd_onnx_writer_add_node (e->writer, "Div", (const char *[]){ "centred", "std" }, 2, "normalised");
  return g_strdup ("normalised");
}

static gboolean
add_graph (DfkdOnnxExport *e, DfkdValue images, DfkdOnnxInput input, GError **error)
{
  g_autofree gboolean *needed = find_needed (e->graph, e->result);

  e->names->pdata[images] = input == DFKD_ONNX_INPUT_RAW ? add_normalisation (e) : g_strdup (DFKD_ONNX_INPUT);
  for (DfkdValue value = 1; value <= dfkd_graph_length (e->graph); value++)
    if (needed[value] && value != images && !dfkd_onnx_export_value (e, value, error))
      return FALSE;
  return TRUE;
}

gboolean
dfkd_model_export_onnx (const DfkdModel *model, const char *path, DfkdOnnxInput input, GError **error)
{
  const DfkdNetworkOptions *o = &model->network->options;
  g_autoptr (DfkdOnnxWriter) writer = dfkd_onnx_writer_new (model->network->name);
  g_autoptr (DfkdGraph) graph = dfkd_graph_new (model->network->name);
  g_autoptr (DfkdBlock) block = dfkd_block_new (DFKD_ONNX_INPUT);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  DfkdOnnxExport e = { .writer = writer, .model = model, .graph = graph, .names = names };
  DfkdValue images;

  if (model->network->is_generator)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("network %s is a generator, expected a classifier for ONNX; export it as .safetensors"),
                   model->network->name);
      return FALSE;
    }
  images = dfkd_graph_variable (graph, block,
                                dfkd_block_add (block, DFKD_ONNX_INPUT, dfkd_shape (BATCH, o->channels, o->height, o->width)));
  e.result = dfkd_network_forward (model->network, graph, model->network->parameters, model->network->state, images,
                                   DFKD_MODE_EVALUATE, FALSE, NULL)
                 .logits;
  if (!dfkd_graph_check (graph, error))
    return FALSE;
  g_ptr_array_set_size (names, (gint) dfkd_graph_length (graph) + 1);

  dfkd_model_write_metadata (model, (DfkdMetadataFunc) dfkd_onnx_writer_add_metadata, writer);
  dfkd_onnx_writer_add_metadata (writer, "input", input == DFKD_ONNX_INPUT_RAW ? "\"raw\"" : "\"normalised\"");
  dfkd_onnx_writer_add_input (writer, DFKD_ONNX_INPUT, (gsize[]){ 0, o->channels, o->height, o->width }, 4);
  dfkd_onnx_writer_add_output (writer, DFKD_ONNX_OUTPUT, (gsize[]){ 0, o->classes }, 2);
  add_weights (&e);
  return add_graph (&e, images, input, error) && dfkd_onnx_writer_write (writer, path, error);
}

gboolean
dfkd_model_export (const DfkdModel *model, const char *path, GError **error)
{
  return g_str_has_suffix (path, ".onnx") ? dfkd_model_export_onnx (model, path, DFKD_ONNX_INPUT_NORMALISED, error)
                                          : dfkd_model_save (model, path, error);
}
