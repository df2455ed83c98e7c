/* percentiles.h: quantiles of float arrays, and from them ranges that a few wild values do not stretch.
 *
 * O(n) for every quantile whatever the values, by counting the digits of their bit patterns; no memory, no order changed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * dfkd_percentiles:
 * @shares: of the values that lie below each quantile wanted, 0 … 1: 0.5 is the median
 * @quantiles: (out): one for each share, linear between neighbours (type 7 of Hyndman and Fan 1996); NaN when no value counts
 *
 * NaN does not count; infinities do.
 *
 * Returns: how many values count
 */
gsize dfkd_percentiles (const float *values, gsize n, const double *shares, guint n_shares, float *quantiles);

/**
 * dfkd_robust_range:
 * @cut: share of the values that may lie below @least, and as many above @greatest: 0 … 0.5; 0 is the whole range
 *
 * Only finite values count.
 *
 * Returns: FALSE when there is none; @least and @greatest are then left alone
 */
gboolean dfkd_robust_range (const float *values, gsize n, double cut, float *least, float *greatest);

G_END_DECLS
