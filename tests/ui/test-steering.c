/* test-steering.c: dials in the real window: turned, undone, done again, reset; what needs a restart says so and a restart takes it. */
#include "small-window.h"
#include "workbench-window-private.h"

static GtkWidget *window;

/* a window on a small run that waits */
static AdwApplication *
begin_paused (const char *id)
{
  AdwApplication *application = adw_application_new (id, G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();

  window = small_window (application, recipe, NULL, TRUE);
  return application;
}

static DfkdRecipe *
in_session (void)
{
  return dfkd_session_copy_recipe (workbench_run_get_session (workbench_window_get_run (WORKBENCH_WINDOW (window))));
}

static double
session_value (DfkdParameterId id)
{
  g_autoptr (DfkdRecipe) recipe = in_session ();

  return recipe->number[id];
}

static GtkEditable *
entry_of (DfkdParameterId id)
{
  return GTK_EDITABLE (find_widget (GTK_WIDGET (find_row (window, id)), GTK_TYPE_ENTRY));
}

static void
type_value (DfkdParameterId id, const char *text)
{
  GtkEditable *entry = entry_of (id);

  gtk_editable_set_text (entry, text);
  g_signal_emit_by_name (entry, "activate");
}

static double
row_value (DfkdParameterId id)
{
  return workbench_parameter_row_get_value (find_row (window, id));
}

static void
press (const char *action)
{
  g_assert_true (gtk_widget_activate_action (window, action, NULL));
}

static void
test_undo (void)
{
  g_autoptr (AdwApplication) application = begin_paused ("org.dfkd.Workbench.Undo");
  g_autofree char *label = NULL;
  GMenuModel *menu;

  type_value (DFKD_PARAMETER_K, "7");
  type_value (DFKD_PARAMETER_BN, " 2.5 ");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_K), ==, 7.0);
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_BN), ==, 2.5);
  menu = G_MENU_MODEL (WORKBENCH_WINDOW (window)->edit_menu);
  g_assert_true (g_menu_model_get_item_attribute (menu, 0, "label", "s", &label));
  g_assert_nonnull (strstr (label, "α__bn 10 → 2.5")); /* it says what it would take back */

  press ("win.undo");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_BN), ==, 10.0);
  g_assert_cmpfloat (row_value (DFKD_PARAMETER_BN), ==, 10.0);
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_K), ==, 7.0);
  press ("win.undo");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_K), ==, 3.0);
  press ("win.redo");
  press ("win.redo");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_BN), ==, 2.5);
  press ("win.reset-dials");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_K), ==, 3.0);
  g_assert_cmpfloat (row_value (DFKD_PARAMETER_BN), ==, 10.0);
  press ("win.undo");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_K), ==, 7.0);
  end_window (window);
}

static gboolean
says_where (gpointer data)
{
  return find_text (window, "/nowhere/teacher.safetensors") != NULL;
}

static void
test_restart (void)
{
  g_autoptr (AdwApplication) application = begin_paused ("org.dfkd.Workbench.Restart");
  WorkbenchDials *dials;
  GtkWidget *choice;

  dials = workbench_document_get_dials (WORKBENCH_WINDOW (window)->document);
  choice = find_widget (GTK_WIDGET (find_row (window, DFKD_PARAMETER_META_GRADIENT)), GTK_TYPE_DROP_DOWN);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), 2);
  type_value (DFKD_PARAMETER_BATCH, "6");
  g_assert_true (workbench_dials_waits (dials, DFKD_PARAMETER_BATCH));
  g_assert_true (workbench_dials_waits (dials, DFKD_PARAMETER_META_GRADIENT));
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_BATCH), ==, 8.0);
  TURN_UNTIL (find_text (window, "takes effect when the run is restarted") != NULL);

  press ("win.restart");
  g_assert_true (workbench_document_get_dials (WORKBENCH_WINDOW (window)->document) == dials);
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_BATCH), ==, 6.0);
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_META_GRADIENT), ==, 2.0);
  g_assert_false (workbench_dials_waits (dials, DFKD_PARAMETER_BATCH));
  press ("win.undo"); /* across the restart */
  g_assert_cmpfloat (row_value (DFKD_PARAMETER_BATCH), ==, 8.0);
  g_assert_true (workbench_dials_waits (dials, DFKD_PARAMETER_BATCH));

  /* a teacher that cannot be read: said, and the run that is there goes on */
  type_value (DFKD_PARAMETER_TEACHER, "/nowhere/teacher.safetensors");
  {
    WorkbenchRun *before = workbench_window_get_run (WORKBENCH_WINDOW (window));

    press ("win.restart");
    g_assert_true (workbench_window_get_run (WORKBENCH_WINDOW (window)) == before);
    turn_until (says_where, NULL);
  }
  end_window (window);
}

