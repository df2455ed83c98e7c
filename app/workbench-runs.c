/* workbench-runs.c: reads the folder of runs, and puts aside what is deleted. */
#include "workbench-runs-private.h"

#include "dfkd.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

struct _WorkbenchRuns
{
  GObject parent_instance;

  char *parent;
  GListStore *entries;
  GCancellable *cancellable; /* of the last refresh */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WorkbenchRuns, workbench_runs, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static guint refreshed;

static const char ASIDE[] = ".deleted";
static const gint64 FORGOTTEN = 3600; /* seconds aside, after which nobody can be about to take it back */

/* what was put aside long ago */
static void
sweep (const char *parent)
{
  g_autofree char *aside = g_build_filename (parent, ASIDE, NULL);
  g_autoptr (GDir) directory = g_dir_open (aside, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (aside, name, NULL);
      GStatBuf status;

      if (g_lstat (path, &status) == 0 && g_get_real_time () / G_USEC_PER_SEC - status.st_ctime > FORGOTTEN)
        dfkd_folder_remove (path);
    }
}

static void
read_runs (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) paths = dfkd_runs_list (data);
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);

  sweep (data);
  for (guint i = 0; i < paths->len && !g_cancellable_is_cancelled (cancellable); i++)
    g_ptr_array_add (entries, workbench_run_entry_read (g_ptr_array_index (paths, i)));
  g_task_return_pointer (task, entries, (GDestroyNotify) g_ptr_array_unref);
}

static void
on_read (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchRuns *self = WORKBENCH_RUNS (object);
  g_autoptr (GPtrArray) entries = g_task_propagate_pointer (G_TASK (result), NULL);

  if (entries == NULL)
    return;
  g_list_store_splice (self->entries, 0, g_list_model_get_n_items (G_LIST_MODEL (self->entries)), entries->pdata, entries->len);
  g_signal_emit (self, refreshed, 0);
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

char *
workbench_runs_delete (WorkbenchRuns *self, WorkbenchRunEntry *entry, GError **error)
{
  const char *folder = workbench_run_entry_get_folder (entry);
  g_autofree char *name = g_path_get_basename (folder), *parent = g_build_filename (self->parent, ASIDE, NULL), *to = NULL;
  guint position;

  if (g_mkdir_with_parents (parent, 0755) != 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be made: %s"), parent, g_strerror (errno));
      return NULL;
    }
  for (guint i = 1; to == NULL || g_file_test (to, G_FILE_TEST_EXISTS); i++)
    {
      g_autofree char *numbered = i == 1 ? g_strdup (name) : g_strdup_printf ("%s~%u", name, i);

      g_free (to);
      to = g_build_filename (parent, numbered, NULL);
    }
  if (!move (folder, to, error))
    return NULL;
  if (g_list_store_find (self->entries, entry, &position))
    g_list_store_remove (self->entries, position);
  return g_steal_pointer (&to);
}

gboolean
workbench_runs_take_back (WorkbenchRuns *self, const char *aside, GError **error)
{
  g_autofree char *name = g_path_get_basename (aside), *to = NULL;
  char *number = g_strrstr (name, "~");

  if (number != NULL)
    *number = '\0';
  to = g_build_filename (self->parent, name, NULL);
  if (g_file_test (to, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s exists again; the deleted run is in %s"), to, aside);
      return FALSE;
    }
  if (!move (aside, to, error))
    return FALSE;
  workbench_runs_refresh (self);
  return TRUE;
}

static gpointer
remove_for_good (gpointer data)
{
  g_autofree char *path = data;
  g_autoptr (GFile) file = g_file_new_for_path (path);

  if (!g_file_trash (file, NULL, NULL))
    dfkd_folder_remove (path);
  return NULL;
}

void
workbench_runs_end_deletion (const char *aside)
{
  g_thread_unref (g_thread_new ("dfkd-delete", remove_for_good, g_strdup (aside)));
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
  g_clear_pointer (&self->parent, g_free);
  G_OBJECT_CLASS (workbench_runs_parent_class)->dispose (object);
}

static void
workbench_runs_class_init (WorkbenchRunsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = workbench_runs_dispose;
  refreshed = g_signal_new ("refreshed", WORKBENCH_TYPE_RUNS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_runs_init (WorkbenchRuns *self)
{
  self->entries = g_list_store_new (WORKBENCH_TYPE_RUN_ENTRY);
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
