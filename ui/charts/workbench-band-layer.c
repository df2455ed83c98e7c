/* workbench-band-layer.c: two differences of running sums a column. */
#include "workbench-band-layer.h"

#include "dfkd.h"

#include <math.h>

struct _WorkbenchBandLayer
{
  WorkbenchChartLayer parent_instance;

  WorkbenchStepTimes *times;
  WorkbenchBand band;
  WorkbenchBandLayer *below;
  WorkbenchClock clock;
};

G_DEFINE_FINAL_TYPE (WorkbenchBandLayer, workbench_band_layer, WORKBENCH_TYPE_CHART_LAYER)

GdkRGBA
workbench_band_colour (WorkbenchBand band)
{
  G_STATIC_ASSERT ((int) WORKBENCH_BAND_OTHER <= (int) WORKBENCH_PALETTE_SIZE);
  return band == WORKBENCH_BAND_OTHER ? (GdkRGBA){ 0.733f, 0.733f, 0.733f, 1.0f } : workbench_palette (band);
}

/* Steps are counted: a bar lies about its step, as far as half the way to the next one. Clocks tell when a step ended: its bar reaches back
 * to the end of the one before. */
static gboolean
counts_steps (const WorkbenchBandLayer *self)
{
  return self->clock == WORKBENCH_CLOCK_STEP;
}

/* from where to where there are bars */
static gboolean
get_x_range (WorkbenchChartLayer *layer, double *minimum, double *maximum)
{
  WorkbenchBandLayer *self = WORKBENCH_BAND_LAYER (layer);
  WorkbenchSeries *whole = workbench_step_times_get_whole (self->times);
  guint length = workbench_series_get_length (whole);

  if (length == 0)
    return FALSE;
  *minimum = workbench_series_get_x (whole, self->clock, 0);
  *maximum = workbench_series_get_x (whole, self->clock, length - 1);
  if (counts_steps (self))
    {
      *minimum -= 0.5;
      *maximum += 0.5;
    }
  else /* when the first step began, of which only the end is told */
    *minimum = MIN (*minimum, MAX (0.0, *minimum - 1e-3 * workbench_series_get_y (whole, 0)));
  return TRUE;
}

/* milliseconds of the steps first … end − 1 in the bands below, and in this one too */
static void
stack (WorkbenchBandLayer *self, guint first, guint end, double *base, double *top)
{
  *base = 0.0;
  for (WorkbenchBandLayer *below = self->below; below != NULL; below = below->below)
    if (workbench_chart_layer_get_visible (WORKBENCH_CHART_LAYER (below)))
      *base += workbench_step_times_sum (self->times, below->band, first, end);
  *top = (*base + workbench_step_times_sum (self->times, self->band, first, end)) / (end - first);
  *base /= end - first;
}

/* Where steps are counted: those whose bar lies over @x, several if they have the same count. @first: the first one that is not before @x */
static gboolean
find_nearest (WorkbenchBandLayer *self, double x, guint *first, guint *end)
{
  WorkbenchSeries *whole = workbench_step_times_get_whole (self->times);
  double low, high, nearest;

  if (!get_x_range (WORKBENCH_CHART_LAYER (self), &low, &high) || x < low || x > high)
    return FALSE;
  nearest = workbench_series_get_x (whole, self->clock, MIN (*first, workbench_series_get_length (whole) - 1));
  if (*first > 0 && x - workbench_series_get_x (whole, self->clock, *first - 1) < nearest - x)
    nearest = workbench_series_get_x (whole, self->clock, *first - 1);
  *first = workbench_series_find (whole, self->clock, nearest);
  *end = workbench_series_find_from (whole, self->clock, nextafter (nearest, INFINITY), *first);
  return TRUE;
}

