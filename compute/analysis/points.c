/* points.c: which points count, loops on the caller's threads, and stopping. */
#include "points-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>
#include <math.h>

gboolean
dfkd_points_check (gsize n, gsize n_features, GError **error)
{
  gsize count;

  if (n_features >= 1 && n_features <= DFKD_MAX_FEATURES && n <= DFKD_MAX_POINTS && dfkd_size_multiply (n, n_features, &count)
      && count <= G_MAXSSIZE / sizeof (double))
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
               _("%zu points of %zu features cannot be analysed"), n, n_features);
  return FALSE;
}

gsize
dfkd_points_finite (const float *rows, gsize n, gsize n_features, guint32 *kept)
{
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    {
      const float *row = rows + i * n_features;
      gsize bad = 0;

      for (gsize f = 0; f < n_features; f++)
        bad += !isfinite (row[f]);
      if (bad == 0)
        kept[count++] = (guint32) i;
    }
  return count;
}

void
dfkd_work_over (DfkdThreadPool *pool, gsize count, DfkdTask task, gpointer data)
{
  if (pool != NULL)
    dfkd_thread_pool_run (pool, count, task, data);
  else
    for (gsize i = 0; i < count; i++)
      task (data, i);
}

gboolean
dfkd_work_is_unwanted (const gint *stop)
{
  return stop != NULL && g_atomic_int_get (stop) != 0;
}

gboolean
dfkd_work_stopped (const gint *stop, GError **error)
{
  if (!dfkd_work_is_unwanted (stop))
    return FALSE;
  g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_CANCELLED, _("stopped"));
  return TRUE;
}
