/* test-preferences.c: the window comes back as it was, and the preferences are what the settings say. */
#include "small-runs.h"
#include "small-window.h"
#include "workbench-first-steps.h"
#include "workbench-preferences.h"
#include "workbench-run.h"
#include "workbench-runs-window.h"
#include "workbench-settings.h"
#include "workbench-window-private.h"

static void
test_state (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.State", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  int width, height;

  workbench_pane_show (window->first_pane, "curves");
  g_action_group_activate_action (G_ACTION_GROUP (window), "side-by-side", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (window), "controls", NULL);
  gtk_window_set_default_size (GTK_WINDOW (window), 1024, 700);
  turn_for (300);
  end_window (GTK_WIDGET (window));

  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  g_assert_cmpstr (workbench_pane_get_shown (window->first_pane), ==, "curves");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->second_pane)));
  g_assert_false (adw_flap_get_reveal_flap (window->split));
  gtk_window_get_default_size (GTK_WINDOW (window), &width, &height);
  g_assert_cmpint (width, ==, 1024);
  g_assert_cmpint (height, ==, 700);
  end_window (GTK_WIDGET (window));

  /* a view that is no more */
  g_settings_set_string (workbench_settings (), "first-view", "crystal-ball");
  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  g_assert_cmpstr (workbench_pane_get_shown (window->first_pane), ==, "gallery");
  end_window (GTK_WIDGET (window));
}

/* what to try first, while the window goes on being used: each button goes where it says */
static void
test_first_steps (void)
{
  static const char *const views[] = { "gallery", "algorithm", "curves", "latent" };
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.First", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchWindow *window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
  GtkWidget *steps;
  guint shown = 0;

  g_assert_null (find_toplevel (WORKBENCH_TYPE_FIRST_STEPS));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.first-steps", NULL));
  steps = GTK_WIDGET (find_toplevel (WORKBENCH_TYPE_FIRST_STEPS));
  g_assert_nonnull (steps);
  g_assert_false (gtk_window_get_modal (GTK_WINDOW (steps)));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.first-steps", NULL));
  g_assert_true (GTK_WIDGET (find_toplevel (WORKBENCH_TYPE_FIRST_STEPS)) == steps); /* one is enough */
  for (guint i = 0; i < workbench_n_view_kinds; i++)
    for (guint j = 0; j < G_N_ELEMENTS (views); j++)
      if (g_str_equal (workbench_view_kinds[i].name, views[j]))
        {
          g_signal_emit_by_name (find_labelled (steps, GTK_TYPE_BUTTON, workbench_view_kinds[i].title), "clicked");
          g_assert_cmpstr (workbench_pane_get_shown (window->first_pane), ==, views[j]);
          shown++;
        }
  g_assert_cmpuint (shown, ==, G_N_ELEMENTS (views));
  g_assert_null (find_toplevel (WORKBENCH_TYPE_RUNS_WINDOW));
  g_signal_emit_by_name (find_labelled (steps, GTK_TYPE_BUTTON, "Runs"), "clicked");
  g_assert_nonnull (find_toplevel (WORKBENCH_TYPE_RUNS_WINDOW));
  gtk_window_destroy (find_toplevel (WORKBENCH_TYPE_RUNS_WINDOW));
  gtk_window_destroy (GTK_WINDOW (steps));
  g_assert_null (window->first_steps);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.first-steps", NULL));
  end_window (GTK_WIDGET (window)); /* and they go with it */
  g_assert_null (find_toplevel (WORKBENCH_TYPE_FIRST_STEPS));
}

static double
session_history (WorkbenchWindow *window)
{
  g_autoptr (DfkdRecipe) recipe = dfkd_session_copy_recipe (workbench_run_get_session (workbench_window_get_run (window)));

  return recipe->number[DFKD_PARAMETER_HISTORY];
}

static WorkbenchWindow *
new_window (AdwApplication *application)
{
  g_autoptr (DfkdRecipe) recipe = small_recipe ();

  return WORKBENCH_WINDOW (small_window (application, recipe, NULL, TRUE));
}

/* what one window shows is its own business; the next one comes up as the last one was left */
static void
test_two_windows (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Two", G_APPLICATION_NON_UNIQUE);
  WorkbenchWindow *first, *second;
  int width, width_before, height;

  g_settings_reset (workbench_settings (), "first-view");
  g_settings_reset (workbench_settings (), "side-by-side");
  g_settings_reset (workbench_settings (), "controls-visible");
  first = new_window (application);
  second = new_window (application);
  gtk_window_get_default_size (GTK_WINDOW (first), &width_before, &height);
  workbench_pane_show (second->first_pane, "timing");
  g_action_group_activate_action (G_ACTION_GROUP (second), "side-by-side", NULL);
  gtk_window_set_default_size (GTK_WINDOW (second), width_before - 100, 700);
  turn_for (300);
  g_assert_cmpstr (workbench_pane_get_shown (first->first_pane), ==, "gallery");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (first->second_pane)));
  gtk_window_get_default_size (GTK_WINDOW (first), &width, &height);
  g_assert_cmpint (width, ==, width_before);
  end_window (GTK_WIDGET (second));
  end_window (GTK_WIDGET (first));

  second = new_window (application);
  g_assert_cmpstr (workbench_pane_get_shown (second->first_pane), ==, "timing");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (second->second_pane)));
  workbench_pane_show (second->first_pane, "gallery");
  g_action_group_activate_action (G_ACTION_GROUP (second), "side-by-side", NULL);
  end_window (GTK_WIDGET (second));
}

