/* test-model-file.c: state dicts written by PyTorch and by us, and every way in which a file can be wrong. */
#include "filled.h"
#include "initialise.h"
#include "model-file.h"
#include "safetensors.h"

#include "errors.h"

#include <glib/gstdio.h>

static char *folder;

static char *
fixture (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "fixtures", "networks", name, NULL);
}

static const float *
values_of (const DfkdModel *model, const DfkdNetworkTensor *tensor)
{
  gboolean parameter = tensor->home == DFKD_HOME_PARAMETERS;
  const DfkdVariable *variable
      = dfkd_block_get (parameter ? model->network->parameters : model->network->state, tensor->variable);

  return (parameter ? model->parameters : model->state) + variable->offset / sizeof (float)
         + tensor->row * dfkd_shape_count (&tensor->shape);
}

/* Every weight is the number that both sides compute by name and index, in its place. */
static void
assert_filled (const DfkdModel *model)
{
  for (guint i = 0; i < model->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (model->network->tensors, DfkdNetworkTensor, i);
      const gsize count = dfkd_shape_count (&tensor->shape), bytes = count * sizeof (float);
      g_autofree float *wanted = g_new (float, count), *found = g_new (float, count);

      if (tensor->home == DFKD_HOME_COUNTER)
        continue;
      filled (tensor->name, &tensor->shape, wanted);
      dfkd_tensor_from_storage (&tensor->shape, values_of (model, tensor), found);
      g_assert_cmpmem (found, bytes, wanted, bytes);
    }
}

static void
test_pytorch (void)
{
  g_autofree char *path = fixture ("state-wrn10_1.safetensors");
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdModel) model = dfkd_model_load (path, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (model->network->name, ==, "wrn10_1");
  g_assert_cmpuint (model->network->options.channels, ==, 3);
  g_assert_cmpuint (model->network->options.height, ==, 8);
  g_assert_cmpuint (model->network->options.classes, ==, 10);
  g_assert_cmpfloat (model->mean[1], ==, 0.25f);
  g_assert_cmpfloat (model->std[2], ==, 1.0f);
  g_assert_cmpfloat (model->accuracy, ==, 12.5);
  assert_filled (model);
}

/* nn.DataParallel's prefix, no metadata: the network and its sizes are those that fit the tensors, unless the caller says it. */
static void
test_bare (void)
{
  g_autofree char *path = fixture ("state-lenet5_half.safetensors");
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdModel) model = dfkd_model_load (path, "lenet5_half", &error), half = NULL, nameless = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (model->network->options.channels, ==, 3);
  g_assert_cmpuint (model->network->options.classes, ==, 10);
  g_assert_cmpfloat (model->mean[0], ==, 0.0f);
  g_assert_cmpfloat (model->std[0], ==, 1.0f);
  g_assert_cmpfloat (model->accuracy, <, 0.0);
  g_assert_false (model->knows_mean || model->knows_std);
  g_assert_nonnull (strstr (model->notice, "teacher_mean"));
  g_assert_null (strstr (model->notice, "pixels"));
  assert_filled (model);

  half = dfkd_model_load_hinted (path, &(DfkdModelHints){ .network = "lenet5_half", .mean = "0.5" }, &error);
  g_assert_no_error (error);
  g_assert_true (half->knows_mean && !half->knows_std);
  g_assert_nonnull (strstr (half->notice, "standard deviation of its images: 1 is assumed"));
  g_assert_null (strstr (half->notice, "mean and"));

  nameless = dfkd_model_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (nameless->network->name, ==, "lenet5_half");
  g_assert_nonnull (strstr (nameless->notice, "lenet5_half"));
  assert_filled (nameless);
}

