/* test-runs.c: the list of runs: what it says of each, deleting and taking back, and going on with one from the list. */
#include "small-runs.h"
#include "small-window.h"
#include "widgets.h"
#include "workbench-run-row.h"
#include "workbench-runs-window.h"
#include "workbench-settings.h"
#include "workbench-window-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

static char *home;

static char *
finished_run (const char *name)
{
  g_autofree char *student = run_through (name, 7);

  return new_folder (name);
}

/* one synthesis of three, then stopped */
static char *
stopped_run (const char *name)
{
  char *folder = new_folder (name);
  g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
  DfkdSession *session = start (recipe, folder, FALSE, TRUE);

  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_step (session, DFKD_STEP_EPOCH);
  g_usleep (400000);
  wait_for (session, DFKD_STATE_PAUSED);
  dfkd_session_free (session);
  return folder;
}

static void
set (gpointer object, gboolean *flag)
{
  *flag = TRUE;
}

static gboolean
is_set (gpointer flag)
{
  return *(gboolean *) flag;
}

static WorkbenchRuns *
read_runs (void)
{
  gboolean read = FALSE;
  WorkbenchRuns *runs = workbench_runs_new (home);

  g_signal_connect (runs, "refreshed", G_CALLBACK (set), &read);
  turn_until (is_set, &read);
  g_signal_handlers_disconnect_by_data (runs, &read);
  return runs;
}

static guint
length (WorkbenchRuns *runs)
{
  return g_list_model_get_n_items (G_LIST_MODEL (runs));
}

static WorkbenchRunEntry *
entry_of (WorkbenchRuns *runs, const char *folder)
{
  for (guint i = 0; i < length (runs); i++)
    {
      WorkbenchRunEntry *entry = g_list_model_get_item (G_LIST_MODEL (runs), i);

      g_object_unref (entry); /* the list holds it */
      if (g_str_equal (workbench_run_entry_get_folder (entry), folder))
        return entry;
    }
  g_assert_not_reached ();
}

static gboolean
has_thumbnail (gpointer entry)
{
  return workbench_run_entry_get_thumbnail (entry) != NULL;
}

