/* test-dataset.c: every format of data sets, pixel by pixel; the fixtures are made by tests/peers/dataset_fixtures.py. */
#include "dataset.h"

#include "errors.h"
#include "map-file.h"
#include "support.h"
#include "tar.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

static int
label_of (int n)
{
  return 3 * n % 10;
}

static int
fine_of (int n)
{
  return 7 * n % 100;
}

static int
coarse_of (int n)
{
  return (5 * n + 2) % 20;
}

static int
parity_of (int n)
{
  return n % 2;
}

static guint8
pixel_of (int n, gsize c, gsize y, gsize x)
{
  return (guint8) (11 * (gsize) n + 85 * c + 3 * y + 5 * x * (c + 1));
}

/* Fixture images @numbers in this order; @numbers ends with −1. */
static void
check_images (const DfkdDataset *set, const int *numbers, int (*label) (int))
{
  const guint8 *pixel = set->images;
  gsize count = 0;

  for (; numbers[count] >= 0; count++)
    {
      g_assert_cmpuint (count, <, set->count);
      g_assert_cmpint (set->labels[count], ==, label (numbers[count]));
      for (gsize c = 0; c < set->channels; c++)
        for (gsize y = 0; y < set->height; y++)
          for (gsize x = 0; x < set->width; x++)
            g_assert_cmpuint (*pixel++, ==, pixel_of (numbers[count], c, y, x));
    }
  g_assert_cmpuint (count, ==, set->count);
}

static DfkdDataset *
open_fixture (const char *name, gboolean test, const DfkdDatasetOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "datasets", name, NULL);
  DfkdDataset *set = dfkd_dataset_open (path, test, options, &error);

  g_assert_no_error (error);
  return set;
}

/* -------------------------------------------------------------------------------------------------- CIFAR */

typedef struct {
  const char *file;
  int training[11], test[3];
  int (*label) (int);
  gsize classes;
  const char *last_name;
  gboolean coarse;
} Case;

static const Case cases[] = {
  { "cifar-10-binary.tar.gz", { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1 }, { 10, 11, -1 }, label_of, 10, "truck", FALSE },
  { "cifar-10-python.tar.gz", { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1 }, { 10, 11, -1 }, label_of, 10, "truck", FALSE },
  { "cifar-100-binary.tar.gz", { 0, 1, 2, -1 }, { 3, 4, -1 }, fine_of, 100, "class-99", FALSE },
  { "cifar-100-python.tar.gz", { 0, 1, 2, -1 }, { 3, 4, -1 }, fine_of, 100, "class-99", FALSE },
  { "cifar-100-binary.tar.gz", { 0, 1, 2, -1 }, { 3, 4, -1 }, coarse_of, 20, "group-19", TRUE },
  { "cifar-100-python.tar.gz", { 0, 1, 2, -1 }, { 3, 4, -1 }, coarse_of, 20, "group-19", TRUE },
};

static void
check_cifar (const DfkdDataset *set, const Case *c, gboolean test)
{
  g_assert_cmpuint (set->channels, ==, 3);
  g_assert_cmpuint (set->height, ==, 32);
  g_assert_cmpuint (set->width, ==, 32);
  g_assert_cmpuint (set->classes, ==, c->classes);
  g_assert_true (set->classes_known);
  g_assert_false (set->undivided);
  check_images (set, test ? c->test : c->training, c->label);
  g_assert_cmpuint (g_strv_length (set->class_names), ==, c->classes);
  g_assert_cmpstr (set->class_names[c->classes - 1], ==, c->last_name);
}

static void
test_archives (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int test = 0; test < 2; test++)
      {
        g_autoptr (DfkdDataset) set = open_fixture (cases[i].file, test, &(DfkdDatasetOptions){ .coarse = cases[i].coarse });

        check_cifar (set, &cases[i], test);
      }
}

static gboolean
everything (const char *name, gpointer data)
{
  return TRUE;
}

/* What the archive holds, unpacked into @folder. */
static void
unpack (const char *file, const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "datasets", file, NULL);
  g_autoptr (GBytes) bytes = dfkd_map_file (path, &error);
  g_autoptr (GHashTable) files = dfkd_tar_read (bytes, path, everything, NULL, 1 << 20, &error);
  GHashTableIter iter;
  gpointer name, content;

  g_assert_no_error (error);
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &name, &content))
    {
      g_autofree char *to = g_build_filename (folder, name, NULL);

      g_assert_true (g_file_set_contents (to, g_bytes_get_data (content, NULL), (gssize) g_bytes_get_size (content), NULL));
    }
}

