/* test-runs-shown.c: runs are opened in the window: those of before, those that another program computes, several beside each other, and
 * what stands there where there is none. */
#include "small-runs.h"
#include "small-window.h"
#include "workbench-curves-view.h"
#include "workbench-window-private.h"

#include <glib/gstdio.h>
#include <string.h>

/* a run of before: every view shows it, nothing can be turned, and it can be started again */
static void
test_run_folder (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Folder", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = new_folder ("looked-at"), *student = run_through ("looked-at", 7);
  WorkbenchWindow *window, *other = NULL;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 2000; /* it goes on all the while */
  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, FALSE));
  turn_until (is_running, window);
  g_assert_true (drop_file (GTK_WIDGET (window), folder));
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (application)); link != NULL; link = link->next)
    if (WORKBENCH_IS_WINDOW (link->data) && link->data != window)
      other = link->data;
  g_assert_nonnull (other); /* the run that goes on keeps its window */
  g_assert_nonnull (workbench_window_get_run (window));
  turn_until (has_loaded, other);
  g_assert_null (workbench_window_get_run (other));
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (other->run_button)));
  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (window->run_button)));
  g_assert_nonnull (find_text (GTK_WIDGET (other), "opened from its folder"));
  for (guint i = 0; i < workbench_n_view_kinds; i++)
    {
      workbench_pane_show (other->first_pane, workbench_view_kinds[i].name);
      turn_for (100);
    }
  gtk_widget_activate_action (GTK_WIDGET (other), "win.restart", NULL);
  g_assert_nonnull (workbench_window_get_run (other));
  end_window (GTK_WIDGET (other));
  end_window (GTK_WIDGET (window));
}

/* Where the first run cannot start, nothing stands as if there were one, and another can be started. */
static void
test_no_run (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.None", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = new_folder ("taken");
  WorkbenchWindow *window;
  GtkWidget *controls, *progress;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  window = WORKBENCH_WINDOW (small_window (application, recipe, folder, TRUE));
  controls = GTK_WIDGET (window->controls);
  progress = find_widget (GTK_WIDGET (window->status), GTK_TYPE_PROGRESS_BAR);
  turn_for (100);
  g_assert_nonnull (find_text (GTK_WIDGET (window->problem), "exists already"));
  g_assert_nonnull (find_text (GTK_WIDGET (window->status), "No run is open"));
  g_assert_false (gtk_widget_get_visible (progress));
  g_assert_nonnull (find_text (controls, "There is no run"));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (find_row (controls, DFKD_PARAMETER_K))));
  for (guint i = 0; i < 3; i++) /* back, again, reset */
    g_assert_false (gtk_widget_is_sensitive (find_nth (controls, GTK_TYPE_BUTTON, i)));
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (window->run_button)));
  g_assert_false (gtk_widget_is_sensitive (find_widget (GTK_WIDGET (window->step_button), GTK_TYPE_BUTTON)));
  g_assert_cmpstr (gtk_button_get_icon_name (window->run_button), ==, "media-playback-start-symbolic");
  workbench_pane_show (window->second_pane, "algorithm");
  g_assert_false (gtk_widget_get_sensitive (find_labelled (GTK_WIDGET (window->second_pane), GTK_TYPE_BUTTON, "Epoch")));
  workbench_pane_show (window->second_pane, "curves"); /* which the next window shows, too */

  gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL);
  turn_for (100);
  g_assert_nonnull (workbench_window_get_run (window));
  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (window->run_button)));
  g_assert_true (gtk_widget_get_visible (progress));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (find_row (controls, DFKD_PARAMETER_K))));
  g_assert_null (find_text (controls, "There is no run"));
  end_window (GTK_WIDGET (window));
}

/* a run that another program computes is watched: where it stands, that nothing can be turned here, and its end */
static void
test_followed (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Followed", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe (), other = tiny_recipe ();
  g_autofree char *folder = new_folder ("followed"), *student = NULL;
  DfkdSession *session = start (other, folder, FALSE, TRUE);
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));

  do_steps (session, DFKD_STEP_SYNTHESIS, 1);
  turn_for (300); /* its own run waits for the first step, untouched */
  g_assert_true (drop_file (GTK_WIDGET (window), folder));
  turn_until (has_loaded, window);
  g_assert_nonnull (find_text (GTK_WIDGET (window), "goes on elsewhere"));
  g_assert_nonnull (find_text (GTK_WIDGET (window), "Another program computes this run"));
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (window->run_button)));
  workbench_pane_show (window->first_pane, "gallery");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_widget (GTK_WIDGET (workbench_pane_get_view (window->first_pane)), GTK_TYPE_DROP_DOWN)), 0); /* the batch */
  TURN_UNTIL (find_text (GTK_WIDGET (window->first_pane), "This run is not going on here") != NULL);
  workbench_pane_show (window->second_pane, "algorithm");
  TURN_UNTIL (find_text (GTK_WIDGET (window->second_pane), "Another program computes this run") != NULL);
  g_assert_null (find_text (GTK_WIDGET (window->second_pane), "of 4 done"));
  dfkd_session_run (session);
  student = finish (session, folder);
  TURN_UNTIL (find_text (GTK_WIDGET (window), "finished: 3 syntheses") != NULL);
  TURN_UNTIL (find_text (GTK_WIDGET (window->second_pane), "The run is over") != NULL);
  g_assert_nonnull (find_text (GTK_WIDGET (window), "opened from its folder"));
  workbench_pane_show (window->second_pane, "curves");
  end_window (GTK_WIDGET (window));
}

