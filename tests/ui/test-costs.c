/* test-costs.c: the table of costs, filled by hand and by the window's own run. */
#include "workbench-cost-table.h"
#include "small-window.h"
#include "workbench-pane.h"
#include "workbench-run.h"
#include "workbench-timing-view.h"
#include "workbench-window.h"

/* rows of all tables below @widget */
static guint
count_rows (GtkWidget *widget)
{
  guint count = GTK_IS_COLUMN_VIEW (widget) ? g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (widget)))) : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    count += count_rows (child);
  return count;
}

/* the first of its type */
static gboolean
is_drawn (GtkWidget *widget, GType type)
{
  return gtk_widget_get_mapped (find_widget (widget, type));
}

static gboolean
on_timeout (gpointer data)
{
  g_error ("the table was not filled in time");
  return G_SOURCE_REMOVE;
}

static void
save_picture (GtkWidget *widget, const char *path)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node, NULL);
  gdk_texture_save_to_png (texture, path);
}

/* neither says that it is measured, nor what another run came to */
static void
assert_waits_for_nothing (GtkWidget *table)
{
  g_assert_cmpuint (count_rows (table), ==, 0);
  g_assert_false (is_drawn (table, GTK_TYPE_COLUMN_VIEW) || is_drawn (table, GTK_TYPE_DROP_DOWN));
  g_assert_true (gtk_widget_get_sensitive (find_labelled (table, GTK_TYPE_BUTTON, "Measure")));
  g_assert_null (find_text (table, "Measuring"));
  g_assert_null (find_text (table, "GFLOP"));
}

static void
measure (GtkWidget *table)
{
  g_signal_emit_by_name (find_labelled (table, GTK_TYPE_BUTTON, "Measure"), "clicked");
}

/* a run without a folder that has come somewhere is only left when people say so */
static void
restart (GtkWidget *window)
{
  gtk_widget_activate_action (window, "win.restart", NULL);
  if (find_dialog () != NULL)
    answer_dialog ("start");
}

static void
test_window (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Costs", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  DfkdSessionOptions options = { .device = "cpu" };
  GtkWidget *window, *table;
  guint timeout = g_timeout_add_seconds (110, on_timeout, NULL);

  recipe->number[DFKD_PARAMETER_BATCH] = 8;
  recipe->number[DFKD_PARAMETER_WARMUP] = 0;
  recipe->number[DFKD_PARAMETER_KD_STEPS] = 2;
  recipe->number[DFKD_PARAMETER_NGF] = 4;
  recipe->number[DFKD_PARAMETER_SYNTHESES] = 5000;
  g_free (recipe->text[DFKD_PARAMETER_DATA]);
  recipe->text[DFKD_PARAMETER_DATA] = g_strdup ("none");
  g_application_register (G_APPLICATION (application), NULL, NULL);
  window = GTK_WIDGET (workbench_window_new (application, recipe, &options));
  gtk_window_present (GTK_WINDOW (window));
  g_assert_null (find_widget (window, WORKBENCH_TYPE_COST_TABLE)); /* views are made when they are chosen */
  workbench_pane_show (WORKBENCH_PANE (find_widget (window, WORKBENCH_TYPE_PANE)), "timing");
  table = find_widget (window, WORKBENCH_TYPE_COST_TABLE);
  g_assert_nonnull (table);
  g_assert_cmpuint (count_rows (table), ==, 0);
  g_assert_false (is_drawn (table, GTK_TYPE_COLUMN_VIEW) || is_drawn (table, GTK_TYPE_DROP_DOWN)); /* keys would stop at them for nothing */
  while (find_labelled (table, GTK_TYPE_BUTTON, "Measure") == NULL)
    g_main_context_iteration (NULL, TRUE);
  measure (table);
  while (count_rows (table) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count_rows (table), >, 12); /* stages and ten kernels */
  g_assert_true (is_drawn (table, GTK_TYPE_COLUMN_VIEW) && is_drawn (table, GTK_TYPE_DROP_DOWN));
  if (g_getenv ("DFKD_TEST_PICTURE") != NULL)
    {
      for (guint i = 0; i < 200; i++)
        g_main_context_iteration (NULL, i < 100 ? TRUE : FALSE);
      save_picture (GTK_WIDGET (gtk_widget_get_root (table)), g_getenv ("DFKD_TEST_PICTURE"));
    }
  g_assert_nonnull (find_text (table, "GFLOP"));
  restart (window);
  assert_waits_for_nothing (table);
  measure (table);
  g_assert_nonnull (find_text (table, "Measuring"));
  restart (window); /* before it is answered */
  assert_waits_for_nothing (table);
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_source_remove (timeout);
  workbench_run_wait_for_endings ();
}

/* a run that ends before it is asked, in its last step, never answers */
static void
test_end (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.CostsOfNone", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  GtkWidget *window = small_window (application, recipe, NULL, TRUE), *table, *view;

  workbench_pane_show (WORKBENCH_PANE (find_widget (window, WORKBENCH_TYPE_PANE)), "timing");
  table = find_widget (window, WORKBENCH_TYPE_COST_TABLE);
  view = gtk_widget_get_ancestor (table, WORKBENCH_TYPE_TIMING_VIEW);
  TURN_UNTIL (find_labelled (table, GTK_TYPE_BUTTON, "Measure") != NULL);
  g_assert_cmpuint (g_signal_handlers_block_matched (table, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, view), ==, 1); /* the session is not told */
  measure (table);
  g_assert_nonnull (find_text (table, "Measuring"));
  gtk_widget_activate_action (window, "win.run", NULL);
  turn_until (is_finished, window);
  TURN_UNTIL (find_text (table, "There is no run to measure") != NULL);
  assert_waits_for_nothing (table);
  end_window (window);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/ui/costs", test_window);
  g_test_add_func ("/ui/costs-of-none", test_end);
  return g_test_run ();
}