/* The folder itself, the folder around it, one of its files. */
static void
test_folders (void)
{
  static const char *const folders[] = { "cifar-10-batches-bin", "cifar-10-batches-py", "cifar-100-binary", "cifar-100-python" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    for (int test = 0; test < 2; test++)
      {
        g_autoptr (GError) error = NULL;
        g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *folder = g_build_filename (root, folders[i], NULL);
        g_autoptr (DfkdDataset) inside = NULL, around = NULL;

        g_mkdir (folder, 0700);
        unpack (cases[i].file, folder);
        inside = dfkd_dataset_open (folder, test, NULL, &error);
        g_assert_no_error (error);
        check_cifar (inside, &cases[i], test);
        around = dfkd_dataset_open (root, test, NULL, &error);
        g_assert_no_error (error);
        check_cifar (around, &cases[i], test);
        remove_folder (root);
      }
}

static void
test_single_files (void)
{
  static const char *const names[] = { "data_batch_2.bin", "train.bin" };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *path = g_build_filename (root, names[i], NULL);
      g_autoptr (DfkdDataset) set = NULL;

      unpack (cases[2 * i].file, root);
      set = dfkd_dataset_open (path, TRUE, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (set->undivided);
      g_assert_null (set->class_names);
      g_assert_cmpuint (set->classes, ==, i == 0 ? 10 : 100);
      check_images (set, i == 0 ? (int[]){ 2, 3, -1 } : (int[]){ 0, 1, 2, -1 }, i == 0 ? label_of : fine_of);
      remove_folder (root);
    }
}

/* -------------------------------------------------------------------------------------------------- numpy */

static void
test_npz (void)
{
  static const char *const files[] = { "channels-last.npz", "floats.npz" };
  g_autoptr (DfkdDataset) grey = open_fixture ("grey.npz", TRUE, NULL),
                          padded = open_fixture ("grey.npz", TRUE, &(DfkdDatasetOptions){ .height = 8, .width = 10 });

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    for (int test = 0; test < 2; test++)
      {
        g_autoptr (DfkdDataset) set = open_fixture (files[i], test, NULL);

        g_assert_cmpuint (set->channels, ==, 3);
        g_assert_cmpuint (set->height, ==, 6);
        g_assert_cmpuint (set->width, ==, 5);
        g_assert_cmpuint (set->classes, ==, test ? 10 : 7);
        g_assert_false (set->classes_known);
        g_assert_true (g_str_has_suffix (set->source, files[i]));
        check_images (set, test ? (int[]){ 3, 4, -1 } : (int[]){ 0, 1, 2, -1 }, label_of);
      }
  g_assert_true (grey->undivided);
  g_assert_cmpuint (grey->channels, ==, 1);
  check_images (grey, (int[]){ 0, 1, 2, -1 }, label_of);
  g_assert_true (padded->undivided);
  g_assert_cmpuint (padded->height, ==, 8);
  g_assert_cmpuint (padded->width, ==, 10);
  g_assert_cmpuint (padded->images[0], ==, 0);
  g_assert_cmpuint (padded->images[80 + 1 * 10 + 2], ==, pixel_of (1, 0, 0, 0));
}

/* -------------------------------------------------------------------------------------------------- images */

static void
test_images (void)
{
  for (int test = 0; test < 2; test++)
    {
      g_autoptr (DfkdDataset) set = open_fixture ("folder", test, NULL), half = open_fixture ("folder/train", test, NULL);

      g_assert_cmpuint (set->classes, ==, 2);
      g_assert_cmpstr (set->class_names[1], ==, "bee");
      g_assert_true (set->classes_known);
      g_assert_false (set->undivided);
      check_images (set, test ? (int[]){ 4, 5, -1 } : (int[]){ 0, 2, 1, 3, -1 }, parity_of);
      g_assert_true (half->undivided);
      check_images (half, (int[]){ 0, 2, 1, 3, -1 }, parity_of);
    }
}

static void
test_resize (void)
{
  g_autoptr (DfkdDataset) small = open_fixture ("folder", TRUE, NULL);
  g_autoptr (DfkdDataset) large = open_fixture ("folder", TRUE, &(DfkdDatasetOptions){ .height = 12, .width = 10 });
  guint64 sums[2] = { 0, 0 };

  g_assert_cmpuint (large->height, ==, 12);
  g_assert_cmpuint (large->width, ==, 10);
  for (gsize i = 0; i < 2 * 3 * 30; i++)
    sums[0] += small->images[i];
  for (gsize i = 0; i < 2 * 3 * 120; i++)
    sums[1] += large->images[i];
  g_assert_cmpuint (sums[1] / 4, >, sums[0] - sums[0] / 50);
  g_assert_cmpuint (sums[1] / 4, <, sums[0] + sums[0] / 50);
}

static void
save (const char *root, const char *class, const char *name, const char *kind, int width, guint32 colour)
{
  g_autofree char *folder = g_build_filename (root, class, NULL), *path = g_build_filename (folder, name, NULL);
  g_autoptr (GdkPixbuf) image = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, 8);
  g_autoptr (GError) error = NULL;

  g_mkdir (folder, 0700);
  gdk_pixbuf_fill (image, colour);
  gdk_pixbuf_save (image, path, kind, &error, NULL);
  g_assert_no_error (error);
}

