/* dataset-idx.c: a data set out of two IDX files. */
#include "dataset-private.h"

#include "errors.h"
#include "idx.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const fashion[]
    = { N_ ("T-shirt"), N_ ("trouser"), N_ ("pullover"), N_ ("dress"),      N_ ("coat"), N_ ("sandal"),
        N_ ("shirt"),   N_ ("sneaker"), N_ ("bag"),      N_ ("ankle boot"), NULL };

const char *const *
dfkd_fashion_mnist_names (void)
{
  return fashion;
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

static DfkdDataset *
join (DfkdIdx *images, const DfkdIdx *labels, const char *folder, GError **error)
{
  DfkdDataset *dataset;

  if (images->dims[0] != labels->dims[0])
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s: there are %zu images but %zu labels"), folder, images->dims[0],
                   labels->dims[0]);
      return NULL;
    }
  dataset = dfkd_dataset_new (images->dims[0], 1, images->dims[1], images->dims[2], folder, error);
  if (dataset == NULL)
    return NULL;
  memcpy (dataset->images, images->data, images->bytes);
  for (gsize i = 0; i < dataset->count; i++)
    {
      dataset->labels[i] = labels->data[i];
      dataset->classes = MAX (dataset->classes, (gsize) labels->data[i] + 1);
    }
  return dataset;
}

DfkdDataset *
dfkd_dataset_load_idx (const char *folder, gboolean test, const DfkdDatasetOptions *options, GError **error)
{
  g_autoptr (DfkdIdx) images = read_part (folder, test ? "t10k-images-idx3-ubyte" : "train-images-idx3-ubyte", 3, error);
  g_autoptr (DfkdIdx) labels
      = images != NULL ? read_part (folder, test ? "t10k-labels-idx1-ubyte" : "train-labels-idx1-ubyte", 1, error) : NULL;
  DfkdDataset *dataset = labels != NULL ? join (images, labels, folder, error) : NULL;

  if (dataset != NULL && dataset->classes == G_N_ELEMENTS (fashion) - 1 && g_str_equal (folder, DFKD_FASHION_MNIST_FOLDER))
    {
      dataset->class_names = g_strdupv ((char **) fashion);
      dataset->classes_known = TRUE;
    }
  return dataset != NULL ? dfkd_dataset_pad (dataset, options, folder, error) : NULL;
}
