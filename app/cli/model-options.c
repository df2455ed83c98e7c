/* model-options.c: reading a model file as options say. */
#include "model-options.h"

#include <stdio.h>

void
model_options_clear (ModelOptions *options)
{
  g_free (options->network);
  g_free (options->part);
  g_free (options->mean);
  g_free (options->std);
  g_free (options->size);
}

static gboolean
read_size (const char *text, DfkdModelHints *hints, GError **error)
{
  int end = 0;

  if (sscanf (text, "%4zux%4zu%n", &hints->height, &hints->width, &end) == 2 && text[end] == '\0' && hints->height > 0
      && hints->width > 0)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--size: “%s” is not allowed; expected height and width, as in 32x32"),
               text);
  return FALSE;
}

DfkdModel *
model_options_load (const ModelOptions *options, const char *path, GError **error)
{
  DfkdModelHints hints = { .network = options->network, .part = options->part, .mean = options->mean, .std = options->std,
                           .classes = (gsize) MAX (options->classes, 0) };
  DfkdModel *model;

  if (options->classes < 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--classes: %d is not allowed; expected a number from 1"),
                   options->classes);
      return NULL;
    }
  if (options->size != NULL && !read_size (options->size, &hints, error))
    return NULL;
  model = dfkd_model_load_hinted (path, &hints, error);
  if (model != NULL && model->notice != NULL)
    g_printerr ("%s: %s\n", g_get_prgname (), model->notice);
  return model;
}
