/* workbench-line-layer.c: drawing a series by points, or by columns of pixels. */
#include "workbench-line-layer.h"

#include "dfkd.h"
#include "workbench-glance.h"
#include "workbench-smoothing.h"

#include <glib/gi18n.h>
#include <math.h>

struct _WorkbenchLineLayer
{
  WorkbenchChartLayer parent_instance;

  WorkbenchSeries *series;
  WorkbenchSmoothing *smoothing;
  WorkbenchClock clock;
  guint dash;
  WorkbenchGlance growth; /* since it was drawn */
};

G_DEFINE_FINAL_TYPE (WorkbenchLineLayer, workbench_line_layer, WORKBENCH_TYPE_CHART_LAYER)

static gboolean
get_x_range (WorkbenchChartLayer *layer, double *minimum, double *maximum)
{
  WorkbenchLineLayer *self = WORKBENCH_LINE_LAYER (layer);
  guint length = workbench_series_get_length (self->series);

  if (length == 0)
    return FALSE;
  *minimum = workbench_series_get_x (self->series, self->clock, 0);
  *maximum = workbench_series_get_x (self->series, self->clock, length - 1);
  return TRUE;
}

/* the points that a piece of the axis shows: those inside and one to either side, where the curve leaves the frame */
static void
find_points (WorkbenchLineLayer *self, double x0, double x1, guint *first, guint *end)
{
  guint length = workbench_series_get_length (self->series);

  *first = workbench_series_find (self->series, self->clock, x0);
  *first -= *first > 0 ? 1 : 0;
  *end = MIN (workbench_series_find (self->series, self->clock, nextafter (x1, INFINITY)) + 1, length);
}

static gboolean
get_y_range (WorkbenchChartLayer *layer, double x0, double x1, gboolean positive, double *minimum, double *maximum)
{
  WorkbenchLineLayer *self = WORKBENCH_LINE_LAYER (layer);
  guint first, end;

  find_points (self, x0, x1, &first, &end);
  return positive ? workbench_series_positive_range (self->series, first, end, minimum, maximum)
                  : workbench_series_range (self->series, first, end, minimum, maximum);
}

static double
smooth (WorkbenchLineLayer *self, guint index)
{
  return workbench_smoothing_get_y (self->smoothing, index);
}

/* by points: raw values, or smoothed ones; a gap where the axis has no place for them, and a dot where a point is between two gaps */
static void
trace_points (WorkbenchLineLayer *self, const WorkbenchPlot *plot, guint first, guint end, gboolean smoothed)
{
  guint joined = 0; /* points of the piece that is being traced */
  double x = 0.0, y = 0.0;

  for (guint i = first; i <= end; i++)
    {
      double value = i == end ? (double) NAN : smoothed ? smooth (self, i) : workbench_series_get_y (self->series, i);

      if (!workbench_axis_shows (&plot->y, value))
        {
          cairo_new_sub_path (plot->cr);
          if (joined == 1)
            cairo_arc (plot->cr, x, y, end - first == 1 ? 2.5 : 1.0, 0.0, 2.0 * G_PI);
          cairo_new_sub_path (plot->cr);
          joined = 0;
          continue;
        }
      x = workbench_plot_x (plot, workbench_series_get_x (self->series, self->clock, i));
      y = workbench_plot_y (plot, value);
      cairo_line_to (plot->cr, x, y);
      joined++;
    }
  cairo_stroke (plot->cr);
}

/* the last smoothed value of each column of pixels */
static void
trace_smoothed_column (WorkbenchLineLayer *self, const WorkbenchPlot *plot, guint column, guint last)
{
  double value = smooth (self, last);

  if (workbench_axis_shows (&plot->y, value))
    cairo_line_to (plot->cr, plot->left + column + 0.5, workbench_plot_y (plot, value));
  else
    cairo_new_sub_path (plot->cr);
}

/* for each column of pixels a bar from minimum to maximum of what the axis shows, a pixel high at least, which reaches as far as its
 * neighbour does; or the last smoothed value in it, as a line. Bars are filled together: stroking a line that goes up and down in each
 * column takes ten times as long. */
