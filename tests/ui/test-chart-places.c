/* test-chart-places.c: charts without a run: what a logarithmic axis cannot show, rows that each have a name, and the crosshair that
 * keys take from place to place. */
#include "support.h"
#include "widgets.h"
#include "workbench-chart-private.h"
#include "workbench-drawing.h"
#include "workbench-heat-layer.h"
#include "workbench-line-layer.h"
#include "workbench-row-layer.h"
#include "workbench-scatter-layer.h"

#include <math.h>
#include <string.h>

typedef struct {
  GtkWidget *window;
  WorkbenchChart *chart;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->chart = g_object_new (WORKBENCH_TYPE_CHART, NULL);
  workbench_chart_set_axes (f->chart, "step", "value");
  f->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (f->window), 800, 400);
}

static void
present (Fixture *f, GtkWidget *child)
{
  gtk_window_set_child (GTK_WINDOW (f->window), child);
  gtk_window_present (GTK_WINDOW (f->window));
  turn_for (200);
  g_assert_true (f->chart->drawn);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_watched (f->window, f->chart);
}

static void
add_line (Fixture *f, const char *title, guint colour, const double *y, guint count)
{
  g_autoptr (WorkbenchSeries) series = workbench_series_new (title);

  for (guint i = 0; i < count; i++)
    workbench_series_append_step (series, i, y[i]);
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (workbench_line_layer_new (series, NULL, workbench_palette (colour))));
}

/* ------------------------------------------------------------------------------------- a logarithmic axis */

/* the least positive value of any piece, as one finds it by looking at each */
static void
test_positive_range (void)
{
  g_autoptr (WorkbenchSeries) series = workbench_series_new ("signs");
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  enum { COUNT = 5000 };

  for (guint i = 0; i < COUNT; i++)
    workbench_series_append_step (series, i, i >= 1000 && i < 2000 ? -1.0 : g_rand_double_range (random, -1.0, 1.0));
  for (guint trial = 0; trial < 500; trial++)
    {
      guint first = (guint) g_rand_int_range (random, 0, COUNT), end = (guint) g_rand_int_range (random, 0, COUNT + 10);
      double least = INFINITY, greatest = -INFINITY, minimum, maximum;

      for (guint i = first; i < MIN (end, COUNT); i++)
        if (workbench_series_get_y (series, i) > 0.0)
          {
            least = MIN (least, workbench_series_get_y (series, i));
            greatest = MAX (greatest, workbench_series_get_y (series, i));
          }
      g_assert_true (workbench_series_positive_range (series, first, end, &minimum, &maximum) == (least <= greatest));
      if (least > greatest)
        continue;
      g_assert_cmpfloat (minimum, ==, least);
      g_assert_cmpfloat (maximum, ==, greatest);
    }
}

/* how many pixels of @surface between two places are bluer than red: the first curve's */
static guint
count_blue (cairo_surface_t *surface, double left, double right, double top, double bottom)
{
  const guint32 *pixels = (const guint32 *) (gconstpointer) cairo_image_surface_get_data (surface);
  guint stride = (guint) cairo_image_surface_get_stride (surface) / 4, count = 0;

  cairo_surface_flush (surface);
  for (guint y = (guint) top; y <= (guint) bottom; y++)
    for (guint x = (guint) left; x <= (guint) right; x++)
      count += (pixels[y * stride + x] & 0xff) > (pixels[y * stride + x] >> 16 & 0xff) + 40;
  return count;
}

/* a curve has a gap where it is not positive, by points and by columns, raw and smoothed; what never is positive leaves no trace; the
 * legend and the crosshair say why */
