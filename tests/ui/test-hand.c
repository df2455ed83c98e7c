/* test-hand.c: a real pointer and real keys: a box is drawn on a chart, and the window takes keys from the moment it is there. */
#include "hand.h"
#include "small-window.h"
#include "workbench-chart-private.h"
#include "workbench-image-grid.h"
#include "workbench-line-layer.h"
#include "workbench-window-private.h"

#include <math.h>

/* the piece of both axes that the box covers is what is shown then; a stroke along x leaves y alone; a double click shows all again */
static void
test_box (void)
{
  g_autoptr (WorkbenchSeries) series = workbench_series_new ("loss");
  WorkbenchChart *chart = g_object_new (WORKBENCH_TYPE_CHART, NULL);
  GtkWidget *window = gtk_window_new ();
  const WorkbenchPlot *plot = &chart->plot;
  double x0, x1, y0, y1, pixel, bottom;

  if (!has_hand ())
    {
      g_object_ref_sink (chart);
      g_object_unref (chart);
      gtk_window_destroy (GTK_WINDOW (window));
      return;
    }
  for (guint i = 0; i < 1000; i++)
    workbench_series_append_step (series, i, 2.0 + sin (i * 0.01));
  workbench_chart_add (chart, WORKBENCH_CHART_LAYER (workbench_line_layer_new (series, NULL, workbench_palette (0))));
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 400);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (chart));
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (chart->drawn);
  turn_for (200);
  pixel = (plot->x.maximum - plot->x.minimum) / plot->width;

  hand_drag (GTK_WIDGET (chart), 1, workbench_plot_x (plot, 600.0), workbench_plot_y (plot, 2.5), workbench_plot_x (plot, 200.0), workbench_plot_y (plot, 1.5));
  workbench_chart_get_zoom (chart, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat_with_epsilon (x0, 200.0, 2.0 * pixel);
  g_assert_cmpfloat_with_epsilon (x1, 600.0, 2.0 * pixel);
  g_assert_cmpfloat_with_epsilon (y0, 1.5, 0.05);
  g_assert_cmpfloat_with_epsilon (y1, 2.5, 0.05);
  TURN_UNTIL (plot->x.minimum == x0 && plot->y.maximum == y1);

  bottom = y0;
  hand_drag (GTK_WIDGET (chart), 1, workbench_plot_x (plot, 300.0), workbench_plot_y (plot, 2.0), workbench_plot_x (plot, 400.0), workbench_plot_y (plot, 2.0));
  workbench_chart_get_zoom (chart, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat_with_epsilon (x0, 300.0, 2.0 * pixel);
  g_assert_cmpfloat_with_epsilon (x1, 400.0, 2.0 * pixel);
  g_assert_cmpfloat (y0, ==, bottom);

  hand_move (GTK_WIDGET (chart), plot->left + 0.5 * plot->width, plot->top + 0.5 * plot->height);
  hand_click_twice ();
  TURN_UNTIL (plot->x.minimum == 0.0 && plot->x.maximum == 999.0);

  /* the middle button takes what is shown along with it */
  bottom = plot->y.minimum;
  hand_drag (GTK_WIDGET (chart), 2, workbench_plot_x (plot, 600.0), workbench_plot_y (plot, 2.0), workbench_plot_x (plot, 400.0), workbench_plot_y (plot, 2.5));
  workbench_chart_get_zoom (chart, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat_with_epsilon (x0, 200.0, 2.0 * pixel);
  g_assert_cmpfloat_with_epsilon (x1, 1199.0, 2.0 * pixel);
  g_assert_cmpfloat_with_epsilon (y0, bottom - 0.5, 0.05);
  gtk_window_destroy (GTK_WINDOW (window));
}

static const DfkdStatus *
status_of (GtkWidget *window)
{
  return workbench_document_get_status (WORKBENCH_WINDOW (window)->document);
}

/* while the run is still preparing itself: what was pressed for last is what it does then, and the button shows it at once */
static void
test_actions_at_once (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.AtOnce", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  GtkWidget *window = small_window (application, recipe, NULL, TRUE);
  GtkButton *button = WORKBENCH_WINDOW (window)->run_button;
  double progress;

  g_assert_cmpint (status_of (window)->state, ==, DFKD_STATE_PREPARING);
  g_assert_cmpstr (gtk_button_get_icon_name (button), ==, "media-playback-start-symbolic");
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (gtk_widget_activate_action (window, "win.run", NULL));
      g_assert_cmpstr (gtk_button_get_icon_name (button), ==, i % 2 == 0 ? "media-playback-pause-symbolic" : "media-playback-start-symbolic");
    }
  turn_until (is_finished, window);
  g_assert_cmpstr (gtk_button_get_icon_name (button), ==, "media-playback-start-symbolic"); /* again */
  end_window (window);

  recipe->number[DFKD_PARAMETER_SYNTHESES] = 2000; /* it would go on all the while */
  window = small_window (application, recipe, NULL, FALSE);
  g_assert_true (gtk_widget_activate_action (window, "win.run", NULL));
  g_assert_cmpstr (gtk_button_get_icon_name (WORKBENCH_WINDOW (window)->run_button), ==, "media-playback-start-symbolic");
  TURN_UNTIL (status_of (window)->state == DFKD_STATE_PAUSED);
  turn_for (500); /* the step that it was in */
  progress = status_of (window)->progress;
  turn_for (500);
  g_assert_cmpint (status_of (window)->state, ==, DFKD_STATE_PAUSED);
  g_assert_cmpfloat (status_of (window)->progress, ==, progress);
  end_window (window);
}

/* keys too, without a click before them */
static void
test_keys_at_once (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Keys", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  GtkWidget *window;

  if (!has_hand ())
    return;
  window = small_window (application, recipe, NULL, TRUE);
  TURN_UNTIL (gtk_widget_get_mapped (window));
  hand_press (window, "s"); /* latents are drawn */
  hand_press (window, "s");
  TURN_UNTIL (status_of (window)->state == DFKD_STATE_PAUSED && status_of (window)->inner == 1);
  hand_press (window, "shift+s");
  TURN_UNTIL (status_of (window)->state == DFKD_STATE_PAUSED && status_of (window)->images == 8);
  end_window (window);

  window = small_window (application, recipe, NULL, TRUE);
  TURN_UNTIL (gtk_widget_get_mapped (window));
  hand_press (window, "space");
  turn_until (is_finished, window);
  end_window (window);
}

/* Space runs whatever was clicked: images take the focus and have no use for it, the button of steps leaves it where it was */
static void
test_space (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Space", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  GtkWidget *window, *grid, *step;
  double before;

  if (!has_hand ())
    return;
  window = small_window (application, recipe, NULL, TRUE);
  TURN_UNTIL (gtk_widget_get_mapped (window));
  hand_press (window, "shift+s");
  TURN_UNTIL (status_of (window)->state == DFKD_STATE_PAUSED && status_of (window)->images == 8);
  grid = find_widget (window, WORKBENCH_TYPE_IMAGE_GRID);
  TURN_UNTIL (gtk_widget_get_mapped (grid));
  hand_drag (grid, 1, 20.0, 20.0, 20.0, 20.0);
  TURN_UNTIL (gtk_root_get_focus (GTK_ROOT (window)) == grid);
  step = find_widget (GTK_WIDGET (WORKBENCH_WINDOW (window)->step_button), GTK_TYPE_BUTTON);
  before = status_of (window)->clocks.total;
  hand_drag (step, 1, 8.0, 8.0, 8.0, 8.0);
  TURN_UNTIL (status_of (window)->clocks.total > before && status_of (window)->state == DFKD_STATE_PAUSED);
  g_assert_true (gtk_root_get_focus (GTK_ROOT (window)) == grid);
  hand_press (window, "space");
  turn_until (is_finished, window);
  end_window (window);
}

/* one window alone, as everywhere */
static void
test_close_key (void)
{
  g_autoptr (WorkbenchApplication) application = own_application ();
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  GtkWidget *window, *other;

  if (!has_hand ())
    return;
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  other = small_window (ADW_APPLICATION (application), recipe, NULL, TRUE);
  window = small_window (ADW_APPLICATION (application), recipe, NULL, TRUE);
  TURN_UNTIL (gtk_widget_get_mapped (window));
  hand_press (window, "ctrl+w");
  TURN_UNTIL (g_list_length (gtk_application_get_windows (GTK_APPLICATION (application))) == 1);
  g_assert_true (gtk_application_get_windows (GTK_APPLICATION (application))->data == other);
  end_window (other);
}

/* in the entry of a dial: what was entered is taken back, and done again, as a turn of the dial; what is only typed, letter by letter */
static void
test_turn_keys (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.TurnKeys", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  GtkWidget *window, *entry;
  WorkbenchParameterRow *row;

  if (!has_hand ())
    return;
  window = small_window (application, recipe, NULL, TRUE);
  TURN_UNTIL (gtk_widget_get_mapped (window));
  row = find_row (window, DFKD_PARAMETER_K);
  entry = find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY);
  gtk_widget_grab_focus (entry);
  hand_press (window, "7");
  TURN_UNTIL (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), "7"));
  hand_press (window, "Return");
  TURN_UNTIL (workbench_parameter_row_get_value (row) == 7.0);
  hand_press (window, "ctrl+z");
  TURN_UNTIL (workbench_parameter_row_get_value (row) == 3.0);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "3");
  hand_press (window, "ctrl+shift+z");
  TURN_UNTIL (workbench_parameter_row_get_value (row) == 7.0);
  hand_press (window, "ctrl+z");
  TURN_UNTIL (workbench_parameter_row_get_value (row) == 3.0);
  hand_press (window, "ctrl+y");
  TURN_UNTIL (workbench_parameter_row_get_value (row) == 7.0);

  hand_press (window, "End");
  hand_press (window, "1");
  TURN_UNTIL (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), "71"));
  hand_press (window, "ctrl+z");
  TURN_UNTIL (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), "7"));
  g_assert_cmpfloat (workbench_parameter_row_get_value (row), ==, 7.0);
  hand_press (window, "ctrl+z");
  TURN_UNTIL (workbench_parameter_row_get_value (row) == 3.0);

  /* what is wrong goes away at once */
  hand_press (window, "minus");
  hand_press (window, "Return");
  TURN_UNTIL (gtk_widget_has_css_class (entry, "error"));
  hand_press (window, "Escape");
  TURN_UNTIL (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), "3"));
  g_assert_false (gtk_widget_has_css_class (entry, "error"));
  end_window (window);
}

