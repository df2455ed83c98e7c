/* dataset-npz.c: arrays of images and labels in numpy's archive, under the names that are in use. */
#include "dataset-private.h"

#include "errors.h"
#include "npy.h"
#include "zip-archive.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* the first pair that is there, in capitals or not; the last ones are not parted into training and test images */
static const struct {
  const char *images[2], *labels[2]; /* training, test */
  gboolean undivided;
} pairs[] = {
  { { "x_train", "x_test" }, { "y_train", "y_test" }, FALSE },
  { { "train_images", "test_images" }, { "train_labels", "test_labels" }, FALSE },
  { { "images", "images" }, { "labels", "labels" }, TRUE },
  { { "x", "x" }, { "y", "y" }, TRUE },
};

enum {
  MOST_LISTED = 20, /* names in a message */
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

/* (nullable) (transfer none): the member that holds the array @name, be it X_train or x_train */
static const char *
find (const DfkdZipArchive *archive, const char *name)
{
  g_autofree char *member = g_strconcat (name, ".npy", NULL);

  for (guint i = 0; i < dfkd_zip_archive_count (archive); i++)
    if (g_ascii_strcasecmp (dfkd_zip_archive_member (archive, i), member) == 0)
      return dfkd_zip_archive_member (archive, i);
  return NULL;
}

/* Returns: (transfer full): "x_train, meta", cut where there are too many to read */
static char *
list_arrays (const DfkdZipArchive *archive)
{
  GString *names = g_string_new (NULL);
  guint listed = 0;

  for (guint i = 0; i < dfkd_zip_archive_count (archive) && listed <= MOST_LISTED; i++)
    {
      const char *member = dfkd_zip_archive_member (archive, i);
      gsize length = strlen (member);

      if (!g_str_has_suffix (member, ".npy"))
        continue;
      if (names->len > 0)
        g_string_append (names, ", ");
      if (listed++ == MOST_LISTED)
        g_string_append (names, "…");
      else
        g_string_append_len (names, member, (gssize) (length - strlen (".npy")));
    }
  return g_string_free (names, FALSE);
}

static gboolean
read_array (const DfkdZipArchive *archive, const char *path, const char *name, Array *array, GError **error)
{
  const char *member = find (archive, name);

  if (member == NULL)
    {
      g_autofree char *found = list_arrays (archive);

      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: the array %s is not in it, only %s; save images and labels together with numpy.savez"), path,
                   name, found);
      return FALSE;
    }
  array->name = g_strdup_printf ("%s/%s", path, member);
  array->file = dfkd_zip_archive_read (archive, member, error);
  return array->file != NULL && dfkd_npy_read (&array->file, array->name, &array->entry, error);
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
  return layout->size[2] > 0 && layout->size[3] > 0;
}

/* floats in [0,1] as bytes */
static gboolean
to_bytes (const float *numbers, guint8 *bytes, gsize count, const char *name, GError **error)
{
  for (gsize i = 0; i < count; i++)
    {
      const char *wrong = !isfinite (numbers[i]) ? _("%s: pixel %zu is not a finite number; find where it comes from, or put another there with numpy.nan_to_num")
                          : numbers[i] < 0.0f ? _("%s: pixel %zu is below 0, as those of floats, expected in [0,1], are not; save the images as they were before they were normalised")
                          : numbers[i] > 1.0f ? _("%s: pixel %zu is above 1, as those of floats, expected in [0,1], are not; divide them by their largest possible value, as in images / 255")
                                              : NULL;

      if (wrong != NULL)
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER, wrong, name, i);
          return FALSE;
        }
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
          if (!dfkd_tensor_entry_read_float (entry, numbers, count, error) || !to_bytes (numbers, bytes, count, images->name, error))
            return NULL;
          return g_steal_pointer (&bytes);
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
  if (l.size[0] == 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s: there are 0 images in this array; expected at least one"), images->name);
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

/* whole numbers that were saved as floats */
static gboolean
read_float_labels (const Array *labels, DfkdDataset *dataset, GError **error)
{
  g_autofree float *numbers = g_new (float, dataset->count);

  if (!dfkd_tensor_entry_read_float (&labels->entry, numbers, dataset->count, error))
    {
      g_prefix_error (error, "%s: ", labels->name);
      return FALSE;
    }
  for (gsize i = 0; i < dataset->count; i++)
    {
      if (!(numbers[i] >= 0.0f && numbers[i] < (float) DFKD_DATASET_MOST_CLASSES) || floorf (numbers[i]) != numbers[i])
        {
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s: image %zu has the label %g, expected a whole number from 0 to %d"), labels->name,
                       i, (double) numbers[i], DFKD_DATASET_MOST_CLASSES - 1);
          return FALSE;
        }
      dataset->labels[i] = (gint32) numbers[i];
    }
  return TRUE;
}

static gboolean
read_labels (const Array *labels, DfkdDataset *dataset, GError **error)
{
  const DfkdTensorEntry *entry = &labels->entry;

  if (entry->rank == 2 && entry->dims[0] == dataset->count && entry->dims[1] > 1)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE,
                   _("%s: there are %zu numbers for each image, expected one, its label; where the largest of them marks it, save labels.argmax (axis=1)"),
                   labels->name, entry->dims[1]);
      return FALSE;
    }
  if (dfkd_tensor_entry_count (entry) != dataset->count)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE, _("%s: there are %zu images but %zu labels"), labels->name,
                   dataset->count, dfkd_tensor_entry_count (entry));
      return FALSE;
    }
  if (entry->dtype <= DFKD_DTYPE_BF16)
    {
      if (!read_float_labels (labels, dataset, error))
        return FALSE;
    }
  else if (!dfkd_tensor_entry_read_int32 (entry, dataset->labels, dataset->count, error))
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

/* the archive has none of the names */
static void
refuse_names (const DfkdZipArchive *archive, const char *path, GError **error)
{
  g_autofree char *found = list_arrays (archive);

  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s: no such images are in it: its arrays are called %s; expected x_train, y_train, x_test and y_test, or train_images and "
                 "so on, or images and labels, or x and y: save them anew by these names, as in numpy.savez (FILE, images=…, labels=…)"),
               path, *found != '\0' ? found : _("(none)"));
}

DfkdDataset *
dfkd_dataset_load_npz (GBytes *bytes, const char *path, gboolean test, const DfkdDatasetOptions *options, GError **error)
{
  g_autoptr (DfkdZipArchive) archive = dfkd_zip_archive_new (bytes, path, error);

  if (archive == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (find (archive, pairs[i].images[test ? 1 : 0]) != NULL)
      {
        g_auto (Array) images = { 0 }, labels = { 0 };
        g_autoptr (DfkdDataset) dataset = NULL;

        if (!read_array (archive, path, pairs[i].images[test ? 1 : 0], &images, error)
            || !read_array (archive, path, pairs[i].labels[test ? 1 : 0], &labels, error)
            || (dataset = new_from_images (&images, error)) == NULL || !read_labels (&labels, dataset, error))
          return NULL;
        dataset->undivided = pairs[i].undivided;
        return dfkd_dataset_pad (g_steal_pointer (&dataset), options, path, error);
      }
  refuse_names (archive, path, error);
  return NULL;
}
