/* absent-card.c: lets a program make its kernels for an AMD card that is not there.
 *
 * Mesa's driver for AMD compiles for the card that RADV_FORCE_FAMILY names, and leaves out all that a card would do: it has no memory, no
 * queue that takes work, no semaphores. This library, loaded before it (LD_PRELOAD), stands for those: memory is the host's and
 * holds nothing of use, commands are forgotten, each wait is over at once. So programs run to their end, every pipeline is made by
 * the compiler that real cards have, and what it says of it is printed, a line each:
 *
 *   pipeline NAME "CONSTANTS" RESULT: STATISTIC VALUE, …
 *
 * NAME is that of the shader's file in the folder that DFKD_SHADERS names, CONSTANTS are its specialisation constants. No number that the
 * program computes or measures meanwhile means anything. */
#include <dlfcn.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <vulkan/vulkan.h>

#define NEXT(function) ((PFN_##function) dlsym (RTLD_NEXT, #function))

enum {
  MOST_EXTENSIONS = 16,
  MOST_STATISTICS = 64,
  STAMP = 1000, /* ticks between two timestamps */
};

static const VkDeviceSize heap = (VkDeviceSize) 16 << 30, mapped = (VkDeviceSize) 1 << 30;

static GMutex lock;
static GHashTable *names; /* VkShaderModule → name */
static PFN_vkGetPipelineExecutableStatisticsKHR get_statistics;

/* ---------------------------------------------------------------------------------------------- what is compiled */

VkResult
vkCreateDevice (VkPhysicalDevice physical, const VkDeviceCreateInfo *given, const VkAllocationCallbacks *allocator, VkDevice *device)
{
  const char *extensions[MOST_EXTENSIONS];
  VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR features
      = { .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PIPELINE_EXECUTABLE_PROPERTIES_FEATURES_KHR,
          .pNext = (void *) given->pNext,
          .pipelineExecutableInfo = VK_TRUE };
  VkDeviceCreateInfo info = *given;
  VkResult result;

  g_assert (given->enabledExtensionCount < MOST_EXTENSIONS);
  for (guint i = 0; i < given->enabledExtensionCount; i++)
    extensions[i] = given->ppEnabledExtensionNames[i];
  extensions[info.enabledExtensionCount++] = VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME;
  info.ppEnabledExtensionNames = extensions;
  info.pNext = &features;
  result = NEXT (vkCreateDevice) (physical, &info, allocator, device);
  if (result == VK_SUCCESS)
    get_statistics = (PFN_vkGetPipelineExecutableStatisticsKHR) vkGetDeviceProcAddr (*device, "vkGetPipelineExecutableStatisticsKHR");
  return result;
}

/* the shader's file. Returns: (transfer full) */
static char *
find_name (const VkShaderModuleCreateInfo *info)
{
  const char *folder = g_getenv ("DFKD_SHADERS"), *file;
  g_autoptr (GDir) files = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;

  while (files != NULL && (file = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, file, NULL), *code = NULL;
      gsize length;

      if (g_str_has_suffix (file, ".spv") && g_file_get_contents (path, &code, &length, NULL) && length == info->codeSize
          && memcmp (code, info->pCode, length) == 0)
        return g_strndup (file, strlen (file) - strlen (".spv"));
    }
  return g_strdup ("unknown");
}

VkResult
vkCreateShaderModule (VkDevice device, const VkShaderModuleCreateInfo *info, const VkAllocationCallbacks *allocator, VkShaderModule *shader)
{
  VkResult result = NEXT (vkCreateShaderModule) (device, info, allocator, shader);

  g_mutex_lock (&lock);
  if (names == NULL)
    names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_hash_table_insert (names, *shader, find_name (info));
  g_mutex_unlock (&lock);
  return result;
}

static void
append_constants (GString *line, const VkSpecializationInfo *constants)
{
  g_string_append_c (line, '"');
  for (guint i = 0; constants != NULL && i < constants->mapEntryCount; i++)
    {
      gint32 value;

      memcpy (&value, (const char *) constants->pData + constants->pMapEntries[i].offset, sizeof value);
      g_string_append_printf (line, "%s%d", i > 0 ? " " : "", value);
    }
  g_string_append_c (line, '"');
}

