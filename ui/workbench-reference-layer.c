/* workbench-reference-layer.c: one value across the whole chart. */
#include "workbench-reference-layer.h"

#include <math.h>

struct _WorkbenchReferenceLayer
{
  WorkbenchChartLayer parent_instance;

  double value;
  char *text;
};

G_DEFINE_FINAL_TYPE (WorkbenchReferenceLayer, workbench_reference_layer, WORKBENCH_TYPE_CHART_LAYER)

static gboolean
get_y_range (WorkbenchChartLayer *layer, double x0, double x1, gboolean positive, double *minimum, double *maximum)
{
  WorkbenchReferenceLayer *self = WORKBENCH_REFERENCE_LAYER (layer);

  *minimum = *maximum = self->value;
  return isfinite (self->value) && (!positive || self->value > 0.0);
}

static void
draw (WorkbenchChartLayer *layer, const WorkbenchPlot *plot)
{
  static const double dashes[] = { 5.0, 4.0 };
  WorkbenchReferenceLayer *self = WORKBENCH_REFERENCE_LAYER (layer);
  double y = floor (workbench_plot_y (plot, self->value)) + 0.5;
  int width, height;

  if (!workbench_axis_shows (&plot->y, self->value))
    return;
  workbench_plot_set_colour (plot, &plot->foreground, 0.55);
  cairo_set_line_width (plot->cr, 1.0);
  cairo_set_dash (plot->cr, dashes, 2, 0.0);
  cairo_move_to (plot->cr, plot->left, y);
  cairo_line_to (plot->cr, plot->left + plot->width, y);
  cairo_stroke (plot->cr);
  cairo_set_dash (plot->cr, NULL, 0, 0.0);
  pango_layout_set_width (plot->layout, (int) ((plot->width - 12.0) * PANGO_SCALE)); /* a narrow chart shows the beginning */
  pango_layout_set_ellipsize (plot->layout, PANGO_ELLIPSIZE_END);
  workbench_plot_measure (plot, self->text, &width, &height);
  workbench_plot_text (plot, self->text, plot->left + plot->width - 6.0, y + (y + height < plot->top + plot->height ? 0.6 : -0.6) * height, 1.0);
  pango_layout_set_width (plot->layout, -1);
  pango_layout_set_ellipsize (plot->layout, PANGO_ELLIPSIZE_NONE);
}

static void
workbench_reference_layer_finalize (GObject *object)
{
  g_free (WORKBENCH_REFERENCE_LAYER (object)->text);
  G_OBJECT_CLASS (workbench_reference_layer_parent_class)->finalize (object);
}

static void
workbench_reference_layer_class_init (WorkbenchReferenceLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_reference_layer_finalize;
  layer_class->get_y_range = get_y_range;
  layer_class->draw = draw;
}

static void
workbench_reference_layer_init (WorkbenchReferenceLayer *self)
{
}

WorkbenchReferenceLayer *
workbench_reference_layer_new (double value, const char *text)
{
  WorkbenchReferenceLayer *self = g_object_new (WORKBENCH_TYPE_REFERENCE_LAYER, NULL);

  self->value = value;
  self->text = g_strdup (text);
  return self;
}

void
workbench_reference_layer_set_value (WorkbenchReferenceLayer *self, double value)
{
  if (value == self->value || (isnan (value) && isnan (self->value)))
    return;
  self->value = value;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}

void
workbench_reference_layer_set_text (WorkbenchReferenceLayer *self, const char *text)
{
  g_free (self->text);
  self->text = g_strdup (text);
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}
