/* test-session.c: whole small runs: the same bytes from the same seed, the same bytes after a stop and a resume, damaged snapshots,
 * branches, changed dials, a loss that is not a number, a profile on the way. test-run-methods.c runs each method, test-recipe.c is about
 * recipes, test-run-claims.c about who writes where. */
#include "small-runs.h"

#include "branch-point.h"
#include "channel.h"
#include "errors.h"
#include "roofline.h"
#include "run-folder.h"
#include "safetensors.h"
#include "support.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static void
test_same_seed (void)
{
  g_autofree char *first = run_through ("first", 5), *second = run_through ("second", 5), *other = run_through ("other", 6);

  g_assert_cmpstr (first, ==, second);
  g_assert_cmpstr (first, !=, other);
}

/* stops after @steps steps, resumes, and ends where the run without a stop did */
static void
test_resume (gconstpointer data)
{
  guint steps = GPOINTER_TO_UINT (data);
  g_autofree char *name = g_strdup_printf ("resume-%u", steps), *folder = new_folder (name), *straight = NULL, *resumed = NULL;
  g_autofree char *whole = g_strdup_printf ("whole-%u", steps), *log = g_build_filename (folder, "events.jsonl", NULL), *text = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);
  guint losses = 0;

  straight = run_through (whole, 5);
  do_steps (session, DFKD_STEP_ANY, steps);
  stop (session);

  resumed = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_cmpstr (resumed, ==, straight);

  /* nothing stands in the log twice, nothing is missing */
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  for (const char *at = text; (at = strstr (at, "\"scalar\":\"loss\"")) != NULL; at++)
    losses++;
  g_assert_cmpuint (losses, ==, 3 * 3);
}

static void
damage (const char *path)
{
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  contents[length - 5000] ^= 0x10;
  g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));
}

/* the snapshots of the run in @folder, the newest first. Returns: (transfer full) (element-type filename) */
static GPtrArray *
snapshots_of (const char *folder)
{
  g_autofree char *snapshots = g_build_filename (folder, "snapshots", NULL);
  g_autoptr (GDir) directory = g_dir_open (snapshots, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    g_ptr_array_add (paths, g_build_filename (snapshots, name, NULL));
  g_assert_cmpuint (paths->len, ==, 2); /* only the newest two are kept */
  if (g_strcmp0 (g_ptr_array_index (paths, 0), g_ptr_array_index (paths, 1)) < 0)
    g_ptr_array_add (paths, g_ptr_array_steal_index (paths, 0));
  return paths;
}

static void
test_damaged_snapshot (void)
{
  g_autofree char *folder = new_folder ("damaged"), *straight = NULL, *resumed = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GPtrArray) paths = NULL, again = NULL;
  g_autoptr (GError) error = NULL;
  DfkdSessionOptions options = { .device = "cpu", .folder = folder, .resume = TRUE };

  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 1;
  straight = finish (start (recipe, folder, FALSE, FALSE), folder);
  paths = snapshots_of (folder);
  damage (g_ptr_array_index (paths, 0)); /* the newest: the one before is taken, and comes to the same end */
  resumed = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_cmpstr (resumed, ==, straight);

  again = snapshots_of (folder);
  for (guint i = 0; i < again->len; i++)
    damage (g_ptr_array_index (again, i));
  g_assert_null (dfkd_session_new (NULL, &options, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "damaged"));
}

/* A damaged snapshot that was passed over takes the place of no whole one: when the next one is damaged, too, the run still goes on. */
static void
test_passed_over_snapshot (void)
{
  g_autofree char *folder = new_folder ("passed-over"), *straight = NULL, *resumed = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GPtrArray) first = NULL, then = NULL;
  DfkdSession *session;

  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 1;
  straight = finish (start (recipe, folder, FALSE, FALSE), folder);
  first = snapshots_of (folder);
  damage (g_ptr_array_index (first, 0));
  session = start (NULL, folder, TRUE, TRUE);
  do_steps (session, DFKD_STEP_ANY, 2);
  stop (session);

  then = snapshots_of (folder);
  g_assert_cmpstr (g_ptr_array_index (then, 0), <, g_ptr_array_index (first, 0)); /* on the way there */
  g_assert_cmpstr (g_ptr_array_index (then, 1), ==, g_ptr_array_index (first, 1));
  damage (g_ptr_array_index (then, 0));
  resumed = finish (start (NULL, folder, TRUE, FALSE), folder);
  g_assert_cmpstr (resumed, ==, straight);
}

