/* test-experiment-window.c: the window of an experiment: its rows, sorting, ranges by code, keys and a real pointer, one selection for table and
 * plot, files read back, going on with a running experiment, and broken files. */
#include "hand.h"
#include "pretended-runs.h"
#include "small-window.h"
#include "workbench-experiment-row.h"
#include "workbench-experiment-window-private.h"
#include "workbench-parallel-private.h"
#include "workbench-window-private.h"

#include <cairo.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *root;

static const char json[] = "{\"name\": \"Rates\", \"description\": \"which rate\", \"seeds\": [0, 1], \"runs\": ["
                           "{\"name\": \"a\", \"parameters\": {\"lr_g\": 0.01, \"k\": 2, \"reuse\": \"none\"}},"
                           "{\"name\": \"b\", \"parameters\": {\"lr_g\": 0.001, \"k\": 5}},"
                           "{\"name\": \"c\", \"parameters\": {\"lr_g\": 0.0001, \"k\": 10, \"reuse\": \"none\"}},"
                           "{\"name\": \"d\", \"parameters\": {\"lr_g\": 0.002, \"k\": 5}}]}";

typedef struct {
  AdwApplication *application;
  GtkWidget *parent;
  WorkbenchExperimentWindow *window;
  DfkdExperiment *experiment;
  char *folder;
} Fixture;

static void
set_up (Fixture *f, gconstpointer name)
{
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *id = g_strconcat ("org.dfkd.Workbench.Experiment.", name, NULL), *copy = NULL;

  f->folder = g_build_filename (root, name, NULL);
  copy = g_build_filename (f->folder, DFKD_EXPERIMENT_COPY, NULL);
  f->experiment = dfkd_experiment_from_json (json, -1, "table.json", root, NULL);
  g_assert_cmpint (g_mkdir (f->folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (copy, json, -1, NULL));
  pretend_run (f->experiment, f->folder, 0, "80", 10.0);
  pretend_run (f->experiment, f->folder, 4, "82", 12.0);
  pretend_run (f->experiment, f->folder, 1, "60.5", 1.0);
  pretend_run (f->experiment, f->folder, 2, "70", 2.0);
  f->application = adw_application_new (id, G_APPLICATION_NON_UNIQUE);
  f->parent = small_window (f->application, recipe, NULL, TRUE);
  g_assert_true (workbench_window_open (WORKBENCH_WINDOW (f->parent), f->folder));
  f->window = find_experiment_window ();
  g_assert_nonnull (f->window);
  TURN_UNTIL (f->window->shown != NULL);
  TURN_UNTIL (workbench_document_get_status (workbench_window_get_document (WORKBENCH_WINDOW (f->parent)))->state == DFKD_STATE_PAUSED);
  turn_for (200);
}

static void
tear_down (Fixture *f, gconstpointer name)
{
  close_watched (GTK_WIDGET (f->window), f->window);
  end_window (f->parent);
  dfkd_experiment_free (f->experiment);
  g_object_unref (f->application);
  g_free (f->folder);
}

/* names of the rows, as they stand */
static char *
order (Fixture *f)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (f->window->selection)); i++)
    {
      g_autoptr (WorkbenchExperimentRow) row = g_list_model_get_item (G_LIST_MODEL (f->window->selection), i);

      g_string_append (names, workbench_experiment_table_get_row_name (workbench_experiment_row_get_table (row), workbench_experiment_row_get_index (row)));
    }
  return g_string_free (names, FALSE);
}

#define ASSERT_ORDER(f, expected) \
  do \
    { \
      g_autofree char *order_ = order (f); \
      g_assert_cmpstr (order_, ==, expected); \
    } \
  while (0)

/* @heading: what it begins with */
static void
sort_by (Fixture *f, const char *heading, GtkSortType direction)
{
  GListModel *columns = gtk_column_view_get_columns (f->window->view);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (!g_str_has_prefix (gtk_column_view_column_get_title (column), heading))
        continue;
      gtk_column_view_sort_by_column (f->window->view, column, direction);
      return;
    }
  g_assert_not_reached ();
}

