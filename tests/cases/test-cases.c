/* test-cases.c: the reference cases on the device named by --device, within their tolerances. */
#include "test-device.h"
#include "replay.h"


static char *device_id;

static void
test_case (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = dfkd_device_open (device_id, 0, &error);
  g_autoptr (GPtrArray) deviations = NULL;
  guint nudge;

  g_assert_no_error (error);
  deviations = dfkd_replay_case (device, data, &nudge, &error);
  g_assert_no_error (error);
  g_test_message ("met with nudge %u", nudge);
  g_assert_cmpuint (deviations->len, >=, 8); /* gradients, losses and results were all compared */
  for (guint i = 0; i < deviations->len; i++)
    {
      const DfkdDeviation *deviation = g_ptr_array_index (deviations, i);

      if (!(deviation->deviation <= deviation->tolerance))
        {
          g_test_message ("%s deviates by %g, allowed %g", deviation->name, deviation->deviation, deviation->tolerance);
          g_test_fail ();
        }
    }
}

int
main (int argc, char **argv)
{
  static const char *const cases[] = { "fast-fomaml", "fast-fomaml-last", "fast-reptile", "fast-sequential-reuse", "fast-no-reuse",
                                       "deepinv",     "dafl",             "zskt",         "dfq",                   "dfad",
                                       "cmi",
                                       "fast-fomaml-colour", "deepinv-colour", "cmi-colour", "dfq-colour" };
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (DfkdDevice) device = begin_device_tests (&argc, &argv, NULL, &device_id);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat (cases[i], ".safetensors", NULL);
      g_autofree char *test = g_strconcat ("/cases/", cases[i], NULL);
      char *path = g_test_build_filename (G_TEST_DIST, name, NULL);

      g_ptr_array_add (paths, path);
      g_test_add_data_func (test, path, test_case);
    }
  return g_test_run ();
}