static void
test_gaps (Fixture *f, gconstpointer data)
{
  guint count = GPOINTER_TO_UINT (data);
  g_autofree double *y = g_new (double, count), *negative = g_new (double, count);
  g_autofree char *legend = NULL, *other = NULL, *told = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 800, 400);
  WorkbenchPlot plot = { .cr = cairo_create (surface), .foreground = { 0.0f, 0.0f, 0.0f, 1.0f }, .background = { 1.0f, 1.0f, 1.0f, 1.0f } };
  WorkbenchHover hover = { 0 };
  WorkbenchChartLayer *line;

  for (guint i = 0; i < count; i++)
    {
      y[i] = i >= count * 2 / 5 && i < count * 3 / 5 ? (i % 2 == 0 ? -1.0 : 0.0) : i < count / 2 ? 1.0 : 100.0;
      negative[i] = -0.5;
    }
  add_line (f, "L", 0, y, count);
  add_line (f, "L_adv", 0, negative, count);
  line = workbench_chart_get_layer (f->chart, 0);
  plot.layout = pango_cairo_create_layout (plot.cr);
  workbench_chart_set_logarithmic (f->chart, TRUE);
  for (guint smoothed = 0; smoothed < 2; smoothed++)
    {
      double start, end, whole;

      if (smoothed == 1)
        workbench_line_layer_set_half_life (WORKBENCH_LINE_LAYER (line), 1e-3); /* as good as raw, and drawn as a smoothed curve */
      cairo_set_source_rgb (plot.cr, 1.0, 1.0, 1.0);
      cairo_paint (plot.cr);
      workbench_chart_draw (f->chart, &plot, 800.0, 400.0, FALSE);
      g_assert_true (plot.y.logarithmic);
      start = workbench_plot_x (&plot, count * 2 / 5);
      end = workbench_plot_x (&plot, count * 3 / 5 - 1);
      whole = plot.top + plot.height;
      g_assert_cmpuint (count_blue (surface, plot.left + 2.0, start - 4.0, plot.top + 2.0, whole - 1.0), >, (guint) (start - plot.left - 8.0));
      g_assert_cmpuint (count_blue (surface, end + 4.0, plot.left + plot.width - 2.0, plot.top + 2.0, whole - 1.0), >,
                        (guint) (plot.left + plot.width - end - 8.0));
      g_assert_cmpuint (count_blue (surface, start + 2.0, end - 2.0, plot.top + 2.0, whole), ==, 0);
      g_assert_cmpuint (count_blue (surface, plot.left + 2.0, plot.left + plot.width - 2.0, whole - 2.0, whole), ==, 0); /* not along the edge */
    }
  legend = workbench_chart_legend_text (f->chart, &plot, 1);
  other = workbench_chart_legend_text (f->chart, &plot, 0);
  g_assert_cmpstr (legend, ==, "L_adv (no positive value)");
  g_assert_cmpstr (other, ==, "L");
  line = workbench_chart_get_layer (f->chart, 1);
  g_assert_true (WORKBENCH_CHART_LAYER_GET_CLASS (line)->hover (line, &plot, workbench_plot_x (&plot, count / 2), 100.0, &hover));
  g_assert_cmpstr (hover.text, ==, "L_adv -0.5, not drawn: not positive");
  g_free (hover.text);
  g_object_unref (plot.layout);
  cairo_destroy (plot.cr);
  cairo_surface_destroy (surface);
  present (f, GTK_WIDGET (f->chart));
  workbench_chart_set_cursor (f->chart, count / 2);
  told = workbench_chart_describe (f->chart);
  g_assert_nonnull (strstr (told, "; L_adv -0.5, not drawn"));
  workbench_chart_set_logarithmic (f->chart, FALSE);
  turn_for (50);
  g_free (legend);
  legend = workbench_chart_legend_text (f->chart, &f->chart->plot, 1);
  g_assert_cmpstr (legend, ==, "L_adv");
}

/* --------------------------------------------------------------------------------------------------- rows */

static char *
row_text (guint row, double value, gpointer data)
{
  return g_strdup_printf ("row %u: %g", row, value);
}

static char *
cell_text (guint row, guint column, double value, gpointer data)
{
  return g_strdup_printf ("cell %u, %u: %g", row, column, value);
}

static GStrv
new_names (guint count)
{
  GStrv names = g_new0 (char *, count + 1);

  for (guint i = 0; i < count; i++)
    names[i] = g_strdup_printf ("layer%u.bn", i);
  return names;
}

