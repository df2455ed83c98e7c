/* workbench-experiment.c: one reading at a time, each in a thread, with a pause between them that keeps their cost small. */
#include "workbench-experiment.h"

#include <glib/gstdio.h>

enum {
  LEAST_PAUSE = 2000, /* milliseconds between two readings */
  SHARE = 20,         /* of the time, at most one in so many goes into reading */
};

/* what a reading leaves for the next; used by one thread at a time */
typedef struct {
  char *file;   /* that was read */
  char *folder; /* of the runs */
  GStatBuf status; /* of the file */
  DfkdExperiment *experiment;
  DfkdExperimentResults *results;
} Memory;

typedef struct {
  Memory *memory;                   /* owned by the reading while it goes on */
  char *path, *folder;              /* as they were asked for; @folder: (nullable) */
  WorkbenchExperimentTable *before; /* (nullable) */
  guint pause;                      /* (out) milliseconds */
} Reading;

struct _WorkbenchExperiment
{
  GObject parent_instance;

  char *path, *wanted_folder, *folder, *problem;
  WorkbenchExperimentTable *table;
  Memory *memory; /* NULL while a reading has it */
  guint timer;
  gboolean reading, again, closed;
};

G_DEFINE_FINAL_TYPE (WorkbenchExperiment, workbench_experiment, G_TYPE_OBJECT)

static guint changed;

static void
forget (Memory *memory)
{
  g_clear_pointer (&memory->results, dfkd_experiment_results_free); /* it looks into the experiment */
  g_clear_pointer (&memory->experiment, dfkd_experiment_free);
  g_clear_pointer (&memory->file, g_free);
  g_clear_pointer (&memory->folder, g_free);
}

static void
memory_free (Memory *memory)
{
  forget (memory);
  g_free (memory);
}

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_clear_pointer (&reading->memory, memory_free);
  g_clear_object (&reading->before);
  g_free (reading->path);
  g_free (reading->folder);
  g_free (reading);
}

/* ------------------------------------------------------------------------------------------------ in a thread */

/* Returns: (transfer full): of the experiment that is opened as @path */
static char *
file_of (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR) ? g_build_filename (path, DFKD_EXPERIMENT_COPY, NULL) : g_strdup (path);
}

