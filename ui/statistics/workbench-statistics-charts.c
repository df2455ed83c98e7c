/* workbench-statistics-charts.c: a map, bars and points of one batch. */
#include "workbench-statistics-charts.h"

#include "workbench-chart.h"
#include "workbench-containers.h"
#include "workbench-heat-layer.h"
#include "workbench-line-layer.h"
#include "workbench-readout.h"
#include "workbench-row-layer.h"
#include "workbench-scatter-layer.h"

#include <glib/gi18n.h>
#include <math.h>

enum {
  NARROW = 560, /* pixels: below each other then */
};

static const double CUT = 0.01; /* share of channels at either end that do not stretch the colours */

struct _WorkbenchStatisticsCharts
{
  GtkBox parent_instance;

  GtkBox *lower;
  WorkbenchReadout *scale_text;
  GtkLabel *pairs_title;
  WorkbenchChart *map, *layers, *pairs, *course;
  WorkbenchHeatLayer *cells;
  WorkbenchRowLayer *means, *variances;
  WorkbenchScatterLayer *points;
  WorkbenchLineLayer *lines[2]; /* of the course: L_bn, and a layer's part; NULL: none */

  WorkbenchBatchStatistics *statistics;
  WorkbenchStatistic statistic;
  guint layer;
};

G_DEFINE_FINAL_TYPE (WorkbenchStatisticsCharts, workbench_statistics_charts, GTK_TYPE_BOX)

static const char *
layer_name (WorkbenchStatisticsCharts *self, guint layer)
{
  return workbench_batch_statistics_norm (self->statistics, layer)->name;
}

/* "block1.bn1, channel 3: stored μ 0.12, batch 0.08" */
static char *
channel_text (WorkbenchStatisticsCharts *self, guint layer, gsize channel)
{
  double stored, batch;

  workbench_batch_statistics_get (self->statistics, layer, self->statistic, channel, &stored, &batch);
  return g_strdup_printf (self->statistic == WORKBENCH_STATISTIC_MEAN ? _("%s, channel %u: mean stored %.4g, batch %.4g")
                                                                      : _("%s, channel %u: variance stored %.4g, batch %.4g"),
                          layer_name (self, layer), (guint) channel, stored, batch);
}

/* ----------------------------------------------------------------------------------------------------- the map */

/* rows of charts count from below, people read from above */
static guint
layer_of_row (WorkbenchStatisticsCharts *self, guint row)
{
  return workbench_batch_statistics_count (self->statistics) - 1 - row;
}

static char *
cell_text (guint row, guint column, double value, gpointer data)
{
  WorkbenchStatisticsCharts *self = data;
  guint layer = layer_of_row (self, row);
  g_autofree char *values = channel_text (self, layer, column);

  return g_strdup_printf (_("%s (%+.3g σ)"), values, value);
}

static void
show_map (WorkbenchStatisticsCharts *self)
{
  guint rows = workbench_batch_statistics_count (self->statistics);
  g_auto (GStrv) labels = g_new0 (char *, rows + 1);
  g_autofree char *text = NULL;
  g_autofree float *values = NULL;
  gsize columns = 0;
  float least = 0.0f, greatest = 0.0f;
  double limit;

  for (guint i = 0; i < rows; i++)
    columns = MAX (columns, workbench_batch_statistics_norm (self->statistics, i)->channels);
  values = g_new (float, rows * columns);
  for (guint row = 0; row < rows; row++)
    {
      guint layer = layer_of_row (self, row);
      const DfkdLayerDistance *distance = &self->statistics->distance->layers[layer];
      const float *shifts = self->statistic == WORKBENCH_STATISTIC_MEAN ? distance->mean_shift : distance->deviation_shift;

      labels[row] = g_strdup (layer_name (self, layer));
      for (gsize c = 0; c < columns; c++)
        values[row * columns + c] = c < distance->channels ? shifts[c] : NAN;
    }
  dfkd_robust_range (values, rows * columns, CUT, &least, &greatest);
  limit = MAX (fabs ((double) least), fabs ((double) greatest));
  workbench_chart_set_y_labels (self->map, (const char *const *) labels);
  workbench_heat_layer_set_limit (self->cells, limit > 0.0 ? limit : 1.0);
  workbench_heat_layer_set (self->cells, rows, (guint) columns, values, FALSE);
  text = g_strdup_printf (self->statistic == WORKBENCH_STATISTIC_MEAN
                            ? _("(batch mean − stored mean) / stored standard deviation; blue: below, orange: above, full colour at ±%.2g")
                            : _("(batch standard deviation − stored) / stored; blue: narrower, orange: wider, full colour at ±%.2g"),
                          limit);
  workbench_readout_set_text (self->scale_text, text);
}

/* ------------------------------------------------------------------------------------------------------ layers */

static guint
layer_of_bar (WorkbenchStatisticsCharts *self, guint row)
{
  return self->statistics->distance->ranking[layer_of_row (self, row)];
}

