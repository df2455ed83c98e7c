/* instance.c: finding Vulkan drivers and opening one device of theirs.
 *
 * Nothing is assumed of a device but Vulkan 1.2 and one queue that computes; limits are asked for. */
#include "requirements.h"
#include "tuning.h"
#include "validation.h"
#include "vulkan-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

#include <stdlib.h>
#include <string.h>

static const char *
result_name (VkResult result)
{
  switch (result)
    {
    case VK_NOT_READY:
      return "VK_NOT_READY";
    case VK_TIMEOUT:
      return "VK_TIMEOUT";
    case VK_INCOMPLETE:
      return "VK_INCOMPLETE";
    case VK_ERROR_OUT_OF_HOST_MEMORY:
      return "VK_ERROR_OUT_OF_HOST_MEMORY";
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
      return "VK_ERROR_OUT_OF_DEVICE_MEMORY";
    case VK_ERROR_INITIALIZATION_FAILED:
      return "VK_ERROR_INITIALIZATION_FAILED";
    case VK_ERROR_DEVICE_LOST:
      return "VK_ERROR_DEVICE_LOST";
    case VK_ERROR_MEMORY_MAP_FAILED:
      return "VK_ERROR_MEMORY_MAP_FAILED";
    case VK_ERROR_LAYER_NOT_PRESENT:
      return "VK_ERROR_LAYER_NOT_PRESENT";
    case VK_ERROR_EXTENSION_NOT_PRESENT:
      return "VK_ERROR_EXTENSION_NOT_PRESENT";
    case VK_ERROR_FEATURE_NOT_PRESENT:
      return "VK_ERROR_FEATURE_NOT_PRESENT";
    case VK_ERROR_INCOMPATIBLE_DRIVER:
      return "VK_ERROR_INCOMPATIBLE_DRIVER";
    case VK_ERROR_TOO_MANY_OBJECTS:
      return "VK_ERROR_TOO_MANY_OBJECTS";
    case VK_ERROR_FRAGMENTED_POOL:
      return "VK_ERROR_FRAGMENTED_POOL";
    case VK_ERROR_OUT_OF_POOL_MEMORY:
      return "VK_ERROR_OUT_OF_POOL_MEMORY";
    default:
      return NULL;
    }
}

gboolean
dfkd_vulkan_check (VkResult result, const char *call, GError **error)
{
  const char *name = result_name (result);
  g_autofree char *number = name == NULL ? g_strdup_printf ("VkResult %d", (int) result) : NULL;

  if (result == VK_SUCCESS)
    return TRUE;
  if (result == VK_ERROR_DEVICE_LOST)
    g_set_error (
        error, DFKD_ERROR, DFKD_ERROR_DEVICE,
        _ ("%s: the Vulkan device was lost (a driver reset, or a computation that the system ended). "
           "Start again from the last snapshot, with a smaller batch or with --device cpu"),
        call);
  else if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY)
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                 _ ("%s: the Vulkan device is out of memory (%s); use a smaller batch or --device cpu"), call,
                 name);
  else
    g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE, _ ("%s failed with %s; try another --device"), call,
                 name != NULL ? name : number);
  return FALSE;
}

static gboolean
has_extension (const VkExtensionProperties *extensions, guint32 n, const char *name)
{
  for (guint32 i = 0; i < n; i++)
    if (g_str_equal (extensions[i].extensionName, name))
      return TRUE;
  return FALSE;
}

