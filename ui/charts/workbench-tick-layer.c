/* workbench-tick-layer.c: upright strokes. */
#include "workbench-tick-layer.h"

#include "dfkd.h"

#include <math.h>

struct _WorkbenchTickLayer
{
  WorkbenchChartLayer parent_instance;

  char *format;
  guint count;
  double *values;
};

G_DEFINE_FINAL_TYPE (WorkbenchTickLayer, workbench_tick_layer, WORKBENCH_TYPE_CHART_LAYER)

/* light about it, so that it is seen on a bar of its own colour, too */
static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchTickLayer *self = WORKBENCH_TICK_LAYER (layer);
  GdkRGBA colour = workbench_chart_layer_get_colour (layer);

  for (guint pass = 0; pass < 2; pass++)
    {
      workbench_plot_set_colour (plot, pass == 0 ? &plot->background : &colour, 1.0);
      cairo_set_line_width (plot->cr, pass == 0 ? 5.0 : 3.0);
      for (guint i = 0; i < self->count; i++)
        {
          double x = workbench_plot_x (plot, self->values[i]), top = workbench_plot_y (plot, i + 0.4), bottom = workbench_plot_y (plot, i - 0.4);

          if (!isfinite (x) || bottom < plot->top || top > plot->top + plot->height)
            continue;
          cairo_move_to (plot->cr, x, top);
          cairo_line_to (plot->cr, x, bottom);
        }
      cairo_stroke (plot->cr);
    }
}

static void
draw_key (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, double alpha)
{
  GdkRGBA colour = workbench_chart_layer_get_colour (layer);

  workbench_plot_set_colour (plot, &colour, alpha);
  cairo_rectangle (plot->cr, x + 0.5 * WORKBENCH_KEY_WIDTH - 1.5, y - 6.0, 3.0, 12.0);
  cairo_fill (plot->cr);
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchTickLayer *self = WORKBENCH_TICK_LAYER (layer);
  double row = round (workbench_plot_value_y (plot, y));
  g_autofree char *value = NULL;

  if (!(row >= 0.0 && row < self->count) || !isfinite (self->values[(guint) row]))
    return FALSE;
  value = g_strdup_printf (self->format, self->values[(guint) row]);
  *hover = (WorkbenchHover){ self->values[(guint) row], row, 1.0, workbench_chart_layer_get_colour (layer),
                             g_strdup_printf ("%s: %s", workbench_chart_layer_get_title (layer), value) };
  return TRUE;
}

static void
write_csv (WorkbenchChartLayer *layer, GString *text)
{
  WorkbenchTickLayer *self = WORKBENCH_TICK_LAYER (layer);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < self->count; i++)
    if (isfinite (self->values[i]))
      {
        dfkd_csv_append_text (text, workbench_chart_layer_get_title (layer));
        g_string_append_printf (text, ",%u,%s\n", i, g_ascii_formatd (number, sizeof number, "%.9g", self->values[i]));
      }
}

static void
workbench_tick_layer_finalize (GObject *object)
{
  WorkbenchTickLayer *self = WORKBENCH_TICK_LAYER (object);

  g_free (self->format);
  g_free (self->values);
  G_OBJECT_CLASS (workbench_tick_layer_parent_class)->finalize (object);
}

static void
workbench_tick_layer_class_init (WorkbenchTickLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_tick_layer_finalize;
  layer_class->draw = draw;
  layer_class->draw_key = draw_key;
  layer_class->hover = hover;
  layer_class->write_csv = write_csv;
}

static void
workbench_tick_layer_init (WorkbenchTickLayer *self)
{
}

WorkbenchTickLayer *
workbench_tick_layer_new (const char *title, GdkRGBA colour, const char *format)
{
  WorkbenchTickLayer *self = g_object_new (WORKBENCH_TYPE_TICK_LAYER, NULL);

  workbench_chart_layer_set_legend (WORKBENCH_CHART_LAYER (self), title, colour);
  self->format = g_strdup (format);
  return self;
}

void
workbench_tick_layer_set (WorkbenchTickLayer *self, guint count, const double *values)
{
  g_free (self->values);
  self->count = count;
  self->values = g_memdup2 (values, count * sizeof *values);
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}