static gboolean
get_y_range (WorkbenchChartLayer *layer, double x0, double x1, gboolean positive, double *minimum, double *maximum)
{
  WorkbenchBandLayer *self = WORKBENCH_BAND_LAYER (layer);
  WorkbenchSeries *whole = workbench_step_times_get_whole (self->times);
  guint first = workbench_series_find (whole, self->clock, x0), end = workbench_series_find (whole, self->clock, nextafter (x1, INFINITY));
  guint from_x0 = first, until_x0, from_x1 = end, until_x1;
  enum
  {
    PARTS = 64
  };

  /* bars that are seen in part */
  if (!counts_steps (self))
    end = MIN (end + 1, workbench_series_get_length (whole));
  else
    {
      if (find_nearest (self, x0, &from_x0, &until_x0))
        first = from_x0;
      if (find_nearest (self, x1, &from_x1, &until_x1))
        end = MAX (end, until_x1);
    }
  *minimum = 0.0;
  *maximum = -INFINITY;
  for (guint i = 0; i < PARTS && first < end; i++)
    {
      guint from = first + (guint) ((guint64) (end - first) * i / PARTS), to = first + (guint) ((guint64) (end - first) * (i + 1) / PARTS);
      double base, top;

      if (from == to)
        continue;
      stack (self, from, to, &base, &top);
      *maximum = MAX (*maximum, top);
    }
  return *minimum <= *maximum;
}

/* first … end − 1 are the steps that lie in the column of pixels at @pixel; those to be shown there, if there are none. FALSE: nothing is */
static gboolean
complete_column (WorkbenchBandLayer *self, const WorkbenchPlot *plot, double pixel, guint *first, guint *end)
{
  WorkbenchSeries *whole = workbench_step_times_get_whole (self->times);
  guint length = workbench_series_get_length (whole);
  double low, high;

  if (*first < *end)
    return TRUE;
  if (counts_steps (self))
    return find_nearest (self, workbench_plot_value_x (plot, pixel + 0.5), first, end);
  if (!get_x_range (WORKBENCH_CHART_LAYER (self), &low, &high) || workbench_plot_value_x (plot, pixel + 1.0) < low)
    return FALSE;
  if (*first >= length) /* to the right of all but the last */
    *first = workbench_plot_value_x (plot, pixel) <= high ? length - 1 : length;
  *end = MIN (*first + 1, length);
  return *first < *end;
}

static gboolean
find_column (WorkbenchBandLayer *self, const WorkbenchPlot *plot, double pixel, guint *first, guint *end)
{
  WorkbenchSeries *whole = workbench_step_times_get_whole (self->times);

  *first = workbench_series_find (whole, self->clock, workbench_plot_value_x (plot, pixel));
  *end = workbench_series_find_from (whole, self->clock, workbench_plot_value_x (plot, pixel + 1.0), *first);
  return complete_column (self, plot, pixel, first, end);
}

/* columns that show the same steps, as one: most of them do while a run is young */
typedef struct
{
  double from, to; /* pixels right of the frame's left */
  guint first, end;
} Columns;

static void
trace (WorkbenchBandLayer *self, const WorkbenchPlot *plot, const Columns *columns)
{
  double base, top;

  if (columns->first >= columns->end)
    return;
  stack (self, columns->first, columns->end, &base, &top);
  base = workbench_plot_y (plot, base);
  top = workbench_plot_y (plot, top);
  cairo_rectangle (plot->cr, floor (plot->left) + columns->from, top, columns->to - columns->from, base - top);
}

