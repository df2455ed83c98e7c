/* dataset.c: room for images and labels, and the border around small images. */
#include "dataset-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
  DIGIT_SIDE = 28, /* MNIST's and its kin's */
  PADDED_SIDE = 32,
};

void
dfkd_dataset_free (DfkdDataset *dataset)
{
  if (dataset == NULL)
    return;
  g_free (dataset->images);
  g_free (dataset->labels);
  g_strfreev (dataset->class_names);
  g_free (dataset->source);
  g_free (dataset);
}

DfkdDataset *
dfkd_dataset_new (gsize count, gsize channels, gsize height, gsize width, const char *name, GError **error)
{
  g_autoptr (DfkdDataset) dataset = g_new0 (DfkdDataset, 1);
  gsize total;

  *dataset = (DfkdDataset){ .count = count, .channels = channels, .height = height, .width = width };
  if (!dfkd_size_multiply (height, width, &total) || !dfkd_size_multiply (channels, total, &total)
      || !dfkd_size_multiply (count, total, &total))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("%s: the images exceed the address space"), name);
      return NULL;
    }
  dataset->images = g_try_malloc0 (MAX (total, 1));
  dataset->labels = g_try_new0 (gint32, MAX (count, 1));
  if (dataset->images == NULL || dataset->labels == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                   _("%s: there is too little memory for %zu bytes of images; close other programs"), name, total);
      return NULL;
    }
  return g_steal_pointer (&dataset);
}

/* the size with the border */
static void
find_size (const DfkdDataset *dataset, const DfkdDatasetOptions *options, gsize *height, gsize *width)
{
  gboolean digits = dataset->height == DIGIT_SIDE && dataset->width == DIGIT_SIDE;

  *height = dataset->height;
  *width = dataset->width;
  if (options != NULL && options->height > 0 && (digits || !options->pad_digits))
    {
      *height = options->height;
      *width = options->width;
    }
  else if (options != NULL && options->height == 0 && options->pad_digits && digits)
    *height = *width = PADDED_SIDE;
}

/* large padding of a file of tiny images takes far more than the file did */
DfkdDataset *
dfkd_dataset_pad (DfkdDataset *small, const DfkdDatasetOptions *options, const char *name, GError **error)
{
  g_autoptr (DfkdDataset) dataset = small;
  DfkdDataset *padded;
  gsize height, width, top, left;

  find_size (dataset, options, &height, &width);
  if (height == dataset->height && width == dataset->width)
    return g_steal_pointer (&dataset);
  if (height < dataset->height || width < dataset->width)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s: the images have %zu×%zu pixels, more than the %zu×%zu wanted"), name,
                   dataset->height, dataset->width, height, width);
      return NULL;
    }
  padded = dfkd_dataset_new (dataset->count, dataset->channels, height, width, name, error);
  if (padded == NULL)
    return NULL;
  top = (height - dataset->height) / 2;
  left = (width - dataset->width) / 2;
  for (gsize plane = 0; plane < dataset->count * dataset->channels; plane++)
    for (gsize row = 0; row < dataset->height; row++)
      memcpy (padded->images + (plane * height + top + row) * width + left,
              dataset->images + (plane * dataset->height + row) * dataset->width, dataset->width);
  memcpy (padded->labels, dataset->labels, dataset->count * sizeof (gint32));
  padded->classes = dataset->classes;
  padded->classes_known = dataset->classes_known;
  padded->undivided = dataset->undivided;
  padded->class_names = g_steal_pointer (&dataset->class_names);
  return padded;
}

void
dfkd_dataset_moments (const DfkdDataset *dataset, float *mean, float *std)
{
  const gsize area = dataset->height * dataset->width;
  const double pixels = (double) (dataset->count * area);

  for (gsize c = 0; c < dataset->channels; c++)
    {
      guint64 sum = 0, squares = 0;
      double average;

      for (gsize i = 0; i < dataset->count; i++)
        for (gsize j = 0; j < area; j++)
          {
            guint64 value = dataset->images[(i * dataset->channels + c) * area + j];

            sum += value;
            squares += value * value;
          }
      average = (double) sum / pixels;
      mean[c] = (float) (round (average / 255.0 * 1e4) * 1e-4);
      std[c]
          = (float) (fmax (round (sqrt (fmax ((double) squares / pixels - average * average, 0.0)) / 255.0 * 1e4), 1.0) * 1e-4);
    }
}
