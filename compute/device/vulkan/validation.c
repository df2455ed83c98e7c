/* validation.c: counts and prints what the validation layer says. */
#include "validation.h"

static gint messages; /* atomic: the layer may call from any thread */

gboolean
dfkd_vulkan_validating (void)
{
  return g_strcmp0 (g_getenv ("DFKD_VALIDATE"), "1") == 0;
}

guint
dfkd_vulkan_validation_messages (void)
{
  return (guint) g_atomic_int_get (&messages);
}

static VKAPI_ATTR VkBool32 VKAPI_CALL
report (VkDebugUtilsMessageSeverityFlagBitsEXT severity, VkDebugUtilsMessageTypeFlagsEXT type,
        const VkDebugUtilsMessengerCallbackDataEXT *data, void *user)
{
  g_atomic_int_inc (&messages);
  g_printerr ("Vulkan validation: %s\n", data->pMessage);
  return VK_FALSE;
}

VkDebugUtilsMessengerCreateInfoEXT
dfkd_vulkan_messenger (void)
{
  return (VkDebugUtilsMessengerCreateInfoEXT){
    .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
    .messageSeverity
    = VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
    .messageType
    = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT,
    .pfnUserCallback = report,
  };
}
