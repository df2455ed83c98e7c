/* bad-driver.c: the functions that go wrong, each by what bad_driver says. */
#include "bad-driver.h"

#include <dlfcn.h>
#include <signal.h>
#include <string.h>
#include <vulkan/vulkan.h>

#define NEXT(function) ((PFN_##function) dlsym (RTLD_NEXT, #function))

/* constants of kernels of tiles; those of no others are as many */
enum {
  ROWS = 1,
  COLUMNS = 2,
  FEWEST_OF_TILES = 8,
  FEWEST_OF_MATRICES = 12,
};

BadDriver bad_driver;

static GMutex lock;
static GHashTable *idle; /* VkPipeline: those that do nothing */
static gboolean bound_is_idle;

VkResult
vkEnumeratePhysicalDevices (VkInstance instance, guint32 *n, VkPhysicalDevice *devices)
{
  guint32 room = *n;
  VkResult result = NEXT (vkEnumeratePhysicalDevices) (instance, n, devices);

  if (!bad_driver.twice || result != VK_SUCCESS)
    return result;
  for (guint32 i = 0; devices != NULL && i < *n; i++)
    {
      g_assert (*n + i < room);
      devices[*n + i] = devices[i];
    }
  *n *= 2;
  return result;
}

static void
pretend (VkPhysicalDeviceProperties *properties)
{
  if (!bad_driver.old_moltenvk)
    return;
  properties->deviceType = VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU;
  properties->driverVersion = 10211;
}

void
vkGetPhysicalDeviceProperties (VkPhysicalDevice physical, VkPhysicalDeviceProperties *properties)
{
  NEXT (vkGetPhysicalDeviceProperties) (physical, properties);
  pretend (properties);
}

void
vkGetPhysicalDeviceProperties2 (VkPhysicalDevice physical, VkPhysicalDeviceProperties2 *properties)
{
  NEXT (vkGetPhysicalDeviceProperties2) (physical, properties);
  pretend (&properties->properties);
  for (VkBaseOutStructure *next = properties->pNext; bad_driver.old_moltenvk && next != NULL; next = next->pNext)
    if (next->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES)
      ((VkPhysicalDeviceDriverProperties *) next)->driverID = VK_DRIVER_ID_MOLTENVK;
}

VkResult
vkCreateDevice (VkPhysicalDevice physical, const VkDeviceCreateInfo *info, const VkAllocationCallbacks *allocator, VkDevice *device)
{
  if (bad_driver.refused == 0)
    return NEXT (vkCreateDevice) (physical, info, allocator, device);
  bad_driver.refused--;
  return VK_ERROR_INITIALIZATION_FAILED;
}

static guint32
constant (const VkSpecializationInfo *given, guint i)
{
  guint32 value;

  memcpy (&value, (const char *) given->pData + given->pMapEntries[i].offset, sizeof value);
  return value;
}

VkResult
vkCreateComputePipelines (VkDevice device, VkPipelineCache cache, guint32 n, const VkComputePipelineCreateInfo *info,
                          const VkAllocationCallbacks *allocator, VkPipeline *pipelines)
{
  const VkSpecializationInfo *given = info->stage.pSpecializationInfo;
  VkResult result;

  if (bad_driver.loses_matrices && given->mapEntryCount >= FEWEST_OF_MATRICES)
    bad_driver.lost = TRUE;
  if (bad_driver.ends > 0 && given->mapEntryCount >= FEWEST_OF_TILES && constant (given, ROWS) == bad_driver.ends
      && constant (given, COLUMNS) == bad_driver.ends)
    raise (SIGKILL);
  result = NEXT (vkCreateComputePipelines) (device, cache, n, info, allocator, pipelines);
  g_mutex_lock (&lock);
  if (idle == NULL)
    idle = g_hash_table_new (NULL, NULL);
  if (result == VK_SUCCESS && bad_driver.works > 0 && given->mapEntryCount >= FEWEST_OF_TILES
      && (constant (given, ROWS) != bad_driver.works || constant (given, COLUMNS) != bad_driver.works))
    g_hash_table_add (idle, *pipelines);
  else if (result == VK_SUCCESS)
    g_hash_table_remove (idle, *pipelines); /* another device's */
  g_mutex_unlock (&lock);
  return result;
}

void
vkCmdBindPipeline (VkCommandBuffer commands, VkPipelineBindPoint point, VkPipeline pipeline)
{
  bound_is_idle = g_hash_table_contains (idle, pipeline);
  NEXT (vkCmdBindPipeline) (commands, point, pipeline);
}

void
vkCmdDispatch (VkCommandBuffer commands, guint32 x, guint32 y, guint32 z)
{
  NEXT (vkCmdDispatch) (commands, bound_is_idle ? 0 : x, y, z);
}

void
vkCmdDispatchBase (VkCommandBuffer commands, guint32 first_x, guint32 first_y, guint32 first_z, guint32 x, guint32 y, guint32 z)
{
  NEXT (vkCmdDispatchBase) (commands, first_x, first_y, first_z, bound_is_idle ? 0 : x, y, z);
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

/* types of memory with a small heap; the driver's own is one for all */
enum {
  TYPE_OF_AMD,
  TYPE_OF_DEVICE,
  TYPE_OF_HOST,
  N_TYPES,
};

void
vkGetPhysicalDeviceMemoryProperties (VkPhysicalDevice physical, VkPhysicalDeviceMemoryProperties *memory)
{
  const VkMemoryPropertyFlags host
      = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;

  NEXT (vkGetPhysicalDeviceMemoryProperties) (physical, memory);
  if (!bad_driver.small_heap)
    return;
  memory->memoryTypeCount = N_TYPES;
  memory->memoryTypes[TYPE_OF_AMD].propertyFlags
      = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | host | VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD;
  memory->memoryTypes[TYPE_OF_DEVICE].propertyFlags = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | host;
  memory->memoryTypes[TYPE_OF_HOST].propertyFlags = host;
  for (guint i = 0; i < N_TYPES; i++)
    memory->memoryTypes[i].heapIndex = 0;
}

void
vkGetBufferMemoryRequirements (VkDevice device, VkBuffer buffer, VkMemoryRequirements *requirements)
{
  NEXT (vkGetBufferMemoryRequirements) (device, buffer, requirements);
  if (bad_driver.small_heap)
    requirements->memoryTypeBits = (1 << N_TYPES) - 1;
}

VkResult
vkAllocateMemory (VkDevice device, const VkMemoryAllocateInfo *given, const VkAllocationCallbacks *allocator, VkDeviceMemory *memory)
{
  VkMemoryAllocateInfo info = *given;

  if (bad_driver.small_heap)
    {
      bad_driver.asked_for_amds = bad_driver.asked_for_amds || info.memoryTypeIndex == TYPE_OF_AMD;
      if (info.memoryTypeIndex != TYPE_OF_HOST)
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
      info.memoryTypeIndex = 0;
    }
  return NEXT (vkAllocateMemory) (device, &info, allocator, memory);
}
