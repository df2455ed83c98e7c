/* workbench-chart-layer.c: visibility and the signal "changed". */
#include "workbench-chart-layer.h"

typedef struct {
  gboolean hidden;
} WorkbenchChartLayerPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WorkbenchChartLayer, workbench_chart_layer, G_TYPE_OBJECT)

static guint changed_signal;

static const char *
no_title (WorkbenchChartLayer *self)
{
  return NULL;
}

static GdkRGBA
first_colour (WorkbenchChartLayer *self)
{
  return workbench_palette (0);
}

static void
workbench_chart_layer_class_init (WorkbenchChartLayerClass *klass)
{
  klass->get_title = no_title;
  klass->get_colour = first_colour;
  changed_signal = g_signal_new ("changed", WORKBENCH_TYPE_CHART_LAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_chart_layer_init (WorkbenchChartLayer *self)
{
}

gboolean
workbench_chart_layer_get_visible (WorkbenchChartLayer *self)
{
  WorkbenchChartLayerPrivate *p = workbench_chart_layer_get_instance_private (self);

  return !p->hidden;
}

void
workbench_chart_layer_set_visible (WorkbenchChartLayer *self, gboolean visible)
{
  WorkbenchChartLayerPrivate *p = workbench_chart_layer_get_instance_private (self);

  if (p->hidden == !visible)
    return;
  p->hidden = !visible;
  workbench_chart_layer_changed (self);
}

void
workbench_chart_layer_changed (WorkbenchChartLayer *self)
{
  g_signal_emit (self, changed_signal, 0);
}
