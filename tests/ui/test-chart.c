/* test-chart.c: charts without a run: zoom, crosshair, legend, a million points in a frame, export read back. */
#include "widgets.h"
#include "workbench-chart-private.h"
#include "support.h"
#include "workbench-line-layer.h"
#include "workbench-mark-layer.h"
#include "workbench-reference-layer.h"
#include "workbench-smoothing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  GtkWidget *window;
  WorkbenchChart *chart;
  WorkbenchSeries *series;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  guint points = GPOINTER_TO_UINT (data);

  f->series = workbench_series_new ("loss");
  for (guint i = 0; i < points; i++)
    workbench_series_append_step (f->series, i, i == points / 2 ? 100.0 : 2.0 + sin (i * 0.01));
  f->chart = g_object_new (WORKBENCH_TYPE_CHART, NULL);
  workbench_chart_set_axes (f->chart, "step", "value");
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (workbench_line_layer_new (f->series, NULL, workbench_palette (0))));
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (workbench_line_layer_new (f->series, "again", workbench_palette (1))));
  f->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (f->window), 800, 400);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->chart));
  gtk_window_present (GTK_WINDOW (f->window));
  turn_for (200);
  g_assert_true (f->chart->drawn);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_watched (f->window, f->chart);
  g_object_unref (f->series);
}

static void
test_zoom (Fixture *f, gconstpointer data)
{
  double x0, x1, y0, y1;

  /* all of it, the spike too */
  g_assert_cmpfloat (f->chart->plot.x.minimum, ==, 0.0);
  g_assert_cmpfloat (f->chart->plot.x.maximum, ==, 999.0);
  g_assert_cmpfloat (f->chart->plot.y.maximum, >=, 100.0);
  /* a piece without the spike: y follows what is seen */
  workbench_chart_zoom (f->chart, 10.0, 200.0, NAN, NAN);
  turn_for (50);
  g_assert_cmpfloat (f->chart->plot.x.minimum, ==, 10.0);
  g_assert_cmpfloat (f->chart->plot.y.maximum, <, 4.0);
  workbench_chart_zoom (f->chart, 10.0, 200.0, 1.5, 2.5);
  turn_for (50);
  g_assert_cmpfloat (f->chart->plot.y.minimum, ==, 1.5);
  /* nonsense is refused */
  workbench_chart_zoom (f->chart, 5.0, 5.0, NAN, NAN);
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat (x0, ==, 10.0);
  workbench_chart_zoom (f->chart, NAN, NAN, NAN, NAN);
  turn_for (50);
  g_assert_cmpfloat (f->chart->plot.x.maximum, ==, 999.0);
  workbench_chart_set_logarithmic (f->chart, TRUE);
  turn_for (50);
  g_assert_true (f->chart->plot.y.logarithmic);
}

/* what the crosshair says is the series' own value */
static void
test_hover (Fixture *f, gconstpointer data)
{
  WorkbenchChartLayer *layer = workbench_chart_get_layer (f->chart, 0);
  g_autoptr (WorkbenchSeries) shorter = workbench_series_new ("shorter");
  WorkbenchChartLayer *line;
  WorkbenchHover hover = { 0 };
  const WorkbenchPlot *plot = &f->chart->plot;

  g_assert_true (WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover (layer, plot, workbench_plot_x (plot, 500.2), 100.0, &hover));
  g_assert_cmpfloat (hover.x, ==, 500.0);
  g_assert_cmpfloat (hover.y, ==, 100.0);
  g_assert_cmpstr (hover.text, ==, "loss 100");
  g_free (hover.text);

  /* one that ended earlier says nothing of steps that it has not come to */
  for (guint i = 10; i < 20; i += 2)
    workbench_series_append_step (shorter, i, i);
  line = WORKBENCH_CHART_LAYER (workbench_line_layer_new (shorter, NULL, workbench_palette (2)));
  g_assert_false (WORKBENCH_CHART_LAYER_GET_CLASS (line)->hover (line, plot, workbench_plot_x (plot, 500.2), 100.0, &hover));
  g_assert_false (WORKBENCH_CHART_LAYER_GET_CLASS (line)->hover (line, plot, workbench_plot_x (plot, 2.0), 100.0, &hover));
  g_assert_true (WORKBENCH_CHART_LAYER_GET_CLASS (line)->hover (line, plot, workbench_plot_x (plot, 19.5), 100.0, &hover));
  g_assert_cmpstr (hover.text, ==, "shorter 18");
  g_free (hover.text);
  g_object_unref (line);
}

