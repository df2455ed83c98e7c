/* test-recognise.c: every network of the table is known again by its tensors alone, whatever its sizes and whatever stands before
 * its tensors' names. */
#include "initialise.h"
#include "model-file.h"
#include "recognise.h"
#include "safetensors.h"

#include "errors.h"

#include <string.h>

/* The tensors of a network, as files without metadata have them; every second counter is left out. */
static DfkdTensorFile *
tensors_of (const DfkdNetwork *network, const char *prefix, const char *extra)
{
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  DfkdTensorFile *file;
  gboolean counted = FALSE;

  for (guint i = 0; i < network->tensors->len; i++)
    {
      const DfkdNetworkTensor *tensor = &g_array_index (network->tensors, DfkdNetworkTensor, i);
      g_autofree char *name = g_strconcat (prefix, tensor->name, NULL);
      g_autofree float *zeros = g_new0 (float, MAX (dfkd_shape_count (&tensor->shape), 2));

      if (tensor->home == DFKD_HOME_COUNTER && (counted = !counted))
        continue;
      dfkd_safetensors_writer_add_tensor (writer, name, tensor->home == DFKD_HOME_COUNTER ? DFKD_DTYPE_I64 : DFKD_DTYPE_F32,
                                          tensor->shape.dim, tensor->shape.rank, zeros);
    }
  if (extra != NULL)
    dfkd_safetensors_writer_add_tensor (writer, extra, DFKD_DTYPE_F32, NULL, 0, &(float){ 0 });
  bytes = dfkd_safetensors_writer_to_bytes (writer);
  file = dfkd_tensor_file_new_from_bytes (bytes, "tensors", NULL, &error);
  g_assert_no_error (error);
  return file;
}

static gboolean
contains (const char *const *names, const char *name)
{
  return g_strv_contains (names, name);
}

/* names, sizes and prefixes that differ from every guess; the size of images is found where tensors depend on it, else it is the
 * rule's */
static void
check_network (const char *name, const DfkdNetworkOptions *options, const char *prefix)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNetwork) network = dfkd_network_new (name, options, &error), again = NULL;
  g_autoptr (DfkdTensorFile) file = NULL;
  g_autofree char *found_prefix = NULL;
  g_autofree const char **names = NULL;
  DfkdNetworkOptions found = { 0 };

  if (network == NULL)
    return; /* it cannot have this size */
  file = tensors_of (network, prefix, NULL);
  found_prefix = dfkd_recognise_prefix (file);
  g_assert_cmpstr (found_prefix, ==, prefix);
  names = dfkd_recognise (file, prefix, &found);
  if (!contains (names, name))
    g_error ("%s is not recognised", name);
  again = dfkd_network_new (names[0], &found, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found.channels, ==, options->channels);
  if (network->is_generator)
    {
      g_assert_cmpuint (found.nz, ==, options->nz);
      g_assert_cmpuint (found.ngf, ==, options->ngf);
    }
  else
    g_assert_cmpuint (found.classes, ==, options->classes);
  g_assert_cmpuint (again->tensors->len, ==, network->tensors->len);
  if (found.height != options->height)
    g_assert_cmpuint (found.height, ==, 32);
}

static void
test_table (void)
{
  static const DfkdNetworkOptions options[] = {
    { .channels = 3, .height = 32, .width = 32, .classes = 100, .nz = 256, .ngf = 64 },
    { .channels = 1, .height = 32, .width = 32, .classes = 7, .nz = 33, .ngf = 6 },
    { .channels = 3, .height = 64, .width = 64, .classes = 10, .nz = 100, .ngf = 16 },
    { .channels = 2, .height = 40, .width = 40, .classes = 2, .nz = 7, .ngf = 5 },
  };
  static const char *const prefixes[] = { "", "module.", "_orig_mod.module.", "model." };
  guint checked = 0;

  for (guint generators = 0; generators < 2; generators++)
    for (const char *const *name = dfkd_network_names (generators == 1); *name != NULL; name++)
      for (guint i = 0; i < G_N_ELEMENTS (options); i++, checked++)
        check_network (*name, &options[i], prefixes[i]);
  check_network ("wrn22_3", &options[0], prefixes[1]); /* of any depth and width */
  check_network ("wrn10_10", &options[1], prefixes[0]);
  check_network ("wrn28_4", &options[2], prefixes[3]);
  g_assert_cmpuint (checked, >, 0);
}