/* What the caller says counts more than the file. */
static void
test_hints (void)
{
  static const struct { DfkdModelHints hints; DfkdError code; const char *says; } bad[] = {
    { { .mean = "0.1, 0.2" }, DFKD_ERROR_ARGUMENT, "--mean" },
    { { .mean = "0.1, 0.2", .of_teacher = TRUE }, DFKD_ERROR_ARGUMENT, "--teacher-mean" },
    { { .mean = "0.1, x, 0.2" }, DFKD_ERROR_ARGUMENT, "mean" },
    { { .mean = "0.1,,0.2" }, DFKD_ERROR_ARGUMENT, "mean" },
    { { .mean = "1e99" }, DFKD_ERROR_ARGUMENT, "mean" },
    { { .mean = "125.3, 123.0, 113.9" }, DFKD_ERROR_ARGUMENT, "divide by 255" },
    { { .mean = "-0.1" }, DFKD_ERROR_ARGUMENT, "from 0 to 1" },
    { { .std = "63, 62.1, 66.7" }, DFKD_ERROR_ARGUMENT, "divide by 255" },
    { { .std = "0.1, 0, 0.2" }, DFKD_ERROR_ARGUMENT, "std" },
    { { .std = "-1" }, DFKD_ERROR_ARGUMENT, "--std" },
    { { .std = "-1", .of_teacher = TRUE }, DFKD_ERROR_ARGUMENT, "--teacher-std" },
    { { .class_names = "cat, dog" }, DFKD_ERROR_ARGUMENT, "10 names" },
    { { .class_names = "a,b,c,d,e,,g,h,i,j" }, DFKD_ERROR_ARGUMENT, "--class-names" },
    { { .class_names = "cat, dog", .of_teacher = TRUE }, DFKD_ERROR_ARGUMENT, "--teacher-classes" },
    { { .network = "wrn16_1" }, DFKD_ERROR_SHAPE, "missing" },
    { { .network = "wrn16_1" }, DFKD_ERROR_SHAPE, "than --network says" },
    { { .classes = 11 }, DFKD_ERROR_ARGUMENT, "--classes 11" },
    { { .classes = 11 }, DFKD_ERROR_ARGUMENT, "its classifier has 10" },
    { { .network = "wrn10_1", .classes = 11 }, DFKD_ERROR_ARGUMENT, "its classifier has 10" },
    { { .height = 2, .width = 2 }, DFKD_ERROR_ARGUMENT, "--size 2x2" },
    { { .height = 2, .width = 2 }, DFKD_ERROR_ARGUMENT, "too small" },
    { { .part = "model" }, DFKD_ERROR_ARGUMENT, "model" },
  };
  g_autofree char *path = fixture ("state-wrn10_1.safetensors");
  const DfkdModelHints hints = { .mean = " 0.5 ,0.25, 0.125", .std = "0.75", .class_names = "a,b, c ,d,e,f,g,h,i,j", .height = 16, .width = 24 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdModel) model = dfkd_model_load_hinted (path, &hints, &error), silent = NULL;

  g_assert_no_error (error);
  g_assert_cmpfloat (model->mean[2], ==, 0.125f);
  g_assert_cmpfloat (model->std[0], ==, 0.75f);
  g_assert_cmpfloat (model->std[2], ==, 0.75f);
  g_assert_cmpuint (model->network->options.height, ==, 16);
  g_assert_cmpuint (model->network->options.width, ==, 24);
  g_assert_true (model->knows_mean && model->knows_std);
  g_assert_cmpstr (model->class_names[2], ==, "c");
  g_assert_null (model->notice);
  silent = dfkd_model_load_hinted (path, &(DfkdModelHints){ .mean = "", .std = "", .network = "" }, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (silent->mean[1], ==, 0.25f);
  g_assert_null (silent->class_names);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (dfkd_model_load_hinted (path, &bad[i].hints, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, DFKD_ERROR, (gint) bad[i].code);
      g_assert_nonnull (strstr (error->message, bad[i].says));
      g_clear_error (&error);
    }
}

static DfkdModel *
drawn_model (const char *name)
{
  DfkdNetworkOptions options = { .channels = 2, .height = 32, .width = 32, .classes = 7, .nz = 5, .ngf = 3 };
  static const float mean[] = { 0.1f, 0.2f }, std[] = { 0.3f, 0.4f };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNetwork) network = dfkd_network_new (name, &options, &error);
  DfkdModel *model;

  g_assert_no_error (error);
  model = dfkd_model_new (network, mean, std);
  dfkd_network_initialise (network, 3, model->parameters, model->state);
  model->accuracy = 91.23;
  if (!network->is_generator)
    model->class_names = g_strsplit ("null eins “zwei” \"drei\" 四 five,5 sechs", " ", 0);
  return model;
}