/* what is typed without Enter is not lost to a shortcut, and typing can go on where it was */
static void
test_typed (void)
{
  g_autoptr (AdwApplication) application = begin_paused ("org.dfkd.Workbench.Typed");
  WorkbenchRun *run;
  GtkEditable *entry;

  entry = entry_of (DFKD_PARAMETER_K);
  gtk_widget_grab_focus (GTK_WIDGET (entry));
  gtk_editable_set_text (entry, "19");
  gtk_editable_set_position (entry, 1);
  press ("win.restart");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_K), ==, 19.0);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), GTK_WIDGET (entry)));
  g_assert_cmpint (gtk_editable_get_position (entry), ==, 1);

  gtk_editable_set_text (entry, "4");
  g_assert_true (gtk_widget_activate_action (window, "win.step", "s", "any"));
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_K), ==, 4.0);

  /* what cannot be taken is said, and stays to be corrected */
  run = workbench_window_get_run (WORKBENCH_WINDOW (window));
  gtk_editable_set_text (entry, "many");
  press ("win.restart");
  g_assert_true (workbench_window_get_run (WORKBENCH_WINDOW (window)) == run);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "many");
  TURN_UNTIL (find_text (window, "correct it first") != NULL);
  gtk_editable_set_text (entry, "5");
  press ("win.run");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_K), ==, 5.0);
  end_window (window);
}

static const char RESTART[] = "takes effect when the run is restarted";

/* one note says that a restart is needed, and none once it is not */
static void
test_waiting (void)
{
  g_autoptr (AdwApplication) application = begin_paused ("org.dfkd.Workbench.Waiting");
  GtkWidget *choice;

  type_value (DFKD_PARAMETER_BATCH, "6");
  type_value (DFKD_PARAMETER_NZ, "16");
  type_value (DFKD_PARAMETER_NGF, "8");
  TURN_UNTIL (find_text (window, RESTART) != NULL);
  press ("win.undo");
  press ("win.undo");
  g_assert_nonnull (find_text (window, "Batch size takes effect")); /* which alone waits now */
  press ("win.undo");
  g_assert_false (gtk_revealer_get_reveal_child (WORKBENCH_WINDOW (window)->waiting));
  TURN_UNTIL (find_text (window, RESTART) == NULL);

  /* a method brings its settings along, and is what was chosen */
  choice = find_widget (GTK_WIDGET (find_row (window, DFKD_PARAMETER_METHOD)), GTK_TYPE_DROP_DOWN);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), 2);
  TURN_UNTIL (find_text (window, "Method takes effect") != NULL);
  press ("win.undo");
  TURN_UNTIL (find_text (window, RESTART) == NULL);

  type_value (DFKD_PARAMETER_BATCH, "6");
  type_value (DFKD_PARAMETER_NZ, "16");
  press ("win.restart");
  g_assert_false (gtk_revealer_get_reveal_child (WORKBENCH_WINDOW (window)->waiting));
  TURN_UNTIL (find_text (window, RESTART) == NULL);
  end_window (window);
}

static void
count (gpointer object, guint *times)
{
  ++*times;
}

static guint
inner_steps (void)
{
  return workbench_series_get_length (workbench_document_get_series (WORKBENCH_WINDOW (window)->document, DFKD_SERIES_LOSS));
}

