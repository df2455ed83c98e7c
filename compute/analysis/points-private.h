/* points-private.h: what the analyses share: which points count, loops on the caller's threads, and stopping.
 *
 * Points are rows of float32, one after the other. A point with a feature that is no finite number is left out. */
#pragma once

#include "thread-pool.h"

#include <glib.h>

G_BEGIN_DECLS

enum {
  DFKD_MAX_FEATURES = 1 << 20,
  DFKD_MAX_POINTS = 1 << 30,
};

/** dfkd_points_check: fewer than the limits above, and memory addresses all of them; else DFKD_ERROR_ARGUMENT. */
gboolean dfkd_points_check (gsize n, gsize n_features, GError **error);

/** dfkd_points_finite: the indices of the points that count, ascending, in @kept (room for @n). Returns: how many */
gsize dfkd_points_finite (const float *rows, gsize n, gsize n_features, guint32 *kept);

/** dfkd_work_over: @task for 0 … @count − 1, on the threads of @pool or, when it is NULL, on the calling one. */
void dfkd_work_over (DfkdThreadPool *pool, gsize count, DfkdTask task, gpointer data);

/** dfkd_work_is_unwanted: whether the flag @stop (nullable) is raised. */
gboolean dfkd_work_is_unwanted (const gint *stop);

/** dfkd_work_stopped: the same, said as DFKD_ERROR_CANCELLED. */
gboolean dfkd_work_stopped (const gint *stop, GError **error);

G_END_DECLS
