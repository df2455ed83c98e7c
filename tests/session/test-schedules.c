/* test-schedules.c: what a run does after which synthesis: which terms count, what begins anew, whose turn it is, the student's rate and its
 * measurements. */
#include "small-runs.h"
#include "trainer-runs.h"

#include "dataset.h"
#include "embedded-teacher.h"
#include "support.h"

#include <math.h>
#include <string.h>

/* The adversarial term has no say while the student warms up, and then all of it. */
static void
test_adversarial (void)
{
  enum { K = 2, WARMUP = 2, SYNTHESES = 4 };
  static const double BN = 0.5, OH = 0.7, ADV = 1.3, BALANCE = 0.9;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("dfq");
  g_autoptr (GArray) scalars = NULL;
  double told[DFKD_N_SERIES][K * SYNTHESES] = { 0 };
  Run run;

  recipe->number[DFKD_PARAMETER_K] = K;
  recipe->number[DFKD_PARAMETER_WARMUP] = WARMUP;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = SYNTHESES;
  recipe->number[DFKD_PARAMETER_BN] = BN;
  recipe->number[DFKD_PARAMETER_OH] = OH;
  recipe->number[DFKD_PARAMETER_ADV] = ADV;
  recipe->number[DFKD_PARAMETER_BALANCE] = BALANCE;
  run = begin_run (recipe);
  finish_syntheses (&run, SYNTHESES);
  scalars = dfkd_channel_take_scalars (run.channel);
  for (guint i = 0; i < scalars->len; i++)
    {
      const DfkdScalar *s = &g_array_index (scalars, DfkdScalar, i);

      if (s->series <= DFKD_SERIES_LAST_TERM)
        told[s->series][s->step] = s->value;
    }
  for (guint step = 0; step < K * SYNTHESES; step++)
    {
      double adversarial = told[DFKD_SERIES_LOSS_ADV][step], wanted = step / K < WARMUP ? 0.0 : ADV * adversarial;
      double others = BN * told[DFKD_SERIES_LOSS_BN][step] + OH * told[DFKD_SERIES_LOSS_OH][step] + BALANCE * told[DFKD_SERIES_LOSS_BALANCE][step];

      g_assert_cmpfloat (fabs (adversarial), >, 0.01);
      g_assert_cmpfloat_with_epsilon (told[DFKD_SERIES_LOSS][step], others + wanted, 1e-4 * fabs (others));
    }
  end_run (&run);
}

/* The first batch's statistics are the first average; every later one is blended into it. */
static void
test_average (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  Run run = begin_run (recipe);
  g_autofree float *first = NULL, *batch = NULL, *second = NULL;
  gsize count = find_block (&run, "average")->bytes / sizeof (float);
  const double momentum = recipe->number[DFKD_PARAMETER_BN_MOMENTUM];

  g_assert_cmpfloat (momentum, ==, 0.9);
  finish_syntheses (&run, 1);
  first = read_named (&run, "average");
  batch = read_named (&run, "statistics");
  g_assert_cmpmem (first, count * sizeof (float), batch, count * sizeof (float));
  finish_syntheses (&run, 2);
  g_free (batch);
  batch = read_named (&run, "statistics");
  second = read_named (&run, "average");
  for (gsize i = 0; i < count; i++)
    {
      double wanted = momentum * (double) first[i] + (1.0 - momentum) * (double) batch[i];

      g_assert_cmpfloat_with_epsilon ((double) second[i], wanted, 1e-5 * MAX (fabs (wanted), 1.0));
    }
  end_run (&run);
}

/* Nayer's generator lives for so many syntheses, counted from the end of the warm-up, before which it begins with the run; the norm of its
 * embeddings begins with it. The noise is drawn for every batch, for each pass through the classes by itself. */
