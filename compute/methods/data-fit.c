/* data-fit.c: comparing sizes, numbers of classes and their names. */
#include "data-fit.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

/* of images: labels that happen not to occur are no sign of another set of classes */
static gboolean
classes_fit (const DfkdDataset *data, gsize classes)
{
  return data->classes_known ? data->classes == classes : data->classes <= classes;
}

static const char *
name_of (const DfkdDataset *data)
{
  return data->source != NULL ? data->source : "";
}

gboolean
dfkd_data_fit (const DfkdDataset *data, const DfkdNetwork *network, const char *model, const char *advice, GError **error)
{
  const DfkdNetworkOptions *o = &network->options;

  if (network->is_generator)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s holds a generator, expected a classifier"), model);
      return FALSE;
    }
  if (data->channels == o->channels && data->height == o->height && data->width == o->width && classes_fit (data, o->classes))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s does not fit the images of %s: they are %zu×%zu×%zu with %zu classes, but it takes %zu×%zu×%zu with %zu; %s"),
               model, name_of (data), data->channels, data->height, data->width, data->classes, o->channels, o->height, o->width,
               o->classes, advice);
  return FALSE;
}

gboolean
dfkd_data_fit_each_other (const DfkdDataset *training, const DfkdDataset *test, GError **error)
{
  if (training->channels != test->channels || training->height != test->height || training->width != test->width
      || !classes_fit (test, training->classes))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("the training images of %s are %zu×%zu×%zu with %zu classes, the test images of %s %zu×%zu×%zu with %zu; name fitting ones with --test"),
                   name_of (training), training->channels, training->height, training->width, training->classes, name_of (test),
                   test->channels, test->height, test->width, test->classes);
      return FALSE;
    }
  for (gsize i = 0; training->class_names != NULL && test->class_names != NULL && i < MIN (training->classes, test->classes); i++)
    if (!g_str_equal (training->class_names[i], test->class_names[i]))
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                     _("class %zu is called “%s” in the training images of %s, but “%s” in the test images of %s; name fitting ones with --test, or give the classes the same names"),
                     i, training->class_names[i], name_of (training), test->class_names[i], name_of (test));
        return FALSE;
      }
  return TRUE;
}
