/* test-document.c: a run opened from its folder shows what the session told, and a selection is a set. */
#include "small-runs.h"

#include "errors.h"
#include "support.h"
#include "workbench-classes.h"
#include "workbench-document-private.h"
#include "workbench-run-table.h"

#include <glib/gstdio.h>
#include <math.h>

static void
count (gpointer object, guint *counter)
{
  (*counter)++;
}

static void
hear_loaded (WorkbenchHistory *history, guint synthesis, guint *loaded)
{
  *loaded = synthesis;
}

static char *
finished_run (const char *name)
{
  char *folder = new_folder (name);
  g_autofree char *student = run_through (name, 7);

  return folder;
}

static void
test_folder (void)
{
  g_autofree char *folder = finished_run ("opened"), *device = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkbenchDocument) document = workbench_document_open (folder, &error);
  WorkbenchHistory *history;
  const DfkdStatus *status;
  guint loaded = 0, batch = 0, count_of[DFKD_N_STAGES] = { 0 };
  const GArray *times;

  g_assert_no_error (error);
  g_assert_true (workbench_document_is_loading (document));
  g_assert_null (workbench_document_get_run (document));
  g_assert_cmpstr (workbench_document_get_title (document), ==, "opened");
  g_signal_connect (document, "loaded", G_CALLBACK (count), &loaded);
  TURN_UNTIL (loaded != 0);
  g_assert_null (workbench_document_get_problem (document));
  g_assert_false (workbench_document_is_loading (document));

  status = workbench_document_get_status (document);
  g_assert_cmpint (status->state, ==, DFKD_STATE_FINISHED);
  g_assert_cmpuint (status->synthesis, ==, 3);
  g_assert_cmpuint (status->images, ==, 24);
  g_assert_cmpfloat (status->progress, ==, 1.0);
  g_assert_true (isnan (status->accuracy)); /* no test data */
  g_assert_cmpfloat (status->clocks.total, >, 0.0);
  device = workbench_document_get_device (document);
  g_assert_cmpstr (device, !=, "");
  g_assert_cmpuint (workbench_series_get_length (workbench_document_get_series (document, DFKD_SERIES_LOSS)), ==, 9); /* 3 × k */
  g_assert_cmpuint (workbench_document_get_moments (document)->len, ==, 3);
  times = workbench_document_get_times (document, NULL);
  for (guint i = 0; i < times->len; i++)
    count_of[g_array_index (times, DfkdStepTime, i).stage]++;
  g_assert_cmpuint (count_of[DFKD_STAGE_GENERATE], ==, 3);
  g_assert_cmpuint (count_of[DFKD_STAGE_DISTIL], ==, 2); /* the first is warm-up */
  g_assert_cmpuint (count_of[DFKD_STAGE_BEGIN], ==, 3);
  g_assert_cmpuint (count_of[DFKD_STAGE_OUTER], ==, 3);

  history = workbench_document_get_history (document);
  g_assert_cmpuint (workbench_history_get_length (history), ==, 3);
  g_signal_connect (history, "loaded", G_CALLBACK (hear_loaded), &batch);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (workbench_history_get_synthesis (history, i), ==, i + 1);
      g_assert_cmpint (workbench_history_find (history, i + 1), ==, (int) i);
      g_assert_null (workbench_history_get (history, i + 1)); /* asked for */
      batch = 0;
      TURN_UNTIL (batch != 0);
      g_assert_cmpuint (batch, ==, i + 1);
      g_assert_cmpuint (workbench_history_get (history, i + 1)->synthesis, ==, i + 1);
    }
  g_assert_cmpint (workbench_history_find (history, 4), ==, -1);

  /* bounded: only the one used last stays */
  workbench_history_set_bound (history, 1);
  g_assert_nonnull (workbench_history_get (history, 3));
  g_assert_null (workbench_history_get (history, 1));
  batch = 0;
  TURN_UNTIL (batch != 0);
  g_assert_nonnull (workbench_history_get (history, 1));
  workbench_document_close (document);
}

