/* test-run-methods.c: small runs of each method, of another generator, and of teachers that a method cannot work with. */
#include "small-runs.h"

#include "channel.h"
#include "data-fit.h"
#include "errors.h"
#include "initialise.h"
#include "model-file.h"
#include "run-standing.h"
#include "shapes32.h"
#include "support.h"

#include <locale.h>
#include <math.h>
#include <string.h>

/* what is in the pool, as the run itself says and as its log does */
static void
check_images (const char *folder, const DfkdRecipe *recipe)
{
  const gboolean keeps = dfkd_recipe_get_method (recipe)->learns_from == DFKD_IMAGES_POOL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdRunSummary) summary = dfkd_run_summary_load (folder, &error);
  g_auto (DfkdRunStanding) standing = { 0 };

  g_assert_no_error (error);
  g_assert_true (dfkd_run_standing_read (&standing, folder, recipe, &error));
  g_assert_cmpuint (summary->images, ==, keeps ? (guint64) (recipe->number[DFKD_PARAMETER_SYNTHESES] * recipe->number[DFKD_PARAMETER_BATCH]) : 0);
  g_assert_cmpuint (standing.status.images, ==, summary->images);
}

/* Each method runs through, posts the terms it names, and goes on after a stop bit for bit as without one. */
static void
test_methods (gconstpointer data)
{
  const DfkdMethod *method = data;
  g_autofree char *whole = g_strconcat ("whole-", method->name, NULL), *part = g_strconcat ("part-", method->name, NULL);
  g_autofree char *straight_folder = new_folder (whole), *folder = new_folder (part), *straight = NULL, *resumed = NULL, *log = NULL, *text = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of (method->name);
  g_autoptr (GError) error = NULL;
  DfkdSession *session;

  if (method->learns_from == DFKD_IMAGES_ORIGINALS)
    {
      g_autofree char *originals = new_folder ("originals");

      write_noise_data (originals, 40);
      g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, originals, &error));
    }
  straight = finish (start (recipe, straight_folder, FALSE, FALSE), straight_folder);

  session = start (recipe, folder, FALSE, TRUE);
  do_steps (session, DFKD_STEP_ANY, 5);
  stop (session);
  resumed = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_cmpstr (resumed, ==, straight);

  check_images (folder, recipe);
  log = g_build_filename (folder, "events.jsonl", NULL);
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  for (DfkdSeries i = DFKD_SERIES_LOSS; i <= DFKD_SERIES_LAST_TERM; i++)
    {
      g_autofree char *entry = g_strdup_printf ("\"scalar\":\"%s\"", dfkd_series_name (i));

      g_assert_true ((strstr (text, entry) != NULL) == dfkd_recipe_has_series (recipe, i));
    }
}

/* A student step takes as many images as a synthesis makes, unless it is told how many, wherever they come from; in memory and on
 * disk they are the same. */
static void
test_student_batch (gconstpointer data)
{
  const char *method = data;
  g_autofree char *folder_name = g_strconcat ("batches-", method, NULL), *originals = new_folder (folder_name);
  char *students[4];
  g_autoptr (GError) error = NULL;

  write_noise_data (originals, 40);
  for (guint i = 0; i < G_N_ELEMENTS (students); i++)
    {
      const double sizes[] = { 0, 8, 19, 19 };
      g_autofree char *name = g_strdup_printf ("batches-%s-%u", method, i), *folder = new_folder (name);
      g_autoptr (DfkdRecipe) recipe = tiny_recipe_of (method);

      g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, originals, &error));
      g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_BATCH], ==, 8.0);
      recipe->number[DFKD_PARAMETER_STUDENT_BATCH] = sizes[i];
      if (i == 3 && dfkd_recipe_get_method (recipe)->learns_from != DFKD_IMAGES_ORIGINALS)
        recipe->number[DFKD_PARAMETER_POOL_MEMORY] = 0;
      students[i] = finish (start (recipe, folder, FALSE, FALSE), folder);
    }
  g_assert_cmpstr (students[0], ==, students[1]);
  g_assert_cmpstr (students[0], !=, students[2]);
  g_assert_cmpstr (students[2], ==, students[3]);
  for (guint i = 0; i < G_N_ELEMENTS (students); i++)
    g_free (students[i]);
}

