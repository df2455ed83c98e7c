/* test-draws.c: what is drawn, by which seed, from where to where and independently of what else; and what is drawn of what a run remembers. */
#include "small-runs.h"
#include "trainer-runs.h"

#include "augmentation.h"
#include "build.h"
#include "initialise.h"

#include <string.h>

/* every number that is drawn is drawn by the seed: latents and labels too, and the networks that begin */
static void
test_seeds (void)
{
  static const char *const blocks[] = { "parameters", "latents", "batch" };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  Run runs[3];

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      recipe->number[DFKD_PARAMETER_SEED] = i < 2 ? 5 : 6;
      runs[i] = begin_run (recipe);
      advance (&runs[i]);
    }
  for (guint j = 0; j < G_N_ELEMENTS (blocks); j++)
    {
      gsize bytes = find_block (&runs[0], blocks[j])->bytes;
      g_autofree float *first = read_named (&runs[0], blocks[j]), *same = read_named (&runs[1], blocks[j]), *other = read_named (&runs[2], blocks[j]);

      g_assert_cmpmem (first, bytes, same, bytes);
      g_assert_cmpint (memcmp (first, other, bytes), !=, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    end_run (&runs[i]);
}

static gboolean
is_draw (DfkdOp op)
{
  return op == DFKD_OP_RANDOM_NORMAL || op == DFKD_OP_RANDOM_UNIFORM || op == DFKD_OP_RANDOM_INTEGER;
}

/* No two draws of a step are of the same numbers: each has a purpose of its own. */
static void
test_purposes (void)
{
  static const char *const steps[] = { "begin", "inner", "student" };
  guint all = 0;

  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    {
      g_autoptr (DfkdRecipe) recipe = tiny_recipe_of (dfkd_method_table[i]->name);
      Run run;

      if (dfkd_method_table[i]->learns_from == DFKD_IMAGES_ORIGINALS) /* of which there are none here */
        continue;
      recipe->number[DFKD_PARAMETER_BATCH] = 20; /* nayer: two passes through the classes */
      recipe->number[DFKD_PARAMETER_RESET_AFTER] = 1;
      run = begin_run (recipe);
      for (guint j = 0; j < G_N_ELEMENTS (steps); j++)
        {
          DfkdProgram *program = dfkd_trainer_program (run.trainer, steps[j]);
          const DfkdPlan *plan = program != NULL ? dfkd_program_get_plan (program) : NULL;
          g_autoptr (GHashTable) purposes = g_hash_table_new (NULL, NULL);

          for (guint k = 0; plan != NULL && k < plan->n_steps; k++)
            if (is_draw (plan->steps[k].op))
              {
                g_assert_true (g_hash_table_add (purposes, GUINT_TO_POINTER (plan->steps[k].attributes.random.purpose)));
                all++;
              }
        }
      end_run (&run);
    }
  g_assert_cmpuint (all, >, 50);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* DeepInversion's one jitter and flip of a step: by up to an eighth of the side either way along both axes, and flipped or not */
static void
test_jitter (void)
{
  enum { STEPS = 300, SIDE = 8, PLACES = 2 * (SIDE / 8) + 1 };
  const DfkdNetworkOptions options = { .channels = 1, .height = SIDE, .width = SIDE, .classes = 10 };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("deepinv");
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNetwork) network = dfkd_network_new ("resnet8", &options, &error);
  g_autoptr (DfkdTrainer) trainer = NULL;
  g_autoptr (GArray) scalars = NULL, losses = g_array_new (FALSE, FALSE, sizeof (double));
  DfkdModel *teacher;
  guint distinct = 0;

  g_assert_no_error (error);
  teacher = dfkd_model_new (network, NULL, NULL);
  dfkd_network_initialise (network, 1, teacher->parameters, teacher->state);
  recipe->number[DFKD_PARAMETER_K] = STEPS;
  recipe->number[DFKD_PARAMETER_LR_Z] = 0.0; /* the images stay */
  trainer = dfkd_trainer_new (recipe, dfkd_device_open ("cpu", 2, NULL), teacher, NULL, channel, &error);
  g_assert_no_error (error);
  while (dfkd_trainer_get_counters (trainer)->inner < STEPS)
    g_assert_true (dfkd_trainer_advance (trainer, 1, &error));
  scalars = dfkd_channel_take_scalars (channel);
  for (guint i = 0; i < scalars->len; i++)
    {
      const DfkdScalar *s = &g_array_index (scalars, DfkdScalar, i);

      if (s->series == DFKD_SERIES_LOSS_OH && s->step > 0) /* the first brings the pixels into range */
        g_array_append_val (losses, s->value);
    }
  g_array_sort (losses, compare_doubles);
  for (guint i = 0; i < losses->len; i++)
    distinct += i == 0 || g_array_index (losses, double, i) != g_array_index (losses, double, i - 1);
  g_assert_cmpuint (distinct, ==, PLACES * PLACES * 2);
}

/* Padded crops lie anywhere from one border to the other, along both axes, and are flipped or not wherever they lie: by a draw of its own. */
static void
test_crops (void)
{
  enum { BATCH = 4000, PLACES = 2 * DFKD_CROP_PADDING + 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = dfkd_device_open ("cpu", 2, &error);
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("crops");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdDraws draws = dfkd_draw_crops (g, dfkd_graph_counter (g, "draw"), BATCH, 7);
  guint places[2][PLACES] = { 0 }, flipped[PLACES] = { 0 }, alike[PLACES] = { 0 }, flipped_alike[PLACES] = { 0 };
  const gint32 *offset, *flip;

  dfkd_read (g, "offset", draws.offset);
  dfkd_read (g, "flip", draws.flip);
  program = dfkd_program_new (device, g, &error);
  g_assert_no_error (error);
  dfkd_program_set_counter (program, "draw", 3, 1, 0);
  g_assert_true (dfkd_program_run (program, &error) && dfkd_program_wait (program, &error));
  offset = dfkd_program_read (program, "offset", NULL);
  flip = dfkd_program_read (program, "flip", NULL);
  for (guint i = 0; i < BATCH; i++)
    {
      g_assert_true (flip[i] == 0 || flip[i] == 1);
      for (guint axis = 0; axis < 2; axis++)
        {
          g_assert_true (offset[2 * i + axis] >= 0 && offset[2 * i + axis] < PLACES);
          places[axis][offset[2 * i + axis]]++;
        }
      flipped[offset[2 * i]] += (guint) flip[i];
      alike[offset[i]]++; /* the number of the same index */
      flipped_alike[offset[i]] += (guint) flip[i];
    }
  for (guint place = 0; place < PLACES; place++)
    {
      for (guint axis = 0; axis < 2; axis++)
        g_assert_cmpuint (places[axis][place], >, BATCH / PLACES * 3 / 4);
      g_assert_cmpfloat_with_epsilon ((double) flipped[place] / places[0][place], 0.5, 0.15);
      g_assert_cmpfloat_with_epsilon ((double) flipped_alike[place] / alike[place], 0.5, 0.15);
    }
}

/* numbers of the variable @name in a block's storage: @value of out, in, row and column, or of an index alone */
static void
set_variable (DfkdBlock *block, float *storage, const char *name, float (*value) (gsize index, const DfkdShape *shape, gconstpointer data),
              gconstpointer data)
{
  for (guint i = 0; i < dfkd_block_count (block); i++)
    {
      const DfkdVariable *variable = dfkd_block_get (block, i);
      g_autofree float *numbers = NULL;

      if (!g_str_equal (variable->name, name))
        continue;
      numbers = g_new (float, dfkd_shape_count (&variable->shape));
      for (gsize j = 0; j < dfkd_shape_count (&variable->shape); j++)
        numbers[j] = value (j, &variable->shape, data);
      dfkd_tensor_to_storage (&variable->shape, numbers, storage + variable->offset / sizeof (float));
      return;
    }
  g_assert_not_reached ();
}

/* a convolution that leaves the first channels as they are */
static float
identity (gsize index, const DfkdShape *shape, gconstpointer data)
{
  gsize area = shape->dim[2] * shape->dim[3], in = index / area % shape->dim[1], out = index / area / shape->dim[1];

  return in == out && index % area == area / 2 ? 1.0f : 0.0f;
}

/* a batch norm that keeps everything above 0 */
static float
lifting (gsize index, const DfkdShape *shape, gconstpointer data)
{
  return index < shape->dim[1] ? 0.1f : 1.0f;
}

enum {
  PARTS_HEIGHT = 16,
  PARTS_WIDTH = 32,
};

/* of an image that becomes brighter from step to step, downwards or to the right: four pixels are one number of the first layer */
static float
stairs (gsize index, const DfkdShape *shape, gconstpointer data)
{
  const gsize width = PARTS_WIDTH / 4, height = PARTS_HEIGHT / 4;

  return GPOINTER_TO_UINT (data) == 0 ? (float) (index / width % height) / (float) (height - 1) : (float) (index % width) / (float) (width - 1);
}

/* CMI's local view is a part of the image that is at least half as high and wide, anywhere in it, whatever its sides. */
static void
test_parts (void)
{
  enum { BATCH = 128, NGF = 4 };
  const DfkdNetworkOptions options = { .channels = 1, .height = PARTS_HEIGHT, .width = PARTS_WIDTH, .classes = 10 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNetwork) network = dfkd_network_new ("resnet8", &options, &error);
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("cmi");
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = NULL;
  DfkdModel *teacher;
  Run run;

  g_assert_no_error (error);
  teacher = dfkd_model_new (network, NULL, NULL);
  dfkd_network_initialise (network, 1, teacher->parameters, teacher->state);
  set_variable (network->parameters, teacher->parameters, "conv1.weight", identity, NULL);
  recipe->number[DFKD_PARAMETER_BATCH] = BATCH;
  recipe->number[DFKD_PARAMETER_NGF] = NGF;
  trainer = dfkd_trainer_new (recipe, dfkd_device_open ("cpu", 2, NULL), teacher, NULL, channel, &error);
  g_assert_no_error (error);
  run = (Run){ channel, trainer, dfkd_trainer_get_counters (trainer) };
  for (guint axis = 0; axis < 2; axis++)
    {
      DfkdBlock *fast = find_block (&run, "fast");
      g_autofree float *generator = g_malloc0 (fast->bytes), *views = NULL, *images = NULL;
      gsize count, width;
      float dark, range;
      guint low = 0, high = 0;

      advance (&run);
      set_variable (fast, generator, "l1.0.bias", stairs, GUINT_TO_POINTER (axis));
      set_variable (fast, generator, "conv_blocks.2.weight", identity, NULL);
      set_variable (fast, generator, "conv_blocks.6.weight", identity, NULL);
      set_variable (fast, generator, "conv_blocks.9.weight", identity, NULL);
      set_variable (fast, generator, "conv_blocks.0", lifting, NULL);
      set_variable (fast, generator, "conv_blocks.3", lifting, NULL);
      set_variable (fast, generator, "conv_blocks.7", lifting, NULL);
      g_assert_true (dfkd_device_write (dfkd_trainer_get_device (trainer), fast, 0, generator, fast->bytes, &error));
      advance (&run);
      images = read_variable (&run, "batch", "images", &count);
      dark = images[0];
      range = images[PARTS_HEIGHT * PARTS_WIDTH - 1] - dark;
      g_assert_cmpfloat (range, >, 0.01f);
      views = read_variable (&run, "views", "local", &count);
      width = count / BATCH;
      for (gsize i = 0; i < BATCH; i++)
        {
          const float share = (views[i * width] - dark) / range;

          g_assert_cmpfloat (share, >, 0.14f); /* half of the stairs is not all dark */
          g_assert_cmpfloat (share, <, 0.86f);
          low += share < 0.35f;
          high += share > 0.65f;
        }
      g_assert_cmpuint (low, >, BATCH / 32);
      g_assert_cmpuint (high, >, BATCH / 32);
      finish_syntheses (&run, axis + 1);
    }
}

/* Every synthesis is remembered behind the one before it; where the bank is full, it begins from its start again. */
static void
test_bank (void)
{
  enum { BATCH = 8, ROWS = 16 };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("cmi");
  Run run = begin_run (recipe);

  g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_BANK], ==, ROWS);
  for (guint i = 0; i < 3; i++)
    {
      static const char *const names[] = { "local", "global" };

      finish_syntheses (&run, i + 1);
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          gsize count, all;
          g_autofree float *views = read_variable (&run, "views", names[j], &count), *bank = read_variable (&run, "bank", names[j], &all);

          g_assert_cmpuint (all, ==, count / BATCH * ROWS);
          g_assert_cmpmem (bank + i * BATCH % ROWS * (count / BATCH), count * sizeof (float), views, count * sizeof (float));
        }
    }
  end_run (&run);
}

