/* test-second-order.c: Hessians and MAML's meta gradient on the device named by --device against second-order.safetensors, which
 * second_order.py made. What starts from the inputs of fast-fomaml-last.safetensors is met when some nudge of the latents' last
 * places meets it, as the cases are (replay.h). */
#include "losses.h"
#include "replay-private.h"
#include "test-device.h"


/* PyTorch's own float32 gets 2e-5, 1e-6 and 2e-6 */
static const double TOLERANCE = 1e-3, HESSIAN_TOLERANCE = 1e-4, TINY_TOLERANCE = 1e-5;

enum { GENERATOR_TENSORS = 12 };

static char *device_id;

static char *
path_of (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, name, NULL);
}

static void
run (DfkdProgram *program, guint slot)
{
  g_autoptr (GError) error = NULL;

  dfkd_program_set_counter (program, "slot", 0, 0, slot);
  if (dfkd_program_run (program, &error))
    dfkd_program_wait (program, &error);
  g_assert_no_error (error);
}

static void
run_step (DfkdReplay *replay, DfkdProgram *program, guint step)
{
  g_autoptr (GError) error = NULL;

  dfkd_replay_set_dials (replay, program, 0, step);
  dfkd_replay_write_crops (replay, 0, step, &error);
  g_assert_no_error (error);
  run (program, step);
}

static void
write_latents_and_labels (DfkdReplay *replay)
{
  DfkdSynthesis *s = replay->synthesis;
  g_autoptr (GError) error = NULL;

  dfkd_replay_write_nudged (replay, s->latents, DFKD_LATENTS_Z, dfkd_replay_lookup (replay, &error, "in/0.z"), 0, &error);
  g_assert_no_error (error);
  dfkd_replay_write (replay, s->batch, DFKD_BATCH_LABELS, dfkd_replay_lookup (replay, &error, "in/0.labels"), 0, &error);
  g_assert_no_error (error);
}

/* k steps there and back */
static void
synthesise (DfkdReplay *replay)
{
  DfkdSynthesis *s = replay->synthesis;

  write_latents_and_labels (replay);
  run (s->begin, 0);
  for (guint step = 0; step < replay->k; step++)
    run_step (replay, s->inner, step);
  run_step (replay, s->last, replay->k);
  for (guint step = replay->k; step-- > 0;)
    run_step (replay, s->back, step);
}

/* a replay of the case's inputs, prepared, and the file of what is expected */
typedef struct {
  DfkdReplay replay;
  DfkdSafetensors *in, *out;
  char *inputs, *results;
} Fixture;

static void
open_fixture (Fixture *f, DfkdDevice *device, guint k, guint nudge)
{
  g_autoptr (GError) error = NULL;

  f->inputs = path_of ("fast-fomaml-last.safetensors");
  f->results = path_of ("second-order.safetensors");
  if ((f->in = dfkd_safetensors_open (f->inputs, &error)) != NULL)
    f->out = dfkd_safetensors_open (f->results, &error);
  g_assert_no_error (error);
  f->replay = (DfkdReplay){ .device = device, .file = f->in, .path = f->inputs, .meta_gradient = "maml", .k = k, .nudge = nudge };
  f->replay.deviations = g_ptr_array_new_with_free_func ((GDestroyNotify) dfkd_deviation_free);
  dfkd_replay_prepare (&f->replay, &error);
  g_assert_no_error (error);
}

/* from here on the replay looks up what is expected */
static void
expect (Fixture *f)
{
  f->replay.file = f->out;
  f->replay.path = f->results;
}

/* the largest deviation of @count tensors */
static double
close_fixture (Fixture *f, guint count)
{
  double most = 0.0;

  g_assert_cmpuint (f->replay.deviations->len, ==, count);
  for (guint i = 0; i < count; i++)
    {
      const DfkdDeviation *d = g_ptr_array_index (f->replay.deviations, i);

      g_test_message ("nudge %u: %s deviates by %.1e", f->replay.nudge, d->name, d->deviation);
      most = MAX (most, d->deviation);
    }
  dfkd_replay_clear (&f->replay);
  g_ptr_array_unref (f->replay.deviations);
  dfkd_safetensors_free (f->in);
  dfkd_safetensors_free (f->out);
  g_free (f->inputs);
  g_free (f->results);
  return most;
}

