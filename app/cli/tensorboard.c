/* tensorboard.c: writes the event files of runs, and what came since. */
#include "tensorboard.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

enum {
  PAUSE = 5 * G_USEC_PER_SEC, /* TensorBoard itself looks every 5 seconds (--reload_interval) */
  SHARE = 20,                 /* of the time that writing may take */
};

void
dfkd_tensorboard_copy_clear (DfkdTensorboardCopy *copy)
{
  g_clear_pointer (&copy->path, g_free);
  g_clear_pointer (&copy->told, g_free);
}

char *
dfkd_tensorboard_folder (const char *directory, const char *run_folder)
{
  g_autofree char *whole = g_canonicalize_filename (run_folder, NULL), *name = g_path_get_basename (whole);

  return g_build_filename (directory, name, NULL);
}

/* bytes of its log; −1: there is none */
static goffset
log_size (const char *run_folder)
{
  g_autofree char *log = g_build_filename (run_folder, "events.jsonl", NULL);
  GStatBuf status;

  return g_stat (log, &status) == 0 ? (goffset) status.st_size : -1;
}

static void
tell_lost (const char *run_folder, guint lost)
{
  g_printerr (g_dngettext (GETTEXT_PACKAGE, "%s: the images of %u synthesis cannot be read and are left out\n", "%s: the images of %u syntheses cannot be read and are left out\n", lost),
              run_folder, lost);
}

/* Runs of experiments have the same names. @to: keeps beside the events whose they are; a run that is no longer where it was leaves its place to
 * @another. */
static gboolean
claim (const char *to, const char *run_folder, gboolean *another, GError **error)
{
  g_autofree char *path = g_build_filename (to, ".dfkd-run", NULL), *whole = g_canonicalize_filename (run_folder, NULL), *owner = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (whole, strlen (whole));

  *another = g_file_get_contents (path, &owner, NULL, NULL) && !g_str_equal (owner, whole);
  if (owner != NULL && !*another)
    return TRUE;
  if (owner != NULL && dfkd_run_is_folder (owner))
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT, _("--tensorboard: %s holds the events of %s; write those of %s into another folder"), to, owner, run_folder);
      return FALSE;
    }
  dfkd_atomic_clean (path);
  return dfkd_atomic_write (path, &bytes, 1, error);
}

gboolean
dfkd_tensorboard_write (DfkdTensorboardCopy *copy, const char *directory, const char *run_folder, GError **error)
{
  const gint64 began = g_get_monotonic_time ();
  const goffset size = log_size (run_folder);
  g_autofree char *to = dfkd_tensorboard_folder (directory, run_folder), *path = NULL;
  gboolean another;
  guint lost = 0;

  if (g_mkdir_with_parents (to, 0755) != 0)
    dfkd_write_error (to, errno, error);
  else if (claim (to, run_folder, &another, error))
    path = dfkd_run_write_tensorboard (run_folder, to, another, &lost, error);
  copy->due = g_get_monotonic_time () + MAX (PAUSE, SHARE * (g_get_monotonic_time () - began));
  if (path == NULL)
    return FALSE;
  copy->size = size;
  g_free (copy->path);
  copy->path = g_steal_pointer (&path);
  if (lost > copy->lost)
    tell_lost (run_folder, lost);
  copy->lost = lost;
  return TRUE;
}

gboolean
dfkd_tensorboard_write_on (DfkdTensorboardCopy *copy, const char *directory, const char *run_folder)
{
  const goffset size = log_size (run_folder);
  g_autoptr (GError) error = NULL;

  if (size == copy->size)
    return TRUE;
  if (size < 0 || g_get_monotonic_time () < copy->due) /* a run that begins has no log yet */
    return FALSE;
  if (!dfkd_tensorboard_write (copy, directory, run_folder, &error) && g_strcmp0 (copy->told, error->message) != 0)
    dfkd_command_tell (error->message);
  g_free (copy->told);
  copy->told = error != NULL ? g_strdup (error->message) : NULL;
  return error == NULL;
}
