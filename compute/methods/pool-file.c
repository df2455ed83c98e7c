/* pool-file.c: the pool on disk: appended to, read here and there, never changed in the middle. */
#include "pool-file.h"

#include "atomic-file.h"
#include "errors.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct _DfkdPoolFile
{
  int fd;
  char *path; /* of a temporary file: its folder */
  gsize image_bytes;
  guint64 count;
  GChecksum *sum; /* of all images */
};

enum {
  PIECE = 1 << 20, /* bytes read at once where the whole file is read */
  AT_REST = 2,     /* seconds that a file must not have changed, so that a later change shows by its time */
};

/* What was read last: who resumes a run asks several times, and to read gigabytes takes its time. */
static struct {
  GMutex lock;
  struct stat status;
  gsize image_bytes;
  guint64 count;
  GChecksum *sum; /* of these; NULL: nothing yet */
} found;

static DfkdPoolFile *
take (int fd, const char *path, gsize image_bytes)
{
  DfkdPoolFile *file = g_new0 (DfkdPoolFile, 1);

  file->fd = fd;
  file->path = g_strdup (path);
  file->image_bytes = image_bytes;
  file->sum = g_checksum_new (G_CHECKSUM_SHA256);
  return file;
}

/* /tmp is often memory, which the pool is to spare */
static const char *
temporary_folder (void)
{
  const char *folder = g_getenv ("TMPDIR");

  if (folder != NULL && *folder != '\0')
    return folder;
  return access ("/var/tmp", W_OK) == 0 ? "/var/tmp" : g_get_tmp_dir ();
}

static DfkdPoolFile *
new_temporary (gsize image_bytes, GError **error)
{
  const char *folder = temporary_folder ();
  g_autofree char *path = g_build_filename (folder, "dfkd-pool-XXXXXX", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      dfkd_write_error (path, errno, error);
      return NULL;
    }
  g_unlink (path); /* it lasts as long as it is open */
  return take (fd, path, image_bytes);
}

DfkdPoolFile *
dfkd_pool_file_new (const char *folder, gsize image_bytes, GError **error)
{
  g_autofree char *path = NULL;
  int fd;

  if (folder == NULL)
    return new_temporary (image_bytes, error);
  path = g_build_filename (folder, "pool.u8", NULL);
  fd = g_open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      dfkd_write_error (path, errno, error);
      return NULL;
    }
  dfkd_sync_folder (path);
  return take (fd, path, image_bytes);
}

static gboolean
read_at (DfkdPoolFile *file, guint64 offset, gsize bytes, guint8 *data, GError **error)
{
  while (bytes > 0)
    {
      gssize done = pread (file->fd, data, bytes, (off_t) offset);

      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0)
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("%s cannot be read: %s"), file->path, g_strerror (errno));
      else if (done == 0)
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT, _("the pool %s is cut short: %.0f images belong to it"),
                     file->path, (double) file->count);
      if (done <= 0)
        return FALSE;
      data += done;
      offset += (guint64) done;
      bytes -= (gsize) done;
    }
  return TRUE;
}

static gboolean
is_same (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec
         && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* (transfer full) (nullable): the checksum of the first @count images, where it is known */
static GChecksum *
recall (const DfkdPoolFile *file, guint64 count)
{
  struct stat status;
  GChecksum *sum = NULL;

  if (fstat (file->fd, &status) != 0)
    return NULL;
  g_mutex_lock (&found.lock);
  if (found.sum != NULL && found.image_bytes == file->image_bytes && found.count == count && is_same (&status, &found.status))
    sum = g_checksum_copy (found.sum);
  g_mutex_unlock (&found.lock);
  return sum;
}

/* @before: of the file, before its first @count images were read */
static void
remember (const DfkdPoolFile *file, guint64 count, const struct stat *before)
{
  struct stat status;

  if (fstat (file->fd, &status) != 0 || !is_same (before, &status) || g_get_real_time () / G_USEC_PER_SEC - status.st_ctim.tv_sec < AT_REST)
    return;
  g_mutex_lock (&found.lock);
  g_clear_pointer (&found.sum, g_checksum_free);
  found.status = status;
  found.image_bytes = file->image_bytes;
  found.count = count;
  found.sum = g_checksum_copy (file->sum);
  g_mutex_unlock (&found.lock);
}

/* takes the first @count images into the checksum */
static gboolean
read_all (DfkdPoolFile *file, guint64 count, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  guint64 bytes;

  if (!g_uint64_checked_mul (&bytes, count, file->image_bytes) || bytes > G_MAXINT64)
    bytes = G_MAXINT64; /* which no file has */
  for (guint64 done = 0; done < bytes;)
    {
      gsize some = (gsize) MIN (bytes - done, PIECE);

      if (!read_at (file, done, some, piece, error))
        return FALSE;
      g_checksum_update (file->sum, piece, (gssize) some);
      done += some;
    }
  return TRUE;
}

/* takes the first @count images into the count and the checksum */
static gboolean
check (DfkdPoolFile *file, guint64 count, const char *sha256, GError **error)
{
  g_autoptr (GChecksum) known = recall (file, count), copy = NULL;
  struct stat before;

  file->count = count;
  if (known != NULL)
    {
      g_checksum_free (file->sum);
      file->sum = g_steal_pointer (&known);
    }
  else
    {
      const gboolean has_status = fstat (file->fd, &before) == 0;

      if (!read_all (file, count, error))
        return FALSE;
      if (has_status)
        remember (file, count, &before);
    }
  copy = g_checksum_copy (file->sum);
  if (g_strcmp0 (g_checksum_get_string (copy), sha256) == 0)
    return TRUE;
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
               _("the pool %s is damaged: the checksum of its images is wrong; put back a good copy, or start a new run"), file->path);
  return FALSE;
}