static void
test_legend (Fixture *f, gconstpointer data)
{
  WorkbenchChartLayer *first = workbench_chart_get_layer (f->chart, 0);
  const WorkbenchChartEntry *entry = &g_array_index (f->chart->entries, WorkbenchChartEntry, 1);

  g_assert_cmpfloat (entry->right, >, entry->left); /* two curves: there is a legend */
  workbench_chart_layer_set_visible (first, FALSE);
  workbench_chart_layer_set_visible (workbench_chart_get_layer (f->chart, 1), FALSE);
  turn_for (50);
  g_assert_false (f->chart->drawn); /* nothing left to show */
  workbench_chart_layer_set_visible (first, TRUE);
  turn_for (50);
  g_assert_true (f->chart->drawn);
}

/* the least that a chart asks for over @width */
static int
least_height (WorkbenchChart *chart, int width)
{
  int minimum;

  gtk_widget_measure (GTK_WIDGET (chart), GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* A legend of many lines takes nothing from the frame, also where titles become longer or the chart narrower. */
static void
test_tall_legend (Fixture *f, gconstpointer data)
{
  GtkWidget *page = gtk_scrolled_window_new (), *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *chart = GTK_WIDGET (f->chart);
  int short_titles, long_titles;

  g_object_ref (chart);
  gtk_window_set_child (GTK_WINDOW (f->window), NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (page), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_box_append (GTK_BOX (column), chart);
  gtk_widget_set_size_request (column, 320, -1);
  gtk_widget_set_halign (column, GTK_ALIGN_START);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (page), column);
  gtk_window_set_child (GTK_WINDOW (f->window), page);
  g_object_unref (chart);
  gtk_widget_set_hexpand (chart, FALSE);
  for (guint i = 2; i < 14; i++)
    workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (workbench_line_layer_new (f->series, "loss", workbench_palette (i))));
  g_assert_cmpint (least_height (f->chart, 300), >, least_height (f->chart, 2000));
  turn_for (200);
  short_titles = gtk_widget_get_height (chart);
  g_assert_true (f->chart->drawn);
  g_assert_cmpfloat (f->chart->plot.height, >=, 75.0);
  for (guint i = 2; i < 14; i++)
    {
      g_autofree char *title = g_strdup_printf ("loss of the run number %u", i);

      workbench_chart_layer_set_legend (workbench_chart_get_layer (f->chart, i), title, workbench_palette (i));
    }
  gtk_widget_queue_draw (chart);
  turn_for (200);
  long_titles = gtk_widget_get_height (chart);
  g_assert_cmpint (long_titles, >, short_titles);
  g_assert_true (f->chart->drawn);
  g_assert_cmpfloat (f->chart->plot.height, >=, 75.0);
  gtk_widget_set_size_request (column, 600, -1);
  turn_for (200);
  g_assert_cmpint (gtk_widget_get_height (chart), <, long_titles);
  g_assert_cmpfloat (f->chart->plot.height, >=, 75.0);
  workbench_chart_layer_set_legend (workbench_chart_get_layer (f->chart, 5), "loss of a run in a folder whose name is so very long that no line of the legend, "
                                    "however wide its chart may be, has room for all of it", workbench_palette (5));
  turn_for (200);
  for (guint i = 0; i < f->chart->entries->len; i++) /* it ends where the frame does */
    g_assert_cmpfloat (g_array_index (f->chart->entries, WorkbenchChartEntry, i).right, <=, f->chart->plot.left + f->chart->plot.width + 4.0);
}

static void
test_link (Fixture *f, gconstpointer data)
{
  WorkbenchChart *other = g_object_ref_sink (g_object_new (WORKBENCH_TYPE_CHART, NULL));
  double x0, x1, y0, y1;

  workbench_chart_link (f->chart, other);
  workbench_chart_zoom (f->chart, 3.0, 4.0, 0.0, 1.0);
  workbench_chart_get_zoom (other, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat (x0, ==, 3.0);
  g_assert_cmpfloat (x1, ==, 4.0);
  g_assert_true (isnan (y0)); /* their y is their own */
  workbench_chart_set_cursor (other, 3.5);
  g_assert_cmpfloat (f->chart->cursor, ==, 3.5);
  g_object_unref (other);
}

static void
test_save (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("dfkd-chart-XXXXXX", NULL), *svg = g_build_filename (folder, "c.svg", NULL);
  g_autofree char *png = g_build_filename (folder, "c.png", NULL), *csv = g_build_filename (folder, "c.csv", NULL);
  g_autofree char *other = g_build_filename (folder, "c.doc", NULL), *nowhere = g_build_filename (folder, "no", "c.svg", NULL), *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  WorkbenchMarkLayer *marks = workbench_mark_layer_new ();

  workbench_mark_layer_add (marks, (const double[WORKBENCH_N_CLOCKS]){ 100.0 }, "k 5 → 2");
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (marks));
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (workbench_reference_layer_new (50.0, "published")));
  g_assert_true (workbench_chart_save (f->chart, svg, &error) && workbench_chart_save (f->chart, png, &error) && workbench_chart_save (f->chart, csv, &error));
  g_assert_true (g_file_get_contents (svg, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "<svg"));
  g_assert_cmpuint (strlen (text), >, 10000);
  texture = gdk_texture_new_from_filename (png, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, 1800);
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpstr (lines[0], ==, "series,\"step\",\"value\"");
  g_assert_cmpstr (lines[501], ==, "\"loss\",500,100"); /* the spike, to the digit */
  g_assert_cmpuint (g_strv_length (lines), ==, 2002);
  g_assert_false (workbench_chart_save (f->chart, other, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (workbench_chart_save (f->chart, nowhere, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  remove_folder (folder);
}

/* two charts in one file, whatever their series are called, and nothing beside it */
static void
test_save_together (Fixture *f, gconstpointer data)
{
  static const char odd[] = "L, my \"best\" run\nof two";
  g_autofree char *folder = g_dir_make_tmp ("dfkd-charts-XXXXXX", NULL), *csv = g_build_filename (folder, "c.csv", NULL);
  g_autofree char *png = g_build_filename (folder, "c.png", NULL), *text = NULL;
  WorkbenchChart *other = g_object_ref_sink (g_object_new (WORKBENCH_TYPE_CHART, NULL));
  WorkbenchTitledChart charts[] = { { f->chart, "Losses" }, { other, "Others, \"too\"" } };
  g_autoptr (WorkbenchSeries) series = workbench_series_new (odd);
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GDir) directory = NULL;
  g_autoptr (GError) error = NULL;
  char **last;

  for (guint i = 0; i < 3; i++)
    workbench_series_append_step (series, i, 0.25 * i);
  workbench_chart_add (other, WORKBENCH_CHART_LAYER (workbench_line_layer_new (series, odd, workbench_palette (0))));
  workbench_chart_set_axes (other, "s", "%");
  g_assert_true (workbench_charts_save (charts, G_N_ELEMENTS (charts), "\"more\",,,,,7\n", csv, &error));
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  lines = dfkd_csv_read (text);
  g_assert_cmpuint (lines->len, ==, 1 + 2000 + 3 + 1);
  for (guint i = 0; i < lines->len; i++)
    g_assert_cmpuint (g_strv_length (lines->pdata[i]), ==, 6);
  g_assert_cmpstr (((char **) lines->pdata[1 + 500])[0], ==, "Losses");
  g_assert_cmpstr (((char **) lines->pdata[1 + 500])[5], ==, "100"); /* the spike */
  last = lines->pdata[2003];
  g_assert_cmpstr (last[0], ==, charts[1].title);
  g_assert_cmpstr (last[1], ==, "s");
  g_assert_cmpstr (last[2], ==, "%");
  g_assert_cmpstr (last[3], ==, odd);
  g_assert_cmpstr (last[4], ==, "2");
  g_assert_cmpstr (last[5], ==, "0.5");

  g_assert_true (workbench_charts_save (charts, G_N_ELEMENTS (charts), NULL, png, &error));
  texture = gdk_texture_new_from_filename (png, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_height (texture), ==, 2 * 2 * (500 + 32));
  directory = g_dir_open (folder, 0, NULL);
  for (guint i = 0; i < 2; i++)
    g_assert_nonnull (g_dir_read_name (directory));
  g_assert_null (g_dir_read_name (directory));
  g_object_unref (other);
  remove_folder (folder);
}

/* milliseconds to draw @chart: the median of some */
static double
draw_time (WorkbenchChart *chart, WorkbenchPlot *plot)
{
  double times[11];

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      double before = 1e3 * thread_seconds ();

      workbench_chart_draw (chart, plot, 800.0, 400.0, FALSE);
      times[i] = 1e3 * thread_seconds () - before;
    }
  return dfkd_median (times, G_N_ELEMENTS (times));
}

/* milliseconds to find the positive range of @count points a thousand times */
static double
range_time (WorkbenchSeries *series, guint count)
{
  double before = 1e3 * thread_seconds (), minimum, maximum;

  for (guint i = 0; i < 1000; i++)
    workbench_series_positive_range (series, i % 7, count, &minimum, &maximum);
  return 1e3 * thread_seconds () - before;
}

/* the time that drawing a million points takes, smoothed and not, beside what a chart of two points takes: what frame, axes and
 * texts cost on this machine at this moment */
static void
test_million (Fixture *f, gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 800, 400);
  WorkbenchPlot plot = { .cr = cairo_create (surface), .foreground = { 0.0f, 0.0f, 0.0f, 1.0f }, .background = { 1.0f, 1.0f, 1.0f, 1.0f } };
  g_autoptr (WorkbenchSeries) two = workbench_series_new ("two points"), sign = workbench_series_new ("of both signs");
  g_autoptr (WorkbenchChart) empty = g_object_ref_sink (g_object_new (WORKBENCH_TYPE_CHART, NULL));
  WorkbenchLineLayer *line = WORKBENCH_LINE_LAYER (workbench_chart_get_layer (f->chart, 0));
  gint64 before;
  double all, part, nothing, smoothing;

  plot.layout = pango_cairo_create_layout (plot.cr);
  for (guint i = 0; i < 1000000; i++)
    workbench_series_append_step (sign, i, i == 700000 ? 1e-3 : sin (i * 1e-4));
  workbench_series_append_step (two, 0.0, 0.0);
  workbench_series_append_step (two, 1.0, 100.0);
  for (guint i = 0; i < 2; i++)
    workbench_chart_add (empty, WORKBENCH_CHART_LAYER (workbench_line_layer_new (two, NULL, workbench_palette (i))));
  workbench_line_layer_set_half_life (line, 1000.0);
  before = g_get_monotonic_time ();
  workbench_chart_draw (f->chart, &plot, 800.0, 400.0, FALSE);
  smoothing = (double) (g_get_monotonic_time () - before) * 1e-3;
  nothing = draw_time (empty, &plot);
  all = draw_time (f->chart, &plot);
  g_assert_cmpfloat (plot.y.maximum, >=, 100.0); /* one point in a million is not hidden */
  workbench_chart_zoom (f->chart, 400000.0, 600000.0, NAN, NAN);
  part = draw_time (f->chart, &plot);
  g_assert_cmpfloat (plot.y.maximum, >=, 100.0); /* nor in a piece of them */
  g_test_message ("%u points twice in %.1f ms, a fifth of them in %.1f ms; a chart of two points %.1f ms (medians of 11); smoothed for the first time %.1f ms",
                  workbench_series_get_length (f->series), all, part, nothing, smoothing);
  g_assert_cmpfloat (all, <, 12.0 * nothing);
  g_assert_cmpfloat (part, <, 12.0 * nothing);
  /* a logarithmic axis, and half of the values of one curve not positive */
  workbench_chart_layer_set_visible (workbench_chart_get_layer (f->chart, 1), FALSE);
  workbench_chart_add (f->chart, WORKBENCH_CHART_LAYER (workbench_line_layer_new (sign, NULL, workbench_palette (2))));
  workbench_chart_set_logarithmic (f->chart, TRUE);
  workbench_chart_set_logarithmic (empty, TRUE); /* has more names at its side */
  workbench_series_clear (two);
  workbench_series_append_step (two, 0.0, 1e-4);
  workbench_series_append_step (two, 1.0, 100.0);
  nothing = draw_time (empty, &plot);
  workbench_chart_zoom (f->chart, NAN, NAN, NAN, NAN);
  workbench_chart_draw (f->chart, &plot, 800.0, 400.0, FALSE); /* smoothing again is not drawing */
  all = draw_time (f->chart, &plot);
  g_assert_cmpfloat (range_time (sign, 1000000), <, 40.0 * range_time (sign, 1000)); /* not by the number of points */
  g_assert_true (plot.y.logarithmic);
  g_assert_cmpfloat (plot.y.minimum, <, 1e-3); /* the least positive value */
  workbench_chart_zoom (f->chart, 400000.0, 600000.0, NAN, NAN);
  part = draw_time (f->chart, &plot);
  g_test_message ("on a logarithmic axis in %.1f ms, a fifth of them in %.1f ms; two points %.1f ms", all, part, nothing);
  g_assert_cmpfloat (all, <, 18.0 * nothing);
  g_assert_cmpfloat (part, <, 18.0 * nothing);
  g_object_unref (plot.layout);
  cairo_destroy (plot.cr);
  cairo_surface_destroy (surface);
}

/* a spike of one point is drawn at every zoom level that holds it, to its full height */
static void
test_spike (Fixture *f, gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 800, 400);
  WorkbenchPlot plot = { .cr = cairo_create (surface), .foreground = { 0.0f, 0.0f, 0.0f, 1.0f }, .background = { 1.0f, 1.0f, 1.0f, 1.0f } };
  const guint32 *pixels;
  guint stride;

  plot.layout = pango_cairo_create_layout (plot.cr);
  workbench_chart_layer_set_visible (workbench_chart_get_layer (f->chart, 1), FALSE);
  for (double reach = 400000.0; reach > 40.0; reach /= 7.3)
    {
      guint inked = 0;

      workbench_chart_zoom (f->chart, 500000.0 - reach, 500000.0 + 1.3 * reach, 0.0, 101.0);
      cairo_set_source_rgb (plot.cr, 1.0, 1.0, 1.0);
      cairo_paint (plot.cr);
      workbench_chart_draw (f->chart, &plot, 800.0, 400.0, FALSE);
      cairo_surface_flush (surface);
      pixels = (const guint32 *) cairo_image_surface_get_data (surface);
      stride = (guint) cairo_image_surface_get_stride (surface) / 4;
      for (double x = workbench_plot_x (&plot, 500000.0) - 2.0; x <= workbench_plot_x (&plot, 500000.0) + 2.0; x += 1.0)
        {
          guint32 pixel = pixels[(guint) workbench_plot_y (&plot, 97.0) * stride + (guint) x];

          inked += (pixel & 0xff) > (pixel >> 16 & 0xff) + 40; /* bluer than red: the curve's */
        }
      g_assert_cmpuint (inked, >, 0);
    }
  g_object_unref (plot.layout);
  cairo_destroy (plot.cr);
  cairo_surface_destroy (surface);
}

