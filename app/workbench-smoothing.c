/* workbench-smoothing.c: an exponential average by distance in steps, computed up to where it was asked for. */
#include "workbench-smoothing.h"

#include <math.h>

struct _WorkbenchSmoothing
{
  GObject parent_instance;

  WorkbenchSeries *series;
  GArray *y; /* of float, as far as it was computed */
  double half_life, sum, weight;
  double distance, kept; /* steps between two points, and what is kept of the average over them: mostly the same again */
};

G_DEFINE_FINAL_TYPE (WorkbenchSmoothing, workbench_smoothing, G_TYPE_OBJECT)

static void
workbench_smoothing_finalize (GObject *object)
{
  WorkbenchSmoothing *self = WORKBENCH_SMOOTHING (object);

  g_object_unref (self->series);
  g_array_unref (self->y);
  G_OBJECT_CLASS (workbench_smoothing_parent_class)->finalize (object);
}

static void
workbench_smoothing_class_init (WorkbenchSmoothingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_smoothing_finalize;
}

static void
workbench_smoothing_init (WorkbenchSmoothing *self)
{
  self->y = g_array_new (FALSE, FALSE, sizeof (float));
}

WorkbenchSmoothing *
workbench_smoothing_new (WorkbenchSeries *series)
{
  WorkbenchSmoothing *self = g_object_new (WORKBENCH_TYPE_SMOOTHING, NULL);

  self->series = g_object_ref (series);
  return self;
}

static void
start_again (WorkbenchSmoothing *self)
{
  g_array_set_size (self->y, 0);
  self->sum = self->weight = 0.0;
  self->distance = (double) NAN;
}

void
workbench_smoothing_set_half_life (WorkbenchSmoothing *self, double half_life)
{
  if (half_life == self->half_life)
    return;
  self->half_life = half_life;
  start_again (self);
}

double
workbench_smoothing_get_half_life (WorkbenchSmoothing *self)
{
  return self->half_life;
}

double
workbench_smoothing_get_y (WorkbenchSmoothing *self, guint index)
{
  if (self->half_life <= 0.0)
    return workbench_series_get_y (self->series, index);
  if (self->y->len > workbench_series_get_length (self->series)) /* the series was cleared */
    start_again (self);
  for (guint i = self->y->len; i <= index; i++)
    {
      double step = workbench_series_get_x (self->series, WORKBENCH_CLOCK_STEP, i);
      double before = i > 0 ? workbench_series_get_x (self->series, WORKBENCH_CLOCK_STEP, i - 1) : step;
      float y;

      if (step - before != self->distance)
        {
          self->distance = step - before;
          self->kept = exp2 (-self->distance / self->half_life);
        }
      self->sum = self->kept * self->sum + workbench_series_get_y (self->series, i);
      self->weight = self->kept * self->weight + 1.0;
      y = (float) (self->sum / self->weight);
      g_array_append_val (self->y, y);
    }
  return (double) g_array_index (self->y, float, index);
}
