/* test-matrices.c: kernels of cooperative matrices, on any device: their matrices are emulated by ordinary arithmetic, all
 * around them is what a GPU runs. And the net below: what computes something wrong is found out, and never used again. */
#include "bad-driver.h"
#include "build.h"
#include "support.h"
#include "device.h"
#include "errors.h"
#include "matrices.h"

#include <glib/gstdio.h>

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { TILINGS = 7, VALUES = 1 << 15, CASES = 3 };

/* matrices: emulated, or emulated:N; NULL: those of the device, if any */
static DfkdDevice *
open_device (const char *kernels, const char *matrices, gboolean tune)
{
  g_autoptr (GError) error = NULL;
  DfkdDevice *device;

  g_setenv ("DFKD_VULKAN_KERNELS", kernels, TRUE);
  g_setenv ("DFKD_VULKAN_TUNE", tune ? "1" : "0", TRUE);
  if (matrices != NULL)
    g_setenv ("DFKD_VULKAN_MATRICES", matrices, TRUE);
  device = dfkd_device_open ("vulkan", 0, &error);
  g_unsetenv ("DFKD_VULKAN_KERNELS");
  g_unsetenv ("DFKD_VULKAN_TUNE");
  g_unsetenv ("DFKD_VULKAN_MATRICES");
  g_assert_no_error (error);
  g_assert_true (dfkd_device_set_precision (device, DFKD_PRECISION_FLOAT16, &error));
  return device;
}

static gsize
read_values (DfkdProgram *program, const char *name, float *values, gsize count)
{
  const DfkdShape *shape;
  const float *read = dfkd_program_read (program, name, &shape);
  gsize n = dfkd_shape_count (shape);

  g_assert_cmpuint (count + n, <=, VALUES);
  memcpy (values + count, read, n * sizeof *read);
  return count + n;
}

/* results and gradients of one case, one after another: two convolutions whose edges are no whole tiles and whose channels
 * come in fours or not, and a matrix product; returns how many: none where the device is lost */