static void
test_broken (void)
{
  g_autofree char *folder = finished_run ("broken"), *log = g_build_filename (folder, "events.jsonl", NULL);
  g_autofree char *pictures = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, 2), *recipe = g_build_filename (folder, "recipe.json", NULL);
  g_autoptr (GError) error = NULL;
  WorkbenchDocument *document;
  guint loaded = 0, batch = 0;

  g_assert_cmpint (g_unlink (log), ==, 0);
  g_assert_true (g_file_set_contents (pictures, "no pictures", -1, NULL));
  document = workbench_document_open (folder, &error);
  g_assert_no_error (error);
  g_signal_connect (document, "loaded", G_CALLBACK (count), &loaded);
  TURN_UNTIL (loaded != 0);
  g_assert_nonnull (strstr (workbench_document_get_problem (document), "events.jsonl"));

  /* one broken batch is said to be lost, the others are shown */
  g_signal_connect (workbench_document_get_history (document), "loaded", G_CALLBACK (hear_loaded), &batch);
  g_assert_null (workbench_history_get (workbench_document_get_history (document), 2));
  TURN_UNTIL (batch != 0);
  g_assert_true (workbench_history_is_lost (workbench_document_get_history (document), 2));
  g_assert_null (workbench_history_get (workbench_document_get_history (document), 3));
  batch = 0;
  TURN_UNTIL (batch != 0);
  g_assert_nonnull (workbench_history_get (workbench_document_get_history (document), 3));
  workbench_document_close (document);
  g_object_unref (document);

  g_assert_cmpint (g_unlink (recipe), ==, 0);
  g_assert_null (workbench_document_open (folder, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "recipe.json"));
}

/* closing while a log is being read: nothing comes after, nothing leaks */
static void
test_closed (void)
{
  g_autofree char *folder = finished_run ("closed");
  WorkbenchDocument *document = workbench_document_open (folder, NULL);
  gpointer weak = document;
  guint loaded = 0;
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  g_object_add_weak_pointer (G_OBJECT (document), &weak);
  g_signal_connect (document, "loaded", G_CALLBACK (count), &loaded);
  workbench_document_close (document);
  g_object_unref (document);
  while (weak != NULL && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (weak);
  g_assert_cmpuint (loaded, ==, 0);
}

/* a run that is gone on with shows its curves from the beginning, in order, whatever comes first */
static void
test_resumed (void)
{
  g_autofree char *folder = new_folder ("resumed");
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  g_autoptr (GError) error = NULL;
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);
  g_autoptr (WorkbenchDocument) document = NULL;
  WorkbenchSeries *losses;
  const DfkdStatus *status;
  guint loaded = 0;

  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_step (session, DFKD_STEP_SYNTHESIS);
  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_step (session, DFKD_STEP_SYNTHESIS);
  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_free (session); /* with a snapshot */

  document = workbench_document_new (NULL, &(DfkdSessionOptions){ .device = "cpu", .folder = folder, .resume = TRUE }, &error);
  g_assert_no_error (error);
  g_assert_true (workbench_document_is_loading (document));
  g_signal_connect (document, "loaded", G_CALLBACK (count), &loaded);
  TURN_UNTIL (loaded != 0);
  status = workbench_document_get_status (document);
  while (status->state != DFKD_STATE_FINISHED)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 50; i++) /* what was told last */
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
    }
  losses = workbench_document_get_series (document, DFKD_SERIES_LOSS);
  g_assert_cmpuint (workbench_series_get_length (losses), ==, 9);
  for (guint i = 0; i < 9; i++)
    g_assert_cmpfloat (workbench_series_get_x (losses, WORKBENCH_CLOCK_STEP, i), ==, i);
  g_assert_cmpuint (workbench_document_get_moments (document)->len, ==, 3);
  workbench_document_close (document);
}

