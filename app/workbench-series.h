/* workbench-series.h: a growing sequence of (x, y) with a pyramid of minima and maxima, so that a chart of any
 * width shows every spike without walking over every point. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WORKBENCH_TYPE_SERIES (workbench_series_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchSeries, workbench_series, WORKBENCH, SERIES, GObject)

/** workbench_series_new: @title is translated already. */
WorkbenchSeries *workbench_series_new (const char *title);
const char *workbench_series_get_title (WorkbenchSeries *self);

/** workbench_series_append: @x must not fall; a @y that is not finite is left out. */
void workbench_series_append (WorkbenchSeries *self, double x, double y);
void workbench_series_clear (WorkbenchSeries *self);
guint workbench_series_get_length (WorkbenchSeries *self);
void workbench_series_get (WorkbenchSeries *self, guint index, double *x, double *y);

/** workbench_series_find: index of the first point with x ≥ @x; the length if there is none. */
guint workbench_series_find (WorkbenchSeries *self, double x);

/** workbench_series_range: least and greatest y of the points first … end − 1, in O(log n); FALSE when empty. */
gboolean workbench_series_range (WorkbenchSeries *self, guint first, guint end, double *minimum, double *maximum);

G_END_DECLS
