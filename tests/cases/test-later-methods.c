/* test-later-methods.c: NAYER and generative data-free distillation on the device named by --device against nayer.safetensors and
 * gendfd.safetensors, which later_methods.py made: what goes before the inputs of fast-fomaml.safetensors. Each is met when some
 * nudge of the last places of what its images come from meets it, as the cases are (replay.h). */
#include "replay-private.h"
#include "test-device.h"

enum { NAYER_SYNTHESES = 2, GENERATORS = 2, GENDFD_SYNTHESES = 3, GENERATOR_TENSORS = 12, NOISE_TENSORS = 5, BATCH_NORMS = 7 };

static const double LABELLED = 1e-6; /* latents that are put together, not computed; a nudge moves them by 6e-8 */

static char *device_id;

static gboolean
run (DfkdProgram *program, GError **error)
{
  return dfkd_program_run (program, error) && dfkd_program_wait (program, error);
}

static gboolean
run_outer (DfkdReplay *replay, guint round, GError **error)
{
  dfkd_replay_set_dials (replay, replay->synthesis->outer, round, replay->k);
  return run (replay->synthesis->outer, error);
}

static gboolean
compare_generator_gradient (DfkdReplay *replay, guint round, GError **error)
{
  DfkdBlock *gradient = dfkd_synthesis_find (replay->synthesis, "generator_gradient");
  g_autofree char *prefix = g_strdup_printf ("%u.gradient", round);

  return dfkd_replay_compare_network (replay, &replay->generator, gradient, NULL, prefix, NULL, DFKD_REPLAY_GRADIENTS, error);
}

/* @before: of the generator */
static gboolean
compare_images_and_generator (DfkdReplay *replay, guint round, DfkdBlock *generator, const char *before, GError **error)
{
  g_autofree char *images = g_strdup_printf ("%u.images", round), *prefix = g_strdup_printf ("%u.generator", round);

  return dfkd_replay_compare_variable (replay, replay->synthesis->batch, DFKD_BATCH_BEST, images, DFKD_REPLAY_IMAGES, error)
         && dfkd_replay_compare_network (replay, &replay->generator, generator, NULL, prefix, before, DFKD_REPLAY_UPDATES, error);
}

/* ----------------------------------------------------------------------------------------------------------- NAYER */