static void
test_table (Fixture *f, gconstpointer name)
{
  GtkWidget *view = GTK_WIDGET (f->window->view);
  int width, height;

  gtk_widget_measure (GTK_WIDGET (f->window), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (f->window), GTK_ORIENTATION_VERTICAL, 1024, &height, NULL, NULL, NULL);
  g_assert_cmpint (width, <=, 1024);
  g_assert_cmpint (height, <=, 700);
  ASSERT_ORDER (f, "abcd");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (f->window)), ==, "Rates");
  g_assert_nonnull (find_text (GTK_WIDGET (f->window), "which rate"));
  g_assert_nonnull (find_text (GTK_WIDGET (f->window), "4 of 8 runs finished"));
  g_assert_nonnull (find_text (view, "★ 81.00 ± 1.41"));
  g_assert_nonnull (find_text (view, "★ 1.0"));
  g_assert_nonnull (find_text (view, "1 of 2, 1 waiting"));
  g_assert_nonnull (find_text (view, "k (steps)"));
  sort_by (f, "Final", GTK_SORT_DESCENDING);
  ASSERT_ORDER (f, "acbd"); /* what is not known is last */
  sort_by (f, "Synthesise", GTK_SORT_ASCENDING);
  ASSERT_ORDER (f, "bcad");
  sort_by (f, "Recipe", GTK_SORT_DESCENDING);
  ASSERT_ORDER (f, "dcba");
  sort_by (f, "η_g", GTK_SORT_ASCENDING);
  ASSERT_ORDER (f, "cbda");
}

static void
test_selection (Fixture *f, gconstpointer name)
{
  WorkbenchExperimentWindow *w = f->window;

  g_assert_cmpint (workbench_parallel_coordinates_get_selected (w->plot), ==, -1);
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (w->open)));
  sort_by (f, "Final", GTK_SORT_DESCENDING);
  gtk_single_selection_set_selected (w->selection, 1);
  g_assert_cmpint (workbench_parallel_coordinates_get_selected (w->plot), ==, 2); /* c */
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (w->open)));
  workbench_parallel_coordinates_set_selected (w->plot, 1);
  g_assert_cmpuint (gtk_single_selection_get_selected (w->selection), ==, 2); /* b is third */
  sort_by (f, "Final", GTK_SORT_ASCENDING);
  g_assert_cmpint (workbench_parallel_coordinates_get_selected (w->plot), ==, 1);
  workbench_parallel_coordinates_set_selected (w->plot, -1);
  g_assert_cmpuint (gtk_single_selection_get_selected (w->selection), ==, GTK_INVALID_LIST_POSITION);
}

static const WorkbenchParallelAxis *
axis_of (Fixture *f, const char *heading, guint *index)
{
  for (guint i = 0; i < f->window->plot->axes->len; i++)
    {
      const WorkbenchParallelAxis *axis = workbench_parallel_axis (f->window->plot, i);

      if (index != NULL)
        *index = i;
      if (g_str_has_prefix (workbench_experiment_table_get_column (f->window->shown, axis->column)->heading, heading))
        return axis;
    }
  g_assert_not_reached ();
}

/* there is little room beside an axis: names of files are told apart by what they do not share */
static void
test_categories (void)
{
  static const struct { const char *const categories[3]; const char *shown[2]; } cases[] = {
    { { "teachers/a-wrn.safetensors", "teachers/a-vgg.safetensors" }, { "a-wrn", "a-vgg" } },
    { { "here/a.pth", "there/a.pth" }, { "here/a", "there/a" } },
    { { "here/a.pth", "shapes32" }, { "here/a.pth", "shapes32" } },
    { { "a.b/c", "a.b/d" }, { "c", "d" } },
    { { "none", "common" }, { "none", "common" } },
    { { "0.5,0.5", "0.4,0.5" }, { "0.5,0.5", "0.4,0.5" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < 2; j++)
      {
        g_autofree char *shown = workbench_parallel_category ((char **) cases[i].categories, j);

        g_assert_cmpstr (shown, ==, cases[i].shown[j]);
      }
}

/* what lies outside leaves the table, and comes back */
static void
test_brushes (Fixture *f, gconstpointer name)
{
  WorkbenchExperimentWindow *w = f->window;
  WorkbenchBrushes *brushes = workbench_parallel_coordinates_get_brushes (w->plot);

  g_assert_cmpuint (w->plot->axes->len, ==, 5); /* reuse, k, lr_g, accuracy, time */
  g_assert_true (axis_of (f, "η_g", NULL)->axis.logarithmic);
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (w->clear)));
  workbench_parallel_coordinates_set_selected (w->plot, 2);
  workbench_brushes_set (brushes, axis_of (f, "η_g", NULL)->column, 0.001, 0.1);
  ASSERT_ORDER (f, "abd");
  g_assert_cmpint (workbench_parallel_coordinates_get_selected (w->plot), ==, -1); /* it is not there to be opened */
  g_assert_cmpstr (gtk_label_get_text (w->ranges), ==, "3 of 4 recipes are within the ranges");
  workbench_brushes_set (brushes, axis_of (f, "Reuse", NULL)->column, -0.5, 0.5);
  ASSERT_ORDER (f, "bd");
  g_signal_emit_by_name (w->clear, "clicked");
  ASSERT_ORDER (f, "abcd");
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (w->clear)));
}