gboolean
dfkd_vulkan_instance_open (DfkdVulkanInstance *instance, GError **error)
{
  static const char *const layers[] = { "VK_LAYER_KHRONOS_validation" };
  static const VkValidationFeatureEnableEXT enable[]
      = { VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT };
  gboolean validate = dfkd_vulkan_validating ();
  VkApplicationInfo application = {
    .sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
    .pApplicationName = "DFKD Workbench",
    .pEngineName = "dfkd",
    .apiVersion = VK_API_VERSION_1_2,
  };
  VkDebugUtilsMessengerCreateInfoEXT messenger = dfkd_vulkan_messenger ();
  VkValidationFeaturesEXT features = {
    .sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT,
    .pNext = &messenger,
    .enabledValidationFeatureCount = G_N_ELEMENTS (enable),
    .pEnabledValidationFeatures = enable,
  };
  const char *names[4];
  VkInstanceCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
    .pNext = validate ? &features : NULL,
    .pApplicationInfo = &application,
    .enabledLayerCount = validate ? 1 : 0,
    .ppEnabledLayerNames = layers,
    .ppEnabledExtensionNames = names,
  };
  g_autofree VkExtensionProperties *extensions = NULL;
  VkResult result;
  guint32 n = 0;

  memset (instance, 0, sizeof *instance);
  if (!dfkd_vulkan_check (vkEnumerateInstanceExtensionProperties (NULL, &n, NULL),
                          "vkEnumerateInstanceExtensionProperties", error))
    return FALSE;
  extensions = g_new0 (VkExtensionProperties, n);
  if (!dfkd_vulkan_check (vkEnumerateInstanceExtensionProperties (NULL, &n, extensions),
                          "vkEnumerateInstanceExtensionProperties", error))
    return FALSE;
  if (has_extension (extensions, n, VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME))
    {
      names[info.enabledExtensionCount++] = VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME;
      info.flags |= VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR;
    }
  if (validate)
    names[info.enabledExtensionCount++] = VK_EXT_DEBUG_UTILS_EXTENSION_NAME;
  result = vkCreateInstance (&info, NULL, &instance->instance);
  if (result == VK_ERROR_INCOMPATIBLE_DRIVER)
    {
      g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE,
                   _("this machine has no Vulkan driver; install the one for its GPU, or use --device cpu"));
      return FALSE;
    }
  if (!dfkd_vulkan_check (result, "vkCreateInstance", error))
    return FALSE;
  if (validate)
    {
      PFN_vkCreateDebugUtilsMessengerEXT create = (PFN_vkCreateDebugUtilsMessengerEXT) vkGetInstanceProcAddr (
          instance->instance, "vkCreateDebugUtilsMessengerEXT");

      if (create == NULL
          || !dfkd_vulkan_check (create (instance->instance, &messenger, NULL, &instance->messenger),
                                 "vkCreateDebugUtilsMessengerEXT", error))
        {
          if (create == NULL)
            g_set_error_literal (error, DFKD_ERROR, DFKD_ERROR_DEVICE,
                                 _ ("The validation layer is incomplete"));
          dfkd_vulkan_instance_close (instance);
          return FALSE;
        }
    }
  return TRUE;
}

void
dfkd_vulkan_instance_close (DfkdVulkanInstance *instance)
{
  if (instance->messenger != VK_NULL_HANDLE)
    {
      PFN_vkDestroyDebugUtilsMessengerEXT destroy
          = (PFN_vkDestroyDebugUtilsMessengerEXT) vkGetInstanceProcAddr (instance->instance,
                                                                         "vkDestroyDebugUtilsMessengerEXT");

      destroy (instance->instance, instance->messenger, NULL);
    }
  if (instance->instance != VK_NULL_HANDLE)
    vkDestroyInstance (instance->instance, NULL);
  memset (instance, 0, sizeof *instance);
}

static const char *
kind_of (VkPhysicalDeviceType type)
{
  switch (type)
    {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return _ ("discrete GPU");
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return _ ("integrated GPU");
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return _ ("virtual GPU");
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return _ ("software driver");
    default:
      return _ ("other device");
    }
}

/* smaller is better */
static guint
rank_of (VkPhysicalDeviceType type)
{
  switch (type)
    {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return 0;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return 1;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return 2;
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return 4;
    default:
      return 3;
    }
}

/* All devices with Vulkan 1.2, in the driver's order: positions are what "vulkan:N" counts. */
static GArray *
enumerate (VkInstance instance, GError **error)
{
  g_autoptr (GArray) usable = g_array_new (FALSE, FALSE, sizeof (VkPhysicalDevice));
  g_autofree VkPhysicalDevice *all = NULL;
  guint32 n = 0;

  if (!dfkd_vulkan_check (vkEnumeratePhysicalDevices (instance, &n, NULL), "vkEnumeratePhysicalDevices",
                          error))
    return NULL;
  all = g_new0 (VkPhysicalDevice, n);
  if (n > 0
      && !dfkd_vulkan_check (vkEnumeratePhysicalDevices (instance, &n, all), "vkEnumeratePhysicalDevices",
                             error))
    return NULL;
  for (guint32 i = 0; i < n; i++)
    {
      VkPhysicalDeviceProperties properties;

      vkGetPhysicalDeviceProperties (all[i], &properties);
      if (properties.apiVersion >= VK_API_VERSION_1_2)
        g_array_append_val (usable, all[i]);
    }
  return g_steal_pointer (&usable);
}