/* the labels of the first @n syntheses, one behind the other */
static GArray *
labels_of (const DfkdRecipe *recipe, guint n)
{
  GArray *labels = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = new_trainer (recipe, channel, &error);

  g_assert_no_error (error);
  for (guint i = 1; i <= n; i++)
    {
      g_autoptr (DfkdPictures) pictures = NULL;

      while (dfkd_trainer_get_counters (trainer)->synthesis < i)
        g_assert_true (dfkd_trainer_advance (trainer, 1, &error));
      pictures = dfkd_trainer_get_kept (trainer, &error);
      g_assert_no_error (error);
      g_array_append_vals (labels, pictures->labels, (guint) pictures->count);
    }
  return labels;
}

/* NAYER's labels are the classes in order; too few for another pass of them are drawn */
static void
test_nayer_labels (void)
{
  enum { BATCH = 27, CLASSES = 10, SYNTHESES = 3 };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("nayer");
  g_autoptr (GArray) labels = NULL, again = NULL;
  gsize bytes = SYNTHESES * BATCH * sizeof (gint32);
  const gint32 *label;
  guint in_order = 0, as_the_first = 0;

  recipe->number[DFKD_PARAMETER_BATCH] = BATCH;
  labels = labels_of (recipe, SYNTHESES);
  again = labels_of (recipe, SYNTHESES);
  label = (const gint32 *) labels->data;
  g_assert_cmpmem (labels->data, bytes, again->data, bytes);
  for (guint i = 0; i < SYNTHESES; i++)
    for (guint j = 0; j < BATCH; j++)
      {
        gint32 here = label[i * BATCH + j];

        g_assert_true (here >= 0 && here < CLASSES);
        if (j < BATCH / CLASSES * CLASSES)
          g_assert_cmpint (here, ==, j % CLASSES);
        else
          {
            in_order += here == (gint32) j % CLASSES;
            as_the_first += here == label[j];
          }
      }
  g_assert_cmpuint (in_order, <, SYNTHESES * (BATCH % CLASSES));
  g_assert_cmpuint (as_the_first, <, SYNTHESES * (BATCH % CLASSES));
}

/* What CMI contrasts a batch with are earlier images, not what the bank was filled with before there were any: as long as it has room for
 * all of them, its size makes no difference. */
static void
test_cmi_negatives (void)
{
  const double sizes[] = { 32, 64, 8 };
  char *students[G_N_ELEMENTS (sizes)];

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("negatives-%u", i), *folder = new_folder (name);
      g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("cmi");

      g_assert_cmpfloat (recipe->number[DFKD_PARAMETER_BATCH] * recipe->number[DFKD_PARAMETER_SYNTHESES], ==, 24.0);
      recipe->number[DFKD_PARAMETER_BANK] = sizes[i];
      recipe->number[DFKD_PARAMETER_NEGATIVES] = 6;
      students[i] = finish (start (recipe, folder, FALSE, FALSE), folder);
    }
  g_assert_cmpstr (students[0], ==, students[1]);
  g_assert_cmpstr (students[0], !=, students[2]); /* the images of the last synthesis alone */
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    g_free (students[i]);
}

/* The teacher stands in the student's place in the loss alone: how often the two agree is of the student, which knows nothing at first. */
static void
test_as_released (void)
{
  g_autofree char *folder = new_folder ("as-released"), *log = g_build_filename (folder, "events.jsonl", NULL), *text = NULL, *student = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe_of ("zskt");
  g_auto (GStrv) lines = NULL;
  guint others = 0;

  recipe->number[DFKD_PARAMETER_AS_RELEASED] = 1.0;
  recipe->number[DFKD_PARAMETER_SEED] = 1.0;
  student = finish (start (recipe, folder, FALSE, FALSE), folder);
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    others += strstr (lines[i], "\"scalar\":\"agreement\"") != NULL && !g_str_has_suffix (lines[i], "\"value\":100}");
  g_assert_cmpuint (others, >, 0);
}

/* the first block of @name that changes, behind the student's */
static DfkdBlock *
changing_block (DfkdTrainer *trainer, const char *name)
{
  for (guint i = 2; i < dfkd_trainer_block_count (trainer); i++)
    if (g_str_equal (dfkd_trainer_block (trainer, i)->name, name))
      return dfkd_trainer_block (trainer, i);
  g_assert_not_reached ();
}

/* What does not begin anew with each synthesis is lost with its first number that is none: it is said so, and no snapshot is made of it. A copy that
 * does begin anew is not. */
