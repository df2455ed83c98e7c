/* workbench-axis.c: ranges and ticks. */
#include "workbench-axis.h"

#include <math.h>

WorkbenchAxis
workbench_axis_fit (double minimum, double maximum, gboolean logarithmic)
{
  double room;

  if (!(minimum <= maximum))
    return (WorkbenchAxis){ 0.0, 1.0, FALSE };
  if (logarithmic && minimum > 0.0)
    {
      double factor = minimum == maximum ? 2.0 : pow (maximum / minimum, 0.04);

      return (WorkbenchAxis){ minimum / factor, maximum * factor, TRUE };
    }
  room = minimum == maximum ? MAX (fabs (minimum) * 0.1, 0.5) : (maximum - minimum) * 0.04;
  return (WorkbenchAxis){ minimum - room, maximum + room, FALSE };
}

gboolean
workbench_axis_shows (const WorkbenchAxis *axis, double value)
{
  return isfinite (value) && (!axis->logarithmic || value > 0.0);
}

double
workbench_axis_map (const WorkbenchAxis *axis, double value)
{
  if (axis->logarithmic)
    return value > 0.0 ? log (value / axis->minimum) / log (axis->maximum / axis->minimum) : 0.0;
  return (value - axis->minimum) / (axis->maximum - axis->minimum);
}

double
workbench_axis_value (const WorkbenchAxis *axis, double part)
{
  if (axis->logarithmic)
    return axis->minimum * pow (axis->maximum / axis->minimum, part);
  return axis->minimum + part * (axis->maximum - axis->minimum);
}

/* 1, 2 or 5 · 10ⁿ, not less than @raw */
static double
round_step (double raw)
{
  double power = pow (10.0, floor (log10 (raw))), mantissa = raw / power;

  return power * (mantissa <= 1.0 ? 1.0 : mantissa <= 2.0 ? 2.0 : mantissa <= 5.0 ? 5.0 : 10.0);
}

guint
workbench_axis_ticks (const WorkbenchAxis *axis, guint wanted, double ticks[WORKBENCH_MAX_TICKS])
{
  guint count = 0;
  double step;

  wanted = CLAMP (wanted, 2, WORKBENCH_MAX_TICKS - 2);
  if (axis->logarithmic && axis->maximum / axis->minimum > 10.0)
    {
      static const double mantissas[] = { 1.0, 2.0, 5.0 };
      double decades = log10 (axis->maximum / axis->minimum);
      guint parts = decades * 3.0 <= wanted ? 3 : 1;
      int every = MAX (1, (int) ceil (decades / wanted));

      for (int power = (int) floor (log10 (axis->minimum)); power <= (int) ceil (log10 (axis->maximum)); power += every)
        for (guint i = 0; i < parts; i++)
          {
            double value = mantissas[i] * pow (10.0, power);

            if (value >= axis->minimum && value <= axis->maximum && count < WORKBENCH_MAX_TICKS)
              ticks[count++] = value;
          }
      return count;
    }
  step = round_step ((axis->maximum - axis->minimum) / wanted);
  for (double value = ceil (axis->minimum / step) * step; value <= axis->maximum && count < WORKBENCH_MAX_TICKS; value += step)
    ticks[count++] = fabs (value) < step * 1e-9 ? 0.0 : value;
  return count;
}

char *
workbench_axis_label (double value)
{
  double size = fabs (value);

  if (size >= 1e6)
    return g_strdup_printf ("%.3gM", value * 1e-6);
  if (size >= 1e4)
    return g_strdup_printf ("%.3gk", value * 1e-3);
  return g_strdup_printf ("%.4g", value);
}