static void
test_steps (gconstpointer data)
{
  guint k = GPOINTER_TO_UINT (data);
  g_autofree char *prefix = g_strdup_printf ("%u.gradient", k);
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = dfkd_device_open (device_id, 0, &error);

  g_assert_no_error (error);
  for (guint nudge = 0; nudge <= DFKD_REPLAY_NUDGES; nudge++)
    {
      Fixture f;

      open_fixture (&f, device, k, nudge);
      synthesise (&f.replay);
      expect (&f);
      dfkd_replay_compare_network (&f.replay, &f.replay.generator, dfkd_synthesis_find (f.replay.synthesis, "meta_gradient"), NULL,
                                   prefix, NULL, TOLERANCE, &error);
      g_assert_no_error (error);
      if (close_fixture (&f, GENERATOR_TENSORS) <= TOLERANCE)
        return;
    }
  g_test_fail ();
}

/* ------------------------------------------------------------------------------------- Hessians times a direction */

/* H·∂L of the inversion loss at θ and z, into @products (like θ) and @z_product */
static DfkdProgram *
build_hessian (DfkdSynthesis *s, DfkdBlock *products, DfkdBlock *z_product, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("hessian");
  g_auto (DfkdInversion) inversion = { 0 };
  DfkdBlock *theta = s->options.generator.parameters;
  guint count = dfkd_block_count (theta);
  g_autofree DfkdValue *wrt = g_new0 (DfkdValue, count + 1), *gradients = g_new0 (DfkdValue, count + 1);
  g_autofree DfkdValue *results = g_new0 (DfkdValue, count + 1);

  for (guint i = 0; i < count; i++)
    wrt[i] = dfkd_graph_variable (g, theta, i);
  wrt[count] = dfkd_graph_variable (g, s->latents, DFKD_LATENTS_Z);
  dfkd_inversion_generate (&inversion, s, g, theta, wrt[count]);
  dfkd_inversion_look (&inversion, dfkd_augment (s, g, inversion.images, DFKD_PURPOSE_CROPS));
  dfkd_inversion_add (&inversion, "bn", dfkd_inversion_bn (&inversion));
  dfkd_inversion_add (&inversion, "oh", dfkd_inversion_one_hot (&inversion));
  dfkd_inversion_add (&inversion, "adv",
                      dfkd_adversarial_decision (g, inversion.student.logits, inversion.teacher.logits, inversion.agreement));
  dfkd_graph_gradients (g, inversion.loss, wrt, count + 1, gradients);
  dfkd_graph_products (g, gradients, gradients, count + 1, wrt, count + 1, results);
  for (guint i = 0; i < count; i++)
    dfkd_assign (g, dfkd_graph_variable (g, products, i), results[i]);
  dfkd_assign (g, dfkd_graph_variable (g, z_product, 0), results[count]);
  return dfkd_program_new (s->device, g, error);
}

static double
hessian_deviation (DfkdDevice *device, guint nudge)
{
  g_autoptr (DfkdBlock) products = NULL, z_product = dfkd_block_new ("z product");
  g_autoptr (DfkdProgram) program = NULL;
  g_autoptr (GError) error = NULL;
  Fixture f;

  open_fixture (&f, device, 2, nudge);
  products = dfkd_block_new_like (f.replay.generator.parameters, "products");
  dfkd_block_add (z_product, "z", dfkd_block_get (f.replay.synthesis->latents, DFKD_LATENTS_Z)->shape);
  g_assert_true (dfkd_device_allocate (device, products, &error) && dfkd_device_allocate (device, z_product, &error));
  program = build_hessian (f.replay.synthesis, products, z_product, &error);
  g_assert_no_error (error);
  write_latents_and_labels (&f.replay);
  run_step (&f.replay, program, 0);
  expect (&f);
  dfkd_replay_compare_network (&f.replay, &f.replay.generator, products, NULL, "hessian", NULL, HESSIAN_TOLERANCE, &error);
  g_assert_no_error (error);
  dfkd_replay_compare_variable (&f.replay, z_product, 0, "hessian.z", HESSIAN_TOLERANCE, &error);
  g_assert_no_error (error);
  g_clear_pointer (&program, dfkd_program_free);
  return close_fixture (&f, GENERATOR_TENSORS + 1);
}

static void
test_hessian (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = dfkd_device_open (device_id, 0, &error);

  g_assert_no_error (error);
  for (guint nudge = 0; nudge <= DFKD_REPLAY_NUDGES; nudge++)
    if (hessian_deviation (device, nudge) <= HESSIAN_TOLERANCE)
      return;
  g_test_fail ();
}

/* ------------------------------------------------------------------------------------------------- a tiny network */

