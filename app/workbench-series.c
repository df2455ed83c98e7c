/* workbench-series.c: points, and levels of ranges of FACTOR entries of the level below. */
#include "workbench-series.h"

#include <math.h>

enum {
  FACTOR = 16,
  LEVELS = 6, /* 16⁶ points in one entry of the last */
};

typedef struct {
  float minimum, maximum;
  float positive; /* the least that is greater than 0; INFINITY: there is none */
} Range;

struct _WorkbenchSeries
{
  GObject parent_instance;

  char *title;
  GArray *step;                     /* of double */
  GArray *time[WORKBENCH_N_CLOCKS]; /* of float; none for STEP, and empty where there are only steps. Kept small: a long run has millions of points */
  GArray *y;                        /* of float */
  GArray *levels[LEVELS]; /* of Range; level 0 covers FACTOR points */
};

G_DEFINE_FINAL_TYPE (WorkbenchSeries, workbench_series, G_TYPE_OBJECT)

static guint appended_signal;

static void
workbench_series_finalize (GObject *object)
{
  WorkbenchSeries *self = WORKBENCH_SERIES (object);

  g_free (self->title);
  g_array_unref (self->step);
  g_array_unref (self->y);
  for (guint i = 1; i < WORKBENCH_N_CLOCKS; i++)
    g_array_unref (self->time[i]);
  for (guint i = 0; i < LEVELS; i++)
    g_array_unref (self->levels[i]);
  G_OBJECT_CLASS (workbench_series_parent_class)->finalize (object);
}

