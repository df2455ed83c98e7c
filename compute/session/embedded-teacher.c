/* embedded-teacher.c: the teachers as resources of the program, or from a file. */
#include "embedded-teacher.h"

#include "data-fit.h"
#include "errors.h"
#include "shapes32.h"
#include "teacher-resources.h"

#include <glib/gi18n-lib.h>

enum {
  SUPERCLASSES = 20, /* of CIFAR-100 */
};

static const struct {
  const char *name, *resource, *data;
  const char *const *(*class_names) (void);
} embedded[] = {
  { "", "/org/dfkd/Workbench/teacher.safetensors", "", dfkd_fashion_mnist_names },
  { "shapes32", "/org/dfkd/Workbench/teacher-shapes32.safetensors", "shapes32", dfkd_shapes32_names },
};

static DfkdModel *
load (const char *path, const DfkdModelHints *hints, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (embedded); i++)
    if (g_str_equal (path, embedded[i].name))
      {
        g_autoptr (GBytes) bytes
          = g_resource_lookup_data (dfkd_teacher_get_resource (), embedded[i].resource, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

        return bytes != NULL ? dfkd_model_load_bytes (bytes, _("the built-in teacher"), hints, error) : NULL;
      }
  return dfkd_model_load_hinted (path, hints, error);
}

DfkdModel *
dfkd_teacher_load (const char *path, GError **error)
{
  return load (path, NULL, error);
}

DfkdModel *
dfkd_teacher_load_for_recipe (const DfkdRecipe *recipe, GError **error)
{
  const DfkdModelHints hints = { .mean = recipe->text[DFKD_PARAMETER_TEACHER_MEAN], .std = recipe->text[DFKD_PARAMETER_TEACHER_STD],
                                 .class_names = recipe->text[DFKD_PARAMETER_TEACHER_CLASSES], .of_teacher = TRUE };
  g_autoptr (DfkdModel) model = load (recipe->text[DFKD_PARAMETER_TEACHER], &hints, error);

  if (model == NULL || !model->network->is_generator)
    return g_steal_pointer (&model);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("%s holds a generator, expected a classifier"),
               recipe->text[DFKD_PARAMETER_TEACHER]);
  return NULL;
}

const char *const *
dfkd_teacher_class_names (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (embedded); i++)
    if (g_str_equal (path, embedded[i].name))
      return embedded[i].class_names ();
  return NULL;
}

gboolean
dfkd_teacher_is_embedded (const char *path)
{
  return dfkd_teacher_class_names (path) != NULL;
}

static DfkdDataset *
open_data (const char *source, const char *path, const DfkdModel *teacher, gboolean test, GError **error)
{
  const DfkdNetworkOptions *network = &teacher->network->options;
  const DfkdDatasetOptions options = {
    .height = network->height, .width = network->width, .channels = network->channels,
    .pad_digits = teacher->assumes_size, /* a border around other images would hide that it was trained with their size */
    .coarse = network->classes == SUPERCLASSES,
  };

  const char *const *names = teacher->class_names != NULL ? (const char *const *) teacher->class_names : dfkd_teacher_class_names (path);
  DfkdDataset *data;

  for (guint i = 0; i < G_N_ELEMENTS (embedded) && *source == '\0'; i++)
    if (g_str_equal (path, embedded[i].name))
      source = embedded[i].data;
  data = dfkd_dataset_open (source, test, &options, error);
  if (data != NULL)
    dfkd_data_arrange (data, names);
  return data;
}

DfkdDataset *
dfkd_teacher_open_data (const char *source, const char *path, const DfkdModel *teacher, GError **error)
{
  return open_data (source, path, teacher, TRUE, error);
}

DfkdDataset *
dfkd_teacher_open_originals (const char *source, const char *path, const DfkdModel *teacher, GError **error)
{
  return open_data (source, path, teacher, FALSE, error);
}