/* L_cr of each inner step of three syntheses, where the rows of the bank from @first on are changed before synthesis @when */
static void
tell_contrast (guint when, gsize first, double told[9])
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("cmi");
  g_autoptr (GArray) scalars = NULL;
  g_autoptr (GError) error = NULL;
  Run run = begin_run (recipe);
  DfkdBlock *bank = find_block (&run, "bank");

  for (guint i = 0; i < 3; i++)
    {
      if (i == when)
        {
          g_autofree float *numbers = read_block (&run, bank);

          for (guint j = 0; j < dfkd_block_count (bank); j++)
            {
              const DfkdVariable *variable = dfkd_block_get (bank, j);

              for (gsize k = first * variable->shape.dim[1]; k < dfkd_shape_count (&variable->shape); k++)
                numbers[variable->offset / sizeof (float) + k] = k % 2 == 0 ? 0.5f : -0.25f;
            }
          dfkd_device_write (dfkd_trainer_get_device (run.trainer), bank, 0, numbers, bank->bytes, &error);
          g_assert_no_error (error);
        }
      finish_syntheses (&run, i + 1);
    }
  scalars = dfkd_channel_take_scalars (run.channel);
  for (guint i = 0; i < scalars->len; i++)
    {
      const DfkdScalar *s = &g_array_index (scalars, DfkdScalar, i);

      if (s->series == DFKD_SERIES_LOSS_CR)
        told[s->step] = s->value;
    }
  end_run (&run);
}

