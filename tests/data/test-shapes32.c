/* test-shapes32.c: the drawn pictures are the same every time, balanced and varied. */
#include "shapes32.h"

#include <string.h>

enum {
  BYTES = 3 * 32 * 32,
};

static void
test_same (void)
{
  guint8 first[BYTES], again[BYTES], other[BYTES];
  g_autoptr (DfkdDataset) set = dfkd_shapes32_new (7, TRUE, 120, NULL);

  for (guint32 i = 0; i < 120; i++)
    {
      dfkd_shapes32_draw (7, TRUE, i, first);
      dfkd_shapes32_draw (7, TRUE, i, again);
      g_assert_cmpmem (first, BYTES, again, BYTES);
      g_assert_cmpmem (first, BYTES, set->images + i * BYTES, BYTES);
      dfkd_shapes32_draw (7, FALSE, i, other);
      g_assert_cmpint (memcmp (first, other, BYTES), !=, 0);
      dfkd_shapes32_draw (8, TRUE, i, other);
      g_assert_cmpint (memcmp (first, other, BYTES), !=, 0);
    }
}

static void
test_balance (void)
{
  g_autoptr (DfkdDataset) set = dfkd_shapes32_new (0, TRUE, 0, NULL), some = dfkd_shapes32_new (0, FALSE, 30, NULL);
  guint counts[DFKD_SHAPES32_CLASSES] = { 0 };

  g_assert_cmpuint (set->count, ==, DFKD_SHAPES32_TEST);
  g_assert_cmpuint (set->channels, ==, 3);
  g_assert_cmpuint (set->classes, ==, DFKD_SHAPES32_CLASSES);
  g_assert_cmpuint (g_strv_length (set->class_names), ==, DFKD_SHAPES32_CLASSES);
  g_assert_cmpstr (set->class_names[9], ==, "spiral");
  for (gsize i = 0; i < set->count; i++)
    counts[set->labels[i]]++;
  for (guint i = 0; i < DFKD_SHAPES32_CLASSES; i++)
    g_assert_cmpuint (counts[i], ==, DFKD_SHAPES32_TEST / DFKD_SHAPES32_CLASSES);
  g_assert_cmpuint (some->count, ==, 30);
}

/* Another version of Cairo may place an edge a little differently; a picture's mean hardly moves by that. */
static void
test_checksum (void)
{
  static const double expected[] = {
    126.6, 133.4, 106.3, 143.8, 127.5, 93.5, 124.0, 134.0, 133.9, 92.2,
    101.2, 129.3, 100.2, 98.2, 126.1, 142.6, 155.8, 127.6, 96.6, 171.1,
  };

  for (guint32 i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      guint8 pixels[BYTES];
      double sum = 0.0;

      dfkd_shapes32_draw (0, TRUE, i, pixels);
      for (guint j = 0; j < BYTES; j++)
        sum += pixels[j];
      g_assert_cmpfloat_with_epsilon (sum / BYTES, expected[i], 1.0);
    }
}

/* no colour and no brightness belongs to a class */
static void
test_colours_say_nothing (void)
{
  g_autoptr (DfkdDataset) set = dfkd_shapes32_new (0, TRUE, 0, NULL);
  double all[3] = { 0 }, of[DFKD_SHAPES32_CLASSES][3] = { { 0 } };

  for (gsize i = 0; i < set->count; i++)
    for (gsize c = 0; c < 3; c++)
      for (gsize j = 0; j < 1024; j++)
        {
          all[c] += set->images[i * BYTES + c * 1024 + j];
          of[set->labels[i]][c] += set->images[i * BYTES + c * 1024 + j];
        }
  for (gsize c = 0; c < 3; c++)
    for (gsize k = 0; k < DFKD_SHAPES32_CLASSES; k++) /* 200 pictures each, whose means spread by 50 */
      g_assert_cmpfloat_with_epsilon (of[k][c] * DFKD_SHAPES32_CLASSES / (double) set->count / 1024.0,
                                      all[c] / (double) set->count / 1024.0, 14.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shapes32/same", test_same);
  g_test_add_func ("/shapes32/balance", test_balance);
  g_test_add_func ("/shapes32/checksum", test_checksum);
  g_test_add_func ("/shapes32/colours-say-nothing", test_colours_say_nothing);
  return g_test_run ();
}
