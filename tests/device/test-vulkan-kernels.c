/* test-vulkan-kernels.c: which kernels are taken, what all of them give, and what is kept of it on disk. */
#include "bad-driver.h"
#include "vulkan-support.h"

#include "errors.h"
#include "support.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

enum { CONVOLUTIONS = 3, VALUES = 1 << 15, REDUCED = 1 << 17 };

/* results and both gradients of a convolution whose edges are not whole tiles, one after another; returns how many */
static gsize
convolve (DfkdDevice *device, guint which, float *values)
{
  static const struct {
    DfkdShape x, w;
    guint stride;
  } cases[CONVOLUTIONS] = {
    { { DFKD_F32, 4, { 3, 20, 9, 7 } }, { DFKD_F32, 4, { 36, 20, 3, 3 } }, 1 },
    { { DFKD_F32, 4, { 2, 5, 11, 9 } }, { DFKD_F32, 4, { 7, 5, 3, 3 } }, 2 },
    { { DFKD_F32, 4, { 2, 8, 7, 9 } }, { DFKD_F32, 4, { 3, 8, 2, 5 } }, 3 },
  };
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("convolve");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue in[2], gradients[2], y;
  gsize count = 0;

  for (guint i = 0; i < 2; i++)
    {
      const DfkdShape *shape = i == 0 ? &cases[which].x : &cases[which].w;

      in[i] = dfkd_random_uniform (g, dfkd_graph_counter (g, "counter"), *shape, i, -1.0f, 1.0f);
    }
  y = dfkd_convolution (g, in[0], in[1], DFKD_NONE, DFKD_NONE, cases[which].stride, 1, 1, 1);
  dfkd_graph_gradients (g, dfkd_sum (g, dfkd_square (g, y), 0.5f), in, 2, gradients);
  dfkd_read (g, "result", y);
  dfkd_read (g, "to data", gradients[0]);
  dfkd_read (g, "to weights", gradients[1]);
  program = new_program (device, g);
  dfkd_program_set_counter (program, "counter", 1, 2, 3);
  run (program);
  finish (program);
  for (guint i = 0; i < 3; i++)
    {
      static const char *const names[] = { "result", "to data", "to weights" };
      const DfkdShape *shape;
      const float *read = dfkd_program_read (program, names[i], &shape);

      g_assert_cmpuint (count + dfkd_shape_count (shape), <=, VALUES);
      for (gsize j = 0; j < dfkd_shape_count (shape); j++)
        values[count++] = read[j];
    }
  return count;
}

/* y: one image of 6 × 5 pixels by 3 × 3 taps */
static void
convolve_once (DfkdDevice *device, gsize in, gsize out, float *y)
{
  g_autoptr (DfkdGraph) g = dfkd_graph_new ("convolve once");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue counter = dfkd_graph_counter (g, "counter");
  DfkdValue x = dfkd_random_uniform (g, counter, dfkd_shape (1, in, 6, 5), 0, -1.0f, 1.0f);
  DfkdValue w = dfkd_random_uniform (g, counter, dfkd_shape (out, in, 3, 3), 1, -1.0f, 1.0f);

  dfkd_read (g, "y", dfkd_convolution (g, x, w, DFKD_NONE, DFKD_NONE, 1, 1, 1, 1));
  program = new_program (device, g);
  dfkd_program_set_counter (program, "counter", 1, 2, 3);
  run (program);
  finish (program);
  memcpy (y, dfkd_program_read (program, "y", NULL), out * 6 * 5 * sizeof *y);
}

static DfkdDevice *
open_with (const char *kernels, const char *winograd)
{
  DfkdDevice *device;

  g_setenv ("DFKD_VULKAN_KERNELS", kernels, TRUE);
  if (winograd != NULL)
    g_setenv ("DFKD_VULKAN_WINOGRAD", winograd, TRUE);
  device = vulkan_open ();
  g_unsetenv ("DFKD_VULKAN_KERNELS");
  g_unsetenv ("DFKD_VULKAN_WINOGRAD");
  return device;
}

/* every tiling of the kernels for real GPUs gives what the kernels of the software driver give, and all of a family the same
 * bits; those of Winograd's algorithm are other kernels than the plain ones */
