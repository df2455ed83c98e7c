/* test-vulkan.c: what only the Vulkan backend does: staging, lanes, limits, the cache of pipelines. The ops
 * themselves are tested with those of every device. */
#include "build.h"
#include "support.h"
#include "device.h"
#include "errors.h"
#include "requirements.h"

#include <glib/gstdio.h>

#include <locale.h>
#include <math.h>
#include <string.h>

static DfkdDevice *
open_device (void)
{
  g_autoptr (GError) error = NULL;
  DfkdDevice *device = dfkd_device_open ("vulkan", 0, &error);

  g_assert_no_error (error);
  return device;
}

static DfkdBlock *
new_block (DfkdDevice *device, DfkdShape shape)
{
  g_autoptr (GError) error = NULL;
  DfkdBlock *block = dfkd_block_new ("block");

  dfkd_block_add (block, "variable", shape);
  dfkd_device_allocate (device, block, &error);
  g_assert_no_error (error);
  return block;
}

static DfkdProgram *
new_program (DfkdDevice *device, DfkdGraph *graph)
{
  g_autoptr (GError) error = NULL;
  DfkdProgram *program = dfkd_program_new (device, graph, &error);

  g_assert_no_error (error);
  return program;
}

static void
run (DfkdProgram *program)
{
  g_autoptr (GError) error = NULL;

  dfkd_program_run (program, &error);
  g_assert_no_error (error);
}

static void
finish (DfkdProgram *program)
{
  g_autoptr (GError) error = NULL;

  dfkd_program_wait (program, &error);
  g_assert_no_error (error);
}

static void
test_list (void)
{
  g_autoptr (GPtrArray) descriptions = dfkd_device_list ();
  g_autoptr (DfkdDevice) device = open_device ();
  guint found = 0;

  for (guint i = 0; i < descriptions->len; i++)
    {
      const DfkdDeviceDescription *description = g_ptr_array_index (descriptions, i);

      g_assert_cmpstr (description->name, !=, "");
      g_assert_cmpstr (description->kind, !=, "");
      found += g_str_has_prefix (description->id, "vulkan:") ? 1 : 0;
    }
  g_assert_cmpuint (found, >, 0);
  g_assert_true (g_str_has_prefix (dfkd_device_describe (device)->id, "vulkan:"));
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (dfkd_device_open ("vulkan:99", 0, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "vulkan:99"));
}

static void
test_memory (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = open_device ();
  g_autoptr (DfkdBlock) block = dfkd_block_new ("everything");

  dfkd_block_add (block, "variable", dfkd_shape ((gsize) 1 << 40, 0, 0, 0));
  g_assert_false (dfkd_device_allocate (device, block, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "4.0"));
  g_assert_nonnull (strstr (error->message, "everything"));
}

