/* test-vulkan.c: what only the Vulkan backend does: staging, lanes, limits, choices of queue and memory. The ops
 * themselves are tested with those of every device, the choice of kernels in test-vulkan-kernels.c. */
#include "bad-driver.h"
#include "vulkan-support.h"

#include "errors.h"
#include "requirements.h"
#include "roofline.h"
#include "support.h"

#include <string.h>

static void
test_list (void)
{
  g_autoptr (GPtrArray) descriptions = dfkd_device_list ();
  g_autoptr (DfkdDevice) device = vulkan_open ();
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

/* a device that does not open is passed over for the next, or for the processor, and that is told; one that was named is not */
static void
test_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) best = vulkan_open (), next = NULL, processor = NULL;

  bad_driver = (BadDriver){ .twice = TRUE, .refused = 1 };
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "* is passed over: *vkCreateDevice*VK_ERROR_INITIALIZATION_FAILED*");
  next = vulkan_open ();
  g_test_assert_expected_messages ();
  g_assert_cmpstr (dfkd_device_describe (next)->id, !=, dfkd_device_describe (best)->id);
  g_assert_cmpstr (dfkd_device_describe (next)->name, !=, "");
  bad_driver.refused = 1;
  g_assert_null (dfkd_device_open (dfkd_device_describe (best)->id, 0, &error));
  g_assert_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE);
  g_clear_error (&error);
  bad_driver = (BadDriver){ .old_moltenvk = TRUE, .refused = G_MAXUINT }; /* none but GPUs, by what they say of themselves */
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "* is passed over: *");
  processor = dfkd_device_open ("auto", 1, &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  g_assert_cmpstr (dfkd_device_describe (processor)->id, ==, "cpu");
  bad_driver = (BadDriver){ 0 };
}

static void
test_memory (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = vulkan_open ();
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
  device = vulkan_open ();
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
  g_autoptr (DfkdDevice) device = vulkan_open ();
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

/* a GPU has kernels whose arrays a driver sizes by constants, unless the driver does not */
static void
test_arrays (void)
{
  g_autoptr (DfkdDevice) device = NULL;

  g_assert_false (dfkd_vulkan_sizes_arrays (VK_DRIVER_ID_MOLTENVK, 10211));
  g_assert_true (dfkd_vulkan_sizes_arrays (VK_DRIVER_ID_MOLTENVK, 10300));
  g_assert_true (dfkd_vulkan_sizes_arrays (VK_DRIVER_ID_MESA_RADV, 1));
  bad_driver.old_moltenvk = TRUE;
  device = vulkan_open ();
  bad_driver = (BadDriver){ 0 };
  g_assert_false (((const DfkdVulkan *) device->backend)->software);
  g_assert_false (((const DfkdVulkan *) device->backend)->shared);
}

/* as drivers of graphics cards (with a part of their memory mapped, or without), and of graphics in a processor tell of theirs */
static void
test_memory_types (void)
{
  const VkMemoryPropertyFlags local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT,
                              host = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  const VkMemoryPropertyFlags amds = VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD;
  const VkPhysicalDeviceMemoryProperties others
      = { .memoryTypeCount = 4, .memoryTypes = { { local | amds }, { host | cached | amds }, { local | host | cached | amds }, { local } } };
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
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&others, all, DFKD_MEMORY_DEVICE, TRUE), ==, 3);
  g_assert_cmpuint (dfkd_vulkan_choose_memory (&others, all, DFKD_MEMORY_TO_HOST, FALSE), ==, G_MAXUINT32);
}

/* where the device's memory is a part of the host's and full, the rest of the host's is used */
static void
test_small_heap (void)
{
  g_autoptr (DfkdDevice) device = NULL;
  g_autoptr (DfkdBlock) block = NULL;
  g_autoptr (GError) error = NULL;
  float written = 5.0f, read = 0.0f;

  device = vulkan_open ();
  if (((const DfkdVulkan *) device->backend)->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU)
    {
      g_test_skip ("this device has memory of its own");
      return;
    }
  g_clear_pointer (&device, dfkd_device_free);
  bad_driver.small_heap = TRUE;
  device = vulkan_open ();
  block = new_block (device, dfkd_shape (1, 0, 0, 0));
  g_assert_true (dfkd_device_write (device, block, 0, &written, sizeof written, &error));
  g_assert_true (dfkd_device_read (device, block, 0, &read, sizeof read, &error));
  g_assert_cmpfloat (read, ==, written);
  g_assert_false (bad_driver.asked_for_amds);
  bad_driver = (BadDriver){ 0 };
}

/* runs that were started with other dials each keep their own, and runs build nothing */
static void
test_lanes (void)
{
  g_autoptr (DfkdDevice) device = vulkan_open ();
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
  g_autoptr (DfkdDevice) device = vulkan_open ();
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
  g_autoptr (DfkdDevice) device = vulkan_open ();
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
      device = vulkan_open ();
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
  g_autoptr (DfkdDevice) device = vulkan_open ();
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

/* whatever a driver says of the time, runs end well, and take more than none and no more than passed on the wall */
static void
test_stamps (void)
{
  g_autoptr (DfkdDevice) device = vulkan_open ();
  g_autoptr (DfkdBlock) block = new_block (device, dfkd_shape (1000, 0, 0, 0));
  g_autoptr (DfkdGraph) graph = dfkd_graph_new ("stamps");
  g_autoptr (DfkdProgram) program = NULL;
  DfkdValue x = dfkd_graph_variable (graph, block, 0);

  dfkd_assign (graph, x, dfkd_affine (graph, x, 2.0f, 0.0f));
  program = new_program (device, graph);
  for (Stamps stamps = 0; stamps < N_STAMPS; stamps++)
    {
      gint64 started = g_get_monotonic_time ();
      double seconds;

      bad_driver.stamps = stamps;
      run (program);
      finish (program);
      g_assert_true (dfkd_program_seconds_run (program, 0, &seconds));
      bad_driver = (BadDriver){ 0 };
      g_assert_cmpfloat (seconds, >, 0.0);
      g_assert_cmpfloat (seconds, <=, 1.01e-6 * (double) (g_get_monotonic_time () + 1 - started));
      g_assert_cmpfloat (dfkd_program_seconds (program)[0], ==, seconds);
    }
}

/* what a slow GPU whose buffers are small can do is measured in a moment, too */
static void
test_rates (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DfkdDevice) device = NULL;
  DfkdRates rates = { 0 };

  bad_driver.old_moltenvk = TRUE; /* a GPU, by what it says of itself */
  device = vulkan_open ();
  dfkd_device_measure (device, DFKD_PRECISION_FLOAT32, &rates, &error);
  bad_driver = (BadDriver){ 0 };
  g_assert_no_error (error);
  g_assert_cmpfloat (rates.flop, >, 1e7);
  g_assert_cmpfloat (rates.bytes, >, 1e7);
}

static void
add_tests (void)
{
  g_test_add_func ("/vulkan/list", test_list);
  g_test_add_func ("/vulkan/missing", test_missing);
  g_test_add_func ("/vulkan/refused", test_refused);
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
  g_test_add_func ("/vulkan/memory-types", test_memory_types);
  g_test_add_func ("/vulkan/arrays", test_arrays);
  g_test_add_func ("/vulkan/rates", test_rates);
  g_test_add_func ("/vulkan/small-heap", test_small_heap);
  g_test_add_func ("/vulkan/stamps", test_stamps);
}

int
main (int argc, char **argv)
{
  return vulkan_main (argc, argv, add_tests);
}
