/* workbench-history-walk.h: seeing every batch of a history once, the oldest first, a few being read at a time; new ones as they come. */
#pragma once

#include "workbench-history.h"

G_BEGIN_DECLS

typedef struct {
  void (*batch) (const DfkdPictures *pictures, gpointer data);
  void (*gone) (guint synthesis, gpointer data); /* the history has thinned it away */
} WorkbenchHistoryVisitor;

typedef struct _WorkbenchHistoryWalk WorkbenchHistoryWalk;

/** workbench_history_walk_new: @visitor: static. It begins at once: batches in memory are visited before this returns. */
WorkbenchHistoryWalk *workbench_history_walk_new (WorkbenchHistory *history, const WorkbenchHistoryVisitor *visitor, gpointer data);
void workbench_history_walk_free (WorkbenchHistoryWalk *walk);
WorkbenchReading workbench_history_walk_get_reading (const WorkbenchHistoryWalk *walk);

G_END_DECLS
