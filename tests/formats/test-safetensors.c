/* test-safetensors.c: what is written is read back, the same bytes each time, and no damaged file is accepted. */
#include "safetensors.h"

#include "errors.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

/* A file of this header, then @data_bytes of data that count upwards. */
static GBytes *
file_of (const char *header, gsize data_bytes)
{
  const guint64 length = GUINT64_TO_LE ((guint64) strlen (header));
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, (guint) strlen (header));
  for (gsize i = 0; i < data_bytes; i++)
    g_byte_array_append (file, &(guint8){ (guint8) i }, 1);
  return g_byte_array_free_to_bytes (file);
}

static void
assert_refused (GBytes *bytes, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_new_from_bytes (bytes, "the-file", &error);

  g_assert_null (file);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "the-file"));
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not say “%s”", error->message, part);
}

static DfkdSafetensorsWriter *
make_writer (void)
{
  static const float weights[] = { 1.5f, -2.0f, 0.0f, INFINITY, 1e-40f, 3.0f };
  static const gint64 step = -7;
  static const guint8 pixels[] = { 0, 127, 255 };
  DfkdSafetensorsWriter *writer = dfkd_safetensors_writer_new ();

  dfkd_safetensors_writer_add_metadata (writer, "network", "\"wrn16_1\"");
  dfkd_safetensors_writer_add_metadata (writer, "mean", "[0.2190]");
  dfkd_safetensors_writer_add_metadata (writer, "note", "two\nlines, a tab\t, a \\ and 图像 \x01 \x1f");
  dfkd_safetensors_writer_add_tensor (writer, "z.weight", DFKD_DTYPE_F32, (gsize[]){ 2, 1, 3 }, 3, weights);
  dfkd_safetensors_writer_add_tensor (writer, "pixels", DFKD_DTYPE_U8, (gsize[]){ 3 }, 1, pixels);
  dfkd_safetensors_writer_add_tensor (writer, "a \"quoted\" 名字", DFKD_DTYPE_I64, NULL, 0, &step);
  dfkd_safetensors_writer_add_tensor (writer, "empty", DFKD_DTYPE_F32, (gsize[]){ 0, 4 }, 2, NULL);
  return writer;
}

static void
test_round_trip (void)
{
  g_autoptr (DfkdSafetensorsWriter) writer = make_writer ();
  g_autoptr (GBytes) bytes = dfkd_safetensors_writer_to_bytes (writer);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_new_from_bytes (bytes, "memory", &error);
  g_autofree const char **keys = NULL;
  const DfkdTensorEntry *entry;
  float values[6];
  gint32 step;

  g_assert_no_error (error);
  g_assert_cmpuint (dfkd_safetensors_count (file), ==, 4);
  g_assert_cmpstr (dfkd_safetensors_name (file, 0), ==, "z.weight");
  g_assert_cmpstr (dfkd_safetensors_name (file, 1), ==, "pixels");
  entry = dfkd_safetensors_lookup (file, "z.weight");
  g_assert_true (entry == dfkd_safetensors_get (file, 0));
  g_assert_cmpuint (entry->rank, ==, 3);
  g_assert_cmpuint (entry->dims[0], ==, 2);
  g_assert_cmpuint (entry->dims[2], ==, 3);
  g_assert_true (dfkd_tensor_entry_read_float (entry, values, 6, &error));
  g_assert_cmpfloat (values[1], ==, -2.0f);
  g_assert_true (isinf (values[3]));
  g_assert_cmpfloat (values[4], ==, 1e-40f);
  entry = dfkd_safetensors_lookup (file, "a \"quoted\" 名字");
  g_assert_cmpuint (entry->rank, ==, 0);
  g_assert_true (dfkd_tensor_entry_read_int32 (entry, &step, 1, &error));
  g_assert_cmpint (step, ==, -7);
  g_assert_cmpuint (dfkd_tensor_entry_count (dfkd_safetensors_lookup (file, "empty")), ==, 0);
  g_assert_null (dfkd_safetensors_lookup (file, "absent"));

  keys = dfkd_safetensors_metadata_keys (file);
  g_assert_cmpstr (keys[0], ==, "mean");
  g_assert_cmpstr (keys[2], ==, "note");
  g_assert_null (keys[3]);
  g_assert_cmpstr (dfkd_safetensors_metadata (file, "note"), ==, "two\nlines, a tab\t, a \\ and 图像 \x01 \x1f");
  g_assert_null (dfkd_safetensors_metadata (file, "absent"));
}