static gboolean
is_gone (gpointer path)
{
  return !g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
set_age (const char *path, gint64 seconds)
{
  const gint64 then = g_get_real_time () / G_USEC_PER_SEC - seconds;

  g_assert_cmpint (g_utime (path, &(struct utimbuf){ then, then }), ==, 0);
}

static void
set_age_of_log (const char *folder, gint64 seconds)
{
  g_autofree char *log = g_build_filename (folder, "events.jsonl", NULL);

  set_age (log, seconds);
}

static void
test_list (void)
{
  g_autofree char *finished = finished_run ("a finished one"), *stopped = stopped_run ("stopped"), *broken = new_folder ("broken"), *log = NULL;
  g_autofree char *recipe = g_build_filename (broken, "recipe.json", NULL), *aside = NULL;
  g_autoptr (WorkbenchRuns) runs = NULL;
  g_autoptr (GError) error = NULL;
  WorkbenchRunEntry *entry;

  g_mkdir (broken, 0755);
  log = g_build_filename (broken, "events.jsonl", NULL);
  g_assert_true (g_file_set_contents (recipe, "{", 1, NULL));
  g_assert_true (g_file_set_contents (log, "", 0, NULL));
  set_age_of_log (broken, 90);
  runs = read_runs ();
  g_assert_cmpuint (length (runs), ==, 3); /* a broken one too: it can be deleted */
  g_assert_nonnull (strstr (workbench_run_entry_get_line (entry_of (runs, broken)), "recipe unreadable"));

  entry = entry_of (runs, finished);
  g_assert_cmpstr (workbench_run_entry_get_title (entry), ==, "a finished one");
  g_assert_nonnull (strstr (workbench_run_entry_get_line (entry), "demo · fast, the built-in teacher → wrn10_1 · "));
  g_assert_nonnull (strstr (workbench_run_entry_get_line (entry), " · k 3 · ")); /* it is 5 in the recipe of its method */
  g_assert_false (workbench_run_entry_can_resume (entry)); /* there is nothing left to do */
  g_assert_null (workbench_run_entry_get_thumbnail (entry));
  turn_until (has_thumbnail, entry);
  g_assert_cmpint (gdk_texture_get_width (workbench_run_entry_get_thumbnail (entry)), ==, 4 * 32);

  entry = entry_of (runs, stopped);
  g_assert_true (workbench_run_entry_can_resume (entry));
  g_assert_nonnull (strstr (workbench_run_entry_get_line (entry), "stopped after 1 of 3"));

  /* deleted, taken back, deleted for good */
  aside = workbench_runs_delete (runs, entry, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length (runs), ==, 2);
  g_assert_false (g_file_test (stopped, G_FILE_TEST_EXISTS));
  g_assert_true (workbench_runs_take_back (runs, aside, &error));
  g_assert_true (dfkd_run_can_resume (stopped));
  g_object_unref (runs);
  runs = read_runs ();
  g_free (aside);
  aside = workbench_runs_delete (runs, entry_of (runs, broken), &error);
  g_assert_no_error (error);
  workbench_runs_end_deletion (runs, aside);
  turn_until (is_gone, aside);
  g_assert_cmpuint (length (runs), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (workbench_runs_get_deleted (runs)), ==, 0);
}

static char *
folder_of_deleted (WorkbenchRuns *runs, guint index)
{
  g_autoptr (WorkbenchRunEntry) entry = g_list_model_get_item (workbench_runs_get_deleted (runs), index);

  return g_strdup (workbench_run_entry_get_folder (entry));
}

/* what is deleted is there for a day, under the name that it had, whoever asks; and nobody's run is taken away under his hands */
static void
test_deleted (void)
{
  static const char *const names[] = { "my~run", "my", "my~2" };
  char *paths[G_N_ELEMENTS (names)], *aside[G_N_ELEMENTS (names)];
  g_autofree char *there = NULL, *holder = NULL, *summary = NULL;
  g_autoptr (WorkbenchRuns) runs = NULL, others = NULL;
  g_autoptr (GError) error = NULL;
  int lock;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *recipe = NULL, *log = NULL;

      paths[i] = new_folder (names[i]);
      g_mkdir (paths[i], 0755);
      recipe = g_build_filename (paths[i], "recipe.json", NULL);
      log = g_build_filename (paths[i], "events.jsonl", NULL);
      g_assert_true (g_file_set_contents (recipe, "{", 1, NULL));
      g_assert_true (g_file_set_contents (log, names[i], -1, NULL));
    }
  runs = read_runs ();
  lock = dfkd_run_lock (paths[0], &error);
  g_assert_cmpint (lock, >=, 0);
  g_object_unref (runs);
  runs = read_runs ();
  g_assert_nonnull (strstr (workbench_run_entry_get_line (entry_of (runs, paths[0])), "under way"));
  g_assert_null (strstr (workbench_run_entry_get_line (entry_of (runs, paths[1])), "under way"));
  aside[0] = workbench_runs_delete (runs, entry_of (runs, paths[0]), &error);
  g_assert_null (aside[0]);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_clear_error (&error);
  g_assert_false (is_gone (paths[0]));
  close (lock);

  /* a lock that another computer has may not be seen here, but what it writes */
  for (gint64 age = -30; age <= 30; age += 30)
    {
      set_age_of_log (paths[0], age);
      aside[0] = workbench_runs_delete (runs, entry_of (runs, paths[0]), &error);
      g_assert_null (aside[0]);
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
      g_assert_nonnull (strstr (error->message, "my~run was written less than a minute ago"));
      g_clear_error (&error);
      g_assert_false (is_gone (paths[0]));
    }
  /* nor what it goes on with, which has a summary from before */
  summary = g_build_filename (paths[0], "summary.json", NULL);
  g_assert_true (g_file_set_contents (summary, "{}", -1, NULL));
  set_age (summary, 3600);
  set_age_of_log (paths[0], 1);
  aside[0] = workbench_runs_delete (runs, entry_of (runs, paths[0]), &error);
  g_assert_null (aside[0]);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_clear_error (&error);
  set_age (summary, 2); /* it has just been stopped: the last line of the log came behind it */
  aside[0] = workbench_runs_delete (runs, entry_of (runs, paths[0]), &error);
  g_assert_no_error (error);
  g_assert_true (workbench_runs_take_back (runs, aside[0], &error));
  g_free (aside[0]);
  g_clear_object (&runs);
  runs = read_runs ();
  g_unlink (summary);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    set_age_of_log (paths[i], 90);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      aside[i] = workbench_runs_delete (runs, entry_of (runs, paths[i]), &error);
      g_assert_no_error (error);
      g_assert_true (is_gone (paths[i]));
    }
  g_clear_object (&runs); /* as if the program had crashed */
  others = read_runs ();
  g_assert_cmpuint (g_list_model_get_n_items (workbench_runs_get_deleted (others)), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *log = g_build_filename (paths[i], "events.jsonl", NULL), *text = NULL;

      g_assert_true (workbench_runs_take_back (others, aside[i], &error));
      g_assert_true (g_file_get_contents (log, &text, NULL, NULL));
      g_assert_cmpstr (text, ==, names[i]);
    }
  g_assert_cmpuint (g_list_model_get_n_items (workbench_runs_get_deleted (others)), ==, 0);
  g_clear_object (&others);

  /* for a day */
  runs = read_runs ();
  g_free (aside[0]);
  aside[0] = workbench_runs_delete (runs, entry_of (runs, paths[0]), &error);
  holder = g_path_get_dirname (aside[0]);
  set_age (holder, 23 * 3600);
  others = read_runs ();
  there = folder_of_deleted (others, 0);
  g_assert_cmpstr (there, ==, aside[0]);
  set_age (holder, 25 * 3600);
  g_clear_object (&others);
  others = read_runs ();
  g_assert_cmpuint (g_list_model_get_n_items (workbench_runs_get_deleted (others)), ==, 0);
  g_assert_true (is_gone (holder));
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    dfkd_folder_remove (paths[i]);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_free (paths[i]);
      g_free (aside[i]);
    }
}

