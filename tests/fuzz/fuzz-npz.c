/* fuzz-npz.c: no bytes may crash the reader of numpy's arrays of images, nor come out as labels that there are not. */
#include "dataset-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDataset) set = dfkd_dataset_load_npz (bytes, "input", FALSE, NULL, &error);
  volatile guint8 sum = 0;

  g_assert_true ((set == NULL) == (error != NULL));
  if (set == NULL)
    return 0;
  for (gsize i = 0; i < set->count * set->channels * set->height * set->width; i++)
    sum = (guint8) (sum + set->images[i]);
  for (gsize i = 0; i < set->count; i++)
    g_assert_true (set->labels[i] >= 0 && (gsize) set->labels[i] < set->classes);
  return 0;
}
