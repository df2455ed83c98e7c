/* vulkan-device.c: opening one device: which, with what features, and which kernels it gets.
 *
 * Nothing is assumed of a device but Vulkan 1.2 and one queue that computes; limits are asked for. */
#include "emit.h"
#include "matrices.h"
#include "requirements.h"
#include "tuning.h"
#include "validation.h"
#include "vulkan-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

#include <stdlib.h>
#include <string.h>

/* smaller is better */
enum
{
  RANK_BEST,
  RANK_OTHER = 3,
  RANK_SOFTWARE,
};

static guint
rank_of (VkPhysicalDeviceType type)
{
  switch (type)
    {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return RANK_BEST;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return 1;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return 2;
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return RANK_SOFTWARE;
    default:
      return RANK_OTHER;
    }
}

typedef struct
{
  guint index; /* among all devices */
  VkPhysicalDevice physical;
} Candidate;

/* (transfer full) (element-type Candidate): what may be opened, the best first; only device @index if that is not negative */
static GArray *
list_candidates (VkInstance instance, gint index, gboolean real_only, GError **error)
{
  g_autoptr (GArray) devices = dfkd_vulkan_enumerate (instance, error), candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));

  if (devices == NULL)
    return NULL;
  if (devices->len == 0)
    {
      g_set_error_literal (
          error, DFKD_ERROR, DFKD_ERROR_DEVICE,
          _ ("--device vulkan: no driver for Vulkan 1.2 or newer was found; install your GPU's "
             "driver (Debian: mesa-vulkan-drivers) or use --device cpu"));
      return NULL;
    }
  if (index >= 0 && (guint) index >= devices->len)
    {
      g_set_error (
          error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
          g_dngettext (GETTEXT_PACKAGE, "--device vulkan:%d: there is only %u Vulkan device, counted from 0; see dfkd devices",
                       "--device vulkan:%d: there are only %u Vulkan devices, counted from 0; see dfkd devices", devices->len),
          index, devices->len);
      return NULL;
    }
  for (guint rank = RANK_BEST; rank <= (real_only ? RANK_OTHER : RANK_SOFTWARE); rank++)
    for (guint i = 0; i < devices->len; i++)
      {
        Candidate candidate = { i, g_array_index (devices, VkPhysicalDevice, i) };
        VkPhysicalDeviceProperties properties;

        vkGetPhysicalDeviceProperties (candidate.physical, &properties);
        if (rank_of (properties.deviceType) == rank && (index < 0 || (guint) index == i))
          g_array_append_val (candidates, candidate);
      }
  if (candidates->len > 0)
    return g_steal_pointer (&candidates);
  g_set_error_literal (
      error, DFKD_ERROR, DFKD_ERROR_DEVICE,
      _ ("There is no GPU with a Vulkan driver, only a software driver; use --device cpu"));
  return NULL;
}

/* Which kernels: those of real GPUs, unless the driver runs on the processor or cannot make them. For tests alone
 * DFKD_VULKAN_KERNELS=tile or =shared chooses on any device, =shared:N the tiling number N of each kind, and
 * =shared-alone does without subgroups; =matrices:N is =shared with the tiling number N of those of matrices.
 * DFKD_VULKAN_FUSE=0 has every kernel do one op; DFKD_VULKAN_WINOGRAD=0 and =1 has no convolution, or every one that can be,
 * computed by Winograd's algorithm. */