static void
test_kinds (void)
{
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDataset) grey = NULL, colour = NULL, resized = NULL;

  save (root, "a", "one.JPEG", "jpeg", 8, 0x80808000);
  save (root, "a", "two.png", "png", 8, 0x20202000);
  save (root, "train", "three.png", "png", 8, 0xffffff00); /* a class of that name, no part */
  grey = dfkd_dataset_open (root, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (grey->channels, ==, 1);
  g_assert_cmpuint (grey->count, ==, 3);
  g_assert_cmpuint (grey->images[0], ==, 0x80);
  g_assert_cmpuint (grey->images[2 * 64 - 1], ==, 0x20);
  g_assert_cmpuint (grey->images[3 * 64 - 1], ==, 0xff);
  g_assert_cmpstr (grey->class_names[1], ==, "train");
  colour = dfkd_dataset_open (root, TRUE, &(DfkdDatasetOptions){ .channels = 3 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (colour->channels, ==, 3);

  save (root, "a", "wide.png", "png", 16, 0xff000000);
  g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "wide.png has 16×8 pixels"));
  g_assert_nonnull (strstr (error->message, "--size"));
  g_clear_error (&error);
  resized = dfkd_dataset_open (root, TRUE, &(DfkdDatasetOptions){ .height = 8, .width = 8 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (resized->count, ==, 4);
  g_assert_cmpuint (resized->images[2 * 3 * 64], ==, 0xff);
  g_assert_cmpuint (resized->images[2 * 3 * 64 + 64], ==, 0);
  remove_folder (root);
}

/* what data sets call their two parts: images of 8 pixels learn, those of 16 test, and each part is told from the other */
static void
test_parts (void)
{
  static const char *const names[][2] = { { "training", "testing" }, { "Training", "Testing" }, { "TRAIN", "Tests" }, { "train", "eval" },
                                          { "train", "val" }, { "training_set", "test_set" }, { "trainset", "testset" }, { "train", "evaluation" } };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL);
      g_autoptr (GError) error = NULL;

      for (guint test = 0; test < 2; test++)
        {
          g_autofree char *part = g_build_filename (root, names[i][test], NULL);

          g_mkdir (part, 0700);
          save (part, "a", "one.png", "png", test ? 16 : 8, 0x80808000);
        }
      for (guint test = 0; test < 2; test++)
        {
          g_autoptr (DfkdDataset) set = dfkd_dataset_open (root, test == 1, NULL, &error);

          g_assert_no_error (error);
          g_assert_cmpuint (set->width, ==, test ? 16 : 8);
          g_assert_false (set->undivided);
        }
      remove_folder (root);
    }
}

/* a model's file refuses names with control characters, and is written after hours of training */
static void
test_names (void)
{
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDataset) set = NULL;

  save (root, "a\tb", "one.png", "png", 8, 0x80808000);
  save (root, "c\nd", "one.png", "png", 8, 0x80808000);
  set = dfkd_dataset_open (root, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (set->class_names[0], ==, "a b");
  g_assert_cmpstr (set->class_names[1], ==, "c d");
  remove_folder (root);
}

/* what scaling makes of colours that cannot be seen */
static void
test_opacity (void)
{
  static const guint8 hidden[] = { 0x40, 0x80, 0xc0 };
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *folder = g_build_filename (root, "a", NULL);
  g_autofree char *path = g_build_filename (folder, "one.png", NULL);
  g_autoptr (GdkPixbuf) image = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 8, 8);
  g_autoptr (GError) error = NULL;

  g_mkdir (folder, 0700);
  gdk_pixbuf_fill (image, 0x4080c000);
  memset (gdk_pixbuf_get_pixels (image), 0xff, 4); /* one that can be seen */
  gdk_pixbuf_save (image, path, "png", &error, NULL);
  g_assert_no_error (error);
  for (gsize side = 4; side <= 16; side *= 2)
    {
      g_autoptr (DfkdDataset) set = dfkd_dataset_open (root, TRUE, &(DfkdDatasetOptions){ .height = side, .width = side }, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (set->channels, ==, 3);
      for (gsize c = 0; c < 3; c++)
        g_assert_cmpuint (set->images[(c + 1) * side * side - 1], ==, hidden[c]);
    }
  remove_folder (root);
}