static gsize
compute (DfkdDevice *device, guint which, float *values)
{
  static const struct {
    DfkdShape x, w;
    guint stride;
  } cases[CASES] = { { { DFKD_F32, 4, { 3, 20, 9, 7 } }, { DFKD_F32, 4, { 36, 20, 3, 3 } }, 1 },
                     { { DFKD_F32, 4, { 2, 5, 11, 9 } }, { DFKD_F32, 4, { 7, 5, 3, 3 } }, 2 },
                     { { DFKD_F32, 2, { 19, 40, 0, 0 } }, { DFKD_F32, 2, { 23, 40, 0, 0 } }, 0 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("compute");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue counter = dfkd_graph_counter (g, "counter"), in[2], gradients[2], y, addend;
  gsize count = 0;

  in[0] = dfkd_random_uniform (g, counter, cases[which].x, 0, -1.0f, 1.0f);
  in[1] = dfkd_random_uniform (g, counter, cases[which].w, 1, -1.0f, 1.0f);
  if (cases[which].stride == 0)
    y = dfkd_matrix_product (g, in[0], in[1], DFKD_NONE, FALSE, TRUE);
  else
    {
      y = dfkd_convolution (g, in[0], in[1], DFKD_NONE, DFKD_NONE, cases[which].stride, 1, 1, 1);
      addend = dfkd_random_uniform (g, counter, *dfkd_graph_shape (g, y), 2, -1.0f, 1.0f);
      y = dfkd_convolution (g, in[0], in[1], DFKD_NONE, addend, cases[which].stride, 1, 1, 1);
    }
  dfkd_graph_gradients (g, dfkd_sum (g, dfkd_square (g, y), 0.5f), in, 2, gradients);
  dfkd_read (g, "result", y);
  dfkd_read (g, "to data", gradients[0]);
  dfkd_read (g, "to weights", gradients[1]);
  program = dfkd_program_new (device, g, &error);
  g_assert_no_error (error);
  dfkd_program_set_counter (program, "counter", 1, 2, 3);
  if (!dfkd_program_run (program, &error) || !dfkd_program_wait (program, &error))
    {
      g_assert_true (bad_driver.lost);
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE);
      return 0;
    }
  count = read_values (program, "result", values, count);
  count = read_values (program, "to data", values, count);
  return read_values (program, "to weights", values, count);
}

static void
assert_near (const float *got, const float *wanted, gsize count, double tolerance)
{
  double difference = 0.0, size = 0.0;

  for (gsize i = 0; i < count; i++)
    {
      difference = fmax (difference, fabs ((double) got[i] - wanted[i]));
      size = fmax (size, fabs (wanted[i]));
    }
  g_assert_cmpfloat (size, >, 1.0);
  g_assert_cmpfloat (difference, <=, tolerance * size);
}

/* every tiling of matrices gives what those without give, as far as another order of additions can, and all the same bits;
 * channels that do not come in fours and products by one tiling, since the software driver compiles for long */
static void
test_tilings (void)
{
  g_autofree float *wanted = g_new (float, CASES *VALUES), *first = g_new (float, CASES *VALUES), *got = g_new (float, VALUES);
  g_autoptr (DfkdDevice) plain = open_device ("shared", NULL, FALSE);
  gsize count[CASES];

  for (guint i = 0; i < CASES; i++)
    count[i] = compute (plain, i, wanted + i * VALUES);
  for (guint tiling = 0; tiling < TILINGS; tiling++)
    {
      g_autofree char *kernels = g_strdup_printf ("matrices:%u", tiling);
      g_autoptr (DfkdDevice) device = open_device (kernels, "emulated", FALSE);

      for (guint i = 0; i < (tiling == TILINGS - 1 ? CASES : 1); i++)
        {
          g_assert_cmpuint (compute (device, i, got), ==, count[i]);
          if (tiling == 0 || i > 0)
            memcpy (first + i * VALUES, got, count[i] * sizeof *got);
          g_assert_cmpmem (got, count[i] * sizeof *got, first + i * VALUES, count[i] * sizeof *got);
          /* the gradients are of rounded results: one last place of 11 bits where two orders of additions fall apart */
          assert_near (got, wanted + i * VALUES, count[i], 2e-4);
        }
    }
  /* the other order of additions shows that these kernels were used at all */
  for (guint i = 0; i < CASES; i++)
    g_assert_cmpint (memcmp (first + i * VALUES, wanted + i * VALUES, count[i] * sizeof *first), !=, 0);
}

/* the file of tilings with this prefix; NULL: there is none */
static char *
tilings_file (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "dfkd", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL && !g_str_has_prefix (name, "emulated-tilings-"))
    ;
  return name != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

/* lines of the file that begin with @word, and those of problems that have a tiling of matrices (its last words are 1, and 0: not rolled), or not */
static guint
count_lines (const char *word, gboolean matrices)
{
  g_autofree char *path = tilings_file (), *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i + 1] != NULL; i++)
    if (word != NULL ? g_str_has_prefix (lines[i], word)
                     : g_ascii_isdigit (lines[i][0]) && g_str_has_suffix (lines[i], " 1 0") == matrices)
      n++;
  return n;
}

static void
forget (void)
{
  g_autofree char *path = tilings_file ();

  if (path != NULL)
    g_remove (path);
}

/* without them nothing is tuned */
static gboolean
has_timestamps (void)
{
  g_autoptr (DfkdDevice) device = open_device ("shared", "emulated", TRUE);
  gboolean has = ((const DfkdVulkan *) device->backend)->timestamp_bits > 0;

  if (!has)
    g_test_skip ("this device has no timestamps");
  return has;
}

/* what is right is used, for all three products of a convolution, and without a word */
static void
test_right (void)
{
  g_autofree float *got = g_new (float, VALUES), *wanted = g_new (float, VALUES);
  g_autoptr (DfkdDevice) forced = open_device ("matrices:6", "emulated", FALSE), device = NULL;
  gsize count;

  if (!has_timestamps ())
    return;
  device = open_device ("shared", "emulated", TRUE);
  count = compute (device, 1, got);
  g_assert_cmpuint (compute (forced, 1, wanted), ==, count);
  g_assert_cmpmem (got, count * sizeof *got, wanted, count * sizeof *wanted);
  g_assert_cmpuint (count_lines (NULL, TRUE), ==, 3);
  g_assert_cmpuint (count_lines (NULL, FALSE), ==, 0);
  g_assert_cmpuint (count_lines ("rejected", FALSE) + count_lines ("trying", FALSE), ==, 0);
  forget ();
}