static gboolean
press (Fixture *f, guint key, GdkModifierType state)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (f->window->plot));
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, state, &taken);
    }
  return taken;
}

static void
test_keys (Fixture *f, gconstpointer name)
{
  WorkbenchParallelCoordinates *plot = f->window->plot;
  WorkbenchBrushes *brushes = workbench_parallel_coordinates_get_brushes (plot);
  const WorkbenchParallelAxis *k = axis_of (f, "k (steps)", NULL), *reuse = axis_of (f, "Reuse", NULL);
  double low, high;
  guint index;

  axis_of (f, "k (steps)", &index);
  for (guint i = 0; i < index; i++)
    g_assert_true (press (f, GDK_KEY_Right, 0));
  g_assert_cmpuint (plot->focus, ==, index);

  /* up along k: a has 2, b and d have 5, c 10 */
  for (guint i = 0; i < 6; i++)
    {
      static const int expected[] = { 0, 1, 3, 2, 2, 2 };

      g_assert_true (press (f, GDK_KEY_Up, 0));
      g_assert_cmpint (workbench_parallel_coordinates_get_selected (plot), ==, expected[i]);
    }
  press (f, GDK_KEY_Down, 0);
  g_assert_cmpint (workbench_parallel_coordinates_get_selected (plot), ==, 3);

  /* its ends */
  g_assert_true (press (f, GDK_KEY_Down, GDK_SHIFT_MASK));
  g_assert_true (workbench_brushes_get (brushes, k->column, &low, &high));
  g_assert_cmpfloat (low, ==, k->axis.minimum);
  g_assert_cmpfloat_with_epsilon (high, k->axis.minimum + 0.95 * (k->axis.maximum - k->axis.minimum), 1e-9);
  ASSERT_ORDER (f, "abd");
  for (guint i = 0; i < 3; i++)
    press (f, GDK_KEY_Right, GDK_SHIFT_MASK);
  ASSERT_ORDER (f, "bd");
  for (guint i = 0; i < 100; i++)
    press (f, GDK_KEY_Down, GDK_SHIFT_MASK); /* never empty */
  g_assert_true (workbench_brushes_get (brushes, k->column, &low, &high));
  g_assert_cmpfloat (low, <, high);
  for (guint i = 0; i < 30; i++)
    {
      press (f, GDK_KEY_Up, GDK_SHIFT_MASK);
      press (f, GDK_KEY_Left, GDK_SHIFT_MASK);
    }
  g_assert_false (workbench_brushes_any (brushes)); /* all of the axis is no range */

  /* a category at once; Escape clears this axis, then all */
  while (plot->focus > 0)
    press (f, GDK_KEY_Left, 0);
  press (f, GDK_KEY_Down, GDK_SHIFT_MASK);
  g_assert_true (workbench_brushes_get (brushes, reuse->column, &low, &high));
  g_assert_cmpfloat_with_epsilon (high, 0.5, 1e-9);
  ASSERT_ORDER (f, "bd");
  g_assert_true (press (f, GDK_KEY_Escape, 0));
  g_assert_false (workbench_brushes_any (brushes));
  workbench_brushes_set (brushes, k->column, 1.0, 3.0);
  g_assert_true (press (f, GDK_KEY_Escape, 0));
  g_assert_false (workbench_brushes_any (brushes));
  g_assert_false (press (f, GDK_KEY_Escape, 0));
}

