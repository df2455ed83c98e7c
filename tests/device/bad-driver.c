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
