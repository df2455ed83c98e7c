/* test-model-onnx.c: what every network's ONNX file holds, read back: nodes in order, initialisers, shapes, metadata.
 *
 * That another program computes the same numbers from it is checked in tests/cli/test-onnx.py. */
#include "initialise.h"
#include "model-file-private.h"
#include "model-onnx.h"
#include "network.h"

#include "errors.h"
#include "onnx.pb-c.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static DfkdModel *
make_model (const char *name, gboolean generator)
{
  const DfkdNetworkOptions options = { .channels = 3, .height = 32, .width = 32, .classes = 10, .nz = 8, .ngf = 4 };
  const float mean[] = { 0.5f, 0.25f, 0.125f }, std[] = { 1.0f, 2.0f, 4.0f };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNetwork) network = dfkd_network_new (name, &options, &error);
  DfkdModel *model;

  g_assert_no_error (error);
  g_assert_true (network->is_generator == generator);
  model = dfkd_model_new (network, mean, std);
  dfkd_network_initialise (network, 7, model->parameters, model->state);
  return model;
}

static Onnx__ModelProto *
export_model (const DfkdModel *model, DfkdOnnxInput input)
{
  g_autofree char *path = g_build_filename (folder, "model.onnx", NULL), *bytes = NULL;
  g_autoptr (GError) error = NULL;
  Onnx__ModelProto *onnx;
  gsize length;

  dfkd_model_export_onnx (model, path, input, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  onnx = onnx__model_proto__unpack (NULL, length, (const guint8 *) bytes);
  g_assert_nonnull (onnx);
  return onnx;
}

static const Onnx__TensorProto *
find_initialiser (const Onnx__GraphProto *graph, const char *name)
{
  for (gsize i = 0; i < graph->n_initializer; i++)
    if (g_str_equal (graph->initializer[i]->name, name))
      return graph->initializer[i];
  return NULL;
}

/* every input was made before, every name once, nothing is left over */
static void
check_wiring (const Onnx__GraphProto *graph)
{
  g_autoptr (GHashTable) made = g_hash_table_new (g_str_hash, g_str_equal), used = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer name;

  g_hash_table_add (made, graph->input[0]->name);
  for (gsize i = 0; i < graph->n_initializer; i++)
    g_assert_true (g_hash_table_add (made, graph->initializer[i]->name));
  for (gsize i = 0; i < graph->n_node; i++)
    {
      const Onnx__NodeProto *node = graph->node[i];

      for (gsize j = 0; j < node->n_input; j++)
        if (*node->input[j] != '\0')
          {
            if (!g_hash_table_contains (made, node->input[j]))
              g_error ("%s reads %s, which is not there yet", node->name, node->input[j]);
            g_hash_table_add (used, node->input[j]);
          }
      g_assert_cmpuint (node->n_output, ==, 1);
      g_assert_true (g_hash_table_add (made, node->output[0]));
    }
  g_assert_true (g_hash_table_contains (made, graph->output[0]->name));
  g_hash_table_add (used, graph->output[0]->name);
  g_hash_table_iter_init (&iter, made);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_hash_table_contains (used, name))
      g_error ("nobody reads %s", (char *) name);
}

/* the state dict, by name, shape and number */
static void
check_weights (const Onnx__GraphProto *graph, const DfkdModel *model)
{
  for (guint i = 0; i < model->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (model->network->tensors, DfkdNetworkTensor, i);
      const Onnx__TensorProto *initialiser = find_initialiser (graph, tensor->name);
      const gsize count = dfkd_shape_count (&tensor->shape);
      g_autofree float *values = NULL;

      if (tensor->home == DFKD_HOME_COUNTER)
        {
          g_assert_null (initialiser);
          continue;
        }
      g_assert_nonnull (initialiser);
      g_assert_cmpint (initialiser->data_type, ==, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT);
      g_assert_cmpuint (initialiser->n_dims, ==, tensor->shape.rank);
      for (guint d = 0; d < tensor->shape.rank; d++)
        g_assert_cmpint (initialiser->dims[d], ==, (gint64) tensor->shape.dim[d]);
      values = g_new (float, count);
      dfkd_tensor_from_storage (&tensor->shape, dfkd_model_locate (model, tensor), values);
      if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
        g_assert_cmpmem (initialiser->raw_data.data, initialiser->raw_data.len, values, count * sizeof (float));
    }
}

static guint
count_nodes (const Onnx__GraphProto *graph, const char *type)
{
  guint count = 0;

  for (gsize i = 0; i < graph->n_node; i++)
    count += g_str_equal (graph->node[i]->op_type, type);
  return count;
}

static const char *
find_metadata (const Onnx__ModelProto *onnx, const char *key)
{
  for (gsize i = 0; i < onnx->n_metadata_props; i++)
    if (g_str_equal (onnx->metadata_props[i]->key, key))
      return onnx->metadata_props[i]->value;
  return NULL;
}

