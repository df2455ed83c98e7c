/* fuzz-cifar.c: no bytes may crash the readers of CIFAR, nor come out as images or labels that there are not. The first byte says
 * which reader. */
#include "cifar.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
read_images (DfkdCifar version, GBytes *file, gboolean coarse)
{
  const char *name = "input";
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDataset) set = dfkd_cifar_read (version, &file, &name, 1, coarse, &error);
  volatile guint8 sum = 0;

  g_assert_true ((set == NULL) == (error != NULL));
  if (set == NULL)
    return;
  g_assert_cmpuint (set->count * 3072, <=, g_bytes_get_size (file));
  for (gsize i = 0; i < set->count * 3072; i++)
    sum = (guint8) (sum + set->images[i]);
  for (gsize i = 0; i < set->count; i++)
    g_assert_true (set->labels[i] >= 0 && (gsize) set->labels[i] < set->classes);
}

static void
read_names (DfkdCifar version, GBytes *file, gboolean coarse)
{
  const gsize classes = 3;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = dfkd_cifar_read_names (version, file, "input", coarse, classes, &error);

  g_assert_true ((names == NULL) == (error != NULL));
  if (names == NULL)
    return;
  g_assert_cmpuint (g_strv_length (names), ==, classes);
  for (gsize i = 0; i < classes; i++)
    g_assert_true (*names[i] != '\0' && g_utf8_validate (names[i], -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) file = NULL;
  DfkdCifar version;

  if (size == 0)
    return 0;
  file = g_bytes_new (data + 1, size - 1);
  version = (DfkdCifar) (data[0] % DFKD_N_CIFAR);
  if (data[0] & 8)
    read_names (version, file, data[0] & 4);
  else
    read_images (version, file, data[0] & 4);
  return 0;
}
