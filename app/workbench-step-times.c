/* workbench-step-times.c: running sums by band beside a series of whole steps. */
#include "workbench-step-times.h"

#include "workbench-glance.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  double until[WORKBENCH_N_BANDS]; /* milliseconds of this step and all before it */
} Sums;

struct _WorkbenchStepTimes
{
  GObject parent_instance;

  WorkbenchDocument *document;
  DfkdStage kind;
  guint64 taken;     /* of the document's, forgotten ones included */
  guint64 forgotten; /* by the document, when it was last looked at */
  guint64 first;     /* the oldest that is summed up */
  WorkbenchSeries *whole;
  GArray *sums;                 /* of Sums, as long as the series */
  double x[WORKBENCH_N_CLOCKS]; /* of the last step: what follows lies no further left */
  gboolean by_device;
  WorkbenchGlance news;
  guint idle; /* source that reads them; 0: none */
};

enum {
  MOST_IN_SPREAD = 16384, /* steps: they are gathered between two frames */
};

G_DEFINE_FINAL_TYPE (WorkbenchStepTimes, workbench_step_times, G_TYPE_OBJECT)

static guint changed_signal;

static const char *const bands[]
    = { N_ ("generator"), N_ ("augmentation"), N_ ("teacher"),    N_ ("student"),  N_ ("losses"), N_ ("backward"),
        N_ ("optimiser"), N_ ("outer step"),   N_ ("evaluation"), N_ ("transfer"), N_ ("other") };

G_STATIC_ASSERT (G_N_ELEMENTS (bands) == WORKBENCH_N_BANDS);

const char *
workbench_band_title (WorkbenchBand band)
{
  return _ (bands[band]);
}

WorkbenchBand
workbench_band_find (const char *name)
{
  for (guint i = 0; i < WORKBENCH_BAND_OTHER; i++)
    if (g_str_equal (bands[i], name))
      return i;
  return WORKBENCH_BAND_OTHER;
}

const char *
workbench_step_title (DfkdStage kind)
{
  static const char *const titles[] = { N_ ("inner step"), N_ ("begin of a synthesis"), N_ ("outer step"), N_ ("student step"), N_ ("evaluation"), N_ ("showing") };

  G_STATIC_ASSERT (G_N_ELEMENTS (titles) == DFKD_N_STAGES);
  return _ (titles[kind]);
}

/* ------------------------------------------------------------------------------------------------- reading */

static void
take (WorkbenchStepTimes *self, const DfkdStepTime *time, guint64 number)
{
  guint length = self->sums->len;
  Sums sums = { 0 };
  double x[WORKBENCH_N_CLOCKS], whole = 0.0;

  if (self->kind != DFKD_N_STAGES && time->stage != self->kind)
    return;
  if (length > 0)
    sums = g_array_index (self->sums, Sums, length - 1);
  for (guint i = 0; i < time->timing.n_regions; i++)
    {
      double milliseconds = isfinite (time->timing.seconds[i]) ? time->timing.seconds[i] * 1e3 : 0.0;

      sums.until[workbench_band_find (time->timing.region[i])] += milliseconds;
      whole += milliseconds;
    }
  workbench_clock_fill (&time->clocks, (double) (self->kind == DFKD_N_STAGES ? number : time->step), x);
  for (guint i = 0; i < WORKBENCH_N_CLOCKS; i++) /* a log lists kinds after each other */
    self->x[i] = MAX (self->x[i], x[i]);
  self->by_device = time->timing.by_device;
  g_array_append_val (self->sums, sums);
  workbench_series_append (self->whole, self->x, whole);
}

static void
start_again (WorkbenchStepTimes *self)
{
  workbench_series_clear (self->whole);
  g_array_set_size (self->sums, 0);
  memset (self->x, 0, sizeof self->x);
  self->taken = self->first = self->forgotten;
}

static gboolean
read_slice (gpointer data)
{
  WorkbenchStepTimes *self = data;
  gint64 end = g_get_monotonic_time () + 2000;
  const GArray *times = workbench_document_get_times (self->document, &self->forgotten);

  if (self->first != self->forgotten) /* what was summed up is partly gone: it would grow without end otherwise */
    start_again (self);
  while (self->taken - self->forgotten < times->len && g_get_monotonic_time () < end)
    for (guint i = 0; i < 64 && self->taken - self->forgotten < times->len; i++, self->taken++)
      take (self, &g_array_index (times, DfkdStepTime, self->taken - self->forgotten), self->taken);
  if (self->taken - self->forgotten < times->len)
    return G_SOURCE_CONTINUE;
  self->idle = 0;
  g_signal_emit (self, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

static void
begin_reading (gpointer data)
{
  WorkbenchStepTimes *self = data;

  /* at once, so that what it changes is drawn in the same frame as what else changes at this moment; only much is read in slices */
  if (self->idle == 0 && read_slice (self) == G_SOURCE_CONTINUE)
    self->idle = g_idle_add (read_slice, self);
}

static void
on_times (WorkbenchDocument *document, WorkbenchStepTimes *self)
{
  workbench_glance_order (&self->news, begin_reading, self);
}

static void
read_all_again (WorkbenchStepTimes *self)
{
  workbench_glance_cancel (&self->news);
  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->document != NULL)
    workbench_document_get_times (self->document, &self->forgotten);
  start_again (self);
  g_signal_emit (self, changed_signal, 0);
  if (self->document != NULL)
    begin_reading (self);
}

/* ------------------------------------------------------------------------------------------------- spread */

static void
free_columns (gpointer data)
{
  GArray **columns = data;

  for (guint i = 0; i <= WORKBENCH_N_BANDS; i++)
    g_array_unref (columns[i]);
  g_free (columns);
}

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return x < y ? -1 : x > y;
}

