/* time-text.c: minutes and seconds, hours where there are any. */
#include "time-text.h"

#include <math.h>

char *
dfkd_time_text (double seconds)
{
  gint64 whole = (gint64) (seconds + 0.5);

  if (seconds < 0.0 || !isfinite (seconds))
    return g_strdup ("–");
  if (whole >= 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", whole / 3600, (int) (whole / 60 % 60), (int) (whole % 60));
  return g_strdup_printf ("%d:%02d", (int) (whole / 60), (int) (whole % 60));
}
