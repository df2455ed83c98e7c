/* workbench-points.c: copies rows out of a history. */
#include "workbench-points.h"

#include "workbench-glance.h"
#include "workbench-history-walk.h"

#include <string.h>

enum {
  POINTS_A_MS = 10, /* it takes 1 ms longer for so many points: all of them are copied and laid out anew, which takes time from training */
};

struct _WorkbenchPoints
{
  GObject parent_instance;

  WorkbenchHistoryWalk *walk; /* NULL when the run has no history */
  DfkdRows kind;
  gsize most, n_features;
  GArray *ids;  /* of guint64, ascending */
  GArray *rows; /* of float */
  guint gone;   /* points at the beginning of both that no longer count: moving all others for each batch that goes would take seconds */
  guint telling;        /* source; 0: none */
  WorkbenchGlance news; /* then */
};

G_DEFINE_FINAL_TYPE (WorkbenchPoints, workbench_points, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_changed (gpointer data)
{
  WorkbenchPoints *self = data;

  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
on_tell (gpointer data)
{
  WorkbenchPoints *self = data;

  self->telling = 0;
  workbench_glance_order (&self->news, emit_changed, self);
  return G_SOURCE_REMOVE;
}

static guint
n_points (WorkbenchPoints *self)
{
  return self->ids->len - self->gone;
}

/* batches come in ten times a second */
static void
tell (WorkbenchPoints *self)
{
  if (self->telling == 0 && self->news.source == 0)
    self->telling = g_timeout_add (n_points (self) / POINTS_A_MS, on_tell, self);
}

/* where points of @synthesis begin, or would */
static guint
place_of (WorkbenchPoints *self, guint synthesis)
{
  guint low = self->gone, high = self->ids->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->ids, guint64, middle) < workbench_image (synthesis, 0))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
drop (WorkbenchPoints *self, guint first, guint count)
{
  if (count == 0)
    return;
  tell (self);
  if (first == self->gone)
    {
      self->gone += count;
      if (self->gone < self->most / 2)
        return;
      first = 0;
      count = self->gone;
      self->gone = 0;
    }
  g_array_remove_range (self->ids, first, count);
  g_array_remove_range (self->rows, first * (guint) self->n_features, count * (guint) self->n_features);
}

static gboolean
fits (WorkbenchPoints *self, const DfkdPictures *p)
{
  const gsize columns = p->columns[self->kind];

  return p->rows[self->kind] != NULL && columns > 0 && (self->n_features == 0 || self->n_features == columns);
}

static guint
n_test (WorkbenchPoints *self)
{
  return self->ids->len - place_of (self, WORKBENCH_TEST_SYNTHESIS);
}

static void
forget_all (WorkbenchPoints *self)
{
  if (n_points (self) > 0)
    tell (self);
  g_array_set_size (self->ids, 0);
  g_array_set_size (self->rows, 0);
  self->gone = 0;
  self->n_features = 0;
}

static void
gather (const DfkdPictures *p, gpointer data)
{
  WorkbenchPoints *self = data;
  gsize columns = p->columns[self->kind];
  g_autofree guint64 *ids = NULL;
  guint place;

  if (!fits (self, p) && n_points (self) == n_test (self)) /* the pool's count holds */
    forget_all (self);
  if (!fits (self, p))
    return;
  place = place_of (self, p->synthesis);
  self->n_features = columns;
  ids = g_new (guint64, p->count);
  for (gsize i = 0; i < p->count; i++)
    ids[i] = workbench_image (p->synthesis, (guint) i);
  g_array_insert_vals (self->ids, place, ids, (guint) p->count);
  g_array_insert_vals (self->rows, (guint) (place * columns), p->rows[self->kind], (guint) (p->count * columns));
  while (n_points (self) - n_test (self) > self->most)
    drop (self, self->gone, place_of (self, workbench_image_synthesis (g_array_index (self->ids, guint64, self->gone)) + 1) - self->gone);
  tell (self);
}

static void
forget (guint synthesis, gpointer data)
{
  WorkbenchPoints *self = data;
  guint first = place_of (self, synthesis);

  drop (self, first, place_of (self, synthesis + 1) - first);
}

gboolean
workbench_points_set_test (WorkbenchPoints *self, const DfkdPictures *pictures)
{
  forget (WORKBENCH_TEST_SYNTHESIS, self);
  if (n_points (self) == 0)
    forget_all (self);
  if (pictures == NULL)
    return TRUE;
  g_return_val_if_fail (pictures->synthesis == WORKBENCH_TEST_SYNTHESIS, FALSE);
  if (!fits (self, pictures))
    return FALSE;
  gather (pictures, self);
  return TRUE;
}

gsize
workbench_points_get_test_count (WorkbenchPoints *self)
{
  return n_test (self);
}

gsize
workbench_points_get_count (WorkbenchPoints *self)
{
  return n_points (self);
}

gsize
workbench_points_get_features (WorkbenchPoints *self)
{
  return self->n_features;
}

const guint64 *
workbench_points_get_ids (WorkbenchPoints *self)
{
  return (const guint64 *) self->ids->data + self->gone;
}

const float *
workbench_points_get_rows (WorkbenchPoints *self)
{
  return (const float *) self->rows->data + self->gone * self->n_features;
}

gssize
workbench_points_find (WorkbenchPoints *self, WorkbenchImage image)
{
  guint place = place_of (self, workbench_image_synthesis (image)) + workbench_image_index (image);

  return place < self->ids->len && g_array_index (self->ids, guint64, place) == image ? (gssize) (place - self->gone) : -1;
}

WorkbenchReading
workbench_points_get_reading (WorkbenchPoints *self)
{
  return self->walk != NULL ? workbench_history_walk_get_reading (self->walk) : (WorkbenchReading){ 0, 0, 0 };
}

static void
workbench_points_dispose (GObject *object)
{
  WorkbenchPoints *self = WORKBENCH_POINTS (object);

  g_clear_pointer (&self->walk, workbench_history_walk_free);
  g_clear_handle_id (&self->telling, g_source_remove);
  workbench_glance_cancel (&self->news);
  G_OBJECT_CLASS (workbench_points_parent_class)->dispose (object);
}

static void
workbench_points_finalize (GObject *object)
{
  WorkbenchPoints *self = WORKBENCH_POINTS (object);

  g_array_unref (self->ids);
  g_array_unref (self->rows);
  G_OBJECT_CLASS (workbench_points_parent_class)->finalize (object);
}

static void
workbench_points_class_init (WorkbenchPointsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_points_dispose;
  G_OBJECT_CLASS (klass)->finalize = workbench_points_finalize;
  signals[CHANGED] = g_signal_new ("changed", WORKBENCH_TYPE_POINTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_points_init (WorkbenchPoints *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->rows = g_array_new (FALSE, FALSE, sizeof (float));
}

WorkbenchPoints *
workbench_points_new (WorkbenchDocument *document, DfkdRows rows, gsize most)
{
  static const WorkbenchHistoryVisitor visitor = { gather, forget };
  WorkbenchPoints *self = g_object_new (WORKBENCH_TYPE_POINTS, NULL);
  WorkbenchHistory *history = workbench_document_get_history (document);

  self->kind = rows;
  self->most = most;
  if (history != NULL)
    self->walk = workbench_history_walk_new (history, &visitor, self);
  return self;
}