static void
test_round_trip (void)
{
  for (guint generators = 0; generators < 2; generators++)
    for (const char *const *name = dfkd_network_names (generators != 0); *name != NULL; name++)
      {
        g_autofree char *first = g_build_filename (folder, "first.safetensors", NULL);
        g_autofree char *second = g_build_filename (folder, "second.safetensors", NULL);
        g_autoptr (DfkdModel) model = drawn_model (*name), again = NULL, from_bytes = NULL;
        g_autofree char *a = NULL, *b = NULL;
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (GError) error = NULL;
        const gsize most = 12000000; /* numbers: the largest of a family take long, and go the same way */
        gsize a_size, b_size;

        if (dfkd_network_parameter_count (model->network) > most)
          continue;
        dfkd_model_save (model, first, &error);
        g_assert_no_error (error);
        again = dfkd_model_load (first, NULL, &error);
        g_assert_no_error (error);
        g_assert_cmpmem (model->parameters, model->network->parameters->bytes, again->parameters,
                         again->network->parameters->bytes);
        g_assert_cmpmem (model->state, model->network->state->bytes, again->state, again->network->state->bytes);
        if (!model->network->is_generator)
          {
            g_assert_cmpmem (model->mean, 2 * sizeof (float), again->mean, 2 * sizeof (float));
            g_assert_cmpmem (model->std, 2 * sizeof (float), again->std, 2 * sizeof (float));
            g_assert_true (g_strv_equal ((const char *const *) model->class_names, (const char *const *) again->class_names));
          }
        g_assert_cmpfloat (again->accuracy, ==, 91.23);
        dfkd_model_save (again, second, &error);
        g_assert_no_error (error);
        g_file_get_contents (first, &a, &a_size, &error);
        g_assert_no_error (error);
        g_file_get_contents (second, &b, &b_size, &error);
        g_assert_no_error (error);
        g_assert_cmpmem (a, a_size, b, b_size);

        bytes = g_bytes_new (a, a_size);
        from_bytes = dfkd_model_load_bytes (bytes, "embedded", NULL, &error);
        g_assert_no_error (error);
        g_unlink (first);
        g_unlink (second);
      }
}

/* What to spoil in a copy of a PyTorch file; NULL or 0 leaves it as it is. */
typedef struct {
  const char *title;
  const char *network;            /* override on loading */
  const char *drop, *rename, *to; /* tensors */
  const char *flatten;            /* this tensor becomes one-dimensional */
  const char *spoil;              /* this tensor's last number becomes `value` */
  const char *widen;              /* this tensor becomes one of doubles, each of them 1e300 */
  float value;
  const char *key, *text; /* metadata */
  DfkdError code;
  const char *says;
} Case;

