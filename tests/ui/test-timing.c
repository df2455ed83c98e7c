/* test-timing.c: times of steps: sums against plain loops, spreads, forgetting, a hundred thousand steps in a frame, and a trace
 * read back. */
#include "support.h"
#include "widgets.h"
#include "workbench-band-layer.h"
#include "workbench-chart-private.h"
#include "workbench-document-private.h"
#include "workbench-last-steps.h"
#include "workbench-step-times.h"
#include "workbench-timing-view.h"
#include "workbench-trace.h"

#include <adwaita.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const regions[] = { "generator", "teacher", "backward", "something new" };

/* of step @i: three kinds in turns, one with a region that no band has */
static DfkdStepTime
step_time (guint i)
{
  DfkdStepTime time = { .stage = i % 3 == 2   ? DFKD_STAGE_DISTIL
                                 : i % 3 == 1 ? DFKD_STAGE_SHOW
                                              : DFKD_STAGE_GENERATE,
                        .step = i / 3,
                        .clocks = { .generate = 0.01 * i, .distil = 0.02 * i, .total = 0.1 * (i + 1) } };

  time.timing.n_regions = G_N_ELEMENTS (regions);
  for (guint j = 0; j < G_N_ELEMENTS (regions); j++)
    {
      time.timing.region[j] = g_intern_string (regions[j]);
      time.timing.seconds[j] = 0.001 * (1 + j) + 0.0001 * (i * 2654435761u % 97);
    }
  return time;
}

static GArray *
steps (guint from, guint to)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (DfkdStepTime));

  for (guint i = from; i < to; i++)
    {
      DfkdStepTime time = step_time (i);

      g_array_append_val (times, time);
    }
  return times;
}

static WorkbenchDocument *
new_document (guint count)
{
  WorkbenchDocument *document = g_object_new (WORKBENCH_TYPE_DOCUMENT, NULL);
  g_autoptr (GArray) times = steps (0, count);

  document->title = g_strdup ("a \"run\"");
  document->recipe = dfkd_recipe_new ();
  document->dials = workbench_dials_new (document->recipe);
  workbench_document_take_times (document, times);
  return document;
}

