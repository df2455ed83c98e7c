/* workbench-runs.c: reads the folder of runs, and puts aside what is deleted. */
#include "workbench-runs-private.h"

#include "dfkd.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

struct _WorkbenchRuns
{
  GObject parent_instance;

  char *parent;
  GListStore *entries, *deleted;
  GCancellable *cancellable; /* of the last refresh */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchRuns, workbench_runs, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum {
  REFRESHED,
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

enum {
  SILENT = 60, /* seconds after which a log is held to grow no more */
  LAST_LINES = 10, /* seconds in which it gets those that come behind the summary, on a slow disk */
};

static const char ASIDE[] = ".deleted";
static const gint64 FORGOTTEN = 24 * 3600; /* seconds aside, after which nobody takes it back any more */

static void
remove_for_good (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  if (!g_file_trash (file, NULL, NULL))
    dfkd_folder_remove (path);
}

/* the runs aside in @parent, the last deleted first; those that are there too long go. Returns: (transfer full) (element-type filename) */
static GPtrArray *
list_deleted (const char *parent)
{
  g_autofree char *aside = g_build_filename (parent, ASIDE, NULL);
  g_autoptr (GDir) directory = g_dir_open (aside, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (aside, name, NULL);
      g_autoptr (GPtrArray) runs = NULL;
      GStatBuf status;
      guint at = 0;

      if (g_lstat (path, &status) != 0)
        continue;
      if (g_get_real_time () / G_USEC_PER_SEC - status.st_mtime > FORGOTTEN)
        {
          remove_for_good (path);
          continue;
        }
      runs = dfkd_runs_list (path);
      while (at < times->len && g_array_index (times, gint64, at) > status.st_mtime)
        at++;
      for (guint i = 0; i < runs->len; i++)
        {
          g_ptr_array_insert (paths, (gint) at, g_strdup (g_ptr_array_index (runs, i)));
          g_array_insert_val (times, at, (gint64){ status.st_mtime });
        }
    }
  return paths;
}

typedef struct {
  GPtrArray *entries, *deleted; /* of WorkbenchRunEntry */
} Read;

static void
free_read (gpointer data)
{
  Read *read = data;

  g_ptr_array_unref (read->entries);
  g_ptr_array_unref (read->deleted);
  g_free (read);
}

static GPtrArray *
read_entries (GPtrArray *paths, GCancellable *cancellable)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < paths->len && !g_cancellable_is_cancelled (cancellable); i++)
    g_ptr_array_add (entries, workbench_run_entry_read (g_ptr_array_index (paths, i)));
  return entries;
}

static void
read_runs (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) paths = dfkd_runs_list (data), aside = list_deleted (data);
  Read *read = g_new (Read, 1);

  read->entries = read_entries (paths, cancellable);
  read->deleted = read_entries (aside, cancellable);
  g_task_return_pointer (task, read, free_read);
}

static void
put_all (GListStore *store, GPtrArray *entries)
{
  g_list_store_splice (store, 0, g_list_model_get_n_items (G_LIST_MODEL (store)), entries->pdata, entries->len);
}

static void
on_read (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchRuns *self = WORKBENCH_RUNS (object);
  Read *read = g_task_propagate_pointer (G_TASK (result), NULL);

  if (read == NULL)
    return;
  put_all (self->entries, read->entries);
  put_all (self->deleted, read->deleted);
  free_read (read);
  g_signal_emit (self, signals[REFRESHED], 0);
}

void
workbench_runs_refresh (WorkbenchRuns *self)
{
  g_autoptr (GTask) task = NULL;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, on_read, NULL);
  g_task_set_task_data (task, g_strdup (self->parent), g_free);
  g_task_run_in_thread (task, read_runs);
}

/* ------------------------------------------------------------------------------------------------- deleting */

static gboolean
move (const char *from, const char *to, GError **error)
{
  if (g_rename (from, to) == 0)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be moved to %s: %s"), from, to, g_strerror (errno));
  return FALSE;
}

/* an empty folder in @parent for one that is deleted */
static char *
make_aside (const char *parent, GError **error)
{
  g_autofree char *all = g_build_filename (parent, ASIDE, NULL), *path = g_build_filename (all, "XXXXXX", NULL);

  if (g_mkdir_with_parents (all, 0755) == 0 && g_mkdtemp_full (path, 0755) != NULL)
    return g_steal_pointer (&path);
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be made: %s"), path, g_strerror (errno));
  return NULL;
}

/* below @parent, unless somebody writes in it. Returns: (transfer full): where it is then */
static char *
put_aside (const char *folder, const char *parent, GError **error)
{
  g_autofree char *name = g_path_get_basename (folder), *aside = NULL, *to = NULL;
  int lock = dfkd_run_lock (folder, error); /* nobody goes on with it while it is moved */

  if (lock < 0)
    return NULL;
  aside = make_aside (parent, error);
  if (aside != NULL)
    to = g_build_filename (aside, name, NULL);
  if (to != NULL && !move (folder, to, error))
    {
      g_clear_pointer (&to, g_free);
      g_rmdir (aside);
    }
  close (lock);
  return g_steal_pointer (&to);
}

