/* dataset.c: a data set out of two IDX files. */
#include "dataset.h"

#include "errors.h"
#include "idx.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  CLASSES = 10, /* at least: MNIST and its kin have ten */
};

void
dfkd_dataset_free (DfkdDataset *dataset)
{
  if (dataset == NULL)
    return;
  g_free (dataset->images);
  g_free (dataset->labels);
  g_free (dataset);
}

static DfkdIdx *
read_part (const char *folder, const char *part, guint rank, GError **error)
{
  g_autofree char *plain = g_build_filename (folder, part, NULL), *packed = g_strconcat (plain, ".gz", NULL);
  const char *path = g_file_test (plain, G_FILE_TEST_EXISTS) ? plain : packed;
  g_autoptr (DfkdIdx) idx = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
                   g_str_equal (folder, DFKD_FASHION_MNIST_FOLDER)
                     ? _("%s/%s[.gz] is missing: install the package dataset-fashion-mnist, or name a folder with --data")
                     : _("%s/%s[.gz] is missing: name a folder that holds it with --data"),
                   folder, part);
      return NULL;
    }
  idx = dfkd_idx_read (path, error);
  if (idx != NULL && idx->rank != rank)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s has %u dimensions, expected %u"), path, idx->rank, rank);
      return NULL;
    }
  return g_steal_pointer (&idx);
}

static gboolean
fill (DfkdDataset *dataset, const DfkdIdx *images, const DfkdIdx *labels, gsize pad_to, const char *folder, GError **error)
{
  gsize height = images->dims[1], width = images->dims[2], total;

  if (images->dims[0] != labels->dims[0])
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("%s: there are %zu images but %zu labels"), folder, images->dims[0], labels->dims[0]);
      return FALSE;
    }
  if (pad_to != 0 && (pad_to < height || pad_to < width))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("%s: the images have %zu×%zu pixels, more than the %zu wanted"),
                   folder, height, width, pad_to);
      return FALSE;
    }
  *dataset = (DfkdDataset){ .count = images->dims[0], .channels = 1, .height = pad_to != 0 ? pad_to : height,
                            .width = pad_to != 0 ? pad_to : width, .classes = CLASSES };
  if (!dfkd_size_multiply (dataset->height, dataset->width, &total) || !dfkd_size_multiply (dataset->count, total, &total))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY, _("%s: the images exceed the address space"), folder);
      return FALSE;
    }
  /* large padding of a file of tiny images takes far more than the file did */
  dataset->images = g_try_malloc0 (total);
  dataset->labels = g_try_new (gint32, dataset->count);
  if (dataset->images == NULL || dataset->labels == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                   _("%s: there is too little memory for %zu bytes of images; close other programs"), folder, total);
      return FALSE;
    }
  for (gsize i = 0; i < dataset->count; i++)
    {
      gsize top = (dataset->height - height) / 2, left = (dataset->width - width) / 2;

      for (gsize row = 0; row < height; row++)
        memcpy (dataset->images + (i * dataset->height + top + row) * dataset->width + left,
                images->data + (i * height + row) * width, width);
      dataset->labels[i] = labels->data[i];
      dataset->classes = MAX (dataset->classes, (gsize) labels->data[i] + 1);
    }
  return TRUE;
}

DfkdDataset *
dfkd_dataset_load_idx (const char *folder, gboolean test, gsize pad_to, GError **error)
{
  g_autoptr (DfkdIdx) images = read_part (folder, test ? "t10k-images-idx3-ubyte" : "train-images-idx3-ubyte", 3, error);
  g_autoptr (DfkdIdx) labels = images != NULL ? read_part (folder, test ? "t10k-labels-idx1-ubyte" : "train-labels-idx1-ubyte", 1, error) : NULL;
  g_autoptr (DfkdDataset) dataset = g_new0 (DfkdDataset, 1);

  if (labels == NULL || !fill (dataset, images, labels, pad_to, folder, error))
    return NULL;
  return g_steal_pointer (&dataset);
}