static void
choose_kernels (DfkdVulkan *vulkan, const VkPhysicalDeviceSubgroupProperties *subgroups, const VkPhysicalDeviceDriverProperties *driver)
{
  const VkSubgroupFeatureFlags needed = VK_SUBGROUP_FEATURE_BASIC_BIT | VK_SUBGROUP_FEATURE_SHUFFLE_BIT;
  const char *wanted = g_getenv ("DFKD_VULKAN_KERNELS"), *winograd = g_getenv ("DFKD_VULKAN_WINOGRAD");
  const DfkdTiling *tilings[DFKD_MAX_TILINGS];
  guint64 number;

  vulkan->forced_matrices = wanted != NULL && g_str_has_prefix (wanted, "matrices:");
  vulkan->shared = wanted != NULL ? vulkan->forced_matrices || g_str_has_prefix (wanted, "shared")
                                  : !vulkan->software && dfkd_vulkan_sizes_arrays (driver->driverID, vulkan->properties.driverVersion);
  vulkan->subgroups = (subgroups->supportedStages & VK_SHADER_STAGE_COMPUTE_BIT) != 0
                      && (subgroups->supportedOperations & needed) == needed
                      && g_strcmp0 (wanted, "shared-alone") != 0;
  vulkan->fuses = g_strcmp0 (g_getenv ("DFKD_VULKAN_FUSE"), "0") != 0;
  vulkan->forced_tiling = -1;
  if (wanted != NULL && (vulkan->forced_matrices || g_str_has_prefix (wanted, "shared:"))
      && g_ascii_string_to_unsigned (strchr (wanted, ':') + 1, 10, 0, G_MAXINT, &number, NULL))
    vulkan->forced_tiling = (gint) number;
  for (guint kind = 0; kind < DFKD_N_PRODUCTS; kind++)
    if (dfkd_tilings (vulkan, kind, DFKD_TILING_PLAIN, tilings) == 0)
      vulkan->shared = FALSE;
  if (g_strcmp0 (winograd, "0") == 0 || dfkd_tilings (vulkan, DFKD_PRODUCT_CONVOLUTION, DFKD_TILING_WINOGRAD, tilings) == 0)
    vulkan->winograd = DFKD_WINOGRAD_NEVER;
  else
    vulkan->winograd = g_strcmp0 (winograd, "1") == 0 ? DFKD_WINOGRAD_ALWAYS : DFKD_WINOGRAD_BY_SHAPE;
}

static VkExtensionProperties *
list_extensions (DfkdVulkan *vulkan, guint32 *n, GError **error)
{
  g_autofree VkExtensionProperties *extensions = NULL;

  if (!dfkd_vulkan_check (vkEnumerateDeviceExtensionProperties (vulkan->physical, NULL, n, NULL),
                          "vkEnumerateDeviceExtensionProperties", error))
    return NULL;
  extensions = g_new0 (VkExtensionProperties, *n + 1);
  if (!dfkd_vulkan_check (vkEnumerateDeviceExtensionProperties (vulkan->physical, NULL, n, extensions),
                          "vkEnumerateDeviceExtensionProperties", error))
    return NULL;
  return g_steal_pointer (&extensions);
}

static void
ask_features (DfkdVulkan *vulkan)
{
  VkPhysicalDeviceVulkan12Features features = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES };
  VkPhysicalDeviceFeatures2 all = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &features };

  vkGetPhysicalDeviceFeatures2 (vulkan->physical, &all);
  vulkan->float16 = features.shaderFloat16 == VK_TRUE;
}

/* Beyond the size of buffers that a driver names it may fail, or compute nonsense; beyond that of allocations it may fail: temporaries
 * are put into pieces that are within both. For tests alone: DFKD_VULKAN_LIMITS=least has the device look like one with the least
 * limits, and DFKD_VULKAN_PIECE is the most bytes of a piece. */