static void
test_life (void)
{
  enum { SYNTHESES = 6 };
  static const gboolean anew[SYNTHESES] = { TRUE, TRUE, FALSE, TRUE, FALSE, TRUE };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("nayer");
  g_autofree float *noise_before = NULL;
  Run run;

  recipe->number[DFKD_PARAMETER_BATCH] = 20;
  recipe->number[DFKD_PARAMETER_LIFE] = 2;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = SYNTHESES;
  recipe->number[DFKD_PARAMETER_KD_STEPS] = 1;
  run = begin_run (recipe);
  for (guint i = 0; i < SYNTHESES; i++)
    {
      g_autofree float *before = read_named (&run, "parameters"), *after = NULL, *norm = NULL, *noise = NULL, *other = NULL, *bias = NULL;
      gsize bytes = find_block (&run, "parameters")->bytes, size, count, others;

      advance (&run);
      after = read_named (&run, "parameters");
      g_assert_true ((memcmp (before, after, bytes) != 0) == anew[i]);
      norm = read_variable (&run, "noise", "norm", &size);
      g_assert_true ((is_all (norm, size / 2, 1.0f) && is_all (norm + size / 2, size / 2, 0.0f)) == anew[i]);
      noise = read_variable (&run, "noise", "0.weight", &count);
      other = read_variable (&run, "noise", "1.weight", &others);
      g_assert_cmpuint (count, ==, others);
      g_assert_cmpint (memcmp (noise, other, count * sizeof (float)), !=, 0);
      g_assert_true (noise_before == NULL || memcmp (noise, noise_before, count * sizeof (float)) != 0);
      g_free (noise_before);
      noise_before = g_steal_pointer (&noise);
      bias = read_variable (&run, "noise", "1.bias", &count);
      g_assert_true (is_all (bias, count, 0.0f));
      assert_zero (&run, "noise_m");
      assert_zero (&run, "noise_v");
      assert_zero (&run, "generator_m");
      assert_zero (&run, "generator_v");
      finish_syntheses (&run, i + 1);
    }
  end_run (&run);
}

/* The first layer of the generator is drawn anew once, so many syntheses after the warm-up: weights from N(0, 0.02), biases zero; the others stay. */
static void
test_reset (void)
{
  enum { SYNTHESES = 4, WARMUP = 1, RESET = 1 };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  Run run;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = SYNTHESES;
  recipe->number[DFKD_PARAMETER_WARMUP] = WARMUP;
  recipe->number[DFKD_PARAMETER_RESET_AFTER] = RESET;
  run = begin_run (recipe);
  for (guint i = 0; i < SYNTHESES; i++)
    {
      static const char *const first[] = { "l1.0.weight", "l1.0.bias", "conv_blocks.0", NULL };
      DfkdBlock *block = find_block (&run, "parameters");
      g_autofree float *before = read_block (&run, block), *after = NULL;

      advance (&run);
      after = read_block (&run, block);
      for (guint j = 0; j < dfkd_block_count (block); j++)
        {
          const DfkdVariable *variable = dfkd_block_get (block, j);
          gsize offset = variable->offset / sizeof (float), count = dfkd_shape_count (&variable->shape);
          gboolean drawn = i == WARMUP + RESET && g_strv_contains (first, variable->name);
          double squares = 0.0;

          g_assert_true ((memcmp (before + offset, after + offset, count * sizeof (float)) != 0) == drawn);
          if (!drawn)
            continue;
          if (g_str_has_suffix (variable->name, ".bias"))
            g_assert_true (is_all (after + offset, count, 0.0f));
          else if (g_str_equal (variable->name, "conv_blocks.0"))
            {
              gsize weights = 0;

              g_assert_true (is_all (after + offset + count / 2, count / 2, 0.0f));
              g_assert_cmpfloat (largest_difference (after + offset, after + offset + count / 2, count / 2), <, 6.0 * 0.02);
              for (gsize k = 0; k < count / 2; k++) /* and are not the numbers of the layer before it */
                weights += after[offset + k] == after[k];
              g_assert_cmpuint (weights, ==, 0);
            }
          else
            {
              for (gsize k = 0; k < count; k++)
                squares += (double) after[offset + k] * (double) after[offset + k];
              g_assert_cmpfloat_with_epsilon (sqrt (squares / (double) count), 0.02, 0.002);
            }
        }
      finish_syntheses (&run, i + 1);
    }
  end_run (&run);
}

/* CMI's generator is another one for every batch, with an Adam that has done nothing. */
static void
test_fresh_generator (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("cmi");
  Run run = begin_run (recipe);
  g_autofree float *before = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autofree float *after = NULL, *weight = NULL, *bias = NULL;
      gsize weights, biases;

      advance (&run);
      after = read_named (&run, "fast");
      g_assert_true (before == NULL || memcmp (before, after, find_block (&run, "fast")->bytes) != 0);
      assert_zero (&run, "generator_m");
      assert_zero (&run, "generator_v");
      weight = read_variable (&run, "fast", "l1.0.weight", &weights);
      bias = read_variable (&run, "fast", "l1.0.bias", &biases);
      g_assert_cmpint (memcmp (weight, bias, MIN (weights, biases) * sizeof (float)), !=, 0); /* each by draws of its own */
      g_free (before);
      before = g_steal_pointer (&after);
      finish_syntheses (&run, i + 1);
    }
  end_run (&run);
}

