/* workbench-scatter-layer.c: dots, and the nearest one to the pointer. */
#include "workbench-scatter-layer.h"

#include <math.h>

struct _WorkbenchScatterLayer
{
  WorkbenchChartLayer parent_instance;

  gboolean diagonal;
  guint count;
  float *x, *y;
  WorkbenchPointText text;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (WorkbenchScatterLayer, workbench_scatter_layer, WORKBENCH_TYPE_CHART_LAYER)

/* the range of @values; of those alone that a positive axis shows */
static gboolean
range_of (const float *values, guint count, gboolean positive, double *minimum, double *maximum)
{
  *minimum = INFINITY;
  *maximum = -INFINITY;
  for (guint i = 0; i < count; i++)
    if (isfinite (values[i]) && (!positive || values[i] > 0.0f))
      {
        *minimum = MIN (*minimum, (double) values[i]);
        *maximum = MAX (*maximum, (double) values[i]);
      }
  return *minimum <= *maximum;
}

static gboolean
get_x_range (WorkbenchChartLayer *layer, double *minimum, double *maximum)
{
  WorkbenchScatterLayer *self = WORKBENCH_SCATTER_LAYER (layer);
  double room;

  if (!range_of (self->x, self->count, FALSE, minimum, maximum))
    return FALSE;
  room = MAX (0.03 * (*maximum - *minimum), 1e-6);
  *minimum -= room;
  *maximum += room;
  return TRUE;
}

static gboolean
get_y_range (WorkbenchChartLayer *layer, double x0, double x1, gboolean positive, double *minimum, double *maximum)
{
  WorkbenchScatterLayer *self = WORKBENCH_SCATTER_LAYER (layer);

  return range_of (self->y, self->count, positive, minimum, maximum);
}

static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchScatterLayer *self = WORKBENCH_SCATTER_LAYER (layer);
  GdkRGBA colour = workbench_chart_layer_get_colour (layer);
  const gboolean dark = plot->foreground.green > plot->background.green;
  const double radius = self->count > 2000 ? 1.5 : 2.5;

  if (self->diagonal)
    {
      double low = MAX (plot->x.minimum, plot->y.minimum), high = MIN (plot->x.maximum, plot->y.maximum);

      workbench_plot_set_colour (plot, &plot->foreground, 0.4);
      cairo_set_line_width (plot->cr, 1.0);
      cairo_move_to (plot->cr, workbench_plot_x (plot, low), workbench_plot_y (plot, low));
      cairo_line_to (plot->cr, workbench_plot_x (plot, high), workbench_plot_y (plot, high));
      cairo_stroke (plot->cr);
    }
  workbench_plot_set_colour (plot, &colour, dark ? 1.0 : 0.55); /* on dark ground they would be lost */
  for (guint i = 0; i < self->count; i++)
    {
      double x = workbench_plot_x (plot, (double) self->x[i]), y = workbench_plot_y (plot, (double) self->y[i]);

      if (!isfinite (x + y))
        continue;
      cairo_rectangle (plot->cr, x - radius, y - radius, 2.0 * radius, 2.0 * radius);
    }
  cairo_fill (plot->cr);
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchScatterLayer *self = WORKBENCH_SCATTER_LAYER (layer);
  double nearest = 8.0; /* pixels */
  guint found = G_MAXUINT;

  for (guint i = 0; i < self->count; i++)
    {
      double distance = hypot (workbench_plot_x (plot, (double) self->x[i]) - x, workbench_plot_y (plot, (double) self->y[i]) - y);

      if (distance < nearest)
        {
          nearest = distance;
          found = i;
        }
    }
  if (found == G_MAXUINT)
    return FALSE;
  *hover = (WorkbenchHover){ (double) self->x[found], (double) self->y[found], MAX (nearest, 0.1), workbench_chart_layer_get_colour (layer), NULL };
  hover->text = self->text (found, self->data);
  return TRUE;
}

static gboolean
find_column (WorkbenchChartLayer *layer, double from, gboolean forward, double *x, double *y)
{
  WorkbenchScatterLayer *self = WORKBENCH_SCATTER_LAYER (layer);
  guint found = G_MAXUINT;

  for (guint i = 0; i < self->count; i++)
    if ((forward ? (double) self->x[i] >= from : (double) self->x[i] <= from) && isfinite (self->y[i])
        && (found == G_MAXUINT || (forward ? self->x[i] < self->x[found] : self->x[i] > self->x[found])))
      found = i;
  if (found == G_MAXUINT)
    return FALSE;
  *x = (double) self->x[found];
  *y = (double) self->y[found];
  return TRUE;
}

static void
write_csv (WorkbenchChartLayer *layer, GString *text)
{
  WorkbenchScatterLayer *self = WORKBENCH_SCATTER_LAYER (layer);
  char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < self->count; i++)
    g_string_append_printf (text, "\"%s\",%s,%s\n", workbench_chart_layer_get_title (layer), g_ascii_formatd (x, sizeof x, "%.9g", (double) self->x[i]),
                            g_ascii_formatd (y, sizeof y, "%.9g", (double) self->y[i]));
}

static void
workbench_scatter_layer_finalize (GObject *object)
{
  WorkbenchScatterLayer *self = WORKBENCH_SCATTER_LAYER (object);

  g_free (self->x);
  g_free (self->y);
  G_OBJECT_CLASS (workbench_scatter_layer_parent_class)->finalize (object);
}

static void
workbench_scatter_layer_class_init (WorkbenchScatterLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_scatter_layer_finalize;
  layer_class->get_x_range = get_x_range;
  layer_class->get_y_range = get_y_range;
  layer_class->draw = draw;
  layer_class->hover = hover;
  layer_class->find_column = find_column;
  layer_class->write_csv = write_csv;
}

static void
workbench_scatter_layer_init (WorkbenchScatterLayer *self)
{
}

WorkbenchScatterLayer *
workbench_scatter_layer_new (const char *title, GdkRGBA colour, gboolean diagonal, WorkbenchPointText text, gpointer data)
{
  WorkbenchScatterLayer *self = g_object_new (WORKBENCH_TYPE_SCATTER_LAYER, NULL);

  workbench_chart_layer_set_legend (WORKBENCH_CHART_LAYER (self), title, colour);
  self->diagonal = diagonal;
  self->text = text;
  self->data = data;
  return self;
}

void
workbench_scatter_layer_set (WorkbenchScatterLayer *self, guint count, const float *x, const float *y)
{
  g_free (self->x);
  g_free (self->y);
  self->x = g_memdup2 (x, count * sizeof *x);
  self->y = g_memdup2 (y, count * sizeof *y);
  self->count = count;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}
