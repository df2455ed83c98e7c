/* test-idx.c: IDX files, plain and gzipped, the data sets made of them, and every way in which they can be wrong. */
#include "dataset.h"
#include "idx.h"

#include "errors.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static GBytes *
pack (GBytes *plain)
{
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_bytes (plain);
  g_autoptr (GConverter) deflate = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (source, deflate);
  g_autoptr (GOutputStream) sink = g_memory_output_stream_new_resizable ();

  g_assert_cmpint (g_output_stream_splice (sink, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL), >, 0);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (sink));
}

/* An IDX file of these dimensions and @bytes of payload: 0, 1, 2, … modulo @modulus. */
static GBytes *
idx_of (guint rank, const guint32 *dims, gsize bytes, guint modulus)
{
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8[]){ 0, 0, 8, (guint8) rank }, 4);
  for (guint i = 0; i < rank; i++)
    g_byte_array_append (file, (const guint8 *) &(guint32){ GUINT32_TO_BE (dims[i]) }, 4);
  for (gsize i = 0; i < bytes; i++)
    g_byte_array_append (file, &(guint8){ (guint8) (i % modulus) }, 1);
  return g_byte_array_free_to_bytes (file);
}

static void
assert_refused (GBytes *bytes, DfkdError code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdIdx) idx = dfkd_idx_read_bytes (bytes, "the-file", &error);

  g_assert_null (idx);
  g_assert_error (error, DFKD_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, "the-file"));
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not say “%s”", error->message, part);
}

static void
test_read (void)
{
  g_autoptr (GBytes) plain = idx_of (3, (guint32[]){ 5, 3, 2 }, 30, 256), packed = pack (plain);
  GBytes *both[] = { plain, packed };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdIdx) idx = dfkd_idx_read_bytes (both[i], "memory", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (idx->rank, ==, 3);
      g_assert_cmpuint (idx->dims[0], ==, 5);
      g_assert_cmpuint (idx->dims[2], ==, 2);
      g_assert_cmpuint (idx->bytes, ==, 30);
      g_assert_cmpuint (idx->data[29], ==, 29);
    }
}

static void
test_truncated (void)
{
  g_autoptr (GBytes) plain = idx_of (2, (guint32[]){ 20, 15 }, 300, 251), packed = pack (plain);
  GBytes *both[] = { plain, packed };

  for (guint i = 0; i < 2; i++)
    for (gsize length = 0; length < g_bytes_get_size (both[i]); length++)
      {
        g_autoptr (GBytes) part = g_bytes_new_from_bytes (both[i], 0, length);

        assert_refused (part, DFKD_ERROR_FORMAT, "");
      }
}

static void
test_damaged (void)
{
  static const guint8 wrong[][4] = { { 1, 0, 8, 1 }, { 0, 1, 8, 1 }, { 0, 0, 9, 1 }, { 0, 0, 13, 1 }, { 0, 0, 8, 0 }, { 0, 0, 8, 5 } };
  g_autoptr (GBytes) longer = idx_of (1, (guint32[]){ 10 }, 11, 256), longer_packed = pack (longer);
  g_autoptr (GBytes) zero = idx_of (2, (guint32[]){ 10, 0 }, 0, 256);
  g_autoptr (GBytes) huge = idx_of (4, (guint32[]){ G_MAXUINT32, G_MAXUINT32, G_MAXUINT32, G_MAXUINT32 }, 16, 256);
  g_autoptr (GBytes) large = idx_of (2, (guint32[]){ 1 << 16, (1 << 16) + 1 }, 16, 256);
  g_autoptr (GBytes) promise = idx_of (1, (guint32[]){ G_MAXUINT32 }, 16, 256);
  g_autoptr (GBytes) good = idx_of (1, (guint32[]){ 10 }, 10, 256), packed = pack (good), crooked = NULL;
  gsize size;
  guint8 *copy;

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (wrong[i], 4);

      assert_refused (bytes, DFKD_ERROR_FORMAT, "not an IDX file");
    }
  assert_refused (longer, DFKD_ERROR_FORMAT, "more than the 10 bytes");
  assert_refused (longer_packed, DFKD_ERROR_FORMAT, "more than the 10 bytes");
  assert_refused (zero, DFKD_ERROR_FORMAT, "zero or too large");
  assert_refused (huge, DFKD_ERROR_FORMAT, "zero or too large");
  assert_refused (large, DFKD_ERROR_FORMAT, "zero or too large");
  assert_refused (promise, DFKD_ERROR_FORMAT, "cut short");

  /* the checksum of a gzip file stands eight bytes before its end */
  copy = g_bytes_unref_to_data (g_bytes_ref (packed), &size);
  copy[size - 8] ^= 1;
  crooked = g_bytes_new_take (copy, size);
  assert_refused (crooked, DFKD_ERROR_FORMAT, "cannot be unpacked");
}