/* the second view, and how much room each has */
static void
test_panes (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Panes", G_APPLICATION_NON_UNIQUE);
  WorkbenchWindow *window;

  g_settings_set_int (workbench_settings (), "window-width", 1360);
  window = new_window (application);
  turn_for (300);
  workbench_pane_show (window->second_pane, "timing");
  gtk_paned_set_position (window->panes, 481);
  g_assert_cmpint (gtk_paned_get_position (window->panes), ==, 481);
  end_window (GTK_WIDGET (window));

  window = new_window (application);
  g_assert_cmpstr (workbench_pane_get_shown (window->second_pane), ==, "timing");
  TURN_UNTIL (gtk_paned_get_position (window->panes) == 481);
  end_window (GTK_WIDGET (window));
  g_settings_reset (workbench_settings (), "panes-position");
  g_settings_reset (workbench_settings (), "second-view");
}

/* a view that comes up alone keeps the width it needs when another one joins it */
static void
test_joined (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Joined", G_APPLICATION_NON_UNIQUE);
  WorkbenchWindow *window;
  int least;

  g_settings_set_boolean (workbench_settings (), "side-by-side", FALSE);
  g_settings_set_string (workbench_settings (), "first-view", "timing");
  window = new_window (application);
  turn_for (300);
  gtk_widget_measure (GTK_WIDGET (window->first_pane), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_settings_set_int (workbench_settings (), "panes-position", least - 10);
  g_action_group_activate_action (G_ACTION_GROUP (window), "side-by-side", NULL);
  turn_for (300);
  g_assert_cmpint (gtk_paned_get_position (window->panes), >=, least);
  end_window (GTK_WIDGET (window));
  g_settings_reset (workbench_settings (), "side-by-side");
  g_settings_reset (workbench_settings (), "first-view");
  g_settings_reset (workbench_settings (), "panes-position");
}

static gboolean
look_and_leave (gpointer application)
{
  WorkbenchWindow *window = WORKBENCH_WINDOW (gtk_application_get_active_window (application));

  g_assert_cmpstr (workbench_pane_get_shown (window->first_pane), ==, "timing");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->second_pane)));
  gtk_window_destroy (GTK_WINDOW (window));
  return G_SOURCE_REMOVE;
}

/* a view that the command line asks for was not chosen to come back to */
static void
test_view_asked_for (void)
{
  g_autoptr (WorkbenchApplication) application = own_application ();
  char *arguments[] = { (char *) "dfkd-workbench", (char *) "--view", (char *) "timing", (char *) "--paused", (char *) "--set", (char *) "data=none", NULL };
  g_autofree char *view = NULL;

  g_settings_set_boolean (workbench_settings (), "keep-runs", FALSE);
  g_timeout_add (1500, look_and_leave, application);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), G_N_ELEMENTS (arguments) - 1, arguments), ==, 0);
  workbench_run_wait_for_endings ();
  view = g_settings_get_string (workbench_settings (), "first-view");
  g_assert_cmpstr (view, ==, "gallery");
  g_assert_true (g_settings_get_boolean (workbench_settings (), "side-by-side"));
  g_settings_reset (workbench_settings (), "keep-runs");
}