/* a buffer of more bytes than a driver allows is not tried, whatever memory there is */
static void
test_largest (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = NULL;
  g_autoptr (DfkdBlock) block = dfkd_block_new ("too large");

  g_setenv ("DFKD_VULKAN_LIMITS", "least", TRUE);
  device = open_device ();
  g_unsetenv ("DFKD_VULKAN_LIMITS");
  dfkd_block_add (block, "variable", dfkd_shape_of_type (DFKD_U8, ((gsize) 1 << 30) + 1, 0, 0, 0));
  g_assert_false (dfkd_device_allocate (device, block, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
  g_assert_nonnull (strstr (error->message, "too large"));
}

/* more than the staging buffer holds, from an offset that no alignment likes */
static void
test_transfer (void)
{
  const gsize bytes = 20000003, offset = 777;
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = open_device ();
  g_autoptr (DfkdBlock) block = new_block (device, dfkd_shape_of_type (DFKD_U8, bytes + 2 * offset, 0, 0, 0));
  g_autofree guint8 *written = g_malloc (bytes), *read = g_malloc (bytes + 2 * offset);

  for (gsize i = 0; i < bytes; i++)
    written[i] = (guint8) (1 + i * 2654435761u / 256 % 255);
  g_assert_true (dfkd_device_write (device, block, offset, written, bytes, &error));
  g_assert_true (dfkd_device_read (device, block, 0, read, bytes + 2 * offset, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (read + offset, bytes, written, bytes);
  for (gsize i = 0; i < offset; i++)
    g_assert_true (read[i] == 0 && read[offset + bytes + i] == 0);
}

/* every limit that is one too low is named, with the device and both numbers */
static void
test_limits (void)
{
  VkPhysicalDeviceProperties good = { .deviceName = "Tiny GPU" };
  guint32 *limits[] = { &good.limits.maxPerStageDescriptorStorageBuffers, &good.limits.maxDescriptorSetStorageBuffers,
                        &good.limits.maxPushConstantsSize,                &good.limits.maxComputeWorkGroupInvocations,
                        &good.limits.maxComputeWorkGroupSize[0],          &good.limits.maxComputeSharedMemorySize };
  static const char *const names[] = { "maxPerStageDescriptorStorageBuffers", "maxDescriptorSetStorageBuffers",
                                       "maxPushConstantsSize",                "maxComputeWorkGroupInvocations",
                                       "maxComputeWorkGroupSize",             "maxComputeSharedMemorySize" };
  const guint32 needed[] = { 6, 6, 128, 128, 128, 1024 };
  g_autoptr (GError) none = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    *limits[i] = needed[i];
  g_assert_true (dfkd_vulkan_check_limits (&good, &none));
  g_assert_no_error (none);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autoptr (GError) error = NULL;

      (*limits[i])--;
      g_assert_false (dfkd_vulkan_check_limits (&good, &error));
      (*limits[i])++;
      g_assert_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE);
      g_assert_nonnull (strstr (error->message, "Tiny GPU"));
      g_assert_nonnull (strstr (error->message, names[i]));
    }
}

static void
test_family (void)
{
  const VkQueueFlags all = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT | VK_QUEUE_TRANSFER_BIT;
  VkQueueFamilyProperties families[] = { { .queueFlags = VK_QUEUE_TRANSFER_BIT, .timestampValidBits = 64 },
                                         { .queueFlags = all, .timestampValidBits = 36 },
                                         { .queueFlags = all, .timestampValidBits = 64 },
                                         { .queueFlags = VK_QUEUE_COMPUTE_BIT, .timestampValidBits = 0 },
                                         { .queueFlags = VK_QUEUE_COMPUTE_BIT, .timestampValidBits = 36 },
                                         { .queueFlags = VK_QUEUE_COMPUTE_BIT, .timestampValidBits = 64 } };

  g_assert_cmpuint (dfkd_vulkan_choose_family (families, 1), ==, G_MAXUINT32);
  g_assert_cmpuint (dfkd_vulkan_choose_family (families, 3), ==, 1);
  g_assert_cmpuint (dfkd_vulkan_choose_family (families, 4), ==, 1); /* does not time */
  g_assert_cmpuint (dfkd_vulkan_choose_family (families, 6), ==, 4);
}

/* as drivers of graphics cards (with a part of their memory mapped, or without), and of graphics in a processor tell of theirs */
static void
test_memory_types (void)
{
  const VkMemoryPropertyFlags local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT,
                              host = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  const VkPhysicalDeviceMemoryProperties card
      = { .memoryTypeCount = 5, .memoryTypes = { { 0 }, { local }, { host }, { host | cached }, { local | host } } },
      within = { .memoryTypeCount = 3, .memoryTypes = { { local }, { local | host }, { local | host | cached } } };
  const guint32 all = ~0u, unmapped = 15;

  g_assert_cmpuint (dfkd_vulkan_choose_memory (&card, all, DFKD_MEMORY_DEVICE, FALSE), ==, 1);
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&card, all, DFKD_MEMORY_TO_DEVICE, FALSE), ==, 4);
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&card, unmapped, DFKD_MEMORY_TO_DEVICE, FALSE), ==, 2);
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&card, all, DFKD_MEMORY_TO_HOST, FALSE), ==, 3);
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&card, 3, DFKD_MEMORY_TO_DEVICE, FALSE), ==, G_MAXUINT32);
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&card, 1, DFKD_MEMORY_DEVICE, FALSE), ==, 0);
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&within, all, DFKD_MEMORY_DEVICE, TRUE), ==, 2);
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&within, all, DFKD_MEMORY_TO_DEVICE, TRUE), ==, 1);
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&within, all, DFKD_MEMORY_TO_HOST, TRUE), ==, 2);
}

