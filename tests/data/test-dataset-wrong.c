/* test-dataset-wrong.c: what is no data set, or a damaged one, is refused with the file's name and what to do. */
#include "archives.h"
#include "cifar.h"
#include "dataset-private.h"
#include "errors.h"
#include "map-file.h"
#include "support.h"
#include "tar.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum {
  PIXELS = 3072,
};

static GBytes *
fixture (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "datasets", name, NULL);
  GBytes *bytes = dfkd_map_file (path, &error);

  g_assert_no_error (error);
  return bytes;
}

static gboolean
everything (const char *name, gpointer data)
{
  return TRUE;
}

/* a file of an archive that is a fixture */
static GBytes *
member (const char *archive, const char *name)
{
  g_autoptr (GBytes) bytes = fixture (archive);
  g_autoptr (GHashTable) files = dfkd_tar_read (bytes, archive, everything, NULL, 1 << 20, NULL);

  return g_bytes_ref (g_hash_table_lookup (files, name));
}

static DfkdDataset *
read_one (DfkdCifar version, GBytes *file, GError **error)
{
  const char *name = "the-file";

  return dfkd_cifar_read (version, &file, &name, 1, FALSE, error);
}

/* -------------------------------------------------------------------------------------------------- CIFAR */

static void
test_records (void)
{
  guint8 records[2 * (1 + PIXELS)] = { 3 };
  g_autoptr (GError) error = NULL;

  for (gsize length = 0; length <= sizeof records; length++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (records, length);
      g_autoptr (DfkdDataset) set = read_one (DFKD_CIFAR_10_BINARY, bytes, &error);

      g_assert_true ((set != NULL) == (length == 1 + PIXELS || length == 2 * (1 + PIXELS)));
      if (set == NULL)
        assert_says (&error, DFKD_ERROR_FORMAT, "the-file has");
    }
  for (guint version = DFKD_CIFAR_10_BINARY; version <= DFKD_CIFAR_100_BINARY; version++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (records, 1 + PIXELS + version);

      records[version] = version == DFKD_CIFAR_10_BINARY ? 10 : 100;
      g_assert_null (read_one ((DfkdCifar) version, bytes, &error));
      assert_says (&error, DFKD_ERROR_FORMAT,
                   version == DFKD_CIFAR_10_BINARY ? "the label 10, expected 0 to 9" : "the label 100, expected 0 to 99");
    }
}

static void
test_pickles (void)
{
  g_autoptr (GBytes) whole = member ("cifar-100-python.tar.gz", "test"), names = member ("cifar-100-python.tar.gz", "meta");
  g_autoptr (GError) error = NULL;

  for (gsize length = 0; length < g_bytes_get_size (whole); length++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, length);

      g_assert_null (read_one (DFKD_CIFAR_100_PICKLE, part, &error));
      assert_says (&error, DFKD_ERROR_FORMAT, "the-file");
    }
  for (gsize length = 0; length < g_bytes_get_size (names); length++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (names, 0, length);

      g_assert_null (dfkd_cifar_read_names (DFKD_CIFAR_100_PICKLE, part, "the-file", FALSE, 100, &error));
      assert_says (&error, DFKD_ERROR_FORMAT, "the-file");
    }
  g_assert_null (read_one (DFKD_CIFAR_10_PICKLE, whole, &error)); /* it has fine_labels */
  assert_says (&error, DFKD_ERROR_FORMAT, "“labels” in it is not");
  g_assert_null (read_one (DFKD_CIFAR_100_PICKLE, names, &error));
  assert_says (&error, DFKD_ERROR_FORMAT, "“data” in it is not");
  g_assert_null (dfkd_cifar_read_names (DFKD_CIFAR_100_PICKLE, names, "the-file", FALSE, 99, &error));
  assert_says (&error, DFKD_ERROR_FORMAT, "“fine_label_names” in it is not");
}

