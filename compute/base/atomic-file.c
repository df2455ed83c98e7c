/* atomic-file.c: write beside, fsync, rename, fsync the folder. */
#include "atomic-file.h"

#include "errors.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BESIDE ".tmp-" /* between a name and random letters, as people do not call files */

enum {
  RANDOM = 6,      /* letters and digits */
  MOST_LINKS = 40, /* one after another, as the kernel has it */
};

gboolean
dfkd_write_error (const char *path, int number, GError **error)
{
  const char *advice;

  switch (number)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      advice = _("free some space or choose another folder");
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      advice = _("choose a folder that you may write to");
      break;
    case ENOENT:
    case ENOTDIR:
      advice = _("create its folder first");
      break;
    case EISDIR:
    case EEXIST:
    case ENOTEMPTY:
      advice = _("a folder of that name is in the way; choose another name");
      break;
    default:
      advice = _("an earlier file of that name is unchanged");
    }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be written: %s; %s"), path, g_strerror (number), advice);
  return FALSE;
}

/* @return 0 or an errno */
static int
write_all (int fd, const guint8 *data, gsize size)
{
  while (size > 0)
    {
      gssize done = write (fd, data, MIN (size, (gsize) 1 << 30));

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        return done < 0 ? errno : EIO;
      data += done;
      size -= (gsize) done;
    }
  return 0;
}

static int
write_parts (int fd, GBytes *const *parts, gsize n)
{
  int number = 0;

  for (gsize i = 0; i < n && number == 0; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (parts[i], &size);

      number = write_all (fd, data, size);
    }
  return number == 0 && fsync (fd) != 0 ? errno : number;
}

/* Some file systems cannot sync a folder; the file is complete all the same. */
void
dfkd_sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  (void) !fsync (fd);
  close (fd);
}

/* The file that links lead to, which may not exist yet: it is replaced, and they stay. A device or pipe would be replaced by a file,
 * which is never meant. Returns: (transfer full) (nullable) */
static char *
find_target (const char *path, GError **error)
{
  g_autofree char *target = g_strdup (path);
  GStatBuf status;

  for (guint i = 0; i < MOST_LINKS; i++)
    {
      g_autofree char *link = g_file_read_link (target, NULL), *folder = g_path_get_dirname (target);

      if (link == NULL)
        {
          if (g_lstat (target, &status) != 0 || S_ISREG (status.st_mode) || S_ISDIR (status.st_mode))
            return g_steal_pointer (&target);
          g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s is a device or a pipe, expected a file; choose another name"), path);
          return NULL;
        }
      g_free (target);
      target = g_path_is_absolute (link) ? g_strdup (link) : g_build_filename (folder, link, NULL);
    }
  dfkd_write_error (path, ELOOP, error);
  return NULL;
}

/* a new file beside @path, by a name that dfkd_atomic_stem() knows; @beside: (out) (transfer full). Returns: its descriptor, or −1 */
static int
open_beside (const char *path, char **beside, GError **error)
{
  int fd;

  *beside = g_strconcat (path, BESIDE "XXXXXX", NULL);
  fd = g_mkstemp_full (*beside, O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0)
    dfkd_write_error (path, errno, error);
  return fd;
}

gboolean
dfkd_atomic_check (const char *path, GError **error)
{
  g_autofree char *target = find_target (path, error), *beside = NULL;
  int fd;

  if (target == NULL)
    return FALSE;
  if (g_file_test (target, G_FILE_TEST_IS_DIR))
    return dfkd_write_error (path, EISDIR, error);
  fd = open_beside (target, &beside, error);
  if (fd < 0)
    return FALSE;
  close (fd);
  g_unlink (beside);
  return TRUE;
}

/* who may read a file stays as it was; some file systems know no such thing */
static void
keep_mode (const char *path, int fd)
{
  GStatBuf status;

  if (g_stat (path, &status) == 0)
    (void) !fchmod (fd, status.st_mode & 0777);
}

gboolean
dfkd_atomic_write (const char *path, GBytes *const *parts, gsize n, GError **error)
{
  g_autofree char *target = find_target (path, error), *beside = NULL;
  int fd = target != NULL ? open_beside (target, &beside, error) : -1, number;

  if (fd < 0)
    return FALSE;
  keep_mode (target, fd);
  number = write_parts (fd, parts, n);
  if (close (fd) != 0 && number == 0)
    number = errno;
  if (number == 0 && g_rename (beside, target) != 0)
    number = errno;
  if (number != 0)
    {
      g_unlink (beside);
      return dfkd_write_error (path, number, error);
    }
  dfkd_sync_folder (target);
  return TRUE;
}

char *
dfkd_atomic_stem (const char *name)
{
  const char *mark = g_strrstr (name, BESIDE);
  const char *letters = mark != NULL ? mark + strlen (BESIDE) : "";

  if (strlen (letters) != RANDOM)
    return NULL;
  for (guint i = 0; i < RANDOM; i++)
    if (!g_ascii_isalnum (letters[i]))
      return NULL;
  return g_strndup (name, (gsize) (mark - name));
}

void
dfkd_atomic_remove (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf status;

  if (g_lstat (path, &status) == 0 && S_ISREG (status.st_mode))
    g_unlink (path);
}

void
dfkd_atomic_clean (const char *path)
{
  g_autofree char *target = find_target (path, NULL), *folder = g_path_get_dirname (target != NULL ? target : path);
  g_autofree char *wanted = g_path_get_basename (target != NULL ? target : path);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *stem = dfkd_atomic_stem (name);

      if (g_strcmp0 (stem, wanted) == 0)
        dfkd_atomic_remove (folder, name);
    }
}