static guint
count_batch_norms (const DfkdNetwork *network)
{
  return dfkd_block_count (network->state);
}

static void
test_network (gconstpointer data)
{
  const char *name = data;
  g_autoptr (DfkdModel) model = make_model (name, FALSE);
  Onnx__ModelProto *onnx = export_model (model, DFKD_ONNX_INPUT_NORMALISED);
  const Onnx__TensorShapeProto *in = onnx->graph->input[0]->type->tensor_type->shape;
  const Onnx__TensorShapeProto *out = onnx->graph->output[0]->type->tensor_type->shape;
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", name);

  g_assert_cmpint (onnx->ir_version, ==, 8);
  g_assert_cmpuint (onnx->n_opset_import, ==, 1);
  g_assert_cmpint (onnx->opset_import[0]->version, ==, 17);
  g_assert_cmpstr (onnx->graph->input[0]->name, ==, "images");
  g_assert_cmpstr (onnx->graph->output[0]->name, ==, "logits");
  g_assert_cmpuint (in->n_dim, ==, 4);
  g_assert_cmpstr (in->dim[0]->dim_param, ==, "N");
  g_assert_cmpint (in->dim[1]->dim_value, ==, 3);
  g_assert_cmpuint (out->n_dim, ==, 2);
  g_assert_cmpstr (out->dim[0]->dim_param, ==, "N");
  g_assert_cmpint (out->dim[1]->dim_value, ==, 10);
  g_assert_cmpstr (find_metadata (onnx, "network"), ==, quoted);
  g_assert_cmpstr (find_metadata (onnx, "mean"), ==, "[0.5, 0.25, 0.125]");
  g_assert_cmpstr (find_metadata (onnx, "std"), ==, "[1, 2, 4]");
  g_assert_cmpstr (find_metadata (onnx, "classes"), ==, "10");
  g_assert_cmpstr (find_metadata (onnx, "input"), ==, "\"normalised\"");
  check_wiring (onnx->graph);
  check_weights (onnx->graph, model);
  g_assert_cmpuint (count_nodes (onnx->graph, "BatchNormalization"), ==, count_batch_norms (model->network));
  onnx__model_proto__free_unpacked (onnx, NULL);
}

static void
test_raw (void)
{
  g_autoptr (DfkdModel) model = make_model ("wrn10_1", FALSE);
  Onnx__ModelProto *onnx = export_model (model, DFKD_ONNX_INPUT_RAW);
  const Onnx__TensorProto *std = find_initialiser (onnx->graph, "std");

  check_wiring (onnx->graph);
  g_assert_cmpstr (onnx->graph->node[0]->op_type, ==, "Sub");
  g_assert_cmpstr (onnx->graph->node[0]->input[1], ==, "mean");
  g_assert_cmpstr (onnx->graph->node[1]->op_type, ==, "Div");
  g_assert_cmpstr (onnx->graph->node[1]->input[1], ==, "std");
  g_assert_cmpuint (std->raw_data.len, ==, 3 * sizeof (float));
  g_assert_cmpstr (find_metadata (onnx, "input"), ==, "\"raw\"");
  onnx__model_proto__free_unpacked (onnx, NULL);
}

static void
test_refusals (void)
{
  g_autofree char *path = g_build_filename (folder, "never.onnx", NULL);
  g_autoptr (DfkdModel) generator = make_model ("generator", TRUE), model = make_model ("wrn10_1", FALSE);
  g_autoptr (GError) error = NULL;

  g_assert_false (dfkd_model_export (generator, path, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "generator"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_false (dfkd_model_export (model, "/nowhere/model.onnx", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
}

/* the ending decides */
static void
test_ending (void)
{
  g_autofree char *onnx = g_build_filename (folder, "a.onnx", NULL), *weights = g_build_filename (folder, "a.safetensors", NULL);
  g_autoptr (DfkdModel) model = make_model ("lenet5", FALSE), again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_model_export (model, onnx, &error));
  g_assert_true (dfkd_model_export (model, weights, &error));
  again = dfkd_model_load (weights, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (dfkd_model_load (onnx, NULL, &error));
  g_unlink (onnx);
  g_unlink (weights);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *left = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("dfkd-onnx-XXXXXX", &error);
  g_assert_no_error (error);
  for (const char *const *name = dfkd_network_names (FALSE); *name != NULL; name++)
    {
      g_autofree char *path = g_strconcat ("/model-onnx/", *name, NULL);

      g_test_add_data_func (path, *name, test_network);
    }
  g_test_add_func ("/model-onnx/raw", test_raw);
  g_test_add_func ("/model-onnx/refusals", test_refusals);
  g_test_add_func ("/model-onnx/ending", test_ending);
  result = g_test_run ();
  left = g_build_filename (folder, "model.onnx", NULL);
  g_unlink (left);
  g_rmdir (folder);
  g_free (folder);
  return result;
}