static void
test_names (void)
{
  static const struct {
    const char *text;
    gsize length;
    gboolean good;
  } cases[] = { { "a\nb\n", 4, TRUE },     { "a\r\nb\r\n\r\n", 8, TRUE }, { "a\nb", 3, TRUE },       { "a\n", 2, FALSE },
                { "a\nb\nc\n", 6, FALSE }, { "a\n\xff\n", 4, FALSE },     { "a\nb\0c\n", 6, FALSE }, { "", 0, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (cases[i].text, cases[i].length);
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) names = dfkd_cifar_read_names (DFKD_CIFAR_10_BINARY, bytes, "the-file", FALSE, 2, &error);

      g_assert_true ((names != NULL) == cases[i].good);
      if (names == NULL)
        assert_says (&error, DFKD_ERROR_FORMAT, "the-file");
      else
        g_assert_cmpstr (names[1], ==, "b");
    }
}

/* -------------------------------------------------------------------------------------------------- folders and archives */

static void
put (const char *folder, const char *name, GBytes *bytes)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
}

static void
test_sources (void)
{
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *path = g_build_filename (root, "it", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = g_bytes_new_static ("some text", 9), whole = fixture ("cifar-10-binary.tar.gz");
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) - 1),
                     records = member ("cifar-10-binary.tar.gz", "data_batch_1.bin");

  g_assert_null (dfkd_dataset_open (path, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FILE, "is not there");
  g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FILE, "no data set is in this folder");
  put (root, "it", text);
  g_assert_null (dfkd_dataset_open (path, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FORMAT, "is no data set that is known");
  put (root, "it", cut);
  g_assert_null (dfkd_dataset_open (path, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FORMAT, path);
  put (root, "data_batch_1.bin", records);
  g_assert_null (dfkd_dataset_open (root, FALSE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FILE, "data_batch_2.bin");
  g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FILE, "test_batch.bin");
  g_assert_null (dfkd_dataset_open ("shapes32:", TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_ARGUMENT, "shapes32: and a seed");
  g_assert_null (dfkd_dataset_open ("shapes32:4294967296", TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_ARGUMENT, "from 0 to 4294967295");
  remove_folder (root);
}

static void
test_images (void)
{
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *class = g_build_filename (root, "ant", NULL);
  g_autofree char *image = g_test_build_filename (G_TEST_DIST, "fixtures", "datasets", "folder", "train", "ant", "0.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) whole = dfkd_map_file (image, NULL);

  g_mkdir (class, 0700);
  g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FILE, "no sub-folder holds an image");
  for (gsize length = 0; length < g_bytes_get_size (whole) - 12; length++) /* the last chunk says only that it is the last */
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, length);

      put (class, "it.png", part);
      g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
      assert_says (&error, DFKD_ERROR_FORMAT, "it.png");
    }
  remove_folder (root);
}

/* images of another kind and classes without images are told of, not left out; what is no image may lie there */
static void
test_left_out (void)
{
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *part = g_build_filename (root, "Test", NULL);
  g_autofree char *ant = g_build_filename (part, "ant", NULL), *bee = g_build_filename (part, "bee", NULL);
  g_autofree char *image = g_test_build_filename (G_TEST_DIST, "fixtures", "datasets", "folder", "train", "ant", "0.png", NULL);
  g_autofree char *bitmap = g_build_filename (bee, "1.BMP", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) whole = dfkd_map_file (image, NULL), text = g_bytes_new_static ("text", 4);
  g_autoptr (DfkdDataset) data = NULL;

  g_assert_cmpint (g_mkdir (part, 0700) + g_mkdir (ant, 0700) + g_mkdir (bee, 0700), ==, 0);
  put (ant, "0.png", whole);
  put (ant, "notes.txt", text);
  g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FORMAT, bee);
  put (bee, "1.BMP", text);
  g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FORMAT, bitmap);
  g_assert_cmpint (g_unlink (bitmap), ==, 0);
  put (bee, "1.PNG", whole);
  data = dfkd_dataset_open (root, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (data->count, ==, 2);
  remove_folder (root);
}