static void
ask_limits (DfkdVulkan *vulkan, const VkExtensionProperties *extensions, guint32 n)
{
  const gboolean named = dfkd_vulkan_has_extension (extensions, n, VK_KHR_MAINTENANCE_4_EXTENSION_NAME);
  const char *wanted = g_getenv ("DFKD_VULKAN_PIECE");
  VkPhysicalDeviceMaintenance4Properties buffers = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_4_PROPERTIES };
  VkPhysicalDeviceMaintenance3Properties allocations
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES, .pNext = named ? &buffers : NULL };
  VkPhysicalDeviceProperties2 properties
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &allocations };

  vkGetPhysicalDeviceProperties2 (vulkan->physical, &properties);
  vulkan->largest_buffer = named ? buffers.maxBufferSize : G_MAXUINT64;
  if (g_strcmp0 (g_getenv ("DFKD_VULKAN_LIMITS"), "least") == 0)
    {
      dfkd_vulkan_least_limits (&vulkan->properties.limits);
      vulkan->largest_buffer = allocations.maxMemoryAllocationSize = G_GUINT64_CONSTANT (1) << 30;
    }
  vulkan->piece = (gsize) MIN (MIN (vulkan->largest_buffer, allocations.maxMemoryAllocationSize), G_MAXSIZE);
  if (wanted != NULL)
    vulkan->piece = MIN (vulkan->piece, g_ascii_strtoull (wanted, NULL, 10));
  vulkan->piece = MAX (vulkan->piece / DFKD_ALIGNMENT, 1) * DFKD_ALIGNMENT;
}

/* About as much work as drivers and kernels let run without a look at it, some for half a second, and after which the screen has its turn:
 * a tenth of a second or so on a slow GPU. For tests alone DFKD_VULKAN_FLOP=N is less. */
static double
most_flop (void)
{
  const char *wanted = g_getenv ("DFKD_VULKAN_FLOP");

  return wanted != NULL ? MAX (g_ascii_strtod (wanted, NULL), 1.0) : 8e9;
}

/* For tests alone DFKD_VULKAN_STAMPS=0 has the device tell no times. */
static gboolean
choose_queue (DfkdVulkan *vulkan, GError **error)
{
  g_autofree VkQueueFamilyProperties *families = NULL;
  guint32 n = 0;

  vkGetPhysicalDeviceQueueFamilyProperties (vulkan->physical, &n, NULL);
  families = g_new0 (VkQueueFamilyProperties, n);
  vkGetPhysicalDeviceQueueFamilyProperties (vulkan->physical, &n, families);
  vulkan->family = dfkd_vulkan_choose_family (families, n);
  if (vulkan->family == G_MAXUINT32)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE,
                   _ ("%s has no queue that computes; try another --device"), vulkan->properties.deviceName);
      return FALSE;
    }
  vulkan->timestamp_bits
      = g_strcmp0 (g_getenv ("DFKD_VULKAN_STAMPS"), "0") != 0 ? families[vulkan->family].timestampValidBits : 0;
  return TRUE;
}

static gboolean
create_device (DfkdVulkan *vulkan, const VkExtensionProperties *extensions, guint32 n, GError **error)
{
  const char *enabled[3];
  const float priority = 1.0f;
  VkDeviceQueueCreateInfo queue = {
    .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
    .queueFamilyIndex = vulkan->family,
    .queueCount = 1,
    .pQueuePriorities = &priority,
  };
  VkPhysicalDeviceVulkan12Features features = {
    .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES,
    .timelineSemaphore = VK_TRUE, /* every Vulkan 1.2 device has it */
    .shaderFloat16 = vulkan->float16 ? VK_TRUE : VK_FALSE,
    .vulkanMemoryModel = vulkan->matrices.rows > 0 ? VK_TRUE : VK_FALSE,
  };
  VkPhysicalDeviceSubgroupSizeControlFeatures subgroups
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES,
          .pNext = &features,
          .subgroupSizeControl = VK_TRUE,
          .computeFullSubgroups = VK_TRUE };
  VkPhysicalDeviceCooperativeMatrixFeaturesNV matrices
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_NV,
          .pNext = &subgroups,
          .cooperativeMatrix = VK_TRUE };
  VkDeviceCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
    .pNext = &features,
    .queueCreateInfoCount = 1,
    .pQueueCreateInfos = &queue,
    .ppEnabledExtensionNames = enabled,
  };
  VkCommandPoolCreateInfo pool = {
    .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
    .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
    .queueFamilyIndex = vulkan->family,
  };
  VkCommandBufferAllocateInfo buffer = {
    .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
    .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
    .commandBufferCount = 1,
  };

  if (dfkd_vulkan_has_extension (extensions, n, "VK_KHR_portability_subset"))
    enabled[info.enabledExtensionCount++] = "VK_KHR_portability_subset";
  if (vulkan->matrices.rows > 0)
    {
      enabled[info.enabledExtensionCount++] = VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME;
      info.pNext = &subgroups;
    }
  if (vulkan->matrices.rows > 0 && !vulkan->matrices.emulated)
    {
      enabled[info.enabledExtensionCount++] = VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME;
      info.pNext = &matrices;
    }
  if (!dfkd_vulkan_check (vkCreateDevice (vulkan->physical, &info, NULL, &vulkan->device), "vkCreateDevice",
                          error))
    return FALSE;
  vkGetDeviceQueue (vulkan->device, vulkan->family, 0, &vulkan->queue);
  if (!dfkd_vulkan_check (vkCreateCommandPool (vulkan->device, &pool, NULL, &vulkan->pool),
                          "vkCreateCommandPool", error))
    return FALSE;
  buffer.commandPool = vulkan->pool;
  return dfkd_vulkan_check (vkAllocateCommandBuffers (vulkan->device, &buffer, &vulkan->transfer),
                            "vkAllocateCommandBuffers", error);
}