static void
test_lost_generator (void)
{
  static const struct {
    const char *method, *block;
    gboolean lost;
  } cases[] = { { "dafl", "parameters", TRUE }, { "nayer", "parameters", TRUE }, { "cmi", "head", TRUE }, { "fast", "fast", FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DfkdRecipe) recipe = tiny_recipe_of (cases[i].method);
      g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
      g_autoptr (GError) error = NULL, kept = NULL;
      g_autoptr (DfkdTrainer) trainer = new_trainer (recipe, channel, &error);
      DfkdBlock *block;
      const float nan = NAN;

      g_assert_no_error (error);
      g_assert_true (dfkd_trainer_set (trainer, DFKD_PARAMETER_K, 3, &error));
      while (dfkd_trainer_get_counters (trainer)->inner == 0)
        g_assert_true (dfkd_trainer_advance (trainer, 1, &error));
      g_assert_true (dfkd_trainer_check_generator (trainer, &error));
      block = changing_block (trainer, cases[i].block);
      g_assert_true (dfkd_device_write (dfkd_trainer_get_device (trainer), block, 0, &nan, sizeof nan, &error));
      g_assert_false (dfkd_trainer_advance (trainer, 1, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_NUMBER);
      g_assert_true ((strstr (error->message, "the synthesis starts again") == NULL) == cases[i].lost);
      g_assert_true (dfkd_trainer_check_generator (trainer, &kept) == !cases[i].lost);
      g_clear_error (&error);
      for (guint step = 0; !cases[i].lost && step < 3; step++) /* it does */
        g_assert_true (dfkd_trainer_advance (trainer, 1, &error));
    }
}

/* DCGAN's generator in the place of the usual one, its first layer drawn anew on the way. */
static void
test_dcgan (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autofree char *usual = run_through ("usual", recipe->number[DFKD_PARAMETER_SEED]), *other = NULL, *reset = NULL;
  g_autofree char *folder = new_folder ("dcgan"), *reset_folder = new_folder ("dcgan-reset");
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_GENERATOR, "generator_dcgan", &error));
  other = finish (start (recipe, folder, FALSE, FALSE), folder);
  g_assert_cmpstr (other, !=, usual);
  recipe->number[DFKD_PARAMETER_RESET_AFTER] = 1;
  reset = finish (start (recipe, reset_folder, FALSE, FALSE), reset_folder);
  g_assert_cmpstr (reset, !=, other);
  g_assert_false (dfkd_recipe_set (recipe, DFKD_PARAMETER_GENERATOR, "generator_deep", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
}

/* Early students do not count: a generator that was trained against a student begins with images on which any two networks agree. */
static void
test_chosen_late (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  const DfkdTrainerCounters *c;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 8.0;
  recipe->number[DFKD_PARAMETER_WARMUP] = 2.0;
  recipe->number[DFKD_PARAMETER_EVALUATE_EVERY] = 1.0;
  trainer = new_trainer (recipe, channel, &error);
  g_assert_no_error (error);
  c = dfkd_trainer_get_counters (trainer);
  while (!dfkd_trainer_is_finished (trainer))
    {
      g_assert_true (dfkd_trainer_advance (trainer, 1, &error));
      if (dfkd_trainer_is_between (trainer))
        {
          g_assert_true (c->synthesis >= 5 ? c->chosen_synthesis >= 5 : c->chosen_synthesis == 0);
          g_assert_true (isnan (c->chosen_agreement) == (c->synthesis < 5));
        }
    }
  g_assert_cmpuint (c->chosen_synthesis, >=, 5);
}

/* a file that holds a generator is refused by its name, before anything is made of it */
static void
test_generator_for_a_teacher (void)
{
  const DfkdNetworkOptions sizes = { .channels = 1, .height = 32, .width = 32, .nz = 8, .ngf = 4 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNetwork) network = dfkd_network_new ("generator", &sizes, &error);
  g_autoptr (DfkdModel) model = dfkd_model_new (network, NULL, NULL);
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdDataset) data = dfkd_shapes32_new (0, TRUE, 10, &error);
  g_autofree char *path = new_folder ("generator.safetensors");

  g_assert_no_error (error);
  g_assert_true (dfkd_model_save (model, path, &error));
  dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, path, &error);
  g_assert_no_error (error);
  g_assert_null (dfkd_session_new (recipe, &(DfkdSessionOptions){ .device = "cpu" }, &error));
  assert_says (&error, DFKD_ERROR_ARGUMENT, "generator.safetensors holds a generator, expected a classifier");
  g_assert_false (dfkd_data_fit (data, network, "it", "", &error));
  assert_says (&error, DFKD_ERROR_ARGUMENT, "it holds a generator");
}

