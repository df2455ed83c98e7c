/* test-statistics.c: the view of statistics adds up to the loss that the run tells, layer by layer; live in the window, and from the
 * batches of a run folder. */
#include "workbench-chart.h"
#include "support.h"
#include "widgets.h"
#include "workbench-document-private.h"
#include "workbench-heat-layer.h"
#include "workbench-line-layer.h"
#include "workbench-pane.h"
#include "workbench-row-layer.h"
#include "workbench-scatter-layer.h"
#include "workbench-statistics-course.h"
#include "workbench-statistics-view.h"
#include "workbench-step-slider.h"
#include "workbench-window.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum {
  STEPS = 7, /* inner steps that are looked at: past the first synthesis, from which on earlier ones are mixed in */
  K = 3,
};

static char *root;
static double shown[STEPS]; /* L_bn as it was shown after each of them */

/* the @skip-th layer of that type in the charts below @widget, as CSV */
static char *
layer_csv (GtkWidget *widget, GType type, guint *skip)
{
  char *found = NULL;

  if (WORKBENCH_IS_CHART (widget))
    for (guint i = 0; i < workbench_chart_get_n_layers (WORKBENCH_CHART (widget)); i++)
      {
        WorkbenchChartLayer *layer = workbench_chart_get_layer (WORKBENCH_CHART (widget), i);

        if (G_OBJECT_TYPE (layer) == type && (*skip)-- == 0)
          {
            GString *text = g_string_new (NULL);

            WORKBENCH_CHART_LAYER_GET_CLASS (layer)->write_csv (layer, text);
            return g_string_free (text, FALSE);
          }
      }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = layer_csv (child, type, skip);
  return found;
}

static gboolean
on_timeout (gpointer data)
{
  g_error ("the view did not get there in time");
  return G_SOURCE_REMOVE;
}

/* L_bn by its definition, of METHOD's table: Σ ‖σ²_l − σ̂²_l‖₂ + ‖μ_l − μ̂_l‖₂ */
static double
distance_of (const WorkbenchBatchStatistics *statistics)
{
  double sum = 0.0;

  for (guint layer = 0; layer < workbench_batch_statistics_count (statistics); layer++)
    for (guint which = 0; which < 2; which++)
      {
        double squares = 0.0;

        for (gsize c = 0; c < workbench_batch_statistics_norm (statistics, layer)->channels; c++)
          {
            double stored, batch;

            workbench_batch_statistics_get (statistics, layer, which, c, &stored, &batch);
            squares += (stored - batch) * (stored - batch);
          }
        sum += sqrt (squares);
      }
  return sum;
}

/* the bars are all of the loss */
static void
assert_bars (GtkWidget *view)
{
  double sum = 0.0;

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = layer_csv (view, WORKBENCH_TYPE_ROW_LAYER, &(guint){ i });

      for (const char *line = text; *line != '\0'; line = strchr (line, '\n') + 1)
        sum += g_ascii_strtod (strchr (strchr (line, ',') + 1, ',') + 1, NULL);
    }
  g_assert_cmpfloat_with_epsilon (sum, 100.0, 1e-6);
}

/* the map: rows from below, means in standard deviations of the teacher, deviations as parts of its own */
static void
assert_map (GtkWidget *view, const WorkbenchBatchStatistics *statistics, WorkbenchStatistic statistic)
{
  g_autofree char *text = layer_csv (view, WORKBENCH_TYPE_HEAT_LAYER, &(guint){ 0 });
  gsize cells = 0, channels = 0;
  guint layers = workbench_batch_statistics_count (statistics);

  for (const char *line = text; *line != '\0'; line = strchr (line, '\n') + 1)
    {
      double value, mean, batch, variance, batch_variance, expected;
      guint row, channel;

      g_assert_cmpint (sscanf (line, "%u,%u,%lf", &row, &channel, &value), ==, 3);
      workbench_batch_statistics_get (statistics, layers - 1 - row, WORKBENCH_STATISTIC_VARIANCE, channel, &variance, &batch_variance);
      workbench_batch_statistics_get (statistics, layers - 1 - row, WORKBENCH_STATISTIC_MEAN, channel, &mean, &batch);
      expected = statistic == WORKBENCH_STATISTIC_MEAN ? (batch - mean) / sqrt (variance + 1e-5) : sqrt ((batch_variance + 1e-5) / (variance + 1e-5)) - 1.0;
      g_assert_cmpfloat_with_epsilon (value, expected, 1e-4 * MAX (fabs (value), 1.0));
      cells++;
    }
  for (guint i = 0; i < layers; i++)
    channels += workbench_batch_statistics_norm (statistics, i)->channels;
  g_assert_cmpuint (cells, ==, channels);
}

