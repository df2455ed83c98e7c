/* test-test-images.c: test images as a run's teacher sees them: which they are, in grey and in colour, and why there can be none. */
#include "test-images.h"

#include "embedded-teacher.h"
#include "errors.h"
#include "support.h"

#include <string.h>

static DfkdRecipe *
recipe_of (const char *teacher, const char *data)
{
  DfkdRecipe *recipe = dfkd_recipe_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, teacher, &error) && dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, data, &error));
  return recipe;
}

/* the image of @data whose pixels and label these are, at @from or behind it */
static gsize
find (const DfkdDataset *data, const DfkdPictures *p, gsize i, gsize from)
{
  const gsize area = data->height * data->width, size = data->channels * area;

  for (gsize at = from; at < data->count; at++)
    {
      gboolean same = data->labels[at] == p->labels[i];

      for (gsize j = 0; same && j < size; j++)
        same = p->pixels[i * size + j] == data->images[at * size + j % data->channels * area + j / data->channels];
      if (same)
        return at;
    }
  g_assert_not_reached ();
}

/* from all over the data set, each once, with all classes; and what the teacher says is what it says of test images */
static void
check (const char *name, gsize features)
{
  enum { MOST = 400 };
  g_autoptr (DfkdRecipe) recipe = recipe_of (name, "");
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPictures) p = dfkd_test_images_load (recipe, MOST, NULL, &error), again = NULL;
  g_autoptr (DfkdModel) teacher = dfkd_teacher_load (name, NULL);
  g_autoptr (DfkdDataset) data = dfkd_teacher_open_data ("", name, teacher, NULL);
  const gsize classes = teacher->network->options.classes, part = data->count / MOST;
  gsize counts[10] = { 0 }, right = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (p->count, ==, MOST);
  g_assert_cmpuint (p->columns[DFKD_ROWS_TEACHER], ==, classes);
  g_assert_cmpuint (p->columns[DFKD_ROWS_TEACHER_FEATURES], ==, features);
  g_assert_cmpuint (classes, ==, G_N_ELEMENTS (counts));
  for (gsize i = 0; i < MOST; i++)
    {
      const float *logits = p->rows[DFKD_ROWS_TEACHER] + i * classes;
      gsize best = 0;

      g_assert_cmpuint (find (data, p, i, i * part), <, (i + 1) * part);
      for (gsize c = 1; c < classes; c++)
        best = logits[c] > logits[best] ? c : best;
      right += (gint32) best == p->labels[i];
      counts[p->labels[i]]++;
    }
  for (gsize c = 0; c < classes; c++)
    g_assert_cmpuint (counts[c], >=, MOST / classes / 2);
  g_assert_cmpfloat_with_epsilon (100.0 * (double) right / MOST, teacher->accuracy, 5.0); /* of 400 images: a deviation of 1.3 */

  again = dfkd_test_images_load (recipe, MOST, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (p->pixels, MOST * dfkd_pictures_image_bytes (p), again->pixels, MOST * dfkd_pictures_image_bytes (again));
  g_assert_cmpmem (p->rows[DFKD_ROWS_TEACHER_FEATURES], MOST * features * sizeof (float), again->rows[DFKD_ROWS_TEACHER_FEATURES], MOST * features * sizeof (float));
}

static void
test_grey (void)
{
  check ("", 64);
}

static void
test_colour (void)
{
  check ("shapes32", 64);
}

/* a small set is taken as it is */
static void
test_all (void)
{
  enum { COUNT = 30 };
  g_autofree char *folder = g_dir_make_tmp ("dfkd-test-images-XXXXXX", NULL), *data_folder = g_build_filename (folder, "data", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdRecipe) recipe = NULL;
  g_autoptr (DfkdPictures) p = NULL;

  write_noise_data (data_folder, COUNT);
  recipe = recipe_of ("", data_folder);
  p = dfkd_test_images_load (recipe, 1000, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (p->count, ==, COUNT);
  for (gsize i = 0; i < COUNT; i++)
    g_assert_cmpint (p->labels[i], ==, (gint32) (i % 10));
  remove_folder (folder);
}

static void
assert_none (const char *teacher, const char *data, int code, const char *says)
{
  g_autoptr (DfkdRecipe) recipe = recipe_of (teacher, data);
  g_autoptr (GError) error = NULL;

  g_assert_null (dfkd_test_images_load (recipe, 100, NULL, &error));
  g_assert_error (error, DFKD_ERROR, code);
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_refusals (void)
{
  g_autoptr (DfkdRecipe) recipe = recipe_of ("", "");
  g_autoptr (GError) error = NULL;
  gint stop = 1;

  assert_none ("", "none", DFKD_ERROR_ARGUMENT, "no test images");
  assert_none ("", "/not/there", DFKD_ERROR_FILE, "/not/there");
  assert_none ("/not/there.safetensors", "", DFKD_ERROR_FILE, "/not/there.safetensors");
  assert_none ("", "shapes32", DFKD_ERROR_SHAPE, "shapes32");
  g_assert_null (dfkd_test_images_load (recipe, 100, &stop, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/test-images/grey", test_grey);
  g_test_add_func ("/test-images/colour", test_colour);
  g_test_add_func ("/test-images/all", test_all);
  g_test_add_func ("/test-images/refusals", test_refusals);
  return g_test_run ();
}