enum { X, WEIGHT, AFFINE, LINEAR, BIAS, N_TINY, TARGET = 2 * N_TINY, RUNNING, AVERAGE, MOMENTUM, PRODUCTS };

static const struct {
  const char *name;
  gsize shape[4];
} tiny[] = { { "x", { 4, 3, 8, 8 } }, { "weight", { 5, 3, 3, 3 } }, { "affine", { 2, 5 } },
             { "linear", { 7, 80 } }, { "bias", { 7 } },            { "target", { 4, 7 } },
             { "running", { 2, 5 } }, { "average", { 2, 5 } },      { "momentum", { 1 } } };

static void
add_tiny (DfkdBlock *block, const char *prefix, guint first, guint count)
{
  for (guint i = first; i < first + count; i++)
    {
      g_autofree char *name = g_strconcat (prefix, tiny[i].name, NULL);

      dfkd_block_add (block, name, dfkd_shape (tiny[i].shape[0], tiny[i].shape[1], tiny[i].shape[2], tiny[i].shape[3]));
    }
}

static DfkdProgram *
build_tiny (DfkdDevice *device, DfkdBlock *block, GError **error)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("tiny network");
  DfkdValue in[PRODUCTS], y, statistics, loss, gradients[N_TINY], products[N_TINY];

  for (guint i = 0; i < PRODUCTS; i++)
    in[i] = dfkd_graph_variable (g, block, i);
  y = dfkd_convolution (g, in[X], in[WEIGHT], DFKD_NONE, DFKD_NONE, 1, 1, 1, 1);
  statistics = dfkd_bn_statistics (g, y);
  y = dfkd_max_pool (g, dfkd_bn_apply (g, y, statistics, in[AFFINE], 1e-5f, 0.2f), 2, 2, 0);
  y = dfkd_matrix_product (g, dfkd_flatten (g, y), in[LINEAR], in[BIAS], FALSE, TRUE);
  loss = dfkd_add (g, dfkd_cross_entropy (g, y, in[TARGET]),
                   dfkd_statistics_distance (g, statistics, in[RUNNING], in[AVERAGE], in[MOMENTUM]));
  dfkd_graph_gradients (g, loss, in, N_TINY, gradients);
  dfkd_graph_products (g, gradients, in + N_TINY, N_TINY, in, N_TINY, products);
  for (guint i = 0; i < N_TINY; i++)
    dfkd_assign (g, dfkd_graph_variable (g, block, PRODUCTS + i), products[i]);
  return dfkd_program_new (device, g, error);
}

static void
test_tiny (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = dfkd_device_open (device_id, 0, &error);
  g_autoptr (DfkdBlock) block = dfkd_block_new ("tiny");
  g_autoptr (DfkdProgram) program = NULL;
  Fixture f;

  g_assert_no_error (error);
  open_fixture (&f, device, 2, 0);
  expect (&f);
  add_tiny (block, "in/tiny.", 0, N_TINY);
  add_tiny (block, "in/tiny.direction.", 0, N_TINY);
  add_tiny (block, "in/tiny.", N_TINY, PRODUCTS - TARGET);
  add_tiny (block, "tiny.product.", 0, N_TINY);
  g_assert_true (dfkd_device_allocate (device, block, &error));
  for (guint i = 0; i < PRODUCTS; i++)
    {
      const char *name = dfkd_block_get (block, i)->name;

      dfkd_replay_write (&f.replay, block, i, dfkd_replay_lookup (&f.replay, &error, "%s", name), 0, &error);
      g_assert_no_error (error);
    }
  program = build_tiny (device, block, &error);
  g_assert_no_error (error);
  run (program, 0);
  for (guint i = PRODUCTS; i < PRODUCTS + N_TINY; i++)
    {
      dfkd_replay_compare_variable (&f.replay, block, i, dfkd_block_get (block, i)->name, TINY_TOLERANCE, &error);
      g_assert_no_error (error);
    }
  g_clear_pointer (&program, dfkd_program_free);
  g_assert_cmpfloat (close_fixture (&f, N_TINY), <=, TINY_TOLERANCE);
}

int
main (int argc, char **argv)
{
  g_autoptr (DfkdDevice) device = begin_device_tests (&argc, &argv, NULL, &device_id);

  g_test_add_func ("/second-order/tiny-network", test_tiny);
  g_test_add_func ("/second-order/hessian", test_hessian);
  g_test_add_data_func ("/second-order/2-steps", GUINT_TO_POINTER (2), test_steps);
  g_test_add_data_func ("/second-order/4-steps", GUINT_TO_POINTER (4), test_steps);
  return g_test_run ();
}