static void
add_rows (Fixture *f, guint count)
{
  g_autofree double *values = g_new (double, count);
  g_auto (GStrv) names = new_names (count);
  WorkbenchRowLayer *rows = workbench_row_layer_new (NULL, workbench_palette (0), NULL, row_text, NULL);

  for (guint i = 0; i < count; i++)
    values[i] = 1.0 + i;
  workbench_row_layer_set (rows, count, NULL, values, NAN);
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (rows));
  workbench_chart_set_y_labels (f->chart, (const char *const *) names);
}

static GtkWidget *
on_page (Fixture *f)
{
  GtkWidget *page = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (page), GTK_WIDGET (f->chart));
  return page;
}

/* every how many rows has a name */
static guint
label_step (Fixture *f, guint count)
{
  return workbench_chart_label_step (&f->chart->plot.y, count, f->chart->plot.height, workbench_drawing_text_height (GTK_WIDGET (f->chart)) + 1.0);
}

static void
press (Fixture *f, guint key, GdkModifierType state)
{
  g_assert_true (press_key (GTK_WIDGET (f->chart), key, state));
  turn_for (40);
}

/* what a screen reader is told */
static void
assert_told (Fixture *f, const char *expected)
{
  g_autofree char *wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (f->chart), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, expected);

  g_assert_cmpstr (wrong, ==, NULL);
}

/* 36 layers, 100 classes: each row has its name, and the page scrolls to where the keys go */
static void
test_rows (Fixture *f, gconstpointer data)
{
  guint count = GPOINTER_TO_UINT (data);
  GtkWidget *page = on_page (f);
  GtkAdjustment *scrolled = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page));
  g_autofree char *last = g_strdup_printf ("value %u; row %u: %u", count, count - 1, count);
  gboolean handled = FALSE;

  workbench_chart_set_axes (f->chart, "value", "layer");
  add_rows (f, count);
  present (f, page);
  g_assert_cmpuint (label_step (f, count), ==, 1);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (f->chart)), >, gtk_widget_get_height (page));
  press (f, GDK_KEY_Down, 0); /* people read from above: to the uppermost, which is the last */
  assert_told (f, last);
  g_assert_cmpfloat (gtk_adjustment_get_value (scrolled), <, 40.0);
  for (guint i = 0; i < count + 3; i++) /* and no farther than the lowest */
    press (f, GDK_KEY_Down, 0);
  assert_told (f, "value 1; row 0: 1");
  g_assert_cmpfloat (gtk_adjustment_get_value (scrolled) + gtk_adjustment_get_page_size (scrolled), >,
                     workbench_plot_y (&f->chart->plot, 0.0)); /* it is seen */
  press (f, GDK_KEY_Up, 0);
  assert_told (f, "value 2; row 1: 2");
  /* the wheel scrolls here, and zooms with Ctrl (which only a hand presses) */
  g_signal_emit_by_name (find_controller (GTK_WIDGET (f->chart), GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", f->chart->plot.left + 30.0, 60.0);
  g_signal_emit_by_name (find_controller (GTK_WIDGET (f->chart), GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0, 1.0, &handled);
  g_assert_false (handled);
  /* what is more than a surface can hold is not asked for: every so many have names then */
  add_rows (f, 3000);
  turn_for (100);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (f->chart)), <=, 8192);
  g_assert_cmpuint (label_step (f, 3000), >, 1);
}

/* ---------------------------------------------------------------------------------------------------- keys */