static gboolean
is_in_sight (WorkbenchParallelCoordinates *plot, guint axis)
{
  GtkAdjustment *along = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (GTK_WIDGET (plot), GTK_TYPE_SCROLLED_WINDOW)));
  const double x = workbench_parallel_axis (plot, axis)->x, value = gtk_adjustment_get_value (along);

  return x > value && x < value + gtk_adjustment_get_page_size (along);
}

/* where the axes have no room beside each other, that which keys are for is in sight */
static void
test_sight (Fixture *f, gconstpointer name)
{
  WorkbenchParallelCoordinates *plot = f->window->plot;

  gtk_window_set_default_size (GTK_WINDOW (f->window), 1, 600);
  TURN_UNTIL (!is_in_sight (plot, plot->axes->len - 1));
  gtk_widget_grab_focus (GTK_WIDGET (plot));
  turn_for (300);
  g_assert_cmpuint (plot->focus, ==, 0);
  g_assert_true (is_in_sight (plot, plot->focus));
  for (guint i = 1; i < plot->axes->len; i++)
    {
      g_assert_true (press (f, GDK_KEY_Right, 0));
      g_assert_true (is_in_sight (plot, plot->focus));
    }
  while (plot->focus > 0)
    {
      g_assert_true (press (f, GDK_KEY_Left, 0));
      g_assert_true (is_in_sight (plot, plot->focus));
    }
}

/* a real pointer: along an axis, a click on it, on a line, and over a line */
static void
test_pointer (Fixture *f, gconstpointer name)
{
  GtkWidget *plot = GTK_WIDGET (f->window->plot);
  WorkbenchBrushes *brushes = workbench_parallel_coordinates_get_brushes (f->window->plot);
  const WorkbenchParallelAxis *rate = axis_of (f, "η_g", NULL), *final = axis_of (f, "Final", NULL);
  double low, high, x, y;

  if (!has_hand ())
    return;
  hand_drag (plot, 1, rate->x, workbench_parallel_y (f->window->plot, rate, 0.0005), rate->x, workbench_parallel_y (f->window->plot, rate, 0.005));
  g_assert_true (workbench_brushes_get (brushes, rate->column, &low, &high));
  g_assert_cmpfloat_with_epsilon (log10 (low), log10 (0.0005), 0.03);
  g_assert_cmpfloat_with_epsilon (log10 (high), log10 (0.005), 0.03);
  ASSERT_ORDER (f, "bd");
  hand_drag (plot, 1, rate->x, workbench_parallel_y (f->window->plot, rate, 0.008), rate->x, workbench_parallel_y (f->window->plot, rate, 0.008));
  g_assert_false (workbench_brushes_any (brushes));

  /* half way from rate to accuracy on the line of a */
  x = 0.5 * (rate->x + final->x);
  y = 0.5 * (workbench_parallel_y (f->window->plot, rate, 0.01) + workbench_parallel_y (f->window->plot, final, 81.0));
  hand_move (plot, x, y + 1.0);
  TURN_UNTIL (f->window->plot->hovered == 0);
  hand_drag (plot, 1, x, y, x, y);
  TURN_UNTIL (workbench_parallel_coordinates_get_selected (f->window->plot) == 0);
  g_assert_cmpuint (gtk_single_selection_get_selected (f->window->selection), ==, 0);
  hand_move (plot, x, f->window->plot->top + f->window->plot->height - 2.0);
  TURN_UNTIL (f->window->plot->hovered == -1);
}

