/* test-pool.c: the pool's file by itself (appending, a full disk, damage, a crash between two snapshots), and both forms
 * of the pool side by side: the same images kept, the same images drawn. On the device named by --device. */
#include "build.h"
#include "errors.h"
#include "pool.h"
#include "pool-file.h"
#include "test-device.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  SIZE = 3 * 5 * 3, /* bytes of an image: no multiple of a word */
  BATCH = 6,
  PURPOSE = 9,
};

static DfkdDevice *device;

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = g_dir_make_tmp ("dfkd-pool-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "pool.u8", NULL);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->path);
  g_free (f->folder);
}

/* byte i of image n */
static guint8
pixel (gsize n, gsize i)
{
  return (guint8) (n * 31 + i * 7 + n / 8);
}

static guint8 *
new_images (gsize first, gsize count)
{
  guint8 *images = g_malloc (count * SIZE);

  for (gsize i = 0; i < count * SIZE; i++)
    images[i] = pixel (first + i / SIZE, i % SIZE);
  return images;
}

static void
append (DfkdPoolFile *file, gsize count)
{
  g_autofree guint8 *images = new_images ((gsize) dfkd_pool_file_count (file), count);
  g_autoptr (GError) error = NULL;

  dfkd_pool_file_append (file, images, count, &error);
  g_assert_no_error (error);
}

static void
assert_file (DfkdPoolFile *file, guint64 count)
{
  g_autofree guint8 *images = g_malloc (count * SIZE), *wanted = new_images (0, count);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (dfkd_pool_file_count (file), ==, count);
  dfkd_pool_file_read (file, 0, count, images, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (images, count * SIZE, wanted, count * SIZE);
}

static guint64
length_of (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return (guint64) status.st_size;
}

static char *
sync_file (DfkdPoolFile *file)
{
  g_autoptr (GError) error = NULL;
  char *sum = dfkd_pool_file_sync (file, &error);

  g_assert_no_error (error);
  return sum;
}

static void
test_file (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPoolFile) file = dfkd_pool_file_new (f->folder, SIZE, &error), temporary = NULL;
  const guint32 index[] = { 9, 0, 9, 4 };
  guint8 drawn[4 * SIZE];

  g_assert_no_error (error);
  append (file, 4);
  append (file, 6);
  assert_file (file, 10);
  g_assert_true (dfkd_pool_file_gather (file, index, 4, drawn, &error));
  for (gsize i = 0; i < sizeof drawn; i++)
    g_assert_cmpuint (drawn[i], ==, pixel (index[i / SIZE], i % SIZE));

  temporary = dfkd_pool_file_new (NULL, SIZE, &error);
  g_assert_no_error (error);
  append (temporary, 3);
  assert_file (temporary, 3);
}

/* A crash leaves more than the snapshot knows, or half of it: what is behind goes, and the checksum goes on. */
static void
test_resume (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPoolFile) file = dfkd_pool_file_new (f->folder, SIZE, &error);
  g_autofree char *early = NULL, *late = NULL, *again = NULL;

  append (file, 5);
  early = sync_file (file);
  append (file, 4);
  late = sync_file (file);
  append (file, 2);
  g_clear_pointer (&file, dfkd_pool_file_free);

  file = dfkd_pool_file_open (f->folder, SIZE, 9, late, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length_of (f->path), ==, 9 * SIZE);
  assert_file (file, 9);
  g_clear_pointer (&file, dfkd_pool_file_free);

  file = dfkd_pool_file_open (f->folder, SIZE, 5, early, &error);
  g_assert_no_error (error);
  append (file, 4);
  again = sync_file (file);
  g_assert_cmpstr (again, ==, late);
}

/* bytes that this process has read from files so far; 0: nobody counts them here */
static guint64
bytes_read (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/self/io", &text, NULL, NULL) || !g_str_has_prefix (text, "rchar: "))
    return 0;
  return g_ascii_strtoull (text + strlen ("rchar: "), NULL, 10);
}

