/* workbench-reference-layer.c: one value across the whole chart. */
#include "workbench-reference-layer.h"

#include <math.h>

struct _WorkbenchReferenceLayer
{
  WorkbenchChartLayer parent_instance;

  double value;
  char *text, *explanation;
  guint place;
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
  double y = floor (workbench_plot_y (plot, self->value)) + 0.5, x, align;
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
  align = self->place == 0 ? 1.0 : 0.0;
  pango_layout_set_width (plot->layout, (int) ((plot->width - 12.0) * PANGO_SCALE)); /* a narrow chart shows the beginning */
  pango_layout_set_ellipsize (plot->layout, PANGO_ELLIPSIZE_END);
  workbench_plot_measure (plot, self->text, &width, &height);
  x = self->place == 0 ? plot->left + plot->width - 6.0 : plot->left + 6.0 + (self->place - 1) % MAX (1, (int) plot->width / (width + 12)) * (width + 12.0);
  workbench_plot_text (plot, self->text, x, y + (y + height < plot->top + plot->height ? 0.6 : -0.6) * height, align);
  pango_layout_set_width (plot->layout, -1);
  pango_layout_set_ellipsize (plot->layout, PANGO_ELLIPSIZE_NONE);
}

static gboolean
hover (WorkbenchChartLayer *layer, const WorkbenchPlot *plot, double x, double y, WorkbenchHover *hover)
{
  WorkbenchReferenceLayer *self = WORKBENCH_REFERENCE_LAYER (layer);
  const double near = 4.0; /* pixels */

  if (!workbench_axis_shows (&plot->y, self->value) || !(fabs (workbench_plot_y (plot, self->value) - y) <= near))
    return FALSE;
  *hover = (WorkbenchHover){ workbench_plot_value_x (plot, x), (double) NAN, 1.0, plot->foreground, NULL };
  hover->text = self->explanation != NULL ? g_strdup (self->explanation) : g_strdup_printf ("%s %.5g", self->text, self->value);
  return TRUE;
}

static void
workbench_reference_layer_finalize (GObject *object)
{
  g_free (WORKBENCH_REFERENCE_LAYER (object)->text);
  g_free (WORKBENCH_REFERENCE_LAYER (object)->explanation);
  G_OBJECT_CLASS (workbench_reference_layer_parent_class)->finalize (object);
}

static void
workbench_reference_layer_class_init (WorkbenchReferenceLayerClass *klass)
{
  WorkbenchChartLayerClass *layer_class = WORKBENCH_CHART_LAYER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = workbench_reference_layer_finalize;
  layer_class->get_y_range = get_y_range;
  layer_class->draw = draw;
  layer_class->hover = hover;
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
workbench_reference_layer_explain (WorkbenchReferenceLayer *self, const char *explanation, guint place)
{
  g_free (self->explanation);
  self->explanation = g_strdup (explanation);
  self->place = place;
  workbench_chart_layer_changed (WORKBENCH_CHART_LAYER (self));
}

double
workbench_reference_layer_get_value (WorkbenchReferenceLayer *self)
{
  return self->value;
}

const char *
workbench_reference_layer_get_text (WorkbenchReferenceLayer *self)
{
  return self->text;
}
