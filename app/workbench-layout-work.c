/* workbench-layout-work.c: the thread that takes the newest points and gives the newest places. */
#include "workbench-layout-private.h"

#include "workbench-job.h"

#include <math.h>
#include <string.h>

enum {
  SETTLED = 750,         /* iterations of t-SNE after the last change */
  JUDGED_AT_MOST = 2000, /* points, evenly chosen, by which a map is judged */
};

static const double SLICE = 0.04; /* seconds of t-SNE between two layouts at least */
static const double PERPLEXITY = 30.0;

void
workbench_layout_job_free (WorkbenchLayoutJob *job)
{
  if (job == NULL)
    return;
  g_free (job->ids);
  g_free (job->rows);
  g_free (job);
}

void
workbench_layout_result_free (WorkbenchLayoutResult *result)
{
  if (result == NULL)
    return;
  g_free (result->ids);
  g_free (result->places);
  g_free (result->mean);
  g_free (result->axes);
  g_free (result);
}

void
workbench_layout_shared_unref (gpointer data)
{
  WorkbenchLayoutShared *shared = data;

  if (!g_atomic_ref_count_dec (&shared->references))
    return;
  workbench_layout_job_free (shared->job);
  workbench_layout_result_free (shared->result);
  g_free (shared->problem);
  g_weak_ref_clear (&shared->object);
  g_mutex_clear (&shared->lock);
  g_cond_clear (&shared->wake);
  g_free (shared);
}

/* -------------------------------------------------------------------------------------------------- what is told */

/* with the lock */
static void
post (WorkbenchLayoutShared *shared)
{
  if (shared->posted)
    return;
  shared->posted = TRUE;
  g_atomic_ref_count_inc (&shared->references);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, workbench_layout_fetch, shared, workbench_layout_shared_unref);
}

static void
publish (WorkbenchLayoutShared *shared, WorkbenchLayoutResult *result, WorkbenchLayoutProgress progress)
{
  g_mutex_lock (&shared->lock);
  workbench_layout_result_free (shared->result);
  shared->result = result;
  shared->progress = progress;
  g_clear_pointer (&shared->problem, g_free);
  post (shared);
  g_mutex_unlock (&shared->lock);
}

static void
complain (WorkbenchLayoutShared *shared, const GError *error)
{
  if (g_error_matches (error, DFKD_ERROR, DFKD_ERROR_CANCELLED))
    return;
  g_mutex_lock (&shared->lock);
  g_free (shared->problem);
  shared->problem = g_strdup (error->message);
  post (shared);
  g_mutex_unlock (&shared->lock);
}

/* points without a place (a feature of theirs is no finite number) go */
static void
drop_placeless (WorkbenchLayoutResult *r, guint dimensions)
{
  gsize kept = 0;

  for (gsize i = 0; i < r->n; i++)
    {
      gboolean fine = TRUE;

      for (guint d = 0; d < dimensions; d++)
        fine = fine && isfinite (r->places[i * dimensions + d]);
      if (!fine)
        continue;
      r->ids[kept] = r->ids[i];
      memmove (r->places + kept * dimensions, r->places + i * dimensions, dimensions * sizeof (float));
      kept++;
    }
  r->n = kept;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return x < y ? -1 : x > y;
}

