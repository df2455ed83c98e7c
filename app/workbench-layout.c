/* workbench-layout.c: the object of the main thread: hands over points, and keeps the newest places. */
#include "workbench-layout-private.h"

#include <math.h>
#include <string.h>

struct _WorkbenchLayout
{
  GObject parent_instance;

  WorkbenchPoints *points;
  WorkbenchLayoutShared *shared;
  WorkbenchLayoutResult *result;
  WorkbenchLayoutProgress progress;
  double kept;
  char *problem;
  gboolean paused, waiting; /* waiting: points came or went during the pause */
  gboolean empty;           /* there are too few points to be laid out */
};

G_DEFINE_FINAL_TYPE (WorkbenchLayout, workbench_layout, G_TYPE_OBJECT)

enum {
  CHANGED,
  JUDGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

gboolean
workbench_layout_fetch (gpointer data)
{
  WorkbenchLayoutShared *shared = data;
  g_autoptr (WorkbenchLayout) self = g_weak_ref_get (&shared->object);
  WorkbenchLayoutResult *result;
  gboolean judged;

  if (self == NULL)
    return G_SOURCE_REMOVE;
  g_mutex_lock (&shared->lock);
  shared->posted = FALSE;
  result = g_steal_pointer (&shared->result);
  judged = shared->judged;
  shared->judged = FALSE;
  self->kept = shared->kept;
  self->progress = shared->progress;
  g_free (self->problem);
  self->problem = g_strdup (shared->problem);
  g_mutex_unlock (&shared->lock);
  if (self->empty) /* of points that have gone meanwhile */
    g_clear_pointer (&result, workbench_layout_result_free);
  if (result != NULL)
    {
      workbench_layout_result_free (self->result);
      self->result = result;
    }
  if (result != NULL || self->problem != NULL)
    g_signal_emit (self, signals[CHANGED], 0);
  if (judged)
    g_signal_emit (self, signals[JUDGED], 0);
  return G_SOURCE_REMOVE;
}

/* there is nothing to lay out any more */
static void
forget (WorkbenchLayout *self)
{
  g_mutex_lock (&self->shared->lock);
  g_clear_pointer (&self->shared->job, workbench_layout_job_free);
  g_mutex_unlock (&self->shared->lock);
  self->waiting = FALSE;
  self->kept = (double) NAN;
  if (self->result == NULL)
    return;
  g_clear_pointer (&self->result, workbench_layout_result_free);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_points (WorkbenchPoints *points, WorkbenchLayout *self)
{
  WorkbenchLayoutShared *shared = self->shared;
  WorkbenchLayoutJob *job;

  self->empty = workbench_points_get_count (points) < 2;
  if (self->empty)
    {
      forget (self);
      return;
    }
  self->waiting = self->paused;
  if (self->paused)
    return;
  job = g_new (WorkbenchLayoutJob, 1);
  job->n = workbench_points_get_count (points);
  job->n_features = workbench_points_get_features (points);
  job->ids = g_memdup2 (workbench_points_get_ids (points), job->n * sizeof (guint64));
  job->rows = g_memdup2 (workbench_points_get_rows (points), job->n * job->n_features * sizeof (float));
  g_mutex_lock (&shared->lock);
  workbench_layout_job_free (shared->job);
  shared->job = job;
  g_atomic_int_set (&shared->newer, 1);
  g_cond_signal (&shared->wake);
  g_mutex_unlock (&shared->lock);
}

void
workbench_layout_set_paused (WorkbenchLayout *self, gboolean paused)
{
  if (paused == self->paused)
    return;
  self->paused = paused;
  g_mutex_lock (&self->shared->lock);
  self->shared->paused = paused;
  g_atomic_int_set (&self->shared->newer, 1);
  g_cond_signal (&self->shared->wake);
  g_mutex_unlock (&self->shared->lock);
  if (!paused && self->waiting)
    on_points (self->points, self);
}

gboolean
workbench_layout_get_paused (WorkbenchLayout *self)
{
  return self->paused;
}

WorkbenchLayoutProgress
workbench_layout_get_progress (WorkbenchLayout *self)
{
  return self->progress;
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
  const WorkbenchLayoutResult *r = self->result;

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

  workbench_layout_shared_unref (self->shared);
  workbench_layout_result_free (self->result);
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
  self->shared = g_new0 (WorkbenchLayoutShared, 1);
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
  g_thread_unref (g_thread_new ("workbench-layout", workbench_layout_work, self->shared));
  g_signal_connect (points, "changed", G_CALLBACK (on_points), self);
  on_points (points, self);
  return self;
}
