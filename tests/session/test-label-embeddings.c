/* test-label-embeddings.c: vectors of the classes from a file: three kinds of files, what is wrong with one, and that the method
 * which wants them makes its images of them. */
#include "small-runs.h"

#include "errors.h"
#include "label-embeddings.h"
#include "safetensors.h"
#include "support.h"

#include <math.h>
#include <string.h>

enum {
  CLASSES = 10,
  SIZE = 7,
  TWIN = 2,
  OTHER_TWIN = 5,
};

static float
value (gsize i, float scale)
{
  return scale * sinf (1.7f * (float) i);
}

/* one or more tensors of [rows, SIZE]; @twins: two rows are the same */
static char *
write_tensors (const char *file, const char *const *names, gsize rows, float scale, gboolean twins)
{
  char *path = new_folder (file);
  gsize dims[] = { rows, SIZE };
  g_autofree float *values = g_new (float, rows * SIZE);
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < rows * SIZE; i++)
    values[i] = value (i, scale);
  if (twins)
    memcpy (values + OTHER_TWIN * SIZE, values + TWIN * SIZE, SIZE * sizeof *values);
  for (guint i = 0; names[i] != NULL; i++)
    dfkd_safetensors_writer_add_tensor (writer, names[i], DFKD_DTYPE_F32, dims, 2, values);
  dfkd_safetensors_writer_write (writer, path, &error);
  g_assert_no_error (error);
  return path;
}