/* the raw curve stays, paler, behind its smoothed course */
static void
test_raw_behind (Fixture *f, gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 800, 400);
  WorkbenchPlot plot = { .cr = cairo_create (surface), .foreground = { 0.0f, 0.0f, 0.0f, 1.0f }, .background = { 1.0f, 1.0f, 1.0f, 1.0f } };
  guint least[2] = { 255, 255 }; /* red of the curve's bluest pixel: 0 where it is drawn fully */

  plot.layout = pango_cairo_create_layout (plot.cr);
  workbench_chart_layer_set_visible (workbench_chart_get_layer (f->chart, 1), FALSE);
  for (guint smoothed = 0; smoothed < 2; smoothed++)
    {
      const guint32 *pixels = (const guint32 *) (gconstpointer) cairo_image_surface_get_data (surface);
      guint stride = (guint) cairo_image_surface_get_stride (surface) / 4;

      workbench_line_layer_set_half_life (WORKBENCH_LINE_LAYER (workbench_chart_get_layer (f->chart, 0)), smoothed == 1 ? 50.0 : 0.0);
      cairo_set_source_rgb (plot.cr, 1.0, 1.0, 1.0);
      cairo_paint (plot.cr);
      workbench_chart_draw (f->chart, &plot, 800.0, 400.0, FALSE);
      cairo_surface_flush (surface);
      for (double x = workbench_plot_x (&plot, 500.0) - 2.0; x <= workbench_plot_x (&plot, 500.0) + 2.0; x += 1.0) /* high above the smoothed course */
        {
          guint32 pixel = pixels[(guint) workbench_plot_y (&plot, 70.0) * stride + (guint) x];

          if ((pixel & 0xff) > (pixel >> 16 & 0xff))
            least[smoothed] = MIN (least[smoothed], pixel >> 16 & 0xff);
        }
    }
  g_assert_cmpuint (least[0], <, 40);
  g_assert_cmpuint (least[1], >, least[0] + 60);
  g_assert_cmpuint (least[1], <, 230);
  g_object_unref (plot.layout);
  cairo_destroy (plot.cr);
  cairo_surface_destroy (surface);
}

