/* workbench-row-layer.c: lying bars. */
#include "workbench-row-layer.h"

#include "dfkd.h"

#include <math.h>

struct _WorkbenchRowLayer
{
  WorkbenchChartLayer parent_instance;

  char *format;
  guint count;
  double *base, *values;
  double maximum;
  gboolean aside; /* numbers */
  WorkbenchRowText text;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (WorkbenchRowLayer, workbench_row_layer, WORKBENCH_TYPE_CHART_LAYER)

static double
base_of (WorkbenchRowLayer *self, guint row)
{
  return self->base != NULL ? self->base[row] : 0.0;
}

static gboolean
get_x_range (WorkbenchChartLayer *layer, double *minimum, double *maximum)
{
  WorkbenchRowLayer *self = WORKBENCH_ROW_LAYER (layer);
  double longest = 0.0;

  for (guint i = 0; i < self->count; i++)
    if (isfinite (self->values[i]))
      longest = MAX (longest, base_of (self, i) + self->values[i]);
  if (self->aside && isfinite (self->maximum))
    longest = MAX (longest, self->maximum);
  longest *= self->format == NULL ? 1.02 : self->aside ? 1.2 : 1.12; /* room for the number of the longest */
  *minimum = 0.0;
  *maximum = isfinite (self->maximum) ? MAX (longest, self->maximum) : longest;
  return self->count > 0 && *maximum > 0.0;
}

static gboolean
get_y_range (WorkbenchChartLayer *layer, double x0, double x1, gboolean positive, double *minimum, double *maximum)
{
  WorkbenchRowLayer *self = WORKBENCH_ROW_LAYER (layer);

  *minimum = -0.5;
  *maximum = self->count - 0.5;
  return self->count > 0;
}

static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  WorkbenchRowLayer *self = WORKBENCH_ROW_LAYER (layer);
  GdkRGBA colour = workbench_chart_layer_get_colour (layer);
  double thickness = plot->height / (plot->y.maximum - plot->y.minimum), gap = thickness > 4.0 ? MAX (1.0, 0.15 * thickness) : 0.0;
  int text_height;

  workbench_plot_measure (plot, "0", NULL, &text_height);
  for (guint i = 0; i < self->count; i++)
    {
      double left = workbench_plot_x (plot, base_of (self, i)), right = workbench_plot_x (plot, base_of (self, i) + self->values[i]);
      double top = workbench_plot_y (plot, i + 0.5), bottom = workbench_plot_y (plot, i - 0.5);

      if (!isfinite (right) || bottom < plot->top || top > plot->top + plot->height)
        continue;
      workbench_plot_set_colour (plot, &colour, 1.0);
      cairo_rectangle (plot->cr, left, top + 0.5 * gap, MAX (right - left, 0.5), MAX (bottom - top - gap, 0.5));
      cairo_fill (plot->cr);
      if (self->format != NULL && thickness >= text_height)
        {
          char number[64];
          int width;

          g_snprintf (number, sizeof number, self->format, self->values[i]);
          workbench_plot_measure (plot, number, &width, NULL);
          if (self->aside)
            {
              workbench_plot_set_colour (plot, &plot->foreground, 0.85);
              workbench_plot_text (plot, number, plot->left + plot->width - 3.0, 0.5 * (top + bottom), 1.0);
            }
          else if (right + 4.0 + width <= plot->left + plot->width)
            {
              workbench_plot_set_colour (plot, &plot->foreground, 0.85);
              workbench_plot_text (plot, number, right + 4.0, 0.5 * (top + bottom), 0.0);
            }
          else
            {
              workbench_plot_set_colour (plot, &(GdkRGBA){ 1.0f, 1.0f, 1.0f, 1.0f }, 1.0);
              workbench_plot_text (plot, number, MIN (right, plot->left + plot->width) - 4.0, 0.5 * (top + bottom), 1.0);
            }
        }
    }
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchRowLayer *self = WORKBENCH_ROW_LAYER (layer);
  double row = round (workbench_plot_value_y (plot, y));

  if (!(row >= 0.0 && row < self->count) || !isfinite (self->values[(guint) row]))
    return FALSE;
  *hover = (WorkbenchHover){ base_of (self, (guint) row) + self->values[(guint) row], row, 1.0, workbench_chart_layer_get_colour (layer), NULL };
  if (self->text != NULL)
    hover->text = self->text ((guint) row, self->values[(guint) row], self->data);
  else
    hover->text = g_strdup_printf ("%s %.4g", workbench_chart_layer_get_title (layer), self->values[(guint) row]);
  return TRUE;
}

static gboolean
find_row (WorkbenchChartLayer *layer, double from, gboolean forward, double *y)
{
  return workbench_find_category (WORKBENCH_ROW_LAYER (layer)->count, from, forward, y);
}

static void
write_csv (WorkbenchChartLayer *layer, GString *text)
{
  WorkbenchRowLayer *self = WORKBENCH_ROW_LAYER (layer);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < self->count; i++)
    if (isfinite (self->values[i]))
      {
        dfkd_csv_append_text (text, workbench_chart_layer_get_title (layer) != NULL ? workbench_chart_layer_get_title (layer) : "");
        g_string_append_printf (text, ",%u,%s\n", i, g_ascii_formatd (number, sizeof number, "%.9g", self->values[i]));
      }
}

static void
workbench_row_layer_finalize (GObject *object)
{
  WorkbenchRowLayer *self = WORKBENCH_ROW_LAYER (object);

  g_free (self->format);
  g_free (self->base);
  g_free (self->values);
  G_OBJECT_CLASS (workbench_row_layer_parent_class)->finalize (object);
}

static void
workbench_row_layer_class_init (WorkbenchRowLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_row_layer_finalize;
  layer_class->get_x_range = get_x_range;
  layer_class->get_y_range = get_y_range;
  layer_class->draw = draw;
  layer_class->hover = hover;
  layer_class->find_row = find_row;
  layer_class->write_csv = write_csv;
}

static void
workbench_row_layer_init (WorkbenchRowLayer *self)
{
}

WorkbenchRowLayer *
workbench_row_layer_new (const char *title, GdkRGBA colour, const char *format, WorkbenchRowText text, gpointer data)
{
  WorkbenchRowLayer *self = g_object_new (WORKBENCH_TYPE_ROW_LAYER, NULL);

  workbench_chart_layer_set_legend (WORKBENCH_CHART_LAYER (self), title, colour);
  self->format = g_strdup (format);
  self->text = text;
  self->data = data;
  return self;
}

void
workbench_row_layer_set_numbers_aside (WorkbenchRowLayer *self, gboolean aside)
{
  self->aside = aside;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}

void
workbench_row_layer_set (WorkbenchRowLayer *self, guint count, const double *base, const double *values, double maximum)
{
  g_free (self->base);
  g_free (self->values);
  self->count = count;
  self->base = base != NULL ? g_memdup2 (base, count * sizeof *base) : NULL;
  self->values = g_memdup2 (values, count * sizeof *values);
  self->maximum = maximum;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}
