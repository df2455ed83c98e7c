/* workbench-series.h: a growing sequence of values, each at a step and at a time by every clock of the run, with a pyramid of
 * minima and maxima, so that a chart of any width shows every spike without walking over every point. */
#pragma once

#include "workbench-clock.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_SERIES (workbench_series_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchSeries, workbench_series, WORKBENCH, SERIES, GObject)

/** workbench_series_new: @title is translated already. */
WorkbenchSeries *workbench_series_new (const char *title);
const char *workbench_series_get_title (WorkbenchSeries *self);

/** workbench_series_append: none of @x, by clock, may fall; a @y that is not finite is left out. Emits "appended" (index). */
void workbench_series_append (WorkbenchSeries *self, const double x[WORKBENCH_N_CLOCKS], double y);
/** workbench_series_append_step: where there is no other clock, for all points of the series: they say 0. */
void workbench_series_append_step (WorkbenchSeries *self, double step, double y);
void workbench_series_clear (WorkbenchSeries *self);
guint workbench_series_get_length (WorkbenchSeries *self);
double workbench_series_get_x (WorkbenchSeries *self, WorkbenchClock clock, guint index);
double workbench_series_get_y (WorkbenchSeries *self, guint index);

/** workbench_series_find: index of the first point with x ≥ @x; the length if there is none. */
guint workbench_series_find (WorkbenchSeries *self, WorkbenchClock clock, double x);
/** workbench_series_find_from: the same, where it is known not to lie before @from: in O(log distance), for one column of pixels after the other. */
guint workbench_series_find_from (WorkbenchSeries *self, WorkbenchClock clock, double x, guint from);
/** workbench_series_find_column: *found: the x of the first point with x ≥ @from, or of the last with x ≤ @from when going back; FALSE:
 * there is none. */
gboolean workbench_series_find_column (WorkbenchSeries *self, WorkbenchClock clock, double from, gboolean forward, double *found);

/** workbench_series_range: least and greatest y of the points first … end − 1, in O(log n); FALSE when empty. */
gboolean workbench_series_range (WorkbenchSeries *self, guint first, guint end, double *minimum, double *maximum);
/** workbench_series_positive_range: the same over those y that are greater than 0, as a logarithmic axis shows them; FALSE: there is none. */
gboolean workbench_series_positive_range (WorkbenchSeries *self, guint first, guint end, double *minimum, double *maximum);

G_END_DECLS