static void
test_tilings (void)
{
  enum { TILINGS = 10 };
  static const char *const families[] = { "0", "1" }; /* plain ones, Winograd's algorithm */
  g_autofree float *wanted = g_new (float, CONVOLUTIONS * VALUES), *got = g_new (float, VALUES);
  g_autofree float *first = g_new (float, G_N_ELEMENTS (families) * CONVOLUTIONS * VALUES);
  g_autoptr (DfkdDevice) tile = open_with ("tile", NULL);
  gsize count[CONVOLUTIONS];

  for (guint i = 0; i < CONVOLUTIONS; i++)
    count[i] = convolve (tile, i, wanted + i * VALUES);
  for (guint trial = 0; trial < G_N_ELEMENTS (families) * TILINGS; trial++)
    {
      g_autofree char *kernels = g_strdup_printf ("shared:%u", trial % TILINGS);
      g_autoptr (DfkdDevice) device = open_with (kernels, families[trial / TILINGS]);
      float *bits = first + trial / TILINGS * CONVOLUTIONS * VALUES;

      for (guint i = 0; i < CONVOLUTIONS; i++)
        {
          double difference = 0.0, size = 0.0;

          g_assert_cmpuint (convolve (device, i, got), ==, count[i]);
          for (gsize j = 0; j < count[i]; j++)
            {
              difference = fmax (difference, fabs ((double) got[j] - wanted[i * VALUES + j]));
              size = fmax (size, fabs (wanted[i * VALUES + j]));
            }
          g_assert_cmpfloat (size, >, 1.0);
          if (trial % TILINGS == 0)
            memcpy (bits + i * VALUES, got, count[i] * sizeof *got);
          g_assert_cmpmem (got, count[i] * sizeof *got, bits + i * VALUES, count[i] * sizeof *got);
          g_assert_cmpfloat (difference, <=, 2e-6 * size);
        }
    }
  g_assert_cmpint (memcmp (first, first + CONVOLUTIONS * VALUES, count[0] * sizeof *first), !=, 0);
}

/* By itself only what has many channels in and out is computed by Winograd's algorithm. */
static void
test_winograd_by_shape (void)
{
  static const gsize channels[][2] = { { 32, 32 }, { 31, 32 }, { 32, 31 } };
  DfkdDevice *devices[] = { open_with ("shared", NULL), open_with ("shared", "0"), open_with ("shared", "1") };

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      float got[G_N_ELEMENTS (devices)][32 * 6 * 5];
      gsize bytes = channels[i][1] * 6 * 5 * sizeof (float);

      for (guint j = 0; j < G_N_ELEMENTS (devices); j++)
        convolve_once (devices[j], channels[i][0], channels[i][1], got[j]);
      g_assert_cmpint (memcmp (got[1], got[2], bytes), !=, 0);
      g_assert_cmpmem (got[0], bytes, got[i == 0 ? 2 : 1], bytes);
    }
  for (guint j = 0; j < G_N_ELEMENTS (devices); j++)
    dfkd_device_free (devices[j]);
}

/* A dispatch that computes more than a command buffer may is cut into several, which is no matter to its results. */
static void
test_slices (void)
{
  static const struct {
    const char *kernels, *winograd;
    guint which;
  } cases[] = { { "tile", NULL, 1 }, { "shared:0", "0", 2 }, { "shared:4", "0", 0 }, { "shared:4", "1", 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree float *wanted = g_new0 (float, VALUES), *got = g_new0 (float, VALUES);
      guint64 recordings[2];

      for (guint sliced = 0; sliced < 2; sliced++)
        {
          g_autoptr (DfkdDevice) device = NULL;

          if (sliced)
            g_setenv ("DFKD_VULKAN_FLOP", "5000", TRUE);
          device = open_with (cases[i].kernels, cases[i].winograd);
          g_unsetenv ("DFKD_VULKAN_FLOP");
          convolve (device, cases[i].which, sliced ? got : wanted);
          recordings[sliced] = dfkd_device_counters (device)->recordings;
        }
      g_assert_cmpmem (got, VALUES * sizeof *got, wanted, VALUES * sizeof *wanted);
      g_assert_cmpuint (recordings[0], ==, 2); /* the two lanes */
      g_assert_cmpuint (recordings[1], >, 2 * 4);
    }
}

/* reductions of several parts, one after another; returns how many values there are */
static gsize
reduce (const char *kernels, float *values)
{
  static const char *const names[] = { "statistics", "sum", "columns", "rows", "softmax" };
  const DfkdShape shapes[] = { dfkd_shape (7, 12, 31, 17), dfkd_shape (5, 7, 31, 17) };
  g_autoptr (DfkdDevice) device = NULL;
  gsize count = 0;

  device = open_with (kernels, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (DfkdGraph) g = dfkd_graph_new ("reduce");
      g_autoptr (DfkdProgram) program = NULL;
      DfkdValue x = dfkd_random_uniform (g, dfkd_graph_counter (g, "counter"), shapes[i], 0, -1.0f, 3.0f);

      dfkd_read (g, "statistics", dfkd_bn_statistics (g, x));
      dfkd_read (g, "sum", dfkd_sum (g, x, 1.0f));
      dfkd_read (g, "columns", dfkd_channel_sum (g, x, 1.0f));
      dfkd_read (g, "rows", dfkd_row_sum (g, x, 1.0f));
      dfkd_read (g, "softmax", dfkd_softmax (g, x));
      program = new_program (device, g);
      dfkd_program_set_counter (program, "counter", 1, 2, 3);
      run (program);
      finish (program);
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          const DfkdShape *shape;
          const float *read = dfkd_program_read (program, names[j], &shape);

          g_assert_cmpuint (count + dfkd_shape_count (shape), <=, REDUCED);
          memcpy (values + count, read, dfkd_shape_count (shape) * sizeof *read);
          count += dfkd_shape_count (shape);
        }
    }
  return count;
}