/* a convolution that normalises too is tried without that, and by one of matrices gives the bits of the two ops */
static void
test_fused (void)
{
  static const DfkdShape shapes[] = { { DFKD_F32, 4, { 2, 5, 11, 9 } }, { DFKD_F32, 4, { 7, 5, 3, 3 } }, { DFKD_F32, 2, { 2, 7 } },
                                      { DFKD_F32, 2, { 2, 7 } } };
  float values[2][2 * 7 * 6 * 5];
  gsize count[2];

  if (!has_timestamps ())
    return;
  for (guint fused = 0; fused < 2; fused++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdGraph) g = dfkd_graph_new ("fused");
      g_autoptr (DfkdDevice) device = NULL;
      g_autoptr (DfkdProgram) program = NULL;
      DfkdValue counter = dfkd_graph_counter (g, "counter"), in[G_N_ELEMENTS (shapes)], y;

      g_setenv ("DFKD_VULKAN_FUSE", fused ? "1" : "0", TRUE);
      device = fused ? open_device ("shared", "emulated", TRUE) : open_device ("matrices:6", "emulated", FALSE);
      g_unsetenv ("DFKD_VULKAN_FUSE");
      for (guint i = 0; i < G_N_ELEMENTS (in); i++)
        in[i] = dfkd_random_uniform (g, counter, shapes[i], i, 0.1f, 2.0f);
      y = dfkd_convolution (g, in[0], in[1], DFKD_NONE, DFKD_NONE, 2, 1, 1, 1);
      y = dfkd_bn_apply (g, y, in[2], in[3], 1e-3f, 0.1f);
      dfkd_read (g, "y", y);
      program = dfkd_program_new (device, g, &error);
      g_assert_no_error (error);
      dfkd_program_set_counter (program, "counter", 1, 2, 3);
      g_assert_true (dfkd_program_run (program, &error) && dfkd_program_wait (program, &error));
      count[fused] = read_values (program, "y", values[fused], 0);
      g_assert_cmpuint (dfkd_program_get_plan (program)->n_steps, ==, fused ? 6 : 7);
    }
  g_assert_cmpmem (values[1], count[1] * sizeof (float), values[0], count[0] * sizeof (float));
  g_assert_cmpuint (count_lines (NULL, TRUE), ==, 1);
  g_assert_cmpuint (count_lines (NULL, FALSE) + count_lines ("rejected", FALSE), ==, 0);
  forget ();
}

/* What leaves out a term of 16 is rejected by name, once: others of matrices are used, and it stays rejected when the device
 * is opened again, even if it were right then. */
static void
test_wrong (void)
{
  enum { SPOILED = 5 };
  g_autofree float *got = g_new (float, VALUES), *wanted = g_new (float, VALUES);
  g_autoptr (DfkdDevice) forced = open_device ("matrices:6", "emulated", FALSE);
  g_autofree char *wrong = g_strdup_printf ("emulated:%u", SPOILED);
  gsize count = compute (forced, 1, wanted);

  if (!has_timestamps ())
    return;
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (DfkdDevice) device = NULL;

      if (round == 0) /* that of the convolution is noticed by the convolution and by its gradient to the data, in one message */
        {
          g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*32 × 32 by cooperative matrices are not used any more: it differs by*");
          g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*32 × 32 by cooperative matrices are not used any more: it differs by*");
        }
      device = open_device ("shared", round == 0 ? wrong : "emulated", TRUE);
      g_assert_cmpuint (compute (device, 1, got), ==, count);
      g_test_assert_expected_messages ();
      g_assert_cmpmem (got, count * sizeof *got, wanted, count * sizeof *wanted);
      g_assert_cmpuint (count_lines (NULL, TRUE), ==, 3);
      g_assert_cmpuint (count_lines ("rejected", FALSE), ==, 2);
    }
  forget ();
}

