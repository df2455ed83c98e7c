/* test-preferences.c: the window comes back as it was, and the preferences are what the settings say. */
#include "small-window.h"
#include "workbench-preferences.h"
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
  gpointer left = preferences;
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
  g_object_add_weak_pointer (G_OBJECT (preferences), &left);
  gtk_window_destroy (GTK_WINDOW (preferences));
  turn_for (50);
  g_assert_null (left);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/preferences/state", test_state);
  g_test_add_func ("/preferences/window", test_preferences);
  return g_test_run ();
}