static void
test_runs (void)
{
  g_autofree char *first = finished_run ("first"), *parent = g_path_get_dirname (first), *nothing = g_build_filename (parent, "nothing", NULL);
  g_autofree char *second = finished_run ("second");
  g_autoptr (GPtrArray) runs = NULL, none = dfkd_runs_list ("/nowhere");
  g_autoptr (DfkdRunSummary) summary = dfkd_run_summary_load (second, NULL);
  guint at[2] = { G_MAXUINT, G_MAXUINT };

  g_assert_cmpint (g_mkdir (nothing, 0700), ==, 0);
  runs = dfkd_runs_list (parent);
  for (guint i = 0; i < runs->len; i++)
    {
      const char *path = g_ptr_array_index (runs, i);

      g_assert_cmpstr (path, !=, nothing);
      at[0] = g_str_equal (path, first) ? i : at[0];
      at[1] = g_str_equal (path, second) ? i : at[1];
    }
  g_assert_cmpuint (at[1], <, at[0]); /* the newest first */
  g_assert_cmpuint (at[0], <, runs->len);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_nonnull (summary);
  g_assert_cmpuint (summary->syntheses, ==, 3);
  g_assert_true (isnan (summary->accuracy));
}

/* a branch's best was before it began: in its summary alone */
static void
test_measured_before (void)
{
  g_autofree char *folder = finished_run ("measured before"), *path = g_build_filename (folder, "summary.json", NULL), *contents = NULL;
  g_autoptr (WorkbenchDocument) document = NULL;
  g_autoptr (GString) summary = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  summary = g_string_new (contents);
  g_assert_cmpuint (g_string_replace (summary, "\"final\" : null", "\"final\" : 40.5", 0), ==, 1);
  g_assert_cmpuint (g_string_replace (summary, "\"best\" : null", "\"best\" : 60.25", 0), ==, 1);
  g_assert_true (g_file_set_contents (path, summary->str, -1, NULL));
  document = workbench_document_open (folder, NULL);
  TURN_UNTIL (!workbench_document_is_loading (document));
  g_assert_cmpfloat (workbench_document_get_status (document)->accuracy, ==, 40.5);
  g_assert_cmpfloat (workbench_document_get_status (document)->best_accuracy, ==, 60.25);
  workbench_document_close (document);
}

static guint
losses_of (WorkbenchDocument *document)
{
  return workbench_series_get_length (workbench_document_get_series (document, DFKD_SERIES_LOSS));
}

static void
hear_mark (WorkbenchDocument *document, const WorkbenchMark *mark, guint *taken_back)
{
  *taken_back += mark == NULL;
}

