/* test-devices.c: the default recipe's first two syntheses on the CPU and on Vulkan, step by step from the same state; and
 * steps handed over together, with the pool in memory and on disk.
 *
 * Left to themselves the two drift apart, as do two builds of one BLAS on one CPU (tests/peers/compare-devices.py
 * shows both): Adam's first step turns the rounding of gradients near zero into signs. So before every step the
 * Vulkan trainer is given the CPU's state; then every loss of that step has to agree. */
#include "embedded-teacher.h"
#include "trainer.h"

#include <math.h>

enum { BATCH = 32 }; /* a quarter of the recipe's, which software drivers take minutes for */

/* of losses, as in the reference cases; factors of 11 bits are off by 2e-4, and L_adv is a difference of close numbers */
static const double TOLERANCE = 1e-4, FLOAT16_TOLERANCE = 2e-3;

/* @pool_memory: MiB; below 4 the pool does not fit */
static DfkdTrainer *
new_trainer (const char *device_id, DfkdPrecision precision, guint batch, guint kd_steps, double pool_memory, DfkdChannel *channel)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  g_autoptr (GError) error = NULL;
  DfkdDevice *device = dfkd_device_open (device_id, 0, &error);
  DfkdModel *teacher = dfkd_teacher_load ("", &error);
  DfkdTrainer *trainer;

  g_assert_no_error (error);
  recipe->number[DFKD_PARAMETER_WARMUP] = 0; /* the adversarial term and the student's steps belong to it */
  recipe->number[DFKD_PARAMETER_PRECISION] = precision;
  recipe->number[DFKD_PARAMETER_BATCH] = batch;
  recipe->number[DFKD_PARAMETER_KD_STEPS] = kd_steps;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = 4200 / batch;
  recipe->number[DFKD_PARAMETER_POOL_MEMORY] = pool_memory;
  if (batch == 2) /* steps are wanted that take a moment */
    recipe->number[DFKD_PARAMETER_NGF] = 4;
  trainer = dfkd_trainer_new (recipe, device, teacher, NULL, channel, &error);
  g_assert_no_error (error);
  return trainer;
}

static GByteArray *
pool_of (DfkdTrainer *trainer)
{
  DfkdPool *pool = dfkd_trainer_get_pool (trainer);
  GByteArray *images = g_byte_array_new ();

  g_byte_array_set_size (images, (guint) (dfkd_pool_count (pool) * dfkd_pool_image_bytes (pool)));
  g_assert_true (dfkd_pool_read (pool, 0, (gsize) dfkd_pool_count (pool), images->data, NULL));
  return images;
}

static void
copy_state (DfkdTrainer *from, DfkdTrainer *to)
{
  g_autoptr (GError) error = NULL;

  g_autoptr (GByteArray) pool = pool_of (from);

  g_assert_cmpuint (dfkd_trainer_block_count (from), ==, dfkd_trainer_block_count (to));
  dfkd_pool_clear (dfkd_trainer_get_pool (to));
  g_assert_true (dfkd_pool_append (dfkd_trainer_get_pool (to), pool->data, (gsize) dfkd_pool_count (dfkd_trainer_get_pool (from)), &error));
  for (guint i = 0; i < dfkd_trainer_block_count (from); i++)
    {
      DfkdBlock *source = dfkd_trainer_block (from, i), *target = dfkd_trainer_block (to, i);
      g_autofree guint8 *data = g_malloc (source->bytes);

      g_assert_cmpuint (source->bytes, ==, target->bytes);
      g_assert_true (dfkd_device_read (dfkd_trainer_get_device (from), source, 0, data, source->bytes, &error));
      g_assert_true (dfkd_device_write (dfkd_trainer_get_device (to), target, 0, data, target->bytes, &error));
    }
  dfkd_trainer_set_counters (to, dfkd_trainer_get_counters (from));
}

/* @syntheses of two trainers; the most that a loss differs by, relatively */
static double
compare (DfkdTrainer *cpu, DfkdChannel *a, DfkdTrainer *vulkan, DfkdChannel *b, guint syntheses, double tolerance)
{
  double most = 0.0;
  guint compared = 0;

  while (dfkd_trainer_get_counters (cpu)->synthesis < syntheses || !dfkd_trainer_is_between (cpu))
    {
      g_autoptr (GArray) ours = NULL, theirs = NULL;
      g_autoptr (GError) error = NULL;

      copy_state (cpu, vulkan);
      g_assert_true (dfkd_trainer_advance (cpu, 1, &error) && dfkd_trainer_advance (vulkan, 1, &error));
      ours = dfkd_channel_take_scalars (a);
      theirs = dfkd_channel_take_scalars (b);
      g_assert_cmpuint (ours->len, ==, theirs->len);
      for (guint i = 0; i < ours->len; i++)
        {
          const DfkdScalar *x = &g_array_index (ours, DfkdScalar, i), *y = &g_array_index (theirs, DfkdScalar, i);

          g_assert_cmpint (x->series, ==, y->series);
          if (x->series == DFKD_SERIES_AGREEMENT || x->series == DFKD_SERIES_LR_STUDENT)
            continue;
          most = fmax (most, fabs (x->value - y->value) / fabs (x->value));
          if (!(fabs (x->value - y->value) <= tolerance * fabs (x->value)))
            {
              g_test_message ("%s at step %" G_GUINT64_FORMAT ": %.8g on the CPU, %.8g on Vulkan", dfkd_series_name (x->series), x->step, x->value,
                              y->value);
              g_test_fail ();
            }
          compared++;
        }
    }
  g_assert_cmpuint (compared, ==, syntheses * (5 * 4 + 2)); /* four losses an inner step, one a student step */
  return most;
}