static void
read_on (WorkbenchStepTimes *times, guint length)
{
  while (workbench_series_get_length (workbench_step_times_get_whole (times)) != length)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_sums (void)
{
  enum
  {
    N = 3000
  };
  g_autoptr (WorkbenchDocument) document = new_document (N);
  g_autoptr (WorkbenchStepTimes) times = workbench_step_times_new ();
  g_autoptr (GArray) more = steps (N, N + 30);

  workbench_step_times_set_document (times, document);
  read_on (times, N / 3); /* inner steps alone */
  workbench_step_times_set_kind (times, DFKD_N_STAGES);
  read_on (times, N);
  for (guint i = 0; i < 100; i++)
    {
      guint first = (guint) g_test_rand_int_range (0, N), end = first + (guint) g_test_rand_int_range (1, 400);
      double sums[G_N_ELEMENTS (regions)] = { 0.0 };

      for (guint j = first; j < MIN (end, N); j++)
        for (guint k = 0; k < G_N_ELEMENTS (regions); k++)
          sums[k] += 1e3 * step_time (j).timing.seconds[k];
      for (guint k = 0; k < G_N_ELEMENTS (regions); k++)
        g_assert_cmpfloat_with_epsilon (workbench_step_times_sum (times, workbench_band_find (regions[k]), first, end), sums[k],
                                        1e-6 * sums[k]);
    }
  g_assert_cmpint (workbench_band_find ("something new"), ==, WORKBENCH_BAND_OTHER);
  g_assert_false (workbench_step_times_has (times, WORKBENCH_BAND_STUDENT));
  g_assert_cmpfloat_with_epsilon (
      workbench_series_get_y (workbench_step_times_get_whole (times), 7),
      workbench_step_times_sum (times, WORKBENCH_BAND_GENERATOR, 7, 8) + workbench_step_times_sum (times, WORKBENCH_BAND_TEACHER, 7, 8)
          + workbench_step_times_sum (times, WORKBENCH_BAND_BACKWARD, 7, 8) + workbench_step_times_sum (times, WORKBENCH_BAND_OTHER, 7, 8),
      1e-4);
  workbench_document_take_times (document, more);
  g_signal_emit_by_name (document, "times");
  read_on (times, N + 30);
}

/* old steps go, and numbers stay */
static void
test_forgotten (void)
{
  g_autoptr (WorkbenchDocument) document = new_document (131072);
  g_autoptr (WorkbenchStepTimes) times = workbench_step_times_new ();
  g_autoptr (GArray) more = steps (131072, 131073);
  guint64 forgotten;
  const GArray *left;

  workbench_step_times_set_kind (times, DFKD_N_STAGES);
  workbench_step_times_set_document (times, document);
  read_on (times, 131072);
  workbench_document_take_times (document, more);
  g_signal_emit_by_name (document, "times");
  left = workbench_document_get_times (document, &forgotten);
  read_on (times, left->len);
  g_assert_cmpuint (forgotten, >, 0);
  g_assert_cmpfloat (workbench_series_get_x (workbench_step_times_get_whole (times), WORKBENCH_CLOCK_STEP, left->len - 1), ==, 131072.0);
  g_assert_cmpfloat_with_epsilon (workbench_step_times_sum (times, WORKBENCH_BAND_TEACHER, left->len - 1, left->len),
                                  1e3 * step_time (131072).timing.seconds[1], 1e-6);
}

static void
on_spread (GObject *object, GAsyncResult *result, gpointer spread)
{
  *(WorkbenchSpread **) spread = workbench_step_times_spread_finish (WORKBENCH_STEP_TIMES (object), result, NULL);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static void
test_spread (void)
{
  enum
  {
    N = 303,
    FIRST = 20,
    COUNT = 61
  };
  g_autoptr (WorkbenchDocument) document = new_document (N);
  g_autoptr (WorkbenchStepTimes) times = workbench_step_times_new ();
  g_autofree WorkbenchSpread *spread = NULL;
  double values[COUNT];

  workbench_step_times_set_document (times, document);
  read_on (times, N / 3);
  workbench_step_times_spread_async (times, FIRST, FIRST + COUNT, NULL, on_spread, &spread);
  while (spread == NULL)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < COUNT; i++)
    values[i] = 1e3 * step_time (3 * (FIRST + i)).timing.seconds[1];
  qsort (values, COUNT, sizeof *values, compare);
  g_assert_cmpuint (spread[WORKBENCH_BAND_TEACHER].count, ==, COUNT);
  g_assert_cmpfloat_with_epsilon (spread[WORKBENCH_BAND_TEACHER].median, values[30], 1e-4);
  g_assert_cmpfloat_with_epsilon (spread[WORKBENCH_BAND_TEACHER].low, values[3], 1e-4);
  g_assert_cmpfloat_with_epsilon (spread[WORKBENCH_BAND_TEACHER].high, values[57], 1e-4);
  g_assert_cmpuint (spread[WORKBENCH_BAND_STUDENT].count, ==, 0);
  g_assert_cmpuint (spread[WORKBENCH_N_BANDS].count, ==, COUNT);
}

/* ----------------------------------------------------------------------------------------------- drawing */

static double
draw_time (WorkbenchChart *chart, cairo_t *cr)
{
  double times[9];
  PangoLayout *layout = pango_cairo_create_layout (cr);

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      WorkbenchPlot plot = { .cr = cr, .layout = layout, .background = { 1.0f, 1.0f, 1.0f, 1.0f } };
      gint64 before = g_get_monotonic_time ();

      workbench_chart_draw (chart, &plot, 900.0, 300.0, FALSE);
      chart->plot = plot; /* as it was drawn last */
      chart->plot.cr = NULL;
      chart->plot.layout = NULL;
      times[i] = (double) (g_get_monotonic_time () - before) * 1e-3;
    }
  g_object_unref (layout);
  qsort (times, G_N_ELEMENTS (times), sizeof *times, compare);
  return times[G_N_ELEMENTS (times) / 2];
}

static WorkbenchChart *
band_chart (WorkbenchStepTimes *times)
{
  WorkbenchChart *chart = g_object_ref_sink (g_object_new (WORKBENCH_TYPE_CHART, NULL));
  WorkbenchBandLayer *below = NULL;

  for (guint i = 0; i < WORKBENCH_N_BANDS; i++)
    {
      below = workbench_band_layer_new (times, i, below);
      workbench_chart_add (chart, WORKBENCH_CHART_LAYER (below));
    }
  return chart;
}