/* @line added to the file, with a new checksum */
static void
add_line (const char *line)
{
  g_autofree char *path = tilings_file (), *text = NULL, *sum = NULL;
  g_autoptr (GString) marked = g_string_new (NULL);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_string_append_len (marked, text, (gssize) strlen (text) - 64);
  g_string_append (marked, line);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, marked->str, -1);
  g_string_append (marked, sum);
  g_assert_true (g_file_set_contents (path, marked->str, -1, NULL));
}

/* held as by a program that is trying tilings just now */
static int
hold_lock (void)
{
  g_autofree char *path = tilings_file (), *folder = g_path_get_dirname (path), *name = g_path_get_basename (path);
  g_autofree char *lock_name = g_strconcat ("lock-", name, NULL), *lock_path = g_build_filename (folder, lock_name, NULL);
  int lock = g_open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (lock, >=, 0);
  g_assert_cmpint (flock (lock, LOCK_SH), ==, 0);
  return lock;
}

/* a tiling that a program did not survive trying is not tried again, and what it was the fastest for is tried anew; one that
 * another program is trying just now is none of our business. Which is which no number of a process tells: in containers each may
 * have the same. */
static void
test_fatal (void)
{
  g_autofree float *got = g_new (float, VALUES);
  g_autofree char *line = g_strdup_printf ("trying 0 %d 32 32 32 16 16 1 0\n", (int) getpid ());
  g_autoptr (DfkdDevice) device = NULL;
  int lock;

  if (!has_timestamps ())
    return;
  device = open_device ("shared", "emulated", TRUE);
  compute (device, 1, got);
  g_clear_pointer (&device, dfkd_device_free);
  add_line (line);
  lock = hold_lock ();
  device = open_device ("shared", "emulated", TRUE);
  compute (device, 0, got); /* the other's line stays where this one writes */
  g_assert_cmpuint (count_lines ("trying", FALSE), ==, 1);
  g_clear_pointer (&device, dfkd_device_free);
  close (lock);
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*the program ended while it tried tiles of 32 × 32*");
  device = open_device ("shared", "emulated", TRUE);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (count_lines ("rejected 0 ", FALSE), ==, 1);
  g_assert_cmpuint (count_lines ("trying", FALSE), ==, 0);
  compute (device, 1, got);
  g_assert_cmpuint (count_lines ("rejected 0 ", FALSE), ==, 1);
  forget ();
}

/* what two programs find at a time is kept of both */
static void
test_two_programs (void)
{
  g_autofree float *got = g_new (float, VALUES);
  g_autoptr (DfkdDevice) one = NULL, other = NULL;

  if (!has_timestamps ())
    return;
  one = open_device ("shared", "emulated", TRUE);
  other = open_device ("shared", "emulated", TRUE);
  compute (one, 1, got);
  g_assert_cmpuint (count_lines (NULL, TRUE), ==, 3);
  compute (other, 2, got);
  g_assert_cmpuint (count_lines (NULL, TRUE), >, 3);
  forget ();
}

/* a tiling that has the device lost is rejected, and it alone: the others were not tried */
static void
test_lost (void)
{
  g_autofree float *got = g_new (float, VALUES);
  g_autoptr (DfkdDevice) device = NULL;

  if (!has_timestamps ())
    return;
  device = open_device ("shared", "emulated", TRUE);
  bad_driver.loses_matrices = TRUE;
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*cooperative matrices are not used any more: *was lost*");
  g_assert_cmpuint (compute (device, 1, got), ==, 0);
  g_test_assert_expected_messages ();
  bad_driver = (BadDriver){ 0 };
  g_assert_cmpuint (count_lines (NULL, TRUE) + count_lines (NULL, FALSE), ==, 0);
  g_assert_cmpuint (count_lines ("rejected", FALSE), ==, 1);
  g_clear_pointer (&device, dfkd_device_free);
  device = open_device ("shared", "emulated", TRUE);
  g_assert_cmpuint (compute (device, 1, got), >, 0);
  g_assert_cmpuint (count_lines (NULL, TRUE), ==, 3);
  g_assert_cmpuint (count_lines ("rejected", FALSE), ==, 1);
  forget ();
}