/* onto the curves, which draw runs beside: what is none is opened as anywhere else on the window */
static void
test_drop_on_curves (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Curves", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *folder = new_folder ("drawn"), *student = run_through ("drawn", 7), *path = new_folder ("onto-curves.json"), *nothing = new_folder ("letter.txt");
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  GtkWidget *curves = GTK_WIDGET (workbench_pane_get_view (window->second_pane));

  recipe->number[DFKD_PARAMETER_BN] = 4.5;
  g_assert_true (dfkd_recipe_save (recipe, path, NULL));
  g_assert_true (drop_file (curves, path));
  g_assert_cmpfloat (workbench_document_get_recipe (window->document)->number[DFKD_PARAMETER_BN], ==, 4.5);
  g_assert_true (g_file_set_contents (nothing, "x", 1, NULL));
  g_assert_true (drop_files (curves, (const char *const[]){ folder, nothing, NULL }));
  g_assert_cmpuint (workbench_comparison_get (window->comparison)->len, ==, 1);
  g_assert_true (gtk_info_bar_get_revealed (window->problem));
  g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), "letter.txt"));
  end_window (GTK_WIDGET (window));
}

/* several at once: one recipe starts, runs are drawn beside it, and what there is no room for is named */
static void
test_several (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Several", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *one = new_folder ("one"), *two = new_folder ("two"), *student = run_through ("one", 7), *other = run_through ("two", 8);
  g_autofree char *first = new_folder ("first.json"), *second = new_folder ("second.json");
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));

  g_free (recipe->name);
  recipe->name = g_strdup ("first");
  g_assert_true (dfkd_recipe_save (recipe, first, NULL));
  g_assert_true (dfkd_recipe_save (recipe, second, NULL));
  g_assert_true (drop_files (GTK_WIDGET (window), (const char *const[]){ one, first, second, NULL }));
  g_assert_cmpstr (workbench_document_get_recipe (window->document)->name, ==, "first");
  g_assert_cmpuint (workbench_comparison_get (window->comparison)->len, ==, 1);
  turn_for (100);
  g_assert_nonnull (find_text (GTK_WIDGET (window), "second.json"));
  end_window (GTK_WIDGET (window));

  /* what cannot be opened is named, all of it, whatever else can be */
  {
    g_autofree char *letter = new_folder ("letter.txt"), *cut = new_folder ("cut.json"), *nowhere = new_folder ("nowhere.json");

    g_assert_true (g_file_set_contents (letter, "x", 1, NULL));
    g_assert_true (g_file_set_contents (cut, "{", 1, NULL));
    window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
    g_assert_true (drop_files (GTK_WIDGET (window), (const char *const[]){ letter, "sftp://server.invalid/theirs.json", cut, first, NULL }));
    g_assert_true (gtk_info_bar_get_revealed (window->problem));
    g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), "letter.txt"));
    g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), "theirs.json"));
    g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), "cut.json"));
    g_assert_true (drop_files (GTK_WIDGET (window), (const char *const[]){ letter, cut, letter, cut, nowhere, first, NULL }));
    g_assert_null (strstr (gtk_label_get_text (window->problem_text), "nowhere.json")); /* a banner has room for so many */
    g_assert_nonnull (strstr (gtk_label_get_text (window->problem_text), "2 more could not be opened"));
    g_assert_true (drop_files (GTK_WIDGET (window), (const char *const[]){ first, NULL }));
    g_assert_false (gtk_info_bar_get_revealed (window->problem));
    end_window (GTK_WIDGET (window));
  }

  /* runs alone: one is shown, the others beside it */
  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  turn_for (300); /* it waits for its first step, untouched */
  g_assert_true (drop_files (GTK_WIDGET (window), (const char *const[]){ one, two, NULL }));
  g_assert_cmpstr (workbench_document_get_folder (window->document), ==, one);
  g_assert_cmpuint (workbench_comparison_get (window->comparison)->len, ==, 1);
  end_window (GTK_WIDGET (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  g_test_add_func ("/runs-shown/run-folder", test_run_folder);
  g_test_add_func ("/runs-shown/no-run", test_no_run);
  g_test_add_func ("/runs-shown/followed", test_followed);
  g_test_add_func ("/runs-shown/drop-on-curves", test_drop_on_curves);
  g_test_add_func ("/runs-shown/several", test_several);
  return run_tests_with_small_runs ();
}
