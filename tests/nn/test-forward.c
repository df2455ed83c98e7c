/* test-forward.c: every network computes what PyTorch computes from the same weights (float64 fixtures made by
 * peers/network_fixtures.py), in evaluation and in training, on the device named by --device. */
#include "filled.h"
#include "model-file.h"
#include "safetensors.h"

#include <stdlib.h>

static const char *device_id = "cpu";
static const double TOLERANCE = 2e-5; /* of relative norms, float32 against float64 */

static DfkdDevice *
open_device (void)
{
  g_autoptr (GError) error = NULL;
  DfkdDevice *device = dfkd_device_open (device_id, 0, &error);

  g_assert_no_error (error);
  return device;
}

static DfkdModel *
filled_model (const char *name)
{
  DfkdNetworkOptions options = { .channels = 3, .height = 8, .width = 8, .classes = 10, .nz = 20, .ngf = 6 };
  g_autoptr (DfkdNetwork) network = NULL;
  g_autoptr (GError) error = NULL;
  DfkdModel *model;

  if (g_str_has_prefix (name, "lenet"))
    options.height = options.width = 32;
  if (g_str_has_prefix (name, "resnet"))
    options.height = options.width = 16;
  network = dfkd_network_new (name, &options, &error);
  g_assert_no_error (error);
  model = dfkd_model_new (network, NULL, NULL);
  for (guint i = 0; i < network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (network->tensors, DfkdNetworkTensor, i);
      gboolean parameter = tensor->home == DFKD_HOME_PARAMETERS;
      const gsize count = dfkd_shape_count (&tensor->shape);
      g_autofree float *values = g_new (float, count);
      gsize offset;

      if (tensor->home == DFKD_HOME_COUNTER)
        continue;
      filled (tensor->name, &tensor->shape, values);
      offset = dfkd_block_get (parameter ? network->parameters : network->state, tensor->variable)->offset / sizeof (float);
      dfkd_tensor_to_storage (&tensor->shape, values,
                              (parameter ? model->parameters : model->state) + offset + tensor->row * count);
    }
  return model;
}

/* @got: in storage order */
static void
assert_near (DfkdSafetensors *file, const char *name, const DfkdShape *shape, const float *got)
{
  const gsize count = dfkd_shape_count (shape);
  const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, name);
  g_autofree float *want = g_new (float, count), *planar = g_new (float, count);
  g_autoptr (GError) error = NULL;
  double difference = 0.0, size = 0.0;

  g_assert_nonnull (entry);
  dfkd_tensor_entry_read_float (entry, want, count, &error);
  g_assert_no_error (error);
  dfkd_tensor_from_storage (shape, got, planar);
  for (gsize i = 0; i < count; i++)
    {
      g_assert_true (isfinite (planar[i]));
      difference += ((double) planar[i] - want[i]) * ((double) planar[i] - want[i]);
      size += (double) want[i] * want[i];
    }
  g_test_message ("%s: %.1e", name, sqrt (difference / size));
  g_assert_cmpfloat (sqrt (difference / size), <=, TOLERANCE);
}

static void
assert_read (DfkdProgram *program, const char *read, DfkdSafetensors *file, const char *name)
{
  const DfkdShape *shape;
  const float *got = dfkd_program_read (program, read, &shape);

  g_assert_nonnull (got);
  assert_near (file, name, shape, got);
}

static void
run_mode (DfkdDevice *device, const DfkdModel *model, DfkdBlock *input, DfkdBlock *parameters, DfkdBlock *state,
          DfkdMode mode, DfkdSafetensors *file)
{
  const char *prefix = mode == DFKD_MODE_TRAIN ? "train" : "evaluate";
  g_autofree char *logits = g_strconcat (prefix, ".logits", NULL), *features = g_strconcat (prefix, ".features", NULL);
  g_autoptr (DfkdGraph) g = dfkd_graph_new (prefix);
  g_autoptr (DfkdProgram) program = NULL;
  g_autoptr (GError) error = NULL;
  DfkdForward f = dfkd_network_forward (model->network, g, parameters, state, dfkd_graph_variable (g, input, 0), mode, TRUE,
                                        NULL);

  dfkd_read (g, "logits", f.logits);
  if (f.features != DFKD_NONE)
    dfkd_read (g, "features", f.features);
  program = dfkd_program_new (device, g, &error);
  g_assert_no_error (error);
  g_assert_true (dfkd_program_run (program, &error));
  g_assert_true (dfkd_program_wait (program, &error));
  assert_read (program, "logits", file, logits);
  if (f.features != DFKD_NONE)
    assert_read (program, "features", file, features);
}

