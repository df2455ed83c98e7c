/* evaluate.c: dfkd evaluate: a model's accuracy, over all and by class. */
#include "model-options.h"

typedef struct {
  char *model, *data;
  ModelOptions about;
} Options;

static void
options_clear (Options *o)
{
  g_free (o->model);
  model_options_clear (&o->about);
  g_free (o->data);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* without an image of the class there is no share */
static void
add_share (JsonBuilder *builder, guint hits, guint all)
{
  if (all > 0)
    json_builder_add_double_value (builder, 100.0 * hits / all);
  else
    json_builder_add_null_value (builder);
}

/* @name: (nullable) */
static void
print_share (guint class, const char *name, guint hits, guint all)
{
  if (all == 0 && name != NULL)
    g_print (_("class %u, %s: –\n"), class, name);
  else if (all == 0)
    g_print (_("class %u: –\n"), class);
  else if (name != NULL)
    g_print (_("class %u, %s: %.2f %% of %u\n"), class, name, 100.0 * hits / all, all);
  else
    g_print (_("class %u: %.2f %% of %u\n"), class, 100.0 * hits / all, all);
}

static void
report (const DfkdDataset *data, const DfkdModel *model, const gint32 *predictions, double accuracy, gboolean json)
{
  g_autofree guint *hits = g_new0 (guint, data->classes), *all = g_new0 (guint, data->classes);
  char **names = data->class_names != NULL ? data->class_names : model->class_names;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  for (gsize i = 0; i < data->count; i++)
    {
      all[data->labels[i]]++;
      hits[data->labels[i]] += predictions[i] == data->labels[i];
    }
  json_builder_begin_object (builder);
  dfkd_json_number (builder, "accuracy", accuracy);
  dfkd_json_integer (builder, "images", (gint64) data->count);
  json_builder_set_member_name (builder, "classes");
  json_builder_begin_array (builder);
  if (!json)
    g_print (g_dngettext (GETTEXT_PACKAGE, "%.2f %% of %u image\n", "%.2f %% of %u images\n", data->count), accuracy, (guint) data->count);
  for (gsize c = 0; c < data->classes; c++)
    {
      add_share (builder, hits[c], all[c]);
      if (!json)
        print_share ((guint) c, names != NULL ? gettext (names[c]) : NULL, hits[c], all[c]);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (json)
    dfkd_json_print (builder);
}

static DfkdModel *
load (const Options *o, GError **error)
{
  const char *path = o->model != NULL ? o->model : "", *given = model_options_given (&o->about);

  if (!dfkd_teacher_is_embedded (path))
    return model_options_load (&o->about, path, error);
  if (given == NULL)
    return dfkd_teacher_load (path, error);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s says what a model file does not, and a built-in teacher was chosen; name the file with --model"),
               given);
  return NULL;
}

static gboolean
evaluate (const Options *o, const DfkdCommonOptions *common, GError **error)
{
  g_autoptr (DfkdDevice) device = NULL; /* first, so that it is freed after all that lives on it */
  g_autoptr (DfkdModel) model = load (o, error);
  g_autoptr (DfkdDataset) data = NULL;
  g_autoptr (DfkdEvaluation) evaluation = NULL;
  double accuracy;

  if (model == NULL)
    return FALSE;
  data = dfkd_teacher_open_data (o->data != NULL ? o->data : "", o->model != NULL ? o->model : "", model, error);
  if (data == NULL)
    return FALSE;
  if (!dfkd_data_fit (data, model->network, o->model != NULL ? o->model : _("the built-in teacher"),
                      _("name fitting data with --data, or another model with --model"), error))
    return FALSE;
  device = dfkd_command_open_device (common, error);
  if (device == NULL || !dfkd_model_place (model, device, error))
    return FALSE;
  evaluation = dfkd_evaluation_new (device, model->network, model->network->parameters, model->network->state, data, model->mean,
                                    model->std, error);
  if (evaluation == NULL || !dfkd_evaluation_run (evaluation, &accuracy, error))
    return FALSE;
  report (data, model, dfkd_evaluation_predictions (evaluation), accuracy, common->json);
  return TRUE;
}

int
dfkd_command_evaluate (int argc, char **argv)
{
  g_auto (Options) o = { 0 };
  g_auto (DfkdCommonOptions) common = { 0 };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &o.model, _("model file, or shapes32; without it the built-in teacher"), "FILE" },
    MODEL_OPTIONS (o.about),
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &o.data, _("test images, as for train; without it those of the built-in teacher"), "DATA" },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "evaluate", NULL, _("Measures the accuracy of a model on test images."), entries, &common, NULL, 0))
    return DFKD_EXIT_USAGE;
  return evaluate (&o, &common, &error) ? DFKD_EXIT_DONE : dfkd_command_fail (error);
}