/* the order of additions does not depend on whether partners meet in a subgroup */
static void
test_reductions (void)
{
  g_autofree float *plain = g_new (float, REDUCED), *alone = g_new (float, REDUCED), *groups = g_new (float, REDUCED);
  gsize count = reduce ("tile", plain);

  g_assert_cmpuint (reduce ("shared-alone", alone), ==, count);
  g_assert_cmpuint (reduce ("shared", groups), ==, count);
  g_assert_cmpmem (groups, count * sizeof *groups, alone, count * sizeof *alone);
  for (gsize i = 0; i < count; i++)
    g_assert_cmpfloat_with_epsilon (groups[i], plain[i], 2e-6f * fmaxf (fabsf (plain[i]), 1.0f));
}

/* Mesa's software driver lets no invocation make more than 65,535 turns of its loops: a gradient to the weights is a sum over more
 * rows of the batch than that */
static void
test_long_sums (void)
{
  enum { CHANNELS = 64, IMAGES = 2, HEIGHT = 15000, TAPS = 3 };
  g_autoptr (DfkdDevice) device = open_with ("tile", NULL);

  for (guint groups = 1; groups <= CHANNELS; groups *= CHANNELS)
    {
      const DfkdShape shape = dfkd_shape (CHANNELS, CHANNELS / groups, TAPS, TAPS);
      g_autoptr (DfkdGraph) g = dfkd_graph_new ("long sums");
      g_autoptr (DfkdProgram) program = NULL;
      DfkdValue x = dfkd_fill (g, dfkd_shape (IMAGES, CHANNELS, HEIGHT, 1), 1.0f), w = dfkd_fill (g, shape, 1.0f), gradient;
      DfkdValue y = dfkd_convolution (g, x, w, DFKD_NONE, DFKD_NONE, 1, 1, 1, groups);
      const float *got;

      dfkd_graph_gradients (g, dfkd_sum (g, y, 1.0f), &w, 1, &gradient);
      dfkd_read (g, "gradient", gradient);
      program = new_program (device, g);
      run (program);
      finish (program);
      got = dfkd_program_read (program, "gradient", NULL);
      for (gsize i = 0; i < dfkd_shape_count (&shape); i++) /* stored as O,KH,KW,I */
        {
          gsize tap = i / shape.dim[1] % (TAPS * TAPS), row = tap / TAPS, column = tap % TAPS;

          g_assert_cmpfloat (got[i], ==, column != 1 ? 0.0f : (float) (IMAGES * (row == 1 ? HEIGHT : HEIGHT - 1)));
        }
    }
}

/* ones, through an op whose result is @wanted everywhere */
typedef struct {
  const char *name;
  DfkdShape shape;
  float wanted;
} LongLoop;