static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchBandLayer *self = WORKBENCH_BAND_LAYER (layer);
  WorkbenchSeries *whole = workbench_step_times_get_whole (self->times);
  GdkRGBA colour = workbench_band_colour (self->band);
  Columns columns = { 0 };
  guint next;

  if (!workbench_step_times_has (self->times, self->band)) /* as of most bands, in steps of one kind */
    return;
  workbench_plot_set_colour (plot, &colour, 1.0);
  cairo_set_antialias (plot->cr, CAIRO_ANTIALIAS_NONE); /* columns are whole pixels: nothing shines through between them */
  next = workbench_series_find (whole, self->clock, workbench_plot_value_x (plot, plot->left));
  for (double column = 0.0; column < plot->width; column += 1.0)
    {
      guint first = next, end;

      end = next = workbench_series_find_from (whole, self->clock, workbench_plot_value_x (plot, plot->left + column + 1.0), first);
      if (!complete_column (self, plot, plot->left + column, &first, &end))
        first = end = 0;
      if (first != columns.first || end != columns.end)
        {
          trace (self, plot, &columns);
          columns = (Columns){ column, column, first, end };
        }
      columns.to = column + 1.0;
    }
  trace (self, plot, &columns);
  cairo_fill (plot->cr);
  cairo_set_antialias (plot->cr, CAIRO_ANTIALIAS_DEFAULT);
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchBandLayer *self = WORKBENCH_BAND_LAYER (layer);
  guint first, end;
  double base, top;

  if (!workbench_step_times_has (self->times, self->band) || !find_column (self, plot, x, &first, &end))
    return FALSE;
  stack (self, first, end, &base, &top);
  *hover = (WorkbenchHover){ workbench_plot_value_x (plot, x), (double) NAN, 0.0, workbench_band_colour (self->band),
                             g_strdup_printf ("%s %.4g", workbench_band_title (self->band), top - base) };
  return TRUE;
}

static gboolean
find_place (WorkbenchChartLayer *layer, double from, gboolean forward, double *x, double *y)
{
  WorkbenchBandLayer *self = WORKBENCH_BAND_LAYER (layer);

  return workbench_series_find_column (workbench_step_times_get_whole (self->times), self->clock, from, forward, x);
}

static const char *
get_title (WorkbenchChartLayer *layer)
{
  WorkbenchBandLayer *self = WORKBENCH_BAND_LAYER (layer);

  return workbench_step_times_has (self->times, self->band) ? workbench_band_title (self->band) : NULL;
}

static GdkRGBA
get_colour (WorkbenchChartLayer *layer)
{
  return workbench_band_colour (WORKBENCH_BAND_LAYER (layer)->band);
}

static void
write_csv (WorkbenchChartLayer *layer, GString *text)
{
  WorkbenchBandLayer *self = WORKBENCH_BAND_LAYER (layer);
  WorkbenchSeries *whole = workbench_step_times_get_whole (self->times);
  char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; workbench_step_times_has (self->times, self->band) && i < workbench_series_get_length (whole); i++)
    {
      dfkd_csv_append_text (text, workbench_band_title (self->band));
      g_string_append_printf (text, ",%s,%s\n", g_ascii_formatd (x, sizeof x, "%.9g", workbench_series_get_x (whole, self->clock, i)),
                              g_ascii_formatd (y, sizeof y, "%.9g", workbench_step_times_sum (self->times, self->band, i, i + 1)));
    }
}

static void
workbench_band_layer_finalize (GObject *object)
{
  WorkbenchBandLayer *self = WORKBENCH_BAND_LAYER (object);

  g_object_unref (self->times);
  g_clear_object (&self->below);
  G_OBJECT_CLASS (workbench_band_layer_parent_class)->finalize (object);
}

static void
workbench_band_layer_class_init (WorkbenchBandLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_band_layer_finalize;
  layer_class->get_x_range = get_x_range;
  layer_class->get_y_range = get_y_range;
  layer_class->draw = draw;
  layer_class->hover = hover;
  layer_class->find_column = find_place;
  layer_class->get_title = get_title;
  layer_class->get_colour = get_colour;
  layer_class->write_csv = write_csv;
}

static void
workbench_band_layer_init (WorkbenchBandLayer *self)
{
}

WorkbenchBandLayer *
workbench_band_layer_new (WorkbenchStepTimes *times, WorkbenchBand band, WorkbenchBandLayer *below)
{
  WorkbenchBandLayer *self = g_object_new (WORKBENCH_TYPE_BAND_LAYER, NULL);

  self->times = g_object_ref (times);
  self->band = band;
  g_set_object (&self->below, below);
  return self;
}

void
workbench_band_layer_set_clock (WorkbenchBandLayer *self, WorkbenchClock clock)
{
  self->clock = clock;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}
