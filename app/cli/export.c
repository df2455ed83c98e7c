/* export.c: dfkd export: a model as ONNX or as safetensors, by the ending of the file to write. */
#include "model-options.h"

typedef struct {
  ModelOptions model;
  gboolean normalise;
} Options;

static void
options_clear (Options *o)
{
  model_options_clear (&o->model);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
write_model (const Options *o, const char *input, const char *output, GError **error)
{
  const gboolean onnx = g_str_has_suffix (output, ".onnx");
  g_autoptr (DfkdModel) model = NULL;

  if (!onnx && !g_str_has_suffix (output, ".safetensors"))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("%s: a file to write ends in .onnx or .safetensors, which says its format"), output);
      return FALSE;
    }
  if (o->normalise && !onnx)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--normalise: %s holds weights only; it goes with .onnx"), output);
      return FALSE;
    }
  model = model_options_load (&o->model, input, error);
  if (model == NULL)
    return FALSE;
  return onnx ? dfkd_model_export_onnx (model, output, o->normalise ? DFKD_ONNX_INPUT_RAW : DFKD_ONNX_INPUT_NORMALISED, error)
              : dfkd_model_save (model, output, error);
}

int
dfkd_command_export (int argc, char **argv)
{
  g_auto (Options) o = { 0 };
  g_auto (DfkdCommonOptions) common = { 0 };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    MODEL_OPTIONS (o.model),
    { "normalise", 0, 0, G_OPTION_ARG_NONE, &o.normalise,
      _("ONNX: take images in [0,1] and apply the model's mean and standard deviation inside"), NULL },
    { NULL },
  };

  if (!dfkd_command_parse (
          &argc, &argv, "export", _("MODEL OUT.onnx|OUT.safetensors"),
          _("Writes a model for other programs: ONNX (opset 17, any batch size; input “images”, output “logits”)\n"
             "or PyTorch's state dict as safetensors. Images are normalised, (x − mean) / std, unless --normalise\n"
             "is given; mean and std stand in the metadata of both."),
          entries, &common, NULL, 2))
    return DFKD_EXIT_USAGE;
  return write_model (&o, argv[1], argv[2], &error) ? DFKD_EXIT_DONE : dfkd_command_fail (error);
}