static void
test_saved (Fixture *f, gconstpointer name)
{
  g_autofree char *svg = g_build_filename (root, "saved.svg", NULL), *png = g_build_filename (root, "saved.png", NULL), *text = NULL;
  g_autofree char *csv = g_build_filename (root, "saved.csv", NULL), *other = g_build_filename (root, "saved.doc", NULL);
  g_autofree char *nowhere = g_build_filename (root, "nowhere", "saved.svg", NULL);
  g_autoptr (GPtrArray) lines = NULL;
  cairo_surface_t *picture;
  guint coloured = 0;

  workbench_parallel_coordinates_set_selected (f->window->plot, 0);
  g_assert_true (workbench_experiment_window_save (f->window, svg));
  g_assert_true (g_file_get_contents (svg, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "<svg"));
  g_clear_pointer (&text, g_free);

  g_assert_true (workbench_experiment_window_save (f->window, png));
  picture = cairo_image_surface_create_from_png (png);
  g_assert_cmpint (cairo_surface_status (picture), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (picture), ==, 2000);
  for (int y = 0; y < cairo_image_surface_get_height (picture); y++)
    for (int x = 0; x < cairo_image_surface_get_width (picture); x++)
      {
        const guint8 *pixel = cairo_image_surface_get_data (picture) + y * cairo_image_surface_get_stride (picture) + 4 * x;

        coloured += ABS (pixel[0] - pixel[2]) > 40;
      }
  cairo_surface_destroy (picture);
  g_assert_cmpuint (coloured, >, 2000);

  g_assert_true (workbench_experiment_window_save (f->window, csv));
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  lines = dfkd_csv_read (text);
  g_assert_cmpuint (lines->len, ==, 5);
  g_assert_cmpstr (((char **) lines->pdata[1])[0], ==, "a");

  g_assert_false (workbench_experiment_window_save (f->window, other));
  g_assert_false (workbench_experiment_window_save (f->window, nowhere));
  turn_for (100);
  g_assert_true (f->window->plot->height > 0.0 && find_text (GTK_WIDGET (f->window), "saved.") != NULL);
}

/* a run ends in a terminal: its row changes, and what is selected and looked at stays; a file that is broken meanwhile is said and nothing lost */
static void
test_goes_on (Fixture *f, gconstpointer name)
{
  WorkbenchExperimentWindow *w = f->window;
  WorkbenchBrushes *brushes = workbench_parallel_coordinates_get_brushes (w->plot);
  g_autofree char *copy = g_build_filename (f->folder, DFKD_EXPERIMENT_COPY, NULL);
  static const char other[] = "{\"name\": \"Other\", \"runs\": [{\"name\": \"x\", \"parameters\": {\"bn\": 1}}, {\"name\": \"y\", \"parameters\": {\"bn\": 2}}]}";

  workbench_brushes_set (brushes, axis_of (f, "k (steps)", NULL)->column, 4.0, 6.0);
  workbench_parallel_coordinates_set_selected (w->plot, 3);
  while (workbench_parallel_axis (w->plot, w->plot->focus) != axis_of (f, "η_g", NULL))
    w->plot->focus++;
  w->plot->dragged = (int) w->plot->focus;
  pretend_run (f->experiment, f->folder, 3, "90.25", 3.0);
  TURN_UNTIL (find_text (GTK_WIDGET (w->view), "★ 90.25") != NULL);
  g_assert_cmpint (w->plot->dragged, >=, 0); /* a range that is being drawn is drawn to its end */
  g_assert_true (workbench_parallel_axis (w->plot, (guint) w->plot->dragged) == axis_of (f, "η_g", NULL));
  g_assert_true (workbench_parallel_axis (w->plot, w->plot->focus) == axis_of (f, "η_g", NULL));
  w->plot->dragged = -1;
  ASSERT_ORDER (f, "bd");
  g_assert_cmpint (workbench_parallel_coordinates_get_selected (w->plot), ==, 3);
  g_assert_nonnull (find_text (GTK_WIDGET (w), "5 of 8 runs finished"));
  g_assert_cmpfloat (axis_of (f, "Final", NULL)->axis.maximum, >, 90.0);

  g_assert_true (g_file_set_contents (copy, "{", -1, NULL));
  TURN_UNTIL (gtk_info_bar_get_revealed (w->problem));
  g_assert_nonnull (strstr (gtk_label_get_text (w->problem_text), DFKD_EXPERIMENT_COPY));
  ASSERT_ORDER (f, "bd");
  g_assert_true (g_file_set_contents (copy, json, -1, NULL));
  TURN_UNTIL (!gtk_info_bar_get_revealed (w->problem));
  ASSERT_ORDER (f, "bd");
  g_assert_cmpint (workbench_parallel_coordinates_get_selected (w->plot), ==, 3);

  /* another table altogether, of fewer recipes and columns: ranges and selection mean nothing in it */
  sort_by (f, "k (steps)", GTK_SORT_DESCENDING);
  g_assert_true (g_file_set_contents (copy, other, -1, NULL));
  TURN_UNTIL (g_strcmp0 (gtk_window_get_title (GTK_WINDOW (w)), "Other") == 0);
  ASSERT_ORDER (f, "xy");
  g_assert_false (workbench_brushes_any (brushes));
  g_assert_cmpint (workbench_parallel_coordinates_get_selected (w->plot), ==, -1);
  g_assert_cmpuint (w->plot->axes->len, ==, 1);
  turn_for (200); /* it is drawn */
}