/* how well the places of @r keep the neighbours that @job's points have */
static void
judge (WorkbenchLayoutShared *shared, const WorkbenchLayoutJob *job, const WorkbenchLayoutResult *r)
{
  gsize step = (r->n + JUDGED_AT_MOST - 1) / JUDGED_AT_MOST, n = 0, dimensions = shared->dimensions;
  g_autofree float *rows = NULL, *places = NULL;
  g_autoptr (DfkdPreservation) preservation = NULL;

  if (r->n < 3)
    return;
  rows = g_new (float, (r->n / step + 1) * job->n_features);
  places = g_new (float, (r->n / step + 1) * dimensions);
  for (gsize i = 0; i < r->n; i += step)
    {
      const guint64 *found = bsearch (&r->ids[i], job->ids, job->n, sizeof (guint64), compare_ids);
      gsize at = found != NULL ? (gsize) (found - job->ids) : job->n;

      if (found == NULL)
        continue;
      memcpy (rows + n * job->n_features, job->rows + at * job->n_features, job->n_features * sizeof (float));
      memcpy (places + n * dimensions, r->places + i * dimensions, dimensions * sizeof (float));
      n++;
    }
  preservation = dfkd_preservation_new (rows, job->n_features, places, dimensions, n, WORKBENCH_KEPT_NEIGHBOURS, NULL, &shared->stop, NULL);
  if (preservation == NULL)
    return;
  g_mutex_lock (&shared->lock);
  shared->kept = preservation->mean_kept;
  shared->judged = TRUE;
  post (shared);
  g_mutex_unlock (&shared->lock);
}

static WorkbenchLayoutResult *
copy_result (const WorkbenchLayoutResult *r, guint dimensions)
{
  WorkbenchLayoutResult *copy = g_memdup2 (r, sizeof *r);

  copy->ids = g_memdup2 (r->ids, r->n * sizeof (guint64));
  copy->places = g_memdup2 (r->places, r->n * dimensions * sizeof (float));
  copy->mean = copy->axes = NULL;
  return copy;
}

/* turned and moved so that it lies over @former, which is replaced */
static void
align (WorkbenchLayoutShared *shared, WorkbenchLayoutResult *r, WorkbenchLayoutResult **former)
{
  DfkdAlignment alignment;
  guint d = shared->dimensions;
  DfkdLayout now = { r->ids, r->places, r->n };

  if (*former != NULL)
    {
      DfkdLayout before = { (*former)->ids, (*former)->places, (*former)->n };

      if (dfkd_alignment_fit (&alignment, d, &now, &before, DFKD_ALIGNMENT_REFLECTION, NULL) && alignment.n_common > d)
        {
          dfkd_alignment_apply (&alignment, r->places, r->n);
          if (r->axes != NULL)
            {
              g_autofree float *axes = g_new0 (float, d * r->n_features);

              for (guint i = 0; i < d; i++)
                {
                  double shift = alignment.to[i];

                  for (guint j = 0; j < d; j++)
                    {
                      shift -= alignment.rotation[i * d + j] * alignment.from[j];
                      for (gsize f = 0; f < r->n_features; f++)
                        axes[i * r->n_features + f] += (float) alignment.rotation[i * d + j] * r->axes[j * r->n_features + f];
                    }
                  r->shift[i] = (float) shift;
                }
              g_free (r->axes);
              r->axes = g_steal_pointer (&axes);
            }
        }
    }
  workbench_layout_result_free (*former);
  *former = copy_result (r, d);
}

static WorkbenchLayoutResult *
result_of (const WorkbenchLayoutJob *job)
{
  WorkbenchLayoutResult *r = g_new0 (WorkbenchLayoutResult, 1);

  r->ids = g_memdup2 (job->ids, job->n * sizeof (guint64));
  r->n = job->n;
  r->n_features = job->n_features;
  r->explained = (double) NAN;
  return r;
}

static DfkdPrincipalComponents *
components_of (WorkbenchLayoutShared *shared, const WorkbenchLayoutJob *job)
{
  g_autoptr (GError) error = NULL;
  DfkdPrincipalComponents *components = dfkd_principal_components_new (job->rows, job->n, job->n_features, shared->dimensions, NULL, &shared->stop, &error);

  if (components == NULL)
    complain (shared, error);
  return components;
}

