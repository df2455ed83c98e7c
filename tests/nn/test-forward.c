/* test-forward.c: every network computes what PyTorch computes from the same weights (float64 fixtures made by
 * peers/network_fixtures.py): logits, features, what its batch norms see and the gradient to its input in evaluation; in
 * training the gradients to its weights too, and what becomes of the running statistics. On the device named by --device;
 * one network of each family where that is not the CPU. */
#include "filled.h"
#include "model-file.h"
#include "safetensors.h"

#include <stdlib.h>

static const char *device_id = "cpu";

/* of relative norms, float32 against float64; in training of deep networks, where batch norms in a row enlarge rounding, what
 * PyTorch's float32 deviates by, so many times */
static const double TOLERANCE = 2e-5, ROUNDINGS = 4.0;
/* A number that is zero but for rounding may have another slope behind a ReLU, and one among the few thousand of a late layer
 * turns a hundredth of its gradient; in training the batch norms of small batches carry that on, larger. PyTorch's own
 * float32 gradients deviate by 2e-2 from its float64 ones. What is asked here is whether everything is put together right: a
 * mistake shows in the first figure. The gradient of each op is compared far more closely in tests/device. */
static const double GRADIENT_TOLERANCE[] = { [DFKD_MODE_EVALUATE] = 1e-2, [DFKD_MODE_TRAIN] = 1e-1 };
/* A bias before a batch norm has no gradient but rounding: what is less than this part of the largest counts as so much. */
static const double LEAST_GRADIENT = 1e-4;

/* on a software renderer all of them take minutes */
static const char *const families[] = { "wrn16_2",     "resnet8x4",    "resnet18", "resnet50", "vgg8",
                                        "mobilenetv2", "shufflenetv2", "lenet5",   NULL };

typedef struct {
  const char *name;
  DfkdSafetensors *file;
  DfkdDevice *device;
  DfkdModel *model;
  DfkdBlock *input; /* of the input and the weights of the loss */
  DfkdBlock *parameters, *state, *gradients;
} Fixture;

static gsize
size_of (const Fixture *f, const char *key)
{
  const char *text = dfkd_safetensors_metadata (f->file, key);

  return text != NULL ? (gsize) g_ascii_strtoull (text, NULL, 10) : 0;
}

static double
tolerance_of (const Fixture *f, DfkdMode mode)
{
  const char *rounding = dfkd_safetensors_metadata (f->file, "rounding");

  return mode == DFKD_MODE_EVALUATE || rounding == NULL ? TOLERANCE : fmax (TOLERANCE, ROUNDINGS * g_ascii_strtod (rounding, NULL));
}

static float *
read_wanted (const Fixture *f, const char *name, gsize count)
{
  const DfkdTensorEntry *entry = dfkd_safetensors_lookup (f->file, name);
  float *wanted = g_new (float, count);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (entry);
  dfkd_tensor_entry_read_float (entry, wanted, count, &error);
  g_assert_no_error (error);
  return wanted;
}

static void
check (const char *what, double difference, double tolerance)
{
  g_test_message ("%s: %.1e", what, difference);
  if (!(difference <= tolerance))
    {
      g_test_message ("%s deviates by %g, more than %g", what, difference, tolerance);
      g_test_fail ();
    }
}

/* @stored: in storage order; @least: the smallest norm that a difference is measured in */
static void
assert_digest (const char *what, const DfkdShape *shape, const float *stored, const float wanted[DIGEST], double least,
               double tolerance)
{
  const gsize count = dfkd_shape_count (shape);
  g_autofree float *planar = g_new (float, count);
  double got[DIGEST];

  dfkd_tensor_from_storage (shape, stored, planar);
  digest (planar, count, got);
  check (what, digest_difference (got, wanted) / fmax (wanted[0], least), tolerance);
}

static void
assert_read_digest (const Fixture *f, DfkdProgram *program, const char *read, const char *wanted, double tolerance)
{
  const DfkdShape *shape;
  const float *got = dfkd_program_read (program, read, &shape);
  g_autofree float *digest_wanted = read_wanted (f, wanted, DIGEST);

  assert_digest (wanted, shape, got, digest_wanted, 0.0, tolerance);
}

static void
assert_logits (const Fixture *f, DfkdProgram *program, const char *wanted, double tolerance)
{
  const DfkdShape *shape;
  const float *got = dfkd_program_read (program, "logits", &shape);
  const gsize count = dfkd_shape_count (shape);
  g_autofree float *planar = g_new (float, count), *values = read_wanted (f, wanted, count);
  double difference = 0.0, size = 0.0;

  dfkd_tensor_from_storage (shape, got, planar);
  for (gsize i = 0; i < count; i++)
    {
      difference += ((double) planar[i] - values[i]) * ((double) planar[i] - values[i]);
      size += (double) values[i] * values[i];
    }
  check (wanted, sqrt (difference / size), tolerance);
}

