/* requirements.h: whether a device can run the shaders at all. */
#pragma once

#include "vulkan-private.h"

G_BEGIN_DECLS

/** dfkd_vulkan_check_limits: FALSE with DFKD_ERROR_DEVICE naming the device, the limit, what it is and what
 * is needed */
gboolean dfkd_vulkan_check_limits (const VkPhysicalDeviceProperties *properties, GError **error);

G_END_DECLS