/* as many steps as a document keeps, in the time of a frame, and hardly more than few of them */
static void
test_many (void)
{
  g_autoptr (WorkbenchDocument) document = new_document (131072), small = new_document (900);
  g_autoptr (WorkbenchStepTimes) many = workbench_step_times_new (), few = workbench_step_times_new ();
  g_autoptr (WorkbenchChart) full = NULL, sparse = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 900, 300);
  cairo_t *cr = cairo_create (surface);
  double m, f;

  workbench_step_times_set_kind (many, DFKD_N_STAGES);
  workbench_step_times_set_kind (few, DFKD_N_STAGES);
  workbench_step_times_set_document (many, document);
  workbench_step_times_set_document (few, small);
  read_on (many, 131072);
  read_on (few, 900);
  full = band_chart (many);
  sparse = band_chart (few);
  f = draw_time (sparse, cr);
  m = draw_time (full, cr);
  g_test_message ("131072 steps in %.2f ms, 900 in %.2f ms (medians of 9)", m, f);
  g_assert_true (full->drawn);
  g_assert_cmpfloat (m, <, 4.0 * f + 2.0);
  for (guint i = 0; i < WORKBENCH_N_BANDS; i++) /* the crosshair tells of stages that steps have */
    {
      WorkbenchChartLayer *layer = workbench_chart_get_layer (sparse, i);
      WorkbenchHover hover = { 0 };

      g_assert_true (WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover (layer, &sparse->plot, 450.0, 150.0, &hover) == workbench_step_times_has (few, i));
      g_free (hover.text);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* milliseconds that the lowest band tells of at @x; NaN: it has no bar there */
static double
told_at (WorkbenchChart *chart, double x)
{
  WorkbenchChartLayer *layer = workbench_chart_get_layer (chart, WORKBENCH_BAND_GENERATOR);
  WorkbenchHover hover = { 0 };
  double value = (double) NAN;

  if (WORKBENCH_CHART_LAYER_GET_CLASS (layer)->hover (layer, &chart->plot, workbench_plot_x (&chart->plot, x), 150.0, &hover))
    value = g_ascii_strtod (strrchr (hover.text, ' '), NULL);
  g_free (hover.text);
  return value;
}

/* A bar lies about its step, the first and the last one too; over a clock it reaches from where the step began to where it ended. */
static void
test_places (void)
{
  enum
  {
    N = 5
  };
  g_autoptr (WorkbenchDocument) document = g_object_new (WORKBENCH_TYPE_DOCUMENT, NULL);
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (DfkdStepTime));
  g_autoptr (WorkbenchStepTimes) times = workbench_step_times_new ();
  g_autoptr (WorkbenchChart) chart = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 900, 300);
  cairo_t *cr = cairo_create (surface);
  const guint32 *pixels = (const guint32 *) (gconstpointer) cairo_image_surface_get_data (surface);
  guint stride = (guint) cairo_image_surface_get_stride (surface) / 4, wide = 0;
  double until = 10.0, low, high;

  for (guint i = 0; i < N; i++)
    {
      DfkdStepTime time = { .stage = DFKD_STAGE_GENERATE, .step = i, .timing = { 1, { "generator" }, { i == 0 ? 0.5 : 0.1 * i } } };

      time.clocks.generate = until += time.timing.seconds[0];
      g_array_append_val (array, time);
    }
  document->recipe = dfkd_recipe_new ();
  workbench_document_take_times (document, array);
  workbench_step_times_set_document (times, document);
  read_on (times, N);
  chart = band_chart (times);
  draw_time (chart, cr);
  g_assert_cmpfloat (chart->plot.x.minimum, ==, -0.5);
  g_assert_cmpfloat (chart->plot.x.maximum, ==, N - 0.5);
  for (guint i = 0; i < N; i++)
    for (double x = i - 0.48; x < i + 0.49; x += 0.12)
      g_assert_cmpfloat_with_epsilon (told_at (chart, x), i == 0 ? 500.0 : 100.0 * i, 1e-3);
  cairo_surface_flush (surface);
  for (guint x = (guint) chart->plot.left; x < (guint) (chart->plot.left + chart->plot.width); x++) /* that are higher than any but the first */
    wide += (pixels[(guint) workbench_plot_y (&chart->plot, 450.0) * stride + x] & 0xff) > 0xa0;
  g_assert_cmpfloat_with_epsilon (wide, chart->plot.width / N, 2.0);

  /* of a piece without any step the bars are seen in part */
  workbench_chart_zoom (chart, 0.6, 0.8, NAN, NAN);
  draw_time (chart, cr);
  g_assert_true (chart->drawn);
  g_assert_cmpfloat_with_epsilon (chart->plot.y.maximum, 104.0, 1.0);
  workbench_chart_zoom (chart, NAN, NAN, NAN, NAN);

  for (guint i = 0; i < WORKBENCH_N_BANDS; i++)
    workbench_band_layer_set_clock (WORKBENCH_BAND_LAYER (workbench_chart_get_layer (chart, i)), WORKBENCH_CLOCK_SYNTHESISE);
  draw_time (chart, cr);
  g_assert_cmpfloat_with_epsilon (chart->plot.x.minimum, 10.0, 1e-4);
  g_assert_cmpfloat_with_epsilon (chart->plot.x.maximum, until, 1e-4);
  high = 10.0;
  for (guint i = 0; i < N; i++)
    {
      low = high;
      high += i == 0 ? 0.5 : 0.1 * i;
      g_assert_cmpfloat_with_epsilon (told_at (chart, low + 0.01), i == 0 ? 500.0 : 100.0 * i, 1e-3);
      g_assert_cmpfloat_with_epsilon (told_at (chart, high - 0.01), i == 0 ? 500.0 : 100.0 * i, 1e-3);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* ------------------------------------------------------------------------------------------------- trace */

static void
test_trace (void)
{
  enum
  {
    N = 60
  };
  g_autoptr (GArray) times = steps (0, N);
  g_autofree char *folder = g_dir_make_tmp ("dfkd-trace-XXXXXX", NULL), *path = g_build_filename (folder, "t.json", NULL),
                  *nowhere = g_build_filename (folder, "no", "t.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  static const char odd[] = "a \"stage\"\\\n\x01 of \xff another"; /* as the log of somebody's run may have it */
  gboolean found = FALSE;
  double whole = 0.0, parts = 0.0, expected = 0.0, step_start = 0.0, step_end = 0.0, before[DFKD_N_STAGES + 1] = { 0.0 };
  guint n_steps = 0, n_names = 0;
  JsonArray *events;

  g_array_index (times, DfkdStepTime, 0).timing.region[0] = odd;
  g_assert_true (workbench_trace_save (times, "a \"run\"", path, &error));
  g_assert_no_error (error);
  g_assert_true (json_parser_load_from_file (parser, path, &error));
  g_assert_no_error (error);
  events = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "traceEvents");
  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);
      double start, duration;
      gint64 track;

      if (g_str_equal (json_object_get_string_member (event, "ph"), "M"))
        {
          n_names++;
          continue;
        }
      g_assert_cmpstr (json_object_get_string_member (event, "ph"), ==, "X");
      start = json_object_get_double_member (event, "ts");
      duration = json_object_get_double_member (event, "dur");
      track = json_object_get_int_member (event, "tid");
      if (g_str_equal (json_object_get_string_member (event, "cat"), "step"))
        {
          g_assert_cmpfloat_with_epsilon (parts, whole, 0.01 * (i + 1)); /* rounded to a nanosecond each */
          n_steps++;
          whole += duration;
          step_start = start;
          step_end = start + duration;
          g_assert_cmpfloat (start, >=, before[track] - 0.002); /* none begins before the one before it ends */
          before[track] = step_end;
        }
      else
        {
          parts += duration;
          found |= g_str_equal (json_object_get_string_member (event, "name"), "a \"stage\"\\\n\x01 of \xef\xbf\xbd another");
          g_assert_cmpfloat (start, >=, step_start - 0.01);
          g_assert_cmpfloat (start + duration, <=, step_end + 0.01);
        }
    }
  for (guint i = 0; i < N; i++)
    for (guint j = 0; j < G_N_ELEMENTS (regions); j++)
      expected += 1e6 * step_time (i).timing.seconds[j];
  g_assert_true (found);
  g_assert_cmpuint (n_steps, ==, N);
  g_assert_cmpuint (n_names, ==, 1 + DFKD_N_STAGES);
  g_assert_cmpfloat_with_epsilon (whole, expected, 1.0);
  g_assert_cmpfloat_with_epsilon (parts, expected, 1.0);
  g_assert_false (workbench_trace_save (times, "run", nowhere, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  remove_folder (folder);
}

/* ------------------------------------------------------------------------------------------- the last steps */

/* stages of one bar beside each other in their own colours, told by the crosshair, and none that a kind of step has not */
static void
test_last (void)
{
  WorkbenchChart *chart = g_object_new (WORKBENCH_TYPE_CHART, NULL);
  GtkWidget *window = gtk_window_new ();
  g_autofree char *told = NULL, *none = NULL, *folder = g_dir_make_tmp ("dfkd-timing-XXXXXX", NULL), *path = g_build_filename (folder, "last.csv", NULL), *text = NULL;
  WorkbenchLastSteps last;
  DfkdStatus status = { 0 };

  status.timing[DFKD_STAGE_GENERATE] = (DfkdTiming){ .n_regions = 3, .region = { "generator", "teacher", "something new" }, .seconds = { 0.001, 0.002, 0.004 } };
  status.timing[DFKD_STAGE_DISTIL] = (DfkdTiming){ .n_regions = 1, .region = { "student" }, .seconds = { 0.005 } };
  workbench_last_steps_init (&last, chart);
  gtk_window_set_default_size (GTK_WINDOW (window), 700, 300);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (chart));
  gtk_window_present (GTK_WINDOW (window));
  workbench_last_steps_show (&last, &status);
  TURN_UNTIL (chart->drawn);
  turn_for (100);
  chart->row = DFKD_N_STAGES - 1 - DFKD_STAGE_GENERATE;
  told = workbench_chart_describe (chart);
  g_assert_cmpstr (told, ==, "a step (ms) 7; inner step 7; generator 1; teacher 2; other 4");
  chart->row = DFKD_N_STAGES - 1 - DFKD_STAGE_SHOW;
  none = workbench_chart_describe (chart);
  g_assert_null (none);
  g_assert_true (workbench_chart_save (chart, path, NULL) && g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"student\",2,5\n"));
  g_assert_null (strstr (text, "\"losses\""));
  for (guint i = 0; i < WORKBENCH_N_BANDS; i++)
    for (guint j = 0; j < i; j++)
      {
        GdkRGBA a = workbench_band_colour (i), b = workbench_band_colour (j);

        g_assert_false (gdk_rgba_equal (&a, &b));
      }
  gtk_window_destroy (GTK_WINDOW (window));
  remove_folder (folder);
}

