/* forward.c: dfkd forward: images through a network in evaluation mode, logits and features out. */
#include "model-options.h"

#include <glib/gstdio.h>

enum {
  BATCH = 64,
};

typedef struct {
  char *model, *input, *output;
  gboolean normalise;
  ModelOptions about;
} Options;

static void
options_clear (Options *o)
{
  g_free (o->model);
  model_options_clear (&o->about);
  g_free (o->input);
  g_free (o->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* the tensor `images` as float32 N,C,H,W, checked against the network; bytes, as the pictures of a run folder have, become [0,1] */
static float *
read_images (const char *path, const DfkdNetworkOptions *size, gsize *count, GError **error)
{
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, error);
  const DfkdTensorEntry *entry = file != NULL ? dfkd_safetensors_lookup (file, "images") : NULL;
  g_autofree float *images = NULL;

  if (file == NULL)
    return NULL;
  if (entry == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s holds no tensor “images”; expected one of shape N×%u×%u×%u"), path,
                   (guint) size->channels, (guint) size->height, (guint) size->width);
      return NULL;
    }
  if (entry->rank != 4 || entry->dims[0] == 0 || entry->dims[1] != size->channels || entry->dims[2] != size->height
      || entry->dims[3] != size->width)
    {
      g_autofree char *shape = dfkd_tensor_entry_shape_text (entry);

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s: “images” is %s, but the network takes N×%u×%u×%u with at least one image"), path,
                   shape, (guint) size->channels, (guint) size->height, (guint) size->width);
      return NULL;
    }
  *count = entry->dims[0];
  images = g_new (float, dfkd_tensor_entry_count (entry));
  if (!dfkd_tensor_entry_read_float (entry, images, dfkd_tensor_entry_count (entry), error))
    return NULL;
  for (gsize i = 0; entry->dtype == DFKD_DTYPE_U8 && i < dfkd_tensor_entry_count (entry); i++)
    images[i] /= 255.0f;
  return g_steal_pointer (&images);
}

static void
report (const DfkdModel *model, gsize features, const char *output, gsize count)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  dfkd_json_text (builder, "output", output);
  dfkd_json_text (builder, "network", model->network->name);
  dfkd_json_integer (builder, "images", (gint64) count);
  dfkd_json_integer (builder, "classes", (gint64) model->network->options.classes);
  dfkd_json_integer (builder, "features", (gint64) features);
  json_builder_end_object (builder);
  dfkd_json_print (builder);
}

/* before the work, and so that no images and no model are lost to what is computed from them */
static gboolean
check_output (const Options *o, GError **error)
{
  const char *const read[] = { o->input, o->model }, *const names[] = { "--input", "--model" };
  GStatBuf output, input;

  if (!dfkd_atomic_check (o->output, error))
    {
      g_prefix_error (error, "--output: ");
      return FALSE;
    }
  for (guint i = 0; g_stat (o->output, &output) == 0 && i < G_N_ELEMENTS (read); i++)
    if (g_stat (read[i], &input) == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino)
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--output: %s is the file of %s, which would be lost; name another"), o->output, names[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
forward (const Options *o, const DfkdCommonOptions *common, GError **error)
{
  g_autoptr (DfkdDevice) device = NULL; /* first, so that it is freed after all that lives on it */
  g_autoptr (DfkdModel) model = check_output (o, error) ? model_options_load (&o->about, o->model, error) : NULL;
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  g_autofree float *images = NULL, *logits = NULL, *features = NULL;
  g_autoptr (DfkdInference) inference = NULL;
  gsize count, shape[2];

  if (model == NULL)
    return FALSE;
  if (model->network->is_generator)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--model: %s holds a generator, expected a classifier"), o->model);
      return FALSE;
    }
  images = read_images (o->input, &model->network->options, &count, error);
  if (images == NULL)
    return FALSE;
  device = dfkd_command_open_device (common, error);
  inference = device != NULL ? dfkd_inference_new (device, model, MIN (count, (gsize) BATCH), error) : NULL;
  if (inference == NULL)
    return FALSE;
  if (o->normalise)
    dfkd_inference_normalise (inference, images, count);
  shape[0] = count;
  shape[1] = model->network->options.classes;
  logits = g_new (float, count * shape[1]);
  features = g_new (float, count * dfkd_inference_features (inference));
  if (!dfkd_inference_run (inference, images, count, logits, features, NULL, error))
    return FALSE;
  dfkd_safetensors_writer_add_tensor (writer, "logits", DFKD_DTYPE_F32, shape, 2, logits);
  shape[1] = dfkd_inference_features (inference);
  dfkd_safetensors_writer_add_tensor (writer, "features", DFKD_DTYPE_F32, shape, 2, features);
  if (!dfkd_safetensors_writer_write (writer, o->output, error))
    return FALSE;
  if (common->json)
    report (model, dfkd_inference_features (inference), o->output, count);
  return TRUE;
}

int
dfkd_command_forward (int argc, char **argv)
{
  g_auto (Options) o = { 0 };
  g_auto (DfkdCommonOptions) common = { 0 };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &o.model, _("model file"), "FILE" },
    MODEL_OPTIONS (o.about),
    { "input", 0, 0, G_OPTION_ARG_FILENAME, &o.input, _("safetensors file with a tensor “images”, N,C,H,W; bytes stand for [0,1]"), "FILE" },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &o.output, _("safetensors file to write: “logits” and “features”"), "FILE" },
    { "normalise", 0, 0, G_OPTION_ARG_NONE, &o.normalise, _("apply the model's mean and standard deviation first"), NULL },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "forward", NULL, _("Runs images through a model in evaluation mode."), entries, &common, NULL, 0))
    return DFKD_EXIT_USAGE;
  if (o.model == NULL || o.input == NULL || o.output == NULL)
    {
      g_printerr (_("dfkd forward: --model, --input and --output are needed\n"));
      return DFKD_EXIT_USAGE;
    }
  return forward (&o, &common, &error) ? DFKD_EXIT_DONE : dfkd_command_fail (error);
}
