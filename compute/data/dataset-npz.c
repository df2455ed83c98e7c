/* dataset-npz.c: arrays of images and labels in numpy's archive, under the names that are in use. */
#include "dataset-private.h"

#include "errors.h"
#include "npy.h"
#include "zip-archive.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* the first pair that is there; the last ones are not parted into training and test images */
static const struct {
  const char *images[2], *labels[2]; /* training, test */
  gboolean undivided;
} pairs[] = {
  { { "x_train", "x_test" }, { "y_train", "y_test" }, FALSE },
  { { "train_images", "test_images" }, { "train_labels", "test_labels" }, FALSE },
  { { "images", "images" }, { "labels", "labels" }, TRUE },
};

/* one member of the archive */
typedef struct {
  GBytes *file;
  char *name;
  DfkdTensorEntry entry;
} Array;

static void
array_clear (Array *array)
{
  g_clear_pointer (&array->file, g_bytes_unref);
  g_clear_pointer (&array->name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Array, array_clear)

static gboolean
has (const DfkdZipArchive *archive, const char *name)
{
  g_autofree char *member = g_strconcat (name, ".npy", NULL);

  return dfkd_zip_archive_has (archive, member);
}

static gboolean
read_array (const DfkdZipArchive *archive, const char *path, const char *name, Array *array, GError **error)
{
  g_autofree char *member = g_strconcat (name, ".npy", NULL);

  array->name = g_strdup_printf ("%s/%s", path, member);
  array->file = dfkd_zip_archive_read (archive, member, error);
  return array->file != NULL && dfkd_npy_read (array->file, array->name, &array->entry, error);
}

/* N,H,W or N,H,W,C or N,C,H,W as N,C,H,W and steps between neighbours along them */
typedef struct {
  gsize size[4], step[4];
} Layout;

static gboolean
lay_out (const DfkdTensorEntry *entry, Layout *layout)
{
  const gsize *d = entry->dims;

  if (entry->rank == 3)
    *layout = (Layout){ { d[0], 1, d[1], d[2] }, { d[1] * d[2], 0, d[2], 1 } };
  else if (entry->rank == 4 && (d[3] == 1 || d[3] == 3))
    *layout = (Layout){ { d[0], d[3], d[1], d[2] }, { d[1] * d[2] * d[3], 1, d[2] * d[3], d[3] } };
  else if (entry->rank == 4 && (d[1] == 1 || d[1] == 3))
    *layout = (Layout){ { d[0], d[1], d[2], d[3] }, { d[1] * d[2] * d[3], d[2] * d[3], d[3], 1 } };
  else
    return FALSE;
  return d[0] > 0 && layout->size[2] > 0 && layout->size[3] > 0;
}

/* floats in [0,1] as bytes. FALSE if one is not in there */
static gboolean
to_bytes (const float *numbers, guint8 *bytes, gsize count)
{
  for (gsize i = 0; i < count; i++)
    {
      if (!(numbers[i] >= 0.0f && numbers[i] <= 1.0f))
        return FALSE;
      bytes[i] = (guint8) lrintf (numbers[i] * 255.0f);
    }
  return TRUE;
}

/* the pixels in their own order. Returns: (transfer full) */
static guint8 *
read_pixels (const Array *images, GError **error)
{
  const DfkdTensorEntry *entry = &images->entry;
  const gsize count = dfkd_tensor_entry_count (entry);
  g_autofree guint8 *bytes = g_try_malloc (count);
  g_autofree float *numbers = NULL;

  if (entry->dtype == DFKD_DTYPE_U8 && bytes != NULL)
    return memcpy (g_steal_pointer (&bytes), entry->data, count);
  if (entry->dtype == DFKD_DTYPE_F32 || entry->dtype == DFKD_DTYPE_F64 || entry->dtype == DFKD_DTYPE_F16)
    {
      numbers = g_try_new (float, count);
      if (numbers != NULL && bytes != NULL)
        {
          if (!dfkd_tensor_entry_read_float (entry, numbers, count, error))
            return NULL;
          if (to_bytes (numbers, bytes, count))
            return g_steal_pointer (&bytes);
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER,
                       _("%s: a pixel is not in [0,1], as those of floats are expected; divide them by their largest"),
                       images->name);
          return NULL;
        }
      g_clear_pointer (&bytes, g_free);
    }
  if (bytes != NULL)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                 _("%s: pixels are expected as bytes or as floats in [0,1]; save them as numpy.uint8"), images->name);
  else
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                 _("%s: there is too little memory for its %zu pixels; close other programs"), images->name, count);
  return NULL;
}

