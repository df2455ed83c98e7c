/* workbench-heat-layer.c: cells; where there are more than pixels, the greatest of those that share one. */
#include "workbench-heat-layer.h"

#include <math.h>
#include <string.h>

struct _WorkbenchHeatLayer
{
  WorkbenchChartLayer parent_instance;

  guint rows, columns;
  float *values;
  gboolean diverging;
  char *longest; /* number of a cell; NULL: none is to stand there */
  double low, high, limit;
  WorkbenchCellText text;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (WorkbenchHeatLayer, workbench_heat_layer, WORKBENCH_TYPE_CHART_LAYER)

static gboolean
get_x_range (WorkbenchChartLayer *layer, double *minimum, double *maximum)
{
  WorkbenchHeatLayer *self = WORKBENCH_HEAT_LAYER (layer);

  *minimum = -0.5;
  *maximum = self->columns - 0.5;
  return self->columns > 0;
}

static gboolean
get_y_range (WorkbenchChartLayer *layer, double x0, double x1, gboolean positive, double *minimum, double *maximum)
{
  WorkbenchHeatLayer *self = WORKBENCH_HEAT_LAYER (layer);

  *minimum = -0.5;
  *maximum = self->rows - 0.5;
  return self->rows > 0;
}

static double
value_at (WorkbenchHeatLayer *self, guint row, guint column)
{
  return (double) self->values[(gsize) row * self->columns + column];
}

static GdkRGBA
colour_of (WorkbenchHeatLayer *self, double value)
{
  if (self->diverging)
    return workbench_diverging_map (self->high > 0.0 ? value / self->high : 0.0);
  return workbench_colour_map (self->high > self->low ? (value - self->low) / (self->high - self->low) : 0.0);
}

/* the value farthest from 0 of several columns */
static double
strongest (WorkbenchHeatLayer *self, guint row, guint first, guint end)
{
  double found = (double) NAN;

  for (guint column = first; column < end; column++)
    {
      double value = value_at (self, row, column);

      if (isfinite (value) && !(fabs (value) <= fabs (found)))
        found = value;
    }
  return found;
}

static char *
number_text (double value)
{
  return g_strdup_printf ("%.3g", value);
}

/* How large numbers are so that the longest of them fits into a cell of @width × @height, as a part of the letters' size: all have the same
 * size, or none stands. 0: none does */
static double
number_size (WorkbenchHeatLayer *self, const WorkbenchPlot *plot, double width, double height)
{
  static const double LEAST = 0.6; /* smaller ones cannot be read */
  double size;
  int text_width, text_height;

  if (self->longest == NULL)
    return 0.0;
  workbench_plot_measure (plot, self->longest, &text_width, &text_height);
  size = MIN (1.0, MIN ((width - 4.0) / text_width, height / text_height));
  return size < LEAST ? 0.0 : size;
}

static void
draw_number (const WorkbenchPlot *plot, double value, const GdkRGBA *ground, double x, double y, double size)
{
  g_autofree char *text = number_text (value);
  double light = 0.3 * (double) ground->red + 0.59 * (double) ground->green + 0.11 * (double) ground->blue;
  GdkRGBA ink = light > 0.55 ? (GdkRGBA){ 0.0f, 0.0f, 0.0f, 1.0f } : (GdkRGBA){ 1.0f, 1.0f, 1.0f, 1.0f };

  workbench_plot_set_colour (plot, &ink, 1.0);
  cairo_save (plot->cr);
  cairo_translate (plot->cr, x, y);
  cairo_scale (plot->cr, size, size);
  workbench_plot_text (plot, text, 0.0, 0.0, 0.5);
  cairo_restore (plot->cr);
}

static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchHeatLayer *self = WORKBENCH_HEAT_LAYER (layer);
  double cell = plot->width / (plot->x.maximum - plot->x.minimum);
  guint step = (guint) MAX (1.0, ceil (1.0 / cell));
  double size = step == 1 ? number_size (self, plot, floor (cell), plot->height / (plot->y.maximum - plot->y.minimum)) : 0.0;
  guint first = (guint) MAX (0.0, floor (plot->x.minimum + 0.5)), end = (guint) CLAMP (ceil (plot->x.maximum + 0.5), 0.0, self->columns);