/* the name stands with the means, as variances are told below them */
static char *
mean_text (guint row, double value, gpointer data)
{
  WorkbenchStatisticsCharts *self = data;
  guint layer = layer_of_bar (self, row);
  const DfkdLayerDistance *distance = &self->statistics->distance->layers[layer];

  return g_strdup_printf (_("%s %.1f %%: means %.4g"), layer_name (self, layer), 100.0 * distance->share, distance->mean_distance);
}

static char *
variance_text (guint row, double value, gpointer data)
{
  WorkbenchStatisticsCharts *self = data;

  return g_strdup_printf (_("variances %.4g"), self->statistics->distance->layers[layer_of_bar (self, row)].variance_distance);
}

static void
show_layers (WorkbenchStatisticsCharts *self)
{
  const DfkdStatisticsDistance *distance = self->statistics->distance;
  guint rows = workbench_batch_statistics_count (self->statistics);
  g_autofree double *means = g_new (double, rows), *variances = g_new (double, rows);
  g_auto (GStrv) labels = g_new0 (char *, rows + 1);

  for (guint row = 0; row < rows; row++)
    {
      guint layer = layer_of_bar (self, row);
      double scale = distance->total > 0.0 ? 100.0 / distance->total : 0.0;

      labels[row] = g_strdup (layer_name (self, layer));
      means[row] = scale * distance->layers[layer].mean_distance;
      variances[row] = scale * distance->layers[layer].variance_distance;
    }
  workbench_chart_set_y_labels (self->layers, (const char *const *) labels);
  workbench_row_layer_set (self->means, rows, NULL, means, (double) NAN);
  workbench_row_layer_set (self->variances, rows, means, variances, (double) NAN);
}

/* ------------------------------------------------------------------------------------------------------- pairs */

static char *
point_text (guint index, gpointer data)
{
  WorkbenchStatisticsCharts *self = data;

  return channel_text (self, self->layer, index);
}

static void
show_pairs (WorkbenchStatisticsCharts *self)
{
  const DfkdNorm *norm;
  g_autofree float *x = NULL, *y = NULL;
  g_autofree char *title = NULL;

  self->layer = MIN (self->layer, workbench_batch_statistics_count (self->statistics) - 1);
  norm = workbench_batch_statistics_norm (self->statistics, self->layer);
  x = g_new (float, norm->channels);
  y = g_new (float, norm->channels);
  for (gsize c = 0; c < norm->channels; c++)
    {
      double stored, batch;

      workbench_batch_statistics_get (self->statistics, self->layer, self->statistic, c, &stored, &batch);
      x[c] = (float) stored;
      y[c] = (float) batch;
    }
  title = g_strdup_printf (self->statistic == WORKBENCH_STATISTIC_MEAN ? _("Means of %s") : _("Variances of %s"), norm->name);
  gtk_label_set_text (self->pairs_title, title);
  workbench_scatter_layer_set (self->points, (guint) norm->channels, x, y);
}

/* -------------------------------------------------------------------------------------------------------- what */

static void
clear (WorkbenchStatisticsCharts *self, const char *why)
{
  workbench_heat_layer_set (self->cells, 0, 0, NULL, FALSE);
  workbench_row_layer_set (self->means, 0, NULL, NULL, (double) NAN);
  workbench_row_layer_set (self->variances, 0, NULL, NULL, (double) NAN);
  workbench_scatter_layer_set (self->points, 0, NULL, NULL);
  workbench_chart_set_empty_text (self->map, why);
  workbench_chart_set_empty_text (self->layers, why);
  workbench_chart_set_empty_text (self->pairs, why);
  workbench_readout_set_text (self->scale_text, "");
  gtk_label_set_text (self->pairs_title, _("Stored and measured"));
}

void
workbench_statistics_charts_show (WorkbenchStatisticsCharts *self, WorkbenchBatchStatistics *statistics, const char *why)
{
  workbench_batch_statistics_free (self->statistics);
  self->statistics = statistics;
  if (statistics == NULL)
    {
      clear (self, why);
      return;
    }
  show_map (self);
  show_layers (self);
  show_pairs (self);
}

const WorkbenchBatchStatistics *
workbench_statistics_charts_get (WorkbenchStatisticsCharts *self)
{
  return self->statistics;
}

static void
name_axes (WorkbenchStatisticsCharts *self)
{
  gboolean mean = self->statistic == WORKBENCH_STATISTIC_MEAN;

  workbench_chart_set_axes (self->map, _("channel"), _("batch norm"));
  workbench_chart_set_axes (self->layers, _("share of the loss (%)"), _("batch norm"));
  workbench_chart_set_axes (self->course, _("inner step"), _("distance"));
  workbench_chart_set_counts (self->course, TRUE);
  workbench_chart_set_axes (self->pairs, mean ? _("mean, stored") : _("variance, stored"), mean ? _("mean, batch") : _("variance, batch"));
}

void
workbench_statistics_charts_set_statistic (WorkbenchStatisticsCharts *self, WorkbenchStatistic statistic)
{
  self->statistic = statistic;
  name_axes (self);
  if (self->statistics == NULL)
    return;
  show_map (self);
  show_pairs (self);
}

void
workbench_statistics_charts_set_layer (WorkbenchStatisticsCharts *self, guint layer)
{
  self->layer = layer;
  if (self->statistics != NULL)
    show_pairs (self);
}