/* runs that were started with other dials each keep their own, and runs build nothing */
static void
test_lanes (void)
{
  g_autoptr (DfkdDevice) device = open_device ();
  g_autoptr (DfkdBlock) block = new_block (device, dfkd_shape (1, 0, 0, 0));
  g_autoptr (DfkdGraph) graph = dfkd_graph_new ("lanes");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue sum = dfkd_graph_variable (graph, block, 0), dial = dfkd_graph_dial (graph, "dial");
  DfkdDeviceCounters before;
  float wanted = 0.0f;

  dfkd_assign (graph, sum, dfkd_add (graph, sum, dial));
  dfkd_read (graph, "dial", dial);
  dfkd_read (graph, "sum", sum);
  program = new_program (device, graph);
  before = *dfkd_device_counters (device);
  for (guint i = 1; i <= 50; i++)
    {
      dfkd_program_set (program, "dial", (float) i);
      run (program);
      wanted += (float) i;
    }
  dfkd_program_set (program, "dial", -1.0f); /* too late for the runs under way */
  finish (program);
  g_assert_cmpfloat (*(const float *) dfkd_program_read (program, "dial", NULL), ==, 50.0f);
  g_assert_cmpfloat (*(const float *) dfkd_program_read (program, "sum", NULL), ==, wanted);
  g_assert_cmpfloat (dfkd_program_seconds (program)[0], >, 0.0);
  g_assert_cmpuint (dfkd_device_counters (device)->submissions - before.submissions, ==, 50);
  g_assert_cmpuint (dfkd_device_counters (device)->programs, ==, before.programs);
  g_assert_cmpuint (dfkd_device_counters (device)->recordings, ==, before.recordings);
  g_assert_cmpuint (dfkd_device_counters (device)->pipelines, ==, before.pipelines);
  g_assert_cmpuint (dfkd_device_counters (device)->allocations, ==, before.allocations);
}

/* more work groups than one dimension holds */
static void
test_large (void)
{
  const gsize count = (gsize) 65535 * 128 + 12345;
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = open_device ();
  g_autoptr (DfkdBlock) block = new_block (device, dfkd_shape_of_type (DFKD_I32, count, 0, 0, 0));
  g_autoptr (DfkdGraph) graph = dfkd_graph_new ("large");
  g_autoptr (DfkdProgram) program = NULL;
  g_autofree gint32 *values = g_new (gint32, count);

  dfkd_assign (graph, dfkd_graph_variable (graph, block, 0),
               dfkd_iota (graph, dfkd_graph_counter (graph, "counter"), count));
  program = new_program (device, graph);
  dfkd_program_set_counter (program, "counter", 0, 0, 7);
  run (program);
  finish (program);
  dfkd_device_read (device, block, 0, values, count * sizeof *values, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < count; i++)
    g_assert_cmpint (values[i], ==, (gint32) i + 7);
}

/* work for several command buffers: all of them run, in order, and their times add up */
static void
test_long (void)
{
  const gsize size = 600;
  g_autoptr (DfkdDevice) device = open_device ();
  g_autoptr (DfkdBlock) block = new_block (device, dfkd_shape (size, size, 0, 0));
  g_autoptr (DfkdGraph) graph = dfkd_graph_new ("long");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue x = dfkd_graph_variable (graph, block, 0), y = x;
  guint64 recordings;

  dfkd_assign (graph, x, dfkd_fill (graph, dfkd_shape (size, size, 0, 0), 1.0f / (float) size));
  for (guint i = 0; i < 25; i++) /* 1/n·ones times itself is itself; each product is 0.43 GFLOP */
    y = dfkd_matrix_product (graph, y, x, DFKD_NONE, FALSE, FALSE);
  dfkd_read (graph, "sum", dfkd_sum (graph, y, 1.0f / (float) size));
  program = new_program (device, graph);
  recordings = dfkd_device_counters (device)->recordings;
  g_assert_cmpuint (recordings, >, 2); /* two lanes of more than one */
  run (program);
  finish (program);
  g_assert_cmpfloat_with_epsilon (*(const float *) dfkd_program_read (program, "sum", NULL), 1.0f, 1e-4);
}

