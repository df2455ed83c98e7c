/* t-sne-neighbours.c: lists of nearest neighbours, kept while points come and go. */
#include "t-sne-private.h"

#include "points-private.h"

#include <math.h>
#include <string.h>

typedef struct {
  guint32 queries[DFKD_QUERIES];
  guint n;
  gsize start; /* in the queue */
  gboolean is_done;
} Block;

typedef struct {
  DfkdTSne *t;
  Block *blocks;
  const gint *stop;
} Work;

/* how many others there are among the first @known points */
static gsize
others_among (gsize known, gsize self)
{
  return known - (self < known ? 1 : 0);
}

/* What a list that is cut short does not hold is no nearer than its last: nothing farther may be appended. */
static void
merge (DfkdTSne *t, guint32 self, const DfkdNear *found, guint n_found)
{
  DfkdMapPoint *point = &t->points[self];
  DfkdNear *list = t->near + (gsize) self * t->capacity;
  gboolean is_whole = point->n == others_among (point->known, self);
  double limit = is_whole ? INFINITY : list[point->n - 1].square;
  g_autofree DfkdNear *merged = g_new (DfkdNear, t->capacity);
  guint a = 0, b = 0, n = 0;

  while (n < t->capacity)
    {
      gboolean has_new = b < n_found && found[b].square < limit;

      if (a < point->n && (!has_new || list[a].square <= found[b].square))
        merged[n++] = list[a++];
      else if (has_new)
        {
          point->is_stale = point->is_stale || n < t->wanted;
          merged[n++] = found[b++];
        }
      else
        break;
    }
  memcpy (list, merged, n * sizeof (DfkdNear));
  point->n = n;
  point->known = t->n;
}

static void
block_task (gpointer data, gsize index)
{
  const Work *w = data;
  DfkdTSne *t = w->t;
  Block *block = &w->blocks[index];
  g_autofree DfkdNear *near = g_new (DfkdNear, (gsize) block->n * t->capacity);
  guint found[DFKD_QUERIES];

  block->is_done = dfkd_point_set_nearest (&t->set, block->queries, block->n, t->points[block->queries[0]].known, t->n, t->capacity,
                                           near, found, w->stop);
  for (guint q = 0; q < block->n && block->is_done; q++)
    merge (t, block->queries[q], near + (gsize) q * t->capacity, found[q]);
}

static int
by_known (gconstpointer a, gconstpointer b, gpointer data)
{
  const DfkdTSne *t = data;
  guint32 i = *(const guint32 *) a, j = *(const guint32 *) b;

  if (t->points[i].known != t->points[j].known)
    return t->points[i].known < t->points[j].known ? -1 : 1;
  return i < j ? -1 : 1;
}

static gboolean
begin (DfkdTSne *t, GError **error)
{
  if (!dfkd_point_set_init (&t->set, t->rows, t->n, t->settings.n_features, error))
    return FALSE;
  t->has_set = TRUE;
  t->queue = g_new (guint32, t->n);
  t->n_queue = t->next = 0;
  for (gsize i = 0; i < t->n; i++)
    if (t->points[i].known < t->n)
      t->queue[t->n_queue++] = (guint32) i;
  if (t->n_queue > 0)
    g_qsort_with_data (t->queue, (gint) t->n_queue, sizeof (guint32), by_known, t);
  return TRUE;
}

/* the next points that know equally much; FALSE when there is none */
static gboolean
next_block (DfkdTSne *t, Block *block)
{
  for (block->n = 0; t->next < t->n_queue && block->n < DFKD_QUERIES; t->next++)
    {
      guint32 i = t->queue[t->next];

      if (t->points[i].known == t->n) /* of a block that was done before another one was stopped */
        continue;
      if (block->n > 0 && t->points[i].known != t->points[block->queries[0]].known)
        break;
      if (block->n == 0)
        block->start = t->next;
      block->queries[block->n++] = i;
    }
  return block->n > 0;
}

gboolean
dfkd_t_sne_find_neighbours (DfkdTSne *t, const gint *stop, GError **error)
{
  guint threads = t->pool != NULL ? dfkd_thread_pool_get_threads (t->pool) : 1, n = 0;
  g_autofree Block *blocks = g_new (Block, threads);
  Work work = { t, blocks, stop };

  if (!t->has_set && !begin (t, error))
    return FALSE;
  while (n < threads && next_block (t, &blocks[n]))
    n++;
  if (n == 0)
    {
      dfkd_point_set_clear (&t->set);
      t->has_set = FALSE;
      g_clear_pointer (&t->queue, g_free);
      t->stage = DFKD_T_SNE_AFFINITIES;
      return TRUE;
    }
  dfkd_work_over (t->pool, n, block_task, &work);
  for (guint i = n; i-- > 0;)
    if (!blocks[i].is_done)
      t->next = blocks[i].start;
  return !dfkd_work_stopped (stop, error);
}

void
dfkd_t_sne_forget (DfkdTSne *t, const gboolean *gone, const guint32 *index)
{
  g_autofree gsize *gone_before = g_new (gsize, t->n + 1);

  gone_before[0] = 0;
  for (gsize i = 0; i < t->n; i++)
    gone_before[i + 1] = gone_before[i] + (gone[i] ? 1 : 0);
  for (gsize i = 0; i < t->n; i++)
    {
      DfkdMapPoint *point = &t->points[i];
      DfkdNear *list = t->near + i * t->capacity;
      guint n = 0;

      for (guint j = 0; j < point->n && !gone[i]; j++)
        if (!gone[list[j].index])
          list[n++] = (DfkdNear){ index[list[j].index], list[j].square };
        else
          point->is_stale = point->is_stale || j < t->wanted;
      point->n = n;
      point->known -= gone_before[point->known];
      if (n < MIN (t->wanted, others_among (point->known, index[i])))
        {
          point->known = 0; /* too few are left: it looks again */
          point->n = 0;
          point->is_stale = TRUE;
        }
    }
}