/* Metadata are sorted, whatever the order they come in; the data begin at a multiple of 8. */
static void
test_same_bytes (void)
{
  g_autoptr (DfkdSafetensorsWriter) one = make_writer (), two = make_writer (), turned = dfkd_safetensors_writer_new (),
                                    straight = dfkd_safetensors_writer_new ();
  g_autoptr (GBytes) first = dfkd_safetensors_writer_to_bytes (one), second = dfkd_safetensors_writer_to_bytes (two);
  g_autoptr (GBytes) third = NULL, fourth = NULL;
  guint64 length;

  g_assert_true (g_bytes_equal (first, second));
  dfkd_safetensors_writer_add_metadata (straight, "a", "1");
  dfkd_safetensors_writer_add_metadata (straight, "b", "2");
  dfkd_safetensors_writer_add_metadata (turned, "b", "2");
  dfkd_safetensors_writer_add_metadata (turned, "a", "1");
  third = dfkd_safetensors_writer_to_bytes (straight);
  fourth = dfkd_safetensors_writer_to_bytes (turned);
  g_assert_true (g_bytes_equal (third, fourth));
  memcpy (&length, g_bytes_get_data (first, NULL), sizeof length);
  g_assert_cmpuint (GUINT64_FROM_LE (length) % 8, ==, 0);
}

