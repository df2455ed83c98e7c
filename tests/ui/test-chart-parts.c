/* test-chart-parts.c: what charts are made of, by itself: smoothing, colours, symbols, the place of what the crosshair tells. */
#include "support.h"
#include "workbench-chart-private.h"
#include "workbench-smoothing.h"

#include <math.h>

/* half a step's weight is gone after a half-life, whatever lies between */
static void
test_smoothing (void)
{
  g_autoptr (WorkbenchSeries) dense = workbench_series_new ("dense"), sparse = workbench_series_new ("sparse"), longer = workbench_series_new ("longer");
  g_autoptr (WorkbenchSmoothing) a = workbench_smoothing_new (dense), b = workbench_smoothing_new (sparse), c = workbench_smoothing_new (longer);
  double sum = 0.0, weight = 0.0;

  for (guint i = 0; i < 400; i++)
    workbench_series_append_step (dense, i, sin (i * 0.1));
  for (guint i = 0; i < 4000; i++)
    workbench_series_append_step (longer, i, sin (i * 0.1));
  for (guint i = 0; i < 400; i += 2)
    workbench_series_append_step (sparse, i, sin (i * 0.1));
  workbench_smoothing_set_half_life (a, 25.0);
  workbench_smoothing_set_half_life (b, 25.0);
  workbench_smoothing_set_half_life (c, 25.0);
  for (guint i = 0; i <= 398; i++) /* by its definition */
    {
      double w = exp2 (-(398.0 - i) / 25.0);

      sum += w * sin (i * 0.1);
      weight += w;
    }
  g_assert_cmpfloat_with_epsilon (workbench_smoothing_get_y (a, 398), sum / weight, 1e-5);
  g_assert_cmpfloat_with_epsilon (workbench_smoothing_get_y (c, 398), sum / weight, 1e-5); /* not by the length of the run */
  g_assert_cmpfloat_with_epsilon (workbench_smoothing_get_y (b, 199), sum / weight, 0.02); /* nor by how often it is measured */
  g_assert_cmpfloat_with_epsilon (workbench_smoothing_get_y (a, 0), 0.0, 1e-9); /* the first value as it is, not drawn to 0 */
  workbench_smoothing_set_half_life (a, 0.0);
  g_assert_cmpfloat_with_epsilon (workbench_smoothing_get_y (a, 7), sin (0.7), 1e-6);
}

/* relative, of WCAG 2.1 */
static double
luminance (const GdkRGBA *c)
{
  const double parts[] = { (double) c->red, (double) c->green, (double) c->blue }, weights[] = { 0.2126, 0.7152, 0.0722 };
  double sum = 0.0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    sum += weights[i] * (parts[i] <= 0.03928 ? parts[i] / 12.92 : pow ((parts[i] + 0.055) / 1.055, 2.4));
  return sum;
}

/* a line is seen on the ground of a chart, light (#f4f4f4) or dark (#2a2a2a) */
static void
test_palette (void)
{
  const GdkRGBA light = { 0.957f, 0.957f, 0.957f, 1.0f }, dark = { 0.165f, 0.165f, 0.165f, 1.0f };

  for (guint i = 0; i < WORKBENCH_PALETTE_SIZE; i++)
    {
      const GdkRGBA colour = workbench_palette (i);

      g_assert_cmpfloat ((luminance (&colour) + 0.05) / (luminance (&dark) + 0.05), >=, 3.0);
      g_assert_cmpfloat ((luminance (&light) + 0.05) / (luminance (&colour) + 0.05), >=, 2.0);
    }
}

