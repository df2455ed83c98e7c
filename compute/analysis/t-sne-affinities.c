/* t-sne-affinities.c: how much points mind each other: Gaussians of a width that makes each one's perplexity the one wanted, made
 * symmetric (van der Maaten and Hinton 2008, section 3). */
#include "t-sne-private.h"

#include "errors.h"
#include "points-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
  POINTS = 128, /* a task */
  HALVINGS = 64,
};

static const double CLOSE = 1e-5; /* of entropies, in nats */

/* p of the first @n neighbours. Squared distances count from the nearest, in means of these, so that their size does not matter. */
static void
find_conditional (const DfkdNear *near, guint n, double perplexity, float *p)
{
  double mean = 0.0, precision = 1.0, low = 0.0, high = INFINITY, sum = 0.0;
  g_autofree double *weight = g_new (double, n);

  for (guint j = 0; j < n; j++)
    mean += (near[j].square - near[0].square) / n;
  for (guint round = 0; round < HALVINGS; round++)
    {
      double scaled = 0.0, entropy;

      sum = 0.0;
      for (guint j = 0; j < n; j++)
        {
          double square = mean > 0.0 ? (near[j].square - near[0].square) / mean : 0.0;

          weight[j] = exp (-precision * square);
          sum += weight[j];
          scaled += weight[j] * square;
        }
      entropy = log (sum) + precision * scaled / sum;
      if (mean <= 0.0 || fabs (entropy - log (perplexity)) < CLOSE)
        break;
      if (entropy > log (perplexity))
        low = precision;
      else
        high = precision;
      precision = isinf (high) ? 2.0 * precision : 0.5 * (low + high);
    }
  for (guint j = 0; j < n; j++)
    p[j] = (float) (weight[j] / sum);
}

static void
conditional_task (gpointer data, gsize index)
{
  DfkdTSne *t = data;
  double perplexity = MAX (MIN (t->settings.perplexity, t->used / 3.0), 1.0);

  for (gsize i = index * POINTS; i < MIN ((index + 1) * POINTS, t->n); i++)
    if (t->points[i].is_stale)
      {
        find_conditional (t->near + i * t->capacity, t->used, perplexity, t->conditional + i * t->wanted);
        t->points[i].is_stale = FALSE;
      }
}

/* P row by row: a point's own neighbours, then those that have it for theirs. @given, [starts], and @from: the latter, by row */
static void
symmetrise (DfkdTSne *t, const gsize *starts, const guint32 *given, const float *from)
{
  g_autofree gsize *slots = g_new0 (gsize, t->n); /* of a column in the row at hand, or of an older row */
  float part = (float) (0.5 / (double) t->n);
  gsize end = 0;

  for (gsize i = 0; i < t->n; i++)
    {
      gsize start = end;

      t->starts[i] = start;
      for (guint j = 0; j < t->used; j++, end++)
        {
          t->columns[end] = t->near[i * t->capacity + j].index;
          t->affinities[end] = part * t->conditional[i * t->wanted + j];
          slots[t->columns[end]] = end;
        }
      for (gsize e = starts[i]; e < starts[i + 1]; e++)
        {
          gsize slot = slots[given[e]];

          if (slot >= start && slot < end && t->columns[slot] == given[e])
            t->affinities[slot] += part * from[e];
          else
            {
              t->columns[end] = given[e];
              t->affinities[end++] = part * from[e];
            }
        }
    }
  t->starts[t->n] = end;
}

gboolean
dfkd_t_sne_find_affinities (DfkdTSne *t, GError **error)
{
  guint used = (guint) MIN ((gsize) t->wanted, MAX (t->n, 1) - 1);
  g_autofree gsize *starts = g_new0 (gsize, t->n + 2), *ends = g_new (gsize, t->n + 1);
  gsize count = t->n * used;
  g_autofree guint32 *given = g_try_new (guint32, count);
  g_autofree float *from = g_try_new (float, count);

  if (2 * count > t->room_affinities)
    {
      g_clear_pointer (&t->columns, g_free);
      g_clear_pointer (&t->affinities, g_free);
      t->room_affinities = 0;
      t->columns = g_try_new (guint32, 3 * count);
      t->affinities = g_try_new (float, 3 * count);
      if (t->columns != NULL && t->affinities != NULL)
        t->room_affinities = 3 * count;
    }
  if (2 * count > t->room_affinities || (count > 0 && (given == NULL || from == NULL)))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                   _("there is no memory for the affinities of %zu points"), t->n);
      return FALSE;
    }
  for (gsize i = 0; i < t->n && used != t->used; i++)
    t->points[i].is_stale = TRUE;
  t->used = used;
  if (used > 0)
    dfkd_work_over (t->pool, (t->n + POINTS - 1) / POINTS, conditional_task, t);

  /* the transposed rows, each in the order of its columns */
  for (gsize i = 0; i < t->n; i++)
    for (guint j = 0; j < used; j++)
      starts[t->near[i * t->capacity + j].index + 1]++;
  for (gsize i = 0; i < t->n; i++)
    starts[i + 1] += starts[i];
  memcpy (ends, starts, (t->n + 1) * sizeof (gsize));
  for (gsize i = 0; i < t->n; i++)
    for (guint j = 0; j < used; j++)
      {
        gsize place = ends[t->near[i * t->capacity + j].index]++;

        given[place] = (guint32) i;
        from[place] = t->conditional[i * t->wanted + j];
      }
  symmetrise (t, starts, given, from);
  t->stage = DFKD_T_SNE_DESCENT;
  return TRUE;
}