/* the pairs are those of the layer that is chosen */
static void
assert_pairs (GtkWidget *view, const WorkbenchBatchStatistics *statistics, guint layer, WorkbenchStatistic statistic)
{
  g_autofree char *text = layer_csv (view, WORKBENCH_TYPE_SCATTER_LAYER, &(guint){ 0 });
  gsize channel = 0;

  for (const char *line = text; *line != '\0'; line = strchr (line, '\n') + 1)
    {
      double x, y, stored, batch;

      g_assert_cmpint (sscanf (line, "\"channels\",%lf,%lf", &x, &y), ==, 2);
      workbench_batch_statistics_get (statistics, layer, statistic, channel++, &stored, &batch);
      g_assert_cmpfloat_with_epsilon (x, stored, 1e-6 * MAX (fabs (stored), 1.0));
      g_assert_cmpfloat_with_epsilon (y, batch, 1e-6 * MAX (fabs (batch), 1.0));
    }
  g_assert_cmpuint (channel, ==, workbench_batch_statistics_norm (statistics, layer)->channels);
}

/* going back along the inner steps of a batch shows what each of them showed: @totals */
static void
assert_steps (WorkbenchStatisticsView *view, const double *totals)
{
  GtkWidget *slider = find_widget (GTK_WIDGET (view), WORKBENCH_TYPE_STEP_SLIDER);
  GtkAdjustment *adjustment = gtk_range_get_adjustment (GTK_RANGE (find_widget (slider, GTK_TYPE_SCALE)));

  g_assert_true (gtk_widget_get_visible (gtk_widget_get_first_child (slider)));
  g_assert_cmpfloat (gtk_adjustment_get_lower (adjustment), ==, 1.0);
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), ==, K);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, K); /* it follows */
  for (guint i = 0; i < K; i++)
    {
      const WorkbenchBatchStatistics *statistics;

      gtk_adjustment_set_value (adjustment, i + 1);
      statistics = workbench_statistics_view_get_statistics (view);
      g_assert_cmpuint (statistics->pictures->inner, ==, i + 1);
      g_assert_cmpfloat_with_epsilon (statistics->distance->total, totals[i], 1e-9 * totals[i]);
      g_assert_nonnull (find_text (slider, (const char *[]){ "1 of 3", "2 of 3", "3 of 3" }[i]));
    }
}

/* of a batch alone the line above the charts names the step that is shown */
static void
assert_alone (WorkbenchStatisticsView *view)
{
  GtkWidget *slider = find_widget (GTK_WIDGET (view), WORKBENCH_TYPE_STEP_SLIDER);
  GtkAdjustment *adjustment = gtk_range_get_adjustment (GTK_RANGE (find_widget (slider, GTK_TYPE_SCALE)));
  GtkDropDown *kind = GTK_DROP_DOWN (find_widget (GTK_WIDGET (view), GTK_TYPE_DROP_DOWN));

  gtk_drop_down_set_selected (kind, WORKBENCH_STATISTICS_ALONE);
  for (guint i = 0; i < K; i++)
    {
      g_autofree char *text = g_strdup_printf ("Synthesis 1, inner step %u, this batch alone: distance", i + 1);

      gtk_adjustment_set_value (adjustment, i + 1);
      g_assert_cmpint (workbench_statistics_view_get_statistics (view)->kind, ==, WORKBENCH_STATISTICS_ALONE);
      g_assert_cmpuint (workbench_statistics_view_get_statistics (view)->pictures->inner, ==, i + 1);
      g_assert_nonnull (find_text (GTK_WIDGET (view), text));
    }
  gtk_drop_down_set_selected (kind, WORKBENCH_STATISTICS_COMPARED);
}