static void
trace_columns (WorkbenchLineLayer *self, const WorkbenchPlot *plot, gboolean smoothed)
{
  guint columns = (guint) MAX (1.0, plot->width);
  guint next = workbench_series_find (self->series, self->clock, workbench_plot_value_x (plot, plot->left));
  double above = (double) NAN, below = (double) NAN; /* of the column before */

  for (guint column = 0; column < columns; column++)
    {
      guint first = next;
      double low, high;

      next = workbench_series_find_from (self->series, self->clock, workbench_plot_value_x (plot, plot->left + column + 1.0), first);
      if (column + 1 == columns) /* the last point lies on the edge */
        next = workbench_series_find_from (self->series, self->clock, nextafter (workbench_plot_value_x (plot, plot->left + columns), INFINITY), first);
      if (first >= next)
        continue;
      if (smoothed)
        {
          trace_smoothed_column (self, plot, column, next - 1);
          continue;
        }
      if (!(plot->y.logarithmic ? workbench_series_positive_range (self->series, first, next, &low, &high)
                                : workbench_series_range (self->series, first, next, &low, &high)))
        {
          above = below = (double) NAN; /* a gap */
          continue;
        }
      high = floor (workbench_plot_y (plot, high) - 0.25); /* from here on pixels, downwards; whole ones are filled quickly */
      low = ceil (workbench_plot_y (plot, low) + 0.25);
      cairo_rectangle (plot->cr, floor (plot->left) + column, MIN (high, isnan (below) ? high : below), 1.0,
                       MAX (low, isnan (above) ? low : above) - MIN (high, isnan (below) ? high : below));
      above = high;
      below = low;
    }
  if (smoothed)
    cairo_stroke (plot->cr);
  else
    {
      cairo_set_fill_rule (plot->cr, CAIRO_FILL_RULE_WINDING);
      cairo_fill (plot->cr);
    }
}

static void
trace (WorkbenchLineLayer *self, const WorkbenchPlot *plot, gboolean smoothed)
{
  guint first, end;

  find_points (self, plot->x.minimum, plot->x.maximum, &first, &end);
  if (end - first <= (guint) MAX (1.0, plot->width)) /* a line that turns in each pixel is slow to stroke */
    trace_points (self, plot, first, end, smoothed);
  else
    trace_columns (self, plot, smoothed);
}

static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchLineLayer *self = WORKBENCH_LINE_LAYER (layer);
  GdkRGBA colour = workbench_chart_layer_get_colour (layer);
  gboolean smoothed = workbench_smoothing_get_half_life (self->smoothing) > 0.0;

  if (workbench_series_get_length (self->series) == 0)
    return;
  cairo_set_line_join (plot->cr, CAIRO_LINE_JOIN_ROUND);
  workbench_plot_dash (plot->cr, self->dash);
  cairo_set_line_width (plot->cr, smoothed ? 1.0 : 1.5);
  workbench_plot_set_colour (plot, &colour, smoothed ? 0.3 : 1.0);
  trace (self, plot, FALSE);
  if (smoothed)
    {
      cairo_set_line_width (plot->cr, 1.8);
      workbench_plot_set_colour (plot, &colour, 1.0);
      trace (self, plot, TRUE);
    }
  workbench_plot_dash (plot->cr, 0);
}

static void
draw_key (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, double alpha)
{
  GdkRGBA colour = workbench_chart_layer_get_colour (layer);

  workbench_plot_dash (plot->cr, WORKBENCH_LINE_LAYER (layer)->dash);
  cairo_set_line_width (plot->cr, 3.0);
  workbench_plot_set_colour (plot, &colour, alpha);
  cairo_move_to (plot->cr, x, y);
  cairo_line_to (plot->cr, x + WORKBENCH_KEY_WIDTH, y);
  cairo_stroke (plot->cr);
  workbench_plot_dash (plot->cr, 0);
}

/* "L_adv -0.12 (-0.15)": smoothed, and raw; with a word where the axis has no place for it */
static char *
tell (WorkbenchLineLayer *self, const WorkbenchPlot *plot, double shown, double raw)
{
  g_autofree char *text = shown != raw ? g_strdup_printf ("%s %.5g (%.5g)", workbench_chart_layer_get_title (WORKBENCH_CHART_LAYER (self)), shown, raw)
                                       : g_strdup_printf ("%s %.5g", workbench_chart_layer_get_title (WORKBENCH_CHART_LAYER (self)), raw);

  if (!plot->y.logarithmic || workbench_axis_shows (&plot->y, shown))
    return g_steal_pointer (&text);
  return g_strdup_printf (_("%s, not drawn: not positive"), text);
}