static void
assert_running_statistics (const DfkdModel *model, DfkdSafetensors *file)
{
  for (guint i = 0; i < model->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (model->network->tensors, DfkdNetworkTensor, i);
      g_autofree char *name = g_strconcat ("after.", tensor->name, NULL);

      if (tensor->home == DFKD_HOME_STATE)
        assert_near (file, name, &tensor->shape,
                     model->state + dfkd_block_get (model->network->state, tensor->variable)->offset / sizeof (float)
                       + tensor->row * tensor->shape.dim[0]);
    }
}

static void
test_network (gconstpointer data)
{
  const char *name = data;
  g_autofree char *base = g_strconcat (name, ".safetensors", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "networks", base, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, &error);
  g_autoptr (DfkdDevice) device = open_device ();
  g_autoptr (DfkdModel) model = filled_model (name);
  g_autoptr (DfkdBlock) input = dfkd_block_new ("input");
  g_autoptr (DfkdBlock) parameters = dfkd_block_new_like (model->network->parameters, "parameters");
  g_autoptr (DfkdBlock) state = dfkd_block_new_like (model->network->state, "state");
  const DfkdNetworkOptions *o = &model->network->options;
  /* the batch norms of a resnet's last group see little else than the batch */
  const gsize batch = strcmp (name, "wrn40_2") == 0 ? 2 : g_str_has_prefix (name, "resnet") ? 6 : 3;
  DfkdShape shape = model->network->is_generator ? dfkd_shape (batch, o->nz, 0, 0)
                                                 : dfkd_shape (batch, o->channels, o->height, o->width);
  g_autofree float *planar = g_new (float, dfkd_shape_count (&shape)), *stored = g_new (float, dfkd_shape_count (&shape));

  g_assert_no_error (error);
  dfkd_block_add (input, "input", shape);
  g_assert_true (dfkd_device_allocate (device, input, &error));
  g_assert_true (dfkd_device_allocate (device, parameters, &error));
  g_assert_true (state->bytes == 0 || dfkd_device_allocate (device, state, &error));
  filled ("input", &shape, planar);
  dfkd_tensor_to_storage (&shape, planar, stored);
  g_assert_true (dfkd_device_write (device, input, 0, stored, dfkd_shape_bytes (&shape), &error));
  g_assert_true (dfkd_model_upload (model, device, parameters, state, &error));

  run_mode (device, model, input, parameters, state, DFKD_MODE_EVALUATE, file);
  run_mode (device, model, input, parameters, state, DFKD_MODE_TRAIN, file);
  g_assert_true (dfkd_model_download (model, device, parameters, state, &error));
  assert_running_statistics (model, file);
}

static gboolean
is_present (void)
{
  g_autoptr (GPtrArray) list = dfkd_device_list ();

  for (guint i = 0; i < list->len; i++)
    if (g_str_has_prefix (((DfkdDeviceDescription *) g_ptr_array_index (list, i))->id, device_id))
      return TRUE;
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int i = 1; i + 1 < argc; i++)
    if (strcmp (argv[i], "--device") == 0)
      device_id = argv[i + 1];
  if (!is_present ())
    return 77; /* skipped: there is no such device here */
  for (guint generators = 0; generators < 2; generators++)
    for (const char *const *name = dfkd_network_names (generators != 0); *name != NULL; name++)
      {
        g_autofree char *path = g_strconcat ("/forward/", *name, NULL);

        g_test_add_data_func (path, *name, test_network);
      }
  return g_test_run ();
}
