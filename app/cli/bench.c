/* bench.c: dfkd bench: what each kind of step of a recipe takes, by stage, and beside what the device could. With --at-once the
 * steps are handed over several at a time, as in training; every figure stays that of one step. --scaling is in
 * bench-scaling.c. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const kinds[] = { "inner", "last", "back", "outer", "student", "evaluate" };

/* @count runs as training does them: handed to the device together, then waited for */
static gboolean
run_together (DfkdDevice *device, DfkdProgram *program, int count, GError **error)
{
  gboolean good = TRUE;

  dfkd_device_begin_batch (device);
  for (int i = 0; i < count && good; i++)
    good = dfkd_program_run (program, error);
  return dfkd_device_end_batch (device, good ? error : NULL) && good && dfkd_program_wait (program, error);
}

/* @wall: seconds a run, one for each repeat; @stages: likewise, @repeats for each stage */
static gboolean
time_program (DfkdDevice *device, DfkdProgram *program, int at_once, int repeats, double *wall, double *stages, guint n_stages,
              GError **error)
{
  g_autofree double *one = g_new0 (double, n_stages);

  for (int i = -1; i < repeats; i++) /* the first runs warm up */
    {
      gint64 started = g_get_monotonic_time ();

      if (!run_together (device, program, at_once, error))
        return FALSE;
      if (i < 0)
        continue;
      wall[i] = (double) (g_get_monotonic_time () - started) * 1e-6 / at_once;
      for (int age = 0; age < at_once && dfkd_program_seconds_run (program, (guint) age, one); age++)
        for (guint stage = 0; stage < n_stages; stage++)
          stages[stage * (guint) repeats + (guint) i] += one[stage] / at_once;
    }
  return TRUE;
}

typedef struct {
  const DfkdCommonOptions *common;
  const DfkdRates *rates; /* NULL without --roofline */
  int repeats, listed, at_once;
  DfkdDevice *device;
  JsonBuilder *builder;
} Bench;

/* the steps that training hands over several at a time (trainer.c) */
static gboolean
trains_together (const char *kind)
{
  return g_str_equal (kind, "inner") || g_str_equal (kind, "student");
}

static gboolean
bench_kind (const Bench *bench, DfkdProgram *program, const char *kind, gsize batch, GError **error)
{
  JsonBuilder *builder = bench->builder;
  gboolean json = bench->common->json;
  int repeats = bench->repeats, at_once = trains_together (kind) ? bench->at_once : 1;
  const DfkdPlan *plan = dfkd_program_get_plan (program);
  guint n_stages = g_strv_length (plan->regions);
  g_autofree double *wall = g_new0 (double, repeats), *stages = g_new0 (double, n_stages * (guint) repeats);
  g_autofree double *middles = g_new0 (double, n_stages);
  const DfkdDeviceCounters *counters = dfkd_device_counters (bench->device);
  guint64 submissions = counters->submissions;
  double flop, bytes, middle;

  if (!time_program (bench->device, program, at_once, repeats, wall, stages, n_stages, error))
    return FALSE;
  submissions = counters->submissions - submissions;
  dfkd_plan_cost (plan, &flop, &bytes);
  middle = dfkd_median (wall, (guint) repeats);
  json_builder_begin_object (builder);
  dfkd_json_text (builder, "name", kind);
  dfkd_json_integer (builder, "batch", (gint64) batch);
  dfkd_json_integer (builder, "at_once", at_once);
  dfkd_json_number (builder, "submissions", (double) submissions / ((repeats + 1) * at_once)); /* a run */
  json_builder_set_member_name (builder, "seconds");
  json_builder_begin_object (builder);
  dfkd_json_number (builder, "median", middle);
  dfkd_json_number (builder, "min", wall[0]);
  dfkd_json_number (builder, "max", wall[repeats - 1]);
  json_builder_end_object (builder);
  dfkd_json_number (builder, "flop", flop);
  dfkd_json_number (builder, "bytes", bytes);
  dfkd_json_integer (builder, "slab", (gint64) plan->slab_bytes);
  json_builder_set_member_name (builder, "stages");
  json_builder_begin_object (builder);
  if (!json)
    g_print ("%-10s %9.2f ms (%.2f – %.2f), %.1f GFLOP/s, %.2f GB/s\n", kind, middle * 1e3, wall[0] * 1e3, wall[repeats - 1] * 1e3,
             flop / middle * 1e-9, bytes / middle * 1e-9);
  for (guint i = 0; i < n_stages; i++)
    {
      middles[i] = dfkd_median (stages + i * (guint) repeats, (guint) repeats);
      if (middles[i] <= 0.0)
        continue;
      dfkd_json_number (builder, plan->regions[i], middles[i]);
      if (!json && bench->rates == NULL)
        g_print ("    %-16s %9.2f ms\n", plan->regions[i], middles[i] * 1e3);
    }
  json_builder_end_object (builder);
  if (bench->rates != NULL && !bench_roofline (program, bench->rates, middles, repeats, (guint) bench->listed, builder, json, error))
    return FALSE;
  json_builder_end_object (builder);
  return TRUE;
}