static void
append_statistics (GString *line, VkDevice device, VkPipeline pipeline)
{
  const VkPipelineExecutableInfoKHR info = { .sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR, .pipeline = pipeline };
  VkPipelineExecutableStatisticKHR statistics[MOST_STATISTICS] = { { 0 } };
  guint32 n = MOST_STATISTICS;

  for (guint i = 0; i < n; i++)
    statistics[i].sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_STATISTIC_KHR;
  if (get_statistics == NULL || get_statistics (device, &info, &n, statistics) != VK_SUCCESS)
    return;
  for (guint i = 0; i < n; i++)
    if (statistics[i].format == VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_UINT64_KHR)
      g_string_append_printf (line, "%s%s %" G_GUINT64_FORMAT, i > 0 ? ", " : "", statistics[i].name, (guint64) statistics[i].value.u64);
}

VkResult
vkCreateComputePipelines (VkDevice device, VkPipelineCache cache, guint32 n, const VkComputePipelineCreateInfo *given,
                          const VkAllocationCallbacks *allocator, VkPipeline *pipelines)
{
  VkResult result = VK_SUCCESS;

  for (guint i = 0; i < n && result == VK_SUCCESS; i++)
    {
      g_autoptr (GString) line = g_string_new ("pipeline ");
      VkComputePipelineCreateInfo info = given[i];

      info.flags |= VK_PIPELINE_CREATE_CAPTURE_STATISTICS_BIT_KHR;
      result = NEXT (vkCreateComputePipelines) (device, cache, 1, &info, allocator, &pipelines[i]);
      g_mutex_lock (&lock);
      g_string_append_printf (line, "%s ", (const char *) g_hash_table_lookup (names, info.stage.module));
      append_constants (line, info.stage.pSpecializationInfo);
      g_string_append_printf (line, " %d: ", result);
      if (result == VK_SUCCESS)
        append_statistics (line, device, pipelines[i]);
      g_printerr ("%s\n", line->str);
      g_mutex_unlock (&lock);
    }
  return result;
}

/* --------------------------------------------------------------------------------------------- what is not there */

void
vkGetPhysicalDeviceMemoryProperties (VkPhysicalDevice physical, VkPhysicalDeviceMemoryProperties *memory)
{
  *memory = (VkPhysicalDeviceMemoryProperties){
    .memoryHeapCount = 2,
    .memoryHeaps = { { heap, VK_MEMORY_HEAP_DEVICE_LOCAL_BIT }, { heap, 0 } },
    .memoryTypeCount = 2,
    .memoryTypes = { { VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0 },
                     { VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT | VK_MEMORY_PROPERTY_HOST_CACHED_BIT, 1 } },
  };
}

void
vkGetBufferMemoryRequirements (VkDevice device, VkBuffer buffer, VkMemoryRequirements *requirements)
{
  NEXT (vkGetBufferMemoryRequirements) (device, buffer, requirements);
  requirements->memoryTypeBits = 3; /* both */
}

