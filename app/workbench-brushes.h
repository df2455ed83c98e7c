/* workbench-brushes.h: ranges of columns that are looked at, and which rows of a table lie within all of them. Emits "changed". */
#pragma once

#include "workbench-experiment-table.h"

G_BEGIN_DECLS

#define WORKBENCH_TYPE_BRUSHES (workbench_brushes_get_type ())
G_DECLARE_FINAL_TYPE (WorkbenchBrushes, workbench_brushes, WORKBENCH, BRUSHES, GObject)

WorkbenchBrushes *workbench_brushes_new (void);

/** workbench_brushes_set: in values of the column, in either order; both ends belong to it */
void workbench_brushes_set (WorkbenchBrushes *self, guint column, double low, double high);
/** workbench_brushes_get: FALSE where the whole column is looked at; then @low and @high are left as they are */
gboolean workbench_brushes_get (WorkbenchBrushes *self, guint column, double *low, double *high);
void workbench_brushes_clear (WorkbenchBrushes *self, guint column);
void workbench_brushes_clear_all (WorkbenchBrushes *self);
gboolean workbench_brushes_any (WorkbenchBrushes *self);

/** workbench_brushes_contain: what is not known lies in no range */
gboolean workbench_brushes_contain (WorkbenchBrushes *self, WorkbenchExperimentTable *table, guint row);
/** workbench_brushes_count: rows that they contain */
guint workbench_brushes_count (WorkbenchBrushes *self, WorkbenchExperimentTable *table);

G_END_DECLS