/* a run of another program: what it writes appears, what it takes back disappears, and its end is told */
static void
test_followed (void)
{
  g_autofree char *folder = new_folder ("followed"), *log = g_build_filename (folder, "events.jsonl", NULL), *one = NULL, *two = NULL, *ended = NULL;
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);
  g_autoptr (WorkbenchDocument) document = NULL;
  guint loaded = 0, times = 0, taken_back = 0;
  gboolean is_seen;
  gint64 ended_at;

  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_step (session, DFKD_STEP_SYNTHESIS);
  wait_for (session, DFKD_STATE_PAUSED);
  document = workbench_document_open (folder, NULL);
  g_signal_connect (document, "loaded", G_CALLBACK (count), &loaded);
  g_signal_connect (document, "mark", G_CALLBACK (hear_mark), &taken_back);
  TURN_UNTIL (loaded == 1);
  TURN_UNTIL (losses_of (document) == 3); /* k; the step may have begun only now */
  g_assert_cmpuint (workbench_document_get_moments (document)->len, <=, 1); /* what is told last may still be in the other program */
  g_assert_true (workbench_document_goes_on_elsewhere (document));
  g_assert_cmpint (workbench_document_get_status (document)->state, ==, DFKD_STATE_PAUSED);
  g_assert_true (g_file_get_contents (log, &one, NULL, NULL));

  g_signal_connect (document, "times", G_CALLBACK (count), &times);
  dfkd_session_step (session, DFKD_STEP_SYNTHESIS);
  TURN_UNTIL (losses_of (document) == 6);
  g_assert_cmpuint (workbench_history_get_length (workbench_document_get_history (document)), ==, 2);
  g_assert_cmpuint (times, >, 0);
  g_assert_true (workbench_document_goes_on_elsewhere (document));
  wait_for (session, DFKD_STATE_PAUSED);
  is_seen = dfkd_run_is_written (folder);
  dfkd_session_free (session);
  TURN_UNTIL (workbench_document_get_moments (document)->len == 2);
  ended_at = g_get_monotonic_time ();
  while (is_seen && workbench_document_goes_on_elsewhere (document)) /* where it has been seen to write, it is seen that it does no more */
    {
      g_assert_cmpint (g_get_monotonic_time () - ended_at, <, 20 * G_USEC_PER_SEC);
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (workbench_document_get_status (document)->synthesis, ==, 2);
  g_assert_true (g_file_get_contents (log, &two, NULL, NULL));

  g_assert_true (g_file_set_contents (log, one, -1, NULL)); /* back to a snapshot */
  TURN_UNTIL (losses_of (document) == 3);
  TURN_UNTIL (taken_back == 1);
  g_assert_cmpuint (workbench_document_get_moments (document)->len, <=, 1);
  ended = g_strconcat (two, "{\"event\":\"finished\",\"inner_step\":6,\"student_step\":4,\"synthesis\":2,\"clocks\":[1,1,1,1]}\n", NULL);
  g_assert_true (g_file_set_contents (log, ended, -1, NULL));
  TURN_UNTIL (workbench_document_get_status (document)->state == DFKD_STATE_FINISHED);
  g_assert_cmpuint (losses_of (document), ==, 6);
  g_assert_cmpuint (workbench_document_get_moments (document)->len, ==, 2);
  g_assert_false (workbench_document_goes_on_elsewhere (document));
  g_assert_cmpuint (loaded, ==, 1);
  workbench_document_close (document);
}