/* steps one by one in the window; what is shown then is compared with the log when the run is over */
static void
test_window (void)
{
  static const struct {
    DfkdParameterId id;
    double value;
  } values[] = { { DFKD_PARAMETER_BATCH, 8 },     { DFKD_PARAMETER_NZ, 12 },      { DFKD_PARAMETER_NGF, 4 }, { DFKD_PARAMETER_WARMUP, 0 },
                 { DFKD_PARAMETER_SYNTHESES, 4 }, { DFKD_PARAMETER_KD_STEPS, 2 }, { DFKD_PARAMETER_K, K } };
  g_autoptr (AdwApplication) application = adw_application_new ("org.dfkd.Workbench.Statistics", G_APPLICATION_NON_UNIQUE);
  g_autoptr (DfkdRecipe) recipe = dfkd_recipe_new ();
  g_autofree char *folder = g_build_filename (root, "run", NULL);
  DfkdSessionOptions options = { .device = "cpu", .paused = TRUE, .folder = folder };
  guint timeout = g_timeout_add_seconds (55, on_timeout, NULL);
  struct {
    double step, value, wanted;
  } parts[STEPS];
  guint n_parts = 0;
  GtkWidget *pane;
  gpointer window;
  WorkbenchStatisticsView *view;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    recipe->number[values[i].id] = values[i].value;
  g_free (recipe->text[DFKD_PARAMETER_DATA]);
  recipe->text[DFKD_PARAMETER_DATA] = g_strdup ("none");
  g_application_register (G_APPLICATION (application), NULL, NULL);
  window = workbench_window_new (application, recipe, &options);
  gtk_window_present (GTK_WINDOW (window));
  pane = find_widget (window, WORKBENCH_TYPE_PANE);
  workbench_pane_show (WORKBENCH_PANE (pane), "statistics");
  view = WORKBENCH_STATISTICS_VIEW (workbench_pane_get_view (WORKBENCH_PANE (pane)));
  g_assert_null (workbench_statistics_view_get_statistics (view));
  for (guint i = 0; i < STEPS; i++)
    {
      const WorkbenchBatchStatistics *statistics;

      gtk_widget_activate_action (window, "win.step", "s", "inner");
      while ((statistics = workbench_statistics_view_get_statistics (view)) == NULL || statistics->pictures->step < i + 1)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (statistics->pictures->step, ==, i + 1);
      g_assert_cmpint (statistics->kind, ==, WORKBENCH_STATISTICS_COMPARED);
      shown[i] = statistics->distance->total;
      parts[i].wanted = statistics->distance->layers[4].mean_distance + statistics->distance->layers[4].variance_distance;
      g_assert_cmpfloat_with_epsilon (shown[i], distance_of (statistics), 1e-9 * shown[i]);
      assert_bars (GTK_WIDGET (view));
      assert_map (GTK_WIDGET (view), statistics, WORKBENCH_STATISTIC_MEAN);
      assert_pairs (GTK_WIDGET (view), statistics, gtk_drop_down_get_selected (GTK_DROP_DOWN (find_nth (GTK_WIDGET (view), GTK_TYPE_DROP_DOWN, 2))),
                    WORKBENCH_STATISTIC_MEAN);
      if (statistics->pictures->inner == K)
        assert_steps (view, shown + i + 1 - K);
      if (i + 1 == K)
        assert_alone (view);
    }
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (GTK_WIDGET (view), GTK_TYPE_DROP_DOWN, 1)), WORKBENCH_STATISTIC_VARIANCE);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (find_nth (GTK_WIDGET (view), GTK_TYPE_DROP_DOWN, 2)), 4);
  assert_pairs (GTK_WIDGET (view), workbench_statistics_view_get_statistics (view), 4, WORKBENCH_STATISTIC_VARIANCE);
  assert_map (GTK_WIDGET (view), workbench_statistics_view_get_statistics (view), WORKBENCH_STATISTIC_VARIANCE);
  {
    g_autofree char *text = layer_csv (GTK_WIDGET (view), WORKBENCH_TYPE_LINE_LAYER, &(guint){ 1 });

    for (const char *line = text; *line != '\0' && n_parts < STEPS; line = strchr (line, '\n') + 1, n_parts++)
      {
        const char *numbers = strchr (line + 1, '"') + 2;

        g_assert_cmpint (sscanf (numbers, "%lf,%lf", &parts[n_parts].step, &parts[n_parts].value), ==, 2);
      }
  }
  close_watched (window, pane);
  workbench_run_wait_for_endings ();
  g_source_remove (timeout);
  {
    g_autoptr (WorkbenchDocument) document = open_document (folder);
    WorkbenchSeries *loss = workbench_document_get_series (document, DFKD_SERIES_LOSS_BN);

    g_assert_cmpuint (workbench_series_get_length (loss), ==, STEPS);
    /* and the course of the chosen layer's part, at the same steps, never more than all of it */
    g_assert_cmpuint (n_parts, ==, STEPS);
    for (guint i = 0; i < STEPS; i++)
      {
        g_assert_cmpfloat (parts[i].step, ==, i);
        g_assert_cmpfloat_with_epsilon (parts[i].value, parts[i].wanted, 1e-7 * parts[i].wanted); /* series keep float32 */
        g_assert_cmpfloat (parts[i].value, <, shown[i]);
      }
    for (guint i = 0; i < STEPS; i++) /* float32 on the device */
      g_assert_cmpfloat_with_epsilon (shown[i], workbench_series_get_y (loss, i), 1e-4 * shown[i]);
  }
}

