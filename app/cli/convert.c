/* convert.c: dfkd convert: a PyTorch checkpoint or a model file as a safetensors file that says everything, or as ONNX, by the
 * ending of the file to write. */
#include "model-options.h"

#include <math.h>

typedef struct {
  ModelOptions model;
  double accuracy;
  gboolean normalise;
} Options;

static void
options_clear (Options *o)
{
  model_options_clear (&o->model);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
is_onnx (const char *path)
{
  return g_str_has_suffix (path, ".onnx");
}

static void
add_sizes (JsonBuilder *builder, const char *name, const gsize *sizes, gsize count)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < count; i++)
    json_builder_add_int_value (builder, (gint64) sizes[i]);
  json_builder_end_array (builder);
}

/* as they were given, and not what is between them and the nearest float */
static void
add_values (JsonBuilder *builder, const char *name, const float *values, gsize count)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < count; i++)
    json_builder_add_double_value (builder, g_ascii_strtod (dfkd_float_text (text, values[i]), NULL));
  json_builder_end_array (builder);
}

static void
report (const DfkdModel *model, const char *output, gboolean json)
{
  const DfkdNetworkOptions *o = &model->network->options;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!json)
    {
      g_print (_("%s: %s, %zu×%zu×%zu\n"), output, model->network->name, o->channels, o->height, o->width);
      return;
    }
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "output", output);
  dfkd_json_text (builder, "network", model->network->name);
  add_sizes (builder, "input_shape", (gsize[]){ o->channels, o->height, o->width }, 3);
  if (!model->network->is_generator)
    {
      dfkd_json_integer (builder, "classes", (gint64) o->classes);
      add_values (builder, "mean", model->mean, o->channels);
      add_values (builder, "std", model->std, o->channels);
    }
  if (model->notice != NULL)
    dfkd_json_text (builder, "notice", model->notice);
  json_builder_end_object (builder);
  dfkd_json_print (builder);
}

static gboolean
check (const Options *o, const char *output, GError **error)
{
  if (!isnan (o->accuracy) && !(o->accuracy >= 0.0 && o->accuracy <= 100.0))
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--accuracy: %g is not allowed; expected a percentage from 0 to 100"), o->accuracy);
  else if (g_file_test (output, G_FILE_TEST_IS_DIR))
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s is a folder; name the file to write"), output);
  else if (!is_onnx (output) && !g_str_has_suffix (output, ".safetensors"))
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s: a file to write ends in .onnx or .safetensors, which says its format"), output);
  else if (o->normalise && !is_onnx (output))
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--normalise: %s holds weights only; it goes with .onnx"), output);
  else
    return TRUE;
  return FALSE;
}

static gboolean
write_model (const Options *o, const DfkdModel *model, const char *output, GError **error)
{
  if (is_onnx (output))
    return dfkd_model_export_onnx (model, output, o->normalise ? DFKD_ONNX_INPUT_RAW : DFKD_ONNX_INPUT_NORMALISED, error);
  return dfkd_model_save (model, output, error);
}

static gboolean
convert (const Options *o, const char *input, const char *output, gboolean json, GError **error)
{
  g_autoptr (DfkdModel) model = NULL;

  if (!check (o, output, error))
    return FALSE;
  model = model_options_load (&o->model, input, error);
  if (model == NULL)
    return FALSE;
  if (!isnan (o->accuracy))
    model->accuracy = o->accuracy;
  if (!write_model (o, model, output, error))
    return FALSE;
  report (model, output, json);
  return TRUE;
}

int
dfkd_command_convert (int argc, char **argv)
{
  g_auto (Options) o = { .accuracy = NAN };
  g_auto (DfkdCommonOptions) common = { 0 };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    MODEL_OPTIONS (o.model),
    { "accuracy", 0, 0, G_OPTION_ARG_DOUBLE, &o.accuracy, _("its accuracy on test images in percent, to be written down"), "X" },
    { "normalise", 0, 0, G_OPTION_ARG_NONE, &o.normalise,
      _("ONNX: take images in [0,1] and apply the model's mean and standard deviation inside"), NULL },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "convert", _("IN OUT.safetensors|OUT.onnx"),
                           _("Writes a model, from a PyTorch checkpoint or a safetensors file, as a safetensors file that says its network,\n"
                             "sizes, mean and standard deviation, or as ONNX (opset 17, any batch size; input “images”, output “logits”).\n"
                             "Images are normalised, (x − mean) / std, unless --normalise is given; the metadata of both say mean and std."),
                           entries, &common, NULL, 2))
    return DFKD_EXIT_USAGE;
  return convert (&o, argv[1], argv[2], common.json, &error) ? DFKD_EXIT_DONE : dfkd_command_fail (error);
}
