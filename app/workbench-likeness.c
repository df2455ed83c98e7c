/* workbench-likeness.c: one measurement at a time, each by a thread of its own. */
#include "workbench-likeness.h"

#include "workbench-polite-thread.h"

#include <math.h>
#include <string.h>

enum {
  RESTS = 20, /* times as long as a measurement takes */
};

/* shared by the object and a thread: the last one frees it */
typedef struct {
  gatomicrefcount references;
  gint stop; /* atomically */
  float *pool, *test;
  gsize n_pool, n_test, n_features;
  DfkdPrecisionRecall result;
  gboolean fine;
  gint64 took; /* µs */
  GWeakRef object;
} Job;

struct _WorkbenchLikeness
{
  GObject parent_instance;

  WorkbenchPoints *points;
  Job *job; /* under way */
  guint due; /* source: of the next */
  gint64 next; /* not before, on the monotonic clock */
  gboolean changed, known;
  DfkdPrecisionRecall result;
};

G_DEFINE_FINAL_TYPE (WorkbenchLikeness, workbench_likeness, G_TYPE_OBJECT)

enum {
  MEASURED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
job_unref (gpointer data)
{
  Job *job = data;

  if (!g_atomic_ref_count_dec (&job->references))
    return;
  g_weak_ref_clear (&job->object);
  g_free (job->pool);
  g_free (job->test);
  g_free (job);
}

static void order (WorkbenchLikeness *self);

static gboolean
fetch (gpointer data)
{
  Job *job = data;
  g_autoptr (WorkbenchLikeness) self = g_weak_ref_get (&job->object);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  self->known = job->fine && !isnan (job->result.precision);
  self->result = job->result;
  self->next = g_get_monotonic_time () + RESTS * job->took;
  g_clear_pointer (&self->job, job_unref);
  g_signal_emit (self, signals[MEASURED], 0);
  if (self->changed)
    order (self);
  return G_SOURCE_REMOVE;
}

static gpointer
work (gpointer data)
{
  Job *job = data;
  const gint64 began = g_get_monotonic_time ();

  workbench_thread_be_polite ();
  job->fine = dfkd_precision_recall (job->test, job->n_test, job->pool, job->n_pool, job->n_features, WORKBENCH_LIKENESS_NEIGHBOURS, &job->stop,
                                     NULL, &job->result, NULL);
  job->took = g_get_monotonic_time () - began;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, fetch, job, job_unref);
  return NULL;
}

/* one of each of @wanted equal parts of the pool */
static Job *
new_job (WorkbenchLikeness *self, gsize n_pool, gsize n_test)
{
  const float *rows = workbench_points_get_rows (self->points);
  const gsize d = workbench_points_get_features (self->points), wanted = MIN (n_pool, n_test);
  Job *job = g_new0 (Job, 1);

  g_atomic_ref_count_init (&job->references);
  g_weak_ref_init (&job->object, self);
  job->n_pool = wanted;
  job->n_test = n_test;
  job->n_features = d;
  job->pool = g_new (float, wanted * d);
  for (gsize i = 0; i < wanted; i++)
    memcpy (job->pool + i * d, rows + i * n_pool / wanted * d, d * sizeof (float));
  job->test = g_memdup2 (rows + n_pool * d, n_test * d * sizeof (float));
  return job;
}

static void
begin (WorkbenchLikeness *self)
{
  const gsize n_test = workbench_points_get_test_count (self->points), n_pool = workbench_points_get_count (self->points) - n_test;

  self->changed = FALSE;
  if (n_test <= WORKBENCH_LIKENESS_NEIGHBOURS || n_pool <= WORKBENCH_LIKENESS_NEIGHBOURS)
    {
      self->known = FALSE;
      return;
    }
  self->job = new_job (self, n_pool, n_test);
  g_atomic_ref_count_inc (&self->job->references);
  g_thread_unref (g_thread_new ("workbench-likeness", work, self->job));
}

static gboolean
on_due (gpointer data)
{
  WorkbenchLikeness *self = data;

  self->due = 0;
  begin (self);
  return G_SOURCE_REMOVE;
}

/* measures as soon as it may */
static void
order (WorkbenchLikeness *self)
{
  const gint64 wait = (self->next - g_get_monotonic_time ()) / 1000;

  self->changed = TRUE;
  if (self->job == NULL && self->due == 0)
    self->due = g_timeout_add ((guint) MAX (wait, 0), on_due, self);
}

static void
on_points (WorkbenchPoints *points, WorkbenchLikeness *self)
{
  order (self);
}

const DfkdPrecisionRecall *
workbench_likeness_get (WorkbenchLikeness *self)
{
  return self->known ? &self->result : NULL;
}

static void
workbench_likeness_dispose (GObject *object)
{
  WorkbenchLikeness *self = WORKBENCH_LIKENESS (object);

  if (self->points != NULL)
    g_signal_handlers_disconnect_by_data (self->points, self);
  g_clear_object (&self->points);
  g_clear_handle_id (&self->due, g_source_remove);
  if (self->job != NULL)
    g_atomic_int_set (&self->job->stop, 1);
  g_clear_pointer (&self->job, job_unref);
  G_OBJECT_CLASS (workbench_likeness_parent_class)->dispose (object);
}

static void
workbench_likeness_class_init (WorkbenchLikenessClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_likeness_dispose;
  signals[MEASURED] = g_signal_new ("measured", WORKBENCH_TYPE_LIKENESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_likeness_init (WorkbenchLikeness *self)
{
}

WorkbenchLikeness *
workbench_likeness_new (WorkbenchPoints *points)
{
  WorkbenchLikeness *self = g_object_new (WORKBENCH_TYPE_LIKENESS, NULL);

  self->points = g_object_ref (points);
  g_signal_connect (points, "changed", G_CALLBACK (on_points), self);
  order (self);
  return self;
}
