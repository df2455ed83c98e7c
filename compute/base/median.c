/* median.c: sorted, the one in the middle. */
#include "median.h"

#include <math.h>
#include <stdlib.h>

int
dfkd_compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

double
dfkd_median (double *values, gsize count)
{
  if (count == 0)
    return (double) NAN;
  qsort (values, count, sizeof *values, dfkd_compare_doubles);
  return count % 2 == 1 ? values[count / 2] : 0.5 * (values[count / 2 - 1] + values[count / 2]);
}
