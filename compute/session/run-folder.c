/* run-folder.c: recipe and summary of a run, and where runs are. */
#include "run-folder.h"

#include "atomic-file.h"
#include "errors.h"
#include "json-input.h"
#include "run-log.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static double
number (JsonObject *object, const char *group, const char *name)
{
  JsonNode *node = group != NULL ? json_object_get_member (object, group) : NULL;

  if (group != NULL)
    {
      if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
        return (double) NAN;
      object = json_node_get_object (node);
    }
  node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : (double) NAN;
}

static guint64
whole (JsonObject *object, const char *name)
{
  double value = number (object, NULL, name);

  return value > 0.0 && value < 9e15 ? (guint64) value : 0;
}

static gboolean
truth (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);
}

static char *
text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  const char *value = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return g_strdup (value != NULL ? value : "");
}

static double
seconds (JsonObject *object, const char *name)
{
  double value = number (object, "seconds", name);

  return value >= 0.0 ? value : 0.0;
}

DfkdRunSummary *
dfkd_run_summary_load (const char *run_folder, GError **error)
{
  g_autofree char *path = g_build_filename (run_folder, "summary.json", NULL), *contents = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) problem = NULL;
  DfkdRunSummary *summary;
  JsonObject *object;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, &problem))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be read: %s"), path, problem->message);
      return NULL;
    }
  root = dfkd_json_parse (contents, (gssize) length, &problem);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("%s is not the summary of a run: %s"), path,
                   problem != NULL ? problem->message : _("expected a JSON object"));
      return NULL;
    }
  object = json_node_get_object (root);
  summary = g_new0 (DfkdRunSummary, 1);
  summary->accuracy = number (object, "accuracy", "final");
  summary->best_accuracy = number (object, "accuracy", "best");
  summary->chosen_accuracy = number (object, "accuracy", "chosen");
  summary->teacher_accuracy = number (object, "accuracy", "teacher");
  summary->clocks = (DfkdClocks){ seconds (object, "generate"), seconds (object, "distil"), seconds (object, "evaluate"),
                                  seconds (object, "show"), seconds (object, "total") };
  summary->finished = truth (object, "finished");
  summary->syntheses = (guint) whole (object, "syntheses");
  summary->chosen_synthesis = (guint) whole (object, "chosen_synthesis");
  summary->images = whole (object, "images");
  summary->device = text (object, "device");
  return summary;
}

void
dfkd_run_summary_free (DfkdRunSummary *summary)
{
  if (summary == NULL)
    return;
  g_free (summary->device);
  g_free (summary);
}

DfkdRecipe *
dfkd_run_recipe_load (const char *run_folder, GError **error)
{
  g_autofree char *path = g_build_filename (run_folder, "recipe.json", NULL);

  return dfkd_recipe_load_kept (path, error);
}

gboolean
dfkd_run_is_folder (const char *path)
{
  g_autofree char *recipe = g_build_filename (path, "recipe.json", NULL), *log = g_build_filename (path, "events.jsonl", NULL);

  return g_file_test (recipe, G_FILE_TEST_IS_REGULAR) && g_file_test (log, G_FILE_TEST_IS_REGULAR);
}

gboolean
dfkd_run_has_finished (const char *run_folder)
{
  g_autoptr (DfkdRunSummary) summary = dfkd_run_summary_load (run_folder, NULL);

  return summary != NULL && summary->finished;
}

gboolean
dfkd_run_is_left_over (const char *run_folder)
{
  g_autoptr (GDir) directory = g_dir_open (run_folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *stem = dfkd_atomic_stem (name);

      if (g_strcmp0 (stem, "recipe.json") != 0)
        return FALSE;
    }
  return directory != NULL;
}