/* all syntheses are made and the student waits for its last measurement: there is something left to do */
static void
test_stopped_late (void)
{
  g_autofree char *folder = stopped_run ("stopped late"), *path = g_build_filename (folder, "summary.json", NULL), *contents = NULL;
  g_autoptr (GString) summary = NULL;
  g_autoptr (WorkbenchRuns) runs = NULL;
  WorkbenchRunEntry *entry;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  summary = g_string_new (contents);
  g_assert_cmpuint (g_string_replace (summary, "\"syntheses\" : 1", "\"syntheses\" : 3", 0), ==, 1);
  g_assert_true (g_file_set_contents (path, summary->str, -1, NULL));
  runs = read_runs ();
  entry = entry_of (runs, folder);
  g_assert_true (workbench_run_entry_can_resume (entry));
  g_assert_nonnull (strstr (workbench_run_entry_get_line (entry), "stopped after 3 of 3"));
  dfkd_folder_remove (folder);
}

/* final is what came at the end alone, and each is named */
static void
test_accuracies (void)
{
  DfkdRunSummary summary = { .accuracy = 50.0, .best_accuracy = 60.25, .chosen_accuracy = 55.5, .finished = TRUE, .syntheses = 3 };
  g_autofree char *ended = NULL, *stopped = NULL, *unknown = NULL;

  g_assert_true (workbench_run_has_ended (&summary));
  ended = workbench_run_accuracies (&summary, TRUE);
  g_assert_cmpstr (ended, ==, "final 50.00 % · best on test 60.25 % · chosen 55.50 %");
  summary.finished = FALSE;
  g_assert_false (workbench_run_has_ended (&summary));
  summary.chosen_accuracy = (double) NAN;
  stopped = workbench_run_accuracies (&summary, FALSE);
  g_assert_cmpstr (stopped, ==, "last 50.00 % · best on test 60.25 %");
  summary.accuracy = summary.best_accuracy = (double) NAN;
  unknown = workbench_run_accuracies (&summary, FALSE);
  g_assert_cmpstr (unknown, ==, "not measured");
}

static GtkWidget *
find_named (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0 || g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), label) == 0)
      && gtk_widget_is_sensitive (widget) && gtk_widget_get_mapped (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_named (child, label);
  return found;
}

static GtkWidget *list;

static gboolean
has_row (gpointer label)
{
  return find_named (list, label) != NULL;
}

static GtkWidget *
find_in_row_of (const char *folder, const char *label)
{
  GtkWidget *row;

  for (guint i = 0; (row = find_nth (list, WORKBENCH_TYPE_RUN_ROW, i)) != NULL; i++)
    if (workbench_run_row_get_entry (WORKBENCH_RUN_ROW (row)) != NULL
        && g_str_equal (workbench_run_entry_get_folder (workbench_run_row_get_entry (WORKBENCH_RUN_ROW (row))), folder))
      return find_named (row, label);
  g_assert_not_reached ();
}

static GtkWidget *
open_list (GtkWidget *window)
{
  gtk_widget_activate_action (window, "win.runs", NULL);
  g_assert_nonnull (find_toplevel (WORKBENCH_TYPE_RUNS_WINDOW));
  return GTK_WIDGET (find_toplevel (WORKBENCH_TYPE_RUNS_WINDOW));
}