/* the picture history: as preferred where neither a recipe nor a dial says, and never more, however a run is started */
static void
test_history (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.History", G_APPLICATION_NON_UNIQUE);
  GSettings *settings = workbench_settings ();
  g_autoptr (DfkdRecipe) says = small_recipe ();
  g_autofree char *folder = new_folder ("resumed");
  g_autoptr (GError) error = NULL;
  WorkbenchWindow *window;
  WorkbenchDials *dials;

  g_settings_set_int (settings, "history-limit", 8192);
  window = new_window (application);
  dials = workbench_document_get_dials (window->document);
  g_assert_cmpfloat (session_history (window), ==, 8192.0);
  g_assert_false (workbench_dials_differ (dials)); /* it is no turn */
  g_settings_set_int (settings, "history-limit", 512);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL);
  g_assert_cmpfloat (session_history (window), ==, 512.0);
  g_assert_cmpfloat (workbench_parameter_row_get_value (find_row (GTK_WIDGET (window), DFKD_PARAMETER_HISTORY)), ==, 512.0);
  g_settings_set_int (settings, "history-limit", 4096);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL);
  g_assert_cmpfloat (session_history (window), ==, 4096.0);
  workbench_dials_set (workbench_document_get_dials (window->document), DFKD_PARAMETER_HISTORY, 100.0, NULL); /* on purpose */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL);
  g_assert_cmpfloat (session_history (window), ==, 100.0);
  end_window (GTK_WIDGET (window));

  g_assert_true (dfkd_recipe_set (says, DFKD_PARAMETER_HISTORY, "300", NULL));
  window = WORKBENCH_WINDOW (small_window (application, says, NULL, TRUE));
  g_assert_cmpfloat (session_history (window), ==, 300.0);
  g_settings_set_int (settings, "history-limit", 200);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.restart", NULL);
  g_assert_cmpfloat (session_history (window), ==, 200.0);
  end_window (GTK_WIDGET (window));

  {
    g_autoptr (DfkdRecipe) recipe = tiny_recipe ();
    DfkdSession *session = start (recipe, folder, FALSE, TRUE);

    do_steps (session, DFKD_STEP_SYNTHESIS, 1);
    stop (session);
  }
  window = new_window (application);
  g_assert_true (workbench_window_resume_run (window, folder, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (workbench_document_get_folder (window->document), ==, folder);
  g_assert_cmpfloat (session_history (window), ==, 200.0);
  end_window (GTK_WIDGET (window));
  g_settings_reset (settings, "history-limit");
}

static void
count (gpointer object, guint *times)
{
  ++*times;
}

static void
wait_for_syntheses (WorkbenchWindow *window, guint more)
{
  const guint before = workbench_document_get_status (window->document)->synthesis;

  TURN_UNTIL (workbench_document_get_status (window->document)->synthesis >= before + more);
}

/* how often pictures are read back is obeyed at once */
static void
test_picture_rate (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Rate", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchWindow *window;
  guint pictures = 0;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 2000; /* it goes on all the while */
  window = WORKBENCH_WINDOW (small_window (application, recipe, NULL, FALSE));
  g_signal_connect (window->document, "pictures", G_CALLBACK (count), &pictures);
  TURN_UNTIL (pictures >= 2);
  g_settings_set_double (workbench_settings (), "picture-rate", 0.0);
  wait_for_syntheses (window, 3); /* what was on its way */
  pictures = 0;
  wait_for_syntheses (window, 5);
  g_assert_cmpuint (pictures, ==, 0);
  g_settings_set_double (workbench_settings (), "picture-rate", 30.0);
  TURN_UNTIL (pictures >= 3);
  g_signal_handlers_disconnect_by_data (window->document, &pictures);
  g_settings_reset (workbench_settings (), "picture-rate");
  end_window (GTK_WIDGET (window));
}

static gboolean
has_animations (void)
{
  gboolean animations;

  g_object_get (gtk_settings_get_default (), "gtk-enable-animations", &animations, NULL);
  return animations;
}

static void
test_reduced_motion (void)
{
  g_autoptr (WorkbenchApplication) application = own_application ();

  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  g_assert_true (has_animations ());
  g_settings_set_boolean (workbench_settings (), "reduced-motion", TRUE);
  g_assert_false (has_animations ());
  g_settings_set_boolean (workbench_settings (), "reduced-motion", FALSE);
  g_assert_true (has_animations ());
}

static gboolean
has_devices (gpointer preferences)
{
  GtkWidget *row = find_widget (preferences, ADW_TYPE_COMBO_ROW);

  return adw_combo_row_get_model (ADW_COMBO_ROW (row)) != NULL && g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (row))) >= 2;
}

static void
test_preferences (void)
{
  GSettings *settings = workbench_settings ();
  GtkWidget *preferences = GTK_WIDGET (workbench_preferences_new (NULL));
  guint left = 0;
  g_autofree char *device = NULL;

  gtk_window_present (GTK_WINDOW (preferences));
  turn_until (has_devices, preferences);
  adw_combo_row_set_selected (ADW_COMBO_ROW (find_widget (preferences, ADW_TYPE_COMBO_ROW)), 1);
  device = g_settings_get_string (settings, "device");
  g_assert_cmpstr (device, ==, "cpu");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_widget (preferences, GTK_TYPE_SPIN_BUTTON)), 1.0);
  g_assert_cmpint (g_settings_get_int (settings, "threads"), ==, 1);
  gtk_switch_set_active (GTK_SWITCH (find_widget (preferences, GTK_TYPE_SWITCH)), FALSE);
  g_assert_false (g_settings_get_boolean (settings, "keep-runs"));
  watch_end (preferences, &left);
  gtk_window_destroy (GTK_WINDOW (preferences));
  TURN_UNTIL (left == 0);
  g_settings_reset (settings, "device");
  g_settings_reset (settings, "threads");
  g_settings_reset (settings, "keep-runs");
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  begin_small_runs ();
  g_test_add_func ("/preferences/state", test_state);
  g_test_add_func ("/preferences/first-steps", test_first_steps);
  g_test_add_func ("/preferences/window", test_preferences);
  g_test_add_func ("/preferences/two-windows", test_two_windows);
  g_test_add_func ("/preferences/panes", test_panes);
  g_test_add_func ("/preferences/joined", test_joined);
  g_test_add_func ("/preferences/view-asked-for", test_view_asked_for);
  g_test_add_func ("/preferences/history", test_history);
  g_test_add_func ("/preferences/picture-rate", test_picture_rate);
  g_test_add_func ("/preferences/reduced-motion", test_reduced_motion);
  return run_tests_with_small_runs ();
}
