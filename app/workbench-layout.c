/* workbench-layout.c: a thread that takes the newest points and gives the newest places. */
#include "workbench-layout.h"

#include <math.h>
#include <string.h>
#include <sys/resource.h>

enum {
  NICE = 10,             /* below the trainer */
  SETTLED = 750,         /* iterations of t-SNE after the last change */
  JUDGED_AT_MOST = 8000, /* points, evenly chosen, by which a map is judged */
};

static const double SLICE = 0.04; /* seconds of t-SNE between two layouts at least */
static const double PERPLEXITY = 30.0;

/* what goes to the thread, and what comes back */
typedef struct {
  guint64 *ids;
  float *rows;
  gsize n, n_features;
} Job;

typedef struct {
  guint64 *ids;
  float *places;
  gsize n, n_features;
  double explained;
  float *mean, *axes; /* principal components, aligned: place = axes · (x − mean) + shift; NULL for t-SNE */
  float shift[3];
} Result;

/* shared by the object and its thread: the last one frees it */
typedef struct {
  gatomicrefcount references;
  GMutex lock;
  GCond wake;
  gint stop;      /* atomically */
  gint newer;     /* atomically: a job waits, what is going on may be cut short */
  Job *job;
  Result *result; /* not fetched yet */
  double kept;
  gboolean judged; /* not fetched yet */
  char *problem;
  GWeakRef object;
  gboolean posted; /* an idle callback is on its way */
  WorkbenchProjection projection;
  guint dimensions;
} Shared;

struct _WorkbenchLayout
{
  GObject parent_instance;

  WorkbenchPoints *points;
  Shared *shared;
  Result *result;
  double kept;
  char *problem;
};

G_DEFINE_FINAL_TYPE (WorkbenchLayout, workbench_layout, G_TYPE_OBJECT)

enum {
  CHANGED,
  JUDGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
free_job (Job *job)
{
  if (job == NULL)
    return;
  g_free (job->ids);
  g_free (job->rows);
  g_free (job);
}

static void
free_result (Result *result)
{
  if (result == NULL)
    return;
  g_free (result->ids);
  g_free (result->places);
  g_free (result->mean);
  g_free (result->axes);
  g_free (result);
}

static void
unref_shared (gpointer data)
{
  Shared *shared = data;

  if (!g_atomic_ref_count_dec (&shared->references))
    return;
  free_job (shared->job);
  free_result (shared->result);
  g_free (shared->problem);
  g_weak_ref_clear (&shared->object);
  g_mutex_clear (&shared->lock);
  g_cond_clear (&shared->wake);
  g_free (shared);
}

/* ------------------------------------------------------------------------------------------- on the main thread */

static gboolean
fetch (gpointer data)
{
  Shared *shared = data;
  g_autoptr (WorkbenchLayout) self = g_weak_ref_get (&shared->object);
  Result *result;
  gboolean judged;

  if (self == NULL)
    return G_SOURCE_REMOVE;
  g_mutex_lock (&shared->lock);
  shared->posted = FALSE;
  result = g_steal_pointer (&shared->result);
  judged = shared->judged;
  shared->judged = FALSE;
  self->kept = shared->kept;
  g_free (self->problem);
  self->problem = g_strdup (shared->problem);
  g_mutex_unlock (&shared->lock);
  if (result != NULL)
    {
      free_result (self->result);
      self->result = result;
    }
  if (result != NULL || self->problem != NULL)
    g_signal_emit (self, signals[CHANGED], 0);
  if (judged)
    g_signal_emit (self, signals[JUDGED], 0);
  return G_SOURCE_REMOVE;
}

/* ---------------------------------------------------------------------------------------------- on the thread */

/* with the lock */
static void
post (Shared *shared)
{
  if (shared->posted)
    return;
  shared->posted = TRUE;
  g_atomic_ref_count_inc (&shared->references);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, fetch, shared, unref_shared);
}

static void
publish (Shared *shared, Result *result)
{
  g_mutex_lock (&shared->lock);
  free_result (shared->result);
  shared->result = result;
  g_clear_pointer (&shared->problem, g_free);
  post (shared);
  g_mutex_unlock (&shared->lock);
}

static void
complain (Shared *shared, const GError *error)
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
drop_placeless (Result *r, guint dimensions)
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
judge (Shared *shared, const Job *job, const Result *r)
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

static Result *
copy_result (const Result *r, guint dimensions)
{
  Result *copy = g_memdup2 (r, sizeof *r);

  copy->ids = g_memdup2 (r->ids, r->n * sizeof (guint64));
  copy->places = g_memdup2 (r->places, r->n * dimensions * sizeof (float));
  copy->mean = copy->axes = NULL;
  return copy;
}

