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

/* the next finer one */
static double
finer_step (double step)
{
  double mantissa = step / pow (10.0, floor (log10 (step) + 1e-9));

  return mantissa > 4.0 && mantissa < 6.0 ? step * 0.4 : step * 0.5; /* 10, 5, 2, 1 */
}

static guint
linear_ticks (const WorkbenchAxis *axis, double step, double ticks[WORKBENCH_MAX_TICKS])
{
  static const double ROUNDING = 1e-9; /* of a step: three times 0.1 is more than 0.3 */
  guint count = 0;

  for (double i = ceil (axis->minimum / step - ROUNDING); i * step <= axis->maximum + ROUNDING * step && count < WORKBENCH_MAX_TICKS; i += 1.0)
    ticks[count++] = i * step + 0.0; /* not −0 */
  return count;
}

/* mantissas 1, or 1, 2 and 5, of each @every-th power of ten */
static guint
power_ticks (const WorkbenchAxis *axis, int every, guint parts, double ticks[WORKBENCH_MAX_TICKS])
{
  static const double mantissas[] = { 1.0, 2.0, 5.0 };
  guint count = 0;

  for (int power = (int) floor (log10 (axis->minimum)); power <= (int) ceil (log10 (axis->maximum)); power += every)
    for (guint i = 0; i < parts; i++)
      {
        double value = mantissas[i] * pow (10.0, power);

        if (value >= axis->minimum && value <= axis->maximum && count < WORKBENCH_MAX_TICKS)
          ticks[count++] = value;
      }
  return count;
}

guint
workbench_axis_ticks (const WorkbenchAxis *axis, guint wanted, double ticks[WORKBENCH_MAX_TICKS])
{
  enum
  {
    FINER = 4 /* times at most: where rounding ends, no step is fine enough */
  };
  guint count = 0, least;
  double step;

  wanted = CLAMP (wanted, 2, WORKBENCH_MAX_TICKS - 2);
  least = MIN (wanted, 3); /* two make a scale, three show of what kind it is */
  if (axis->logarithmic && axis->maximum / axis->minimum > 10.0)
    {
      double decades = log10 (axis->maximum / axis->minimum);
      int every = MAX (1, (int) ceil (decades / wanted));

      if (decades * 3.0 > wanted)
        count = power_ticks (axis, every, 1, ticks);
      while (count < least && every > 1)
        count = power_ticks (axis, --every, 1, ticks);
      if (count < least)
        count = power_ticks (axis, 1, 3, ticks);
      return count;
    }
  step = round_step ((axis->maximum - axis->minimum) / wanted);
  count = linear_ticks (axis, step, ticks);
  for (guint i = 0; i < FINER && count < least; i++)
    count = linear_ticks (axis, step = finer_step (step), ticks);
  return count;
}

static gboolean
is_whole (double value)
{
  static const double ROUNDING = 1e-9;

  return fabs (value - round (value)) <= ROUNDING * MAX (fabs (value), 1.0);
}

guint
workbench_axis_keep_whole (double *ticks, guint count)
{
  guint whole = 0, kept = 0;

  for (guint i = 0; i < count; i++)
    whole += is_whole (ticks[i]);
  if (whole < 2) /* one makes no scale */
    return count;
  for (guint i = 0; i < count; i++)
    if (is_whole (ticks[i]))
      ticks[kept++] = ticks[i];
  return kept;
}

/* so many that tick @index is told from its neighbours: where numbers are near each other, more than @least */
static int
digits_of (const double *ticks, guint count, guint index, int least)
{
  static const double ROUNDING = 1e-6; /* of a power of ten: the difference of two ticks is nearly one */
  double apart = INFINITY;

  if (index > 0)
    apart = fabs (ticks[index] - ticks[index - 1]);
  if (index + 1 < count)
    apart = MIN (apart, fabs (ticks[index + 1] - ticks[index]));
  if (ticks[index] == 0.0 || !isfinite (apart) || apart == 0.0)
    return least;
  return (int) CLAMP (floor (log10 (fabs (ticks[index]))) - floor (log10 (apart) + ROUNDING) + 1.0, least, 15.0);
}

char *
workbench_axis_label (const double *ticks, guint count, guint index)
{
  const double value = ticks[index], size = fabs (value);

  if (size >= 1e6)
    return g_strdup_printf ("%.*gM", digits_of (ticks, count, index, 3), value * 1e-6);
  if (size >= 1e4)
    return g_strdup_printf ("%.*gk", digits_of (ticks, count, index, 3), value * 1e-3);
  return g_strdup_printf ("%.*g", digits_of (ticks, count, index, 4), value);
}