static DfkdValue
long_loop (DfkdGraph *g, const LongLoop *loop)
{
  DfkdValue x = dfkd_fill (g, loop->shape, 1.0f), gradient;

  if (g_str_equal (loop->name, "spatial mean"))
    return dfkd_spatial_mean (g, x);
  if (g_str_equal (loop->name, "softmax"))
    return dfkd_softmax (g, x);
  if (g_str_equal (loop->name, "row sum"))
    return dfkd_row_sum (g, x, 1.0f);
  if (g_str_equal (loop->name, "average pool"))
    return dfkd_average_pool (g, x, 256, 256, 0);
  if (g_str_equal (loop->name, "matrix product"))
    return dfkd_matrix_product (g, x, dfkd_fill (g, loop->shape, 1.0f), DFKD_NONE, FALSE, TRUE);
  dfkd_graph_gradients (g, dfkd_sum (g, g_str_equal (loop->name, "resize") ? dfkd_resize_bilinear (g, x, 256, 260) : dfkd_upsample_nearest (g, x, 256), 1.0f), &x, 1,
                        &gradient);
  return gradient;
}

/* what would be longer there than it computes rightly is refused, and right everywhere else */
static void
test_long_loops (void)
{
  const LongLoop loops[] = { { "spatial mean", dfkd_shape (1, 4, 256, 257), 1.0f },
                             { "softmax", dfkd_shape (1, 30000, 0, 0), 1.0f / 30000.0f },
                             { "row sum", dfkd_shape (1, 70000, 0, 0), 70000.0f },
                             { "average pool", dfkd_shape (1, 1, 256, 256), 1.0f },
                             { "matrix product", dfkd_shape (1, 70000, 0, 0), 70000.0f },
                             { "resize", dfkd_shape (1, 1, 1, 1), 256.0f * 260.0f },
                             { "upsample", dfkd_shape (1, 1, 1, 1), 256.0f * 256.0f } };
  g_autoptr (DfkdDevice) device = vulkan_open ();

  for (guint i = 0; i < G_N_ELEMENTS (loops); i++)
    {
      g_autoptr (DfkdGraph) g = dfkd_graph_new (loops[i].name);
      g_autoptr (DfkdProgram) program = NULL;
      g_autoptr (GError) error = NULL;
      const DfkdShape *shape;
      const float *got;

      dfkd_read (g, "result", long_loop (g, &loops[i]));
      program = dfkd_program_new (device, g, &error);
      if (program == NULL)
        {
          g_test_message ("%s: %s", loops[i].name, error->message);
          g_assert_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE);
          g_assert_nonnull (strstr (error->message, "--device cpu"));
          continue;
        }
      run (program);
      finish (program);
      got = dfkd_program_read (program, "result", &shape);
      for (gsize j = 0; j < dfkd_shape_count (shape); j++)
        g_assert_cmpfloat_with_epsilon (got[j], loops[i].wanted, 1e-3f * loops[i].wanted);
    }
}

/* Returns: the file of pipelines as it was before the device was closed */
static char *
compute_something (void)
{
  g_autoptr (DfkdDevice) device = vulkan_open ();
  g_autoptr (DfkdGraph) graph = dfkd_graph_new ("something");
  g_autoptr (DfkdProgram) program = NULL;

  dfkd_read (graph, "value", dfkd_square (graph, dfkd_fill (graph, dfkd_shape (3, 0, 0, 0), 3.0f)));
  program = new_program (device, graph);
  run (program);
  finish (program);
  g_assert_cmpfloat (((const float *) dfkd_program_read (program, "value", NULL))[2], ==, 9.0f);
  return vulkan_cache_file ("pipelines-");
}

/* that @path holds the driver's data, which begin with a header of 32 bytes (Vulkan 1.2, 10.6), and their checksum; how
 * long they are is the driver's business: some keep nothing but the header */
static void
assert_good_cache (const char *path)
{
  g_autofree char *data = NULL, *sum = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  g_assert_cmpuint (length, >=, 32 + 64);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data, length - 64);
  g_assert_cmpmem (data + length - 64, 64, sum, 64);
}

/* whatever stands in the cache file, the device opens, computes and writes a good one: at once, not when it is closed */
static void
test_cache (void)
{
  g_autofree char *path = NULL, *good = NULL;
  gsize length;

  path = compute_something ();
  if (path == NULL)
    {
      g_assert_null (vulkan_cache_file ("pipelines-"));
      g_test_skip ("this driver has no pipeline cache");
      return;
    }
  assert_good_cache (path);
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));
  for (guint damage = 0; damage < 3; damage++)
    {
      g_autofree char *bad = g_memdup2 (good, length);

      if (damage == 1)
        bad[length / 2] ^= 1;
      g_assert_true (g_file_set_contents (
          path, damage == 2 ? "" : bad, (gssize) (damage == 1 ? length : length / 2 * (damage == 0)), NULL));
      g_free (compute_something ());
      assert_good_cache (path);
    }
}