/* One bit in what a snapshot says beside its tensors, by which the log would be cut short, or another teacher taken for the run's. */
static void
test_damaged_metadata (void)
{
  static const char *const keys[] = { "\"events\":\"", "\"teacher\":\"" };
  g_autofree char *folder = new_folder ("metadata"), *snapshots = g_build_filename (folder, "snapshots", NULL), *straight = NULL, *path = NULL, *contents = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GDir) directory = NULL;
  gsize length;

  straight = finish (start (recipe, folder, FALSE, FALSE), folder);
  directory = g_dir_open (snapshots, 0, NULL);
  path = g_build_filename (snapshots, g_dir_read_name (directory), NULL);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  for (guint i = 0; i < 2 * G_N_ELEMENTS (keys); i++) /* the value; its name */
    {
      DfkdSessionOptions options = { .device = "cpu", .folder = folder, .resume = TRUE };
      g_autofree char *damaged = g_memdup2 (contents, length);
      char *place = g_strstr_len (damaged + 8, (gssize) length - 8, keys[i / 2]);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (place);
      place[i % 2 == 0 ? strlen (keys[i / 2]) : 1] ^= 1;
      g_assert_true (g_file_set_contents (path, damaged, (gssize) length, NULL));
      g_assert_null (dfkd_session_new (NULL, &options, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "damaged"));
    }
}

/* gives the snapshot @path other counters, under a checksum that is right: the line of each that @counters has becomes what stands there */
static void
forge (const char *path, const char *const *counters)
{
  static const char *const summed[] = { "pool", "recipe", "counters", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdSafetensors) file = dfkd_safetensors_open (path, &error);
  g_autoptr (DfkdSafetensorsWriter) writer = dfkd_safetensors_writer_new ();
  g_autofree const char **keys = dfkd_safetensors_metadata_keys (file);
  g_auto (GStrv) lines = g_strsplit (dfkd_safetensors_metadata (file, "counters"), "\n", -1);
  g_autofree char *forged = NULL;

  for (guint i = 0; counters[i] != NULL; i++)
    for (guint j = 0; lines[j] != NULL; j++)
      if (strncmp (lines[j], counters[i], strcspn (counters[i], " ") + 1) == 0)
        {
          g_free (lines[j]);
          lines[j] = g_strdup (counters[i]);
        }
  forged = g_strjoinv ("\n", lines);
  for (gsize i = 0; i < dfkd_safetensors_count (file); i++)
    {
      const DfkdTensorEntry *entry = dfkd_safetensors_get (file, i);

      dfkd_safetensors_writer_add_tensor (writer, entry->name, entry->dtype, entry->dims, entry->rank, entry->data);
    }
  for (guint i = 0; keys[i] != NULL; i++)
    if (!g_str_equal (keys[i], "sha256"))
      dfkd_safetensors_writer_add_metadata (writer, keys[i], g_str_equal (keys[i], "counters") ? forged : dfkd_safetensors_metadata (file, keys[i]));
  dfkd_safetensors_writer_add_sum (writer, summed);
  g_assert_true (dfkd_safetensors_writer_write (writer, path, &error));
}

/* a snapshot that somebody made up ends with a message, whatever it says that the run has done */
static void
test_forged_snapshot (void)
{
  static const char *const forgeries[][3] = { { "phase 99" }, { "synthesis 0" }, { "phase 0", "synthesis 3" } };

  for (guint i = 0; i < G_N_ELEMENTS (forgeries); i++)
    {
      g_autofree char *name = g_strdup_printf ("forged-%u", i), *folder = new_folder (name), *student = NULL, *path = NULL;
      g_autofree char *snapshots = g_build_filename (folder, "snapshots", NULL);
      g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
      g_autoptr (GDir) directory = NULL;
      g_autoptr (GError) error = NULL;
      DfkdSession *session;

      student = finish (start (recipe, folder, FALSE, FALSE), folder);
      directory = g_dir_open (snapshots, 0, NULL);
      path = g_build_filename (snapshots, g_dir_read_name (directory), NULL);
      g_assert_null (g_dir_read_name (directory)); /* there is one, of the end */
      forge (path, forgeries[i]);
      session = start (NULL, folder, TRUE, FALSE);
      g_assert_false (dfkd_session_wait (session, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "counters"));
      dfkd_session_free (session);
    }
}

