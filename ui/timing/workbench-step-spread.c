/* workbench-step-spread.c: each run's spread is found in a thread; when the last is there, all are drawn. */
#include "workbench-step-spread.h"

#include "workbench-band-layer.h"
#include "workbench-overlays.h"

#include <glib/gi18n.h>
#include <math.h>

enum {
  LEAST_HEIGHT = 230, /* of the chart, in pixels */
};

typedef struct {
  char *title; /* NULL: the present one's */
  GdkRGBA colour;
  WorkbenchSpread *spread; /* NULL: not found yet */
} Found;

typedef struct {
  WorkbenchStepSpread *owner; /* may be gone once it is cancelled */
  GCancellable *cancellable;
  guint waiting; /* threads */
  GArray *found; /* of Found */
} Search;

typedef struct {
  Search *search;
  guint index;
} Part;

static void
clear_found (gpointer data)
{
  g_free (((Found *) data)->title);
  g_free (((Found *) data)->spread);
}

static void
add_box (GArray *boxes, char *name, GdkRGBA colour, const WorkbenchSpread *s)
{
  const WorkbenchBox box = { name, colour, s->low, s->lower, s->median, s->upper, s->high };

  if (s->count > 0)
    g_array_append_val (boxes, box);
}

/* rows of charts count from below, people read from above: stages, the whole step, those of the runs beside */
static void
show (WorkbenchStepSpread *self, const GArray *found)
{
  const WorkbenchSpread *own = g_array_index (found, Found, 0).spread;
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (WorkbenchBox));
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = found->len; i-- > 1;)
    add_box (boxes, g_array_index (found, Found, i).title, g_array_index (found, Found, i).colour, &g_array_index (found, Found, i).spread[WORKBENCH_N_BANDS]);
  add_box (boxes, (char *) _("whole step"), g_array_index (found, Found, 0).colour, &own[WORKBENCH_N_BANDS]);
  for (guint i = WORKBENCH_N_BANDS; i-- > 0;)
    add_box (boxes, (char *) workbench_band_title (i), workbench_band_colour (i), &own[i]);
  for (guint i = 0; i < boxes->len; i++)
    g_ptr_array_add (names, g_array_index (boxes, WorkbenchBox, i).name);
  g_ptr_array_add (names, NULL);
  workbench_overlays_make_room (self->chart, LEAST_HEIGHT, found->len - 1); /* a row takes as much as a line of the legend */
  workbench_box_layer_set (self->boxes, (const WorkbenchBox *) boxes->data, boxes->len);
  workbench_chart_set_y_labels (self->chart, boxes->len > 0 ? (const char *const *) names->pdata : NULL);
}

static void
on_spread (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autofree Part *part = data;
  Search *search = part->search;

  g_array_index (search->found, Found, part->index).spread = workbench_step_times_spread_finish (WORKBENCH_STEP_TIMES (object), result, NULL);
  if (--search->waiting > 0)
    return;
  if (!g_cancellable_is_cancelled (search->cancellable))
    show (search->owner, search->found);
  g_array_unref (search->found);
  g_object_unref (search->cancellable);
  g_free (search);
}

void
workbench_step_spread_find (WorkbenchStepSpread *self, const WorkbenchTimedRun *runs, guint count, WorkbenchClock clock, double x0, double x1)
{
  Search *search = g_new0 (Search, 1);

  workbench_step_spread_clear (self);
  self->cancellable = g_cancellable_new ();
  *search = (Search){ self, g_object_ref (self->cancellable), count, g_array_new (FALSE, TRUE, sizeof (Found)) };
  g_array_set_clear_func (search->found, clear_found);
  for (guint i = 0; i < count; i++)
    {
      const Found found = { g_strdup (runs[i].title), runs[i].colour, NULL };

      g_array_append_val (search->found, found);
    }
  for (guint i = 0; i < count; i++)
    {
      WorkbenchSeries *whole = workbench_step_times_get_whole (runs[i].times);
      const guint first = isfinite (x0) ? workbench_series_find (whole, clock, x0) : 0;
      const guint end = isfinite (x1) ? workbench_series_find (whole, clock, nextafter (x1, INFINITY)) : workbench_series_get_length (whole);
      Part *part = g_new (Part, 1);

      *part = (Part){ search, i };
      workbench_step_times_spread_async (runs[i].times, first, end, self->cancellable, on_spread, part);
    }
}

void
workbench_step_spread_clear (WorkbenchStepSpread *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

void
workbench_step_spread_init (WorkbenchStepSpread *self, WorkbenchChart *chart)
{
  self->chart = chart;
  self->boxes = workbench_box_layer_new (_("ms"));
  workbench_chart_add (chart, WORKBENCH_CHART_LAYER (self->boxes));
  workbench_chart_set_axes (chart, _("a step (ms)"), "");
  workbench_chart_set_empty_text (chart, _("How these times are spread will be drawn here"));
}
