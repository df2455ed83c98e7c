/* workbench-glance.c: a grid in time. */
#include "workbench-glance.h"

/* milliseconds: on one processor; what a layout and a frame take is the same share of every machine */
static const guint ALONE = 1280;
/* nobody reads faster than the first, or waits longer than the second */
static const guint SHORTEST = 160, LONGEST = 640;

/* counting the processors asks the kernel */
static guint
moment (void)
{
  static guint length;

  if (length == 0)
    length = CLAMP (ALONE / g_get_num_processors (), SHORTEST, LONGEST);
  return length;
}

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
  const gint64 interval = 1000 * (gint64) times * moment (), now = g_get_monotonic_time ();
  GSource *source;

  if (self->source != 0)
    return;
  self->show = show;
  self->data = data;
  source = g_timeout_source_new (times * moment ());
  g_source_set_ready_time (source, now - now % interval + interval); /* the same for all, so that one frame draws what all of them show */
  g_source_set_callback (source, on_moment, self, NULL);
  self->source = g_source_attach (source, NULL);
  g_source_unref (source);
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
