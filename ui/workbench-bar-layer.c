/* workbench-bar-layer.c: rectangles between edges. */
#include "workbench-bar-layer.h"

#include "dfkd.h"

#include <math.h>

struct _WorkbenchBarLayer
{
  WorkbenchChartLayer parent_instance;

  guint count;
  double *x, *base, *top;
  WorkbenchBarText text;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (WorkbenchBarLayer, workbench_bar_layer, WORKBENCH_TYPE_CHART_LAYER)

static gboolean
get_x_range (WorkbenchChartLayer *layer, double *minimum, double *maximum)
{
  WorkbenchBarLayer *self = WORKBENCH_BAR_LAYER (layer);

  if (self->count == 0)
    return FALSE;
  *minimum = self->x[0];
  *maximum = self->x[self->count];
  return TRUE;
}

static gboolean
get_y_range (WorkbenchChartLayer *layer, double x0, double x1, gboolean positive, double *minimum, double *maximum)
{
  WorkbenchBarLayer *self = WORKBENCH_BAR_LAYER (layer);

  *minimum = positive ? INFINITY : 0.0;
  *maximum = -INFINITY;
  for (guint i = 0; i < self->count; i++)
    if (self->x[i + 1] > x0 && self->x[i] < x1 && isfinite (self->top[i]) && (!positive || self->top[i] > 0.0))
      {
        *minimum = MIN (*minimum, self->top[i]);
        *maximum = MAX (*maximum, self->top[i]);
      }
  return *minimum <= *maximum;
}

static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchBarLayer *self = WORKBENCH_BAR_LAYER (layer);
  GdkRGBA colour = workbench_chart_layer_get_colour (layer);
  double floor_ = plot->top + plot->height;

  workbench_plot_set_colour (plot, &colour, 1.0);
  for (guint i = 0; i < self->count; i++)
    {
      double left = workbench_plot_x (plot, self->x[i]), right = workbench_plot_x (plot, self->x[i + 1]);
      double base = self->base != NULL ? workbench_plot_y (plot, self->base[i]) : MIN (workbench_plot_y (plot, 0.0), floor_);
      double top = workbench_plot_y (plot, self->top[i]), gap = right - left > 4.0 ? 1.0 : 0.0;

      if (right < plot->left || left > plot->left + plot->width || !isfinite (top))
        continue;
      if (plot->y.logarithmic && self->base == NULL)
        base = floor_;
      cairo_rectangle (plot->cr, left, MIN (base, top), MAX (right - left - gap, 0.5), fabs (base - top));
    }
  cairo_fill (plot->cr);
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchBarLayer *self = WORKBENCH_BAR_LAYER (layer);
  double at = workbench_plot_value_x (plot, x);

  for (guint i = 0; i < self->count; i++)
    if (at >= self->x[i] && at < self->x[i + 1])
      {
        *hover = (WorkbenchHover){ 0.5 * (self->x[i] + self->x[i + 1]), self->top[i], 1.0, workbench_chart_layer_get_colour (layer), self->text (i, self->data) };
        return TRUE;
      }
  return FALSE;
}

static void
write_csv (WorkbenchChartLayer *layer, GString *text)
{
  WorkbenchBarLayer *self = WORKBENCH_BAR_LAYER (layer);
  char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < self->count; i++)
    {
      dfkd_csv_append_text (text, workbench_chart_layer_get_title (layer) != NULL ? workbench_chart_layer_get_title (layer) : "");
      g_string_append_printf (text, ",%s,%s\n", g_ascii_formatd (x, sizeof x, "%.9g", self->x[i]),
                              g_ascii_formatd (y, sizeof y, "%.9g", self->top[i] - (self->base != NULL ? self->base[i] : 0.0)));
    }
}

static void
workbench_bar_layer_finalize (GObject *object)
{
  WorkbenchBarLayer *self = WORKBENCH_BAR_LAYER (object);

  g_free (self->x);
  g_free (self->base);
  g_free (self->top);
  G_OBJECT_CLASS (workbench_bar_layer_parent_class)->finalize (object);
}

static void
workbench_bar_layer_class_init (WorkbenchBarLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_bar_layer_finalize;
  layer_class->get_x_range = get_x_range;
  layer_class->get_y_range = get_y_range;
  layer_class->draw = draw;
  layer_class->hover = hover;
  layer_class->write_csv = write_csv;
}

static void
workbench_bar_layer_init (WorkbenchBarLayer *self)
{
}

WorkbenchBarLayer *
workbench_bar_layer_new (const char *title, GdkRGBA colour, WorkbenchBarText text, gpointer data)
{
  WorkbenchBarLayer *self = g_object_new (WORKBENCH_TYPE_BAR_LAYER, NULL);

  workbench_chart_layer_set_legend (WORKBENCH_CHART_LAYER (self), title, colour);
  self->text = text;
  self->data = data;
  return self;
}

void
workbench_bar_layer_set (WorkbenchBarLayer *self, guint count, const double *x, const double *base, const double *top)
{
  g_free (self->x);
  g_free (self->base);
  g_free (self->top);
  self->count = count;
  self->x = g_memdup2 (x, (count + 1) * sizeof *x);
  self->base = base != NULL ? g_memdup2 (base, count * sizeof *base) : NULL;
  self->top = g_memdup2 (top, count * sizeof *top);
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}