static void
test_window (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Runs", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *stopped = new_folder ("stopped"), *finished = new_folder ("a finished one");
  GtkWidget *window = small_window (application, recipe, NULL, TRUE);
  GtkWidget *button;

  g_settings_set_string (workbench_settings (), "runs-folder", home);

  /* deleted in the list and taken back by the toast */
  list = open_list (window);
  turn_until (has_row, (gpointer) "user-trash-symbolic");
  gtk_test_accessible_assert_property (find_in_row_of (stopped, "Go On"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "stopped");
  gtk_test_accessible_assert_property (find_in_row_of (finished, "user-trash-symbolic"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "a finished one");
  button = find_named (list, "user-trash-symbolic");
  g_signal_emit_by_name (button, "clicked");
  turn_until (has_row, (gpointer) "_Undo");
  g_assert_true (is_gone (stopped) != is_gone (finished));
  g_signal_emit_by_name (find_named (list, "_Undo"), "clicked");
  turn_for (300);
  g_assert_false (is_gone (stopped) || is_gone (finished));

  /* and after the list was closed, from those deleted lately */
  button = find_named (list, "user-trash-symbolic");
  g_signal_emit_by_name (button, "clicked");
  gtk_window_close (GTK_WINDOW (list));
  turn_for (300);
  list = open_list (window);
  turn_until (has_row, (gpointer) "Deleted Lately");
  g_assert_true (is_gone (stopped) != is_gone (finished));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_named (list, "Deleted Lately")), TRUE);
  turn_until (has_row, (gpointer) "Restore");
  g_signal_emit_by_name (find_named (list, "Restore"), "clicked");
  turn_for (300);
  g_assert_false (is_gone (stopped) || is_gone (finished));
  g_assert_null (find_named (list, "Deleted Lately"));

  /* several beside the present one */
  g_assert_null (find_named (list, "Compare")); /* none is chosen */
  gtk_selection_model_select_all (gtk_list_view_get_model (GTK_LIST_VIEW (find_nth (list, GTK_TYPE_LIST_VIEW, 1))));
  g_signal_emit_by_name (find_named (list, "Compare"), "clicked");
  g_assert_cmpuint (workbench_comparison_get (WORKBENCH_WINDOW (window)->comparison)->len, ==, 2);
  turn_for (300);

  /* one that is drawn already keeps no other from being added */
  workbench_comparison_remove (WORKBENCH_WINDOW (window)->comparison, 1);
  list = open_list (window);
  turn_until (has_row, (gpointer) "user-trash-symbolic");
  gtk_selection_model_select_all (gtk_list_view_get_model (GTK_LIST_VIEW (find_nth (list, GTK_TYPE_LIST_VIEW, 1))));
  g_signal_emit_by_name (find_named (list, "Compare"), "clicked");
  g_assert_cmpuint (workbench_comparison_get (WORKBENCH_WINDOW (window)->comparison)->len, ==, 2);
  turn_for (500);
  g_assert_null (find_text (window, "This run is drawn already"));
  g_assert_true (gtk_widget_activate_action (window, "win.compare-runs", "^as", (const char *const[]){ finished, NULL }));
  TURN_UNTIL (find_text (window, "This run is drawn already") != NULL); /* as it alone was asked for */
  list = open_list (window);

  /* gone on with */
  turn_until (has_row, (gpointer) "Go On");
  g_assert_true (WORKBENCH_WINDOW (window)->paused); /* other runs wait in it */
  g_signal_emit_by_name (find_named (list, "Go On"), "clicked");
  g_assert_cmpstr (workbench_document_get_folder (WORKBENCH_WINDOW (window)->document), ==, stopped);
  turn_until (is_finished, window);
  g_assert_cmpuint (workbench_document_get_status (WORKBENCH_WINDOW (window)->document)->synthesis, ==, 3);
  turn_for (100);

  /* it has come to its end, and yet its window reads what would be deleted */
  list = open_list (window);
  turn_until (has_row, (gpointer) "user-trash-symbolic");
  g_signal_emit_by_name (find_in_row_of (stopped, "user-trash-symbolic"), "clicked");
  TURN_UNTIL (find_text (list, "This run is shown in a window") != NULL);
  g_assert_false (is_gone (stopped));
  gtk_window_close (GTK_WINDOW (list));
  end_window (window);
}

static gboolean
waits (gpointer window)
{
  return workbench_run_get_status (workbench_window_get_run (window))->state == DFKD_STATE_PAUSED;
}

/* one that another window has already goes on there */
static void
test_go_on_there (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.RunsThere", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = new_folder ("there");
  GtkWidget *there = small_window (application, recipe, folder, TRUE), *here = small_window (application, recipe, NULL, TRUE);

  turn_until (waits, there);
  g_assert_true (gtk_widget_activate_action (here, "win.resume-path", "s", folder));
  turn_until (is_finished, there);
  g_assert_true (waits (here));
  end_window (here);
  end_window (there);
}

int
main (int argc, char **argv)
{
  g_autofree char *one = NULL;
  int code;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  one = new_folder ("one");
  home = g_path_get_dirname (one);
  g_test_add_func ("/runs/list", test_list);
  g_test_add_func ("/runs/deleted", test_deleted);
  g_test_add_func ("/runs/stopped-late", test_stopped_late);
  g_test_add_func ("/runs/accuracies", test_accuracies);
  g_test_add_func ("/runs/window", test_window);
  g_test_add_func ("/runs/go-on-there", test_go_on_there);
  code = g_test_run ();
  end_small_runs ();
  g_free (home);
  return code;
}