/* What is contrasted with is what the bank remembers, anywhere in it, and nothing of what it was filled with before there were images. */
static void
test_contrast (void)
{
  enum { K = 3, BATCH = 8 };
  double plain[3 * K], unused[3 * K], used[3 * K];

  tell_contrast (G_MAXUINT, 0, plain);
  tell_contrast (0, 0, unused);
  tell_contrast (2, BATCH, used);
  for (guint i = 0; i < 3 * K; i++)
    {
      g_assert_cmpfloat (plain[i], >, 0.0);
      g_assert_cmpfloat (plain[i], <, 30.0); /* two cross entropies of cosines / 0.2 */
      g_assert_cmpfloat (plain[i], ==, unused[i]);
      g_assert_true (i >= 2 * K || plain[i] == used[i]);
    }
  g_assert_cmpfloat (plain[2 * K], !=, used[2 * K]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/draws/seeds", test_seeds);
  g_test_add_func ("/draws/purposes", test_purposes);
  g_test_add_func ("/draws/jitter", test_jitter);
  g_test_add_func ("/draws/crops", test_crops);
  g_test_add_func ("/draws/parts", test_parts);
  g_test_add_func ("/draws/bank", test_bank);
  g_test_add_func ("/draws/contrast", test_contrast);
  return run_tests_with_small_runs ();
}