static void
lay_out_components (WorkbenchLayoutShared *shared, const WorkbenchLayoutJob *job, WorkbenchLayoutResult **former)
{
  g_autoptr (DfkdPrincipalComponents) components = components_of (shared, job);
  gsize d = shared->dimensions;
  double explained = 0.0;
  WorkbenchLayoutResult *r;

  if (components == NULL)
    return;
  r = result_of (job);
  r->places = g_memdup2 (components->coordinates, job->n * d * sizeof (float));
  r->mean = g_new (float, job->n_features);
  r->axes = g_new (float, d * job->n_features);
  for (gsize f = 0; f < job->n_features; f++)
    r->mean[f] = (float) components->mean[f];
  for (gsize f = 0; f < d * job->n_features; f++)
    r->axes[f] = (float) components->axes[f];
  for (gsize i = 0; i < d; i++)
    explained += components->variance[i];
  r->explained = components->total_variance > 0.0 ? explained / components->total_variance : (double) NAN;
  drop_placeless (r, shared->dimensions);
  align (shared, r, former);
  publish (shared, r, (WorkbenchLayoutProgress){ 0, 0, 1.0 });
}

/* ------------------------------------------------------------------------------------------------------- t-SNE */

/* the points of @job come, those that are not in it go */
static gboolean
update (WorkbenchLayoutShared *shared, DfkdTSne *t, const WorkbenchLayoutJob *job, GError **error)
{
  gsize count = dfkd_t_sne_count (t), n_new = 0, n_gone = 0;
  g_autofree guint64 *known = count > 0 ? g_memdup2 (dfkd_t_sne_ids (t), count * sizeof (guint64)) : g_new0 (guint64, 1), *gone = g_new (guint64, MAX (count, 1));
  g_autofree guint64 *ids = g_new (guint64, job->n);
  g_autofree float *rows = g_new (float, job->n * job->n_features), *start = NULL;

  for (gsize i = 0; i < count; i++)
    if (bsearch (&known[i], job->ids, job->n, sizeof (guint64), compare_ids) == NULL)
      gone[n_gone++] = known[i];
  qsort (known, count, sizeof (guint64), compare_ids);
  for (gsize i = 0; i < job->n; i++)
    if (bsearch (&job->ids[i], known, count, sizeof (guint64), compare_ids) == NULL)
      {
        ids[n_new] = job->ids[i];
        memcpy (rows + n_new++ * job->n_features, job->rows + i * job->n_features, job->n_features * sizeof (float));
      }
  dfkd_t_sne_drop (t, gone, n_gone);
  if (count == 0)
    {
      g_autoptr (DfkdPrincipalComponents) components = dfkd_principal_components_new (rows, n_new, job->n_features, shared->dimensions, NULL, &shared->stop, error);

      if (components == NULL)
        return FALSE;
      start = g_memdup2 (components->coordinates, n_new * shared->dimensions * sizeof (float));
      dfkd_t_sne_shrink (start, n_new, shared->dimensions);
    }
  return n_new == 0 || dfkd_t_sne_add (t, ids, rows, start, n_new, NULL, error);
}

static DfkdTSne *
new_t_sne (WorkbenchLayoutShared *shared, gsize n_features, GError **error)
{
  DfkdTSneSettings settings;

  dfkd_t_sne_settings_init (&settings, shared->dimensions, n_features);
  settings.perplexity = PERPLEXITY;
  return dfkd_t_sne_new (&settings, NULL, error);
}

/* what the thread keeps from one job to the next */
typedef struct {
  WorkbenchLayoutJob *job;
  WorkbenchLayoutResult *former;
  DfkdTSne *t;
  guint began;           /* iteration of t-SNE in which points last came or went */
  gboolean unjudged;     /* the layout that is published */
  gint64 next_judgement; /* µs, not before */
} Work;

static void
publish_t_sne (WorkbenchLayoutShared *shared, Work *work)
{
  WorkbenchLayoutResult *r = g_new0 (WorkbenchLayoutResult, 1);

  r->n = dfkd_t_sne_count (work->t);
  r->ids = g_memdup2 (dfkd_t_sne_ids (work->t), MAX (r->n, 1) * sizeof (guint64));
  r->places = g_new (float, MAX (r->n, 1) * shared->dimensions);
  r->explained = (double) NAN;
  dfkd_t_sne_read (work->t, r->places);
  drop_placeless (r, shared->dimensions);
  workbench_layout_result_free (work->former);
  work->former = copy_result (r, shared->dimensions);
  publish (shared, r, (WorkbenchLayoutProgress){ dfkd_t_sne_iteration (work->t) - work->began, SETTLED, dfkd_t_sne_readiness (work->t) });
}