static void
test_two_syntheses (void)
{
  g_autoptr (DfkdChannel) a = dfkd_channel_new (), b = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) cpu = new_trainer ("cpu", DFKD_PRECISION_FLOAT32, BATCH, 2, 1024, a),
                          vulkan = new_trainer ("vulkan", DFKD_PRECISION_FLOAT32, BATCH, 2, 0, b);

  compare (cpu, a, vulkan, b, 2, TOLERANCE);
}

static void
test_float16 (void)
{
  g_autoptr (DfkdChannel) a = dfkd_channel_new (), b = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) cpu = NULL, vulkan = NULL;
  g_autoptr (DfkdDevice) device = NULL;
  double most;

  g_setenv ("DFKD_VULKAN_KERNELS", "shared", TRUE);
  device = dfkd_device_open ("vulkan", 0, NULL);
  if (dfkd_device_has_precision (device, DFKD_PRECISION_FLOAT16))
    vulkan = new_trainer ("vulkan", DFKD_PRECISION_FLOAT16, 4, 2, 1024, b);
  g_unsetenv ("DFKD_VULKAN_KERNELS");
  if (vulkan == NULL)
    {
      g_test_skip ("this device does not compute in float16");
      return;
    }
  cpu = new_trainer ("cpu", DFKD_PRECISION_FLOAT32, 4, 2, 1024, a);
  most = compare (cpu, a, vulkan, b, 1, FLOAT16_TOLERANCE);
  g_test_message ("a loss differs by %g at most", most);
  g_assert_cmpfloat (most, >, TOLERANCE); /* what is asked for is what is done */
}

/* everything that changes in @trainer, one block after the other */
static GByteArray *
state_of (DfkdTrainer *trainer)
{
  GByteArray *state = pool_of (trainer);

  for (guint i = 0; i < dfkd_trainer_block_count (trainer); i++)
    {
      DfkdBlock *block = dfkd_trainer_block (trainer, i);
      g_autofree guint8 *data = g_malloc (block->bytes);

      g_assert_true (dfkd_device_read (dfkd_trainer_get_device (trainer), block, 0, data, block->bytes, NULL));
      g_byte_array_append (state, data, (guint) block->bytes);
    }
  return state;
}

/* Steps that a device is given together are the steps that it is given one by one; and that it gets them together. */
static void
test_several_at_once (gconstpointer data)
{
  double pool_memory = (double) GPOINTER_TO_UINT (data);
  g_autoptr (DfkdChannel) a = dfkd_channel_new (), b = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) single = new_trainer ("vulkan", DFKD_PRECISION_FLOAT32, 2, 12, 1024, a),
                          several = new_trainer ("vulkan", DFKD_PRECISION_FLOAT32, 2, 12, pool_memory, b);
  g_autoptr (GByteArray) ours = NULL, theirs = NULL;
  g_autoptr (GArray) x = NULL, y = NULL;
  g_autoptr (GError) error = NULL;
  guint64 one_by_one, together;

  dfkd_trainer_set_patience (several, 60.0); /* however slow this machine is */
  g_assert_cmpint (dfkd_pool_is_on_disk (dfkd_trainer_get_pool (several)), ==, pool_memory < 4);
  while (dfkd_trainer_get_counters (single)->synthesis < 3 || !dfkd_trainer_is_between (single))
    g_assert_true (dfkd_trainer_advance (single, 1, &error));
  while (dfkd_trainer_get_counters (several)->synthesis < 3 || !dfkd_trainer_is_between (several))
    g_assert_true (dfkd_trainer_advance (several, G_MAXUINT, &error));
  one_by_one = dfkd_device_counters (dfkd_trainer_get_device (single))->submissions;
  together = dfkd_device_counters (dfkd_trainer_get_device (several))->submissions;
  g_test_message ("%" G_GUINT64_FORMAT " submissions, %" G_GUINT64_FORMAT " together", one_by_one, together);
  g_assert_cmpuint (together, <, one_by_one);

  ours = state_of (single);
  theirs = state_of (several);
  g_assert_cmpmem (ours->data, ours->len, theirs->data, theirs->len);
  x = dfkd_channel_take_scalars (a);
  y = dfkd_channel_take_scalars (b);
  g_assert_cmpuint (x->len, ==, y->len);
  for (guint i = 0; i < x->len; i++)
    {
      const DfkdScalar *u = &g_array_index (x, DfkdScalar, i), *v = &g_array_index (y, DfkdScalar, i);

      g_assert_cmpint (u->series, ==, v->series);
      g_assert_cmpuint (u->step, ==, v->step);
      g_assert_cmpfloat (u->value, ==, v->value);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/devices/two-syntheses-of-the-default-recipe", test_two_syntheses);
  g_test_add_data_func ("/devices/several-steps-at-once", GUINT_TO_POINTER (1024), test_several_at_once);
  g_test_add_data_func ("/devices/several-steps-at-once-from-disk", GUINT_TO_POINTER (1), test_several_at_once);
  g_test_add_func ("/devices/float16", test_float16);
  return g_test_run ();
}