static void
free_vulkan (DfkdVulkan *vulkan)
{
  if (vulkan->device != VK_NULL_HANDLE)
    {
      vkDeviceWaitIdle (vulkan->device);
      dfkd_vulkan_pipelines_close (vulkan);
      dfkd_tuning_close (vulkan);
      dfkd_vulkan_queue_close (vulkan);
      dfkd_vulkan_buffer_clear (vulkan, &vulkan->staging);
      dfkd_vulkan_buffer_clear (vulkan, &vulkan->nothing);
      if (vulkan->pool != VK_NULL_HANDLE)
        vkDestroyCommandPool (vulkan->device, vulkan->pool, NULL);
      vkDestroyDevice (vulkan->device, NULL);
    }
  dfkd_vulkan_instance_close (&vulkan->instance);
  g_free (vulkan);
}

static void
close_device (DfkdDevice *device)
{
  free_vulkan (g_steal_pointer (&device->backend));
  if (dfkd_vulkan_validation_messages () > 0)
    {
      g_printerr ("Vulkan validation: %u messages\n", dfkd_vulkan_validation_messages ());
      exit (EXIT_FAILURE);
    }
}

static gsize
workspace (const DfkdStep *step, gboolean alone, gpointer data)
{
  DfkdDevice *device = data;

  return dfkd_vulkan_workspace (device->backend, step);
}

static gsize
piece (gpointer data)
{
  return ((const DfkdVulkan *) ((DfkdDevice *) data)->backend)->piece;
}

static gboolean
fuses (const DfkdStep *step, const DfkdStep *next, gpointer data)
{
  const DfkdVulkan *vulkan = ((DfkdDevice *) data)->backend;

  return vulkan->fuses && dfkd_convolution_fuses (step, next);
}

/* the kernels of the software driver keep nothing in shared memory, and gain nothing by it */
static gboolean
has_precision (DfkdDevice *device, DfkdPrecision precision)
{
  const DfkdVulkan *vulkan = device->backend;

  return precision == DFKD_PRECISION_FLOAT16 && vulkan->shared && vulkan->float16;
}

static const DfkdDeviceClass vulkan_class = {
  .planner = { .workspace = workspace, .fuses = fuses, .piece = piece },
  .has_precision = has_precision,
  .allocate = dfkd_vulkan_allocate,
  .write = dfkd_vulkan_write,
  .read = dfkd_vulkan_read,
  .prepare = dfkd_vulkan_prepare,
  .release = dfkd_vulkan_release,
  .run = dfkd_vulkan_run,
  .wait = dfkd_vulkan_wait,
  .results = dfkd_vulkan_results,
  .profile = dfkd_vulkan_profile,
  .begin_batch = dfkd_vulkan_begin_batch,
  .end_batch = dfkd_vulkan_end_batch,
  .close = close_device,
};