/* where the runs of @file are */
static char *
find_folder (const char *file)
{
  g_autofree char *name = g_path_get_basename (file), *beside = g_path_get_dirname (file);
  g_autofree char *usual = dfkd_experiment_default_folder (file), *other = g_build_filename (beside, usual, NULL);

  if (g_str_equal (name, DFKD_EXPERIMENT_COPY))
    return g_steal_pointer (&beside);
  if (!g_file_test (usual, G_FILE_TEST_IS_DIR) && g_file_test (other, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&other);
  return g_steal_pointer (&usual);
}

/* the experiment and its results, of the last time where nothing but the runs can have changed */
static gboolean
load (Memory *memory, const Reading *reading, GError **error)
{
  g_autofree char *file = file_of (reading->path);
  g_autofree char *folder = reading->folder != NULL ? g_strdup (reading->folder) : find_folder (file);
  GStatBuf status = { 0 };

  if (g_stat (file, &status) == 0 && memory->results != NULL && g_strcmp0 (memory->file, file) == 0 && g_strcmp0 (memory->folder, folder) == 0
      && memory->status.st_mtime == status.st_mtime && memory->status.st_size == status.st_size && memory->status.st_ino == status.st_ino)
    return TRUE;
  forget (memory);
  memory->experiment = dfkd_experiment_load (file, error);
  memory->folder = g_strdup (folder);
  if (memory->experiment == NULL)
    return FALSE;
  memory->file = g_steal_pointer (&file);
  memory->status = status;
  memory->results = dfkd_experiment_results_new (memory->experiment, folder);
  return TRUE;
}

static void
read_runs (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  const gint64 begin = g_get_monotonic_time ();
  g_autoptr (WorkbenchExperimentTable) table = NULL;
  GError *error = NULL;

  if (!load (reading->memory, reading, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  dfkd_experiment_results_refresh (reading->memory->results, NULL);
  table = workbench_experiment_table_new (reading->memory->results);
  if (reading->before != NULL && workbench_experiment_table_equal (reading->before, table))
    g_set_object (&table, reading->before);
  reading->pause = (guint) MIN (SHARE * (g_get_monotonic_time () - begin) / 1000, G_MAXINT);
  g_task_return_pointer (task, g_steal_pointer (&table), g_object_unref);
}

/* ---------------------------------------------------------------------------------------- in the main thread */

static void begin (WorkbenchExperiment *self);

static gboolean
on_timer (gpointer data)
{
  WorkbenchExperiment *self = data;

  self->timer = 0;
  begin (self);
  return G_SOURCE_REMOVE;
}

static void
on_read (GObject *object, GAsyncResult *result, gpointer data)
{
  WorkbenchExperiment *self = WORKBENCH_EXPERIMENT (object);
  Reading *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (WorkbenchExperimentTable) table = g_task_propagate_pointer (G_TASK (result), &error);
  const char *problem = error != NULL ? error->message : NULL;
  gboolean news;

  self->reading = FALSE;
  self->memory = g_steal_pointer (&reading->memory);
  if (self->closed)
    return;
  news = g_strcmp0 (self->folder, self->memory->folder) != 0 || g_strcmp0 (self->problem, problem) != 0;
  g_free (self->folder);
  self->folder = g_strdup (self->memory->folder);
  g_free (self->problem);
  self->problem = g_strdup (problem);
  if (table != NULL)
    news = g_set_object (&self->table, table) || news;
  if (self->again)
    begin (self);
  else
    self->timer = g_timeout_add (MAX (reading->pause, LEAST_PAUSE), on_timer, self);
  if (news)
    g_signal_emit (self, changed, 0);
}

static void
begin (WorkbenchExperiment *self)
{
  g_autoptr (GTask) task = NULL;
  Reading *reading;

  g_clear_handle_id (&self->timer, g_source_remove);
  self->again = self->reading;
  if (self->reading || self->closed)
    return;
  reading = g_new0 (Reading, 1);
  reading->memory = g_steal_pointer (&self->memory);
  reading->path = g_strdup (self->path);
  reading->folder = g_strdup (self->wanted_folder);
  reading->before = self->table != NULL ? g_object_ref (self->table) : NULL;
  self->reading = TRUE;
  task = g_task_new (self, NULL, on_read, NULL);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_runs);
}

static void
workbench_experiment_finalize (GObject *object)
{
  WorkbenchExperiment *self = WORKBENCH_EXPERIMENT (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->memory, memory_free);
  g_clear_object (&self->table);
  g_free (self->path);
  g_free (self->wanted_folder);
  g_free (self->folder);
  g_free (self->problem);
  G_OBJECT_CLASS (workbench_experiment_parent_class)->finalize (object);
}

static void
workbench_experiment_class_init (WorkbenchExperimentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = workbench_experiment_finalize;
  changed = g_signal_new ("changed", WORKBENCH_TYPE_EXPERIMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
workbench_experiment_init (WorkbenchExperiment *self)
{
  self->memory = g_new0 (Memory, 1);
}

WorkbenchExperiment *
workbench_experiment_new (const char *path)
{
  WorkbenchExperiment *self = g_object_new (WORKBENCH_TYPE_EXPERIMENT, NULL);

  self->path = g_strdup (path);
  begin (self);
  return self;
}

void
workbench_experiment_close (WorkbenchExperiment *self)
{
  self->closed = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
}

WorkbenchExperimentTable *
workbench_experiment_get_table (WorkbenchExperiment *self)
{
  return self->table;
}

const char *
workbench_experiment_get_problem (WorkbenchExperiment *self)
{
  return self->problem;
}

const char *
workbench_experiment_get_path (WorkbenchExperiment *self)
{
  return self->path;
}

char *
workbench_experiment_get_file (WorkbenchExperiment *self)
{
  g_autofree char *file = file_of (self->path);

  return g_canonicalize_filename (file, NULL);
}

const char *
workbench_experiment_get_folder (WorkbenchExperiment *self)
{
  return self->wanted_folder != NULL ? self->wanted_folder : self->folder;
}

void
workbench_experiment_set_folder (WorkbenchExperiment *self, const char *folder)
{
  g_free (self->wanted_folder);
  self->wanted_folder = g_strdup (folder);
  begin (self);
}

void
workbench_experiment_refresh (WorkbenchExperiment *self)
{
  begin (self);
}