static WorkbenchWindow *
find_shown (const char *folder)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (WORKBENCH_IS_WINDOW (link->data) && workbench_window_get_document (link->data) != NULL
        && g_strcmp0 (workbench_document_get_folder (workbench_window_get_document (link->data)), folder) == 0)
      return link->data;
  return NULL;
}

/* the first run of a recipe is shown, the second one drawn beside it */
static void
test_open (Fixture *f, gconstpointer name)
{
  g_autofree char *first = dfkd_cell_path (f->experiment, f->folder, 0);
  WorkbenchExperimentWindow *w = f->window;
  WorkbenchWindow *shown;

  sort_by (f, "Final", GTK_SORT_DESCENDING);
  g_signal_emit_by_name (w->view, "activate", 0);
  TURN_UNTIL (find_shown (first) != NULL);
  shown = find_shown (first);
  g_assert_true (shown == WORKBENCH_WINDOW (f->parent)); /* its own run had not begun */
  TURN_UNTIL (find_text (GTK_WIDGET (shown), "a-seed1") != NULL);

  /* beside what is shown */
  gtk_single_selection_set_selected (w->selection, 2);
  g_signal_emit_by_name (w->compare, "clicked");
  TURN_UNTIL (find_text (GTK_WIDGET (shown), "b-seed0") != NULL);
  g_assert_cmpstr (workbench_document_get_folder (workbench_window_get_document (shown)), ==, first);

  /* d has none */
  gtk_single_selection_set_selected (w->selection, 3);
  g_signal_emit_by_name (w->open, "clicked");
  turn_for (100);
  g_assert_nonnull (find_text (GTK_WIDGET (w), "None of its runs has begun yet"));
}

static void
test_broken (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.BrokenExperiment", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *path = g_build_filename (root, "broken.json", NULL);
  GtkWidget *parent = small_window (application, recipe, NULL, TRUE);
  WorkbenchDocument *document = workbench_window_get_document (WORKBENCH_WINDOW (parent));
  WorkbenchExperimentWindow *window;

  g_assert_true (g_file_set_contents (path, "{\"name\": \"x\", \"runs\": [{\"name\": \"<b>\", \"parameters\": {\"k\": 1e9}}]}", -1, NULL));
  g_assert_true (drop_file (parent, path));
  window = find_experiment_window ();
  g_assert_nonnull (window);
  TURN_UNTIL (find_text (GTK_WIDGET (window), "broken.json") != NULL);
  g_assert_true (workbench_window_get_document (WORKBENCH_WINDOW (parent)) == document);
  g_assert_true (drop_file (parent, path)); /* it is there already */
  g_assert_true (find_experiment_window () == window);
  g_assert_true (g_file_set_contents (path, json, -1, NULL)); /* mended */
  TURN_UNTIL (window->shown != NULL);
  g_assert_nonnull (find_text (GTK_WIDGET (window), "0 of 8 runs finished"));
  gtk_window_destroy (GTK_WINDOW (window));
  end_window (parent);
}

/* of more seeds than can be drawn beside one another it is said that some are missing */
static void
test_many_seeds (void)
{
  static const char seeds[] = "{\"name\": \"Seeds\", \"seeds\": [0, 1, 2, 3, 4, 5, 6, 7, 8], \"runs\": [{\"name\": \"a\"}]}";
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Experiment.ManySeeds", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autoptr (DfkdExperiment) experiment = dfkd_experiment_from_json (seeds, -1, "seeds.json", root, NULL);
  g_autofree char *folder = g_build_filename (root, "many seeds", NULL), *copy = g_build_filename (folder, DFKD_EXPERIMENT_COPY, NULL);
  GtkWidget *parent = small_window (application, recipe, NULL, TRUE);
  WorkbenchExperimentWindow *window;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (copy, seeds, -1, NULL));
  for (guint i = 0; i < 9; i++)
    pretend_run (experiment, folder, i, "80", 10.0);
  g_assert_true (workbench_window_open (WORKBENCH_WINDOW (parent), copy));
  window = find_experiment_window ();
  TURN_UNTIL (window->shown != NULL && g_list_model_get_n_items (G_LIST_MODEL (window->selection)) == 1);
  g_signal_emit_by_name (window->view, "activate", 0);
  TURN_UNTIL (find_text (parent, "Six runs are drawn beside the present one") != NULL);
  close_watched (GTK_WIDGET (window), window);
  end_window (parent);
}

