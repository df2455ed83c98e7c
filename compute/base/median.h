/* median.h: the middle of measured numbers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** dfkd_compare_doubles: for qsort() and g_array_sort(): ascending; none may be NaN */
int dfkd_compare_doubles (gconstpointer a, gconstpointer b);
/** dfkd_median: sorts @values; the mean of the two in the middle of an even count; NaN of none */
double dfkd_median (double *values, gsize count);

G_END_DECLS