/* two rows for each batch norm, of @count tensors [2,C]: means and variances */
static void
assert_pairs (const Fixture *f, const char *wanted, guint layer, const char *name, const float *pair, gsize channels,
              double tolerance)
{
  g_autofree float *all = read_wanted (f, wanted, (gsize) dfkd_block_count (f->state) * 2 * DIGEST);
  const DfkdShape row = { .type = DFKD_F32, .rank = 1, .dim = { channels } };

  for (guint r = 0; r < 2; r++)
    {
      g_autofree char *what = g_strdup_printf ("%s %s of %s", wanted, r == 0 ? "mean" : "variance", name);

      assert_digest (what, &row, pair + r * channels, all + (2 * layer + r) * DIGEST, 0.0, tolerance);
    }
}

static void
run_mode (const Fixture *f, DfkdMode mode)
{
  const gboolean train = mode == DFKD_MODE_TRAIN;
  const char *prefix = train ? "train" : "evaluate";
  g_autofree char *logits = g_strconcat (prefix, ".logits", NULL), *features = g_strconcat (prefix, ".features", NULL);
  g_autofree char *input_gradient = g_strconcat (prefix, ".input-gradient", NULL);
  g_autoptr (DfkdGraph) g = dfkd_graph_new (prefix);
  g_autoptr (GArray) taps = g_array_new (FALSE, FALSE, sizeof (DfkdBatchNormTap));
  g_autoptr (DfkdProgram) program = NULL;
  g_autoptr (GError) error = NULL;
  const guint n = dfkd_block_count (f->parameters);
  g_autofree DfkdValue *wrt = g_new (DfkdValue, n + 1), *dx = g_new (DfkdValue, n + 1);
  DfkdForward forward;

  wrt[n] = dfkd_graph_variable (g, f->input, 0);
  forward = dfkd_network_forward (f->model->network, g, f->parameters, f->state, wrt[n], mode, TRUE, train ? NULL : taps);
  for (guint i = 0; i < n; i++)
    wrt[i] = dfkd_graph_variable (g, f->parameters, i);
  dfkd_graph_gradients (g, dfkd_sum (g, dfkd_multiply (g, forward.logits, dfkd_graph_variable (g, f->input, 1)), 1.0f),
                        train ? wrt : wrt + n, train ? n + 1 : 1, train ? dx : dx + n);
  for (guint i = 0; train && i < n; i++)
    dfkd_assign (g, dfkd_graph_variable (g, f->gradients, i), dx[i]);
  dfkd_read (g, "logits", forward.logits);
  dfkd_read (g, "features", forward.features);
  dfkd_read (g, "gradient", dx[n]);
  for (guint i = 0; i < taps->len; i++)
    dfkd_read (g, g_array_index (taps, DfkdBatchNormTap, i).name, g_array_index (taps, DfkdBatchNormTap, i).statistics);
  program = dfkd_program_new (f->device, g, &error);
  g_assert_no_error (error);
  g_assert_true (dfkd_program_run (program, &error));
  g_assert_true (dfkd_program_wait (program, &error));

  assert_logits (f, program, logits, tolerance_of (f, mode));
  assert_read_digest (f, program, "features", features, tolerance_of (f, mode));
  assert_read_digest (f, program, "gradient", input_gradient, GRADIENT_TOLERANCE[mode]);
  for (guint i = 0; i < taps->len; i++)
    {
      const char *name = g_array_index (taps, DfkdBatchNormTap, i).name;
      const DfkdShape *shape;
      const float *pair = dfkd_program_read (program, name, &shape);

      assert_pairs (f, "statistics", i, name, pair, shape->dim[1], TOLERANCE);
    }
}

/* as PyTorch lists them: weights of a batch norm apart from its biases */
static void
assert_gradients (const Fixture *f)
{
  const GArray *tensors = f->model->network->tensors;
  g_autofree guint8 *values = g_malloc (f->gradients->bytes);
  g_autofree float *all = NULL;
  g_autoptr (GError) error = NULL;
  double largest = 0.0;
  guint count = 0;

  for (guint i = 0; i < tensors->len; i++)
    count += g_array_index (tensors, DfkdNetworkTensor, i).home == DFKD_HOME_PARAMETERS;
  all = read_wanted (f, "gradients", (gsize) count * DIGEST);
  for (guint i = 0; i < count; i++)
    largest = fmax (largest, all[i * DIGEST]);
  g_assert_true (dfkd_device_read (f->device, f->gradients, 0, values, f->gradients->bytes, &error));
  for (guint i = 0, k = 0; i < tensors->len; i++)
    {
      const DfkdNetworkTensor *t = &g_array_index (tensors, DfkdNetworkTensor, i);
      g_autofree char *what = g_strconcat ("gradient to ", t->name, NULL);

      if (t->home == DFKD_HOME_PARAMETERS)
        assert_digest (what, &t->shape,
                       (const float *) (values + dfkd_block_get (f->gradients, t->variable)->offset)
                         + t->row * dfkd_shape_count (&t->shape),
                       all + DIGEST * k++, LEAST_GRADIENT * largest, GRADIENT_TOLERANCE[DFKD_MODE_TRAIN]);
    }
}