/* turned and moved so that it lies over @former, which is replaced */
static void
align (Shared *shared, Result *r, Result **former)
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
  free_result (*former);
  *former = copy_result (r, d);
}

static Result *
result_of (const Job *job)
{
  Result *r = g_new0 (Result, 1);

  r->ids = g_memdup2 (job->ids, job->n * sizeof (guint64));
  r->n = job->n;
  r->n_features = job->n_features;
  r->explained = (double) NAN;
  return r;
}

static DfkdPrincipalComponents *
components_of (Shared *shared, const Job *job)
{
  g_autoptr (GError) error = NULL;
  DfkdPrincipalComponents *components = dfkd_principal_components_new (job->rows, job->n, job->n_features, shared->dimensions, NULL, &shared->stop, &error);

  if (components == NULL)
    complain (shared, error);
  return components;
}

static void
lay_out_components (Shared *shared, const Job *job, Result **former)
{
  g_autoptr (DfkdPrincipalComponents) components = components_of (shared, job);
  gsize d = shared->dimensions;
  double explained = 0.0;
  Result *r;

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
  publish (shared, r);
  judge (shared, job, *former);
}

/* ------------------------------------------------------------------------------------------------------- t-SNE */

/* the points of @job come, those that are not in it go */
static gboolean
update (Shared *shared, DfkdTSne *t, const Job *job, GError **error)
{
  gsize count = dfkd_t_sne_count (t), n_new = 0, n_gone = 0;
  g_autofree guint64 *known = g_memdup2 (dfkd_t_sne_ids (t), MAX (count, 1) * sizeof (guint64)), *gone = g_new (guint64, MAX (count, 1));
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

static void
lay_out_t_sne (Shared *shared, const Job *job, DfkdTSne **t, Result **former)
{
  g_autoptr (GError) error = NULL;

  if (*t == NULL)
    {
      DfkdTSneSettings settings;

      dfkd_t_sne_settings_init (&settings, shared->dimensions, job->n_features);
      settings.perplexity = PERPLEXITY;
      *t = dfkd_t_sne_new (&settings, NULL, &error);
    }
  if (*t == NULL || !update (shared, *t, job, &error))
    {
      complain (shared, error);
      return;
    }
  for (guint done = 0; done < SETTLED && !g_atomic_int_get (&shared->newer); done += 10)
    {
      gint64 began = g_get_monotonic_time ();
      Result *r;

      do
        if (!dfkd_t_sne_advance (*t, 10, SLICE, &shared->newer, &error))
          {
            complain (shared, error);
            return;
          }
      while ((double) (g_get_monotonic_time () - began) * 1e-6 < SLICE && (done += 10) < SETTLED && !g_atomic_int_get (&shared->newer));
      r = result_of (job);
      g_free (r->ids);
      r->n = dfkd_t_sne_count (*t);
      r->ids = g_memdup2 (dfkd_t_sne_ids (*t), MAX (r->n, 1) * sizeof (guint64));
      r->places = g_new (float, MAX (r->n, 1) * shared->dimensions);
      dfkd_t_sne_read (*t, r->places);
      drop_placeless (r, shared->dimensions);
      free_result (*former);
      *former = copy_result (r, shared->dimensions);
      publish (shared, r);
    }
  if (*former != NULL)
    judge (shared, job, *former);
}

static gpointer
work (gpointer data)
{
  Shared *shared = data;
  Result *former = NULL;
  DfkdTSne *t = NULL;

  setpriority (PRIO_PROCESS, 0, NICE); /* of this thread, on Linux */
  while (!g_atomic_int_get (&shared->stop))
    {
      Job *job;

      g_mutex_lock (&shared->lock);
      while (shared->job == NULL && !g_atomic_int_get (&shared->stop))
        g_cond_wait (&shared->wake, &shared->lock);
      job = g_steal_pointer (&shared->job);
      g_atomic_int_set (&shared->newer, g_atomic_int_get (&shared->stop));
      g_mutex_unlock (&shared->lock);
      if (job != NULL && shared->projection == WORKBENCH_PROJECTION_PCA)
        lay_out_components (shared, job, &former);
      else if (job != NULL)
        lay_out_t_sne (shared, job, &t, &former);
      free_job (job);
    }
  dfkd_t_sne_free (t);
  free_result (former);
  unref_shared (shared);
  return NULL;
}

/* ------------------------------------------------------------------------------------------------ from outside */

static void
on_points (WorkbenchPoints *points, WorkbenchLayout *self)
{
  Shared *shared = self->shared;
  Job *job;

  if (workbench_points_get_count (points) < 2)
    return;
  job = g_new (Job, 1);
  job->n = workbench_points_get_count (points);
  job->n_features = workbench_points_get_features (points);
  job->ids = g_memdup2 (workbench_points_get_ids (points), job->n * sizeof (guint64));
  job->rows = g_memdup2 (workbench_points_get_rows (points), job->n * job->n_features * sizeof (float));
  g_mutex_lock (&shared->lock);
  free_job (shared->job);
  shared->job = job;
  g_atomic_int_set (&shared->newer, 1);
  g_cond_signal (&shared->wake);
  g_mutex_unlock (&shared->lock);
}

void
workbench_layout_stop (WorkbenchLayout *self)
{
  if (self->points != NULL)
    g_signal_handlers_disconnect_by_data (self->points, self);
  g_mutex_lock (&self->shared->lock);
  g_atomic_int_set (&self->shared->stop, 1);
  g_atomic_int_set (&self->shared->newer, 1);
  g_cond_signal (&self->shared->wake);
  g_mutex_unlock (&self->shared->lock);
}

guint
workbench_layout_get_dimensions (WorkbenchLayout *self)
{
  return self->shared->dimensions;
}

gsize
workbench_layout_get_count (WorkbenchLayout *self)
{
  return self->result != NULL ? self->result->n : 0;
}

const guint64 *
workbench_layout_get_ids (WorkbenchLayout *self)
{
  return self->result != NULL ? self->result->ids : NULL;
}

const float *
workbench_layout_get_places (WorkbenchLayout *self)
{
  return self->result != NULL ? self->result->places : NULL;
}

double
workbench_layout_get_kept (WorkbenchLayout *self)
{
  return self->kept;
}

double
workbench_layout_get_explained (WorkbenchLayout *self)
{
  return self->result != NULL ? self->result->explained : (double) NAN;
}

const char *
workbench_layout_get_problem (WorkbenchLayout *self)
{
  return self->problem;
}

gboolean
workbench_layout_project (WorkbenchLayout *self, const float *row, float *place)
{
  const Result *r = self->result;

  if (r == NULL || r->axes == NULL)
    return FALSE;
  for (guint i = 0; i < self->shared->dimensions; i++)
    {
      double sum = (double) r->shift[i];

      for (gsize f = 0; f < r->n_features; f++)
        sum += (double) r->axes[i * r->n_features + f] * ((double) row[f] - (double) r->mean[f]);
      place[i] = (float) sum;
    }
  return TRUE;
}

static void
workbench_layout_dispose (GObject *object)
{
  WorkbenchLayout *self = WORKBENCH_LAYOUT (object);

  if (self->points != NULL)
    workbench_layout_stop (self);
  g_clear_object (&self->points);
  G_OBJECT_CLASS (workbench_layout_parent_class)->dispose (object);
}

static void
workbench_layout_finalize (GObject *object)
{
  WorkbenchLayout *self = WORKBENCH_LAYOUT (object);

  unref_shared (self->shared);
  free_result (self->result);
  g_free (self->problem);
  G_OBJECT_CLASS (workbench_layout_parent_class)->finalize (object);
}

static void
workbench_layout_class_init (WorkbenchLayoutClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_layout_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_layout_finalize;
  signals[CHANGED] = g_signal_new ("changed", WORKBENCH_TYPE_LAYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[JUDGED] = g_signal_new ("judged", WORKBENCH_TYPE_LAYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_layout_init (WorkbenchLayout *self)
{
  self->kept = (double) NAN;
  self->shared = g_new0 (Shared, 1);
  g_atomic_ref_count_init (&self->shared->references);
  g_mutex_init (&self->shared->lock);
  g_cond_init (&self->shared->wake);
  g_weak_ref_init (&self->shared->object, self);
  self->shared->kept = (double) NAN;
}

WorkbenchLayout *
workbench_layout_new (WorkbenchPoints *points, WorkbenchProjection projection, guint dimensions)
{
  WorkbenchLayout *self = g_object_new (WORKBENCH_TYPE_LAYOUT, NULL);

  self->points = g_object_ref (points);
  self->shared->projection = projection;
  self->shared->dimensions = dimensions;
  g_atomic_ref_count_inc (&self->shared->references);
  g_thread_unref (g_thread_new ("workbench-layout", work, self->shared));
  g_signal_connect (points, "changed", G_CALLBACK (on_points), self);
  on_points (points, self);
  return self;
}