/* Whoever writes in a folder that computers share may have no lock that can be seen here. What has ended has a summary, behind which only
 * the last lines of the log came; one that is gone on with has an old one. */
static gboolean
has_just_grown (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "events.jsonl", NULL), *summary_path = g_build_filename (folder, "summary.json", NULL);
  GStatBuf log, summary;

  return g_stat (path, &log) == 0 && ABS (g_get_real_time () / G_USEC_PER_SEC - log.st_mtime) < SILENT /* by a clock that may be ahead */
         && !(g_stat (summary_path, &summary) == 0 && log.st_mtime - summary.st_mtime < LAST_LINES);
}

char *
workbench_runs_delete (WorkbenchRuns *self, WorkbenchRunEntry *entry, GError **error)
{
  const char *folder = workbench_run_entry_get_folder (entry);
  g_autofree char *name = g_path_get_basename (folder), *to = NULL;
  guint position;

  if (dfkd_run_is_written (folder))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is being written, here or by another program: stop the run first"), name);
      return NULL;
    }
  if (has_just_grown (folder))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE,
                   _("%s was written less than a minute ago, perhaps by another computer: stop the run there first, or wait a minute"), name);
      return NULL;
    }
  to = put_aside (folder, self->parent, error);
  if (to == NULL)
    return NULL;
  if (g_list_store_find (self->entries, entry, &position))
    {
      g_autoptr (WorkbenchRunEntry) deleted = workbench_run_entry_read (to);

      g_list_store_remove (self->entries, position);
      g_list_store_insert (self->deleted, 0, deleted);
    }
  g_signal_emit (self, signals[MOVED], 0);
  return g_steal_pointer (&to);
}

void
workbench_runs_discard (const char *folder, gboolean restorable)
{
  g_autofree char *parent = g_path_get_dirname (folder), *aside = NULL;
  int lock;

  if (restorable)
    {
      aside = put_aside (folder, parent, NULL);
      return;
    }
  lock = dfkd_run_lock (folder, NULL);
  if (lock < 0)
    return;
  dfkd_folder_remove (folder);
  close (lock);
}

GListModel *
workbench_runs_get_deleted (WorkbenchRuns *self)
{
  return G_LIST_MODEL (self->deleted);
}

/* no longer in the list of those aside */
static void
forget (WorkbenchRuns *self, const char *aside)
{
  GListModel *deleted = G_LIST_MODEL (self->deleted);

  for (guint i = g_list_model_get_n_items (deleted); i-- > 0;)
    {
      g_autoptr (WorkbenchRunEntry) entry = g_list_model_get_item (deleted, i);

      if (g_str_equal (workbench_run_entry_get_folder (entry), aside))
        g_list_store_remove (self->deleted, i);
    }
  g_signal_emit (self, signals[MOVED], 0);
}

gboolean
workbench_runs_take_back (WorkbenchRuns *self, const char *aside, GError **error)
{
  g_autofree char *name = g_path_get_basename (aside), *holder = g_path_get_dirname (aside), *to = g_build_filename (self->parent, name, NULL);

  if (g_file_test (to, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s exists again; the deleted run is in %s"), to, aside);
      return FALSE;
    }
  if (!move (aside, to, error))
    return FALSE;
  g_rmdir (holder);
  forget (self, aside);
  workbench_runs_refresh (self);
  return TRUE;
}

static gpointer
remove_in_thread (gpointer data)
{
  g_autofree char *aside = data, *holder = g_path_get_dirname (aside);

  remove_for_good (aside);
  g_rmdir (holder);
  return NULL;
}

void
workbench_runs_end_deletion (WorkbenchRuns *self, const char *aside)
{
  g_thread_unref (g_thread_new ("dfkd-delete", remove_in_thread, g_strdup (aside)));
  forget (self, aside);
}

/* ------------------------------------------------------------------------------------------- as a list model */

static GType
get_item_type (GListModel *model)
{
  return WORKBENCH_TYPE_RUN_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (WORKBENCH_RUNS (model)->entries));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (WORKBENCH_RUNS (model)->entries), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
workbench_runs_dispose (GObject *object)
{
  WorkbenchRuns *self = WORKBENCH_RUNS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->entries);
  g_clear_object (&self->deleted);
  g_clear_pointer (&self->parent, g_free);
  G_OBJECT_CLASS (workbench_runs_parent_class)->dispose (object);
}

static void
workbench_runs_class_init (WorkbenchRunsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_runs_dispose;
  signals[REFRESHED] = g_signal_new ("refreshed", WORKBENCH_TYPE_RUNS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVED] = g_signal_new ("moved", WORKBENCH_TYPE_RUNS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_runs_init (WorkbenchRuns *self)
{
  self->entries = g_list_store_new (WORKBENCH_TYPE_RUN_ENTRY);
  self->deleted = g_list_store_new (WORKBENCH_TYPE_RUN_ENTRY);
  g_signal_connect_swapped (self->entries, "items-changed", G_CALLBACK (g_list_model_items_changed), self);
}

WorkbenchRuns *
workbench_runs_new (const char *parent)
{
  WorkbenchRuns *self = g_object_new (WORKBENCH_TYPE_RUNS, NULL);

  self->parent = g_strdup (parent);
  workbench_runs_refresh (self);
  return self;
}
