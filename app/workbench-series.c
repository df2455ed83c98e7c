/* workbench-series.c: points, and levels of ranges of FACTOR entries of the level below. */
#include "workbench-series.h"

#include <math.h>

enum {
  FACTOR = 16,
  LEVELS = 6, /* 16⁶ points in one entry of the last */
};

typedef struct {
  double minimum, maximum;
} Range;

struct _WorkbenchSeries
{
  GObject parent_instance;

  char *title;
  GArray *x, *y;          /* of double */
  GArray *levels[LEVELS]; /* of Range; level 0 covers FACTOR points */
};

G_DEFINE_FINAL_TYPE (WorkbenchSeries, workbench_series, G_TYPE_OBJECT)

static void
workbench_series_finalize (GObject *object)
{
  WorkbenchSeries *self = WORKBENCH_SERIES (object);

  g_free (self->title);
  g_array_unref (self->x);
  g_array_unref (self->y);
  for (guint i = 0; i < LEVELS; i++)
    g_array_unref (self->levels[i]);
  G_OBJECT_CLASS (workbench_series_parent_class)->finalize (object);
}

static void
workbench_series_class_init (WorkbenchSeriesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_series_finalize;
}

static void
workbench_series_init (WorkbenchSeries *self)
{
  self->x = g_array_new (FALSE, FALSE, sizeof (double));
  self->y = g_array_new (FALSE, FALSE, sizeof (double));
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
widen (Range *range, double minimum, double maximum)
{
  range->minimum = MIN (range->minimum, minimum);
  range->maximum = MAX (range->maximum, maximum);
}

void
workbench_series_append (WorkbenchSeries *self, double x, double y)
{
  gsize index = self->y->len;

  if (!isfinite (y) || !isfinite (x))
    return;
  g_array_append_val (self->x, x);
  g_array_append_val (self->y, y);
  for (guint level = 0; level < LEVELS; level++)
    {
      index /= FACTOR;
      if (index == self->levels[level]->len)
        {
          Range range = { y, y };

          g_array_append_val (self->levels[level], range);
        }
      else
        widen (&g_array_index (self->levels[level], Range, index), y, y);
    }
}

void
workbench_series_clear (WorkbenchSeries *self)
{
  g_array_set_size (self->x, 0);
  g_array_set_size (self->y, 0);
  for (guint i = 0; i < LEVELS; i++)
    g_array_set_size (self->levels[i], 0);
}

guint
workbench_series_get_length (WorkbenchSeries *self)
{
  return self->y->len;
}

void
workbench_series_get (WorkbenchSeries *self, guint index, double *x, double *y)
{
  g_return_if_fail (index < self->y->len);
  *x = g_array_index (self->x, double, index);
  *y = g_array_index (self->y, double, index);
}

guint
workbench_series_find (WorkbenchSeries *self, double x)
{
  guint low = 0, high = self->x->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->x, double, middle) < x)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
workbench_series_range (WorkbenchSeries *self, guint first, guint end, double *minimum, double *maximum)
{
  Range range = { INFINITY, -INFINITY };
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
        widen (&range, g_array_index (self->y, double, i), g_array_index (self->y, double, i));
      else
        {
          const Range *entry = &g_array_index (self->levels[level], Range, i / size);

          widen (&range, entry->minimum, entry->maximum);
        }
      i += size;
    }
  *minimum = range.minimum;
  *maximum = range.maximum;
  return first < end;
}
