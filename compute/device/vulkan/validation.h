/* validation.h: the Khronos validation layer as a debug aid: set DFKD_VALIDATE=1 in the environment.
 *
 * Every warning or error goes to standard error, and the process fails when the device is closed. Staging
 * copies are then used on every device, so that a software driver takes the path of a real GPU. */
#pragma once

#include <vulkan/vulkan.h>

#include <glib.h>

G_BEGIN_DECLS

gboolean dfkd_vulkan_validating (void);

/** dfkd_vulkan_validation_messages: how many warnings and errors the layer has reported in this process. */
guint dfkd_vulkan_validation_messages (void);

/** dfkd_vulkan_messenger: what to chain into VkInstanceCreateInfo and to make the messenger from. */
VkDebugUtilsMessengerCreateInfoEXT dfkd_vulkan_messenger (void);

G_END_DECLS