/* the tensors of a wide residual network tell its depth and width */
static void
test_only_one (void)
{
  const DfkdNetworkOptions options = { .channels = 3, .height = 32, .width = 32, .classes = 10 };
  g_autoptr (DfkdNetwork) network = dfkd_network_new ("wrn40_2", &options, NULL);
  g_autoptr (DfkdTensorFile) file = tensors_of (network, "", NULL), more = tensors_of (network, "", "one.more");
  DfkdNetworkOptions found = { 0 }, none = { 0 }, wrong = { .classes = 11 };
  g_autofree const char **names = dfkd_recognise (file, "", &found), **nothing = dfkd_recognise (more, "", &none),
                        **unlike = dfkd_recognise (file, "", &wrong);

  g_assert_cmpstr (names[0], ==, "wrn40_2");
  g_assert_null (names[1]);
  g_assert_null (nothing[0]);
  g_assert_null (unlike[0]);
}

/* what no tensor tells is said: both forms of a network have the same ones */
static void
test_either (void)
{
  const DfkdNetworkOptions options = { .channels = 3, .height = 32, .width = 32, .classes = 10 };
  static const char *const forms[] = { "mobilenetv2", "mobilenetv2_s1" };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (DfkdNetwork) network = dfkd_network_new (forms[i], &options, NULL);
      g_autoptr (DfkdTensorFile) file = network != NULL ? tensors_of (network, "", NULL) : NULL;
      DfkdNetworkOptions found = { 0 };
      g_autofree const char **names = NULL;

      g_assert_nonnull (network);
      names = dfkd_recognise (file, "", &found);
      g_assert_cmpstr (names[0], ==, forms[0]);
      g_assert_cmpstr (names[1], ==, forms[1]);
      g_assert_null (names[2]);
    }
}

/* A known size is kept, and one that does not fit is no reason to guess another. */
static void
test_known_sizes (void)
{
  const DfkdNetworkOptions options = { .channels = 3, .height = 24, .width = 24, .nz = 10, .ngf = 4 };
  g_autoptr (DfkdNetwork) generator = dfkd_network_new ("generator", &options, NULL);
  g_autoptr (DfkdTensorFile) file = tensors_of (generator, "", NULL);
  DfkdNetworkOptions known = { .height = 24, .width = 24 }, wrong = { .height = 16, .width = 16 };

  g_assert_true (dfkd_recognise_sizes (file, "", "generator", &known));
  g_assert_cmpuint (known.ngf, ==, 4);
  g_assert_false (dfkd_recognise_sizes (file, "", "generator", &wrong));
  g_assert_cmpuint (wrong.height, ==, 16);
}

/* What all names begin with is told one word after another; where a network does not fit, it can be described all the same. */
static void
test_unlike (void)
{
  const DfkdNetworkOptions options = { .channels = 3, .height = 32, .width = 32, .classes = 10 };
  g_autoptr (DfkdNetwork) network = dfkd_network_new ("wrn16_1", &options, NULL), described = NULL;
  g_autoptr (DfkdTensorFile) file = tensors_of (network, "a.b.", NULL), alone = tensors_of (network, "", NULL);
  g_autofree char *first = dfkd_recognise_shared_prefix (file, ""), *second = dfkd_recognise_shared_prefix (file, "a."),
                  *third = dfkd_recognise_shared_prefix (file, "a.b."), *none = dfkd_recognise_shared_prefix (alone, "");
  DfkdNetworkOptions found = { .width = 24, .height = 24 };

  g_assert_cmpstr (first, ==, "a.");
  g_assert_cmpstr (second, ==, "a.b.");
  g_assert_null (third);
  g_assert_null (none);
  g_assert_false (dfkd_recognise_sizes (file, "", "wrn16_1", &found));
  g_assert_cmpuint (found.height, ==, 24);
  described = dfkd_network_new ("wrn16_1", &found, NULL);
  g_assert_nonnull (described);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recognise/table", test_table);
  g_test_add_func ("/recognise/only-one", test_only_one);
  g_test_add_func ("/recognise/either", test_either);
  g_test_add_func ("/recognise/known-sizes", test_known_sizes);
  g_test_add_func ("/recognise/unlike", test_unlike);
  return g_test_run ();
}
