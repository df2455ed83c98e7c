/* workbench-clock.c: clocks of a run by name and value. */
#include "workbench-clock.h"

#include <glib/gi18n.h>

const char *
workbench_clock_name (WorkbenchClock clock)
{
  static const char *const names[WORKBENCH_N_CLOCKS] = {
    NULL,
    N_ ("time of synthesis (s)"),
    N_ ("time of distillation (s)"),
    N_ ("time of evaluation (s)"),
    N_ ("time of showing (s)"),
    N_ ("time of everything (s)"),
  };

  return clock == WORKBENCH_CLOCK_STEP ? NULL : _(names[clock]);
}

void
workbench_clock_fill (const DfkdScalar *scalar, double x[WORKBENCH_N_CLOCKS])
{
  x[WORKBENCH_CLOCK_STEP] = (double) scalar->step;
  x[WORKBENCH_CLOCK_SYNTHESISE] = scalar->clocks.generate;
  x[WORKBENCH_CLOCK_DISTIL] = scalar->clocks.distil;
  x[WORKBENCH_CLOCK_EVALUATE] = scalar->clocks.evaluate;
  x[WORKBENCH_CLOCK_SHOW] = scalar->clocks.show;
  x[WORKBENCH_CLOCK_TOTAL] = scalar->clocks.total;
}
