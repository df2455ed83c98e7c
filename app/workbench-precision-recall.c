/* workbench-precision-recall.c: one measurement at a time. */
#include "workbench-precision-recall.h"

#include "workbench-job.h"

#include <math.h>

enum {
  RESTS = 20, /* times as long as a measurement takes */
};

/* what a job is given, and gives */
typedef struct {
  float *pool, *test;
  gsize n_pool, n_test, n_features;
  DfkdPrecisionRecall result;
  gboolean fine;
  gint64 took; /* µs */
} Measurement;

struct _WorkbenchPrecisionRecall
{
  GObject parent_instance;

  WorkbenchPoints *points;
  WorkbenchJob *job; /* under way */
  guint due;         /* source: of the next */
  gint64 next;       /* not before, on the monotonic clock */
  gboolean changed, known;
  DfkdPrecisionRecall result;
};

G_DEFINE_FINAL_TYPE (WorkbenchPrecisionRecall, workbench_precision_recall, G_TYPE_OBJECT)

enum {
  MEASURED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
free_measurement (gpointer data)
{
  Measurement *m = data;

  g_free (m->pool);
  g_free (m->test);
  g_free (m);
}

static void
measure (gpointer data, const gint *stop)
{
  Measurement *m = data;
  const gint64 began = g_get_monotonic_time ();

  m->fine = dfkd_precision_recall (m->test, m->n_test, m->pool, m->n_pool, m->n_features, DFKD_PRECISION_RECALL_NEIGHBOURS, stop, NULL, &m->result, NULL);
  m->took = g_get_monotonic_time () - began;
}

static void order (WorkbenchPrecisionRecall *self);

static void
on_measured (gpointer owner, gpointer data)
{
  WorkbenchPrecisionRecall *self = owner;
  const Measurement *m = data;

  self->job = NULL;
  self->known = m->fine && !isnan (m->result.precision);
  self->result = m->result;
  self->next = g_get_monotonic_time () + RESTS * m->took;
  if (self->changed)
    order (self);
  g_signal_emit (self, signals[MEASURED], 0);
}

static gboolean
on_due (gpointer data)
{
  WorkbenchPrecisionRecall *self = data;
  const gsize n_test = workbench_points_get_test_count (self->points), n_pool = workbench_points_get_count (self->points) - n_test;
  const gsize d = workbench_points_get_features (self->points);
  const float *rows = workbench_points_get_rows (self->points);
  Measurement *m;

  self->due = 0;
  self->changed = FALSE;
  if (n_test <= DFKD_PRECISION_RECALL_NEIGHBOURS || n_pool <= DFKD_PRECISION_RECALL_NEIGHBOURS)
    {
      self->known = FALSE;
      return G_SOURCE_REMOVE;
    }
  m = g_new0 (Measurement, 1);
  m->n_pool = MIN (n_pool, n_test);
  m->n_test = n_test;
  m->n_features = d;
  m->pool = dfkd_precision_recall_sample (rows, n_pool, d, m->n_pool);
  m->test = g_memdup2 (rows + n_pool * d, n_test * d * sizeof (float));
  self->job = workbench_job_start (measure, on_measured, self, m, free_measurement);
  return G_SOURCE_REMOVE;
}

/* measures as soon as it may */
static void
order (WorkbenchPrecisionRecall *self)
{
  const gint64 wait = (self->next - g_get_monotonic_time ()) / 1000;

  self->changed = TRUE;
  if (self->job == NULL && self->due == 0)
    self->due = g_timeout_add ((guint) MAX (wait, 0), on_due, self);
}

static void
on_points (WorkbenchPoints *points, WorkbenchPrecisionRecall *self)
{
  order (self);
}

const DfkdPrecisionRecall *
workbench_precision_recall_get (WorkbenchPrecisionRecall *self)
{
  return self->known ? &self->result : NULL;
}

static void
workbench_precision_recall_dispose (GObject *object)
{
  WorkbenchPrecisionRecall *self = WORKBENCH_PRECISION_RECALL (object);

  if (self->points != NULL)
    g_signal_handlers_disconnect_by_data (self->points, self);
  g_clear_object (&self->points);
  g_clear_handle_id (&self->due, g_source_remove);
  g_clear_pointer (&self->job, workbench_job_stop);
  G_OBJECT_CLASS (workbench_precision_recall_parent_class)->dispose (object);
}

static void
workbench_precision_recall_class_init (WorkbenchPrecisionRecallClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_precision_recall_dispose;
  signals[MEASURED] = g_signal_new ("measured", WORKBENCH_TYPE_PRECISION_RECALL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_precision_recall_init (WorkbenchPrecisionRecall *self)
{
}

WorkbenchPrecisionRecall *
workbench_precision_recall_new (WorkbenchPoints *points)
{
  WorkbenchPrecisionRecall *self = g_object_new (WORKBENCH_TYPE_PRECISION_RECALL, NULL);

  self->points = g_object_ref (points);
  g_signal_connect (points, "changed", G_CALLBACK (on_points), self);
  order (self);
  return self;
}