static void
press (Fixture *f, guint key, GdkModifierType state)
{
  g_assert_true (press_key (GTK_WIDGET (f->chart), key, state));
  turn_for (40);
}

/* wheel and keys: zoom about the pointer, pan, back to everything, legend */
static void
test_gestures (Fixture *f, gconstpointer data)
{
  GtkWidget *chart = GTK_WIDGET (f->chart);
  double x0, x1, y0, y1, at = workbench_plot_x (&f->chart->plot, 250.0);
  gboolean handled = FALSE;

  g_signal_emit_by_name (find_controller (chart, GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", at, 150.0);
  g_assert_cmpfloat_with_epsilon (f->chart->cursor, 250.0, 0.01);
  g_signal_emit_by_name (find_controller (chart, GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0, -1.0, &handled);
  g_assert_true (handled);
  turn_for (40);
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat_with_epsilon (x1 - x0, 999.0 / 1.2, 0.01);
  g_assert_cmpfloat_with_epsilon (workbench_plot_x (&f->chart->plot, 250.0), at, 0.01); /* what is under the pointer stays there */
  press (f, GDK_KEY_Right, GDK_SHIFT_MASK);
  g_assert_cmpfloat_with_epsilon (f->chart->plot.x.minimum, x0 + 0.1 * (x1 - x0), 0.01);
  press (f, GDK_KEY_minus, 0);
  g_assert_cmpfloat (f->chart->plot.x.maximum - f->chart->plot.x.minimum, >, x1 - x0);
  press (f, GDK_KEY_0, 0);
  g_assert_cmpfloat (f->chart->plot.x.maximum, ==, 999.0);
  press (f, GDK_KEY_2, 0);
  g_assert_false (workbench_chart_layer_get_visible (workbench_chart_get_layer (f->chart, 1)));
}

static gboolean
turn_wheel (Fixture *f, double notches)
{
  gboolean handled = FALSE;

  g_signal_emit_by_name (find_controller (GTK_WIDGET (f->chart), GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", workbench_plot_x (&f->chart->plot, 100.0),
                         f->chart->plot.top + 20.0);
  g_signal_emit_by_name (find_controller (GTK_WIDGET (f->chart), GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0, notches, &handled);
  turn_for (40);
  return handled;
}

/* The wheel alone belongs to a page that can be scrolled, however low the chart; to the chart where all of the page is seen. */
static void
test_wheel (Fixture *f, gconstpointer data)
{
  GtkWidget *page = gtk_scrolled_window_new (), *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *chart = GTK_WIDGET (f->chart), *below = gtk_label_new ("below");
  double x0, x1, y0, y1;

  g_object_ref (chart);
  gtk_window_set_child (GTK_WINDOW (f->window), NULL);
  gtk_box_append (GTK_BOX (column), chart);
  gtk_box_append (GTK_BOX (column), below);
  gtk_widget_set_size_request (below, -1, 800);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (page), column);
  gtk_window_set_child (GTK_WINDOW (f->window), page);
  g_object_unref (chart);
  turn_for (200);
  g_assert_cmpint (gtk_widget_get_height (chart), <, gtk_widget_get_height (page));
  g_assert_false (turn_wheel (f, -1.0));
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_true (isnan (x0));
  gtk_widget_set_size_request (below, -1, -1);
  turn_for (200);
  g_assert_true (turn_wheel (f, -1.0));
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_true (isfinite (x0));
}

/* Zooming out ends at the data, and at all of it the chart follows the run again. */
static void
test_zoom_out (Fixture *f, gconstpointer data)
{
  double x0, x1, y0, y1;

  for (guint i = 0; i < 5; i++)
    turn_wheel (f, -1.0);
  for (guint i = 0; i < 5; i++)
    {
      workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
      g_assert_true (isfinite (x0));
      turn_wheel (f, 1.0);
    }
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_true (isnan (x0) && isnan (x1));
  workbench_series_append_step (f->series, 1999.0, 2.0);
  workbench_chart_layer_changed (workbench_chart_get_layer (f->chart, 0));
  turn_for (50);
  g_assert_cmpfloat (f->chart->plot.x.maximum, ==, 1999.0);
  /* about a place at the edge the other side is widened no farther than to the data */
  workbench_chart_zoom (f->chart, 0.0, 100.0, NAN, NAN);
  turn_for (50);
  workbench_chart_zoom_about (f->chart, 0.5, 90.0, 0.0, FALSE);
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat (x0, ==, 0.0);
  g_assert_cmpfloat (x1, >, 100.0);
  /* along y, of what this piece holds */
  workbench_chart_zoom (f->chart, 10.0, 200.0, 2.3, 2.5);
  turn_for (50);
  workbench_chart_zoom_about (f->chart, 0.5, 0.0, 2.4, TRUE);
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat_with_epsilon (y1 - y0, 0.4, 1e-9);
  turn_for (50);
  for (guint i = 0; i < 8; i++)
    {
      workbench_chart_zoom_about (f->chart, 0.5, 0.0, 2.4, TRUE);
      turn_for (40);
    }
  workbench_chart_get_zoom (f->chart, &x0, &x1, &y0, &y1);
  g_assert_true (isnan (y0) && isnan (y1));
  g_assert_cmpfloat (x0, ==, 10.0);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
#define ADD(name, points) g_test_add ("/chart/" #name, Fixture, GUINT_TO_POINTER (points), set_up, test_##name, tear_down)
  ADD (zoom, 1000);
  ADD (hover, 1000);
  ADD (legend, 1000);
  ADD (tall_legend, 1000);
  ADD (link, 1000);
  ADD (save, 1000);
  ADD (save_together, 1000);
  ADD (gestures, 1000);
  ADD (wheel, 1000);
  ADD (zoom_out, 1000);
  ADD (raw_behind, 1000);
  ADD (million, 1000000);
  ADD (spike, 1000000);
  return g_test_run ();
}