static void
test_not_a_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("dfkd-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "it", NULL);

  g_assert_null (dfkd_idx_read (path, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_clear_error (&error);
  g_assert_null (dfkd_idx_read (folder, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_clear_error (&error);
  /* nobody writes into this pipe: opening it would wait for ever */
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (dfkd_idx_read (path, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_unlink (path);
  g_rmdir (folder);
}

/* -------------------------------------------------------------------------------------------------- data sets */

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = g_dir_make_tmp ("dfkd-XXXXXX", NULL);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  const char *name;
  GDir *files = g_dir_open (f->folder, 0, NULL);

  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_dir_close (files);
  g_rmdir (f->folder);
  g_free (f->folder);
}

static void
put (Fixture *f, const char *name, GBytes *bytes)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
}

static void
test_dataset (Fixture *f, gconstpointer unused)
{
  g_autoptr (GBytes) images = idx_of (3, (guint32[]){ 2, 3, 5 }, 30, 256), packed = pack (images);
  g_autoptr (GBytes) labels = idx_of (1, (guint32[]){ 2 }, 2, 256);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDataset) plain = NULL, padded = NULL;

  put (f, "t10k-images-idx3-ubyte.gz", packed);
  put (f, "t10k-labels-idx1-ubyte", labels);
  plain = dfkd_dataset_load_idx (f->folder, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plain->count, ==, 2);
  g_assert_cmpuint (plain->height, ==, 3);
  g_assert_cmpuint (plain->width, ==, 5);
  g_assert_cmpuint (plain->channels, ==, 1);
  g_assert_cmpuint (plain->classes, ==, 2);
  g_assert_false (plain->classes_known);
  g_assert_cmpuint (plain->images[29], ==, 29);
  g_assert_cmpint (plain->labels[1], ==, 1);

  padded = dfkd_dataset_load_idx (f->folder, TRUE, &(DfkdDatasetOptions){ .height = 7, .width = 8 }, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 2; i++)
    for (gsize y = 0; y < 7; y++)
      for (gsize x = 0; x < 8; x++)
        {
          gboolean inside = y >= 2 && y < 5 && x >= 1 && x < 6;

          g_assert_cmpuint (padded->images[(i * 7 + y) * 8 + x], ==, inside ? (i * 3 + y - 2) * 5 + x - 1 : 0);
        }
}

/* images of MNIST's size alone get a border that no size asks for */
static void
test_digits (Fixture *f, gconstpointer unused)
{
  static const guint32 sizes[][3] = { { 2, 28, 28 }, { 2, 24, 24 }, { 2, 28, 40 }, { 2, 48, 48 } };
  g_autoptr (GBytes) labels = idx_of (1, (guint32[]){ 2 }, 2, 256);

  put (f, "train-labels-idx1-ubyte", labels);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) images = idx_of (3, sizes[i], (gsize) 2 * sizes[i][1] * sizes[i][2], 256);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdDataset) set = NULL;

      put (f, "train-images-idx3-ubyte", images);
      set = dfkd_dataset_load_idx (f->folder, FALSE, &(DfkdDatasetOptions){ .pad_digits = TRUE }, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (set->height, ==, i == 0 ? 32 : sizes[i][1]);
      g_assert_cmpuint (set->width, ==, i == 0 ? 32 : sizes[i][2]);
    }
}

static void
test_dataset_wrong (Fixture *f, gconstpointer unused)
{
  g_autoptr (GBytes) images = idx_of (3, (guint32[]){ 2, 3, 5 }, 30, 256), flat = idx_of (2, (guint32[]){ 2, 3 }, 6, 256);
  g_autoptr (GBytes) labels = idx_of (1, (guint32[]){ 2 }, 2, 256), three = idx_of (1, (guint32[]){ 3 }, 3, 256);
  g_autoptr (GError) error = NULL;

  g_assert_null (dfkd_dataset_load_idx (f->folder, FALSE, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "train-images-idx3-ubyte"));
  g_clear_error (&error);

  put (f, "train-images-idx3-ubyte", images);
  g_assert_null (dfkd_dataset_load_idx (f->folder, FALSE, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "train-labels-idx1-ubyte"));
  g_clear_error (&error);

  put (f, "train-labels-idx1-ubyte", three);
  g_assert_null (dfkd_dataset_load_idx (f->folder, FALSE, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "2 images but 3 labels"));
  g_clear_error (&error);

  put (f, "train-labels-idx1-ubyte", labels);
  g_assert_null (dfkd_dataset_load_idx (f->folder, FALSE, &(DfkdDatasetOptions){ .height = 4, .width = 4 }, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE);
  g_clear_error (&error);
  /* more pixels than memory, or than numbers go */
  g_assert_null (dfkd_dataset_load_idx (f->folder, FALSE, &(DfkdDatasetOptions){ .height = (gsize) 1 << 30, .width = (gsize) 1 << 30 }, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
  g_clear_error (&error);
  g_assert_null (dfkd_dataset_load_idx (f->folder, FALSE, &(DfkdDatasetOptions){ .height = (gsize) 1 << 32, .width = (gsize) 1 << 32 }, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "address space"));
  g_clear_error (&error);

  put (f, "train-images-idx3-ubyte", flat);
  g_assert_null (dfkd_dataset_load_idx (f->folder, FALSE, NULL, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "2 dimensions, expected 3"));
}

/* The real test set, where Debian's package is installed: 1,000 images of each class. */
static void
test_fashion_mnist (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDataset) set = NULL;
  guint counts[10] = { 0 };

  if (!g_file_test (DFKD_FASHION_MNIST_FOLDER, G_FILE_TEST_IS_DIR))
    {
      g_assert_null (dfkd_dataset_load_idx (DFKD_FASHION_MNIST_FOLDER, TRUE, &(DfkdDatasetOptions){ .height = 32, .width = 32 }, &error));
      g_assert_nonnull (strstr (error->message, "dataset-fashion-mnist"));
      return;
    }
  set = dfkd_dataset_load_idx (DFKD_FASHION_MNIST_FOLDER, TRUE, &(DfkdDatasetOptions){ .height = 32, .width = 32 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (set->count, ==, 10000);
  g_assert_cmpuint (set->height, ==, 32);
  g_assert_cmpuint (set->classes, ==, 10);
  for (gsize i = 0; i < set->count; i++)
    counts[set->labels[i]]++;
  for (guint i = 0; i < 10; i++)
    g_assert_cmpuint (counts[i], ==, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/idx/read", test_read);
  g_test_add_func ("/idx/truncated", test_truncated);
  g_test_add_func ("/idx/damaged", test_damaged);
  g_test_add_func ("/idx/not-a-file", test_not_a_file);
  g_test_add ("/dataset/padded", Fixture, NULL, set_up, test_dataset, tear_down);
  g_test_add ("/dataset/digits", Fixture, NULL, set_up, test_digits, tear_down);
  g_test_add ("/dataset/wrong", Fixture, NULL, set_up, test_dataset_wrong, tear_down);
  g_test_add_func ("/dataset/fashion-mnist", test_fashion_mnist);
  return g_test_run ();
}