static DfkdDataset *
new_from_images (const Array *images, GError **error)
{
  g_autofree guint8 *pixels = NULL;
  DfkdDataset *dataset;
  Layout l;
  guint8 *to;

  if (!lay_out (&images->entry, &l))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("%s: images are expected as an array of N×H×W, N×H×W×C or N×C×H×W with 1 or 3 channels"), images->name);
      return NULL;
    }
  pixels = read_pixels (images, error);
  dataset = pixels != NULL ? dfkd_dataset_new (l.size[0], l.size[1], l.size[2], l.size[3], images->name, error) : NULL;
  if (dataset == NULL)
    return NULL;
  to = dataset->images;
  for (gsize n = 0; n < l.size[0]; n++)
    for (gsize c = 0; c < l.size[1]; c++)
      for (gsize y = 0; y < l.size[2]; y++)
        for (gsize x = 0; x < l.size[3]; x++)
          *to++ = pixels[n * l.step[0] + c * l.step[1] + y * l.step[2] + x * l.step[3]];
  return dataset;
}

static gboolean
read_labels (const Array *labels, DfkdDataset *dataset, GError **error)
{
  const DfkdTensorEntry *entry = &labels->entry;

  if (dfkd_tensor_entry_count (entry) != dataset->count)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s: there are %zu images but %zu labels"), labels->name,
                   dataset->count, dfkd_tensor_entry_count (entry));
      return FALSE;
    }
  if (!dfkd_tensor_entry_read_int32 (entry, dataset->labels, dataset->count, error))
    {
      g_prefix_error (error, "%s: ", labels->name);
      return FALSE;
    }
  for (gsize i = 0; i < dataset->count; i++)
    {
      if (dataset->labels[i] < 0 || dataset->labels[i] >= DFKD_DATASET_MOST_CLASSES)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: image %zu has the label %d, expected 0 to %d"), labels->name,
                       i, dataset->labels[i], DFKD_DATASET_MOST_CLASSES - 1);
          return FALSE;
        }
      dataset->classes = MAX (dataset->classes, (gsize) dataset->labels[i] + 1);
    }
  return TRUE;
}

DfkdDataset *
dfkd_dataset_load_npz (GBytes *bytes, const char *path, gboolean test, gsize pad_to, GError **error)
{
  g_autoptr (DfkdZipArchive) archive = dfkd_zip_archive_new (bytes, path, error);

  if (archive == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (has (archive, pairs[i].images[test ? 1 : 0]))
      {
        g_auto (Array) images = { 0 }, labels = { 0 };
        g_autoptr (DfkdDataset) dataset = NULL;

        if (!read_array (archive, path, pairs[i].images[test ? 1 : 0], &images, error)
            || !read_array (archive, path, pairs[i].labels[test ? 1 : 0], &labels, error)
            || (dataset = new_from_images (&images, error)) == NULL || !read_labels (&labels, dataset, error))
          return NULL;
        dataset->undivided = pairs[i].undivided;
        return dfkd_dataset_pad (g_steal_pointer (&dataset), pad_to, path, error);
      }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s: no images are in it; expected arrays called x_train, y_train, x_test, y_test, or train_images and so on, "
                  "or images and labels"),
               path);
  return NULL;
}