gboolean
dfkd_run_can_resume (const char *run_folder)
{
  g_autofree char *snapshots = g_build_filename (run_folder, "snapshots", NULL);
  g_autoptr (GDir) directory = g_dir_open (snapshots, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    if (g_str_has_suffix (name, ".safetensors"))
      return TRUE;
  return FALSE;
}

static void
note_snapshot (const DfkdEvent *event, gpointer had)
{
  *(gboolean *) had = *(gboolean *) had || event->kind == DFKD_EVENT_SNAPSHOT;
}

/* as its log tells; TRUE where that cannot be read */
static gboolean
had_snapshot (const char *run_folder)
{
  static const DfkdTap tap = { NULL, note_snapshot, NULL };
  g_autofree char *log = g_build_filename (run_folder, "events.jsonl", NULL);
  gboolean had = FALSE;

  return !dfkd_run_log_read (log, G_MAXUINT64, &tap, &had, NULL, NULL, NULL) || had;
}

gboolean
dfkd_run_is_begun (const char *run_folder)
{
  g_autofree char *recipe = g_build_filename (run_folder, "recipe.json", NULL), *path = g_build_filename (run_folder, "summary.json", NULL);
  g_autofree char *student = g_build_filename (run_folder, "student.safetensors", NULL);
  g_autoptr (DfkdRunSummary) summary = NULL;

  if (!g_file_test (recipe, G_FILE_TEST_IS_REGULAR) || dfkd_run_can_resume (run_folder))
    return FALSE;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return !g_file_test (student, G_FILE_TEST_EXISTS);
  summary = dfkd_run_summary_load (run_folder, NULL);
  return summary != NULL && !summary->finished && !had_snapshot (run_folder); /* there was no room for one */
}

gboolean
dfkd_run_can_go_on (const char *run_folder)
{
  return dfkd_run_can_resume (run_folder) || dfkd_run_is_begun (run_folder);
}

typedef struct {
  char *path;
  gint64 changed;
} Found;

static int
compare (gconstpointer a, gconstpointer b)
{
  const Found *x = a, *y = b;

  if (x->changed != y->changed)
    return x->changed > y->changed ? -1 : 1;
  return g_strcmp0 (y->path, x->path);
}

GPtrArray *
dfkd_runs_list (const char *parent)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autoptr (GDir) directory = g_dir_open (parent, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL), *log = g_build_filename (path, "events.jsonl", NULL);
      GStatBuf status;

      if (dfkd_run_is_folder (path) && g_stat (log, &status) == 0)
        {
          Found one = { g_steal_pointer (&path), status.st_mtime };

          g_array_append_val (found, one);
        }
    }
  g_array_sort (found, compare);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (paths, g_array_index (found, Found, i).path);
  return paths;
}

/* whether it is still what @path names: whoever had the lock may have removed the file before giving it back */
static gboolean
is_at (int descriptor, const char *path)
{
  GStatBuf there;
  struct stat here;

  return fstat (descriptor, &here) == 0 && g_stat (path, &there) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

int
dfkd_file_lock (const char *path, DfkdLock lock, const char *taken, GError **error)
{
  static const int operations[] = { [DFKD_LOCK_ALONE] = LOCK_EX | LOCK_NB, [DFKD_LOCK_SHARED] = LOCK_SH | LOCK_NB, [DFKD_LOCK_WAIT] = LOCK_EX };
  int descriptor = g_open (path, O_RDONLY | O_CREAT | O_CLOEXEC, 0644), result;

  if (descriptor < 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be read: %s"), path, g_strerror (errno));
      return -1;
    }
  do
    result = flock (descriptor, operations[lock]);
  while (result != 0 && errno == EINTR); /* by a signal while it waits */
  if (result != 0 && errno == EWOULDBLOCK)
    {
      g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_FILE, taken);
      close (descriptor);
      return -1;
    }
  if (result == 0 && !is_at (descriptor, path)) /* nobody else would meet this lock */
    {
      close (descriptor);
      return dfkd_file_lock (path, lock, taken, error);
    }
  return descriptor;
}

int
dfkd_run_lock (const char *run_folder, GError **error)
{
  g_autofree char *path = g_build_filename (run_folder, "events.jsonl", NULL);
  g_autofree char *taken = g_strdup_printf (_("another run writes in %s; wait until it has ended, or stop it"), run_folder);

  return dfkd_file_lock (path, DFKD_LOCK_ALONE, taken, error);
}

gboolean
dfkd_run_is_written (const char *run_folder)
{
  g_autofree char *path = g_build_filename (run_folder, "events.jsonl", NULL), *locks = NULL, *inode = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean found = FALSE;
  GStatBuf status;

  if (g_stat (path, &status) != 0 || !g_file_get_contents ("/proc/locks", &locks, NULL, NULL))
    return FALSE;
  /* "1: FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF"; some file systems have other device numbers here than stat() has */
  inode = g_strdup_printf (":%" G_GUINT64_FORMAT " ", (guint64) status.st_ino);
  lines = g_strsplit (locks, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    found = found || (strstr (lines[i], " FLOCK ") != NULL && strstr (lines[i], inode) != NULL);
  return found;
}