static gboolean
take_points (WorkbenchLayoutShared *shared, Work *work, GError **error)
{
  if (work->t == NULL)
    work->t = new_t_sne (shared, work->job->n_features, error);
  if (work->t == NULL || !update (shared, work->t, work->job, error))
    return FALSE;
  work->began = dfkd_t_sne_iteration (work->t);
  return TRUE;
}

/* @fresh: the job is a new one. Returns: whether it was cut short, and is to go on */
static gboolean
lay_out_t_sne (WorkbenchLayoutShared *shared, Work *work, gboolean fresh)
{
  g_autoptr (GError) error = NULL;
  gboolean fine = !fresh || take_points (shared, work, &error);
  guint done;

  while (fine && dfkd_t_sne_count (work->t) > 0 && (done = dfkd_t_sne_iteration (work->t) - work->began) < SETTLED && !g_atomic_int_get (&shared->newer))
    {
      fine = dfkd_t_sne_advance (work->t, SETTLED - done, SLICE, &shared->newer, &error) || g_error_matches (error, DFKD_ERROR, DFKD_ERROR_CANCELLED);
      if (!fine)
        break;
      g_clear_error (&error);
      publish_t_sne (shared, work);
    }
  if (error != NULL)
    complain (shared, error);
  return fine && g_atomic_int_get (&shared->newer);
}

/* To find neighbours takes ten times as long as to lay out: while points come and go, one in so many parts of the time goes there. */
static void
judge_now_and_then (WorkbenchLayoutShared *shared, Work *work)
{
  enum
  {
    PARTS = 20
  };
  gint64 began = g_get_monotonic_time (), now;

  judge (shared, work->job, work->former);
  now = g_get_monotonic_time ();
  work->next_judgement = now + PARTS * (now - began);
}

/* Waits for something to lay out, or for the time to judge. Returns: whether it is the first; with a *job, if that is new */
static gboolean
wait_for_work (WorkbenchLayoutShared *shared, const Work *work, gboolean goes_on, WorkbenchLayoutJob **job)
{
  gboolean lays_out;

  g_mutex_lock (&shared->lock);
  while (!(lays_out = !shared->paused && (shared->job != NULL || goes_on)) && !g_atomic_int_get (&shared->stop)
         && (!work->unjudged || g_get_monotonic_time () < work->next_judgement))
    if (work->unjudged)
      g_cond_wait_until (&shared->wake, &shared->lock, work->next_judgement);
    else
      g_cond_wait (&shared->wake, &shared->lock);
  *job = lays_out ? g_steal_pointer (&shared->job) : NULL;
  if (lays_out)
    g_atomic_int_set (&shared->newer, g_atomic_int_get (&shared->stop));
  g_mutex_unlock (&shared->lock);
  return lays_out;
}

gpointer
workbench_layout_work (gpointer data)
{
  WorkbenchLayoutShared *shared = data;
  Work work = { 0 };
  gboolean goes_on = FALSE;

  workbench_thread_be_idle ();
  while (!g_atomic_int_get (&shared->stop))
    {
      WorkbenchLayoutJob *job;
      const gboolean lays_out = wait_for_work (shared, &work, goes_on, &job);

      if (job != NULL)
        {
          workbench_layout_job_free (work.job);
          work.job = job;
        }
      if (g_atomic_int_get (&shared->stop))
        break;
      if (!lays_out)
        judge_now_and_then (shared, &work);
      else if (shared->projection == WORKBENCH_PROJECTION_T_SNE)
        goes_on = lay_out_t_sne (shared, &work, job != NULL);
      else
        lay_out_components (shared, work.job, &work.former);
      work.unjudged = lays_out && work.former != NULL;
    }
  dfkd_t_sne_free (work.t);
  workbench_layout_result_free (work.former);
  workbench_layout_job_free (work.job);
  workbench_layout_shared_unref (shared);
  return NULL;
}