/* from point to point of any curve; at either end it stays; the other charts and the pointer know of it */
static void
test_keys_line (Fixture *f, gconstpointer data)
{
  const double y[] = { 3.0, 1.0, 4.0, 1.5, 9.0 };
  double x0, x1, y0, y1;

  add_line (f, "loss", 0, y, G_N_ELEMENTS (y));
  present (f, GTK_WIDGET (f->chart));
  press (f, GDK_KEY_Right, 0);
  g_assert_cmpfloat (f->chart->cursor, ==, 0.0);
  assert_told (f, "step 0; loss 3");
  press (f, GDK_KEY_Right, 0);
  press (f, GDK_KEY_Right, 0);
  assert_told (f, "step 2; loss 4");
  /* a pointer that rests over the chart leaves it there, whatever is laid out again */
  g_signal_emit_by_name (find_controller (GTK_WIDGET (f->chart), GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", workbench_plot_x (&f->chart->plot, 1.1), 60.0);
  press (f, GDK_KEY_Right, 0);
  g_signal_emit_by_name (find_controller (GTK_WIDGET (f->chart), GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", workbench_plot_x (&f->chart->plot, 1.1), 60.0);
  assert_told (f, "step 2; loss 4");
  press (f, GDK_KEY_Left, 0);
  assert_told (f, "step 1; loss 1");
  press (f, GDK_KEY_End, 0);
  press (f, GDK_KEY_Right, 0);
  assert_told (f, "step 4; loss 9");
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_true (isnan (x0)); /* nothing was panned */
  press (f, GDK_KEY_Home, 0);
  assert_told (f, "step 0; loss 3");
  /* told as it is, not as a pixel rounds it */
  workbench_chart_zoom (f->chart, -1.0 / 3.0, 3.7, NAN, NAN);
  turn_for (40);
  press (f, GDK_KEY_Home, 0);
  assert_told (f, "step 0; loss 3");
  /* a piece goes along with it */
  workbench_chart_zoom (f->chart, 0.0, 2.0, NAN, NAN);
  turn_for (40);
  for (guint i = 0; i < 3; i++)
    press (f, GDK_KEY_Right, 0);
  assert_told (f, "step 3; loss 1.5");
  g_assert_cmpfloat (f->chart->plot.x.maximum, >, 3.0);
  g_assert_cmpfloat_with_epsilon (f->chart->plot.x.maximum - f->chart->plot.x.minimum, 2.0, 1e-9);
  /* zoom stays about it; with Shift arrows pan as before, and so do those along which there is nothing to go to */
  press (f, GDK_KEY_plus, 0);
  g_assert_cmpfloat (f->chart->plot.x.maximum - f->chart->plot.x.minimum, <, 1.9);
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  press (f, GDK_KEY_Left, GDK_SHIFT_MASK);
  g_assert_cmpfloat_with_epsilon (f->chart->plot.x.minimum, x0 - 0.1 * (x1 - x0), 1e-9);
  g_assert_cmpfloat (f->chart->cursor, ==, 3.0);
  press (f, GDK_KEY_Up, 0);
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_true (isfinite (y0));
  /* the pointer takes it over */
  g_signal_emit_by_name (find_controller (GTK_WIDGET (f->chart), GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", f->chart->plot.left + 30.0, 60.0);
  g_assert_false (f->chart->by_keys);
  assert_told (f, NULL);
}

/* of a million points to the next that is a pixel away */
static void
test_keys_million (Fixture *f, gconstpointer data)
{
  g_autofree double *y = g_new0 (double, 1000000);
  double before;

  add_line (f, "loss", 0, y, 1000000);
  present (f, GTK_WIDGET (f->chart));
  press (f, GDK_KEY_Right, 0);
  press (f, GDK_KEY_Right, 0);
  before = f->chart->cursor;
  g_assert_cmpfloat (before, >, 1000.0);
  g_assert_cmpfloat (before, <, 2000.0);
  press (f, GDK_KEY_End, 0);
  g_assert_cmpfloat (f->chart->cursor, ==, 999999.0);
  workbench_chart_zoom (f->chart, before - 10.0, before + 10.0, NAN, NAN);
  turn_for (40);
  press (f, GDK_KEY_Home, 0);
  press (f, GDK_KEY_Right, 0);
  g_assert_cmpfloat (f->chart->cursor, ==, ceil (before - 10.0) + 1.0); /* one by one there */
}

/* by cells, from the one at the upper left */
static void
test_keys_matrix (Fixture *f, gconstpointer data)
{
  const float values[2 * 3] = { 1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f };
  const char *const rows[] = { "low", "high", NULL }, *const columns[] = { "a", "b", "c", NULL };
  WorkbenchHeatLayer *cells = workbench_heat_layer_new (FALSE, cell_text, NULL);

  workbench_heat_layer_set (cells, 2, 3, values, TRUE);
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (cells));
  workbench_chart_set_y_labels (f->chart, rows);
  workbench_chart_set_x_labels (f->chart, columns);
  present (f, GTK_WIDGET (f->chart));
  press (f, GDK_KEY_Right, 0);
  assert_told (f, "a; cell 1, 0: 4");
  press (f, GDK_KEY_Right, 0);
  assert_told (f, "b; cell 1, 1: 5");
  press (f, GDK_KEY_Down, 0);
  assert_told (f, "b; cell 0, 1: 2");
  press (f, GDK_KEY_Left, 0);
  press (f, GDK_KEY_Left, 0);
  assert_told (f, "a; cell 0, 0: 1");
  press (f, GDK_KEY_Up, 0);
  press (f, GDK_KEY_Up, 0);
  assert_told (f, "a; cell 1, 0: 4");
}

/* pixels of the cell at (row, column) that are darker than its ground, a light one */
static guint
count_ink (cairo_surface_t *surface, const WorkbenchPlot *plot, double row, double column)
{
  const guint32 *pixels = (const guint32 *) (gconstpointer) cairo_image_surface_get_data (surface);
  guint stride = (guint) cairo_image_surface_get_stride (surface) / 4, count = 0;

  cairo_surface_flush (surface);
  for (guint y = (guint) workbench_plot_y (plot, row + 0.4); y < (guint) workbench_plot_y (plot, row - 0.4); y++)
    for (guint x = (guint) workbench_plot_x (plot, column - 0.45); x < (guint) workbench_plot_x (plot, column + 0.45); x++)
      count += (pixels[y * stride + x] >> 16 & 0xff) < 0x80;
  return count;
}

/* As a chart becomes narrower numbers become smaller, all of them, and then none is left: it is not the greatest that go first. */
static void
test_numbers (Fixture *f, gconstpointer data)
{
  enum { N = 10 };
  float values[N * N] = { 0.0f };
  WorkbenchHeatLayer *cells = workbench_heat_layer_new (FALSE, cell_text, NULL);
  gboolean any = FALSE, none = FALSE;

  for (guint i = 0; i < N; i++)
    values[i * N + i] = i % 2 == 0 ? 100.0f : 97.0f;
  workbench_heat_layer_set (cells, N, N, values, TRUE);
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (cells));
  for (double width = 240.0; width < 800.0; width += 20.0)
    {
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 800, 400);
      WorkbenchPlot plot = { .cr = cairo_create (surface), .background = { 1.0f, 1.0f, 1.0f, 1.0f } };
      guint all = 0, short_ones = 0;

      plot.layout = pango_cairo_create_layout (plot.cr);
      workbench_chart_draw (f->chart, &plot, width, 400.0, FALSE);
      for (guint i = 0; i < N; i++)
        {
          all += count_ink (surface, &plot, i, i) > 0;
          short_ones += i % 2 == 1 && count_ink (surface, &plot, i, i) > 0;
        }
      g_assert_true (all == 0 || all == N);
      g_assert_true (short_ones == 0 || short_ones == N / 2);
      any |= all > 0;
      none |= all == 0;
      g_object_unref (plot.layout);
      cairo_destroy (plot.cr);
      cairo_surface_destroy (surface);
    }
  g_assert_true (any && none);
  present (f, GTK_WIDGET (f->chart));
}

/* Names along x stand upright where they have no room beside each other; the chart is so much higher then, and lies again when it is wide. */
static void
test_upright (Fixture *f, gconstpointer data)
{
  enum { N = 10 };
  float values[N * N] = { 0.0f };
  g_auto (GStrv) names = new_names (N);
  WorkbenchHeatLayer *cells = workbench_heat_layer_new (FALSE, cell_text, NULL);
  GtkWidget *page = gtk_scrolled_window_new (), *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  int height;

  workbench_heat_layer_set (cells, N, N, values, TRUE);
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (cells));
  workbench_chart_set_x_labels (f->chart, (const char *const *) names);
  workbench_chart_set_y_labels (f->chart, (const char *const *) names);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (f->chart));
  gtk_widget_set_halign (column, GTK_ALIGN_START);
  gtk_widget_set_size_request (column, 1200, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (page), column);
  present (f, page);
  g_assert_cmpfloat (f->chart->names_height, ==, 0.0);
  height = gtk_widget_get_height (GTK_WIDGET (f->chart));
  gtk_widget_set_size_request (column, 360, -1);
  turn_for (200);
  g_assert_cmpfloat (f->chart->names_height, >, 10.0);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (f->chart)), >, height + 10);
  g_assert_cmpuint (label_step (f, N), ==, 1);
  gtk_widget_set_size_request (column, 1200, -1);
  turn_for (200);
  g_assert_cmpfloat (f->chart->names_height, ==, 0.0);
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (f->chart)), ==, height);
}