/* a letter's index stands below it, other texts are as they are, also when they come after a symbol and when they are kept */
static void
test_symbols (void)
{
  static const struct { const char *text, *shown; } texts[] = { { "L_bn", "Lbn" }, { "η_s", "ηs" }, { "L", "L" }, { "L_", "L_" }, { "run_2", "run_2" },
                                                                { "L_bn of run 2", "Lbn of run 2" }, { "η_g, seed_1 <a>", "ηg, seed_1 <a>" }, { "L_oh, L_adv", "Loh, Ladv" },
                                                                { "a-L_2", "a-L_2" }, { "L_2/b", "L_2/b" }, { "x_1_2", "x_1_2" }, { "a < b & c", "a < b & c" }, { "", "" } };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 80, 40);
  WorkbenchPlot plot = { .cr = cairo_create (surface) };
  int symbol, plain, width;

  plot.layout = pango_cairo_create_layout (plot.cr);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      workbench_plot_measure (&plot, texts[i].text, &width, NULL);
      g_assert_cmpstr (pango_layout_get_text (plot.layout), ==, texts[i].shown);
    }
  workbench_plot_measure (&plot, "L_bn", &symbol, NULL);
  workbench_plot_measure (&plot, "Lbn", &plain, NULL);
  g_assert_cmpint (symbol, <, plain);
  plot.texts = workbench_plot_texts_new ();
  workbench_plot_measure (&plot, "L_bn", &width, NULL);
  g_assert_cmpint (width, ==, symbol);
  workbench_plot_measure (&plot, "Lbn", &width, NULL);
  g_assert_cmpint (width, ==, plain);
  g_hash_table_unref (plot.texts);
  g_object_unref (plot.layout);
  cairo_destroy (plot.cr);
  cairo_surface_destroy (surface);
}

/* What the crosshair tells stays inside of the chart and off the place that it tells of, wherever that is; of too many values those at the
 * pointer are told. */
static void
test_box (void)
{
  static const double heights[] = { 10.0, 90.0, 52.0, NAN, 48.0 };
  g_autofree guint *near = workbench_chart_nearest_lines (heights, G_N_ELEMENTS (heights), 50.0, 2), *first = NULL;

  for (guint i = 0; i < 20000; i++)
    {
      WorkbenchChartBox chart = { 0.0, 0.0, g_test_rand_double_range (160.0, 900.0), g_test_rand_double_range (110.0, 600.0) }, box = { 0 };
      WorkbenchPlot plot = { .left = 78.0, .top = g_test_rand_double_range (6.0, 30.0) };
      double x, y;

      plot.width = chart.width - plot.left - 12.0;
      plot.height = chart.height - plot.top - 38.0;
      x = plot.left + g_test_rand_double_range (0.0, plot.width);
      y = plot.top + g_test_rand_double_range (0.0, plot.height);
      box.width = g_test_rand_double_range (60.0, chart.width - 4.0);
      box.height = g_test_rand_double_range (22.0, chart.height - 4.0);
      workbench_chart_place_box (&plot, &chart, x, i % 4 == 0 ? NAN : y, &box);
      g_assert_cmpfloat (box.left, >=, 2.0 - 1e-9);
      g_assert_cmpfloat (box.top, >=, 2.0 - 1e-9);
      g_assert_cmpfloat (box.left + box.width, <=, chart.width - 2.0 + 1e-9);
      g_assert_cmpfloat (box.top + box.height, <=, chart.height - 2.0 + 1e-9);
      if (x + 26.0 + box.width < chart.width || x - 14.0 - box.width > 0.0) /* there is room beside the line */
        g_assert_true (x < box.left || x > box.left + box.width);
      else if (i % 4 != 0 && (y + 14.0 + box.height < chart.height || y - 14.0 - box.height > 0.0))
        g_assert_true (x < box.left || x > box.left + box.width || y < box.top || y > box.top + box.height);
    }
  g_assert_cmpuint (near[0], ==, 2);
  g_assert_cmpuint (near[1], ==, 4);
  first = workbench_chart_nearest_lines (heights, G_N_ELEMENTS (heights), NAN, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (first[i], ==, i);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart-parts/smoothing", test_smoothing);
  g_test_add_func ("/chart-parts/palette", test_palette);
  g_test_add_func ("/chart-parts/symbols", test_symbols);
  g_test_add_func ("/chart-parts/box", test_box);
  return g_test_run ();
}
