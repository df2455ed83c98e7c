/* workbench-glance.c: a grid in time. */
#include "workbench-glance.h"

enum {
  GLANCE = 400, /* milliseconds */
  RARE = 3 * GLANCE,
};

static guint
add (guint interval, GSourceFunc show, gpointer data)
{
  return g_timeout_add (interval - (guint) (g_get_monotonic_time () / 1000 % interval), show, data);
}

guint
workbench_glance_add (GSourceFunc show, gpointer data)
{
  return add (GLANCE, show, data);
}

guint
workbench_glance_add_rare (GSourceFunc show, gpointer data)
{
  return add (RARE, show, data);
}