/* @which is computed by plain kernels or, 0, by Winograd's algorithm */
static guint64
convolve_tuned (guint which, float *values)
{
  g_autoptr (DfkdDevice) device = NULL;

  g_setenv ("DFKD_VULKAN_TUNE", "1", TRUE);
  device = open_with ("shared", "1");
  g_unsetenv ("DFKD_VULKAN_TUNE");
  convolve (device, which, values);
  return dfkd_device_counters (device)->recordings;
}

/* a device tries the tilings once; what it found is read again, and a damaged file is ignored and written anew; the
 * results are the same bit for bit */
static void
test_tuning (gconstpointer data)
{
  guint which = GPOINTER_TO_UINT (data);
  g_autofree float *wanted = g_new0 (float, VALUES), *got = g_new0 (float, VALUES);
  g_autofree char *path = NULL, *good = NULL;
  guint64 first = convolve_tuned (which, wanted), again;
  gsize length;

  path = vulkan_cache_file ("tilings-");
  if (path == NULL)
    {
      g_assert_cmpuint (first, ==, 2);
      g_test_skip ("this device has no timestamps");
      return;
    }
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));
  g_assert_true (g_str_has_prefix (good, "dfkd tilings 5\n"));
  again = convolve_tuned (which, got);
  g_assert_cmpuint (again, ==, 2); /* the two lanes of the program, no trials */
  g_assert_cmpuint (first, >, again);
  g_assert_cmpmem (got, VALUES * sizeof *got, wanted, VALUES * sizeof *wanted);
  for (guint damage = 0; damage < 4; damage++)
    {
      g_autofree char *bad = g_memdup2 (good, length), *mended = NULL;
      gsize n = damage == 0 ? length / 2 : damage == 1 ? 0 : length;

      if (damage == 2)
        bad[length / 2] ^= 1;
      if (damage == 3)
        memset (bad, 'x', length);
      g_assert_true (g_file_set_contents (path, bad, (gssize) n, NULL));
      g_assert_cmpuint (convolve_tuned (which, got), >, again); /* the plainest is compared with nothing when it wins */
      g_assert_cmpmem (got, VALUES * sizeof *got, wanted, VALUES * sizeof *wanted);
      g_assert_true (g_file_get_contents (path, &mended, &n, NULL));
      g_assert_true (g_str_has_prefix (mended, "dfkd tilings 5\n"));
      g_assert_cmpuint (convolve_tuned (which, got), ==, again);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

/* lines of the file of tilings that begin with @word; NULL: those of problems */
static guint
count_lines (const char *word)
{
  g_autofree char *path = vulkan_cache_file ("tilings-"), *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (path != NULL && g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i + 1] != NULL; i++)
    n += word != NULL ? g_str_has_prefix (lines[i], word) : g_ascii_isdigit (lines[i][0]);
  return n;
}

static void
forget (void)
{
  g_autofree char *path = vulkan_cache_file ("tilings-");

  if (path != NULL)
    g_remove (path);
}

/* What is fast because it computes nothing does not win; where kernels are cut into several, neither over what is hopeless beside it.
 * @data: which convolution; from CONVOLUTIONS on: cut */
static void
test_confirmed (gconstpointer data)
{
  guint which = GPOINTER_TO_UINT (data) % CONVOLUTIONS;
  g_autofree float *wanted = g_new0 (float, VALUES), *got = g_new0 (float, VALUES);
  g_autofree char *path = NULL;

  forget ();
  if (GPOINTER_TO_UINT (data) >= CONVOLUTIONS)
    g_setenv ("DFKD_VULKAN_FLOP", "5000", TRUE);
  convolve_tuned (which, wanted);
  path = vulkan_cache_file ("tilings-");
  if (path == NULL)
    {
      g_unsetenv ("DFKD_VULKAN_FLOP");
      g_test_skip ("this device has no timestamps");
      return;
    }
  g_assert_cmpuint (count_lines ("rejected"), ==, 0);
  forget ();
  bad_driver.works = 32;
  convolve_tuned (which, got);
  g_unsetenv ("DFKD_VULKAN_FLOP");
  bad_driver = (BadDriver){ 0 };
  g_assert_cmpmem (got, VALUES * sizeof *got, wanted, VALUES * sizeof *wanted);
  g_assert_cmpuint (count_lines ("rejected"), >, 0);
  g_assert_cmpuint (count_lines (NULL), ==, 3);
  forget ();
}