/* Whoever names classes must not push the frame out of the chart: long names lose their middle, those that are read from the right too. */
static void
test_long_names (Fixture *f, gconstpointer data)
{
  enum { N = 100 };
  g_autofree float *values = g_new0 (float, N * N);
  g_auto (GStrv) names = new_names (N);
  WorkbenchHeatLayer *cells = workbench_heat_layer_new (FALSE, cell_text, NULL);
  GtkWidget *page = gtk_scrolled_window_new (), *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  for (guint i = 0; i < N; i++)
    {
      g_autofree char *name = g_steal_pointer (&names[i]), *letters = g_strnfill (400, 'x');

      names[i] = g_strconcat (i % 2 == 0 ? "" : "القطة", letters, name, NULL);
    }
  workbench_heat_layer_set (cells, N, N, values, FALSE);
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (cells));
  workbench_chart_set_x_labels (f->chart, (const char *const *) names);
  workbench_chart_set_y_labels (f->chart, (const char *const *) names);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (f->chart));
  gtk_widget_set_halign (column, GTK_ALIGN_START);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (page), column);
  for (int width = 500; width <= 1000; width *= 2)
    {
      gtk_widget_set_size_request (column, width, -1);
      if (width == 500)
        present (f, page);
      else
        turn_for (200);
      g_assert_true (f->chart->drawn);
      g_assert_cmpfloat (f->chart->plot.width, >, 0.45 * width);
      g_assert_cmpfloat (f->chart->names_height, >, 100.0); /* lying, two of a hundred would have room */
      g_assert_cmpfloat (f->chart->names_height, <, 0.4 * width);
      g_assert_cmpfloat (f->chart->plot.height, >, gtk_widget_get_height (GTK_WIDGET (f->chart)) / 2);
    }
}

