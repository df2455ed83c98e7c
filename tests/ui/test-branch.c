/* test-branch.c: a run in the window that goes on from an earlier point of the one that is shown: it waits, its trunk is drawn beside it, nothing
 * of the trunk changes, and unless a dial is turned it comes to the same student. */
#include "small-window.h"
#include "workbench-branch-dialog.h"
#include "workbench-gallery-view.h"
#include "workbench-runs-private.h"
#include "workbench-window-private.h"

#include <string.h>


static char *home;

static gboolean
waits (gpointer window)
{
  return workbench_run_get_status (workbench_window_get_run (window))->state == DFKD_STATE_PAUSED;
}

static gboolean
has_point (gpointer folder)
{
  g_autoptr (GArray) points = dfkd_branch_points_list (folder);

  return points->len > 0;
}

static char *
student_of (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "student.safetensors", NULL), *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
}

/* three syntheses, and a branch point after each of the first two */
static WorkbenchWindow *
window_with_trunk (AdwApplication *application, const char *folder, gboolean paused)
{
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchWindow *window;

  recipe->number[DFKD_PARAMETER_SNAPSHOT_EVERY] = 1;
  window = WORKBENCH_WINDOW (small_window (application, recipe, folder, paused));
  if (!paused)
    turn_until (is_finished, window);
  return window;
}

static WorkbenchBranchDialog *
ask (WorkbenchWindow *window)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.branch", NULL));
  g_assert_true (WORKBENCH_IS_BRANCH_DIALOG (find_dialog ()));
  return WORKBENCH_BRANCH_DIALOG (find_dialog ());
}

static void
test_in_place (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.BranchInPlace", G_APPLICATION_NON_UNIQUE);
  g_autofree char *trunk = g_build_filename (home, "trunk", NULL), *before = NULL, *own = NULL, *branch = NULL, *said = NULL;
  g_autoptr (WorkbenchRunEntry) entry = NULL;
  WorkbenchWindow *window = window_with_trunk (application, trunk, FALSE);
  WorkbenchBranchDialog *dialog = ask (window);
  GtkWidget *gallery = find_widget (GTK_WIDGET (window), WORKBENCH_TYPE_GALLERY_VIEW);
  const DfkdStatus *status;

  before = student_of (trunk);
  workbench_window_set_keeps (window, TRUE);
  g_assert_cmpuint (workbench_branch_dialog_get_point (dialog), ==, 2); /* the newest */
  g_assert_cmpuint (workbench_branch_dialog_get_syntheses (dialog), ==, 3);
  g_assert_nonnull (find_text (GTK_WIDGET (dialog), "2"));
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_widget (GTK_WIDGET (dialog), ADW_TYPE_COMBO_ROW)), 0);
  g_assert_cmpuint (workbench_branch_dialog_get_point (dialog), ==, 1);
  g_signal_emit_by_name (find_widget (GTK_WIDGET (dialog), GTK_TYPE_TEXT), "activate"); /* Enter behind the number */
  TURN_UNTIL (find_dialog () == NULL);

  /* a run of its own, which stands there and waits */
  turn_until (waits, window);
  g_assert_cmpuint (workbench_branch_dialog_get_point (ask (window)), ==, 1); /* where it begins, it can be branched at once */
  answer_dialog ("cancel");
  status = workbench_document_get_status (window->document);
  g_assert_cmpuint (workbench_document_get_beginning (window->document), ==, 1);
  g_assert_cmpuint (status->synthesis, ==, 2); /* which comes next */
  g_assert_cmpuint (status->images, ==, 8);    /* of the first */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_widget (gallery, GTK_TYPE_DROP_DOWN)), 1); /* the pool, which is not empty */
  TURN_UNTIL (find_text (gallery, "those before the branch") != NULL);
  branch = g_strdup (workbench_document_get_folder (window->document));
  g_assert_cmpstr (branch, !=, trunk);
  entry = workbench_run_entry_read (branch); /* as the list of runs has it */
  said = g_strdup_printf (" · branch of %s after 1 synthesis · ", workbench_document_get_title (g_ptr_array_index (workbench_comparison_get (window->comparison), 0)));
  g_assert_nonnull (strstr (workbench_run_entry_get_line (entry), said));
  g_assert_true (workbench_comparison_contains (window->comparison, trunk));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.run", NULL));
  turn_until (is_finished, window);
  TURN_UNTIL (find_text (gallery, "pictures of 2 of 3 syntheses kept") != NULL);
  g_assert_cmpuint (workbench_document_get_beginning (window->document), ==, 1);

  /* begun again it is no branch, and says so */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL));
  TURN_UNTIL (find_text (GTK_WIDGET (window), "after 1 synthesis again, branch the first run once more") != NULL);
  turn_until (is_finished, window);
  g_assert_cmpuint (workbench_document_get_beginning (window->document), ==, 0);
  g_assert_cmpuint (workbench_document_get_moments (window->document)->len, ==, 3);
  workbench_window_set_document (window, NULL);
  workbench_run_wait_for_endings ();
  own = student_of (branch);
  g_assert_cmpstr (own, ==, before);
  g_free (own);
  own = student_of (trunk);
  g_assert_cmpstr (own, ==, before);
  end_window (GTK_WIDGET (window));
}