static double
quantile (const GArray *sorted, double part)
{
  double at = part * (sorted->len - 1);
  guint low = (guint) at, high = MIN (low + 1, sorted->len - 1);

  return (1.0 - (at - low)) * (double) g_array_index (sorted, float, low) + (at - low) * (double) g_array_index (sorted, float, high);
}

static void
find_spread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GArray **columns = data;
  WorkbenchSpread *spread = g_new0 (WorkbenchSpread, WORKBENCH_N_BANDS + 1);

  for (guint i = 0; i <= WORKBENCH_N_BANDS && !g_cancellable_is_cancelled (cancellable); i++)
    {
      GArray *values = columns[i];

      if (values->len == 0)
        continue;
      qsort (values->data, values->len, sizeof (float), compare_floats);
      spread[i] = (WorkbenchSpread){ values->len,
                                     quantile (values, 0.05),
                                     quantile (values, 0.25),
                                     quantile (values, 0.5),
                                     quantile (values, 0.75),
                                     quantile (values, 0.95) };
    }
  g_task_return_pointer (task, spread, g_free);
}

void
workbench_step_times_spread_async (WorkbenchStepTimes *self, guint first, guint end, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  GArray **columns = g_new (GArray *, WORKBENCH_N_BANDS + 1);
  guint step;

  end = MIN (end, self->sums->len);
  step = end > first ? (end - first + MOST_IN_SPREAD - 1) / MOST_IN_SPREAD : 1;
  for (guint i = 0; i <= WORKBENCH_N_BANDS; i++)
    columns[i] = g_array_new (FALSE, FALSE, sizeof (float));
  for (guint band = 0; band < WORKBENCH_N_BANDS; band++)
    if (workbench_step_times_has (self, band))
      for (guint i = first; i < end; i += step)
        {
          float value = (float) workbench_step_times_sum (self, band, i, i + 1);

          if (value > 0.0f)
            g_array_append_val (columns[band], value);
        }
  for (guint i = first; i < end; i += step)
    {
      float value = (float) workbench_series_get_y (self->whole, i);

      g_array_append_val (columns[WORKBENCH_N_BANDS], value);
    }
  g_task_set_task_data (task, columns, free_columns);
  g_task_run_in_thread (task, find_spread);
}

WorkbenchSpread *
workbench_step_times_spread_finish (WorkbenchStepTimes *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --------------------------------------------------------------------------------------------- construction */

static void
workbench_step_times_dispose (GObject *object)
{
  WorkbenchStepTimes *self = WORKBENCH_STEP_TIMES (object);

  workbench_glance_cancel (&self->news);
  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (workbench_step_times_parent_class)->dispose (object);
}

static void
workbench_step_times_finalize (GObject *object)
{
  WorkbenchStepTimes *self = WORKBENCH_STEP_TIMES (object);

  g_object_unref (self->whole);
  g_array_unref (self->sums);
  G_OBJECT_CLASS (workbench_step_times_parent_class)->finalize (object);
}

static void
workbench_step_times_class_init (WorkbenchStepTimesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_step_times_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_step_times_finalize;
  changed_signal = g_signal_new ("changed", WORKBENCH_TYPE_STEP_TIMES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_step_times_init (WorkbenchStepTimes *self)
{
  self->kind = DFKD_STAGE_GENERATE;
  self->whole = workbench_series_new (_("whole step"));
  self->sums = g_array_new (FALSE, FALSE, sizeof (Sums));
}

WorkbenchStepTimes *
workbench_step_times_new (void)
{
  return g_object_new (WORKBENCH_TYPE_STEP_TIMES, NULL);
}

void
workbench_step_times_set_document (WorkbenchStepTimes *self, WorkbenchDocument *document)
{
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  if (document != NULL)
    g_signal_connect (document, "times", G_CALLBACK (on_times), self);
  self->forgotten = 0;
  read_all_again (self);
}

void
workbench_step_times_set_kind (WorkbenchStepTimes *self, DfkdStage kind)
{
  if (kind == self->kind)
    return;
  self->kind = kind;
  read_all_again (self);
}

DfkdStage
workbench_step_times_get_kind (WorkbenchStepTimes *self)
{
  return self->kind;
}

WorkbenchSeries *
workbench_step_times_get_whole (WorkbenchStepTimes *self)
{
  return self->whole;
}

double
workbench_step_times_sum (WorkbenchStepTimes *self, WorkbenchBand band, guint first, guint end)
{
  end = MIN (end, self->sums->len);
  if (first >= end)
    return 0.0;
  return g_array_index (self->sums, Sums, end - 1).until[band]
         - (first > 0 ? g_array_index (self->sums, Sums, first - 1).until[band] : 0.0);
}

gboolean
workbench_step_times_has (WorkbenchStepTimes *self, WorkbenchBand band)
{
  return workbench_step_times_sum (self, band, 0, self->sums->len) > 0.0;
}

gboolean
workbench_step_times_is_by_device (WorkbenchStepTimes *self)
{
  return self->by_device;
}
