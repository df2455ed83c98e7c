/* test-closing.c: closing a window whose run goes on asks and does what is answered; the machine stays awake only meanwhile; the end of a long
 * run is told; the status bar says which accuracy and which clock is which. */
#include "small-window.h"
#include "workbench-runs.h"
#include "workbench-settings.h"
#include "workbench-status-bar.h"
#include "workbench-window-private.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char *home;
static guint awake; /* cookies that were given out, and not given back */

/* These stand in the place of GTK's: there is no session manager to ask. */
guint
gtk_application_inhibit (GtkApplication *application, GtkWindow *window, GtkApplicationInhibitFlags flags, const char *reason)
{
  g_assert_true (flags == GTK_APPLICATION_INHIBIT_SUSPEND);
  return ++awake;
}

void
gtk_application_uninhibit (GtkApplication *application, guint cookie)
{
  g_assert_true (GTK_IS_APPLICATION (application));
  g_assert_true (cookie > 0 && awake-- > 0);
}

static gboolean
is_paused (gpointer window)
{
  return workbench_run_get_status (workbench_window_get_run (window))->state == DFKD_STATE_PAUSED;
}

static WorkbenchWindow *
long_window (AdwApplication *application, const char *folder)
{
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchWindow *window;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 2000;
  window = WORKBENCH_WINDOW (small_window (application, recipe, folder, FALSE));
  turn_until (is_running, window);
  return window;
}

static void
test_answers (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Closing", G_APPLICATION_NON_UNIQUE);
  g_autofree char *kept = g_build_filename (home, "kept", NULL), *gone = g_build_filename (home, "gone", NULL);
  WorkbenchWindow *window = long_window (application, kept);
  guint left = 0;

  /* keep going */
  watch_ends (GTK_WIDGET (window), &left);
  gtk_window_close (GTK_WINDOW (window));
  turn_for (50);
  g_assert_nonnull (find_dialog ());
  answer_dialog ("cancel");
  g_assert_cmpuint (left, >, 0);
  g_assert_true (is_running (window));

  /* leave a snapshot and close */
  gtk_window_close (GTK_WINDOW (window));
  turn_for (50);
  answer_dialog ("close");
  TURN_UNTIL (left == 0);
  workbench_run_wait_for_endings ();
  g_assert_true (dfkd_run_can_resume (kept));

  /* stop and delete */
  window = long_window (application, gone);
  watch_ends (GTK_WIDGET (window), &left);
  gtk_window_close (GTK_WINDOW (window));
  turn_for (50);
  answer_dialog ("discard");
  TURN_UNTIL (left == 0);
  workbench_run_wait_for_endings ();
  g_assert_false (g_file_test (gone, G_FILE_TEST_EXISTS));
}

static gboolean
is_gone (gpointer path)
{
  return !g_file_test (path, G_FILE_TEST_EXISTS);
}

static guint
count_deleted (WorkbenchRuns *runs)
{
  return g_list_model_get_n_items (workbench_runs_get_deleted (runs));
}

static void
close_with (WorkbenchWindow *window, const char *response)
{
  guint left = 0;

  watch_ends (GTK_WIDGET (window), &left);
  gtk_window_close (GTK_WINDOW (window));
  turn_for (50);
  answer_dialog (response);
  TURN_UNTIL (left == 0);
}

/* though another window draws its curves; and one of the folder of runs can be taken back for a day */
static void
test_discarded (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Discarded", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = g_build_filename (home, "discarded", NULL);
  g_autoptr (WorkbenchRuns) runs = NULL;
  g_autoptr (WorkbenchRunEntry) entry = NULL;
  WorkbenchWindow *window, *other;
  int lock;

  g_settings_set_string (workbench_settings (), "runs-folder", home);
  window = long_window (application, folder);
  other = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  g_assert_true (workbench_window_compare (other, folder));
  close_with (window, "discard");
  turn_until (is_gone, folder);
  g_assert_cmpuint (workbench_comparison_get (other->comparison)->len, ==, 1); /* as far as it came */
  runs = workbench_runs_new (home);
  TURN_UNTIL (count_deleted (runs) == 1);
  entry = g_list_model_get_item (workbench_runs_get_deleted (runs), 0);
  g_assert_true (workbench_runs_take_back (runs, workbench_run_entry_get_folder (entry), NULL));
  g_assert_true (dfkd_run_can_resume (folder));
  end_window (GTK_WIDGET (other));

  /* under the hands of nobody */
  lock = dfkd_run_lock (folder, NULL);
  for (guint kept = 0; kept < 2; kept++)
    workbench_runs_discard (folder, kept == 1);
  g_assert_false (is_gone (folder));
  close (lock);
  workbench_runs_discard (folder, FALSE);
  g_assert_true (is_gone (folder));
  g_settings_reset (workbench_settings (), "runs-folder");
}

