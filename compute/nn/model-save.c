/* model-save.c: writing models as safetensors files. */
#include "model-file-private.h"

#include "class-names.h"
#include "float-text.h"
#include "safetensors.h"

static char *
number_list (const float *values, gsize count)
{
  GString *text = g_string_new ("[");
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < count; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", dfkd_float_text (number, values[i]));
  return g_string_free (g_string_append_c (text, ']'), FALSE);
}

static void
add_size (DfkdMetadataFunc add, gpointer data, const char *key, gsize size)
{
  g_autofree char *text = g_strdup_printf ("%zu", size);

  add (data, key, text);
}

void
dfkd_model_write_metadata (const DfkdModel *model, DfkdMetadataFunc add, gpointer data)
{
  const DfkdNetworkOptions *o = &model->network->options;
  g_autofree char *network = g_strdup_printf ("\"%s\"", model->network->name);
  g_autofree char *shape = g_strdup_printf ("[%zu, %zu, %zu]", o->channels, o->height, o->width);
  char accuracy[G_ASCII_DTOSTR_BUF_SIZE];

  add (data, "network", network);
  add (data, "input_shape", shape);
  if (model->network->is_generator)
    {
      add_size (add, data, "nz", o->nz);
      add_size (add, data, "ngf", o->ngf);
    }
  else
    {
      g_autofree char *mean = number_list (model->mean, o->channels), *std = number_list (model->std, o->channels);

      add_size (add, data, "classes", o->classes);
      add (data, "mean", mean);
      add (data, "std", std);
    }
  if (model->class_names != NULL)
    {
      g_autofree char *names = dfkd_class_names_to_json ((const char *const *) model->class_names);

      add (data, "class_names", names);
    }
  if (model->accuracy >= 0.0)
    add (data, "accuracy", g_ascii_formatd (accuracy, sizeof accuracy, "%.17g", model->accuracy));
}

gboolean
dfkd_model_save (const DfkdModel *model, const char *path, GError **error)
{
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  static const gint64 zero = 0;

  dfkd_model_write_metadata (model, (DfkdMetadataFunc) dfkd_safetensors_writer_add_metadata, writer);
  for (guint i = 0; i < model->network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (model->network->tensors, DfkdNetworkTensor, i);
      const gsize count = dfkd_shape_count (&tensor->shape);
      g_autofree float *values = NULL;

      if (tensor->home == DFKD_HOME_COUNTER)
        {
          dfkd_safetensors_writer_add_tensor (writer, tensor->name, DFKD_DTYPE_I64, NULL, 0, &zero);
          continue;
        }
      values = g_new (float, count);
      dfkd_tensor_from_storage (&tensor->shape, dfkd_model_locate (model, tensor), values);
      dfkd_safetensors_writer_add_tensor (writer, tensor->name, DFKD_DTYPE_F32, tensor->shape.dim, tensor->shape.rank, values);
    }
  return dfkd_safetensors_writer_write (writer, path, error);
}