static gboolean
has_spread (GtkWidget *view, const char *folder)
{
  g_autofree char *path = g_strconcat (folder, "/timing.csv", NULL), *text = NULL;

  return workbench_view_save (WORKBENCH_VIEW (view), path, NULL) && g_file_get_contents (path, &text, NULL, NULL)
         && strstr (text, "\"teacher 50%\",") != NULL;
}

/* the view on a document, saved in all its formats, and gone without a trace */
static void
test_view (void)
{
  g_autoptr (WorkbenchDocument) document = new_document (600);
  g_autofree char *folder = g_dir_make_tmp ("dfkd-timing-XXXXXX", NULL);
  GtkWidget *window = gtk_window_new (), *view = g_object_new (WORKBENCH_TYPE_TIMING_VIEW, NULL);
  const char *const *endings = workbench_view_get_endings (WORKBENCH_VIEW (view));

  gtk_window_set_default_size (GTK_WINDOW (window), 700, 700);
  gtk_window_set_child (GTK_WINDOW (window), view);
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  gtk_window_present (GTK_WINDOW (window));
  TURN_UNTIL (has_spread (view, folder)); /* it is found in its thread */
  for (guint i = 0; endings[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (folder, "/timing", endings[i], NULL);
      g_autoptr (GError) error = NULL;

      g_assert_true (workbench_view_save (WORKBENCH_VIEW (view), path, &error));
      g_assert_no_error (error);
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    }
  workbench_view_set_document (WORKBENCH_VIEW (view), NULL);
  close_watched (window, view);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/timing/sums", test_sums);
  g_test_add_func ("/timing/forgotten", test_forgotten);
  g_test_add_func ("/timing/spread", test_spread);
  g_test_add_func ("/timing/many", test_many);
  g_test_add_func ("/timing/places", test_places);
  g_test_add_func ("/timing/trace", test_trace);
  g_test_add_func ("/timing/last", test_last);
  g_test_add_func ("/timing/view", test_view);
  return g_test_run ();
}
