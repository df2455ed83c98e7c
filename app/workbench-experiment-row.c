/* workbench-experiment-row.c: a table and a number in it. */
#include "workbench-experiment-row.h"

struct _WorkbenchExperimentRow
{
  GObject parent_instance;

  WorkbenchExperimentTable *table;
  guint index;
};

G_DEFINE_FINAL_TYPE (WorkbenchExperimentRow, workbench_experiment_row, G_TYPE_OBJECT)

static guint changed;

static void
workbench_experiment_row_finalize (GObject *object)
{
  g_object_unref (WORKBENCH_EXPERIMENT_ROW (object)->table);
  G_OBJECT_CLASS (workbench_experiment_row_parent_class)->finalize (object);
}

static void
workbench_experiment_row_class_init (WorkbenchExperimentRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_experiment_row_finalize;
  changed = g_signal_new ("changed", WORKBENCH_TYPE_EXPERIMENT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_experiment_row_init (WorkbenchExperimentRow *self)
{
}

WorkbenchExperimentRow *
workbench_experiment_row_new (WorkbenchExperimentTable *table, guint index)
{
  WorkbenchExperimentRow *self = g_object_new (WORKBENCH_TYPE_EXPERIMENT_ROW, NULL);

  self->table = g_object_ref (table);
  self->index = index;
  return self;
}

WorkbenchExperimentTable *
workbench_experiment_row_get_table (WorkbenchExperimentRow *self)
{
  return self->table;
}

guint
workbench_experiment_row_get_index (WorkbenchExperimentRow *self)
{
  return self->index;
}

void
workbench_experiment_row_set_table (WorkbenchExperimentRow *self, WorkbenchExperimentTable *table)
{
  if (g_set_object (&self->table, table))
    g_signal_emit (self, changed, 0);
}
