/* test-images.c: a sample of a data set, sent through the teacher. */
#include "test-images.h"

#include "data-fit.h"
#include "embedded-teacher.h"
#include "errors.h"
#include "inference.h"
#include "random.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  BATCH = 50,
};

/* Evenly spaced ones could all be of one class: data sets have orders of their own. */
static gsize
chosen (gsize i, gsize count, gsize all)
{
  guint32 words[4];

  dfkd_philox (0, 0, 0, (guint32) (i / 4), words);
  return count < all ? dfkd_philox_distinct (words[i % 4], (guint32) i, (guint32) count, (guint32) all) : i;
}

/* image @at of @data as image @i of @pictures, channels last, and of @values, channels first */
static void
take (const DfkdDataset *data, gsize at, DfkdPictures *pictures, gsize i, float *values)
{
  const gsize area = data->height * data->width, size = data->channels * area;
  const guint8 *from = data->images + at * size;

  pictures->labels[i] = data->labels[at];
  for (gsize c = 0; c < data->channels; c++)
    for (gsize j = 0; j < area; j++)
      {
        pictures->pixels[i * size + j * data->channels + c] = from[c * area + j];
        values[i * size + c * area + j] = from[c * area + j] / 255.0f;
      }
}

static gboolean
send_through (DfkdModel *teacher, DfkdPictures *pictures, float *values, const gint *stop, GError **error)
{
  g_autoptr (DfkdDevice) device = dfkd_device_open ("cpu", 1, error); /* freed after all that lives on it */
  g_autoptr (DfkdInference) inference = NULL;
  float *logits, *features;

  inference = device != NULL ? dfkd_inference_new (device, teacher, MIN (pictures->count, (gsize) BATCH), error) : NULL;
  if (inference == NULL)
    return FALSE;
  dfkd_inference_normalise (inference, values, pictures->count);
  logits = dfkd_pictures_add_rows (pictures, DFKD_ROWS_TEACHER, teacher->network->options.classes);
  features = dfkd_pictures_add_rows (pictures, DFKD_ROWS_TEACHER_FEATURES, dfkd_inference_features (inference));
  return dfkd_inference_run (inference, values, pictures->count, logits, features, stop, error);
}

DfkdPictures *
dfkd_test_images_load (const DfkdRecipe *recipe, gsize most, const gint *stop, GError **error)
{
  const char *source = recipe->text[DFKD_PARAMETER_DATA], *path = recipe->text[DFKD_PARAMETER_TEACHER];
  g_autoptr (DfkdModel) teacher = NULL;
  g_autoptr (DfkdDataset) data = NULL;
  g_autoptr (DfkdPictures) pictures = NULL;
  g_autofree float *values = NULL;
  gsize count;

  if (g_str_equal (source, "none"))
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("this run has no test images: its recipe says that there are no data"));
      return NULL;
    }
  teacher = dfkd_teacher_load_for_recipe (recipe, error);
  data = teacher != NULL ? dfkd_teacher_open_data (source, path, teacher, error) : NULL;
  if (data == NULL
      || !dfkd_data_fit (data, teacher->network, *path != '\0' ? path : _("the built-in teacher"), _("name test images of the kind that it learned"), error))
    return NULL;
  count = MIN (most, data->count);
  pictures = dfkd_pictures_new (count, data->channels, data->height, data->width);
  values = g_new (float, count * data->channels * data->height * data->width);
  for (gsize i = 0; i < count; i++)
    take (data, chosen (i, count, data->count), pictures, i, values);
  return send_through (teacher, pictures, values, stop, error) ? g_steal_pointer (&pictures) : NULL;
}
