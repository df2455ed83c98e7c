/* workbench-brushes.c: a short list of ranges. */
#include "workbench-brushes.h"

#include <math.h>

typedef struct {
  guint column;
  double low, high;
} Brush;

struct _WorkbenchBrushes
{
  GObject parent_instance;

  GArray *brushes; /* of Brush, at most one of a column */
};

G_DEFINE_FINAL_TYPE (WorkbenchBrushes, workbench_brushes, G_TYPE_OBJECT)

static guint changed;

static void
workbench_brushes_finalize (GObject *object)
{
  g_array_unref (WORKBENCH_BRUSHES (object)->brushes);
  G_OBJECT_CLASS (workbench_brushes_parent_class)->finalize (object);
}

static void
workbench_brushes_class_init (WorkbenchBrushesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_brushes_finalize;
  changed = g_signal_new ("changed", WORKBENCH_TYPE_BRUSHES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_brushes_init (WorkbenchBrushes *self)
{
  self->brushes = g_array_new (FALSE, FALSE, sizeof (Brush));
}

WorkbenchBrushes *
workbench_brushes_new (void)
{
  return g_object_new (WORKBENCH_TYPE_BRUSHES, NULL);
}

static Brush *
find (WorkbenchBrushes *self, guint column)
{
  for (guint i = 0; i < self->brushes->len; i++)
    if (g_array_index (self->brushes, Brush, i).column == column)
      return &g_array_index (self->brushes, Brush, i);
  return NULL;
}

void
workbench_brushes_set (WorkbenchBrushes *self, guint column, double low, double high)
{
  const Brush brush = { column, fmin (low, high), fmax (low, high) };
  Brush *found = find (self, column);

  g_return_if_fail (!isnan (low) && !isnan (high));
  if (found != NULL && found->low == brush.low && found->high == brush.high)
    return;
  if (found != NULL)
    *found = brush;
  else
    g_array_append_val (self->brushes, brush);
  g_signal_emit (self, changed, 0);
}

gboolean
workbench_brushes_get (WorkbenchBrushes *self, guint column, double *low, double *high)
{
  const Brush *found = find (self, column);

  if (found == NULL)
    return FALSE;
  *low = found->low;
  *high = found->high;
  return TRUE;
}

void
workbench_brushes_clear (WorkbenchBrushes *self, guint column)
{
  for (guint i = 0; i < self->brushes->len; i++)
    if (g_array_index (self->brushes, Brush, i).column == column)
      {
        g_array_remove_index (self->brushes, i);
        g_signal_emit (self, changed, 0);
        return;
      }
}

void
workbench_brushes_clear_all (WorkbenchBrushes *self)
{
  if (self->brushes->len == 0)
    return;
  g_array_set_size (self->brushes, 0);
  g_signal_emit (self, changed, 0);
}

gboolean
workbench_brushes_any (WorkbenchBrushes *self)
{
  return self->brushes->len > 0;
}

gboolean
workbench_brushes_contain (WorkbenchBrushes *self, WorkbenchExperimentTable *table, guint row)
{
  for (guint i = 0; i < self->brushes->len; i++)
    {
      const Brush *brush = &g_array_index (self->brushes, Brush, i);
      const double value = workbench_experiment_table_get_value (table, row, brush->column);

      if (!(value >= brush->low && value <= brush->high))
        return FALSE;
    }
  return TRUE;
}

guint
workbench_brushes_count (WorkbenchBrushes *self, WorkbenchExperimentTable *table)
{
  guint count = 0;

  for (guint row = 0; row < workbench_experiment_table_get_n_rows (table); row++)
    count += workbench_brushes_contain (self, table, row);
  return count;
}