/* A line that began later or ended earlier than others has no value there; up to a step beyond its ends the nearest point still counts. */
static gboolean
reaches (WorkbenchLineLayer *self, double at, guint length)
{
  const double first = workbench_series_get_x (self->series, self->clock, 0), last = workbench_series_get_x (self->series, self->clock, length - 1);

  return length == 1
         || (at >= first - (workbench_series_get_x (self->series, self->clock, 1) - first)
             && at <= last + (last - workbench_series_get_x (self->series, self->clock, length - 2)));
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchLineLayer *self = WORKBENCH_LINE_LAYER (layer);
  guint length = workbench_series_get_length (self->series), index;
  double at = workbench_plot_value_x (plot, x), value;

  if (length == 0 || !reaches (self, at, length))
    return FALSE;
  index = MIN (workbench_series_find (self->series, self->clock, at), length - 1);
  if (index > 0 && at - workbench_series_get_x (self->series, self->clock, index - 1) < workbench_series_get_x (self->series, self->clock, index) - at)
    index--;
  value = workbench_series_get_y (self->series, index);
  hover->x = workbench_series_get_x (self->series, self->clock, index);
  hover->y = workbench_smoothing_get_half_life (self->smoothing) > 0.0 ? smooth (self, index) : value;
  hover->colour = workbench_chart_layer_get_colour (layer);
  hover->text = tell (self, plot, hover->y, value);
  return TRUE;
}

static gboolean
find_column (WorkbenchChartLayer *layer, double from, gboolean forward, double *x, double *y)
{
  WorkbenchLineLayer *self = WORKBENCH_LINE_LAYER (layer);

  return workbench_series_find_column (self->series, self->clock, from, forward, x);
}

static void
write_csv (WorkbenchChartLayer *layer, GString *text)
{
  WorkbenchLineLayer *self = WORKBENCH_LINE_LAYER (layer);
  char a[G_ASCII_DTOSTR_BUF_SIZE], b[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < workbench_series_get_length (self->series); i++)
    {
      dfkd_csv_append_text (text, workbench_chart_layer_get_title (layer));
      g_string_append_printf (text, ",%s,%s\n", g_ascii_formatd (a, sizeof a, "%.9g", workbench_series_get_x (self->series, self->clock, i)),
                              dfkd_float_text (b, (float) workbench_series_get_y (self->series, i)));
    }
}

static void
on_appended (WorkbenchSeries *series, guint index, WorkbenchLineLayer *self)
{
  workbench_glance_order (&self->growth, (WorkbenchShow) workbench_chart_layer_changed, self);
}

static void
workbench_line_layer_finalize (GObject *object)
{
  WorkbenchLineLayer *self = WORKBENCH_LINE_LAYER (object);

  g_signal_handlers_disconnect_by_data (self->series, self);
  workbench_glance_cancel (&self->growth);
  g_object_unref (self->series);
  g_object_unref (self->smoothing);
  G_OBJECT_CLASS (workbench_line_layer_parent_class)->finalize (object);
}

static void
workbench_line_layer_class_init (WorkbenchLineLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_line_layer_finalize;
  layer_class->get_x_range = get_x_range;
  layer_class->get_y_range = get_y_range;
  layer_class->draw = draw;
  layer_class->draw_key = draw_key;
  layer_class->hover = hover;
  layer_class->find_column = find_column;
  layer_class->write_csv = write_csv;
}

static void
workbench_line_layer_init (WorkbenchLineLayer *self)
{
}

WorkbenchLineLayer *
workbench_line_layer_new (WorkbenchSeries *series, const char *title, GdkRGBA colour)
{
  WorkbenchLineLayer *self = g_object_new (WORKBENCH_TYPE_LINE_LAYER, NULL);

  self->series = g_object_ref (series);
  self->smoothing = workbench_smoothing_new (series);
  workbench_chart_layer_set_legend (WORKBENCH_CHART_LAYER (self), title != NULL ? title : workbench_series_get_title (series), colour);
  g_signal_connect (series, "appended", G_CALLBACK (on_appended), self);
  return self;
}

WorkbenchSeries *
workbench_line_layer_get_series (WorkbenchLineLayer *self)
{
  return self->series;
}

void
workbench_line_layer_set_clock (WorkbenchLineLayer *self, WorkbenchClock clock)
{
  self->clock = clock;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}

void
workbench_line_layer_set_half_life (WorkbenchLineLayer *self, double half_life)
{
  workbench_smoothing_set_half_life (self->smoothing, half_life);
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}

void
workbench_line_layer_set_dash (WorkbenchLineLayer *self, guint dash)
{
  self->dash = dash;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}