/* Temporaries in several buffers are computed with as in one; a tensor that none of them holds is an error that says so. */
static void
test_pieces (void)
{
  const gsize size = 64, bytes = size * size * sizeof (float);
  float sums[2];

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *piece = g_strdup_printf ("%zu", i == 0 ? (gsize) 1 << 30 : i == 1 ? bytes : bytes - DFKD_ALIGNMENT);
      g_autoptr (GError) error = NULL;
      g_autoptr (DfkdDevice) device = NULL;
      g_autoptr (DfkdBlock) block = NULL;
      g_autoptr (DfkdGraph) graph = dfkd_graph_new ("pieces");
      g_autoptr (DfkdProgram) program = NULL;
      DfkdValue x, values[6], all;
      guint64 before;

      g_setenv ("DFKD_VULKAN_PIECE", piece, TRUE);
      device = open_device ();
      g_unsetenv ("DFKD_VULKAN_PIECE");
      block = new_block (device, dfkd_shape (size, size, 0, 0));
      x = dfkd_graph_variable (graph, block, 0);
      dfkd_assign (graph, x, dfkd_random_uniform (graph, dfkd_graph_counter (graph, "counter"), dfkd_shape (size, size, 0, 0), 1, -1.0f, 1.0f));
      for (guint j = 0; j < G_N_ELEMENTS (values); j++) /* all of them wait for the last */
        values[j] = dfkd_matrix_product (graph, j == 0 ? x : values[j - 1], x, DFKD_NONE, FALSE, FALSE);
      all = values[0];
      for (guint j = G_N_ELEMENTS (values) - 1; j > 0; j--)
        all = dfkd_tanh (graph, dfkd_add (graph, all, values[j]));
      dfkd_read (graph, "sum", dfkd_sum (graph, all, 1.0f));
      before = dfkd_device_counters (device)->allocations;
      program = dfkd_program_new (device, graph, &error);
      if (i == 2)
        {
          g_assert_null (program);
          g_assert_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY);
          g_assert_nonnull (strstr (error->message, "pieces"));
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (dfkd_device_counters (device)->allocations - before >= 2 * DFKD_LANES + 6, ==, i == 1);
      run (program);
      finish (program);
      sums[i] = *(const float *) dfkd_program_read (program, "sum", NULL);
    }
  g_assert_cmpfloat (sums[0], ==, sums[1]);
  g_assert_cmpfloat (sums[0], !=, 0.0f);
}

/* a tensor that no descriptor can cover is an error that says so */
static void
test_range (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = open_device ();
  g_autoptr (DfkdBlock) block = NULL;
  g_autoptr (DfkdGraph) graph = dfkd_graph_new ("range");
  DfkdValue x;

  if (!g_str_has_prefix (dfkd_device_describe (device)->name, "llvmpipe"))
    {
      g_test_skip ("the limit is known of Mesa's software driver only");
      return;
    }
  block = new_block (device, dfkd_shape (((gsize) 128 << 20) / sizeof (float) + 64, 0, 0, 0));
  x = dfkd_graph_variable (graph, block, 0);
  dfkd_assign (graph, x, dfkd_affine (graph, x, 2.0f, 0.0f));
  g_assert_null (dfkd_program_new (device, graph, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "128.0"));
}

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
  device = open_device ();
  g_unsetenv ("DFKD_VULKAN_KERNELS");
  g_unsetenv ("DFKD_VULKAN_WINOGRAD");
  return device;
}

/* every tiling of the kernels for real GPUs gives what the kernels of the software driver give, and all of a family the same
 * bits; those of Winograd's algorithm are other kernels than the plain ones */
static void
test_tilings (void)
{
  enum { TILINGS = 7 };
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

static char *
cache_file (const char *prefix)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "dfkd", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL && !g_str_has_prefix (name, prefix))
    ;
  return name != NULL ? g_build_filename (folder, name, NULL) : NULL;
}

