/* requirements.h: whether a device can run the shaders at all or only the plainest, and what the least of devices that can is like. */
#pragma once

#include "vulkan-private.h"

G_BEGIN_DECLS

/** dfkd_vulkan_check_limits: FALSE with DFKD_ERROR_DEVICE naming the device, the limit, what it is and what
 * is needed */
gboolean dfkd_vulkan_check_limits (const VkPhysicalDeviceProperties *properties, GError **error);

/** dfkd_vulkan_sizes_arrays: whether the driver of this @version sizes arrays in shared memory by specialisation constants: MoltenVK
 * before 1.3.0 took the constants' defaults. */
gboolean dfkd_vulkan_sizes_arrays (VkDriverId driver, guint32 version);

/** dfkd_vulkan_least_limits: for tests: limits as of the least device that Vulkan 1.2 allows (table "Required Limits"). */
void dfkd_vulkan_least_limits (VkPhysicalDeviceLimits *limits);

G_END_DECLS