static gboolean
knows_webp (void)
{
  GSList *formats = gdk_pixbuf_get_formats ();
  gboolean found = FALSE;

  for (GSList *f = formats; f != NULL; f = f->next)
    {
      g_autofree char *name = gdk_pixbuf_format_get_name (f->data);

      found = found || (g_str_equal (name, "webp") && gdk_pixbuf_format_is_writable (f->data));
    }
  g_slist_free (formats);
  return found;
}

static void
test_webp (void)
{
  g_autofree char *root = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDataset) dataset = NULL;

  if (!knows_webp ())
    {
      g_test_skip ("gdk-pixbuf has no loader for WebP here");
      return;
    }
  root = g_dir_make_tmp ("dfkd-XXXXXX", NULL);
  save (root, "a", "one.webp", "webp", 8, 0xc0c0c000);
  save (root, "b", "two.WEBP", "webp", 8, 0x40404000);
  dataset = dfkd_dataset_open (root, TRUE, &(DfkdDatasetOptions){ .channels = 1 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dataset->count, ==, 2);
  for (guint i = 0; i < 2; i++) /* it loses a little */
    g_assert_cmpint (ABS (dataset->images[i * 64 + 27] - (i == 0 ? 0xc0 : 0x40)), <=, 4);
  remove_folder (root);
}

/* An image that is cut off is refused wherever that happened, where gdk-pixbuf would make the rest grey. The small picture that cameras
 * put into the head has an end of its own. */
static void
test_cut_off (void)
{
  static const char small_picture[] = { '\xff', '\xe1', 0, 6, '\xff', '\xd8', '\xff', '\xd9' };
  const char *const kinds[] = { "jpeg", knows_webp () ? "webp" : NULL, NULL };

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *path = g_build_filename (root, "a", "one.jpg", NULL), *bytes = NULL;
      g_autoptr (GString) image = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdDataset) dataset = NULL;
      gsize length;

      save (root, "a", "one.jpg", kinds[i], 8, 0xc0c0c000);
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      g_string_append_len (image, bytes, (gssize) length);
      if (i == 0)
        g_string_insert_len (image, 2, small_picture, G_N_ELEMENTS (small_picture));
      for (gsize cut = 0; cut < image->len; cut += cut + 16 < image->len ? 13 : 1)
        {
          g_assert_true (g_file_set_contents (path, image->str, (gssize) cut, NULL));
          g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
          g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
          g_assert_nonnull (strstr (error->message, path));
          if (cut == image->len - 1)
            g_assert_nonnull (strstr (error->message, "ends before its image does"));
          g_clear_error (&error);
        }
      g_assert_true (g_file_set_contents (path, image->str, (gssize) image->len, NULL));
      dataset = dfkd_dataset_open (root, TRUE, NULL, &error);
      g_assert_no_error (error);
      remove_folder (root);
    }
}

/* -------------------------------------------------------------------------------------------------- moments */

static void
test_moments (void)
{
  guint8 dark[] = { 0, 0, 0, 1 }; /* 0.25/255 ± 0.433/255 */
  guint8 images[] = { 0, 255, 0, 255, 51, 51, 51, 51, 102, 102, 102, 102, 255, 0, 255, 0, 51, 51, 51, 51, 102, 102, 102, 102 };
  gint32 labels[] = { 0, 0 };
  float mean[3], std[3];

  dfkd_dataset_moments (&(DfkdDataset){ images, labels, 2, 3, 2, 2, 1, NULL, FALSE }, mean, std);
  g_assert_cmpfloat_with_epsilon (mean[0], 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (std[0], 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (mean[1], 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (std[1], 1e-4, 1e-9);
  g_assert_cmpfloat_with_epsilon (mean[2], 0.4, 1e-6);
  dfkd_dataset_moments (&(DfkdDataset){ dark, labels, 1, 1, 2, 2, 1, NULL, FALSE }, mean, std); /* both are rounded up */
  g_assert_cmpfloat_with_epsilon (mean[0], 0.0010, 1e-8);
  g_assert_cmpfloat_with_epsilon (std[0], 0.0017, 1e-8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dataset/cifar-archives", test_archives);
  g_test_add_func ("/dataset/cifar-folders", test_folders);
  g_test_add_func ("/dataset/cifar-single-files", test_single_files);
  g_test_add_func ("/dataset/npz", test_npz);
  g_test_add_func ("/dataset/images", test_images);
  g_test_add_func ("/dataset/resize", test_resize);
  g_test_add_func ("/dataset/kinds-of-images", test_kinds);
  g_test_add_func ("/dataset/parts", test_parts);
  g_test_add_func ("/dataset/names", test_names);
  g_test_add_func ("/dataset/opacity", test_opacity);
  g_test_add_func ("/dataset/webp", test_webp);
  g_test_add_func ("/dataset/cut-off", test_cut_off);
  g_test_add_func ("/dataset/moments", test_moments);
  return g_test_run ();
}