/* From any branch point a new run goes on bit for bit as the first one did, its pool in memory or on disk; with another dial it
 * does not. */
static void
test_branch (void)
{
  g_autofree char *straight = NULL;

  for (guint disk = 0; disk < 2; disk++)
    {
      g_autofree char *name = g_strdup_printf ("trunk-%u", disk), *trunk = new_folder (name), *own = NULL, *other_name = g_strdup_printf ("bent-%u", disk);
      g_autofree char *bent = new_folder (other_name), *bent_student = NULL;
      g_autoptr (DfkdRecipe) recipe = tiny_recipe (), changed = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) points = NULL;
      DfkdSessionOptions options = { .device = "cpu", .branch_folder = trunk };
      DfkdSession *session;

      recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 1;
      recipe->number[DFKD_PARAMETER_POOL_MEMORY] = disk == 1 ? 0 : recipe->number[DFKD_PARAMETER_POOL_MEMORY];
      own = finish (start (recipe, trunk, FALSE, FALSE), trunk);
      points = dfkd_branch_points_list (trunk);
      g_assert_cmpuint (points->len, ==, 2); /* after the third the run is over */
      for (guint i = 0; i < 2; i++)
        {
          g_autofree char *branch_name = g_strdup_printf ("branch-%u-%u", disk, i), *branch = new_folder (branch_name), *student = NULL;

          options.folder = branch;
          options.branch_synthesis = g_array_index (points, guint, i);
          g_assert_cmpuint (options.branch_synthesis, ==, i + 1);
          options.paused = TRUE;
          session = dfkd_session_new (NULL, &options, &error);
          g_assert_no_error (error);
          wait_for (session, DFKD_STATE_PAUSED);
          g_assert_true (dfkd_run_can_go_on (branch)); /* wherever it is cut off, from the branch point */
          g_assert_false (dfkd_run_is_begun (branch));
          dfkd_session_run (session);
          student = finish (session, branch);
          g_assert_cmpstr (student, ==, own);
        }
      if (disk == 0)
        straight = g_strdup (own);
      g_assert_cmpstr (own, ==, straight);

      options.folder = bent;
      options.paused = FALSE;
      options.branch_synthesis = 2;
      changed = dfkd_branch_point_read_recipe (trunk, 2, &error);
      g_assert_no_error (error);
      changed->number[DFKD_PARAMETER_LR_G] *= 2.0;
      session = dfkd_session_new (changed, &options, &error);
      g_assert_no_error (error);
      bent_student = finish (session, bent);
      g_assert_cmpstr (bent_student, !=, own);

      options.branch_synthesis = 7;
      g_assert_null (dfkd_session_new (NULL, &options, &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
      g_assert_nonnull (strstr (error->message, "1, 2"));
    }
}

/* Without data a branch chooses among the students that it has: the one that it begins with, where that is late enough in it, or later ones. */
static void
test_branch_chosen (void)
{
  static const struct {
    guint at, syntheses, chosen;
  } cases[] = { { 2, 4, 2 }, { 1, 4, 0 }, { 2, 8, 0 } };
  g_autofree char *trunk = new_folder ("trunk-chosen");
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();

  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = recipe->number[DFKD_PARAMETER_EVALUATE_EVERY] = 1;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = 4;
  recipe->number[DFKD_PARAMETER_WARMUP] = 0;
  g_free (finish (start (recipe, trunk, FALSE, FALSE), trunk));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("chosen-%u", i), *folder = new_folder (name), *file = g_build_filename (folder, "student-chosen.safetensors", NULL);
      DfkdSessionOptions options = { .device = "cpu", .folder = folder, .branch_folder = trunk, .branch_synthesis = cases[i].at, .paused = TRUE };
      g_autoptr (GError) error = NULL;
      DfkdSession *session;
      DfkdStatus status;

      recipe->number[DFKD_PARAMETER_SYNTHESES] = cases[i].syntheses;
      session = dfkd_session_new (recipe, &options, &error);
      g_assert_no_error (error);
      wait_for (session, DFKD_STATE_PAUSED);
      dfkd_channel_get_status (dfkd_session_get_channel (session), &status);
      g_assert_cmpuint (status.chosen_synthesis, ==, cases[i].chosen);
      g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS) == (cases[i].chosen > 0));
      dfkd_session_free (session);
    }
}

