/* instance.c: finding Vulkan drivers and what devices they have; vulkan-device.c opens one. */
#include "validation.h"
#include "vulkan-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

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

gboolean
dfkd_vulkan_has_extension (const VkExtensionProperties *extensions, guint32 n, const char *name)
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
  if (dfkd_vulkan_has_extension (extensions, n, VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME))
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
      return N_ ("discrete GPU");
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return N_ ("integrated GPU");
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return N_ ("virtual GPU");
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return N_ ("software driver");
    default:
      return N_ ("other device");
    }
}

GArray *
dfkd_vulkan_enumerate (VkInstance instance, GError **error)
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

guint32
dfkd_vulkan_choose_family (const VkQueueFamilyProperties *families, guint32 n)
{
  guint32 best = G_MAXUINT32;

  for (guint32 i = 0; i < n; i++)
    if ((families[i].queueFlags & VK_QUEUE_COMPUTE_BIT) != 0
        && (best == G_MAXUINT32
            || ((families[best].queueFlags & ~families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT) != 0
                && families[i].timestampValidBits >= families[best].timestampValidBits)))
      best = i;
  return best;
}

void
dfkd_vulkan_describe (VkPhysicalDevice physical, guint index, DfkdDeviceDescription *description)
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
  devices = dfkd_vulkan_enumerate (instance.instance, NULL);
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      DfkdDeviceDescription *description = g_new0 (DfkdDeviceDescription, 1);

      dfkd_vulkan_describe (g_array_index (devices, VkPhysicalDevice, i), i, description);
      g_ptr_array_add (descriptions, description);
    }
  dfkd_vulkan_instance_close (&instance);
}