static void
on_text_changed (WorkbenchParameterRow *row, const char *text, char **told)
{
  g_free (*told);
  *told = g_strdup (text);
}

/* a file that is let go of over the text itself, as over its row, is what the row has then: the text would take its name into what it has */
static void
test_drop_on_text (void)
{
  GtkWidget *window = gtk_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 60), *source = gtk_label_new ("a file");
  WorkbenchParameterRow *row = workbench_parameter_row_new (DFKD_PARAMETER_DATA);
  GtkWidget *entry = find_widget (GTK_WIDGET (row), GTK_TYPE_ENTRY);
  g_autoptr (GFile) file = g_file_new_for_path ("/tmp/data");
  GSList list = { file, NULL };
  GtkDragSource *drag = gtk_drag_source_new ();
  g_autoptr (GdkContentProvider) content = NULL;
  g_autofree char *told = NULL;
  GdkFileList *files;
  double x, y;

  files = gdk_file_list_new_from_list (&list);
  content = gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, files);
  g_boxed_free (GDK_TYPE_FILE_LIST, files);
  gtk_drag_source_set_content (drag, content);
  gtk_widget_add_controller (source, GTK_EVENT_CONTROLLER (drag));
  gtk_box_append (GTK_BOX (box), source);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row));
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 200);
  g_signal_connect (row, "text-changed", G_CALLBACK (on_text_changed), &told);
  workbench_parameter_row_set_text (row, "shapes32");
  gtk_window_present (GTK_WINDOW (window));
  if (has_hand ())
    {
      turn_for (300);
      g_assert_true (gtk_widget_translate_coordinates (entry, source, 10.0, 0.5 * gtk_widget_get_height (entry), &x, &y));
      hand_drag (source, 1, 10.0, 5.0, x, y);
      TURN_UNTIL (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), "shapes32"));
      g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "/tmp/data");
      g_assert_cmpstr (told, ==, "/tmp/data");
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/hand/box", test_box);
  g_test_add_func ("/hand/actions-at-once", test_actions_at_once);
  g_test_add_func ("/hand/keys-at-once", test_keys_at_once);
  g_test_add_func ("/hand/space", test_space);
  g_test_add_func ("/hand/turn-keys", test_turn_keys);
  g_test_add_func ("/hand/drop-on-text", test_drop_on_text);
  g_test_add_func ("/hand/close-key", test_close_key);
  return g_test_run ();
}