/* of what a device lists, what fits: and of that what does most at once */
static void
test_shapes (void)
{
#define LISTED(m, n, k, factors, sums, scope)                                                                                 \
  {                                                                                                                           \
    VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_NV, NULL, m, n, k, VK_COMPONENT_TYPE_##factors##_NV,                      \
        VK_COMPONENT_TYPE_##factors##_NV, VK_COMPONENT_TYPE_##sums##_NV, VK_COMPONENT_TYPE_##sums##_NV, VK_SCOPE_##scope##_NV \
  }
  static const VkCooperativeMatrixPropertiesNV none[] = { LISTED (16, 16, 16, FLOAT16, FLOAT16, SUBGROUP),
                                                          LISTED (16, 16, 32, SINT8, SINT32, SUBGROUP),
                                                          LISTED (16, 16, 16, FLOAT16, FLOAT32, WORKGROUP),
                                                          LISTED (16, 16, 4, FLOAT16, FLOAT32, SUBGROUP),
                                                          LISTED (64, 16, 16, FLOAT16, FLOAT32, SUBGROUP) };
  static const VkCooperativeMatrixPropertiesNV some[]
      = { LISTED (16, 8, 8, FLOAT16, FLOAT32, SUBGROUP),   LISTED (16, 16, 16, FLOAT16, FLOAT16, SUBGROUP),
          LISTED (32, 8, 16, FLOAT16, FLOAT32, SUBGROUP),  LISTED (16, 16, 16, FLOAT16, FLOAT32, SUBGROUP),
          LISTED (8, 32, 16, FLOAT16, FLOAT32, SUBGROUP),  LISTED (16, 16, 32, SINT8, SINT32, SUBGROUP) };
  DfkdMatrixShape shape = { 0 };

  g_assert_false (dfkd_matrices_choose (none, G_N_ELEMENTS (none), &shape));
  g_assert_false (dfkd_matrices_choose (NULL, 0, &shape));
  g_assert_true (dfkd_matrices_choose (some, G_N_ELEMENTS (some), &shape));
  g_assert_true (shape.rows == 16 && shape.columns == 16 && shape.depth == 16);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("test-matrices-XXXXXX", NULL);
  g_autoptr (DfkdDevice) device = NULL;
  int result;

  if (g_getenv ("XDG_CACHE_HOME") != NULL) /* what the driver compiled stays where other tests find it too */
    g_setenv ("MESA_SHADER_CACHE_DIR", g_getenv ("XDG_CACHE_HOME"), FALSE);
  else
    {
      g_autofree char *cache = g_build_filename (g_get_home_dir (), ".cache", NULL);

      g_setenv ("MESA_SHADER_CACHE_DIR", cache, FALSE);
    }
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_setenv ("DFKD_VULKAN_MATRICES", "emulated", TRUE);
  g_setenv ("DFKD_VULKAN_KERNELS", "matrices:0", TRUE);
  device = dfkd_device_open ("vulkan", 0, NULL);
  if (device == NULL || !dfkd_device_has_precision (device, DFKD_PRECISION_FLOAT16))
    return 77; /* no driver, or none that has float16 and subgroups of a known size: nothing to test */
  g_clear_pointer (&device, dfkd_device_free);
  g_test_add_func ("/matrices/shapes", test_shapes);
  g_test_add_func ("/matrices/tilings", test_tilings);
  g_test_add_func ("/matrices/right", test_right);
  g_test_add_func ("/matrices/fused", test_fused);
  g_test_add_func ("/matrices/wrong", test_wrong);
  g_test_add_func ("/matrices/fatal", test_fatal);
  g_test_add_func ("/matrices/two-programs", test_two_programs);
  g_test_add_func ("/matrices/lost", test_lost);
  result = g_test_run ();
  remove_folder (folder);
  return result;
}
