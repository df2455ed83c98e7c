/* workbench-glance.c: a grid in time. */
#include "workbench-glance.h"

/* milliseconds: on one processor; what a layout and a frame take is the same share of every machine */
static const guint ALONE = 1280;
/* nobody reads faster than the first, or waits longer than the second */
static const guint SHORTEST = 160, LONGEST = 640;

static guint
add (guint times, GSourceFunc show, gpointer data)
{
  guint interval = times * CLAMP (ALONE / g_get_num_processors (), SHORTEST, LONGEST);

  return g_timeout_add (interval - (guint) (g_get_monotonic_time () / 1000 % interval), show, data);
}

guint
workbench_glance_add (GSourceFunc show, gpointer data)
{
  return add (1, show, data);
}

guint
workbench_glance_add_rare (GSourceFunc show, gpointer data)
{
  return add (3, show, data);
}