/* a teacher that nobody trained: its steps take as long */
static DfkdModel *
random_teacher (const BenchTeacher *wanted, GError **error)
{
  DfkdNetworkOptions options = { .classes = (gsize) MAX (wanted->classes, 0) };
  g_autoptr (DfkdNetwork) network = NULL;
  DfkdModel *model;
  int end = 0;

  if (sscanf (wanted->input, "%zux%zux%zu%n", &options.channels, &options.height, &options.width, &end) != 3 || wanted->input[end] != '\0')
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--input %s: expected channels, height and width, as in 3x32x32"),
                   wanted->input);
      return NULL;
    }
  network = dfkd_network_new (wanted->network, &options, error);
  if (network == NULL)
    return NULL;
  model = dfkd_model_new (network, NULL, NULL);
  dfkd_network_initialise (network, 0, model->parameters, model->state);
  return model;
}

DfkdModel *
bench_new_teacher (const DfkdRecipe *recipe, const BenchTeacher *wanted, GError **error)
{
  return wanted->network != NULL ? random_teacher (wanted, error) : dfkd_teacher_load_for_recipe (recipe, error);
}

/* of a step of @kind */
static gsize
images_in (const char *kind, const DfkdRecipe *recipe)
{
  if (g_str_equal (kind, "evaluate"))
    return 250;
  return g_str_equal (kind, "student") ? dfkd_recipe_student_batch (recipe) : (gsize) recipe->number[DFKD_PARAMETER_BATCH];
}