/* A driver that ends the program over a tiling does so no more often than it takes to find out which: when they are made together and
 * when it is made alone, for each of two products. What was found before is not lost. */
static void
test_ended (void)
{
  enum { MOST = 4 };
  g_autofree float *values = g_new0 (float, VALUES);
  guint times = 0;

  if (g_test_subprocess ())
    {
      bad_driver.ends = 32;
      convolve_tuned (2, values);
      return;
    }
  forget ();
  for (; times <= MOST; times++)
    {
      g_test_trap_subprocess (NULL, 0, 0);
      if (g_test_trap_has_passed ())
        break;
      g_assert_cmpuint (count_lines ("trying"), >, 0);
      if (times == MOST - 1)
        g_assert_cmpuint (count_lines (NULL), >, 0);
    }
  if (times == 0)
    {
      g_test_skip ("this device has no timestamps");
      return;
    }
  g_assert_cmpuint (times, ==, MOST);
  g_assert_cmpuint (count_lines ("rejected 0 "), ==, 1);
  g_assert_cmpuint (count_lines ("rejected 1 "), ==, 1);
  g_assert_cmpuint (count_lines ("trying") + count_lines ("suspect"), ==, 0);
  g_assert_cmpuint (count_lines (NULL), ==, 3);
  forget ();
}

typedef struct {
  guint calls, done, all;
  gboolean go_on;
} Watched;

static gboolean
watch (guint done, guint all, gpointer data)
{
  Watched *watched = data;

  g_assert_cmpuint (done, ==, watched->calls > 0 && !watched->go_on ? all : watched->calls);
  *watched = (Watched){ watched->calls + 1, done, all, watched->go_on };
  return watched->go_on;
}

static Watched
convolve_watched (gboolean go_on)
{
  g_autofree float *values = g_new0 (float, VALUES);
  g_autoptr (DfkdDevice) device = NULL;
  Watched watched = { .go_on = go_on };

  g_setenv ("DFKD_VULKAN_TUNE", "1", TRUE);
  device = open_with ("shared", "0");
  g_unsetenv ("DFKD_VULKAN_TUNE");
  dfkd_device_set_watch (device, watch, &watched);
  convolve (device, 0, values);
  return watched;
}

/* who watches is told of each shape, and may end it: then it is not taken for tried */
static void
test_watch (void)
{
  for (guint i = 0; i < 3; i++)
    {
      const Watched watched = convolve_watched (i > 0);

      if (i == 0 && watched.calls == 0)
        {
          g_test_skip ("this device has no timestamps");
          return;
        }
      g_assert_cmpuint (watched.calls, ==, i == 0 ? 2 : i == 1 ? watched.all + 1 : 0);
      g_assert_cmpuint (watched.done, ==, watched.all);
      g_assert_cmpint (watched.all > 0, ==, i < 2);
    }
}

static void
add_tests (void)
{
  g_test_add_func ("/vulkan/tilings", test_tilings);
  g_test_add_func ("/vulkan/slices", test_slices);
  g_test_add_func ("/vulkan/winograd-by-shape", test_winograd_by_shape);
  g_test_add_func ("/vulkan/reductions", test_reductions);
  g_test_add_func ("/vulkan/long-sums", test_long_sums);
  g_test_add_func ("/vulkan/long-loops", test_long_loops);
  g_test_add_data_func ("/vulkan/tuning/plain", GUINT_TO_POINTER (2), test_tuning);
  g_test_add_data_func ("/vulkan/tuning/winograd", GUINT_TO_POINTER (0), test_tuning);
  g_test_add_data_func ("/vulkan/confirmed/plain", GUINT_TO_POINTER (2), test_confirmed);
  g_test_add_data_func ("/vulkan/confirmed/cut", GUINT_TO_POINTER (CONVOLUTIONS + 2), test_confirmed);
  g_test_add_data_func ("/vulkan/confirmed/winograd", GUINT_TO_POINTER (0), test_confirmed);
  g_test_add_func ("/vulkan/ended", test_ended);
  g_test_add_func ("/vulkan/watch", test_watch);
  g_test_add_func ("/vulkan/cache", test_cache);
}

int
main (int argc, char **argv)
{
  return vulkan_main (argc, argv, add_tests);
}