/* A teacher without batch norms: methods that are about their statistics say so; one that has a term for them wants it to be 0. */
static void
test_no_batch_norm (void)
{
  const DfkdNetworkOptions options = { .channels = 1, .height = 32, .width = 32, .classes = 10 };
  guint refused = 0, termless = 0;

  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    for (guint without = 0; without < 2; without++)
      {
        const DfkdMethod *method = dfkd_method_table[i];
        g_autoptr (DfkdRecipe) recipe = tiny_recipe_of (method->name);
        g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
        g_autoptr (DfkdNetwork) network = NULL;
        g_autoptr (DfkdTrainer) trainer = NULL;
        g_autoptr (GError) error = NULL;
        DfkdModel *teacher;

        if (method->learns_from == DFKD_IMAGES_ORIGINALS)
          continue;
        network = dfkd_network_new ("lenet5", &options, &error);
        g_assert_no_error (error);
        teacher = dfkd_model_new (network, NULL, NULL);
        dfkd_network_initialise (network, 1, teacher->parameters, teacher->state);
        recipe->number[DFKD_PARAMETER_BN] = without == 1 ? 0.0 : recipe->number[DFKD_PARAMETER_BN];
        trainer = dfkd_trainer_new (recipe, dfkd_device_open ("cpu", 2, NULL), teacher, NULL, channel, &error);
        g_test_message ("%s: %s", method->name, error != NULL ? error->message : "goes");
        if (!method->needs_batch_norm && (without == 1 || dfkd_method_setting (method, "bn") == NULL))
          {
            g_assert_no_error (error);
            g_assert_nonnull (trainer);
            termless++;
            continue;
          }
        g_assert_null (trainer);
        g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
        g_assert_nonnull (strstr (error->message, method->needs_batch_norm ? "method: " : "--bn 0"));
        g_assert_nonnull (strstr (error->message, method->name));
        g_assert_nonnull (strstr (error->message, "lenet5"));
        refused++;
      }
  g_assert_cmpuint (refused, >, 2);
  g_assert_cmpuint (termless, >, 2);
}

/* in a run that began without the term it is not turned up either: it would do nothing, and the run could not be gone on with */
static void
test_no_batch_norm_later (void)
{
  const DfkdNetworkOptions options = { .channels = 1, .height = 32, .width = 32, .classes = 10 };
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autofree char *path = new_folder ("plain.safetensors"), *folder = new_folder ("plain");
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdNetwork) network = dfkd_network_new ("lenet5", &options, &error);
  g_autoptr (DfkdModel) teacher = dfkd_model_new (network, NULL, NULL);
  DfkdSession *session;

  dfkd_network_initialise (network, 1, teacher->parameters, teacher->state);
  g_assert_true (dfkd_model_save (teacher, path, &error));
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_TEACHER, path, &error));
  recipe->number[DFKD_PARAMETER_BN] = 0.0;
  session = start (recipe, folder, FALSE, TRUE);
  wait_for (session, DFKD_STATE_PAUSED); /* it has the teacher */
  g_assert_false (dfkd_session_set (session, DFKD_PARAMETER_BN, 1.0, &error));
  assert_says (&error, DFKD_ERROR_ARGUMENT, "bn stays 0");
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_OH, 0.5, &error));
  stop (session);
  g_free (finish (start (NULL, folder, TRUE, FALSE), folder));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/run-methods/generator-for-a-teacher", test_generator_for_a_teacher);
  g_test_add_func ("/run-methods/chosen-late", test_chosen_late);
  g_test_add_func ("/run-methods/dcgan", test_dcgan);
  for (guint i = 0; dfkd_method_table[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/run-methods/", dfkd_method_names[i], NULL);

      g_test_add_data_func (path, dfkd_method_table[i], test_methods);
    }
  g_test_add_data_func ("/run-methods/student-batch/pool", "fast", test_student_batch);
  g_test_add_data_func ("/run-methods/student-batch/fresh", "zskt", test_student_batch);
  g_test_add_data_func ("/run-methods/student-batch/originals", "kd", test_student_batch);
  g_test_add_func ("/run-methods/nayer-labels", test_nayer_labels);
  g_test_add_func ("/run-methods/cmi-negatives", test_cmi_negatives);
  g_test_add_func ("/run-methods/lost-generator", test_lost_generator);
  g_test_add_func ("/run-methods/as-released", test_as_released);
  g_test_add_func ("/run-methods/no-batch-norm", test_no_batch_norm);
  g_test_add_func ("/run-methods/no-batch-norm-later", test_no_batch_norm_later);
  return run_tests_with_small_runs ();
}