/* of more rows than there is room for the first ones are shown in every order */
static void
test_sorted_top (void)
{
  static const char sweep[] = "{\"name\": \"Many\", \"seeds\": [0], \"sweep\": {\"kind\": \"random\", \"count\": 100, "
                              "\"parameters\": {\"lr_g\": {\"from\": 1e-4, \"to\": 1e-2}}}}";
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Experiment.SortedTop", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autofree char *path = g_build_filename (root, "many.json", NULL);
  GtkWidget *parent = small_window (application, recipe, NULL, TRUE);
  Fixture f = { .parent = parent };
  GtkAdjustment *scrolled;

  g_assert_true (g_file_set_contents (path, sweep, -1, NULL));
  g_assert_true (workbench_window_open (WORKBENCH_WINDOW (parent), path));
  f.window = find_experiment_window ();
  g_assert_nonnull (f.window);
  scrolled = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (f.window->view));
  TURN_UNTIL (f.window->shown != NULL && gtk_adjustment_get_upper (scrolled) > 2.0 * gtk_adjustment_get_page_size (scrolled));
  for (guint i = 0; i < 4; i++)
    {
      sort_by (&f, "η", i % 2 == 0 ? GTK_SORT_ASCENDING : GTK_SORT_DESCENDING);
      turn_for (300);
      g_assert_cmpfloat (gtk_adjustment_get_value (scrolled), ==, 0.0);
    }
  close_watched (GTK_WIDGET (f.window), f.window);
  end_window (parent);
}

/* one that nobody has run says how, until a run is there */
static void
test_not_begun (void)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Experiment.NotBegun", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = small_recipe ();
  g_autoptr (DfkdExperiment) experiment = dfkd_experiment_from_json (json, -1, "table.json", root, NULL);
  g_autofree char *folder = g_build_filename (root, "its runs", NULL), *copy = g_build_filename (folder, DFKD_EXPERIMENT_COPY, NULL);
  g_autofree char *command = g_strdup_printf ("dfkd experiment '%s' -o '%s'", copy, folder);
  GtkWidget *parent = small_window (application, recipe, NULL, TRUE);
  WorkbenchExperimentWindow *window;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (copy, json, -1, NULL));
  g_assert_true (workbench_window_open (WORKBENCH_WINDOW (parent), copy));
  window = find_experiment_window ();
  TURN_UNTIL (window->shown != NULL && find_text (GTK_WIDGET (window), command) != NULL);
  pretend_run (experiment, folder, 0, "80", 10.0);
  workbench_experiment_refresh (window->experiment);
  TURN_UNTIL (find_text (GTK_WIDGET (window), command) == NULL);
  close_watched (GTK_WIDGET (window), window);
  end_window (parent);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *f, gconstpointer name);
  } tests[] = { { "table", test_table },       { "selection", test_selection }, { "brushes", test_brushes }, { "keys", test_keys }, { "sight", test_sight },
                { "pointer", test_pointer },   { "saved", test_saved },         { "open", test_open },       { "goes-on", test_goes_on } };
  int code;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  root = g_dir_make_tmp ("dfkd-experiment-XXXXXX", NULL);
  g_chdir (root);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/experiment-window/", tests[i].name, NULL);

      g_test_add (path, Fixture, tests[i].name, set_up, tests[i].test, tear_down);
    }
  g_test_add_func ("/experiment-window/categories", test_categories);
  g_test_add_func ("/experiment-window/broken", test_broken);
  g_test_add_func ("/experiment-window/not-begun", test_not_begun);
  g_test_add_func ("/experiment-window/many-seeds", test_many_seeds);
  g_test_add_func ("/experiment-window/sorted-top", test_sorted_top);
  code = g_test_run ();
  g_chdir ("/");
  remove_folder (root);
  g_free (root);
  return code;
}