/* generators take turns, each with its own weights, moments and number of steps */
static void
test_turns (void)
{
  enum { GENERATORS = 3, SYNTHESES = 5, K = 2 };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("gendfd");
  guint turns[GENERATORS] = { 0 };
  Run run;

  recipe->number[DFKD_PARAMETER_GENERATORS] = GENERATORS;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = SYNTHESES;
  recipe->number[DFKD_PARAMETER_K] = K;
  run = begin_run (recipe);
  for (guint i = 0; i < SYNTHESES; i++)
    {
      float *before[GENERATORS], *after[GENERATORS];
      g_autofree float *now = NULL;
      gsize bytes = find_block (&run, "parameters")->bytes;

      for (guint j = 0; j < GENERATORS; j++)
        {
          g_autofree char *name = g_strdup_printf ("weights of generator %u", j);

          before[j] = read_named (&run, name);
          g_assert_true (j == 0 || memcmp (before[j], before[j - 1], bytes) != 0);
        }
      advance (&run);
      now = read_named (&run, "parameters");
      g_assert_cmpmem (now, bytes, before[i % GENERATORS], bytes);
      finish_syntheses (&run, i + 1);
      turns[i % GENERATORS]++;
      for (guint j = 0; j < GENERATORS; j++)
        {
          g_autofree char *name = g_strdup_printf ("weights of generator %u", j), *steps_name = g_strdup_printf ("steps of generator %u", j);
          g_autofree float *steps = read_named (&run, steps_name);

          after[j] = read_named (&run, name);
          g_assert_true ((memcmp (before[j], after[j], bytes) != 0) == (j == i % GENERATORS));
          g_assert_cmpfloat ((double) steps[0], ==, K * turns[j]);
          g_free (before[j]);
          g_free (after[j]);
        }
    }
  end_run (&run);
}

/* DeepInversion's pixels begin with an Adam that has done nothing. */
static void
test_pixels (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("deepinv");
  Run run = begin_run (recipe);

  for (guint i = 0; i < 2; i++)
    {
      static const char *const moments[] = { "m", "v" };

      advance (&run);
      for (guint j = 0; j < G_N_ELEMENTS (moments); j++)
        {
          gsize count;
          g_autofree float *numbers = read_variable (&run, "pixels", moments[j], &count);

          g_assert_true (is_all (numbers, count, 0.0f));
        }
      finish_syntheses (&run, i + 1);
    }
  end_run (&run);
}

/* the cosine from the rate to its minimum over all student steps */
static void
test_student_rate (void)
{
  enum { SYNTHESES = 5, WARMUP = 2, STEPS = 4, ALL = (SYNTHESES - WARMUP) * STEPS };
  static const double TOP = 0.3, LEAST = 0.1;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GArray) scalars = NULL;
  guint step = 0;
  Run run;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = SYNTHESES;
  recipe->number[DFKD_PARAMETER_WARMUP] = WARMUP;
  recipe->number[DFKD_PARAMETER_KD_STEPS] = STEPS;
  recipe->number[DFKD_PARAMETER_LR] = TOP;
  recipe->number[DFKD_PARAMETER_LR_MINIMUM] = LEAST;
  run = begin_run (recipe);
  finish_syntheses (&run, SYNTHESES);
  scalars = dfkd_channel_take_scalars (run.channel);
  for (guint i = 0; i < scalars->len; i++)
    {
      const DfkdScalar *s = &g_array_index (scalars, DfkdScalar, i);

      if (s->series != DFKD_SERIES_LR_STUDENT)
        continue;
      g_assert_cmpuint (s->step, ==, step);
      g_assert_cmpfloat_with_epsilon (s->value, LEAST + 0.5 * (TOP - LEAST) * (1.0 + cos (G_PI * step / ALL)), 1e-9);
      step++;
    }
  g_assert_cmpuint (step, ==, ALL);
  end_run (&run);
}

/* How often teacher and student agree counts from the first step of the student, and anew after each comparison; of students that did
 * equally well the later one is chosen. */
