/* workbench-clock.h: what curves may be drawn over. Two runs are only ever compared on the same one. */
#pragma once

#include "dfkd.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  WORKBENCH_CLOCK_STEP, /* of its own kind: inner steps, student steps, syntheses */
  WORKBENCH_CLOCK_SYNTHESISE,
  WORKBENCH_CLOCK_DISTIL,
  WORKBENCH_CLOCK_EVALUATE,
  WORKBENCH_CLOCK_SHOW,
  WORKBENCH_CLOCK_TOTAL, /* all four */
  WORKBENCH_N_CLOCKS
} WorkbenchClock;

/** workbench_clock_name: "time of synthesis (s)" …, translated, for an axis; NULL for STEP, whose name the curve knows. */
const char *workbench_clock_name (WorkbenchClock clock);

/** workbench_clock_list: "over steps", "over synthesis time" …, translated, in the order of WorkbenchClock, to choose from. (transfer full) */
GtkStringList *workbench_clock_list (void);

/** workbench_clock_fill: @x by clock. */
void workbench_clock_fill (const DfkdClocks *clocks, double step, double x[WORKBENCH_N_CLOCKS]);

G_END_DECLS
