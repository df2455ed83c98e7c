/* model-options.c: reading a model file as options say. */
#include "model-options.h"

void
model_options_clear (ModelOptions *options)
{
  g_free (options->network);
  g_free (options->part);
  g_free (options->mean);
  g_free (options->std);
  g_free (options->class_names);
  g_free (options->size);
}

const char *
model_options_given (const ModelOptions *o)
{
  return o->network != NULL       ? "--network"
         : o->part != NULL        ? "--part"
         : o->mean != NULL        ? "--mean"
         : o->std != NULL         ? "--std"
         : o->class_names != NULL ? "--class-names"
         : o->size != NULL        ? "--size"
         : o->classes != 0        ? "--classes"
                                  : NULL;
}

DfkdModel *
model_options_load (const ModelOptions *options, const char *path, GError **error)
{
  DfkdModelHints hints = { .network = options->network, .part = options->part, .mean = options->mean, .std = options->std,
                           .class_names = options->class_names, .classes = (gsize) MAX (options->classes, 0) };
  DfkdModel *model;

  if (options->classes < 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--classes: %d is not allowed; expected a number from 1"),
                   options->classes);
      return NULL;
    }
  if (options->size != NULL && !dfkd_command_parse_size (options->size, &hints.height, &hints.width, error))
    return NULL;
  model = dfkd_model_load_hinted (path, &hints, error);
  if (model != NULL && model->notice != NULL)
    dfkd_command_tell (model->notice);
  return model;
}