/* A run that goes on from a snapshot has the student that was chosen by then, not one of what came after it. */
static void
test_chosen_put_back (void)
{
  for (guint done = 1; done <= 2; done++) /* in the second half of four syntheses one is chosen */
    {
      g_autofree char *name = g_strdup_printf ("chosen-then-%u", done), *folder = new_folder (name);
      g_autofree char *file = g_build_filename (folder, "student-chosen.safetensors", NULL), *before = NULL, *after = NULL;
      g_autofree char *last = g_strdup_printf ("%06u.safetensors", done), *point = g_build_filename (folder, "branch-points", last, NULL);
      g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
      DfkdSession *session;
      gsize length = 0, length_after = 0;
      gboolean is_chosen;

      recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = recipe->number[DFKD_PARAMETER_EVALUATE_EVERY] = 1;
      recipe->number[DFKD_PARAMETER_SYNTHESES] = 4;
      recipe->number[DFKD_PARAMETER_WARMUP] = 0;
      session = start (recipe, folder, FALSE, TRUE);
      wait_for (session, DFKD_STATE_PAUSED);
      for (guint i = 0; i < done; i++)
        dfkd_session_step (session, DFKD_STEP_EPOCH);
      while (!g_file_test (point, G_FILE_TEST_EXISTS)) /* which comes last */
        g_usleep (1000);
      stop (session);
      is_chosen = g_file_get_contents (file, &before, &length, NULL);
      g_assert_true (is_chosen == (done == 2));
      g_assert_true (g_file_set_contents (file, "of a synthesis that is not the run's any more", -1, NULL));

      session = start (recipe, folder, TRUE, TRUE);
      wait_for (session, DFKD_STATE_PAUSED);
      g_assert_true (g_file_get_contents (file, &after, &length_after, NULL) == is_chosen);
      g_assert_cmpmem (before, length, after, length_after);
      stop (session);
    }
}

/* While the parts of a run are weighed alike nothing takes it back, not what comes between the last inner step and the next synthesis either. */
static void
test_progress (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdChannel) channel = dfkd_channel_new ();
  g_autoptr (DfkdTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  double before = 0.0;
  DfkdStatus status;

  recipe->number[DFKD_PARAMETER_WARMUP] = 2; /* the student's pace is not known before */
  trainer = new_trainer (recipe, channel, &error);
  g_assert_no_error (error);
  while (dfkd_trainer_get_counters (trainer)->synthesis < 2)
    {
      g_assert_true (dfkd_trainer_advance (trainer, 1, &error));
      dfkd_trainer_post_status (trainer, DFKD_STATE_RUNNING);
      dfkd_channel_get_status (channel, &status);
      g_assert_cmpfloat (status.progress, >=, before);
      before = status.progress;
    }
  g_assert_cmpfloat (before, >, 0.0);
}

/* A run that is killed between a snapshot and its branch point, which comes after it, has the point all the same, and those thinned out that
 * make room for it. */
static void
test_branch_point_later (void)
{
  g_autofree char *folder = new_folder ("later-point"), *first = g_build_filename (folder, "branch-points", "000001.safetensors", NULL);
  g_autofree char *second = g_build_filename (folder, "branch-points", "000002.safetensors", NULL);
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GArray) points = NULL;
  DfkdSession *session;

  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = recipe->number[DFKD_PARAMETER_BRANCH_POINTS] = 1;
  session = start (recipe, folder, FALSE, TRUE);
  for (guint i = 0; i < 2; i++)
    dfkd_session_step (session, DFKD_STEP_EPOCH);
  while (!g_file_test (second, G_FILE_TEST_EXISTS))
    g_usleep (1000);
  stop (session);
  g_assert_cmpint (g_rename (second, first), ==, 0);
  session = start (NULL, folder, TRUE, TRUE);
  wait_for (session, DFKD_STATE_PAUSED);
  points = dfkd_branch_points_list (folder);
  g_assert_cmpuint (points->len, ==, 1);
  g_assert_cmpuint (g_array_index (points, guint, 0), ==, 2);
  stop (session);
}