static guint
syntheses (void)
{
  return workbench_document_get_status (WORKBENCH_WINDOW (window)->document)->synthesis;
}

/* inner steps that the curve of the loss gains with each synthesis from now on */
static double
measure_k (void)
{
  enum { SYNTHESES = 12 };
  guint first = syntheses (), before;

  TURN_UNTIL (syntheses () > first + 1);
  first = syntheses ();
  before = inner_steps ();
  TURN_UNTIL (syntheses () >= first + SYNTHESES);
  return (double) (inner_steps () - before) / (syntheses () - first);
}

/* a run that goes on is steered without a stop: pictures go on changing and curves growing, with what was turned */
static void
test_while_running (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Live", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchDocument *document;
  DfkdPictures *shown;
  guint pictures = 0;

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 5000; /* it goes on all the while */
  recipe->number[DFKD_PARAMETER_KD_STEPS] = 1;
  window = small_window (application, recipe, NULL, FALSE);
  document = WORKBENCH_WINDOW (window)->document;
  g_signal_connect (document, "pictures", G_CALLBACK (count), &pictures);
  TURN_UNTIL (pictures > 0);
  g_assert_cmpfloat_with_epsilon (measure_k (), 3.0, 0.5);

  type_value (DFKD_PARAMETER_K, "6");
  type_value (DFKD_PARAMETER_BN, "2.5");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_K), ==, 6.0);
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_BN), ==, 2.5);
  g_assert_cmpfloat_with_epsilon (measure_k (), 6.0, 1.0);
  g_assert_cmpint (workbench_document_get_status (document)->state, ==, DFKD_STATE_RUNNING);
  g_assert_cmpuint (workbench_document_get_marks (document)->len, ==, 2); /* the curves say where it was turned */

  shown = dfkd_pictures_ref (workbench_document_get_pictures (document));
  pictures = 0;
  TURN_UNTIL (pictures >= 3);
  g_assert_true (workbench_document_get_pictures (document) != shown);
  g_assert_cmpint (memcmp (workbench_document_get_pictures (document)->pixels, shown->pixels, shown->count * dfkd_pictures_image_bytes (shown)), !=, 0);
  dfkd_pictures_unref (shown);
  g_signal_handlers_disconnect_by_data (document, &pictures);
  end_window (window);
}

/* keys move whole numbers by one, wherever on the slider they stand */
static void
test_keys (void)
{
  WorkbenchParameterRow *row = g_object_ref_sink (workbench_parameter_row_new (DFKD_PARAMETER_K));
  GtkWidget *scale = find_widget (GTK_WIDGET (row), GTK_TYPE_SCALE);

  workbench_parameter_row_set_value (row, 5.0);
  g_signal_emit_by_name (scale, "move-slider", GTK_SCROLL_STEP_FORWARD);
  g_assert_cmpfloat (workbench_parameter_row_get_value (row), ==, 6.0);
  g_signal_emit_by_name (scale, "move-slider", GTK_SCROLL_PAGE_BACKWARD);
  g_assert_cmpfloat (workbench_parameter_row_get_value (row), ==, 1.0);
  g_object_unref (row);
}

/* of what the recipe has none any number can be reached; symbols are set as in equations */
/* a button that has had its use does not send the keys back to the window's first one */
static void
test_focus_goes_on (void)
{
  g_autoptr (AdwApplication) application = begin_paused ("org.dfkd.Workbench.FocusGoesOn");
  GtkWidget *row = GTK_WIDGET (find_row (window, DFKD_PARAMETER_K)), *next;
  GtkWidget *reset = GTK_WIDGET (gtk_widget_get_template_child (row, WORKBENCH_TYPE_PARAMETER_ROW, "reset"));

  type_value (DFKD_PARAMETER_K, "7");
  g_assert_true (gtk_widget_grab_focus (reset));
  g_signal_emit_by_name (reset, "clicked");
  g_assert_cmpfloat (row_value (DFKD_PARAMETER_K), ==, 3.0);
  g_assert_false (gtk_widget_is_sensitive (reset));
  TURN_UNTIL (gtk_window_get_focus (GTK_WINDOW (window)) != NULL);
  next = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (next != reset && gtk_widget_is_ancestor (next, row)); /* the slider below it */
  end_window (window);
}