/* what has been at rest is read once, however often it is asked for, until it changes */
static void
test_asked_again (Fixture *f, gconstpointer unused)
{
  enum { IMAGES = 40000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPoolFile) file = dfkd_pool_file_new (f->folder, SIZE, &error);
  g_autofree char *sum = NULL, *of_all = NULL, *later = NULL, *contents = NULL;
  guint64 before, once, again;
  gsize length;

  append (file, IMAGES);
  sum = sync_file (file);
  g_clear_pointer (&file, dfkd_pool_file_free);
  g_usleep (3 * G_USEC_PER_SEC);
  before = bytes_read ();
  g_assert_true (dfkd_pool_file_check (f->folder, SIZE, IMAGES, sum, &error));
  once = bytes_read () - before;
  if (before > 0)
    g_assert_cmpuint (once, >=, IMAGES * SIZE);
  before = bytes_read ();
  g_assert_true (dfkd_pool_file_check (f->folder, SIZE, IMAGES, sum, &error));
  g_assert_false (dfkd_pool_file_check (f->folder, SIZE, IMAGES, "another", NULL));
  file = dfkd_pool_file_open (f->folder, SIZE, IMAGES, sum, &error);
  again = bytes_read () - before;
  g_test_message ("%" G_GUINT64_FORMAT " bytes read, then %" G_GUINT64_FORMAT, once, again);
  g_assert_no_error (error);
  g_assert_cmpuint (again, <, IMAGES);

  /* it goes on as if it had been read; fewer of them are others */
  of_all = sync_file (file);
  g_assert_cmpstr (of_all, ==, sum);
  append (file, 1);
  later = sync_file (file);
  g_clear_pointer (&file, dfkd_pool_file_free);
  g_assert_true (dfkd_pool_file_check (f->folder, SIZE, IMAGES + 1, later, &error));
  g_assert_true (dfkd_pool_file_check (f->folder, SIZE, IMAGES, sum, &error));
  g_assert_false (dfkd_pool_file_check (f->folder, SIZE, IMAGES - 1, sum, NULL));

  g_usleep (3 * G_USEC_PER_SEC);
  g_assert_true (dfkd_pool_file_check (f->folder, SIZE, IMAGES, sum, &error));
  g_assert_true (g_file_get_contents (f->path, &contents, &length, NULL));
  contents[5 * SIZE] ^= 1;
  {
    int fd = open (f->path, O_WRONLY);

    g_assert_cmpint (pwrite (fd, contents + 5 * SIZE, 1, 5 * SIZE), ==, 1);
    close (fd);
  }
  g_assert_false (dfkd_pool_file_check (f->folder, SIZE, IMAGES, sum, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
}

static void
test_damage (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPoolFile) file = dfkd_pool_file_new (f->folder, SIZE, &error);
  g_autofree char *sum = NULL, *contents = NULL;
  gsize length;

  append (file, 8);
  sum = sync_file (file);
  g_clear_pointer (&file, dfkd_pool_file_free);
  g_assert_true (g_file_get_contents (f->path, &contents, &length, NULL));

  contents[3 * SIZE + 1] ^= 4;
  g_assert_true (g_file_set_contents (f->path, contents, (gssize) length, NULL));
  g_assert_null (dfkd_pool_file_open (f->folder, SIZE, 8, sum, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_nonnull (strstr (error->message, "damaged"));
  g_assert_cmpuint (length_of (f->path), ==, length); /* left as it is, for whoever can mend it */
  g_clear_error (&error);

  contents[3 * SIZE + 1] ^= 4;
  g_assert_true (g_file_set_contents (f->path, contents, (gssize) length - 1, NULL));
  g_assert_null (dfkd_pool_file_open (f->folder, SIZE, 8, sum, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_nonnull (strstr (error->message, "7 of the 8 images"));
  g_clear_error (&error);
  g_assert_null (dfkd_pool_file_open (f->folder, SIZE, G_MAXUINT64 / 2, sum, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  g_clear_error (&error);

  g_unlink (f->path);
  g_assert_null (dfkd_pool_file_open (f->folder, SIZE, 8, sum, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, f->path));
  g_clear_error (&error);

  /* cut while it is in use */
  file = dfkd_pool_file_new (f->folder, SIZE, &error);
  append (file, 8);
  g_assert_cmpint (truncate (f->path, 3 * SIZE), ==, 0);
  {
    const guint32 index[] = { 2, 5 };
    guint8 drawn[2 * SIZE];

    g_assert_false (dfkd_pool_file_gather (file, index, 2, drawn, &error));
    g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
    g_assert_nonnull (strstr (error->message, f->path));
  }
}

/* A limit on the size of files stands for a full disk: the kernel cuts the write short, then refuses. */
static void
test_no_space (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdPoolFile) file = dfkd_pool_file_new (f->folder, SIZE, &error), straight = dfkd_pool_file_new (NULL, SIZE, &error);
  g_autofree guint8 *images = new_images (4, 4);
  g_autofree char *sum = NULL, *wanted = NULL;
  struct rlimit before, small;
  void (*handler) (int) = signal (SIGXFSZ, SIG_IGN);
  gboolean written;

  append (file, 4);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 6 * SIZE + 1;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  written = dfkd_pool_file_append (file, images, 4, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, handler);

  g_assert_false (written);
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_nonnull (strstr (error->message, "space"));
  g_assert_cmpuint (length_of (f->path), ==, 4 * SIZE);
  assert_file (file, 4);

  append (file, 4); /* once there is space it goes on */
  assert_file (file, 8);
  sum = sync_file (file);
  append (straight, 8);
  wanted = sync_file (straight);
  g_assert_cmpstr (sum, ==, wanted);
}

/* --------------------------------------------------------------------------------------------- the two forms */

typedef struct {
  DfkdBlock *source;
  DfkdPool *pool;
  DfkdProgram *program; /* draws and reads back */
  gsize drawn;          /* images a step */
} Form;

static Form
form_new (gsize images, guint64 memory, gsize drawn)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("drawing");
  Form form = { .source = dfkd_block_new ("source"), .drawn = drawn };
  DfkdPoolOptions options = { .source = form.source, .variable = 1, .images = images, .drawn = drawn == BATCH ? 0 : drawn, .memory = memory };

  dfkd_block_add (form.source, "something", dfkd_shape (3, 0, 0, 0));
  dfkd_block_add (form.source, "images", dfkd_shape (BATCH, 3, 5, 3));
  g_assert_true (dfkd_device_allocate (device, form.source, &error));
  form.pool = dfkd_pool_new (device, &options, &error);
  g_assert_no_error (error);
  dfkd_read (g, "drawn", dfkd_pool_draw (form.pool, g, dfkd_graph_counter (g, "draw"), drawn, PURPOSE));
  form.program = dfkd_program_new_lanes (device, g, DFKD_MAX_LANES, &error);
  g_assert_no_error (error);
  return form;
}

static void
form_clear (Form *form)
{
  dfkd_program_free (form->program);
  dfkd_pool_free (form->pool);
  dfkd_block_free (form->source);
}

/* images between -0.1 and 1.1, many of them halfway between two of the 256 values */
static void
keep (Form *form, guint batch)
{
  const DfkdVariable *variable = dfkd_block_get (form->source, 1);
  g_autoptr (GError) error = NULL;
  float images[BATCH * SIZE];

  for (guint i = 0; i < BATCH * SIZE; i++)
    images[i] = (float) ((int) ((i * 37 + batch * 11) % 612) - 51) / 510.0f;
  g_assert_true (dfkd_device_write (device, form->source, variable->offset, images, sizeof images, &error));
  g_assert_true (dfkd_pool_keep (form->pool, &error));
  g_assert_no_error (error);
}

static void
assert_same_images (Form *a, Form *b)
{
  gsize count = (gsize) dfkd_pool_count (a->pool);
  g_autofree guint8 *ours = g_malloc (count * SIZE), *theirs = g_malloc (count * SIZE);

  g_assert_cmpuint (dfkd_pool_count (b->pool), ==, count);
  g_assert_true (dfkd_pool_read (a->pool, 0, count, ours, NULL) && dfkd_pool_read (b->pool, 0, count, theirs, NULL));
  g_assert_cmpmem (ours, count * SIZE, theirs, count * SIZE);
}

/* the images of @n steps from @step on, handed over together */
static float *
draw (Form *form, guint32 step, guint n)
{
  gsize floats = form->drawn * SIZE;
  float *images = g_new (float, n * floats);
  g_autoptr (GError) error = NULL;

  g_assert_true (dfkd_pool_stage (form->pool, 77, step, n, &error));
  dfkd_device_begin_batch (device);
  for (guint i = 0; i < n; i++)
    {
      dfkd_pool_set_dials (form->pool, form->program, i);
      dfkd_program_set_counter (form->program, "draw", 77, step + i, 0);
      g_assert_true (dfkd_program_run (form->program, &error));
    }
  g_assert_true (dfkd_device_end_batch (device, &error) && dfkd_program_wait (form->program, &error));
  for (guint i = 0; i < n; i++)
    memcpy (images + i * floats, dfkd_program_read_run (form->program, "drawn", n - 1 - i, NULL), floats * sizeof (float));
  return images;
}

/* a step draws as many images as a synthesis keeps, or fewer, or more */
static const gsize steps_draw[] = { BATCH, 2, 2 * BATCH + 1 };

static void
test_forms (Fixture *f, gconstpointer at_a_time)
{
  const gsize *a_step = at_a_time, bytes = *a_step * SIZE * sizeof (float);
  Form resident = form_new (5 * BATCH, 1 << 20, *a_step), small = form_new (5 * BATCH, 0, *a_step);
  Form large = form_new (5 * BATCH, 5 * BATCH * SIZE - 1, *a_step);
  g_autoptr (GError) error = NULL;
  guint32 step = 3;

  g_assert_false (dfkd_pool_is_on_disk (resident.pool));
  g_assert_true (dfkd_pool_is_on_disk (small.pool) && dfkd_pool_is_on_disk (large.pool));
  g_assert_true (dfkd_pool_has_room (resident.pool, 5 * BATCH) && !dfkd_pool_has_room (resident.pool, 5 * BATCH + 1));
  g_assert_cmpuint (dfkd_pool_steps (small.pool), ==, 1);
  g_assert_cmpuint (dfkd_pool_steps (large.pool), ==, dfkd_device_has_batches (device) ? MIN (DFKD_MAX_LANES, (5 * BATCH * SIZE - 1) / (*a_step * SIZE)) : 1);
  g_assert_true (dfkd_pool_place (large.pool, f->folder, &error));
  for (guint batch = 0; batch < 5; batch++)
    {
      keep (&resident, batch);
      keep (&small, batch);
      keep (&large, batch);
      assert_same_images (&resident, &small);
      assert_same_images (&resident, &large);
      for (guint i = 0; i < 4; i++)
        {
          g_autofree float *wanted = draw (&resident, step, 1), *one = draw (&small, step, 1);

          g_assert_cmpmem (one, bytes, wanted, bytes);
          step++;
        }
      {
        guint n = dfkd_pool_steps (large.pool);
        g_autofree float *wanted = draw (&resident, step, n), *several = draw (&large, step, n);

        g_assert_cmpmem (several, n * bytes, wanted, n * bytes);
        step += n;
      }
    }
  g_assert_cmpuint (length_of (f->path), ==, 5 * BATCH * SIZE);
  form_clear (&resident);
  form_clear (&small);
  form_clear (&large);
}

/* every image comes up as often as chance has it, old and new ones */
static void
test_uniform (Fixture *f, gconstpointer unused)
{
  enum { IMAGES = 4 * BATCH, STEPS = 400 };
  Form form = form_new (IMAGES, 0, BATCH);
  guint seen[IMAGES] = { 0 };
  const double mean = (double) STEPS * BATCH / IMAGES;

  for (guint n = 0; n < IMAGES; n++)
    {
      guint8 image[SIZE];

      memset (image, (int) n, SIZE);
      g_assert_true (dfkd_pool_append (form.pool, image, 1, NULL));
    }
  for (guint step = 0; step < STEPS; step++)
    {
      g_autofree float *drawn = draw (&form, step, 1);

      for (guint i = 0; i < BATCH; i++)
        seen[lrintf (drawn[i * SIZE] * 255.0f)]++;
    }
  for (guint n = 0; n < IMAGES; n++)
    g_assert_cmpfloat (fabs (seen[n] - mean), <, 5.0 * sqrt (mean));
  form_clear (&form);
}

/* a file that was left behind is read by either form */
static void
test_change_of_form (Fixture *f, gconstpointer unused)
{
  Form on_disk = form_new (5 * BATCH, 0, BATCH), resident = form_new (5 * BATCH, 1 << 20, BATCH), again = form_new (5 * BATCH, 0, BATCH);
  g_autoptr (GError) error = NULL;
  g_autofree char *sum = NULL;

  g_assert_true (dfkd_pool_place (on_disk.pool, f->folder, &error));
  for (guint batch = 0; batch < 3; batch++)
    keep (&on_disk, batch);
  sum = dfkd_pool_sync (on_disk.pool, &error);
  g_assert_no_error (error);
  g_assert_true (dfkd_pool_resume (resident.pool, f->folder, 3 * BATCH, sum, &error));
  g_assert_true (dfkd_pool_resume (again.pool, f->folder, 3 * BATCH, sum, &error));
  assert_same_images (&on_disk, &resident);
  assert_same_images (&on_disk, &again);
  keep (&resident, 3);
  keep (&again, 3);
  assert_same_images (&resident, &again);
  sum[0] = sum[0] == '0' ? '1' : '0';
  g_assert_false (dfkd_pool_resume (resident.pool, f->folder, 3 * BATCH, sum, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_FORMAT);
  form_clear (&on_disk);
  form_clear (&resident);
  form_clear (&again);
}

int
main (int argc, char **argv)
{
  int code;

  device = begin_device_tests (&argc, &argv, NULL, NULL);
#define ADD_FOR(name, data, function) g_test_add ("/pool/" name, Fixture, data, set_up, function, tear_down)
#define ADD(name, function) ADD_FOR (name, NULL, function)
  ADD ("file", test_file);
  ADD ("resume", test_resume);
  ADD ("asked-again", test_asked_again);
  ADD ("damage", test_damage);
  ADD ("no-space", test_no_space);
  ADD_FOR ("forms", &steps_draw[0], test_forms);
  ADD_FOR ("forms-of-few", &steps_draw[1], test_forms);
  ADD_FOR ("forms-of-many", &steps_draw[2], test_forms);
  ADD ("uniform", test_uniform);
  ADD ("change-of-form", test_change_of_form);
  code = g_test_run ();
  dfkd_device_free (device);
  return code;
}