/* as many as wanted, evenly over the run, whether it was interrupted or not */
static void
test_branch_points (void)
{
  static const double most[] = { 0, 1, 2, 8 };
  static const guint kept[][4] = { { 0 }, { 2, 0 }, { 1, 2, 0 }, { 1, 2, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (most); i++)
    {
      g_autofree char *name = g_strdup_printf ("points-%u", i), *folder = new_folder (name), *student = NULL;
      g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
      g_autoptr (GArray) points = NULL;

      recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 1;
      recipe->number[DFKD_PARAMETER_BRANCH_POINTS] = most[i];
      student = finish (start (recipe, folder, FALSE, FALSE), folder);
      points = dfkd_branch_points_list (folder);
      for (guint j = 0; j < points->len; j++)
        g_assert_cmpuint (g_array_index (points, guint, j), ==, kept[i][j]);
      g_assert_cmpuint (kept[i][points->len], ==, 0);
      dfkd_branch_points_cut (folder, 1);
      g_array_unref (g_steal_pointer (&points));
      points = dfkd_branch_points_list (folder);
      g_assert_cmpuint (points->len, ==, i >= 2 ? 1 : 0);
    }
}

/* points that a run has are not dropped because it makes others from here on, as long as there is room for all */
static void
test_branch_points_apart (void)
{
  g_autofree char *folder = new_folder ("points-apart"), *student = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GArray) points = NULL;
  DfkdSession *session;
  static const guint kept[] = { 1, 2, 3, 6 };

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 8;
  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 1;
  session = start_after (recipe, folder, 3);
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_SNAPSHOT_EVERY, 6, NULL));
  dfkd_session_run (session);
  student = finish (session, folder);
  points = dfkd_branch_points_list (folder);
  g_assert_cmpmem (points->data, points->len * sizeof (guint), kept, sizeof kept);
}

/* waits for an event of one of two kinds */
static DfkdEvent *
wait_for_event (DfkdSession *session, DfkdEventKind kind, DfkdEventKind other)
{
  DfkdEvent *event;

  for (;;)
    {
      dfkd_channel_wait (dfkd_session_get_channel (session), 0.05);
      while ((event = dfkd_channel_take_event (dfkd_session_get_channel (session))) != NULL)
        {
          if (event->kind == kind || event->kind == other)
            return event;
          dfkd_event_free (event);
        }
    }
}

/* the student can be had at any time; where it cannot be written, that is said and the run goes on */
static void
test_export (void)
{
  g_autofree char *folder = new_folder ("exported"), *path = new_folder ("exported.safetensors"), *student = NULL;
  g_autofree char *plain = run_through ("not-exported", 5), *onnx = new_folder ("exported.onnx");
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (DfkdModel) model = NULL;
  g_autoptr (GError) error = NULL;
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);
  DfkdEvent *event;

  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_export_student (session, path); /* paused */
  event = wait_for_event (session, DFKD_EVENT_EXPORTED, DFKD_EVENT_NOTICE);
  g_assert_cmpint (event->kind, ==, DFKD_EVENT_EXPORTED);
  g_assert_cmpstr (event->message, ==, path);
  dfkd_event_free (event);
  model = dfkd_model_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (model->network->name, ==, recipe->text[DFKD_PARAMETER_STUDENT]);
  dfkd_session_export_student (session, onnx); /* the ending says the format */
  event = wait_for_event (session, DFKD_EVENT_EXPORTED, DFKD_EVENT_NOTICE);
  g_assert_cmpint (event->kind, ==, DFKD_EVENT_EXPORTED);
  dfkd_event_free (event);
  g_assert_null (dfkd_model_load (onnx, NULL, NULL));
  dfkd_session_export_student (session, "/nowhere/student.safetensors");
  event = wait_for_event (session, DFKD_EVENT_EXPORTED, DFKD_EVENT_NOTICE);
  g_assert_cmpint (event->kind, ==, DFKD_EVENT_NOTICE);
  g_assert_nonnull (strstr (event->message, "/nowhere"));
  dfkd_event_free (event);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_remove (onnx), ==, 0);
  dfkd_session_run (session); /* running */
  g_assert_true (dfkd_session_export_student (session, path));
  g_assert_true (dfkd_session_export_student (session, onnx));
  dfkd_session_wait (session, &error);
  g_assert_no_error (error);
  g_assert_false (dfkd_session_export_student (session, path));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS) && g_file_test (onnx, G_FILE_TEST_EXISTS)); /* one does not take the other's place */
  g_assert_false (dfkd_session_save_student (session, path, &error)); /* it is in the folder */
  g_clear_error (&error);
  student = finish (session, folder);
  g_assert_cmpstr (student, ==, plain); /* it changes nothing */
}