/* The run folder keeps what was shown of a synthesis: its steps can be gone through as they were, against what they were compared with then. */
static void
assert_film (WorkbenchStatisticsView *view, guint synthesis)
{
  GtkWidget *slider = find_widget (GTK_WIDGET (view), WORKBENCH_TYPE_STEP_SLIDER);
  GtkAdjustment *adjustment = gtk_range_get_adjustment (GTK_RANGE (find_widget (slider, GTK_TYPE_SCALE)));

  while (!gtk_widget_get_visible (gtk_widget_get_first_child (slider)))
    g_main_context_iteration (NULL, TRUE);
  for (guint inner = 1; inner < K; inner++)
    {
      const WorkbenchBatchStatistics *statistics;
      double wanted = shown[synthesis * K + inner - 1];

      gtk_adjustment_set_value (adjustment, inner);
      statistics = workbench_statistics_view_get_statistics (view);
      g_assert_cmpuint (statistics->pictures->inner, ==, inner);
      g_assert_cmpint (statistics->kind, ==, WORKBENCH_STATISTICS_COMPARED);
      g_assert_cmpfloat_with_epsilon (statistics->distance->total, wanted, 1e-9 * wanted);
    }
  gtk_adjustment_set_value (adjustment, K);
}

/* batches on disk have statistics of their own alone; and a table of them can be saved */
static void
test_folder (void)
{
  g_autofree char *folder = g_build_filename (root, "run", NULL), *path = g_build_filename (root, "table.csv", NULL), *text = NULL, *line = NULL;
  g_autofree char *svg = g_build_filename (root, "map.svg", NULL);
  g_autoptr (WorkbenchDocument) document = open_document (folder);
  GtkWidget *window = gtk_window_new ();
  WorkbenchStatisticsView *view = g_object_new (WORKBENCH_TYPE_STATISTICS_VIEW, NULL);
  guint timeout = g_timeout_add_seconds (30, on_timeout, NULL);
  g_autoptr (GError) error = NULL;
  const WorkbenchBatchStatistics *statistics;
  double stored, batch;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (view));
  gtk_window_present (GTK_WINDOW (window));
  g_assert_cmpuint (workbench_history_get_length (workbench_document_get_history (document)), ==, STEPS / K);
  workbench_view_set_document (WORKBENCH_VIEW (view), document);
  for (guint i = 0; i < STEPS / K; i++)
    {
      gtk_range_set_value (GTK_RANGE (find_widget (GTK_WIDGET (view), GTK_TYPE_SCALE)), i);
      while ((statistics = workbench_statistics_view_get_statistics (view)) == NULL || statistics->pictures->synthesis != i + 1)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (statistics->kind, ==, WORKBENCH_STATISTICS_ALONE);
      g_assert_cmpfloat_with_epsilon (statistics->distance->total, distance_of (statistics), 1e-9 * statistics->distance->total);
      assert_bars (GTK_WIDGET (view));
      assert_map (GTK_WIDGET (view), statistics, WORKBENCH_STATISTIC_MEAN);
      assert_film (view, i);
    }
  statistics = workbench_statistics_view_get_statistics (view);
  g_assert_true (workbench_view_save (WORKBENCH_VIEW (view), path, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  workbench_batch_statistics_get (statistics, 0, WORKBENCH_STATISTIC_MEAN, 0, &stored, &batch);
  line = g_strdup_printf ("\"%s\",0,%.9g,%.9g,", workbench_batch_statistics_norm (statistics, 0)->name, stored, batch);
  g_assert_nonnull (strstr (text, line));
  g_assert_true (workbench_view_save (WORKBENCH_VIEW (view), svg, &error));
  g_assert_true (g_file_test (svg, G_FILE_TEST_IS_REGULAR));
  close_watched (window, view);
  g_source_remove (timeout);
}

/* of a run that goes on for days the course has as many points as can be told apart, from the first to the newest */
static void
test_long_course (void)
{
  enum { PICTURES = 450000, STRIDE = 8, MOST = 100000 };
  const float running[] = { 0.0f, 1.0f };
  g_autoptr (DfkdNorms) norms = dfkd_norms_new ();
  g_autoptr (WorkbenchDocument) document = g_object_new (WORKBENCH_TYPE_DOCUMENT, NULL);
  WorkbenchStatisticsCourse *course = workbench_statistics_course_of (document);
  WorkbenchSeries *series = NULL;
  guint length, longest = 0;

  for (guint layer = 0; layer < 2; layer++)
    dfkd_norms_add (norms, layer == 0 ? "bn1" : "bn2", 1, running);
  for (guint64 step = 1; step <= PICTURES; step++)
    {
      DfkdPictures *pictures = dfkd_pictures_new (1, 1, 1, 1);

      pictures->step = step;
      pictures->norms = dfkd_norms_ref (norms);
      pictures->compared = g_new (float, norms->size);
      for (guint layer = 0; layer < 2; layer++)
        {
          pictures->compared[2 * layer] = (float) (layer + 1) * (float) step;
          pictures->compared[2 * layer + 1] = 1.0f;
        }
      dfkd_pictures_unref (document->pictures);
      document->pictures = pictures;
      g_signal_emit_by_name (document, "pictures");
      series = workbench_statistics_course_get (course, 1);
      longest = MAX (longest, workbench_series_get_length (series));
      if (step == 1000)
        g_assert_cmpuint (longest, ==, 1000);
    }
  g_assert_cmpuint (longest, <=, MOST);
  length = workbench_series_get_length (series);
  g_assert_cmpuint (length, >, MOST / 2);
  g_assert_cmpuint (workbench_series_get_length (workbench_statistics_course_get (course, 0)), ==, length);
  g_assert_cmpstr (workbench_series_get_title (series), ==, "bn2");
  g_assert_cmpfloat (workbench_series_get_x (series, WORKBENCH_CLOCK_STEP, length - 1), >=, PICTURES - STRIDE);
  for (guint i = 0; i < length; i++)
    {
      g_assert_cmpfloat (workbench_series_get_x (series, WORKBENCH_CLOCK_STEP, i), ==, STRIDE * i);
      g_assert_cmpfloat (workbench_series_get_y (series, i), ==, 2.0 * (STRIDE * i + 1));
      g_assert_cmpfloat (workbench_series_get_x (series, WORKBENCH_CLOCK_TOTAL, i), ==, 0.0);
    }
}

int
main (int argc, char **argv)
{
  int result;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  root = g_dir_make_tmp ("dfkd-statistics-XXXXXX", NULL);
  g_test_add_func ("/statistics/window", test_window);
  g_test_add_func ("/statistics/folder", test_folder); /* of the run before */
  g_test_add_func ("/statistics/long-course", test_long_course);
  result = g_test_run ();
  remove_folder (root);
  g_free (root);
  return result;
}