/* what the log alone tells of a run that goes on: its device, its teacher, how many syntheses it will have, and so the time left */
static void
test_followed_status (void)
{
  g_autofree char *folder = finished_run ("told"), *log = g_build_filename (folder, "events.jsonl", NULL), *device = NULL;
  g_autofree char *summary = g_build_filename (folder, "summary.json", NULL);
  const char *begun = "{\"event\":\"started\",\"inner_step\":0,\"student_step\":0,\"synthesis\":0,\"clocks\":[0,0,0,0],\"device\":\"A card\"}\n"
                      "{\"event\":\"parameter\",\"synthesis\":0,\"clocks\":[0,0,0,0],\"parameter\":\"syntheses\",\"old\":3,\"new\":14}\n"
                      "{\"event\":\"synthesis\",\"inner_step\":3,\"student_step\":0,\"synthesis\":1,\"clocks\":[9,0,0,0]}\n"
                      "{\"event\":\"synthesis\",\"inner_step\":6,\"student_step\":0,\"synthesis\":2,\"clocks\":[10,0,0,0]}\n";
  const char *more = "{\"event\":\"evaluation\",\"inner_step\":6,\"student_step\":2,\"synthesis\":2,\"clocks\":[10,1,1,0],\"accuracy\":70.5,\"teacher\":92.25,\"chosen\":69.5,\"chosen_synthesis\":2}\n"
                     "{\"event\":\"synthesis\",\"inner_step\":9,\"student_step\":2,\"synthesis\":3,\"clocks\":[11,1,1,0]}\n"
                     "{\"event\":\"synthesis\",\"inner_step\":12,\"student_step\":4,\"synthesis\":4,\"clocks\":[12,2,2,0]}\n";
  g_autofree char *both = g_strconcat (begun, more, NULL);
  g_autoptr (WorkbenchDocument) document = NULL;
  const DfkdStatus *status;

  g_assert_cmpint (g_unlink (summary), ==, 0);
  g_assert_true (g_file_set_contents (log, begun, -1, NULL));
  document = workbench_document_open (folder, NULL);
  status = workbench_document_get_status (document);
  TURN_UNTIL (!workbench_document_is_loading (document));
  device = workbench_document_get_device (document);
  g_assert_cmpstr (device, ==, "A card");
  g_assert_cmpuint (status->syntheses, ==, 14);
  g_assert_true (isnan (status->teacher_accuracy));
  g_assert_cmpfloat (status->seconds_left, <, 0.0); /* it does not go on */

  g_assert_true (g_file_set_contents (log, both, -1, NULL));
  TURN_UNTIL (status->synthesis == 4);
  g_assert_true (workbench_document_goes_on_elsewhere (document));
  g_assert_cmpuint (status->syntheses, ==, 14);
  g_assert_cmpfloat (status->accuracy, ==, 70.5);
  g_assert_cmpfloat (status->teacher_accuracy, ==, 92.25);
  g_assert_cmpfloat (status->chosen_accuracy, ==, 69.5);
  g_assert_cmpuint (status->chosen_synthesis, ==, 2);
  g_assert_cmpfloat (status->seconds_left, ==, 30.0); /* ten at 3 s, as the last two; the first is warm-up */
  workbench_document_close (document);
}

/* A folder that is not there any more goes on nowhere; it is followed again where it comes back. */
static void
test_taken_away (void)
{
  g_autofree char *folder = new_folder ("taken away"), *aside = new_folder ("put aside");
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);
  g_autoptr (WorkbenchDocument) document = NULL;

  wait_for (session, DFKD_STATE_PAUSED);
  document = workbench_document_open (folder, NULL);
  TURN_UNTIL (!workbench_document_is_loading (document));
  g_assert_true (workbench_document_goes_on_elsewhere (document));
  g_assert_cmpint (g_rename (folder, aside), ==, 0);
  TURN_UNTIL (!workbench_document_goes_on_elsewhere (document));
  g_assert_cmpint (g_rename (aside, folder), ==, 0);
  TURN_UNTIL (workbench_document_goes_on_elsewhere (document));
  workbench_document_close (document);
  dfkd_session_free (session);
}

/* the log and the pictures of a run that was begun anew in its folder: nothing of the earlier one is left */
static void
test_replaced (void)
{
  static const char line[] = "{\"event\":\"evaluation\",\"inner_step\":6,\"student_step\":4,\"synthesis\":%u,\"clocks\":[1,1,1,1],\"accuracy\":%u}\n";
  g_autofree char *folder = finished_run ("replaced"), *log = g_build_filename (folder, "events.jsonl", NULL), *summary = g_build_filename (folder, "summary.json", NULL);
  g_autofree char *before = g_strdup_printf (line, 3u, 90u), *after = g_strdup_printf (line, 2u, 50u), *contents = NULL;
  g_autofree char *first = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, 1), *second = dfkd_history_path (folder, DFKD_HISTORY_PICTURES, 2);
  g_autoptr (WorkbenchDocument) document = NULL;
  WorkbenchHistory *history;
  gsize length;
  guint batch = 0;

  g_assert_cmpint (g_unlink (summary), ==, 0);
  g_assert_true (g_file_set_contents (log, before, -1, NULL));
  document = workbench_document_open (folder, NULL);
  TURN_UNTIL (!workbench_document_is_loading (document));
  g_assert_cmpfloat (workbench_document_get_status (document)->best_accuracy, ==, 90.0);
  history = workbench_document_get_history (document);
  g_signal_connect (history, "loaded", G_CALLBACK (hear_loaded), &batch);
  g_assert_null (workbench_history_get (history, 1));
  TURN_UNTIL (batch == 1);
  g_assert_cmpuint (workbench_history_get (history, 1)->synthesis, ==, 1);

  g_assert_true (g_file_get_contents (second, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (first, contents, (gssize) length, NULL));
  g_assert_true (g_file_set_contents (log, after, -1, NULL));
  TURN_UNTIL (workbench_document_get_status (document)->synthesis == 2);
  g_assert_cmpfloat (workbench_document_get_status (document)->accuracy, ==, 50.0);
  g_assert_cmpfloat (workbench_document_get_status (document)->best_accuracy, ==, 50.0);
  batch = 0;
  g_assert_null (workbench_history_get (history, 1));
  TURN_UNTIL (batch == 1);
  g_assert_cmpuint (workbench_history_get (history, 1)->synthesis, ==, 2);
  workbench_document_close (document);
}