/* curves of a run whose window has closed go on when the run does, elsewhere */
static void
test_compared (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Compared", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = g_build_filename (home, "compared", NULL);
  DfkdSessionOptions options = { .device = "cpu", .folder = folder, .resume = TRUE };
  g_autoptr (GError) error = NULL;
  WorkbenchWindow *window = long_window (application, folder), *other = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  const GPtrArray *compared = workbench_comparison_get (other->comparison);
  WorkbenchSeries *losses;
  DfkdSession *session;
  guint length;

  g_assert_true (workbench_window_compare (other, folder));
  g_assert_true (g_ptr_array_index (compared, 0) == window->document);
  close_with (window, "close");
  g_assert_cmpuint (compared->len, ==, 1);
  g_assert_null (workbench_document_get_run (g_ptr_array_index (compared, 0)));
  workbench_run_wait_for_endings ();
  TURN_UNTIL (!workbench_document_is_loading (g_ptr_array_index (compared, 0)));
  turn_for (1500);
  losses = workbench_document_get_series (g_ptr_array_index (compared, 0), DFKD_SERIES_LOSS);
  length = workbench_series_get_length (losses);
  g_assert_cmpuint (length, >, 0);
  session = dfkd_session_new (NULL, &options, &error);
  g_assert_no_error (error);
  TURN_UNTIL (workbench_series_get_length (losses) > length);
  dfkd_session_free (session);
  end_window (GTK_WIDGET (other));
}

/* nothing would be lost: nothing is asked */
static void
test_silent (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Silent", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = g_build_filename (home, "finished", NULL);
  const char *const folders[] = { NULL, folder };

  for (guint i = 0; i < 2; i++) /* not begun; finished and kept */
    {
      WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, folders[i], i == 0));
      guint left = 0;

      watch_ends (GTK_WIDGET (window), &left);
      turn_until (i == 0 ? is_paused : is_finished, window);
      gtk_window_close (GTK_WINDOW (window));
      turn_for (50);
      g_assert_null (find_dialog ());
      TURN_UNTIL (left == 0);
    }
  workbench_run_wait_for_endings ();
}