static void
describe (VkPhysicalDevice physical, guint index, DfkdDeviceDescription *description)
{
  VkPhysicalDeviceDriverProperties driver = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES };
  VkPhysicalDeviceProperties2 properties
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &driver };
  VkPhysicalDeviceMemoryProperties memory;

  vkGetPhysicalDeviceProperties2 (physical, &properties);
  vkGetPhysicalDeviceMemoryProperties (physical, &memory);
  description->id = g_strdup_printf ("vulkan:%u", index);
  description->name = g_utf8_make_valid (properties.properties.deviceName, -1);
  description->kind = g_strdup (kind_of (properties.properties.deviceType));
  description->driver = g_strdup_printf ("%s %s", driver.driverName, driver.driverInfo);
  description->largest = properties.properties.limits.maxStorageBufferRange;
  description->memory = 0;
  for (guint32 i = 0; i < memory.memoryHeapCount; i++)
    if ((memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0)
      description->memory = MAX (description->memory, memory.memoryHeaps[i].size);
}

void
dfkd_vulkan_list (GPtrArray *descriptions)
{
  DfkdVulkanInstance instance;
  g_autoptr (GArray) devices = NULL;

  if (!dfkd_vulkan_instance_open (&instance, NULL))
    return;
  devices = enumerate (instance.instance, NULL);
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      DfkdDeviceDescription *description = g_new0 (DfkdDeviceDescription, 1);

      describe (g_array_index (devices, VkPhysicalDevice, i), i, description);
      g_ptr_array_add (descriptions, description);
    }
  dfkd_vulkan_instance_close (&instance);
}

static gboolean
choose (DfkdVulkan *vulkan, gint *index, gboolean real_only, GError **error)
{
  g_autoptr (GArray) devices = enumerate (vulkan->instance.instance, error);
  guint best = G_MAXUINT;

  if (devices == NULL)
    return FALSE;
  if (devices->len == 0)
    {
      g_set_error_literal (
          error, DFKD_ERROR, DFKD_ERROR_DEVICE,
          _ ("--device vulkan: no driver for Vulkan 1.2 or newer was found; install your GPU's "
             "driver (Debian: mesa-vulkan-drivers) or use --device cpu"));
      return FALSE;
    }
  if (*index >= 0 && (guint) *index >= devices->len)
    {
      g_set_error (
          error, DFKD_ERROR, DFKD_ERROR_ARGUMENT,
          _ ("--device vulkan:%d: there are only %u Vulkan devices, counted from 0; see dfkd devices"),
          *index, devices->len);
      return FALSE;
    }
  for (guint i = 0; *index < 0 && i < devices->len; i++)
    {
      VkPhysicalDeviceProperties properties;

      vkGetPhysicalDeviceProperties (g_array_index (devices, VkPhysicalDevice, i), &properties);
      if (best == G_MAXUINT || rank_of (properties.deviceType) < rank_of (vulkan->properties.deviceType))
        {
          best = i;
          vulkan->properties = properties;
        }
    }
  if (*index < 0)
    *index = (gint) best;
  vulkan->physical = g_array_index (devices, VkPhysicalDevice, *index);
  vkGetPhysicalDeviceProperties (vulkan->physical, &vulkan->properties);
  vulkan->software = vulkan->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
  if (real_only && vulkan->software)
    {
      g_set_error_literal (
          error, DFKD_ERROR, DFKD_ERROR_DEVICE,
          _ ("There is no GPU with a Vulkan driver, only a software driver; use --device cpu"));
      return FALSE;
    }
  return TRUE;
}

/* Which kernels: those of real GPUs, unless the driver runs on the processor. For tests alone
 * DFKD_VULKAN_KERNELS=tile or =shared chooses on any device, =shared:N the tiling number N of each kind, and
 * =shared-alone does without subgroups. */
static void
choose_kernels (DfkdVulkan *vulkan, const VkPhysicalDeviceSubgroupProperties *subgroups)
{
  const VkSubgroupFeatureFlags needed = VK_SUBGROUP_FEATURE_BASIC_BIT | VK_SUBGROUP_FEATURE_SHUFFLE_BIT;
  const char *wanted = g_getenv ("DFKD_VULKAN_KERNELS");
  const DfkdTiling *tilings[DFKD_MAX_TILINGS];
  guint64 number;

  vulkan->shared = wanted != NULL ? g_str_has_prefix (wanted, "shared") : !vulkan->software;
  vulkan->subgroups = (subgroups->supportedStages & VK_SHADER_STAGE_COMPUTE_BIT) != 0
                      && (subgroups->supportedOperations & needed) == needed
                      && g_strcmp0 (wanted, "shared-alone") != 0;
  vulkan->forced_tiling = -1;
  if (wanted != NULL && g_str_has_prefix (wanted, "shared:")
      && g_ascii_string_to_unsigned (wanted + strlen ("shared:"), 10, 0, G_MAXINT, &number, NULL))
    vulkan->forced_tiling = (gint) number;
  for (guint kind = 0; kind < DFKD_N_PRODUCTS; kind++)
    if (dfkd_tilings (vulkan, kind, tilings) == 0)
      vulkan->shared = FALSE;
}