static const char *
cell_under (const DfkdRunTable *table, guint row, const char *heading)
{
  for (guint column = 0; column < table->n_columns; column++)
    if (g_str_equal (table->headings[column], heading))
      return dfkd_run_table_get (table, row, column);
  return NULL;
}

/* in what runs differ, what they were turned to while they went on, and what came of them */
static void
test_run_table (void)
{
  g_autofree char *folder = finished_run ("seven"), *other_folder = new_folder ("eight"), *student = run_through ("eight", 8), *text = NULL;
  g_autoptr (WorkbenchDocument) own = workbench_document_open (folder, NULL), other = workbench_document_open (other_folder, NULL);
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  g_autoptr (DfkdRunTable) table = NULL, same = NULL, turned = NULL;
  const DfkdEvent turn = { .kind = DFKD_EVENT_PARAMETER, .parameter = DFKD_PARAMETER_K, .old_value = 3.0, .new_value = 2.0 };
  g_autofree char *total = NULL;
  g_auto (GStrv) lines = NULL;

  TURN_UNTIL (!workbench_document_is_loading (own) && !workbench_document_is_loading (other));
  g_ptr_array_add (others, other);
  table = workbench_run_table_new (own, others);
  total = g_strdup_printf ("%.1f", workbench_document_get_status (other)->clocks.total);
  g_assert_cmpuint (table->n_rows, ==, 2);
  g_assert_cmpstr (cell_under (table, 0, "Run"), ==, "seven");
  g_assert_cmpstr (cell_under (table, 1, "Run"), ==, "eight");
  g_assert_cmpstr (cell_under (table, 0, "Seed"), ==, "7");
  g_assert_cmpstr (cell_under (table, 1, "Seed"), ==, "8");
  g_assert_null (cell_under (table, 0, "k")); /* the same in both */
  g_assert_cmpstr (cell_under (table, 1, "Syntheses"), ==, "3/3");
  g_assert_cmpstr (cell_under (table, 1, "Last (%)"), ==, "–"); /* no test data */
  g_assert_cmpstr (cell_under (table, 1, "Total (s)"), ==, total);

  g_assert_true (workbench_dials_set (workbench_document_get_dials (own), DFKD_PARAMETER_K, 2, NULL));
  same = workbench_run_table_new (own, others); /* that is for another run */
  g_assert_null (cell_under (same, 0, "k"));
  workbench_document_take_event (own, &turn);
  turned = workbench_run_table_new (own, others);
  g_assert_cmpstr (cell_under (turned, 0, "k"), ==, "3 → 2");
  g_assert_cmpstr (cell_under (turned, 1, "k"), ==, "3");
  text = dfkd_run_table_to_text (turned);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4); /* headings, two runs, and the end of the last line */
  for (guint i = 0; i < 3; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", -1);

      g_assert_cmpuint (g_strv_length (fields), ==, turned->n_columns);
    }
  workbench_document_close (own);
  workbench_document_close (other);
}

