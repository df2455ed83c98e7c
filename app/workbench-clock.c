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

GtkStringList *
workbench_clock_list (void)
{
  const char *const names[] = { _("over steps"),           _("over synthesis time"), _("over distillation time"),
                                _("over evaluation time"), _("over showing time"),   _("over all time"), NULL };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == WORKBENCH_N_CLOCKS + 1);
  return gtk_string_list_new (names);
}

void
workbench_clock_fill (const DfkdClocks *clocks, double step, double x[WORKBENCH_N_CLOCKS])
{
  x[WORKBENCH_CLOCK_STEP] = step;
  x[WORKBENCH_CLOCK_SYNTHESISE] = clocks->generate;
  x[WORKBENCH_CLOCK_DISTIL] = clocks->distil;
  x[WORKBENCH_CLOCK_EVALUATE] = clocks->evaluate;
  x[WORKBENCH_CLOCK_SHOW] = clocks->show;
  x[WORKBENCH_CLOCK_TOTAL] = clocks->total;
}
