/* workbench-chart-layer.c: legend, visibility and the signal "changed". */
#include "workbench-chart-layer.h"

#include <math.h>

typedef struct {
  gboolean hidden, unlisted;
  char *title;
  GdkRGBA colour;
} WorkbenchChartLayerPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WorkbenchChartLayer, workbench_chart_layer, G_TYPE_OBJECT)

static guint changed_signal;

static const char *
get_title (WorkbenchChartLayer *self)
{
  return ((WorkbenchChartLayerPrivate *) workbench_chart_layer_get_instance_private (self))->title;
}

static GdkRGBA
get_colour (WorkbenchChartLayer *self)
{
  return ((WorkbenchChartLayerPrivate *) workbench_chart_layer_get_instance_private (self))->colour;
}

static void
workbench_chart_layer_finalize (GObject *object)
{
  WorkbenchChartLayerPrivate *p = workbench_chart_layer_get_instance_private (WORKBENCH_CHART_LAYER (object));

  g_free (p->title);
  G_OBJECT_CLASS (workbench_chart_layer_parent_class)->finalize (object);
}

static void
workbench_chart_layer_class_init (WorkbenchChartLayerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_chart_layer_finalize;
  klass->get_title = get_title;
  klass->get_colour = get_colour;
  changed_signal = g_signal_new ("changed", WORKBENCH_TYPE_CHART_LAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_chart_layer_init (WorkbenchChartLayer *self)
{
  workbench_chart_layer_set_legend (self, NULL, workbench_palette (0));
}

void
workbench_chart_layer_set_legend (WorkbenchChartLayer *self, const char *title, GdkRGBA colour)
{
  WorkbenchChartLayerPrivate *p = workbench_chart_layer_get_instance_private (self);

  g_free (p->title);
  p->title = g_strdup (title);
  p->colour = colour;
}

const char *
workbench_chart_layer_get_title (WorkbenchChartLayer *self)
{
  return WORKBENCH_CHART_LAYER_GET_CLASS (self)->get_title (self);
}

GdkRGBA
workbench_chart_layer_get_colour (WorkbenchChartLayer *self)
{
  return WORKBENCH_CHART_LAYER_GET_CLASS (self)->get_colour (self);
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
workbench_chart_layer_set_listed (WorkbenchChartLayer *self, gboolean listed)
{
  WorkbenchChartLayerPrivate *p = workbench_chart_layer_get_instance_private (self);

  if (p->unlisted == !listed)
    return;
  p->unlisted = !listed;
  workbench_chart_layer_changed (self);
}

gboolean
workbench_chart_layer_get_listed (WorkbenchChartLayer *self)
{
  WorkbenchChartLayerPrivate *p = workbench_chart_layer_get_instance_private (self);

  return !p->unlisted && workbench_chart_layer_get_title (self) != NULL;
}

gboolean
workbench_find_category (guint count, double from, gboolean forward, double *found)
{
  double at = forward ? MAX (ceil (from), 0.0) : MIN (floor (from), count - 1.0);

  if (!(at >= 0.0 && at < count))
    return FALSE;
  *found = at;
  return TRUE;
}

void
workbench_chart_layer_changed (WorkbenchChartLayer *self)
{
  g_signal_emit (self, changed_signal, 0);
}