/* what is drawn anew, over what the device drew; the biases stay as it left them */
static gboolean
write_noise (DfkdReplay *replay, guint round, GError **error)
{
  DfkdBlock *noise = dfkd_synthesis_find (replay->synthesis, "noise");

  for (guint i = 0; i < dfkd_block_count (noise); i++)
    {
      const char *name = dfkd_block_get (noise, i)->name;

      if ((g_str_equal (name, "norm") ? round == 0 : g_str_has_suffix (name, "weight"))
          && !dfkd_replay_write_nudged (replay, noise, i, dfkd_replay_lookup (replay, error, "in/%u.noise.%s", round, name), round, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
compare_nayer_gradients (DfkdReplay *replay, guint round, GError **error)
{
  DfkdBlock *gradient = dfkd_synthesis_find (replay->synthesis, "noise_gradient");

  for (guint i = 0; i < dfkd_block_count (gradient); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.gradient.noise.%s", round, dfkd_block_get (gradient, i)->name);

      if (!dfkd_replay_compare_variable (replay, gradient, i, name, DFKD_REPLAY_GRADIENTS, error))
        return FALSE;
    }
  return compare_generator_gradient (replay, round, error);
}

static gboolean
compare_noise (DfkdReplay *replay, guint round, GError **error)
{
  DfkdBlock *noise = dfkd_synthesis_find (replay->synthesis, "noise");

  for (guint i = 0; i < dfkd_block_count (noise); i++)
    {
      const char *variable = dfkd_block_get (noise, i)->name;
      g_autofree char *name = g_strdup_printf ("%u.noise.%s", round, variable), *before = NULL;

      if (g_str_equal (variable, "norm") && round > 0)
        before = g_strdup_printf ("out/%u.noise.norm", round - 1);
      else if (!g_str_has_suffix (variable, "bias"))
        before = g_strconcat ("in/", name, NULL);
      if (!dfkd_replay_compare_update (replay, noise, i, name, before, DFKD_REPLAY_UPDATES, error))
        return FALSE;
    }
  return TRUE;
}

/* the generator's life has ended: the norm begins anew with it */
static gboolean
renew (DfkdReplay *replay, GError **error)
{
  DfkdBlock *noise = dfkd_synthesis_find (replay->synthesis, "noise");
  const char *name = "2.noise.norm", *before = "out/1.noise.norm";

  dfkd_program_set (replay->synthesis->begin, "renew", 1.0f);
  return run (replay->synthesis->begin, error)
         && dfkd_replay_compare_update (replay, noise, 0, name, before, DFKD_REPLAY_UPDATES, error);
}

static gboolean
replay_nayer (DfkdReplay *replay, GError **error)
{
  for (guint round = 0; round < NAYER_SYNTHESES; round++)
    {
      g_autofree char *before = round == 0 ? g_strdup ("in/generator") : g_strdup_printf ("out/%u.generator", round - 1);
      g_autofree char *z = g_strdup_printf ("%u.z", round);

      if (!run (replay->synthesis->begin, error) || !write_noise (replay, round, error)
          || !dfkd_replay_inner_steps (replay, round, compare_nayer_gradients, error) || !run_outer (replay, round, error)
          || !dfkd_replay_compare_variable (replay, replay->synthesis->latents, DFKD_LATENTS_Z_START, z, DFKD_REPLAY_IMAGES, error)
          || !compare_images_and_generator (replay, round, replay->generator.parameters, before, error)
          || !compare_noise (replay, round, error))
        return FALSE;
    }
  return renew (replay, error);
}

/* --------------------------------------------------------------------------------- generative data-free distillation */

static gboolean
compare_average (DfkdReplay *replay, guint round, GError **error)
{
  DfkdBlock *average = replay->synthesis->average;

  for (guint i = 0; i < dfkd_block_count (average); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.average.%u", round, i);

      if (!dfkd_replay_compare_variable (replay, average, i, name, DFKD_REPLAY_IMAGES, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_turn (DfkdReplay *replay, guint round, DfkdBlock *generator, const char *before, GError **error)
{
  DfkdSynthesis *s = replay->synthesis;
  g_autofree char *z = g_strdup_printf ("%u.z", round);

  return dfkd_replay_write_nudged (replay, s->latents, DFKD_LATENTS_Z, dfkd_replay_lookup (replay, error, "in/%s", z), round, error)
         && dfkd_replay_write (replay, s->batch, DFKD_BATCH_LABELS, dfkd_replay_lookup (replay, error, "in/%u.labels", round), 0, error)
         && run (s->begin, error) && dfkd_replay_compare_variable (replay, s->latents, DFKD_LATENTS_Z, z, LABELLED, error)
         && dfkd_replay_inner_steps (replay, round, compare_generator_gradient, error) && run_outer (replay, round, error)
         && compare_images_and_generator (replay, round, generator, before, error) && compare_average (replay, round, error);
}

static gboolean
replay_gendfd (DfkdReplay *replay, GError **error)
{
  static const char *const start[GENERATORS] = { "generator", "generators.1" };
  DfkdPlaced generators[GENERATORS];

  for (guint j = 0; j < GENERATORS; j++)
    {
      g_autofree char *name = g_strdup_printf ("weights of generator %u", j);

      generators[j] = replay->generator;
      generators[j].parameters = dfkd_synthesis_find (replay->synthesis, name);
      if (!dfkd_replay_load_network (replay, &generators[j], start[j], error))
        return FALSE;
    }
  for (guint round = 0; round < GENDFD_SYNTHESES; round++)
    {
      guint j = round % GENERATORS;
      g_autofree char *before = round < GENERATORS ? g_strconcat ("in/", start[j], NULL)
                                                   : g_strdup_printf ("out/%u.generator", round - GENERATORS);

      if (!take_turn (replay, round, generators[j].parameters, before, error))
        return FALSE;
    }
  return TRUE;
}

/* ------------------------------------------------------------------------------------------------------------ both */

typedef struct {
  const char *name;
  gboolean (*replay) (DfkdReplay *replay, GError **error);
  guint results;
} Method;

/* the classes' vectors, where a method wants them */
static gboolean
prepare (DfkdReplay *replay, GError **error)
{
  const DfkdTensorEntry *embeddings = dfkd_safetensors_lookup (replay->over, "in/embeddings");
  g_autofree float *values = NULL;

  if (embeddings != NULL)
    {
      replay->options.embeddings = values = dfkd_replay_read (replay, embeddings, 0, dfkd_tensor_entry_count (embeddings), error);
      replay->options.embedding_size = embeddings->dims[1];
    }
  return (embeddings == NULL || values != NULL) && dfkd_replay_prepare (replay, error);
}

static gboolean
is_met (const Method *method, DfkdDevice *device, guint nudge)
{
  g_autofree char *file = g_strconcat (method->name, ".safetensors", NULL);
  g_autofree char *inputs = g_test_build_filename (G_TEST_DIST, "fast-fomaml.safetensors", NULL);
  g_autofree char *own = g_test_build_filename (G_TEST_DIST, file, NULL);
  g_autoptr (GPtrArray) deviations = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_deviation_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) in = dfkd_safetensors_open (inputs, &error), over = in != NULL ? dfkd_safetensors_open (own, &error) : NULL;
  DfkdReplay replay = { .device = device, .file = in, .over = over, .path = own, .nudge = nudge, .deviations = deviations };
  gboolean met = TRUE;

  g_assert_no_error (error);
  if (prepare (&replay, &error))
    method->replay (&replay, &error);
  g_assert_no_error (error);
  dfkd_replay_clear (&replay);
  g_assert_cmpuint (deviations->len, ==, method->results);
  for (guint i = 0; i < deviations->len; i++)
    {
      const DfkdDeviation *d = g_ptr_array_index (deviations, i);
      gboolean good = d->deviation <= d->tolerance;

      g_test_message ("nudge %u: %s deviates by %.1e, allowed %.0e%s", nudge, d->name, d->deviation, d->tolerance,
                      good ? "" : ": TOO MUCH");
      met = met && good;
    }
  return met;
}

static void
test_method (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = dfkd_device_open (device_id, 0, &error);

  g_assert_no_error (error);
  for (guint nudge = 0; nudge <= DFKD_REPLAY_NUDGES; nudge++)
    if (is_met (data, device, nudge))
      return;
  g_test_fail ();
}

int
main (int argc, char **argv)
{
  /* of a synthesis: losses, gradients and what has been learnt, images, latents, averages; of nayer the renewed norm */
  static const Method nayer = { "nayer", replay_nayer, NAYER_SYNTHESES * (4 + 2 * (GENERATOR_TENSORS + NOISE_TENSORS) + 1 + 1) + 1 };
  static const Method gendfd = { "gendfd", replay_gendfd, GENDFD_SYNTHESES * (3 + 2 * GENERATOR_TENSORS + 1 + 1 + BATCH_NORMS) };
  g_autoptr (DfkdDevice) device = begin_device_tests (&argc, &argv, NULL, &device_id);

  g_test_add_data_func ("/later-methods/nayer", &nayer, test_method);
  g_test_add_data_func ("/later-methods/gendfd", &gendfd, test_method);
  return g_test_run ();
}
