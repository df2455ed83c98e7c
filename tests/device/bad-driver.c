/* bad-driver.c: the functions that go wrong, each by what bad_driver says. */
#include "bad-driver.h"

#include <dlfcn.h>
#include <vulkan/vulkan.h>

#define NEXT(function) ((PFN_##function) dlsym (RTLD_NEXT, #function))

enum {
  FEWEST_OF_MATRICES = 12, /* constants of their kernels; those of no others are as many */
};

BadDriver bad_driver;

VkResult
vkCreateComputePipelines (VkDevice device, VkPipelineCache cache, guint32 n, const VkComputePipelineCreateInfo *info,
                          const VkAllocationCallbacks *allocator, VkPipeline *pipelines)
{
  if (bad_driver.loses_matrices && info->stage.pSpecializationInfo->mapEntryCount >= FEWEST_OF_MATRICES)
    bad_driver.lost = TRUE;
  return NEXT (vkCreateComputePipelines) (device, cache, n, info, allocator, pipelines);
}

VkResult
vkQueueSubmit (VkQueue queue, guint32 n, const VkSubmitInfo *submits, VkFence fence)
{
  return bad_driver.lost ? VK_ERROR_DEVICE_LOST : NEXT (vkQueueSubmit) (queue, n, submits, fence);
}

VkResult
vkGetQueryPoolResults (VkDevice device, VkQueryPool pool, guint32 first, guint32 n, gsize bytes, void *data, VkDeviceSize stride,
                       VkQueryResultFlags flags)
{
  VkResult result = NEXT (vkGetQueryPoolResults) (device, pool, first, n, bytes, data, stride, flags);
  guint64 *ticks = data;

  g_assert (flags & VK_QUERY_RESULT_64_BIT && stride == sizeof *ticks);
  if (bad_driver.stamps == STAMPS_NEVER || (bad_driver.stamps == STAMPS_NOT_READY && (flags & VK_QUERY_RESULT_WAIT_BIT) == 0))
    return VK_NOT_READY;
  for (guint32 i = 0; i < n; i++)
    {
      if (bad_driver.stamps == STAMPS_ZERO || (bad_driver.stamps == STAMPS_LAST_ZERO && i == n - 1))
        ticks[i] = 0;
      else if (bad_driver.stamps == STAMPS_BACKWARDS)
        ticks[i] = 1000 - i;
      else if (bad_driver.stamps == STAMPS_FAR_APART)
        ticks[i] = i * (G_GUINT64_CONSTANT (1) << 40);
    }
  return result;
}
