/* test-atomic-file.c: after a failed write the earlier file is as it was and nothing lies beside it. */
#include "atomic-file.h"

#include "errors.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = g_dir_make_tmp ("dfkd-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "file", NULL);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (files) != NULL)
    count++;
  return count;
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->path);
  g_free (f->folder);
}

static void
assert_content (const char *path, const char *wanted)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, wanted);
}

static gboolean
write_text (const char *path, const char *one, const char *two, GError **error)
{
  g_autoptr (GBytes) first = g_bytes_new (one, strlen (one)), second = g_bytes_new (two, strlen (two));
  GBytes *parts[] = { first, second };

  return dfkd_atomic_write (path, parts, 2, error);
}

static void
test_replace (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (write_text (f->path, "ear", "lier", &error));
  g_assert_no_error (error);
  assert_content (f->path, "earlier");
  g_assert_true (write_text (f->path, "", "new", &error));
  assert_content (f->path, "new");
  g_assert_true (dfkd_atomic_write (f->path, NULL, 0, &error));
  assert_content (f->path, "");
  g_assert_cmpuint (count_files (f->folder), ==, 1);
}

/* what only its owner may read stays so */
static void
test_mode (Fixture *f, gconstpointer unused)
{
  GStatBuf status;

  for (int mode = 0600; mode <= 0640; mode += 040)
    {
      g_assert_true (write_text (f->path, "one", "", NULL));
      g_assert_cmpint (g_chmod (f->path, mode), ==, 0);
      g_assert_true (write_text (f->path, "two", "", NULL));
      g_assert_cmpint (g_stat (f->path, &status), ==, 0);
      g_assert_cmpint (status.st_mode & 0777, ==, mode);
    }
}

/* the file that links lead to is written, there or not; what is left over beside it is found by the link, too */
static void
test_link (Fixture *f, gconstpointer unused)
{
  g_autofree char *elsewhere = g_build_filename (f->folder, "elsewhere", NULL), *real = g_build_filename (elsewhere, "real", NULL);
  g_autofree char *between = g_build_filename (elsewhere, "between", NULL), *left = g_strconcat (real, ".tmp-Ab12Cd", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (elsewhere, 0700), ==, 0);
  g_assert_cmpint (symlink ("elsewhere/between", f->path), ==, 0);
  g_assert_cmpint (symlink (real, between), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (dfkd_atomic_check (f->path, &error));
      g_assert_true (write_text (f->path, i == 0 ? "one" : "two", "", &error));
      g_assert_no_error (error);
      assert_content (real, i == 0 ? "one" : "two");
      g_assert_true (g_file_test (f->path, G_FILE_TEST_IS_SYMLINK));
      g_assert_true (g_file_test (between, G_FILE_TEST_IS_SYMLINK));
      g_assert_cmpuint (count_files (elsewhere), ==, 2);
      g_assert_cmpuint (count_files (f->folder), ==, 2);
    }
  g_assert_true (g_file_set_contents (left, "", 0, NULL));
  dfkd_atomic_clean (f->path);
  g_assert_cmpuint (count_files (elsewhere), ==, 2);
  g_unlink (real);
  g_unlink (between);
  g_assert_cmpint (symlink ("between", between), ==, 0);
  g_assert_false (write_text (f->path, "one", "", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_unlink (between);
  g_rmdir (elsewhere);
}

/* whoever may would put a file in the place of /dev/null */
static void
test_device (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_false (i == 0 ? dfkd_atomic_check (f->path, &error) : write_text (f->path, "one", "", &error));
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
      g_assert_nonnull (strstr (error->message, f->path));
      g_clear_error (&error);
    }
  g_assert_false (g_file_test (f->path, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpuint (count_files (f->folder), ==, 1);
}

/* A limit on the size of files stands for a full disk: the kernel cuts the write short, then refuses. */
static void
test_no_space (Fixture *f, gconstpointer unused)
{
  g_autofree char *large = g_strnfill (100 * 1000, 'x');
  g_autoptr (GError) error = NULL;
  struct rlimit before, small;
  void (*handler) (int) = signal (SIGXFSZ, SIG_IGN);
  gboolean written;

  g_assert_true (write_text (f->path, "earlier", "", NULL));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 4096;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  written = write_text (f->path, "new", large, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, handler);

  g_assert_false (written);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_nonnull (strstr (error->message, "space"));
  assert_content (f->path, "earlier");
  g_assert_cmpuint (count_files (f->folder), ==, 1);
}

static void
test_missing_folder (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "absent", "file", NULL);
  g_autofree char *under = g_build_filename (f->path, "file", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (write_text (path, "new", "", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "create its folder"));
  g_clear_error (&error);
  /* a file where a folder should be */
  g_assert_true (write_text (f->path, "earlier", "", NULL));
  g_assert_false (write_text (under, "new", "", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  assert_content (f->path, "earlier");
}

static void
test_folder_in_the_way (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (f->path, 0700), ==, 0);
  g_assert_false (write_text (f->path, "new", "", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "in the way"));
  g_assert_cmpuint (count_files (f->folder), ==, 1);
  g_rmdir (f->path);
}

/* It tells beforehand what writing would say, and changes nothing. */
static void
test_check (Fixture *f, gconstpointer unused)
{
  g_autofree char *absent = g_build_filename (f->folder, "absent", "file", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_atomic_check (f->path, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (f->folder), ==, 0);
  g_assert_true (write_text (f->path, "earlier", "", NULL));
  g_assert_true (dfkd_atomic_check (f->path, &error));
  assert_content (f->path, "earlier");
  g_assert_cmpuint (count_files (f->folder), ==, 1);

  g_assert_false (dfkd_atomic_check (absent, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "create its folder"));
  g_clear_error (&error);
  g_assert_false (dfkd_atomic_check (f->folder, &error));
  g_assert_nonnull (strstr (error->message, "in the way"));
  g_clear_error (&error);
  g_assert_false (dfkd_atomic_check ("/proc/dfkd-test", &error));
  g_assert_nonnull (strstr (error->message, "/proc/dfkd-test"));
}

/* Root may write everywhere, so root tries it on a file system that is read-only for everybody. */
static void
test_read_only (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  const char *path = "/proc/dfkd-test";

  if (geteuid () != 0)
    {
      g_assert_true (write_text (f->path, "earlier", "", NULL));
      g_assert_cmpint (g_chmod (f->folder, 0500), ==, 0);
      path = f->path;
    }
  g_assert_false (write_text (path, "new", "", &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, path));
  g_chmod (f->folder, 0700);
  if (path == f->path)
    assert_content (f->path, "earlier");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/atomic-file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("replace", test_replace);
  ADD ("mode", test_mode);
  ADD ("link", test_link);
  ADD ("device", test_device);
  ADD ("no-space", test_no_space);
  ADD ("missing-folder", test_missing_folder);
  ADD ("folder-in-the-way", test_folder_in_the_way);
  ADD ("check", test_check);
  ADD ("read-only", test_read_only);
  return g_test_run ();
}