static const Case cases[] = {
  { .title = "missing tensor", .drop = "block2.layer.0.conv1.weight", .code = DFKD_ERROR_SHAPE, .says = "32×16×3×3" },
  { .title = "missing statistics", .drop = "bn1.running_var", .code = DFKD_ERROR_SHAPE, .says = "bn1.running_var" },
  { .title = "extra tensor", .rename = "bn1.num_batches_tracked", .to = "conv9.weight", .code = DFKD_ERROR_SHAPE,
    .says = "conv9.weight" },
  { .title = "wrong shape", .flatten = "block1.layer.0.conv2.weight", .code = DFKD_ERROR_SHAPE, .says = "is 2304, expected 16×16×3×3" },
  { .title = "NaN weight", .spoil = "fc.weight", .value = NAN, .code = DFKD_ERROR_NUMBER, .says = "fc.weight" },
  { .title = "double that is too large", .widen = "fc.bias", .code = DFKD_ERROR_NUMBER, .says = "fc.bias is 1e+300, which does not fit float32" },
  { .title = "infinite bias", .spoil = "fc.bias", .value = INFINITY, .code = DFKD_ERROR_NUMBER, .says = "fc.bias" },
  { .title = "negative variance", .spoil = "bn1.running_var", .value = -1.0f, .code = DFKD_ERROR_NUMBER, .says = "bn1.running_var" },
  { .title = "unknown network", .network = "vgg99", .code = DFKD_ERROR_ARGUMENT, .says = "wrn40_2" },
  { .title = "unknown network in the file", .key = "network", .text = "\"vgg99\"", .code = DFKD_ERROR_ARGUMENT, .says = "vgg99" },
  { .title = "another network", .network = "wrn16_1", .code = DFKD_ERROR_SHAPE, .says = "missing" },
  { .title = "wider network", .network = "wrn16_2", .code = DFKD_ERROR_SHAPE, .says = "expected" },
  { .title = "wrong classes", .key = "classes", .text = "11", .code = DFKD_ERROR_SHAPE, .says = "11×64" },
  { .title = "classes no number", .key = "classes", .text = "many", .code = DFKD_ERROR_FORMAT, .says = "classes" },
  { .title = "classes not whole", .key = "classes", .text = "9.5", .code = DFKD_ERROR_FORMAT, .says = "classes" },
  { .title = "classes below one", .key = "classes", .text = "0", .code = DFKD_ERROR_FORMAT, .says = "classes" },
  { .title = "short input shape", .key = "input_shape", .text = "[3, 8]", .code = DFKD_ERROR_FORMAT, .says = "input_shape" },
  { .title = "tiny input shape", .key = "input_shape", .text = "[3, 2, 2]", .code = DFKD_ERROR_ARGUMENT, .says = "2×2" },
  { .title = "wrong count of means", .key = "mean", .text = "[0.1, 0.2]", .code = DFKD_ERROR_FORMAT, .says = "mean" },
  { .title = "mean that overflows", .key = "mean", .text = "1e99", .code = DFKD_ERROR_FORMAT, .says = "mean" },
  { .title = "std of zero", .key = "std", .text = "0", .code = DFKD_ERROR_FORMAT, .says = "std" },
  { .title = "nested metadata", .key = "std", .text = "[[[[[[1]]]]]]", .code = DFKD_ERROR_FORMAT, .says = "std" },
  { .title = "text in a list", .key = "mean", .text = "[0, \"x\", 1]", .code = DFKD_ERROR_FORMAT, .says = "mean" },
  { .title = "too few class names", .key = "class_names", .text = "[\"a\", \"b\"]", .code = DFKD_ERROR_FORMAT, .says = "10 names" },
  { .title = "nameless class", .key = "class_names", .text = "[\"a\", \"\", 3]", .code = DFKD_ERROR_FORMAT, .says = "class_names" },
  { .title = "accuracy no number", .key = "accuracy", .text = "null", .code = DFKD_ERROR_FORMAT, .says = "accuracy" },
};

static GBytes *
spoilt (const Case *c)
{
  g_autofree char *path = fixture ("state-wrn10_1.safetensors");
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, &error);
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  g_autofree const char **keys = NULL;

  g_assert_no_error (error);
  keys = dfkd_safetensors_metadata_keys (file);
  for (guint i = 0; keys[i] != NULL; i++)
    dfkd_safetensors_writer_add_metadata (writer, keys[i], g_strcmp0 (keys[i], c->key) == 0
                                                             ? c->text : dfkd_safetensors_metadata (file, keys[i]));
  if (c->key != NULL && dfkd_safetensors_metadata (file, c->key) == NULL)
    dfkd_safetensors_writer_add_metadata (writer, c->key, c->text);
  for (gsize i = 0; i < dfkd_safetensors_count (file); i++)
    {
      const char *name = dfkd_safetensors_name (file, i);
      const DfkdTensorEntry *entry = dfkd_safetensors_lookup (file, name);
      const gsize count = dfkd_tensor_entry_count (entry);
      const gboolean flat = g_strcmp0 (name, c->flatten) == 0;
      g_autofree guint8 *data = g_memdup2 (entry->data, entry->bytes);

      if (g_strcmp0 (name, c->drop) == 0)
        continue;
      if (g_strcmp0 (name, c->widen) == 0)
        {
          g_autofree double *wide = g_new (double, count);

          for (gsize n = 0; n < count; n++)
            wide[n] = 1e300;
          dfkd_safetensors_writer_add_tensor (writer, name, DFKD_DTYPE_F64, entry->dims, entry->rank, wide);
          continue;
        }
      if (g_strcmp0 (name, c->spoil) == 0)
        memcpy (data + entry->bytes - sizeof (float), &c->value, sizeof (float));
      dfkd_safetensors_writer_add_tensor (writer, g_strcmp0 (name, c->rename) == 0 ? c->to : name, entry->dtype,
                                          flat ? &count : entry->dims, flat ? 1 : entry->rank, data);
    }
  return dfkd_safetensors_writer_to_bytes (writer);
}