static void
workbench_series_class_init (WorkbenchSeriesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_series_finalize;
  appended_signal = g_signal_new ("appended", WORKBENCH_TYPE_SERIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
workbench_series_init (WorkbenchSeries *self)
{
  self->step = g_array_new (FALSE, FALSE, sizeof (double));
  self->y = g_array_new (FALSE, FALSE, sizeof (float));
  for (guint i = 1; i < WORKBENCH_N_CLOCKS; i++)
    self->time[i] = g_array_new (FALSE, FALSE, sizeof (float));
  for (guint i = 0; i < LEVELS; i++)
    self->levels[i] = g_array_new (FALSE, FALSE, sizeof (Range));
}

WorkbenchSeries *
workbench_series_new (const char *title)
{
  WorkbenchSeries *self = g_object_new (WORKBENCH_TYPE_SERIES, NULL);

  self->title = g_strdup (title);
  return self;
}

const char *
workbench_series_get_title (WorkbenchSeries *self)
{
  return self->title;
}

static void
widen (Range *range, const Range *by)
{
  range->minimum = MIN (range->minimum, by->minimum);
  range->maximum = MAX (range->maximum, by->maximum);
  range->positive = MIN (range->positive, by->positive);
}

static Range
range_of_point (float y)
{
  return (Range){ y, y, y > 0.0f ? y : INFINITY };
}

/* @x: (nullable): by clock */
static void
append (WorkbenchSeries *self, double step, const double *x, double value)
{
  gsize index = self->y->len;
  float y = (float) value;
  const Range range = range_of_point (y);

  if (!isfinite (y) || !isfinite (step))
    return;
  g_array_append_val (self->step, step);
  for (guint i = 1; i < WORKBENCH_N_CLOCKS && x != NULL; i++)
    {
      float time = (float) x[i];

      g_array_append_val (self->time[i], time);
    }
  g_array_append_val (self->y, y);
  for (guint level = 0; level < LEVELS; level++)
    {
      index /= FACTOR;
      if (index == self->levels[level]->len)
        g_array_append_val (self->levels[level], range);
      else
        widen (&g_array_index (self->levels[level], Range, index), &range);
    }
  g_signal_emit (self, appended_signal, 0, self->y->len - 1);
}

void
workbench_series_append (WorkbenchSeries *self, const double x[WORKBENCH_N_CLOCKS], double y)
{
  append (self, x[WORKBENCH_CLOCK_STEP], x, y);
}

void
workbench_series_append_step (WorkbenchSeries *self, double step, double y)
{
  append (self, step, NULL, y);
}

void
workbench_series_clear (WorkbenchSeries *self)
{
  g_array_set_size (self->step, 0);
  g_array_set_size (self->y, 0);
  for (guint i = 1; i < WORKBENCH_N_CLOCKS; i++)
    g_array_set_size (self->time[i], 0);
  for (guint i = 0; i < LEVELS; i++)
    g_array_set_size (self->levels[i], 0);
}

guint
workbench_series_get_length (WorkbenchSeries *self)
{
  return self->y->len;
}

/* x of a point that is there */
static double
get_x (const WorkbenchSeries *self, WorkbenchClock clock, guint index)
{
  if (clock == WORKBENCH_CLOCK_STEP)
    return g_array_index (self->step, double, index);
  return self->time[clock]->len > 0 ? (double) g_array_index (self->time[clock], float, index) : 0.0;
}

double
workbench_series_get_x (WorkbenchSeries *self, WorkbenchClock clock, guint index)
{
  g_return_val_if_fail (index < self->y->len, (double) NAN);
  return get_x (self, clock, index);
}

double
workbench_series_get_y (WorkbenchSeries *self, guint index)
{
  g_return_val_if_fail (index < self->y->len, (double) NAN);
  return (double) g_array_index (self->y, float, index);
}

/* among the points low … high − 1 */
static guint
find_between (const WorkbenchSeries *self, WorkbenchClock clock, double x, guint low, guint high)
{
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_x (self, clock, middle) < x)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint
workbench_series_find (WorkbenchSeries *self, WorkbenchClock clock, double x)
{
  return find_between (self, clock, x, 0, self->y->len);
}

guint
workbench_series_find_from (WorkbenchSeries *self, WorkbenchClock clock, double x, guint from)
{
  guint low = from, reach = 1;

  g_return_val_if_fail (from <= self->y->len, self->y->len);
  while (reach < self->y->len - low && get_x (self, clock, low + reach - 1) < x)
    {
      low += reach;
      reach *= 2;
    }
  return find_between (self, clock, x, low, MIN (low + reach, self->y->len));
}

gboolean
workbench_series_find_column (WorkbenchSeries *self, WorkbenchClock clock, double from, gboolean forward, double *found)
{
  guint index = workbench_series_find (self, clock, forward ? from : nextafter (from, INFINITY));

  if (forward ? index == self->y->len : index == 0)
    return FALSE;
  *found = workbench_series_get_x (self, clock, forward ? index : index - 1);
  return TRUE;
}

static Range
find_range (WorkbenchSeries *self, guint first, guint end)
{
  Range range = { INFINITY, -INFINITY, INFINITY };
  guint i = first;

  end = MIN (end, self->y->len);
  while (i < end)
    {
      guint size = 1;
      int level = -1;

      /* the largest whole entry that begins here and ends in time */
      while (level + 1 < LEVELS && i % (size * FACTOR) == 0 && end - i >= size * FACTOR)
        {
          level++;
          size *= FACTOR;
        }
      if (level < 0)
        {
          const Range point = range_of_point (g_array_index (self->y, float, i));

          widen (&range, &point);
        }
      else
        widen (&range, &g_array_index (self->levels[level], Range, i / size));
      i += size;
    }
  return range;
}

gboolean
workbench_series_range (WorkbenchSeries *self, guint first, guint end, double *minimum, double *maximum)
{
  const Range range = find_range (self, first, end);

  *minimum = (double) range.minimum;
  *maximum = (double) range.maximum;
  return range.minimum <= range.maximum;
}

gboolean
workbench_series_positive_range (WorkbenchSeries *self, guint first, guint end, double *minimum, double *maximum)
{
  const Range range = find_range (self, first, end);

  *minimum = (double) range.positive;
  *maximum = (double) range.maximum;
  return range.positive <= range.maximum;
}
