/* test-clocks.c: what steps take by region: on the device's own clock where it has one, and never more than passed on the wall. On
 * the device named by --device; DFKD_VULKAN_STAMPS=0 has it tell no times. */
#include "embedded-teacher.h"
#include "small-runs.h"
#include "trainer.h"
#include "test-device.h"


enum {
  SYNTHESES = 2,
  STEPS = 3, /* of each kind in one of tiny_recipe() */
};

static char *device_id;

static DfkdTrainer *
new_trainer_on_device (DfkdChannel *channel)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdDevice *device = dfkd_device_open (device_id, 0, &error);
  DfkdTrainer *trainer;

  g_assert_no_error (error);
  recipe->number[DFKD_PARAMETER_WARMUP] = 0;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = SYNTHESES;
  trainer = dfkd_trainer_new (recipe, device, dfkd_teacher_load ("", &error), NULL, channel, &error);
  g_assert_no_error (error);
  dfkd_trainer_set_patience (trainer, 60.0); /* however slow this machine is */
  dfkd_channel_set_picture_interval (channel, 3600.0); /* who wants no pictures is told no times */
  return trainer;
}

/* Returns: the seconds of all its regions */
static double
check_step (const DfkdStepTime *time, gboolean stamps)
{
  const DfkdTiming *timing = &time->timing;
  double sum = 0.0;

  g_assert_cmpint (timing->by_device, ==, stamps && time->stage != DFKD_STAGE_SHOW); /* reading back is the host's work */
  g_assert_cmpuint (timing->n_regions, >, 0);
  for (guint i = 0; i < timing->n_regions; i++)
    {
      g_assert_cmpfloat (timing->seconds[i], >, 0.0);
      sum += timing->seconds[i];
      for (guint j = 0; j < i; j++)
        g_assert_cmpstr (timing->region[i], !=, timing->region[j]);
    }
  return sum;
}

/* @at_most: steps that are handed over together */
static void
test_regions (gconstpointer data)
{
  guint at_most = GPOINTER_TO_UINT (data), seen[DFKD_N_STAGES] = { 0 }, most[DFKD_N_STAGES] = { 0 };
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = new_trainer_on_device (channel);
  gboolean stamps = dfkd_device_describe (dfkd_trainer_get_device (trainer))->stamps, cpu = g_str_equal (device_id, "cpu");

  g_assert_false (cpu && stamps);
  while (!dfkd_trainer_is_finished (trainer))
    {
      gint64 started = g_get_monotonic_time ();
      g_autoptr (GArray) times = NULL;
      g_autoptr (GError) error = NULL;
      double sum = 0.0, wall;

      g_assert_true (dfkd_trainer_advance (trainer, at_most, &error));
      wall = (double) (g_get_monotonic_time () + 1 - started) * 1e-6; /* both in whole microseconds */
      times = dfkd_channel_take_times (channel);
      for (guint i = 0; i < times->len; i++)
        {
          const DfkdStepTime *time = &g_array_index (times, DfkdStepTime, i);

          sum += check_step (time, stamps);
          seen[time->stage]++;
          most[time->stage] = MAX (most[time->stage], time->timing.n_regions);
        }
      g_assert_cmpfloat (sum, <=, wall);
    }
  g_assert_cmpuint (seen[DFKD_STAGE_GENERATE], ==, STEPS * SYNTHESES);
  g_assert_cmpuint (seen[DFKD_STAGE_BEGIN], ==, SYNTHESES);
  g_assert_cmpuint (seen[DFKD_STAGE_OUTER], ==, SYNTHESES); /* the outer step alone: what begins a synthesis is no part of it */
  g_assert_cmpuint (seen[DFKD_STAGE_DISTIL], ==, STEPS * SYNTHESES);
  if (!cpu && !stamps) /* by the host's clock a step is one */
    {
      g_assert_true (most[DFKD_STAGE_GENERATE] == 1 && most[DFKD_STAGE_DISTIL] == 1);
      return;
    }
  g_assert_cmpuint (most[DFKD_STAGE_GENERATE], >=, 5); /* generator, teacher, student, losses, backward … */
  g_assert_cmpuint (most[DFKD_STAGE_DISTIL], >=, 3);
}

int
main (int argc, char **argv)
{
  g_autoptr (DfkdDevice) device = begin_device_tests (&argc, &argv, NULL, &device_id);

  g_test_add_data_func ("/clocks/one-by-one", GUINT_TO_POINTER (1), test_regions);
  g_test_add_data_func ("/clocks/together", GUINT_TO_POINTER (G_MAXUINT), test_regions);
  return g_test_run ();
}