/* of a run that is under way, in another window; longer than that, and with a dial turned before it goes on */
static void
test_beside (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.BranchBeside", G_APPLICATION_NON_UNIQUE);
  g_autofree char *trunk = g_build_filename (home, "under way", NULL);
  WorkbenchWindow *window = window_with_trunk (application, trunk, TRUE), *other;
  WorkbenchDocument *beside;
  g_autoptr (GError) error = NULL;

  turn_until (waits, window);
  dfkd_session_step (workbench_run_get_session (workbench_window_get_run (window)), DFKD_STEP_EPOCH);
  turn_until (has_point, trunk);
  TURN_UNTIL (workbench_run_get_status (workbench_window_get_run (window))->progress > 0.0); /* the point is there before the window hears of it */
  turn_until (waits, window);

  other = workbench_window_branch (window, trunk, 1, 5, &error);
  g_assert_no_error (error);
  g_assert_true (other != window);
  g_assert_true (workbench_window_get_run (window) != NULL && waits (window)); /* as it was */
  turn_until (waits, other);
  beside = g_ptr_array_index (workbench_comparison_get (other->comparison), 0);
  g_assert_true (beside == window->document); /* whose curves grow there as well */
  g_assert_false (workbench_window_compare (other, trunk)); /* once is enough */
  g_assert_true (workbench_dials_set (workbench_document_get_dials (other->document), DFKD_PARAMETER_K, 2, NULL));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (other), "win.run", NULL));
  turn_until (is_finished, other);
  g_assert_cmpuint (workbench_document_get_status (other->document)->synthesis, ==, 5);
  g_assert_cmpuint (workbench_document_get_status (other->document)->k, ==, 2);
  g_assert_cmpuint (workbench_document_get_status (window->document)->images, ==, 8); /* of the trunk, still */

  workbench_comparison_remove (other->comparison, 0);
  dfkd_session_step (workbench_run_get_session (workbench_window_get_run (window)), DFKD_STEP_INNER); /* it is as it was, there */
  TURN_UNTIL (workbench_document_get_status (window->document)->inner == 1);

  g_assert_null (workbench_window_branch (window, trunk, 2, 5, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);

  /* what is drawn beside stays when its own window goes */
  g_assert_true (workbench_window_compare (other, trunk));
  end_window (GTK_WIDGET (window));
  g_assert_cmpuint (workbench_comparison_get (other->comparison)->len, ==, 1);
  end_window (GTK_WIDGET (other));
}

/* where there is no point it is said why */
static void
test_none (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.BranchNone", G_APPLICATION_NON_UNIQUE);
  g_autofree char *folder = g_build_filename (home, "none", NULL);
  WorkbenchWindow *window = window_with_trunk (application, NULL, TRUE);

  turn_until (waits, window);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.branch", NULL));
  TURN_UNTIL (find_text (GTK_WIDGET (window), "not kept") != NULL);
  g_assert_null (find_dialog ());
  end_window (GTK_WIDGET (window));

  window = window_with_trunk (application, folder, TRUE);
  turn_until (waits, window);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.branch", NULL));
  TURN_UNTIL (find_text (GTK_WIDGET (window), "no branch point yet") != NULL);
  end_window (GTK_WIDGET (window));
}

int
main (int argc, char **argv)
{
  int code;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  home = g_dir_make_tmp ("dfkd-branch-XXXXXX", NULL);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_add_func ("/branch/in-place", test_in_place);
  g_test_add_func ("/branch/beside", test_beside);
  g_test_add_func ("/branch/none", test_none);
  code = g_test_run ();
  remove_folder (home);
  g_free (home);
  return code;
}
