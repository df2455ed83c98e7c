/* dataset-open.c: which reader a source belongs to, told by what it holds. */
#include "dataset-private.h"

#include "errors.h"
#include "map-file.h"
#include "shapes32.h"
#include "stream.h"
#include "tar.h"
#include "zip-archive.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char SHAPES[] = "shapes32";

/* "shapes32" or "shapes32:SEED"; FALSE also for a path that only begins so */
static gboolean
is_shapes (const char *source)
{
  return g_str_has_prefix (source, SHAPES) && (source[strlen (SHAPES)] == '\0' || source[strlen (SHAPES)] == ':');
}

static DfkdDataset *
open_shapes (const char *source, gboolean test, GError **error)
{
  const char *text = source + strlen (SHAPES);
  guint64 seed = 0;

  if (*text == ':' && !g_ascii_string_to_unsigned (text + 1, 10, 0, G_MAXUINT32, &seed, NULL))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
                   _("data: %s: expected shapes32, or shapes32: and a seed from 0 to %u"), source, G_MAXUINT32);
      return NULL;
    }
  return dfkd_shapes32_new (seed, test, 0, error);
}

static gboolean
has_idx (const char *folder)
{
  static const char *const files[]
      = { "train-images-idx3-ubyte", "t10k-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *plain = g_build_filename (folder, files[i], NULL), *packed = g_strconcat (plain, ".gz", NULL);

      if (g_file_test (plain, G_FILE_TEST_EXISTS) || g_file_test (packed, G_FILE_TEST_EXISTS))
        return TRUE;
    }
  return FALSE;
}

static DfkdDataset *
open_folder (const char *path, gboolean test, const DfkdDatasetOptions *options, GError **error)
{
  DfkdDataset *dataset;
  gboolean found;

  if (has_idx (path) || g_str_equal (path, DFKD_FASHION_MNIST_FOLDER))
    return dfkd_dataset_load_idx (path, test, options, error);
  dataset = dfkd_dataset_load_cifar_folder (path, test, options->coarse, &found, error);
  if (!found)
    dataset = dfkd_dataset_load_folder (path, test, options, &found, error);
  if (!found)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
                 _("%s: no data set is in this folder; expected files of IDX (train-images-idx3-ubyte …) or CIFAR "
                    "(data_batch_1.bin …), or images in a "
                    "sub-folder for each class"),
                 path);
  return dataset;
}

static DfkdDataset *
open_file (const char *path, gboolean test, const DfkdDatasetOptions *options, GError **error)
{
  g_autoptr (GBytes) bytes = dfkd_map_file (path, error);

  if (bytes == NULL)
    return NULL;
  if (dfkd_zip_archive_is (bytes))
    return dfkd_dataset_load_npz (bytes, path, test, options, error);
  if (dfkd_tar_recognise (bytes))
    return dfkd_dataset_load_cifar_archive (bytes, path, test, options->coarse, error);
  if (!dfkd_stream_is_packed (bytes) && dfkd_dataset_is_cifar_file (bytes))
    return dfkd_dataset_load_cifar_file (bytes, path, options->coarse, error);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s is no data set that is known; expected CIFAR's archive (.tar.gz) or one of its .bin files, or numpy's "
                  "archive (.npz); of IDX files "
                  "and images name the folder"),
               path);
  return NULL;
}

static DfkdDataset *
open_source (const char *source, gboolean test, const DfkdDatasetOptions *options, GError **error)
{
  if (*source == '\0')
    return dfkd_dataset_load_idx (DFKD_FASHION_MNIST_FOLDER, test, options, error);
  if (is_shapes (source))
    return open_shapes (source, test, error);
  if (g_file_test (source, G_FILE_TEST_IS_DIR))
    return open_folder (source, test, options, error);
  if (g_file_test (source, G_FILE_TEST_EXISTS))
    return open_file (source, test, options, error);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
               _("%s is not there; name a folder or file of a data set with --data, or shapes32"), source);
  return NULL;
}

DfkdDataset *
dfkd_dataset_open (const char *source, gboolean test, const DfkdDatasetOptions *options, GError **error)
{
  static const DfkdDatasetOptions none = { 0 };
  DfkdDataset *dataset = open_source (source, test, options != NULL ? options : &none, error);

  if (dataset != NULL)
    dataset->source = g_strdup (*source != '\0' ? source : DFKD_FASHION_MNIST_FOLDER);
  return dataset;
}