/* @instance: becomes the device's own if that opens */
static DfkdDevice *
open_candidate (DfkdVulkanInstance *instance, const Candidate *candidate, GError **error)
{
  DfkdDevice *device = g_new0 (DfkdDevice, 1);
  DfkdVulkan *vulkan = g_new0 (DfkdVulkan, 1);
  VkPhysicalDeviceDriverProperties driver = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES };
  VkPhysicalDeviceIDProperties identity = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES, .pNext = &driver };
  VkPhysicalDeviceSubgroupProperties subgroups
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES, .pNext = &identity };
  VkPhysicalDeviceProperties2 properties
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &subgroups };
  g_autofree VkExtensionProperties *extensions = NULL;
  guint32 n = 0;

  device->klass = &vulkan_class;
  device->backend = vulkan;
  vulkan->counters = &device->counters;
  vulkan->instance = *instance;
  vulkan->physical = candidate->physical;
  vkGetPhysicalDeviceProperties (vulkan->physical, &vulkan->properties);
  vulkan->software = vulkan->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
  if (!dfkd_vulkan_check_limits (&vulkan->properties, error) || !choose_queue (vulkan, error))
    goto failed;
  vkGetPhysicalDeviceProperties2 (vulkan->physical, &properties);
  memcpy (vulkan->uuid, identity.deviceUUID, sizeof vulkan->uuid);
  extensions = list_extensions (vulkan, &n, error);
  if (extensions == NULL)
    goto failed;
  ask_limits (vulkan, extensions, n);
  vulkan->most_flop = most_flop ();
  ask_features (vulkan);
  dfkd_matrices_ask (vulkan, extensions, n);
  choose_kernels (vulkan, &subgroups, &driver);
  vkGetPhysicalDeviceMemoryProperties (vulkan->physical, &vulkan->memory);
  vulkan->unified
      = !dfkd_vulkan_validating ()
        && (vulkan->software || vulkan->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU);
  if (!create_device (vulkan, extensions, n, error) || !dfkd_vulkan_queue_open (vulkan, error)
      || !dfkd_vulkan_pipelines_open (vulkan, error)
      || !dfkd_vulkan_buffer_new (vulkan, DFKD_ALIGNMENT, DFKD_MEMORY_DEVICE, _ ("an empty operand"),
                                  &vulkan->nothing, error))
    goto failed;
  dfkd_tuning_open (vulkan);
  dfkd_vulkan_describe (vulkan->physical, candidate->index, &device->description);
  device->description.stamps = vulkan->timestamp_bits > 0;
  memset (instance, 0, sizeof *instance);
  return device;

failed:
  memset (&vulkan->instance, 0, sizeof vulkan->instance);
  free_vulkan (vulkan);
  g_free (device);
  return NULL;
}

DfkdDevice *
dfkd_vulkan_open (gint index, gboolean real_only, GError **error)
{
  DfkdVulkanInstance instance;
  g_autoptr (GArray) candidates = NULL;
  DfkdDevice *device = NULL;

  if (!dfkd_vulkan_instance_open (&instance, error))
    return NULL;
  candidates = list_candidates (instance.instance, index, real_only, error);
  for (guint i = 0; candidates != NULL && device == NULL && i < candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (candidates, Candidate, i);
      gboolean last = i + 1 == candidates->len;
      g_autoptr (GError) problem = NULL;
      VkPhysicalDeviceProperties properties;

      device = open_candidate (&instance, candidate, &problem);
      if (device != NULL)
        break;
      vkGetPhysicalDeviceProperties (candidate->physical, &properties);
      if (!last || real_only) /* else the caller tells */
        g_message (_ ("%s is passed over: %s"), properties.deviceName, problem->message);
      if (last)
        g_propagate_error (error, g_steal_pointer (&problem));
    }
  dfkd_vulkan_instance_close (&instance);
  return device;
}