static void
test_slider_from_none (void)
{
  WorkbenchParameterRow *row = g_object_ref_sink (workbench_parameter_row_new (DFKD_PARAMETER_STUDENT_BATCH));
  GtkWidget *scale = find_widget (GTK_WIDGET (row), GTK_TYPE_SCALE), *symbol = find_widget (GTK_WIDGET (row), GTK_TYPE_LABEL);

  g_assert_cmpfloat (workbench_parameter_row_get_value (row), ==, 0.0);
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (scale)), ==, 0.0);
  gtk_range_set_value (GTK_RANGE (scale), 1.0);
  g_assert_cmpfloat (workbench_parameter_row_get_value (row), ==, 4096.0);
  gtk_range_set_value (GTK_RANGE (scale), 0.5);
  g_assert_cmpfloat (workbench_parameter_row_get_value (row), ==, 64.0);
  gtk_range_set_value (GTK_RANGE (scale), 0.0);
  g_assert_cmpfloat (workbench_parameter_row_get_value (row), ==, 0.0);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (symbol)), ==, "Ns");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (symbol)), ==, "<i>N</i><sub>s</sub>");
  g_object_unref (row);
}

/* a run that has come to its end has no step left */
static void
test_finished (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Steered", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  WorkbenchWindow *steered = WORKBENCH_WINDOW (small_window (application, recipe, NULL, FALSE));
  GtkWidget *step = find_widget (GTK_WIDGET (steered->step_button), GTK_TYPE_BUTTON);

  g_assert_true (gtk_widget_get_sensitive (step));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (GTK_WIDGET (steered->run_button)), "pause"));
  turn_until (is_finished, steered);
  TURN_UNTIL (!gtk_widget_get_sensitive (step));
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (steered->run_button)));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (GTK_WIDGET (steered->run_button)), "new run"));
  end_window (GTK_WIDGET (steered));
}

static gboolean
ends_now (gpointer nothing)
{
  return session_value (DFKD_PARAMETER_SYNTHESES) == 1.0;
}

/* Fewer syntheses than the run has come to end it, with no way back: a dial that goes on from there at once has not meant it. */
static void
test_ending (void)
{
  g_autoptr (AdwApplication) application = begin_paused ("org.dfkd.Workbench.Ending");
  const double all = session_value (DFKD_PARAMETER_SYNTHESES);
  g_autofree char *text = g_strdup_printf ("%.0f", all);
  gint64 started;

  g_assert_cmpfloat (all, >, 1.0);
  type_value (DFKD_PARAMETER_SYNTHESES, "1");
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_SYNTHESES), ==, all);
  type_value (DFKD_PARAMETER_SYNTHESES, text);
  for (started = g_get_monotonic_time (); g_get_monotonic_time () - started < 3 * G_USEC_PER_SEC / 2;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpfloat (session_value (DFKD_PARAMETER_SYNTHESES), ==, all);
  g_assert_false (workbench_dials_waits (workbench_document_get_dials (WORKBENCH_WINDOW (window)->document), DFKD_PARAMETER_SYNTHESES));

  type_value (DFKD_PARAMETER_SYNTHESES, "1");
  turn_until (ends_now, NULL);
  end_window (window);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/steering/undo", test_undo);
  g_test_add_func ("/steering/restart", test_restart);
  g_test_add_func ("/steering/typed", test_typed);
  g_test_add_func ("/steering/waiting", test_waiting);
  g_test_add_func ("/steering/while-running", test_while_running);
  g_test_add_func ("/steering/finished", test_finished);
  g_test_add_func ("/steering/keys", test_keys);
  g_test_add_func ("/steering/focus-goes-on", test_focus_goes_on);
  g_test_add_func ("/steering/slider-from-none", test_slider_from_none);
  g_test_add_func ("/steering/ending", test_ending);
  return g_test_run ();
}