static void
test_dials (void)
{
  g_autofree char *folder = new_folder ("dials"), *log = g_build_filename (folder, "events.jsonl", NULL), *text = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe (), now = NULL;
  g_autoptr (GError) error = NULL;
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);

  wait_for (session, DFKD_STATE_PAUSED);
  g_assert_true (dfkd_session_set (session, DFKD_PARAMETER_LR_G, 0.004, &error));
  g_assert_false (dfkd_session_set (session, DFKD_PARAMETER_LR_G, -1.0, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (dfkd_session_set (session, DFKD_PARAMETER_BATCH, 16.0, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  now = dfkd_session_copy_recipe (session);
  g_assert_cmpfloat (now->number[DFKD_PARAMETER_LR_G], ==, 0.004);
  dfkd_session_run (session);
  g_free (finish (session, folder));
  g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"parameter\":\"lr_g\""));
  g_assert_nonnull (strstr (text, "\"old\":0.003"));
}

/* an absurd rate blows the latents up: the run pauses and says where and in which term, and can be ended cleanly */
static void
test_not_a_number (void)
{
  g_autofree char *folder = new_folder ("nan");
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session;
  DfkdEvent *event;
  gboolean paused = FALSE;

  recipe->number[DFKD_PARAMETER_LR] = 10.0;
  recipe->number[DFKD_PARAMETER_TEMPERATURE] = 100.0;
  recipe->number[DFKD_PARAMETER_WEIGHT_DECAY] = 1.0;
  recipe->number[DFKD_PARAMETER_KD_STEPS] = 400;
  session = start (recipe, folder, FALSE, FALSE);
  for (guint i = 0; i < 600 && !paused; i++)
    {
      dfkd_channel_wait (dfkd_session_get_channel (session), 0.1);
      while ((event = dfkd_channel_take_event (dfkd_session_get_channel (session))) != NULL)
        {
          if (event->kind == DFKD_EVENT_PAUSED && event->message != NULL)
            {
              paused = TRUE;
              g_assert_nonnull (strstr (event->message, "not a finite number"));
              g_assert_nonnull (strstr (event->message, "step"));
            }
          g_assert_cmpint (event->kind, !=, DFKD_EVENT_FINISHED);
          dfkd_event_free (event);
        }
    }
  g_assert_true (paused);
  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_stop (session);
  dfkd_session_wait (session, NULL);
  dfkd_session_free (session);
}

/* a device is measured in each precision that it has, and is left in the one it had */
static void
test_rates (void)
{
  g_autoptr (GError) error = NULL;
  DfkdDevice *device = dfkd_device_open ("cpu", 2, &error);

  g_assert_no_error (error);
  for (DfkdPrecision precision = 0; precision < DFKD_N_PRECISIONS; precision++)
    {
      DfkdRates rates = { 0 };
      gboolean has = dfkd_device_has_precision (device, precision);

      g_assert_true (dfkd_device_measure (device, precision, &rates, &error) == has);
      g_assert_cmpint (dfkd_device_get_precision (device), ==, DFKD_PRECISION_FLOAT32);
      if (has)
        {
          g_test_message ("%s: %.0f GFLOP/s, %.1f GB/s", dfkd_precision_name (precision), rates.flop * 1e-9, rates.bytes * 1e-9);
          g_assert_cmpfloat (rates.flop, >, 1e8);
          g_assert_cmpfloat (rates.bytes, >, 1e7);
        }
      else
        g_assert_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE);
      g_clear_error (&error);
    }
  dfkd_device_free (device);
}

