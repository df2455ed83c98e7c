/* workbench-history-walk.c: asks for batch after batch. */
#include "workbench-history-walk.h"

enum {
  AHEAD = 3, /* batches asked for at a time */
};

struct _WorkbenchHistoryWalk
{
  WorkbenchHistory *history;
  const WorkbenchHistoryVisitor *visitor;
  gpointer data;
  GHashTable *visited; /* of synthesis */
  guint next, awaited; /* index in the history; batches asked for and not there */
};

static void
visit (WorkbenchHistoryWalk *walk, const DfkdPictures *pictures)
{
  g_hash_table_add (walk->visited, GUINT_TO_POINTER (pictures->synthesis));
  walk->visitor->batch (pictures, walk->data);
}

static void
go_on (WorkbenchHistoryWalk *walk)
{
  while (walk->awaited < AHEAD && walk->next < workbench_history_get_length (walk->history))
    {
      guint synthesis = workbench_history_get_synthesis (walk->history, walk->next++);
      DfkdPictures *pictures;

      if (g_hash_table_contains (walk->visited, GUINT_TO_POINTER (synthesis)))
        continue;
      pictures = workbench_history_get (walk->history, synthesis);
      if (pictures != NULL)
        visit (walk, pictures);
      else
        walk->awaited += !workbench_history_is_lost (walk->history, synthesis);
    }
}

static void
on_loaded (WorkbenchHistory *history, guint synthesis, WorkbenchHistoryWalk *walk)
{
  DfkdPictures *pictures;

  if (g_hash_table_contains (walk->visited, GUINT_TO_POINTER (synthesis)))
    return;
  walk->awaited -= walk->awaited > 0;
  pictures = workbench_history_get (history, synthesis);
  if (pictures != NULL)
    visit (walk, pictures);
  go_on (walk);
}

static void
on_changed (WorkbenchHistory *history, WorkbenchHistoryWalk *walk)
{
  GHashTableIter iter;
  gpointer synthesis;

  g_hash_table_iter_init (&iter, walk->visited);
  while (g_hash_table_iter_next (&iter, &synthesis, NULL))
    if (workbench_history_find (history, GPOINTER_TO_UINT (synthesis)) < 0)
      {
        walk->visitor->gone (GPOINTER_TO_UINT (synthesis), walk->data);
        g_hash_table_iter_remove (&iter);
      }
  walk->next = 0;
  go_on (walk);
}

WorkbenchHistoryWalk *
workbench_history_walk_new (WorkbenchHistory *history, const WorkbenchHistoryVisitor *visitor, gpointer data)
{
  WorkbenchHistoryWalk *walk = g_new0 (WorkbenchHistoryWalk, 1);

  walk->history = g_object_ref (history);
  walk->visitor = visitor;
  walk->data = data;
  walk->visited = g_hash_table_new (NULL, NULL);
  g_signal_connect (history, "changed", G_CALLBACK (on_changed), walk);
  g_signal_connect (history, "loaded", G_CALLBACK (on_loaded), walk);
  go_on (walk);
  return walk;
}

void
workbench_history_walk_free (WorkbenchHistoryWalk *walk)
{
  if (walk == NULL)
    return;
  g_signal_handlers_disconnect_by_data (walk->history, walk);
  g_object_unref (walk->history);
  g_hash_table_unref (walk->visited);
  g_free (walk);
}

WorkbenchReading
workbench_history_walk_get_reading (const WorkbenchHistoryWalk *walk)
{
  return workbench_history_get_reading (walk->history, g_hash_table_size (walk->visited));
}