/* of many images that are read at once, the first that is wrong is named, whichever is read first */
static void
test_first_wrong (void)
{
  enum { IMAGES = 300, FIRST = 130 };
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *ant = g_build_filename (root, "ant", NULL);
  g_autofree char *image = g_test_build_filename (G_TEST_DIST, "fixtures", "datasets", "folder", "train", "ant", "0.png", NULL);
  g_autofree char *name = g_strdup_printf ("%03d.png", FIRST), *first = g_build_filename (ant, name, NULL);
  g_autoptr (GBytes) whole = dfkd_map_file (image, NULL), part = g_bytes_new_from_bytes (whole, 0, 60);
  g_autoptr (DfkdDataset) data = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (ant, 0700), ==, 0);
  for (guint i = 0; i < IMAGES; i++)
    {
      g_autofree char *each = g_strdup_printf ("%03u.png", i);

      put (ant, each, i >= FIRST && i % 3 == FIRST % 3 ? part : whole);
    }
  for (guint i = 0; i < 20; i++)
    {
      g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
      assert_says (&error, DFKD_ERROR_FORMAT, first);
    }
  for (guint i = FIRST; i < IMAGES; i += 3)
    {
      g_autofree char *each = g_strdup_printf ("%03u.png", i);

      put (ant, each, whole);
    }
  data = dfkd_dataset_open (root, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (data->count, ==, IMAGES);
  for (guint i = 1; i < IMAGES; i++)
    g_assert_cmpmem (data->images + i * data->channels * data->height * data->width, data->channels * data->height * data->width, data->images,
                     data->channels * data->height * data->width);
  remove_folder (root);
}

/* images in a folder inside a class, beside some that stand in the class itself; hidden folders are nobody's */
static void
test_inside (void)
{
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *ant = g_build_filename (root, "ant", NULL);
  g_autofree char *more = g_build_filename (ant, "more", NULL), *hidden = g_build_filename (ant, ".thumbnails", NULL);
  g_autofree char *image = g_test_build_filename (G_TEST_DIST, "fixtures", "datasets", "folder", "train", "ant", "0.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) whole = dfkd_map_file (image, NULL);

  g_assert_cmpint (g_mkdir (ant, 0700) + g_mkdir (more, 0700) + g_mkdir (hidden, 0700), ==, 0);
  put (ant, "0.png", whole);
  put (hidden, "0.png", whole);
  put (more, "notes.txt", whole);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (DfkdDataset) data = dfkd_dataset_open (root, TRUE, NULL, &error);

      g_assert_cmpint (data != NULL, ==, i == 0);
      put (more, "1.Png", whole);
    }
  assert_says (&error, DFKD_ERROR_FORMAT, more);
  remove_folder (root);
}

/* a link to an image that is gone */
static void
test_link (void)
{
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *class = g_build_filename (root, "ant", NULL);
  g_autofree char *link = g_build_filename (class, "1.png", NULL);
  g_autofree char *image = g_test_build_filename (G_TEST_DIST, "fixtures", "datasets", "folder", "train", "ant", "0.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) whole = dfkd_map_file (image, NULL);

  g_mkdir (class, 0700);
  put (class, "0.png", whole);
  g_assert_cmpint (symlink ("gone.png", link), ==, 0);
  g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FORMAT, link);
  g_assert_cmpint (g_unlink (link), ==, 0);
  remove_folder (root);
}