static void
test_awake (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Awake", G_APPLICATION_NON_UNIQUE);
  WorkbenchWindow *window = long_window (application, NULL);

  g_assert_cmpuint (awake, ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.run", NULL);
  turn_until (is_paused, window);
  turn_for (100);
  g_assert_cmpuint (awake, ==, 0);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.run", NULL);
  turn_until (is_running, window);
  turn_for (100);
  g_assert_cmpuint (awake, ==, 1);
  end_window (GTK_WIDGET (window)); /* by then it has no application any more */
  g_assert_cmpuint (awake, ==, 0);
}

static void
test_notice (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Notice", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, FALSE));
  g_autoptr (GNotification) notice = NULL;

  turn_until (is_finished, window);
  g_assert_null (workbench_window_notice_of_end (window, NULL)); /* it took a moment */
  window->started -= 61 * G_USEC_PER_SEC;
  notice = workbench_window_notice_of_end (window, NULL);
  g_assert_nonnull (notice);
  g_settings_set_boolean (workbench_settings (), "notifications", FALSE);
  g_assert_null (workbench_window_notice_of_end (window, NULL));
  g_settings_reset (workbench_settings (), "notifications");

  /* final is what came at the end, alone */
  for (guint i = 0; i < 2; i++)
    {
      DfkdStatus *status = (DfkdStatus *) workbench_document_get_status (window->document);
      g_autofree char *text = NULL;

      status->accuracy = 12.5;
      status->state = i == 0 ? DFKD_STATE_FINISHED : DFKD_STATE_FAILED;
      text = workbench_window_describe_end (window);
      g_assert_nonnull (strstr (text, i == 0 ? "final accuracy 12.50 %" : "last accuracy 12.50 %"));
      status->state = DFKD_STATE_FINISHED;
    }
  end_window (GTK_WIDGET (window));
}

static gboolean
says_finished (gpointer window)
{
  return find_text (window, "finished: 3") != NULL;
}

static void
test_status (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Status", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  GtkWidget *window = small_window (application, recipe, NULL, FALSE);
  static const char *const clocks[] = { "synthesise ", "distil ", "evaluate ", "show " };

  turn_until (says_finished, window);
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (find_widget (find_widget (window, WORKBENCH_TYPE_STATUS_BAR), GTK_TYPE_PROGRESS_BAR))), ==, 1.0);
  for (guint i = 0; i < G_N_ELEMENTS (clocks); i++)
    g_assert_nonnull (gtk_widget_get_tooltip_text (find_text (window, clocks[i])));
  g_assert_null (find_text (window, "best on test")); /* there was no test set */
  end_window (window);
}

/* with a test set: each accuracy by its name, and what it is worth */
static void
test_accuracies (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Accuracies", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *data = g_build_filename (home, "noise", NULL);
  static const char *const names[] = { "final ", "best on test ", "chosen ", "teacher " };
  const DfkdStatus *status;
  GtkWidget *window, *bar;

  write_noise_data (data, 40);
  recipe->number[DFKD_PARAMETER_EVALUATE_EVERY] = 1;
  g_assert_true (dfkd_recipe_set (recipe, DFKD_PARAMETER_DATA, data, NULL));
  window = small_window (application, recipe, NULL, FALSE);
  bar = GTK_WIDGET (WORKBENCH_WINDOW (window)->status);
  turn_until (says_finished, window);
  status = workbench_document_get_status (WORKBENCH_WINDOW (window)->document);
  {
    const double percents[] = { status->accuracy, status->best_accuracy, status->chosen_accuracy, status->teacher_accuracy };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      {
        g_autofree char *text = g_strdup_printf ("%s%.2f %%", names[i], percents[i]);

        g_assert_true (isfinite (percents[i]));
        g_assert_nonnull (find_text (bar, text));
        g_assert_nonnull (gtk_widget_get_tooltip_text (find_text (bar, text)));
      }
  }
  g_assert_cmpfloat (status->best_accuracy, >=, status->accuracy);
  end_window (window);
}

/* a run that cannot be kept when its window closes is not lost in silence */
static void
test_lost (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Lost", G_APPLICATION_NON_UNIQUE);
  g_autofree char *folder = g_build_filename (home, "lost", NULL), *problem = NULL;
  WorkbenchWindow *window = long_window (application, folder);
  struct rlimit before, small;

  turn_until (is_running, window);
  turn_for (100);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  small = (struct rlimit){ 100, before.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  end_window (GTK_WIDGET (window));
  workbench_run_wait_for_endings ();
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  problem = workbench_run_take_problem ();
  g_assert_nonnull (problem);
  g_assert_true (g_str_has_prefix (problem, folder));
}

int
main (int argc, char **argv)
{
  int code;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  home = g_dir_make_tmp ("dfkd-closing-XXXXXX", NULL);
  g_test_add_func ("/closing/answers", test_answers);
  g_test_add_func ("/closing/discarded", test_discarded);
  g_test_add_func ("/closing/compared", test_compared);
  g_test_add_func ("/closing/silent", test_silent);
  g_test_add_func ("/closing/awake", test_awake);
  g_test_add_func ("/closing/notice", test_notice);
  g_test_add_func ("/closing/lost", test_lost);
  g_test_add_func ("/closing/status", test_status);
  g_test_add_func ("/closing/accuracies", test_accuracies);
  code = g_test_run ();
  remove_folder (home);
  g_free (home);
  return code;
}