/* @memory is wide enough for a pointer to the host's, which takes room where it is written alone */
VkResult
vkAllocateMemory (VkDevice device, const VkMemoryAllocateInfo *info, const VkAllocationCallbacks *allocator, VkDeviceMemory *memory)
{
  void *block = mmap (NULL, MIN (info->allocationSize, mapped), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  *memory = (VkDeviceMemory) block;
  return block != MAP_FAILED ? VK_SUCCESS : VK_ERROR_OUT_OF_HOST_MEMORY;
}

void
vkFreeMemory (VkDevice device, VkDeviceMemory memory, const VkAllocationCallbacks *allocator)
{
}

VkResult
vkMapMemory (VkDevice device, VkDeviceMemory memory, VkDeviceSize offset, VkDeviceSize size, VkMemoryMapFlags flags, void **data)
{
  *data = (char *) memory + offset;
  return VK_SUCCESS;
}

VkResult
vkBindBufferMemory (VkDevice device, VkBuffer buffer, VkDeviceMemory memory, VkDeviceSize offset)
{
  return VK_SUCCESS;
}

void
vkUpdateDescriptorSets (VkDevice device, guint32 n_writes, const VkWriteDescriptorSet *writes, guint32 n_copies, const VkCopyDescriptorSet *copies)
{
}

VkResult
vkCreateSemaphore (VkDevice device, const VkSemaphoreCreateInfo *info, const VkAllocationCallbacks *allocator, VkSemaphore *semaphore)
{
  *semaphore = (VkSemaphore) &lock;
  return VK_SUCCESS;
}

void
vkDestroySemaphore (VkDevice device, VkSemaphore semaphore, const VkAllocationCallbacks *allocator)
{
}

VkResult
vkWaitSemaphores (VkDevice device, const VkSemaphoreWaitInfo *info, guint64 timeout)
{
  return VK_SUCCESS;
}

VkResult
vkQueueSubmit (VkQueue queue, guint32 n, const VkSubmitInfo *submits, VkFence fence)
{
  return VK_SUCCESS;
}

VkResult
vkQueueWaitIdle (VkQueue queue)
{
  return VK_SUCCESS;
}

VkResult
vkDeviceWaitIdle (VkDevice device)
{
  return VK_SUCCESS;
}

/* each later than the one before */
VkResult
vkGetQueryPoolResults (VkDevice device, VkQueryPool pool, guint32 first, guint32 n, gsize size, void *data, VkDeviceSize stride, VkQueryResultFlags flags)
{
  static guint64 now;

  g_assert (flags & VK_QUERY_RESULT_64_BIT);
  for (guint i = 0; i < n; i++)
    {
      now += STAMP;
      memcpy ((char *) data + i * stride, &now, sizeof now);
    }
  return VK_SUCCESS;
}

/* ------------------------------------------------------------------------------------------------------ commands */

VkResult
vkAllocateCommandBuffers (VkDevice device, const VkCommandBufferAllocateInfo *info, VkCommandBuffer *commands)
{
  for (guint i = 0; i < info->commandBufferCount; i++)
    commands[i] = (VkCommandBuffer) &lock;
  return VK_SUCCESS;
}

void
vkFreeCommandBuffers (VkDevice device, VkCommandPool pool, guint32 n, const VkCommandBuffer *commands)
{
}

VkResult
vkBeginCommandBuffer (VkCommandBuffer commands, const VkCommandBufferBeginInfo *info)
{
  return VK_SUCCESS;
}

VkResult
vkEndCommandBuffer (VkCommandBuffer commands)
{
  return VK_SUCCESS;
}

void
vkCmdPipelineBarrier (VkCommandBuffer commands, VkPipelineStageFlags from, VkPipelineStageFlags to, VkDependencyFlags flags, guint32 n,
                      const VkMemoryBarrier *barriers, guint32 n_buffers, const VkBufferMemoryBarrier *buffers, guint32 n_images,
                      const VkImageMemoryBarrier *images)
{
}

void
vkCmdCopyBuffer (VkCommandBuffer commands, VkBuffer source, VkBuffer target, guint32 n, const VkBufferCopy *regions)
{
}

void
vkCmdFillBuffer (VkCommandBuffer commands, VkBuffer buffer, VkDeviceSize offset, VkDeviceSize size, guint32 value)
{
}

void
vkCmdBindPipeline (VkCommandBuffer commands, VkPipelineBindPoint point, VkPipeline pipeline)
{
}

void
vkCmdBindDescriptorSets (VkCommandBuffer commands, VkPipelineBindPoint point, VkPipelineLayout layout, guint32 first, guint32 n,
                         const VkDescriptorSet *sets, guint32 n_offsets, const guint32 *offsets)
{
}

void
vkCmdPushConstants (VkCommandBuffer commands, VkPipelineLayout layout, VkShaderStageFlags stages, guint32 offset, guint32 size, const void *values)
{
}

void
vkCmdDispatch (VkCommandBuffer commands, guint32 x, guint32 y, guint32 z)
{
}

void
vkCmdDispatchBase (VkCommandBuffer commands, guint32 first_x, guint32 first_y, guint32 first_z, guint32 x, guint32 y, guint32 z)
{
}

void
vkCmdResetQueryPool (VkCommandBuffer commands, VkQueryPool pool, guint32 first, guint32 n)
{
}

void
vkCmdWriteTimestamp (VkCommandBuffer commands, VkPipelineStageFlagBits stage, VkQueryPool pool, guint32 query)
{
}