/* to be read, its first @count images checked */
static DfkdPoolFile *
open_checked (const char *folder, int mode, gsize image_bytes, guint64 count, const char *sha256, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "pool.u8", NULL);
  g_autoptr (DfkdPoolFile) file = NULL;
  int fd = g_open (path, mode | O_CLOEXEC, 0);
  struct stat status;

  if (fd < 0)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FILE, _("the pool %s cannot be opened: %s; without it the run cannot be resumed"),
                   path, g_strerror (errno));
      return NULL;
    }
  file = take (fd, path, image_bytes);
  if (fstat (fd, &status) == 0 && (guint64) status.st_size / image_bytes < count)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT,
                   _("the pool %s is cut short: it holds %.0f of the %.0f images of the snapshot; put back a good copy, or start a new run"),
                   path, (double) ((guint64) status.st_size / image_bytes), (double) count);
      return NULL;
    }
  return check (file, count, sha256, error) ? g_steal_pointer (&file) : NULL;
}

gboolean
dfkd_pool_file_check (const char *folder, gsize image_bytes, guint64 count, const char *sha256, GError **error)
{
  g_autoptr (DfkdPoolFile) file = open_checked (folder, O_RDONLY, image_bytes, count, sha256, error);

  return file != NULL;
}

DfkdPoolFile *
dfkd_pool_file_open (const char *folder, gsize image_bytes, guint64 count, const char *sha256, GError **error)
{
  g_autoptr (DfkdPoolFile) file = open_checked (folder, O_RDWR, image_bytes, count, sha256, error);

  if (file != NULL && ftruncate (file->fd, (off_t) (count * image_bytes)) != 0)
    {
      dfkd_write_error (file->path, errno, error);
      return NULL;
    }
  return g_steal_pointer (&file);
}

void
dfkd_pool_file_free (DfkdPoolFile *file)
{
  if (file == NULL)
    return;
  close (file->fd);
  g_checksum_free (file->sum);
  g_free (file->path);
  g_free (file);
}

guint64
dfkd_pool_file_count (const DfkdPoolFile *file)
{
  return file->count;
}

gboolean
dfkd_pool_file_append (DfkdPoolFile *file, const guint8 *images, gsize count, GError **error)
{
  guint64 start = file->count * file->image_bytes;
  gsize bytes = count * file->image_bytes;

  for (gsize done = 0; done < bytes;)
    {
      gssize some = pwrite (file->fd, images + done, bytes - done, (off_t) (start + done));

      if (some < 0 && errno == EINTR)
        continue;
      if (some <= 0)
        {
          int number = some < 0 ? errno : EIO;

          (void) !ftruncate (file->fd, (off_t) start); /* the next append would write over it anyway */
          return dfkd_write_error (file->path, number, error);
        }
      done += (gsize) some;
    }
  g_checksum_update (file->sum, images, (gssize) bytes);
  file->count += count;
  return TRUE;
}

gboolean
dfkd_pool_file_gather (DfkdPoolFile *file, const guint32 *index, gsize n, guint8 *images, GError **error)
{
  /* told of all at once, a disk reads them side by side */
  for (gsize i = 0; i < n; i++)
    posix_fadvise (file->fd, (off_t) ((guint64) index[i] * file->image_bytes), (off_t) file->image_bytes, POSIX_FADV_WILLNEED);
  for (gsize i = 0; i < n; i++)
    if (!read_at (file, (guint64) index[i] * file->image_bytes, file->image_bytes, images + i * file->image_bytes, error))
      return FALSE;
  return TRUE;
}

gboolean
dfkd_pool_file_read (DfkdPoolFile *file, guint64 first, gsize count, guint8 *images, GError **error)
{
  return read_at (file, first * file->image_bytes, count * file->image_bytes, images, error);
}

char *
dfkd_pool_file_sync (DfkdPoolFile *file, GError **error)
{
  g_autoptr (GChecksum) copy = NULL;

  if (ftruncate (file->fd, (off_t) (file->count * file->image_bytes)) != 0 || fsync (file->fd) != 0)
    {
      dfkd_write_error (file->path, errno, error);
      return NULL;
    }
  copy = g_checksum_copy (file->sum);
  return g_strdup (g_checksum_get_string (copy));
}