static char *
point_text (guint index, gpointer data)
{
  return g_strdup_printf ("channel %u", index);
}

/* by points from left to right, whatever their order */
static void
test_keys_points (Fixture *f, gconstpointer data)
{
  const float x[] = { 3.0f, 1.0f, 2.0f }, y[] = { 30.0f, 10.0f, 20.0f };
  WorkbenchScatterLayer *points = workbench_scatter_layer_new (NULL, workbench_palette (0), FALSE, point_text, NULL);

  workbench_scatter_layer_set (points, 3, x, y);
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (points));
  present (f, GTK_WIDGET (f->chart));
  press (f, GDK_KEY_Right, 0);
  assert_told (f, "step 1; channel 1");
  press (f, GDK_KEY_Right, 0);
  assert_told (f, "step 2; channel 2");
  press (f, GDK_KEY_End, 0);
  assert_told (f, "step 3; channel 0");
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/places/positive-range", test_positive_range);
#define ADD(path, name, number) g_test_add ("/places/" path, Fixture, GUINT_TO_POINTER (number), set_up, test_##name, tear_down)
  ADD ("gaps/by-points", gaps, 50);
  ADD ("gaps/by-columns", gaps, 50000);
  ADD ("rows/36", rows, 36);
  ADD ("rows/100", rows, 100);
  ADD ("keys/line", keys_line, 0);
  ADD ("keys/million", keys_million, 0);
  ADD ("keys/matrix", keys_matrix, 0);
  ADD ("numbers", numbers, 0);
  ADD ("upright", upright, 0);
  ADD ("long-names", long_names, 0);
  ADD ("keys/points", keys_points, 0);
#undef ADD
  return g_test_run ();
}