static void
test_selection (void)
{
  g_autoptr (GObject) object = G_OBJECT (workbench_selection_new ());
  WorkbenchSelection *selection = WORKBENCH_SELECTION (object);
  const WorkbenchImage some[] = { workbench_image (2, 7), workbench_image (1, 3), workbench_image (2, 7) };
  g_autoptr (GArray) images = NULL;
  guint changed = 0, current = 0;

  g_signal_connect (selection, "changed", G_CALLBACK (count), &changed);
  g_signal_connect (selection, "current", G_CALLBACK (count), &current);
  g_assert_cmpuint (workbench_image_synthesis (some[0]), ==, 2);
  g_assert_cmpuint (workbench_image_index (some[0]), ==, 7);
  workbench_selection_set (selection, some, G_N_ELEMENTS (some));
  g_assert_cmpuint (changed, ==, 1);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 2);
  images = workbench_selection_get_images (selection);
  g_assert_cmpuint (g_array_index (images, WorkbenchImage, 0), ==, some[1]);
  g_assert_cmpuint (g_array_index (images, WorkbenchImage, 1), ==, some[0]);
  workbench_selection_set (selection, some, 2); /* the same ones */
  g_assert_cmpuint (changed, ==, 1);
  workbench_selection_toggle (selection, some[0]);
  g_assert_false (workbench_selection_contains (selection, some[0]));
  workbench_selection_add (selection, some, 2);
  g_assert_true (workbench_selection_contains (selection, some[0]));
  g_assert_cmpuint (changed, ==, 3);
  workbench_selection_set_current (selection, some[0]);
  workbench_selection_set_current (selection, some[0]);
  g_assert_cmpuint (current, ==, 1);
  workbench_selection_clear (selection);
  g_assert_cmpuint (workbench_selection_get_count (selection), ==, 0);
}

/* What the folder says, else what its teacher's classes are called, else numbers. */
static void
test_classes (void)
{
  static const char *const names[] = { "ant", "bee", NULL };
  g_autofree char *folder = finished_run ("named"), *path = g_build_filename (folder, "classes.json", NULL);

  for (guint i = 0; i < 2; i++)
    {
      WorkbenchDocument *document;
      g_autofree char *second = NULL, *third = NULL, *none = NULL;

      if (i == 0)
        g_assert_true (dfkd_run_classes_save (folder, names, NULL));
      else
        g_unlink (path);
      document = workbench_document_open (folder, NULL);
      TURN_UNTIL (!workbench_document_is_loading (document));
      second = workbench_class_name (document, 1);
      third = workbench_class_name (document, 2);
      none = workbench_class_name (document, -1);
      g_assert_cmpstr (second, ==, i == 0 ? "bee" : "trouser");
      g_assert_cmpstr (third, ==, i == 0 ? "class 2" : "pullover");
      g_assert_cmpstr (none, ==, "no class");
      workbench_document_close (document);
      g_object_unref (document);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  begin_small_runs ();
  g_test_add_func ("/document/folder", test_folder);
  g_test_add_func ("/document/broken", test_broken);
  g_test_add_func ("/document/closed", test_closed);
  g_test_add_func ("/document/resumed", test_resumed);
  g_test_add_func ("/document/followed", test_followed);
  g_test_add_func ("/document/followed-status", test_followed_status);
  g_test_add_func ("/document/replaced", test_replaced);
  g_test_add_func ("/document/taken-away", test_taken_away);
  g_test_add_func ("/document/run-table", test_run_table);
  g_test_add_func ("/document/runs", test_runs);
  g_test_add_func ("/document/classes", test_classes);
  g_test_add_func ("/document/measured-before", test_measured_before);
  g_test_add_func ("/document/selection", test_selection);
  return run_tests_with_small_runs ();
}