/* A network inside of another: every name begins with a word of its owner's. Where it still does not fit, its first tensor that
 * differs is told, or, where none is found, that word. */
static void
test_inside (void)
{
  static const struct { const char *network, *drop; DfkdError code; const char *says[2]; } cases_inside[] = {
    { NULL, NULL, 0, { NULL } },
    { "wrn10_1", NULL, 0, { NULL } },
    { "wrn10_1", "fc.weight", DFKD_ERROR_SHAPE, { "backbone.fc.weight is missing", "than --network says" } },
    { NULL, "fc.weight", DFKD_ERROR_FORMAT, { "--network", "“backbone.”" } },
    { "vgg8", NULL, DFKD_ERROR_SHAPE, { "is missing", "“backbone.”" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases_inside); i++)
    {
      const Case whole = { .drop = cases_inside[i].drop };
      g_autoptr (GBytes) source = spoilt (&whole), bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdSafetensors) file = dfkd_safetensors_new_from_bytes (source, "source", &error);
      g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
      g_autoptr (DfkdModel) model = NULL;

      g_assert_no_error (error);
      for (gsize t = 0; t < dfkd_safetensors_count (file); t++)
        {
          const DfkdTensorEntry *entry = dfkd_safetensors_get (file, t);
          g_autofree char *name = g_strconcat ("backbone.", entry->name, NULL);

          dfkd_safetensors_writer_add_tensor (writer, name, entry->dtype, entry->dims, entry->rank, entry->data);
        }
      bytes = dfkd_safetensors_writer_to_bytes (writer);
      model = dfkd_model_load_bytes (bytes, "inside.safetensors", &(DfkdModelHints){ .network = cases_inside[i].network }, &error);
      if (cases_inside[i].says[0] == NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (model->network->name, ==, "wrn10_1");
          assert_filled (model);
          continue;
        }
      g_assert_null (model);
      g_test_message ("%s", error->message);
      g_assert_error (error, DFKD_ERROR, (gint) cases_inside[i].code);
      g_assert_nonnull (strstr (error->message, "inside.safetensors"));
      for (guint n = 0; n < 2; n++)
        g_assert_nonnull (strstr (error->message, cases_inside[i].says[n]));
    }
}

static void
test_bad_files (void)
{
  static const Case sound = { .title = "sound" };
  g_autoptr (GBytes) control = spoilt (&sound);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdModel) model = dfkd_model_load_bytes (control, "control.safetensors", NULL, &error);

  g_assert_no_error (error);
  assert_filled (model);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (GBytes) bytes = spoilt (c);
      g_autoptr (DfkdModel) bad = dfkd_model_load_bytes (bytes, "bad.safetensors", &(DfkdModelHints){ .network = c->network }, &error);

      g_test_message ("%s: %s", c->title, error != NULL ? error->message : "no error");
      g_assert_null (bad);
      g_assert_error (error, DFKD_ERROR, (gint) c->code);
      g_assert_nonnull (strstr (error->message, "bad.safetensors"));
      g_assert_nonnull (strstr (error->message, c->says));
      g_clear_error (&error);
    }
}

static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (dfkd_model_load ("/nowhere/at/all.safetensors", NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "/nowhere/at/all.safetensors"));
  g_clear_error (&error);
  g_assert_null (dfkd_model_load (folder, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("dfkd-model-XXXXXX", NULL);
  g_test_add_func ("/model-file/pytorch", test_pytorch);
  g_test_add_func ("/model-file/bare", test_bare);
  g_test_add_func ("/model-file/hints", test_hints);
  g_test_add_func ("/model-file/round-trip", test_round_trip);
  g_test_add_func ("/model-file/bad-files", test_bad_files);
  g_test_add_func ("/model-file/inside", test_inside);
  g_test_add_func ("/model-file/no-file", test_no_file);
  status = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return status;
}