static gboolean
choose_queue (DfkdVulkan *vulkan, GError **error)
{
  g_autofree VkQueueFamilyProperties *families = NULL;
  guint32 n = 0;

  vkGetPhysicalDeviceQueueFamilyProperties (vulkan->physical, &n, NULL);
  families = g_new0 (VkQueueFamilyProperties, n);
  vkGetPhysicalDeviceQueueFamilyProperties (vulkan->physical, &n, families);
  for (guint32 i = 0; i < n; i++)
    if ((families[i].queueFlags & VK_QUEUE_COMPUTE_BIT) != 0)
      {
        vulkan->family = i;
        vulkan->timestamp_bits = families[i].timestampValidBits;
        return TRUE;
      }
  g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE,
               _ ("%s has no queue that computes; try another --device"), vulkan->properties.deviceName);
  return FALSE;
}

static gboolean
create_device (DfkdVulkan *vulkan, GError **error)
{
  static const char *const portability[] = { "VK_KHR_portability_subset" };
  const float priority = 1.0f;
  VkDeviceQueueCreateInfo queue = {
    .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
    .queueFamilyIndex = vulkan->family,
    .queueCount = 1,
    .pQueuePriorities = &priority,
  };
  VkPhysicalDeviceTimelineSemaphoreFeatures timeline /* every Vulkan 1.2 device has it */
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_TIMELINE_SEMAPHORE_FEATURES, .timelineSemaphore = VK_TRUE };
  VkDeviceCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
    .pNext = &timeline,
    .queueCreateInfoCount = 1,
    .pQueueCreateInfos = &queue,
    .ppEnabledExtensionNames = portability,
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
  g_autofree VkExtensionProperties *extensions = NULL;
  guint32 n = 0;

  if (!dfkd_vulkan_check (vkEnumerateDeviceExtensionProperties (vulkan->physical, NULL, &n, NULL),
                          "vkEnumerateDeviceExtensionProperties", error))
    return FALSE;
  extensions = g_new0 (VkExtensionProperties, n);
  if (!dfkd_vulkan_check (vkEnumerateDeviceExtensionProperties (vulkan->physical, NULL, &n, extensions),
                          "vkEnumerateDeviceExtensionProperties", error))
    return FALSE;
  info.enabledExtensionCount = has_extension (extensions, n, portability[0]) ? 1 : 0;
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

static const DfkdDeviceClass vulkan_class = {
  .planner = { .workspace = workspace },
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

DfkdDevice *
dfkd_vulkan_open (gint index, gboolean real_only, GError **error)
{
  DfkdDevice *device = g_new0 (DfkdDevice, 1);
  DfkdVulkan *vulkan = g_new0 (DfkdVulkan, 1);
  VkPhysicalDeviceIDProperties identity = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES };
  VkPhysicalDeviceSubgroupProperties subgroups
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES, .pNext = &identity };
  VkPhysicalDeviceProperties2 properties
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &subgroups };

  device->klass = &vulkan_class;
  device->backend = vulkan;
  vulkan->counters = &device->counters;
  if (!dfkd_vulkan_instance_open (&vulkan->instance, error) || !choose (vulkan, &index, real_only, error)
      || !dfkd_vulkan_check_limits (&vulkan->properties, error) || !choose_queue (vulkan, error))
    goto failed;
  vkGetPhysicalDeviceProperties2 (vulkan->physical, &properties);
  memcpy (vulkan->uuid, identity.deviceUUID, sizeof vulkan->uuid);
  choose_kernels (vulkan, &subgroups);
  vkGetPhysicalDeviceMemoryProperties (vulkan->physical, &vulkan->memory);
  vulkan->unified
      = !dfkd_vulkan_validating ()
        && (vulkan->software || vulkan->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU);
  if (!create_device (vulkan, error) || !dfkd_vulkan_queue_open (vulkan, error)
      || !dfkd_vulkan_pipelines_open (vulkan, error)
      || !dfkd_vulkan_buffer_new (vulkan, DFKD_ALIGNMENT, DFKD_MEMORY_DEVICE, _ ("an empty operand"),
                                  &vulkan->nothing, error))
    goto failed;
  dfkd_tuning_open (vulkan);
  describe (vulkan->physical, (guint) index, &device->description);
  return device;

failed:
  free_vulkan (vulkan);
  g_free (device);
  return NULL;
}