  for (guint row = 0; row < self->rows; row++)
    {
      double bottom = floor (workbench_plot_y (plot, row - 0.5)), top = floor (workbench_plot_y (plot, row + 0.5));

      if (bottom < plot->top || top > plot->top + plot->height)
        continue;
      for (guint column = first; column < end; column += step)
        {
          double value = strongest (self, row, column, MIN (column + step, end));
          double left = floor (workbench_plot_x (plot, column - 0.5)), right = floor (workbench_plot_x (plot, column + step - 0.5));
          GdkRGBA colour;

          if (!isfinite (value))
            continue;
          colour = colour_of (self, value);
          workbench_plot_set_colour (plot, &colour, 1.0);
          cairo_rectangle (plot->cr, left, top, MAX (right - left, 1.0), bottom - top);
          cairo_fill (plot->cr);
          if (size > 0.0 && value != 0.0) /* what is empty is seen to be */
            draw_number (plot, value, &colour, 0.5 * (left + right), 0.5 * (top + bottom), size);
        }
    }
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchHeatLayer *self = WORKBENCH_HEAT_LAYER (layer);
  double column = round (workbench_plot_value_x (plot, x)), row = round (workbench_plot_value_y (plot, y)), value;

  if (!(column >= 0.0 && row >= 0.0 && column < self->columns && row < self->rows))
    return FALSE;
  value = value_at (self, (guint) row, (guint) column);
  if (!isfinite (value))
    return FALSE;
  *hover = (WorkbenchHover){ column, row, 1.0, colour_of (self, value), NULL };
  hover->text = self->text ((guint) row, (guint) column, value, self->data);
  return TRUE;
}

static gboolean
find_column (WorkbenchChartLayer *layer, double from, gboolean forward, double *x, double *y)
{
  return workbench_find_category (WORKBENCH_HEAT_LAYER (layer)->columns, from, forward, x);
}

static gboolean
find_row (WorkbenchChartLayer *layer, double from, gboolean forward, double *y)
{
  return workbench_find_category (WORKBENCH_HEAT_LAYER (layer)->rows, from, forward, y);
}

static void
write_csv (WorkbenchChartLayer *layer, GString *text)
{
  WorkbenchHeatLayer *self = WORKBENCH_HEAT_LAYER (layer);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint row = 0; row < self->rows; row++)
    for (guint column = 0; column < self->columns; column++)
      if (isfinite (value_at (self, row, column)))
        g_string_append_printf (text, "%u,%u,%s\n", row, column, g_ascii_formatd (number, sizeof number, "%.9g", value_at (self, row, column)));
}

static void
workbench_heat_layer_finalize (GObject *object)
{
  g_free (WORKBENCH_HEAT_LAYER (object)->values);
  g_free (WORKBENCH_HEAT_LAYER (object)->longest);
  G_OBJECT_CLASS (workbench_heat_layer_parent_class)->finalize (object);
}

static void
workbench_heat_layer_class_init (WorkbenchHeatLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_heat_layer_finalize;
  layer_class->get_x_range = get_x_range;
  layer_class->get_y_range = get_y_range;
  layer_class->draw = draw;
  layer_class->hover = hover;
  layer_class->find_column = find_column;
  layer_class->find_row = find_row;
  layer_class->write_csv = write_csv;
}

static void
workbench_heat_layer_init (WorkbenchHeatLayer *self)
{
  self->limit = (double) NAN;
}

WorkbenchHeatLayer *
workbench_heat_layer_new (gboolean diverging, WorkbenchCellText text, gpointer data)
{
  WorkbenchHeatLayer *self = g_object_new (WORKBENCH_TYPE_HEAT_LAYER, NULL);

  self->diverging = diverging;
  self->text = text;
  self->data = data;
  return self;
}

static void
keep_longest (WorkbenchHeatLayer *self, char *text)
{
  if (self->longest == NULL || strlen (text) > strlen (self->longest))
    {
      g_free (self->longest);
      self->longest = text;
    }
  else
    g_free (text);
}

void
workbench_heat_layer_set (WorkbenchHeatLayer *self, guint rows, guint columns, const float *values, gboolean numbers)
{
  g_free (self->values);
  self->values = g_memdup2 (values, sizeof *values * rows * columns);
  self->rows = rows;
  self->columns = columns;
  g_clear_pointer (&self->longest, g_free);
  self->low = self->high = 0.0;
  for (gsize i = 0; i < (gsize) rows * columns; i++)
    {
      double value = (double) values[i];

      if (!isfinite (value))
        continue;
      if (numbers)
        keep_longest (self, number_text (value));
      self->low = MIN (self->low, value);
      self->high = MAX (self->high, self->diverging ? fabs (value) : value);
    }
  if (isfinite (self->limit))
    self->high = self->limit;
  if (self->diverging)
    self->low = -self->high;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}

void
workbench_heat_layer_set_limit (WorkbenchHeatLayer *self, double limit)
{
  self->limit = limit;
}
