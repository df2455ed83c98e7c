/* bench.c: dfkd bench: what each kind of step of a recipe takes, by stage. */
#include "command.h"

#include <stdlib.h>

static const char *const kinds[] = { "inner", "outer", "student", "evaluate" };

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static double
median (double *values, guint count)
{
  qsort (values, count, sizeof *values, compare_doubles);
  return count % 2 == 1 ? values[count / 2] : 0.5 * (values[count / 2 - 1] + values[count / 2]);
}

static gboolean
time_program (DfkdProgram *program, int repeats, double *wall, double *stages, guint n_stages, GError **error)
{
  for (int i = -1; i < repeats; i++) /* the first run warms up */
    {
      gint64 started = g_get_monotonic_time ();

      if (!dfkd_program_run (program, error) || !dfkd_program_wait (program, error))
        return FALSE;
      if (i < 0)
        continue;
      wall[i] = (double) (g_get_monotonic_time () - started) * 1e-6;
      for (guint stage = 0; stage < n_stages; stage++)
        stages[stage * (guint) repeats + (guint) i] = dfkd_program_seconds (program)[stage];
    }
  return TRUE;
}

static gboolean
bench_kind (DfkdProgram *program, const char *kind, gsize batch, int repeats, JsonBuilder *builder, gboolean json, GError **error)
{
  const DfkdPlan *plan = dfkd_program_get_plan (program);
  guint n_stages = g_strv_length (plan->regions);
  g_autofree double *wall = g_new0 (double, repeats), *stages = g_new0 (double, n_stages * (guint) repeats);
  double flop, bytes, middle;

  if (!time_program (program, repeats, wall, stages, n_stages, error))
    return FALSE;
  dfkd_plan_cost (plan, &flop, &bytes);
  middle = median (wall, (guint) repeats);
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", kind);
  dfkd_json_integer (builder, "batch", (gint64) batch);
  json_builder_set_member_name (builder, "seconds");
  json_builder_begin_object (builder);
  dfkd_json_number (builder, "median", middle);
  dfkd_json_number (builder, "min", wall[0]);
  dfkd_json_number (builder, "max", wall[repeats - 1]);
  json_builder_end_object (builder);
  dfkd_json_number (builder, "flop", flop);
  dfkd_json_number (builder, "bytes", bytes);
  json_builder_set_member_name (builder, "stages");
  json_builder_begin_object (builder);
  if (!json)
    g_print ("%-10s %9.2f ms (%.2f – %.2f), %.1f GFLOP/s, %.2f GB/s\n", kind, middle * 1e3, wall[0] * 1e3, wall[repeats - 1] * 1e3,
             flop / middle * 1e-9, bytes / middle * 1e-9);
  for (guint i = 0; i < n_stages; i++)
    {
      double stage = median (stages + i * (guint) repeats, (guint) repeats);

      if (stage <= 0.0)
        continue;
      dfkd_json_number (builder, plan->regions[i], stage);
      if (!json)
        g_print ("    %-16s %9.2f ms\n", plan->regions[i], stage * 1e3);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return TRUE;
}

static gboolean
bench (const DfkdRecipe *recipe, const DfkdCommonOptions *common, int repeats, GError **error)
{
  DfkdModel *teacher = dfkd_teacher_load (recipe->text[DFKD_PARAMETER_TEACHER], error);
  DfkdDevice *device = teacher != NULL ? dfkd_device_open (common->device, (guint) common->threads, error) : NULL;
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  DfkdDataset *data;

  if (device == NULL)
    {
      dfkd_model_free (teacher);
      return FALSE;
    }
  data = dfkd_dataset_load_idx (DFKD_FASHION_MNIST_FOLDER, TRUE, teacher->network->options.height, NULL); /* without it no “evaluate” */
  trainer = dfkd_trainer_new (recipe, device, teacher, data, channel, error);
  if (trainer == NULL)
    return FALSE;
  /* one synthesis, so that pool, latents and dials hold what they hold in a run */
  do
    if (!dfkd_trainer_advance (trainer, error))
      return FALSE;
  while (dfkd_trainer_get_counters (trainer)->synthesis == 0);

  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      DfkdProgram *program = dfkd_trainer_program (trainer, kinds[i]);
      gsize batch = g_str_equal (kinds[i], "evaluate") ? 250 : (gsize) recipe->number[DFKD_PARAMETER_BATCH];

      if (program == NULL)
        continue;
      if (g_str_equal (kinds[i], "student"))
        {
          dfkd_program_set (program, "temperature", (float) recipe->number[DFKD_PARAMETER_TEMPERATURE]);
          dfkd_program_set (program, "count", (float) recipe->number[DFKD_PARAMETER_BATCH]);
        }
      if (!bench_kind (program, kinds[i], batch, repeats, builder, common->json, error))
        return FALSE;
    }
  json_builder_end_array (builder);
  if (common->json)
    dfkd_json_print (builder);
  return TRUE;
}

int
dfkd_command_bench (int argc, char **argv)
{
  g_auto (DfkdCommonOptions) common = { 0 };
  g_autoptr (DfkdRecipe) recipe = NULL;
  g_autoptr (GError) error = NULL;
  int repeats = 9;
  const GOptionEntry entries[] = {
    { "repeats", 0, 0, G_OPTION_ARG_INT, &repeats, _("runs of each kind of step"), "N" },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "bench", NULL, _("Times each kind of step of a recipe, by stage: median, least and most of several runs."),
                           entries, &common, &recipe, 0))
    return DFKD_EXIT_USAGE;
  if (repeats < 1 || repeats > 10000)
    {
      g_printerr (_("dfkd bench: --repeats: expected a number from 1 to 10000\n"));
      return DFKD_EXIT_USAGE;
    }
  return bench (recipe, &common, repeats, &error) ? DFKD_EXIT_DONE : dfkd_command_fail (error);
}
