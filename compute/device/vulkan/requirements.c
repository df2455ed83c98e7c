/* requirements.c: what a device must allow for every shader here to run on it, checked once, when it is opened.
 *
 * Sizes that a kernel can adapt to are not here: those are asked for where they are chosen (tilings.c). */
#include "requirements.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

gboolean
dfkd_vulkan_check_limits (const VkPhysicalDeviceProperties *properties, GError **error)
{
  const VkPhysicalDeviceLimits *limits = &properties->limits;
  const struct
  {
    const char *name;
    guint32 has, needed;
  } checks[] = {
    { "maxPerStageDescriptorStorageBuffers", limits->maxPerStageDescriptorStorageBuffers,
      DFKD_VULKAN_MAX_BINDINGS },
    { "maxDescriptorSetStorageBuffers", limits->maxDescriptorSetStorageBuffers, DFKD_VULKAN_MAX_BINDINGS },
    { "maxPushConstantsSize", limits->maxPushConstantsSize, DFKD_VULKAN_MAX_PUSH * sizeof (guint32) },
    { "maxComputeWorkGroupInvocations", limits->maxComputeWorkGroupInvocations, DFKD_VULKAN_GROUP_SIZE },
    { "maxComputeWorkGroupSize[0]", limits->maxComputeWorkGroupSize[0], DFKD_VULKAN_GROUP_SIZE },
    /* statistics-distance.comp */
    { "maxComputeSharedMemorySize", limits->maxComputeSharedMemorySize,
      DFKD_VULKAN_GROUP_SIZE * 2 * sizeof (float) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (checks[i].has < checks[i].needed)
      {
        g_set_error (error, DFKD_ERROR, DFKD_ERROR_DEVICE,
                     _ ("%s is too small a device: its %s is %u, and at least %u is needed; try another "
                        "--device, or --device cpu"),
                     properties->deviceName, checks[i].name, checks[i].has, checks[i].needed);
        return FALSE;
      }
  return TRUE;
}

gboolean
dfkd_vulkan_sizes_arrays (VkDriverId driver, guint32 version)
{
  const guint32 moltenvk_1_3 = 10300; /* two digits each, not as VK_MAKE_VERSION() has it */

  return driver != VK_DRIVER_ID_MOLTENVK || version >= moltenvk_1_3;
}

void
dfkd_vulkan_least_limits (VkPhysicalDeviceLimits *limits)
{
  const struct
  {
    guint32 *has, least;
  } caps[] = {
    { &limits->maxComputeWorkGroupInvocations, DFKD_VULKAN_GROUP_SIZE },
    { &limits->maxComputeWorkGroupSize[0], DFKD_VULKAN_GROUP_SIZE },
    { &limits->maxComputeWorkGroupCount[0], 65535 },
    { &limits->maxComputeWorkGroupCount[1], 65535 },
    { &limits->maxComputeSharedMemorySize, 16384 },
    { &limits->maxStorageBufferRange, 1u << 27 },
    { &limits->maxTexelBufferElements, 65536 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (caps); i++)
    *caps[i].has = MIN (*caps[i].has, caps[i].least);
}
