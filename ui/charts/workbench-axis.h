/* workbench-axis.h: a range of values, linear or logarithmic, and where its ticks are. Knows no drawing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double minimum, maximum;
  gboolean logarithmic;
} WorkbenchAxis;

enum {
  WORKBENCH_MAX_TICKS = 16, /* of numbers */
};

/** workbench_axis_fit: an axis over @minimum … @maximum with a little room; logarithmic only if all is positive. */
WorkbenchAxis workbench_axis_fit (double minimum, double maximum, gboolean logarithmic);
/** workbench_axis_shows: whether @value has a place, inside of the range or not: it is finite and, on a logarithmic axis, positive. */
gboolean workbench_axis_shows (const WorkbenchAxis *axis, double value);
/** workbench_axis_map: 0 at the minimum, 1 at the maximum; 0 for what has no place. */
double workbench_axis_map (const WorkbenchAxis *axis, double value);
/** workbench_axis_value: the inverse. */
double workbench_axis_value (const WorkbenchAxis *axis, double part);
/** workbench_axis_ticks: round values (1, 2, 5 · 10ⁿ), about @wanted of them, no fewer than two, three if so many are wanted, where
 * numbers are fine enough. Returns: how many */
guint workbench_axis_ticks (const WorkbenchAxis *axis, guint wanted, double ticks[WORKBENCH_MAX_TICKS]);
/** workbench_axis_keep_whole: those of @ticks that are whole numbers, of an axis that counts; all where no two are. Returns: how many are left */
guint workbench_axis_keep_whole (double *ticks, guint count);
/** workbench_axis_label: of one of @ticks: "0.05", "1200", "30k", with as many digits as tell it from the others. Returns: (transfer full) */
char *workbench_axis_label (const double *ticks, guint count, guint index);

G_END_DECLS