static void
set_line (WorkbenchStatisticsCharts *self, guint index, WorkbenchSeries *series)
{
  WorkbenchLineLayer **line = &self->lines[index];

  if ((*line != NULL ? workbench_line_layer_get_series (*line) : NULL) == series)
    return;
  if (*line != NULL)
    workbench_chart_remove (self->course, WORKBENCH_CHART_LAYER (*line));
  *line = series != NULL ? workbench_line_layer_new (series, NULL, workbench_palette (index)) : NULL;
  if (*line != NULL)
    workbench_chart_add (self->course, WORKBENCH_CHART_LAYER (*line));
}

void
workbench_statistics_charts_set_course (WorkbenchStatisticsCharts *self, WorkbenchSeries *loss, WorkbenchSeries *part)
{
  set_line (self, 0, loss);
  set_line (self, 1, part);
}

void
workbench_statistics_charts_set_width (WorkbenchStatisticsCharts *self, double width)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->lower), width < NARROW ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

/* ------------------------------------------------------------------------------------------------------- saving */

static gboolean
save_table (WorkbenchStatisticsCharts *self, const char *path, GError **error)
{
  g_autoptr (GString) text = g_string_new ("layer,channel,stored_mean,mean,stored_variance,variance\n");
  g_autoptr (GError) problem = NULL;

  for (guint layer = 0; self->statistics != NULL && layer < workbench_batch_statistics_count (self->statistics); layer++)
    for (gsize c = 0; c < workbench_batch_statistics_norm (self->statistics, layer)->channels; c++)
      {
        dfkd_csv_append_text (text, layer_name (self, layer));
        g_string_append_printf (text, ",%" G_GSIZE_FORMAT, c);
        for (guint statistic = 0; statistic < 2; statistic++)
          {
            char number[G_ASCII_DTOSTR_BUF_SIZE];
            double stored, batch;

            workbench_batch_statistics_get (self->statistics, layer, (WorkbenchStatistic) statistic, c, &stored, &batch);
            g_string_append_printf (text, ",%s", g_ascii_formatd (number, sizeof number, "%.9g", stored));
            g_string_append_printf (text, ",%s", g_ascii_formatd (number, sizeof number, "%.9g", batch));
          }
        g_string_append_c (text, '\n');
      }
  if (g_file_set_contents (path, text->str, (gssize) text->len, &problem))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s"), path, problem->message);
  return FALSE;
}

gboolean
workbench_statistics_charts_save (WorkbenchStatisticsCharts *self, const char *path, GError **error)
{
  if (g_str_has_suffix (path, ".csv"))
    return save_table (self, path, error);
  return workbench_charts_save ((WorkbenchTitledChart[]){ { self->map, _("Batch beside stored statistics, by layer and channel") },
                                                          { self->layers, _("Which layers drive the loss") },
                                                          { self->pairs, gtk_label_get_text (self->pairs_title) },
                                                          { self->course, _("Course of the loss, and of the layer's part in it") } },
                                4, NULL, path, error);
}

/* ------------------------------------------------------------------------------------------------ construction */

static void
workbench_statistics_charts_dispose (GObject *object)
{
  WorkbenchStatisticsCharts *self = WORKBENCH_STATISTICS_CHARTS (object);

  workbench_clear_box (GTK_BOX (self));
  g_clear_pointer (&self->statistics, workbench_batch_statistics_free);
  G_OBJECT_CLASS (workbench_statistics_charts_parent_class)->dispose (object);
}

static void
workbench_statistics_charts_class_init (WorkbenchStatisticsChartsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = workbench_statistics_charts_dispose;
  g_type_ensure (WORKBENCH_TYPE_CHART);
  g_type_ensure (WORKBENCH_TYPE_READOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/dfkd/Workbench/ui/workbench-statistics-charts.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, WorkbenchStatisticsCharts, name)
  BIND (lower);
  BIND (scale_text);
  BIND (pairs_title);
  BIND (map);
  BIND (layers);
  BIND (pairs);
  BIND (course);
#undef BIND
}

static void
workbench_statistics_charts_init (WorkbenchStatisticsCharts *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cells = workbench_heat_layer_new (TRUE, cell_text, self);
  self->means = workbench_row_layer_new (_("means"), workbench_palette (0), NULL, mean_text, self);
  self->variances = workbench_row_layer_new (_("variances"), workbench_palette (1), NULL, variance_text, self);
  self->points = workbench_scatter_layer_new (_("channels"), workbench_palette (0), TRUE, point_text, self);
  workbench_chart_add (self->map, WORKBENCH_CHART_LAYER (self->cells));
  workbench_chart_add (self->layers, WORKBENCH_CHART_LAYER (self->means));
  workbench_chart_add (self->layers, WORKBENCH_CHART_LAYER (self->variances));
  workbench_chart_add (self->pairs, WORKBENCH_CHART_LAYER (self->points));
  workbench_chart_set_empty_text (self->course, _("Drawn from the first inner step on"));
  workbench_chart_set_y_limits (self->course, 0.0, (double) NAN);
  name_axes (self);
}