static gboolean
bench (const DfkdRecipe *recipe, const BenchTeacher *random, Bench *bench, gboolean roofline, GError **error)
{
  const DfkdCommonOptions *common = bench->common;
  DfkdModel *teacher = bench_new_teacher (recipe, random, error);
  DfkdDevice *device = teacher != NULL ? dfkd_command_open_device (common, error) : NULL;
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  DfkdDataset *data = NULL;
  DfkdRates rates;

  if (device == NULL)
    {
      dfkd_model_free (teacher);
      return FALSE;
    }
  if (roofline && !dfkd_device_measure (device, (DfkdPrecision) recipe->number[DFKD_PARAMETER_PRECISION], &rates, error))
    {
      dfkd_device_free (device);
      dfkd_model_free (teacher);
      return FALSE;
    }
  if (random->network == NULL) /* without data no “evaluate” */
    data = dfkd_teacher_open_data (recipe->text[DFKD_PARAMETER_DATA], recipe->text[DFKD_PARAMETER_TEACHER], teacher, NULL);
  trainer = dfkd_trainer_new (recipe, device, teacher, data, channel, error);
  if (trainer == NULL)
    return FALSE;
  /* one synthesis, so that pool, latents and dials hold what they hold in a run */
  do
    if (!dfkd_trainer_advance (trainer, 1, error))
      return FALSE;
  while (dfkd_trainer_get_counters (trainer)->synthesis == 0);

  bench->builder = builder;
  bench->device = device;
  bench->rates = roofline ? &rates : NULL;
  if (roofline && !common->json)
    g_print (_("%s copies %.1f GB/s and multiplies matrices at %.0f GFLOP/s; attainable is what these two allow\n"),
             dfkd_device_describe (device)->name, rates.bytes * 1e-9, rates.flop * 1e-9);
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      DfkdProgram *program = dfkd_trainer_program (trainer, kinds[i]);

      if (program == NULL)
        continue;
      if (g_str_equal (kinds[i], "student"))
        {
          dfkd_program_set (program, "temperature", (float) dfkd_recipe_temperature (recipe));
          dfkd_program_set (program, "count", (float) recipe->number[DFKD_PARAMETER_BATCH]);
        }
      if (!bench_kind (bench, program, kinds[i], images_in (kinds[i], recipe), error))
        return FALSE;
    }
  bench_memory (device, builder, common->json);
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
  g_autofree char *network = NULL, *input = NULL, *output = NULL, *sweep = NULL;
  BenchTeacher random = { .classes = 10 };
  Bench settings = { .common = &common, .listed = 10 };
  gboolean roofline = FALSE, scaling = FALSE, quick = FALSE;
  int repeats = 0, at_once = 1;
  const GOptionEntry entries[] = {
    { "repeats", 0, 0, G_OPTION_ARG_INT, &repeats, _("runs of each kind of step (9), or rounds of --scaling (5)"), "N" },
    { "at-once", 0, 0, G_OPTION_ARG_INT, &at_once, _("inner and student steps handed to the device together, as training does (1)"), "N" },
    { "roofline", 0, 0, G_OPTION_ARG_NONE, &roofline, _("compare with the device's own limits, and list the most expensive kernels"), NULL },
    { "kernels", 0, 0, G_OPTION_ARG_INT, &settings.listed, _("how many of them (10)"), "N" },
    { "scaling", 0, 0, G_OPTION_ARG_NONE, &scaling, _("time per image against batch, k, image side and size of the pool; takes minutes"), NULL },
    { "quick", 0, 0, G_OPTION_ARG_NONE, &quick, _("with --scaling: the small sizes alone, in 3 rounds"), NULL },
    { "sweep", 0, 0, G_OPTION_ARG_STRING, &sweep, _("with --scaling: only batch, k, side or pool"), "NAME" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, _("with --scaling: folder for scaling.csv and scaling.svg"), "DIR" },
    { "random-teacher", 0, 0, G_OPTION_ARG_STRING, &network, _("an untrained network in the teacher's place"), "NETWORK" },
    { "input", 0, 0, G_OPTION_ARG_STRING, &input, _("what the untrained teacher reads (3x32x32)"), "CxHxW" },
    { "classes", 0, 0, G_OPTION_ARG_INT, &random.classes, _("classes of the untrained teacher (10)"), "N" },
    { NULL },
  };

  if (!dfkd_command_parse (&argc, &argv, "bench", NULL, _("Times each kind of step of a recipe, by stage: median, least and most of several runs."),
                           entries, &common, &recipe, 0))
    return DFKD_EXIT_USAGE;
  if (!scaling && (quick || sweep != NULL || output != NULL))
    {
      g_printerr (_("dfkd bench: --quick, --sweep and --output belong to --scaling\n"));
      return DFKD_EXIT_USAGE;
    }
  if (network == NULL && (input != NULL || random.classes != 10))
    {
      g_printerr (_("dfkd bench: --input and --classes belong to --random-teacher: another teacher has its own\n"));
      return DFKD_EXIT_USAGE;
    }
  if (!dfkd_recipe_check (recipe, &error))
    return dfkd_command_fail (error);
  if (repeats == 0)
    repeats = !scaling ? 9 : quick ? 3 : 5;
  if (repeats < 1 || repeats > 10000)
    {
      g_printerr (_("dfkd bench: --repeats: expected a number from 1 to 10000\n"));
      return DFKD_EXIT_USAGE;
    }
  if (settings.listed < 0)
    {
      g_printerr (_("dfkd bench: --kernels: expected a number from 0 on\n"));
      return DFKD_EXIT_USAGE;
    }
  if (at_once < 1 || at_once > DFKD_MAX_LANES)
    {
      g_printerr (_("dfkd bench: --at-once: expected a number from 1 to %d\n"), DFKD_MAX_LANES);
      return DFKD_EXIT_USAGE;
    }
  random.network = network;
  random.input = input != NULL ? input : "3x32x32";
  settings.repeats = repeats;
  settings.at_once = at_once;
  if (scaling)
    return bench_scaling (&common, recipe, &random, &(BenchScalingOptions){ repeats, quick, sweep, output });
  return bench (recipe, &random, &settings, roofline, &error) ? DFKD_EXIT_DONE : dfkd_command_fail (error);
}
