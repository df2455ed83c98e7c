/* workbench-glance.c: a grid in time. */
#include "workbench-glance.h"

/* milliseconds: on one processor; what a layout and a frame take is the same share of every machine */
static const guint ALONE = 1280;
/* nobody reads faster than the first, or waits longer than the second */
static const guint SHORTEST = 160, LONGEST = 640;

static gboolean
on_moment (gpointer data)
{
  WorkbenchGlance *self = data;

  self->source = 0;
  self->show (self->data);
  return G_SOURCE_REMOVE;
}

static void
order (WorkbenchGlance *self, guint times, WorkbenchShow show, gpointer data)
{
  guint interval;

  if (self->source != 0)
    return;
  interval = times * CLAMP (ALONE / g_get_num_processors (), SHORTEST, LONGEST);
  self->show = show;
  self->data = data;
  self->source = g_timeout_add (interval - (guint) (g_get_monotonic_time () / 1000 % interval), on_moment, self);
}

void
workbench_glance_order (WorkbenchGlance *self, WorkbenchShow show, gpointer data)
{
  order (self, 1, show, data);
}

void
workbench_glance_order_rarely (WorkbenchGlance *self, WorkbenchShow show, gpointer data)
{
  order (self, 3, show, data);
}

void
workbench_glance_cancel (WorkbenchGlance *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
}