/* numpy's file, version 1, of float64 */
static char *
write_npy (const char *file, const char *shape, gsize count, double last)
{
  char *path = new_folder (file);
  g_autofree char *header = g_strdup_printf ("{'descr': '<f8', 'fortran_order': False, 'shape': %s, }\n", shape);
  guint16 length = GUINT16_TO_LE ((guint16) strlen (header));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  g_byte_array_append (bytes, (const guint8 *) "\x93NUMPY\x01\x00", 8);
  g_byte_array_append (bytes, (const guint8 *) &length, 2);
  g_byte_array_append (bytes, (const guint8 *) header, (guint) strlen (header));
  for (gsize i = 0; i < count; i++)
    {
      double number = i + 1 < count ? (double) value (i, 1.0f) : last;

      g_byte_array_append (bytes, (const guint8 *) &number, sizeof number);
    }
  g_file_set_contents (path, (const char *) bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  return path;
}

#define TENSOR \
  "ctorch._utils\n_rebuild_tensor_v2\n((Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI70\ntQI0\n(I10\nI7\nt(I7\nI1\ntI00\nccollections\nOrderedDict\n)RtR"

/* what torch.save wrote before it wrote archives: @object is the pickle of what was saved, with one storage of CLASSES times SIZE numbers */
static char *
write_checkpoint (const char *file, const char *object)
{
  static const char heading[] = "\x80\x02\x8a\nl\xfc\x9c" "F\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}X\r\0\0\0little_endian\x88s.";
  const guint64 count = GUINT64_TO_LE (CLASSES * SIZE);
  char *path = new_folder (file);
  g_autoptr (GString) bytes = g_string_new_len (heading, sizeof heading - 1);
  g_autoptr (GError) error = NULL;

  g_string_append_printf (bytes, "%s.](V0\ne.", object);
  g_string_append_len (bytes, (const char *) &count, sizeof count);
  for (gsize i = 0; i < CLASSES * SIZE; i++)
    {
      const float number = value (i, 1.0f);

      g_string_append_len (bytes, (const char *) &number, sizeof number);
    }
  g_file_set_contents (path, bytes->str, (gssize) bytes->len, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_files (void)
{
  static const char *const one[] = { "weight", NULL }, *const several[] = { "names", "embeddings", NULL };
  const double last = (double) value (CLASSES * SIZE - 1, 1.0f);
  g_autofree char *alone = write_tensors ("alone", one, CLASSES, 1.0f, FALSE), *named = write_tensors ("named", several, CLASSES, 1.0f, FALSE);
  g_autofree char *numpy = write_npy ("array.npy", "(10, 7)", CLASSES * SIZE, last);
  g_autofree char *itself = write_checkpoint ("itself.pt", TENSOR), *in_dict = write_checkpoint ("in-dict.pt", "(dVembeddings\n" TENSOR "s");
  const char *const paths[] = { alone, named, numpy, itself, in_dict };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      gsize size = 0;
      g_autoptr (GError) error = NULL;
      g_autofree float *rows = dfkd_label_embeddings_read (paths[i], CLASSES, &size, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (size, ==, SIZE);
      for (gsize j = 0; j < CLASSES * SIZE; j++)
        g_assert_cmpfloat (rows[j], ==, value (j, 1.0f));
    }
}

static void
test_refusals (void)
{
  static const char *const one[] = { "weight", NULL }, *const several[] = { "a", "b", NULL };
  g_autofree char *nine = write_tensors ("nine", one, 9, 1.0f, FALSE), *unclear = write_tensors ("unclear", several, CLASSES, 1.0f, FALSE);
  g_autofree char *flat = write_npy ("flat.npy", "(70,)", 70, 0.0), *wide = write_npy ("wide.npy", "(10, 0)", 0, 0.0);
  g_autofree char *infinite = write_npy ("infinite.npy", "(10, 7)", 70, (double) INFINITY), *cut = write_npy ("cut.npy", "(10, 7)", 69, 0.0);
  g_autofree char *none = new_folder ("none"), *list = write_checkpoint ("list.pt", "(" TENSOR "l"), *pickle = new_folder ("tensor.pickle");
  const struct {
    const char *path, *part;
    int code;
  } refusals[] = { { nine, "9×7", DFKD_ERROR_SHAPE },     { unclear, "embeddings", DFKD_ERROR_SHAPE },    { flat, "shape 70;", DFKD_ERROR_SHAPE },
                   { wide, "10×0", DFKD_ERROR_SHAPE },    { infinite, "class 9", DFKD_ERROR_NUMBER },     { cut, "", DFKD_ERROR_FORMAT },
                   { none, "", DFKD_ERROR_FILE },         { list, "torch.save (tensor", DFKD_ERROR_FORMAT }, { pickle, "numpy.save", DFKD_ERROR_FORMAT } };

  g_assert_true (g_file_set_contents (pickle, "\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x0ctorch._utils\x94.", 27, NULL)); /* as pickle.dump (tensor, …) begins */
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      gsize size;
      g_autoptr (GError) error = NULL;

      g_assert_null (dfkd_label_embeddings_read (refusals[i].path, CLASSES, &size, &error));
      assert_says (&error, refusals[i].code, refusals[i].path, refusals[i].part);
    }
}

static DfkdRecipe *
nayer_recipe (const char *embeddings)
{
  DfkdRecipe *recipe = tiny_recipe_of ("nayer");
  g_autoptr (GError) error = NULL;

  recipe->number[DFKD_PARAMETER_BATCH] = CLASSES; /* each once */
  dfkd_recipe_set (recipe, DFKD_PARAMETER_LABEL_EMBEDDINGS, embeddings, &error);
  g_assert_no_error (error);
  return recipe;
}

/* whether the latents of two images of the first batch are the same */
static gboolean
share_latents (const DfkdRecipe *recipe, gsize i, gsize j)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = new_trainer (recipe, channel, &error);
  g_autoptr (DfkdPictures) pictures = NULL;
  gsize columns;
  const float *z;

  g_assert_no_error (error);
  while (dfkd_trainer_get_counters (trainer)->synthesis < 1)
    g_assert_true (dfkd_trainer_advance (trainer, 1, &error));
  pictures = dfkd_trainer_get_kept (trainer, &error);
  g_assert_no_error (error);
  z = pictures->rows[DFKD_ROWS_Z];
  columns = pictures->columns[DFKD_ROWS_Z];
  g_assert_cmpuint (columns, ==, 12);
  return memcmp (z + i * columns, z + j * columns, columns * sizeof *z) == 0;
}

/* latents are made of the vectors in the file, class after class: classes with the same vector get the same */
static void
test_latents (void)
{
  static const char *const one[] = { "weight", NULL };
  g_autofree char *path = write_tensors ("vectors", one, CLASSES, 3.0f, TRUE), *wrong = write_tensors ("eleven", one, 11, 1.0f, FALSE);
  g_autofree char *first = new_folder ("drawn"), *second = new_folder ("read"), *third = new_folder ("read again");
  g_autoptr (DfkdRecipe) drawn = nayer_recipe (""), read = nayer_recipe (path), refused = nayer_recipe (wrong);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = NULL;
  g_autofree char *student = NULL, *same = NULL, *other = NULL;

  g_assert_true (share_latents (read, TWIN, OTHER_TWIN));
  g_assert_false (share_latents (read, TWIN, 0));
  g_assert_false (share_latents (drawn, TWIN, OTHER_TWIN));

  g_assert_null (new_trainer (refused, channel, &error));
  assert_says (&error, DFKD_ERROR_SHAPE, wrong, "10 classes");
  /* a method that has no use for the file does not look for it */
  dfkd_recipe_set (refused, DFKD_PARAMETER_METHOD, "fast", &error);
  trainer = new_trainer (refused, channel, &error);
  g_assert_no_error (error);

  other = finish (start (drawn, first, FALSE, FALSE), first);
  student = finish (start (read, second, FALSE, FALSE), second);
  same = finish (start (read, third, FALSE, FALSE), third);
  g_assert_cmpstr (student, ==, same);
  g_assert_cmpstr (student, !=, other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/label-embeddings/files", test_files);
  g_test_add_func ("/label-embeddings/refusals", test_refusals);
  g_test_add_func ("/label-embeddings/latents", test_latents);
  return run_tests_with_small_runs ();
}