static void
test_choice (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  DfkdTrainerCounters counters;
  Run run;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 6;
  recipe->number[DFKD_PARAMETER_EVALUATE_EVERY] = 1;
  run = begin_run (recipe);
  finish_syntheses (&run, 1);
  while (run.counters->student_steps == 0)
    {
      g_assert_cmpuint (run.counters->agreements, ==, 0);
      advance (&run);
    }
  finish_syntheses (&run, 4);
  g_assert_cmpuint (run.counters->agreements, ==, 0);
  g_assert_cmpfloat (run.counters->agreement_sum, ==, 0.0);
  while (run.counters->synthesis < 5 || run.counters->student < 3)
    advance (&run);
  counters = *run.counters;
  g_assert_cmpuint (counters.agreements, ==, 3);
  counters.chosen_synthesis = 4;
  counters.chosen_agreement = counters.agreement_sum / 3.0;
  dfkd_trainer_set_counters (run.trainer, &counters);
  finish_syntheses (&run, 5);
  g_assert_cmpuint (run.counters->chosen_synthesis, ==, 5);
  end_run (&run);
}

/* the student is measured every so many syntheses and at the end; what is told of its answers and the teacher's is of the same images */
static void
test_measurements (void)
{
  enum { SYNTHESES = 5, EVERY = 2, IMAGES = 40 };
  static const guint measured[] = { 2, 4, 5 };
  g_autofree char *folder = new_folder ("noise");
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  DfkdModel *teacher = dfkd_teacher_load ("", &error);
  DfkdTrainerCounters counters;
  DfkdEvent *event;
  DfkdDataset *data;
  guint n = 0;
  Run run;

  g_assert_no_error (error);
  write_noise_data (folder, IMAGES);
  data = dfkd_dataset_open (folder, TRUE, &(DfkdDatasetOptions){ .pad_digits = TRUE }, &error);
  g_assert_no_error (error);
  recipe->number[DFKD_PARAMETER_SYNTHESES] = SYNTHESES;
  recipe->number[DFKD_PARAMETER_EVALUATE_EVERY] = EVERY;
  trainer = dfkd_trainer_new (recipe, dfkd_device_open ("cpu", 2, NULL), teacher, data, channel, &error);
  g_assert_no_error (error);
  run = (Run){ channel, trainer, dfkd_trainer_get_counters (trainer) };
  finish_syntheses (&run, 3);
  g_assert_cmpfloat (run.counters->best_accuracy, ==, run.counters->accuracy);
  counters = *run.counters;
  counters.best_accuracy = 99.0;
  dfkd_trainer_set_counters (trainer, &counters);
  finish_syntheses (&run, SYNTHESES);
  g_assert_cmpfloat (run.counters->best_accuracy, ==, 99.0);
  while ((event = dfkd_channel_take_event (channel)) != NULL)
    {
      if (event->kind == DFKD_EVENT_EVALUATION)
        {
          const DfkdAssessment *a = event->assessment;
          guint64 hits = 0, all = 0;

          g_assert_cmpuint (n, <, G_N_ELEMENTS (measured));
          g_assert_cmpuint (event->synthesis, ==, measured[n++]);
          g_assert_cmpuint (a->count, ==, IMAGES);
          for (gsize i = 0; i < a->classes; i++)
            {
              guint64 answers[2] = { 0 }; /* of the student */

              for (gsize j = 0; j < a->classes; j++)
                {
                  answers[0] += a->confusion[j * a->classes + i];
                  answers[1] += a->agreement[j * a->classes + i];
                }
              g_assert_cmpuint (answers[0], ==, answers[1]);
              all += answers[0];
              hits += a->confusion[i * a->classes + i];
            }
          g_assert_cmpuint (all, ==, IMAGES);
          g_assert_cmpfloat_with_epsilon (event->new_value, 100.0 * (double) hits / IMAGES, 1e-9);
        }
      dfkd_event_free (event);
    }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (measured));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/schedules/adversarial", test_adversarial);
  g_test_add_func ("/schedules/average", test_average);
  g_test_add_func ("/schedules/life", test_life);
  g_test_add_func ("/schedules/reset", test_reset);
  g_test_add_func ("/schedules/fresh-generator", test_fresh_generator);
  g_test_add_func ("/schedules/turns", test_turns);
  g_test_add_func ("/schedules/pixels", test_pixels);
  g_test_add_func ("/schedules/student-rate", test_student_rate);
  g_test_add_func ("/schedules/choice", test_choice);
  g_test_add_func ("/schedules/measurements", test_measurements);
  return run_tests_with_small_runs ();
}