static void
test_from_disk (void)
{
  g_autoptr (DfkdSafetensorsWriter) writer = make_writer ();
  g_autoptr (GBytes) bytes = dfkd_safetensors_writer_to_bytes (writer);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = NULL;
  g_autofree char *folder = g_dir_make_tmp ("dfkd-XXXXXX", &error), *contents = NULL;
  g_autofree char *path = g_build_filename (folder, "model.safetensors", NULL);
  gsize size;

  g_assert_no_error (error);
  g_assert_true (dfkd_safetensors_writer_write (writer, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, &size, &error));
  g_assert_cmpmem (contents, size, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  file = dfkd_safetensors_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dfkd_safetensors_count (file), ==, 4);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_not_a_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("dfkd-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "it", NULL);

  g_assert_null (dfkd_safetensors_open (path, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_null (dfkd_safetensors_open (folder, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_clear_error (&error);
  /* nobody writes into this pipe: opening it would wait for ever */
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (dfkd_safetensors_open (path, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_clear_error (&error);
  g_unlink (path);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_null (dfkd_safetensors_open (path, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_unlink (path);
  g_rmdir (folder);
}

#define T(rest) "{\"t\":{\"dtype\":\"F32\"," rest "}}"

static const struct {
  const char *header;
  gsize data_bytes;
  const char *message; /* NULL: a good file */
} headers[] = {
  { T ("\"shape\":[2],\"data_offsets\":[0,8]"), 8, NULL },
  { " { } ", 0, NULL },
  { "{\"__metadata__\":{}}", 0, NULL },
  { "{\"\\u00e9\\ud83d\\ude00\":{\"shape\":[],\"data_offsets\":[0,1],\"dtype\":\"BOOL\"}}  ", 1, NULL },
  { "", 0, "is missing" },
  { "{", 0, "is missing" },
  { "[]", 0, "is missing" },
  { "null", 0, "is missing" },
  { "{}x", 0, "follows its header" },
  { "{}", 1, "1 bytes follow" },
  { "{\"t\":1}", 0, "is missing" },
  { "{\"t\":{}}", 0, "is missing" },
  { "{\"t", 0, "is missing" },
  { "{\"t\\", 0, "cut short" },
  { "{\"t\\u12", 0, "cut short" },
  { "{\"\\q\":1}", 0, "escape" },
  { "{\"\\ud800\":1}", 0, "escape" },
  { "{\"\\ud800\\u0041\":1}", 0, "escape" },
  { "{\"\\udc00\":1}", 0, "escape" },
  { "{\"\\u0000\":1}", 0, "escape" },
  { "{\"a\nb\":1}", 0, "control character" },
  { "{\"a\\u001bb\":1}", 0, "control characters" },
  { "{\"\xff\":1}", 0, "UTF-8" },
  { T ("\"shape\":[2],\"data_offsets\":[0,8],"), 8, "is missing" },
  { T ("\"shape\":[2]"), 8, "lacks" },
  { T ("\"data_offsets\":[0,8]"), 8, "lacks" },
  { T ("\"shape\":[2],\"data_offsets\":[0,8],\"more\":1"), 8, "unknown" },
  { T ("\"shape\":[2],\"shape\":[2],\"data_offsets\":[0,8]"), 8, "repeated" },
  { T ("\"shape\":[2],\"data_offsets\":[0]"), 8, "two offsets" },
  { T ("\"shape\":[2],\"data_offsets\":[0,8,8]"), 8, "more than 2" },
  { T ("\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]"), 4, "more than 8" },
  { T ("\"shape\":[-2],\"data_offsets\":[0,8]"), 8, "whole number" },
  { T ("\"shape\":[[2]],\"data_offsets\":[0,8]"), 8, "whole number" },
  { T ("\"shape\":[\"2\"],\"data_offsets\":[0,8]"), 8, "whole number" },
  { T ("\"shape\":[2.0],\"data_offsets\":[0,8]"), 8, "is missing" },
  { T ("\"shape\":[2e0],\"data_offsets\":[0,8]"), 8, "is missing" },
  { T ("\"shape\":[02],\"data_offsets\":[0,8]"), 8, "begins with 0" },
  { T ("\"shape\":[2,],\"data_offsets\":[0,8]"), 8, "whole number" },
  { T ("\"shape\":[18446744073709551616],\"data_offsets\":[0,0]"), 0, "too large" },
  { T ("\"shape\":[4611686018427387904],\"data_offsets\":[0,0]"), 0, "too large" },
  { T ("\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]"), 0, "too large" },
  { T ("\"shape\":[2],\"data_offsets\":[0,8]"), 7, "outside the file" },
  { T ("\"shape\":[2],\"data_offsets\":[8,0]"), 8, "outside the file" },
  { T ("\"shape\":[2],\"data_offsets\":[18446744073709551615,7]"), 8, "outside the file" },
  { T ("\"shape\":[3],\"data_offsets\":[0,8]"), 8, "12 bytes by its shape, but 8" },
  { T ("\"shape\":[1],\"data_offsets\":[4,8]"), 8, "gap before the tensor t" },
  { T ("\"shape\":[1],\"data_offsets\":[0,4]"), 8, "4 bytes follow" },
  { "{\"t\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2, "F8_E4M3" },
  { "{\"t\":{\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "not supported" },
  { "{\"t\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"t\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
    4, "tensor t twice" },
  { "{\"t\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"u\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
    4, "t and u overlap" },
  { "{\"__metadata__\":{\"a\":1}}", 0, "is missing" },
  { "{\"__metadata__\":{\"a\":{}}}", 0, "is missing" },
  { "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "twice" },
  { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "twice" },
  { "{\"__metadata__\":[]}", 0, "is missing" },
};

static void
test_headers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (GBytes) bytes = file_of (headers[i].header, headers[i].data_bytes);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdSafetensors) file = NULL;
      g_autofree char *shown = g_strescape (headers[i].header, NULL);

      g_test_message ("%s", shown);
      if (headers[i].message != NULL)
        {
          assert_refused (bytes, headers[i].message);
          continue;
        }
      file = dfkd_safetensors_new_from_bytes (bytes, "memory", &error);
      g_assert_no_error (error);
    }
}

static void
test_lengths (void)
{
  static const guint64 lengths[] = { 3, 100 * 1000 * 1000, 100 * 1000 * 1000 + 1, G_MAXUINT64, G_MAXUINT64 - 7 };

  for (gsize i = 0; i < 8; i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new ("\0\0\0\0\0\0\0\0", i);

      assert_refused (bytes, i == 0 ? "the-file is empty; copy" : "shorter than eight bytes");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint8 file[10] = { [8] = '{', [9] = '}' };
      const guint64 length = GUINT64_TO_LE (lengths[i]);
      g_autoptr (GBytes) bytes = NULL;

      memcpy (file, &length, sizeof length);
      bytes = g_bytes_new (file, sizeof file);
      assert_refused (bytes, lengths[i] > 100 * 1000 * 1000 ? "another kind of file" : "cut short");
    }
}

/* Every file that is cut anywhere is refused, and none reads past the cut (the sanitizers watch). */
static void
test_truncated (void)
{
  g_autoptr (DfkdSafetensorsWriter) writer = make_writer ();
  g_autoptr (GBytes) bytes = dfkd_safetensors_writer_to_bytes (writer);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    {
      g_autoptr (GBytes) part = g_bytes_new (data, i);

      assert_refused (part, "");
    }
}

static void
test_depth (void)
{
  g_autofree char *brackets = g_strnfill (1000 * 1000, '['), *objects = NULL, *name = g_strnfill (1025, 'n');
  g_autoptr (GString) nested = g_string_new (NULL);
  g_autoptr (GBytes) one = NULL, two = NULL, three = NULL;

  for (guint i = 0; i < 100 * 1000; i++)
    g_string_append (nested, "{\"a\":");
  one = file_of (brackets, 0);
  two = file_of (nested->str, 0);
  assert_refused (one, "is missing");
  assert_refused (two, "unknown");
  objects = g_strdup_printf ("{\"%s\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", name);
  three = file_of (objects, 0);
  assert_refused (three, "more than 1024 bytes");
}

static const struct {
  DfkdDtype dtype;
  guint8 bytes[8];
  double value;
} numbers[] = {
  { DFKD_DTYPE_F64, { 0, 0, 0, 0, 0, 0, 0xf8, 0x3f }, 1.5 },
  { DFKD_DTYPE_F32, { 0, 0, 0x20, 0xc0 }, -2.5 },
  { DFKD_DTYPE_F16, { 0x00, 0x3c }, 1.0 },
  { DFKD_DTYPE_F16, { 0xff, 0xfb }, -65504.0 },
  { DFKD_DTYPE_F16, { 0x01, 0x00 }, 5.9604644775390625e-8 },
  { DFKD_DTYPE_F16, { 0x00, 0x7c }, INFINITY },
  { DFKD_DTYPE_F16, { 0x01, 0x7c }, NAN },
  { DFKD_DTYPE_BF16, { 0x80, 0x3f }, 1.0 },
  { DFKD_DTYPE_I64, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, -1.0 },
  { DFKD_DTYPE_I64, { 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff }, -2147483649.0 },
  { DFKD_DTYPE_I32, { 0, 0, 0, 0x80 }, -2147483648.0 },
  { DFKD_DTYPE_I16, { 0, 0x80 }, -32768.0 },
  { DFKD_DTYPE_I8, { 0x80 }, -128.0 },
  { DFKD_DTYPE_U64, { 1, 0, 0, 0, 1 }, 4294967297.0 },
  { DFKD_DTYPE_U32, { 0xff, 0xff, 0xff, 0xff }, 4294967295.0 },
  { DFKD_DTYPE_U16, { 0xff, 0xff }, 65535.0 },
  { DFKD_DTYPE_U8, { 0xff }, 255.0 },
  { DFKD_DTYPE_BOOL, { 1 }, 1.0 },
};

/* Each number behind one odd byte, so that it stands unaligned in the file. */
static void
test_numbers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdSafetensors) file = NULL;
      const double wanted = numbers[i].value;
      float found;
      gint32 whole;
      gboolean fits = numbers[i].dtype > DFKD_DTYPE_BF16 && wanted >= G_MININT32 && wanted <= G_MAXINT32;

      dfkd_safetensors_writer_add_tensor (writer, "odd", DFKD_DTYPE_U8, (gsize[]){ 1 }, 1, "");
      dfkd_safetensors_writer_add_tensor (writer, "number", numbers[i].dtype, (gsize[]){ 1 }, 1, numbers[i].bytes);
      bytes = dfkd_safetensors_writer_to_bytes (writer);
      file = dfkd_safetensors_new_from_bytes (bytes, "memory", &error);
      g_assert_no_error (error);
      g_assert_true (dfkd_tensor_entry_read_float (dfkd_safetensors_get (file, 1), &found, 1, &error));
      g_assert_true (isnan (wanted) ? isnan (found) : found == (float) wanted);
      g_assert_cmpint (dfkd_tensor_entry_read_int32 (dfkd_safetensors_get (file, 1), &whole, 1, &error), ==, fits);
      if (fits)
        g_assert_cmpint (whole, ==, (gint32) wanted);
      else
        g_assert_error (error, DFKD_ERROR, (numbers[i].dtype > DFKD_DTYPE_BF16 ? DFKD_ERROR_NUMBER : DFKD_ERROR_FORMAT));
    }
}

static void
test_wrong_count (void)
{
  g_autoptr (GBytes) bytes = file_of (T ("\"shape\":[2],\"data_offsets\":[0,8]"), 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_new_from_bytes (bytes, "memory", &error);
  float values[3];

  g_assert_no_error (error);
  g_assert_false (dfkd_tensor_entry_read_float (dfkd_safetensors_get (file, 0), values, 3, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_SHAPE);
}

/* an array of numpy has none */
static void
test_no_name (void)
{
  const float two[] = { 1.5f, 4e9f };
  const DfkdTensorEntry entry = { .dtype = DFKD_DTYPE_F32, .rank = 1, .dims = { 2 }, .data = (const guint8 *) two, .bytes = sizeof two };
  const DfkdTensorEntry whole = { .dtype = DFKD_DTYPE_U32, .rank = 1, .dims = { 1 }, .data = (const guint8 *) "\xff\xff\xff\xff", .bytes = 4 };
  float values[3];
  gint32 integers[2];

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (i == 0 ? dfkd_tensor_entry_read_float (&entry, values, 3, &error)
                             : dfkd_tensor_entry_read_int32 (i == 1 ? &entry : &whole, integers, i == 1 ? 2 : 1, &error));
      g_assert_nonnull (strstr (error->message, "(unnamed)"));
      g_assert_null (strstr (error->message, "(null)"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/round-trip", test_round_trip);
  g_test_add_func ("/safetensors/same-bytes", test_same_bytes);
  g_test_add_func ("/safetensors/from-disk", test_from_disk);
  g_test_add_func ("/safetensors/not-a-file", test_not_a_file);
  g_test_add_func ("/safetensors/headers", test_headers);
  g_test_add_func ("/safetensors/lengths", test_lengths);
  g_test_add_func ("/safetensors/truncated", test_truncated);
  g_test_add_func ("/safetensors/depth", test_depth);
  g_test_add_func ("/safetensors/numbers", test_numbers);
  g_test_add_func ("/safetensors/wrong-count", test_wrong_count);
  g_test_add_func ("/safetensors/no-name", test_no_name);
  return g_test_run ();
}