/* a class that training has not */
static void
test_stranger (void)
{
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *ant = g_build_filename (root, "train", "ant", NULL),
                  *bee = g_build_filename (root, "test", "bee", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (ant, 0700);
  g_mkdir_with_parents (bee, 0700);
  g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
  assert_says (&error, DFKD_ERROR_FORMAT, "is no class of the training images");
  remove_folder (root);
}

/* Training images are no test images where a folder sets them apart, whatever lies beside it: ImageNet's “val” holds images of all classes. */
static void
test_no_test_images (void)
{
  g_autofree char *root = g_dir_make_tmp ("dfkd-XXXXXX", NULL), *part = g_build_filename (root, "Train", NULL);
  g_autofree char *ant = g_build_filename (part, "ant", NULL), *flat = g_build_filename (root, "val", NULL);
  g_autofree char *image = g_test_build_filename (G_TEST_DIST, "fixtures", "datasets", "folder", "train", "ant", "0.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) whole = dfkd_map_file (image, NULL);
  g_autoptr (DfkdDataset) training = NULL, named = NULL;

  g_assert_cmpint (g_mkdir (part, 0700) + g_mkdir (ant, 0700) + g_mkdir (flat, 0700), ==, 0);
  put (ant, "0.png", whole);
  put (flat, "0.png", whole);
  g_assert_null (dfkd_dataset_open (root, TRUE, NULL, &error));
  g_assert_nonnull (strstr (error->message, part));
  assert_says (&error, DFKD_ERROR_FILE, "name the folder of test images itself with --data");
  training = dfkd_dataset_open (root, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (training->undivided);
  named = dfkd_dataset_open (part, TRUE, NULL, &error); /* who names it means it */
  g_assert_no_error (error);
  remove_folder (root);
}

/* -------------------------------------------------------------------------------------------------- numpy */

/* an .npy file with this header and @bytes of @content, or zeros */
static GBytes *
npy (const char *header, gconstpointer content, gsize bytes)
{
  GByteArray *file = g_byte_array_new ();
  gsize length = strlen (header);

  g_byte_array_append (file, (const guint8 *) "\x93NUMPY\x01", 8);
  g_byte_array_append (file, (const guint8[]){ (guint8) length, (guint8) (length >> 8) }, 2);
  g_byte_array_append (file, (const guint8 *) header, (guint) length);
  g_byte_array_set_size (file, file->len + (guint) bytes);
  if (content != NULL)
    memcpy (file->data + file->len - bytes, content, bytes);
  else
    memset (file->data + file->len - bytes, 0, bytes);
  return g_byte_array_free_to_bytes (file);
}

/* one array of an archive */
typedef struct {
  const char *name, *header;
  gconstpointer content; /* (nullable) */
  gsize bytes;
} Npy;

static DfkdDataset *
load_arrays (const Npy *images, const Npy *labels, GError **error)
{
  g_autoptr (GBytes) a = npy (images->header, images->content, images->bytes), b = npy (labels->header, labels->content, labels->bytes);
  ArchiveMember members[] = { { images->name, g_bytes_get_data (a, NULL), g_bytes_get_size (a), TRUE },
                              { labels->name, g_bytes_get_data (b, NULL), g_bytes_get_size (b), FALSE } };
  g_autoptr (GBytes) archive = archive_new (members, 2, FALSE, NULL);

  return dfkd_dataset_load_npz (archive, "the-file", TRUE, 0, error);
}

static DfkdDataset *
load (const char *images, gsize image_bytes, const char *labels, gsize label_bytes, GError **error)
{
  return load_arrays (&(Npy){ "images.npy", images, NULL, image_bytes }, &(Npy){ "labels.npy", labels, NULL, label_bytes }, error);
}

#define IMAGES(type, order, shape) "{'descr': '" type "', 'fortran_order': " order ", 'shape': " shape ", }"

static void
test_arrays (void)
{
  static const char labels[] = IMAGES ("|u1", "False", "(2,)");
  static const struct {
    const char *header;
    gsize bytes;
    int code;
    const char *says;
  } wrong[] = {
    { IMAGES ("|u1", "Maybe", "(2, 3, 4)"), 24, DFKD_ERROR_FORMAT, "in which order its numbers are" },
    { IMAGES ("|u1", "True", "(2, 3, 4)"), 23, DFKD_ERROR_FORMAT, "not as many bytes" },
    { IMAGES (">u1", "False", "(2, 3, 4)"), 24, DFKD_ERROR_FORMAT, "neither whole numbers nor floats" },
    { IMAGES ("=f4", "False", "(2, 3, 4)"), 96, DFKD_ERROR_FORMAT, "neither whole numbers nor floats" },
    { IMAGES ("<f16", "False", "(2, 3, 4)"), 384, DFKD_ERROR_FORMAT, ".astype" },
    { IMAGES ("|O", "False", "(2, 3, 4)"), 96, DFKD_ERROR_FORMAT, "neither whole numbers nor floats" },
    { IMAGES ("|u1", "False", "(2, 3, 4)"), 23, DFKD_ERROR_FORMAT, "not as many bytes" },
    { IMAGES ("|u1", "False", "(2, 3, 4)"), 25, DFKD_ERROR_FORMAT, "not as many bytes" },
    { IMAGES ("|u1", "False", "(2, 3, -4)"), 24, DFKD_ERROR_FORMAT, "its shape cannot be understood" },
    { IMAGES ("|u1", "False", "(99999999999999999999,)"), 24, DFKD_ERROR_FORMAT, "its shape cannot be understood" },
    { IMAGES ("<f8", "False", "(2147483647, 2147483647, 2147483647)"), 24, DFKD_ERROR_FORMAT,
      "its shape exceeds the address space" },
    { IMAGES ("|u1", "False", "(1, 1, 1, 1, 1, 1, 1, 1, 1)"), 1, DFKD_ERROR_FORMAT, "its shape cannot be understood" },
    { IMAGES ("|u1", "False", "(2, 12)"), 24, DFKD_ERROR_SHAPE, "images are expected as an array" },
    { IMAGES ("|u1", "False", "(2, 2, 3, 2)"), 24, DFKD_ERROR_SHAPE, "images are expected as an array" },
    { IMAGES ("|u1", "False", "(0, 3, 4)"), 0, DFKD_ERROR_SHAPE, "there are 0 images" },
    { IMAGES ("<i4", "False", "(2, 3, 4)"), 96, DFKD_ERROR_FORMAT, "pixels are expected as bytes" },
    { IMAGES ("|u1", "False", "(3, 3, 4)"), 36, DFKD_ERROR_SHAPE, "there are 3 images but 2 labels" },
    { "{}", 0, DFKD_ERROR_FORMAT, "in which order its numbers are" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDataset) good = load (IMAGES ("|u1", "False", "(2, 3, 4)"), 24, labels, 2, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (good->count, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_null (load (wrong[i].header, wrong[i].bytes, labels, 2, &error));
      g_assert_nonnull (strstr (error->message, "the-file"));
      assert_says (&error, wrong[i].code, wrong[i].says);
    }
}

/* what numpy may as well save: the first dimension fastest, the largest byte first, labels as floats, other names */
static void
test_orders (void)
{
  static const guint8 fortran[24] = { 0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23 };
  static const guint8 half[24 * 4] = { [4 * 5] = 0x3f, [4 * 23] = 0x3f, [4 * 23 + 1] = 0x80 }; /* 0.5 and 1 */
  static const guint8 big[] = { 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1 };
  static const double floats[] = { 3.0, 1.0 };
  const Npy images[] = { { "X_test.npy", IMAGES ("|u1", "True", "(2, 3, 4)"), fortran, 24 },
                         { "x.npy", IMAGES (">f4", "False", "(2, 3, 4)"), half, sizeof half } };
  const Npy labels[] = { { "y_test.npy", IMAGES (">i8", "False", "(2,)"), big, sizeof big },
                         { "Y.npy", IMAGES ("<f8", "False", "(2,)"), floats, sizeof floats } };

  for (guint i = 0; i < G_N_ELEMENTS (images); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdDataset) set = load_arrays (&images[i], &labels[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (set->classes, ==, 4);
      g_assert_cmpint (set->labels[0], ==, 3);
      g_assert_cmpint (set->labels[1], ==, 1);
      for (guint j = 0; j < 24; j++)
        g_assert_cmpuint (set->images[j], ==, i == 0 ? j : j == 5 ? 128 : j == 23 ? 255 : 0);
    }
}

/* numbers and names that are no images or labels: each message says what to do about this very thing */
static void
test_array_values (void)
{
  static const float nan[] = { (float) NAN, 0 }, above[] = { 0, 255 }, below[] = { -1, 0 };
  static const double halves[] = { 0.5, 1 }, many[] = { 0, 10000 }, none[] = { NAN, 0 };
  const char *one = IMAGES ("<f4", "False", "(2, 1, 1)"), *label = IMAGES ("|u1", "False", "(2,)"), *real = IMAGES ("<f8", "False", "(2,)");
  const struct {
    Npy images, labels;
    int code;
    const char *says[2];
  } wrong[] = {
    { { "x.npy", one, nan, 8 }, { "y.npy", label, NULL, 2 }, DFKD_ERROR_NUMBER, { "pixel 0 is not a finite number", "numpy.nan_to_num" } },
    { { "x.npy", one, above, 8 }, { "y.npy", label, NULL, 2 }, DFKD_ERROR_NUMBER, { "pixel 1 is above 1", "images / 255" } },
    { { "x.npy", one, below, 8 }, { "y.npy", label, NULL, 2 }, DFKD_ERROR_NUMBER, { "pixel 0 is below 0", "normalised" } },
    { { "x.npy", one, NULL, 8 }, { "y.npy", real, halves, 16 }, DFKD_ERROR_FORMAT, { "the-file/y.npy: image 0 has the label 0.5", "whole number" } },
    { { "x.npy", one, NULL, 8 }, { "y.npy", real, many, 16 }, DFKD_ERROR_FORMAT, { "image 1 has the label 10000", "0 to 9999" } },
    { { "x.npy", one, NULL, 8 }, { "y.npy", real, none, 16 }, DFKD_ERROR_FORMAT, { "image 0 has the label nan", "whole number" } },
    { { "x.npy", one, NULL, 8 }, { "y.npy", IMAGES ("|u1", "False", "(2, 5)"), NULL, 10 }, DFKD_ERROR_SHAPE, { "5 numbers for each image", "argmax" } },
    { { "x.npy", one, NULL, 8 }, { "z.npy", label, NULL, 2 }, DFKD_ERROR_FORMAT, { "the array y is not in it", "x, z" } },
    { { "arr_0.npy", one, NULL, 8 }, { "arr_1.npy", label, NULL, 2 }, DFKD_ERROR_FORMAT, { "arr_0, arr_1", "or x and y" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (load_arrays (&wrong[i].images, &wrong[i].labels, &error));
      g_assert_nonnull (strstr (error->message, "the-file"));
      g_assert_nonnull (strstr (error->message, wrong[i].says[1]));
      assert_says (&error, wrong[i].code, wrong[i].says[0]);
    }
}

static void
test_npz_truncated (void)
{
  static const char *const files[] = { "channels-last.npz", "grey.npz" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) whole = fixture (files[i]);

      for (gsize length = 0; length < g_bytes_get_size (whole); length++)
        {
          g_autoptr (GBytes) part = g_bytes_new_from_bytes (whole, 0, length);

          g_assert_null (dfkd_dataset_load_npz (part, "the-file", TRUE, 0, &error));
          assert_says (&error, DFKD_ERROR_FORMAT, "the-file");
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dataset-wrong/records", test_records);
  g_test_add_func ("/dataset-wrong/pickles", test_pickles);
  g_test_add_func ("/dataset-wrong/names", test_names);
  g_test_add_func ("/dataset-wrong/sources", test_sources);
  g_test_add_func ("/dataset-wrong/images", test_images);
  g_test_add_func ("/dataset-wrong/left-out", test_left_out);
  g_test_add_func ("/dataset-wrong/inside-a-class", test_inside);
  g_test_add_func ("/dataset-wrong/link", test_link);
  g_test_add_func ("/dataset-wrong/stranger", test_stranger);
  g_test_add_func ("/dataset-wrong/no-test-images", test_no_test_images);
  g_test_add_func ("/dataset-wrong/arrays", test_arrays);
  g_test_add_func ("/dataset-wrong/first-wrong", test_first_wrong);
  g_test_add_func ("/dataset-wrong/orders-of-arrays", test_orders);
  g_test_add_func ("/dataset-wrong/values-of-arrays", test_array_values);
  g_test_add_func ("/dataset-wrong/npz-truncated", test_npz_truncated);
  return g_test_run ();
}