static void
assert_running_statistics (const Fixture *f)
{
  for (guint i = 0; i < dfkd_block_count (f->state); i++)
    {
      const DfkdVariable *variable = dfkd_block_get (f->state, i);

      assert_pairs (f, "running", i, variable->name, f->model->state + variable->offset / sizeof (float), variable->shape.dim[1],
                    tolerance_of (f, DFKD_MODE_TRAIN));
    }
}

static DfkdModel *
filled_model (const Fixture *f)
{
  const gsize side = size_of (f, "size");
  const DfkdNetworkOptions options = { .channels = size_of (f, "channels"), .height = side, .width = side,
                                       .classes = size_of (f, "classes"), .nz = size_of (f, "nz"), .ngf = size_of (f, "ngf") };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNetwork) network = dfkd_network_new (f->name, &options, &error);
  DfkdModel *model;

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

static void
write_filled (const Fixture *f, guint variable, const char *name)
{
  const DfkdVariable *v = dfkd_block_get (f->input, variable);
  const gsize count = dfkd_shape_count (&v->shape);
  g_autofree float *planar = g_new (float, count), *stored = g_new (float, count);
  g_autoptr (GError) error = NULL;

  filled (name, &v->shape, planar);
  dfkd_tensor_to_storage (&v->shape, planar, stored);
  g_assert_true (dfkd_device_write (f->device, f->input, v->offset, stored, dfkd_shape_bytes (&v->shape), &error));
}

static void
test_network (gconstpointer data)
{
  const char *name = data;
  g_autofree char *base = g_strconcat (name, ".safetensors", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "networks", base, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, &error);
  g_autoptr (DfkdDevice) device = dfkd_device_open (device_id, 0, &error);
  Fixture f = { .name = name, .file = file, .device = device };
  g_autoptr (DfkdModel) model = NULL;
  g_autoptr (DfkdBlock) input = dfkd_block_new ("input"), parameters = NULL, state = NULL, gradients = NULL;
  DfkdShape shape, result;

  g_assert_no_error (error);
  f.model = model = filled_model (&f);
  f.input = input;
  f.parameters = parameters = dfkd_block_new_like (model->network->parameters, "parameters");
  f.gradients = gradients = dfkd_block_new_like (model->network->parameters, "gradients");
  f.state = state = dfkd_block_new_like (model->network->state, "state");
  shape = dfkd_network_input_shape (model->network, size_of (&f, "batch"));
  dfkd_block_add (input, "input", shape);
  result = dfkd_shape (shape.dim[0], size_of (&f, "classes"), 0, 0);
  if (model->network->is_generator)
    result = dfkd_shape (shape.dim[0], size_of (&f, "channels"), size_of (&f, "size"), size_of (&f, "size"));
  dfkd_block_add (input, "loss", result);
  g_assert_true (dfkd_device_allocate (device, input, &error));
  g_assert_true (dfkd_device_allocate (device, parameters, &error));
  g_assert_true (dfkd_device_allocate (device, gradients, &error));
  g_assert_true (state->bytes == 0 || dfkd_device_allocate (device, state, &error));
  write_filled (&f, 0, "input");
  write_filled (&f, 1, "loss");
  g_assert_true (dfkd_model_upload (model, device, parameters, state, &error));

  run_mode (&f, DFKD_MODE_EVALUATE);
  run_mode (&f, DFKD_MODE_TRAIN);
  assert_gradients (&f);
  g_assert_true (dfkd_model_download (model, device, parameters, state, &error));
  assert_running_statistics (&f);
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

static void
add_networks (const char *const *names)
{
  for (; *names != NULL; names++)
    {
      g_autofree char *path = g_strconcat ("/forward/", *names, NULL);

      g_test_add_data_func (path, *names, test_network);
    }
}

int
main (int argc, char **argv)
{
  static const char *const by_pattern[] = { "wrn22_3", NULL };
  gboolean all;

  g_test_init (&argc, &argv, NULL);
  for (int i = 1; i + 1 < argc; i++)
    if (strcmp (argv[i], "--device") == 0)
      device_id = argv[i + 1];
  if (!is_present ())
    return 77; /* skipped: there is no such device here */
  all = strcmp (device_id, "cpu") == 0;
  add_networks (all ? dfkd_network_names (FALSE) : families);
  add_networks (dfkd_network_names (TRUE));
  if (all)
    add_networks (by_pattern);
  return g_test_run ();
}
