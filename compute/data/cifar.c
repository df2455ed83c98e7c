/* cifar.c: layouts, the binary version, and a data set out of the parts. */
#include "cifar-private.h"

#include "dataset-private.h"
#include "errors.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
  SIDE = 32,
  LONGEST_NAME = 100, /* of a class */
};

static const char *const ten_training[]
    = { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", NULL };
static const char *const ten_test[] = { "test_batch.bin", NULL };
static const char *const hundred_training[] = { "train.bin", NULL }, *const hundred_test[] = { "test.bin", NULL };
static const char *const pickled_ten_training[]
    = { "data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", NULL };
static const char *const pickled_ten_test[] = { "test_batch", NULL };
static const char *const pickled_hundred_training[] = { "train", NULL }, *const pickled_hundred_test[] = { "test", NULL };

static const DfkdCifarLayout layouts[DFKD_N_CIFAR] = {
  [DFKD_CIFAR_10_BINARY] = { "cifar-10-batches-bin", ten_training, ten_test, "batches.meta.txt", "batches.meta.txt", 10, 0 },
  [DFKD_CIFAR_100_BINARY]
  = { "cifar-100-binary", hundred_training, hundred_test, "fine_label_names.txt", "coarse_label_names.txt", 100, 20 },
  [DFKD_CIFAR_10_PICKLE]
  = { "cifar-10-batches-py", pickled_ten_training, pickled_ten_test, "batches.meta", "batches.meta", 10, 0 },
  [DFKD_CIFAR_100_PICKLE] = { "cifar-100-python", pickled_hundred_training, pickled_hundred_test, "meta", "meta", 100, 20 },
};

const DfkdCifarLayout *
dfkd_cifar_layout (DfkdCifar version)
{
  return &layouts[version];
}

static gboolean
is_pickled (DfkdCifar version)
{
  return version == DFKD_CIFAR_10_PICKLE || version == DFKD_CIFAR_100_PICKLE;
}

/* superclass before class where there are both */
static gboolean
open_records (DfkdCifar version, GBytes *file, const char *name, gboolean coarse, DfkdCifarPart *part, GError **error)
{
  const gsize labels = layouts[version].superclasses > 0 ? 2 : 1, record = labels + DFKD_CIFAR_PIXELS;
  const gsize label = coarse && labels == 2 ? 0 : labels - 1;
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  if (size == 0 || size % record != 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   _("%s has %zu bytes, which is no whole number of CIFAR-%zu's images of %zu bytes; fetch the file again"),
                   name, size, layouts[version].classes, record);
      return FALSE;
    }
  *part = (DfkdCifarPart){ data + labels, record, size / record, g_try_new (gint32, size / record) };
  if (part->labels == NULL)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                   _("%s: there is too little memory for its labels; close other programs"), name);
      return FALSE;
    }
  for (gsize i = 0; i < part->count; i++)
    part->labels[i] = data[i * record + label];
  return TRUE;
}

static gboolean
open_part (DfkdCifar version, GBytes *file, const char *name, gboolean coarse, DfkdCifarPart *part, gpointer *keep,
           GError **error)
{
  gsize classes = coarse ? layouts[version].superclasses : layouts[version].classes;

  if (is_pickled (version))
    {
      const char *labels = layouts[version].superclasses == 0 ? "labels" : coarse ? "coarse_labels" : "fine_labels";

      if (!dfkd_cifar_open_pickle (file, name, labels, part, keep, error))
        return FALSE;
    }
  else if (!open_records (version, file, name, coarse, part, error))
    return FALSE;
  for (gsize i = 0; i < part->count; i++)
    if (part->labels[i] < 0 || (gsize) part->labels[i] >= classes)
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                     _("%s: image %zu has the label %d, expected 0 to %zu; fetch the file again"), name, i, part->labels[i],
                     classes - 1);
        return FALSE;
      }
  return TRUE;
}

static void
copy_part (const DfkdCifarPart *part, DfkdDataset *dataset, gsize first)
{
  for (gsize i = 0; i < part->count; i++)
    memcpy (dataset->images + (first + i) * DFKD_CIFAR_PIXELS, part->pixels + i * part->stride, DFKD_CIFAR_PIXELS);
  memcpy (dataset->labels + first, part->labels, part->count * sizeof (gint32));
}

DfkdDataset *
dfkd_cifar_read (DfkdCifar version, GBytes *const *files, const char *const *names, guint count, gboolean coarse, GError **error)
{
  const DfkdCifarLayout *layout = &layouts[version];
  g_autofree DfkdCifarPart *parts = g_new0 (DfkdCifarPart, MAX (count, 1));
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (dfkd_cifar_close_pickle);
  DfkdDataset *dataset = NULL;
  gsize images = 0, done = 0;
  gboolean good = TRUE;

  coarse = coarse && layout->superclasses > 0;
  for (guint i = 0; i < count && good; i++)
    {
      gpointer keep = NULL;

      good = open_part (version, files[i], names[i], coarse, &parts[i], &keep, error);
      if (keep != NULL)
        g_ptr_array_add (kept, keep);
      images += parts[i].count;
    }
  if (good)
    dataset = dfkd_dataset_new (images, 3, SIDE, SIDE, count > 0 ? names[0] : layout->folder, error);
  for (guint i = 0; i < count; i++)
    {
      if (dataset != NULL)
        copy_part (&parts[i], dataset, done);
      done += parts[i].count;
      g_free (parts[i].labels);
    }
  if (dataset != NULL)
    {
      dataset->classes = coarse ? layout->superclasses : layout->classes;
      dataset->classes_known = TRUE;
    }
  return dataset;
}

gboolean
dfkd_cifar_check_name (const char *name, gsize length, const char *file, GError **error)
{
  if (length > 0 && length <= LONGEST_NAME && g_utf8_validate (name, (gssize) length, NULL)
      && memchr (name, '\n', length) == NULL)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("%s: a class's name is no UTF-8 text of 1 to %d bytes; fetch the file again"), file, LONGEST_NAME);
  return FALSE;
}

/* one name a line; blank lines at the end do not count */
static char **
read_lines (GBytes *file, const char *name, gsize classes, GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  gsize size;
  const char *text = g_bytes_get_data (file, &size), *end = size > 0 ? text + size : text; /* no bytes have no address */

  while (text < end && lines->len <= classes)
    {
      const char *stop = memchr (text, '\n', (gsize) (end - text));
      gsize length = (gsize) ((stop != NULL ? stop : end) - text);

      if (length > 0 && text[length - 1] == '\r')
        length--;
      if (length > 0)
        {
          if (!dfkd_cifar_check_name (text, length, name, error))
            return NULL;
          g_ptr_array_add (lines, g_strndup (text, length));
        }
      text = stop != NULL ? stop + 1 : end;
    }
  if (lines->len != classes)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s does not name %zu classes, one a line; fetch the file again"),
                   name, classes);
      return NULL;
    }
  g_ptr_array_add (lines, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&lines), FALSE);
}

char **
dfkd_cifar_read_names (DfkdCifar version, GBytes *file, const char *name, gboolean coarse, gsize classes, GError **error)
{
  if (!is_pickled (version))
    return read_lines (file, name, classes, error);
  return dfkd_cifar_pickled_names (file, name,
                                   layouts[version].superclasses == 0 ? "label_names"
                                   : coarse                           ? "coarse_label_names"
                                                                      : "fine_label_names",
                                   classes, error);
}