/* Returns: the file of pipelines as it was before the device was closed */
static char *
compute_something (void)
{
  g_autoptr (DfkdDevice) device = open_device ();
  g_autoptr (DfkdGraph) graph = dfkd_graph_new ("something");
  g_autoptr (DfkdProgram) program = NULL;

  dfkd_read (graph, "value", dfkd_square (graph, dfkd_fill (graph, dfkd_shape (3, 0, 0, 0), 3.0f)));
  program = new_program (device, graph);
  run (program);
  finish (program);
  g_assert_cmpfloat (((const float *) dfkd_program_read (program, "value", NULL))[2], ==, 9.0f);
  return cache_file ("pipelines-");
}

/* whatever stands in the cache file, the device opens, computes and writes a good one: at once, not when it is closed */
static void
test_cache (void)
{
  g_autofree char *path = NULL, *good = NULL, *again = NULL;
  gsize length, n;

  path = compute_something ();
  if (path == NULL)
    {
      g_assert_null (cache_file ("pipelines-"));
      g_test_skip ("this driver has no pipeline cache");
      return;
    }
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));
  for (guint damage = 0; damage < 3; damage++)
    {
      g_autofree char *bad = g_memdup2 (good, length);

      if (damage == 1)
        bad[length / 2] ^= 1;
      g_assert_true (g_file_set_contents (
          path, damage == 2 ? "" : bad, (gssize) (damage == 1 ? length : length / 2 * (damage == 0)), NULL));
      g_free (compute_something ());
      g_clear_pointer (&again, g_free);
      g_assert_true (g_file_get_contents (path, &again, &n, NULL));
      g_assert_cmpuint (n, >=, length);
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

  path = cache_file ("tilings-");
  if (path == NULL)
    {
      g_assert_cmpuint (first, ==, 2);
      g_test_skip ("this device has no timestamps");
      return;
    }
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));
  g_assert_true (g_str_has_prefix (good, "dfkd tilings 3\n"));
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
      g_assert_cmpuint (convolve_tuned (which, got), ==, first);
      g_assert_cmpmem (got, VALUES * sizeof *got, wanted, VALUES * sizeof *wanted);
      g_assert_true (g_file_get_contents (path, &mended, &n, NULL));
      g_assert_true (g_str_has_prefix (mended, "dfkd tilings 3\n"));
      g_assert_cmpuint (convolve_tuned (which, got), ==, again);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
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

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  int result;
  g_autoptr (DfkdDevice) device = NULL;

  setlocale (LC_ALL, "");
  /* not G_TEST_OPTION_ISOLATE_DIRS: it hides the Vulkan drivers too */
  folder = g_dir_make_tmp ("test-vulkan-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  device = dfkd_device_open ("vulkan", 0, NULL);
  if (device == NULL)
    return 77; /* no driver: nothing to test */
  g_clear_pointer (&device, dfkd_device_free);
  g_test_add_func ("/vulkan/list", test_list);
  g_test_add_func ("/vulkan/missing", test_missing);
  g_test_add_func ("/vulkan/memory", test_memory);
  g_test_add_func ("/vulkan/largest", test_largest);
  g_test_add_func ("/vulkan/transfer", test_transfer);
  g_test_add_func ("/vulkan/limits", test_limits);
  g_test_add_func ("/vulkan/family", test_family);
  g_test_add_func ("/vulkan/lanes", test_lanes);
  g_test_add_func ("/vulkan/large", test_large);
  g_test_add_func ("/vulkan/long", test_long);
  g_test_add_func ("/vulkan/pieces", test_pieces);
  g_test_add_func ("/vulkan/range", test_range);
  g_test_add_func ("/vulkan/tilings", test_tilings);
  g_test_add_func ("/vulkan/winograd-by-shape", test_winograd_by_shape);
  g_test_add_func ("/vulkan/reductions", test_reductions);
  g_test_add_data_func ("/vulkan/tuning/plain", GUINT_TO_POINTER (2), test_tuning);
  g_test_add_data_func ("/vulkan/tuning/winograd", GUINT_TO_POINTER (0), test_tuning);
  g_test_add_func ("/vulkan/memory-types", test_memory_types);
  g_test_add_func ("/vulkan/watch", test_watch);
  g_test_add_func ("/vulkan/cache", test_cache);
  result = g_test_run ();
  remove_folder (folder); /* Mesa's own cache stands there too */
  return result;
}