/* measuring what a run's steps cost leaves no trace in the run */
static void
test_profile (void)
{
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autofree char *folder = new_folder ("profiled"), *plain = run_through ("not-profiled", 5), *profiled = NULL;
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);
  DfkdChannel *channel = dfkd_session_get_channel (session);
  g_autoptr (GPtrArray) rooflines = NULL;
  DfkdStatus status;

  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_step (session, DFKD_STEP_EPOCH);
  do
    {
      dfkd_channel_wait (channel, 0.05);
      dfkd_channel_get_status (channel, &status);
    }
  while (status.images == 0);
  for (guint i = 0; i < 2; i++) /* the second time before it runs on */
    {
      gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

      g_clear_pointer (&rooflines, g_ptr_array_unref);
      dfkd_session_profile (session);
      while ((rooflines = dfkd_channel_take_rooflines (channel)) == NULL)
        {
          dfkd_channel_wait (channel, 0.05);
          g_assert_cmpint (g_get_monotonic_time (), <, end);
        }
    }
  g_assert_cmpuint (rooflines->len, ==, 3); /* inner, outer, student: there is no test data */
  for (guint i = 0; i < rooflines->len; i++)
    {
      const DfkdRoofline *roofline = g_ptr_array_index (rooflines, i);
      double stages = 0.0, kernels = 0.0;

      g_assert_cmpfloat (roofline->rates.flop, >, 1e8);
      g_assert_cmpfloat (roofline->rates.bytes, >, 1e7);
      for (guint j = 0; j < roofline->stages->len; j++)
        stages += g_array_index (roofline->stages, DfkdCost, j).seconds;
      for (guint j = 0; j < roofline->kernels->len; j++)
        {
          const DfkdCost *cost = &g_array_index (roofline->kernels, DfkdCost, j);

          g_assert_true (j == 0 || cost->seconds <= g_array_index (roofline->kernels, DfkdCost, j - 1).seconds);
          g_assert_cmpfloat (cost->least, >=, 0.0);
          kernels += cost->seconds;
        }
      g_assert_cmpfloat (kernels, >, 0.0);
      g_assert_cmpfloat_with_epsilon (stages, kernels, 1e-9);
    }
  dfkd_session_run (session);
  profiled = finish (session, folder);
  g_assert_cmpstr (profiled, ==, plain);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/session/same-seed", test_same_seed);
  g_test_add_data_func ("/session/resume-in-the-inner-loop", GUINT_TO_POINTER (7), test_resume);
  g_test_add_data_func ("/session/resume-between-student-steps", GUINT_TO_POINTER (12), test_resume);
  g_test_add_func ("/session/damaged-snapshot", test_damaged_snapshot);
  g_test_add_func ("/session/passed-over-snapshot", test_passed_over_snapshot);
  g_test_add_func ("/session/damaged-metadata", test_damaged_metadata);
  g_test_add_func ("/session/forged-snapshot", test_forged_snapshot);
  g_test_add_func ("/session/branch", test_branch);
  g_test_add_func ("/session/branch-chosen", test_branch_chosen);
  g_test_add_func ("/session/chosen-put-back", test_chosen_put_back);
  g_test_add_func ("/session/branch-points", test_branch_points);
  g_test_add_func ("/session/branch-points-apart", test_branch_points_apart);
  g_test_add_func ("/session/branch-point-later", test_branch_point_later);
  g_test_add_func ("/session/progress", test_progress);
  g_test_add_func ("/session/export", test_export);
  g_test_add_func ("/session/dials", test_dials);
  g_test_add_func ("/session/not-a-number", test_not_a_number);
  g_test_add_func ("/session/rates", test_rates);
  g_test_add_func ("/session/profile", test_profile);
  return run_tests_with_small_runs ();
}
