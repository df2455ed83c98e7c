/* memory.c: buffers, the storage of blocks, and copies between them and the host.
 *
 * Where the host reads device memory at full speed blocks are mapped; elsewhere copies go through one staging
 * buffer, piece by piece. */
#include "vulkan-private.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

#include <string.h>

static const gsize STAGING_BYTES = 8u << 20;

typedef struct
{
  DfkdVulkan *vulkan;
  DfkdVulkanBuffer buffer;
} Storage;

/* The first memory type among those allowed that has all the wanted properties, and not that of AMD's which a feature must be asked
 * for and which no cache holds; G_MAXUINT32 if none has. */
static guint32
find_type (const VkPhysicalDeviceMemoryProperties *memory, guint32 allowed, VkMemoryPropertyFlags wanted)
{
  for (guint32 i = 0; i < memory->memoryTypeCount; i++)
    if ((allowed & (1u << i)) != 0
        && (memory->memoryTypes[i].propertyFlags & (wanted | VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD)) == wanted)
      return i;
  return G_MAXUINT32;
}

guint32
dfkd_vulkan_choose_memory (const VkPhysicalDeviceMemoryProperties *memory, guint32 allowed, DfkdMemoryUse use, gboolean unified)
{
  const VkMemoryPropertyFlags host
      = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  const VkMemoryPropertyFlags local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT,
                              cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
  VkMemoryPropertyFlags wanted[3] = { 0 };

  switch (use)
    {
    case DFKD_MEMORY_DEVICE:
      wanted[0] = local | (unified ? host | cached : 0);
      wanted[1] = local;
      wanted[2] = 0;
      break;
    case DFKD_MEMORY_TO_DEVICE: /* every kernel that has a dial would fetch it across the bus */
      wanted[0] = host | local;
      wanted[1] = wanted[2] = host;
      break;
    case DFKD_MEMORY_TO_HOST:
      wanted[0] = host | cached;
      wanted[1] = wanted[2] = host;
      break;
    }
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      guint32 type = find_type (memory, allowed, wanted[i]);

      if (type != G_MAXUINT32)
        return type;
    }
  return G_MAXUINT32;
}

/* Of what the host may write in a device's memory there can be little, and others may have taken it: then the next type will do. So it
 * is with a device's own where that is a part of the host's; on a card it would be found out by how slow everything is. */
static gboolean
next_will_do (DfkdVulkan *vulkan, DfkdMemoryUse use, VkResult result)
{
  gboolean card = vulkan->properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU;

  return use == DFKD_MEMORY_TO_DEVICE || (result == VK_ERROR_OUT_OF_DEVICE_MEMORY && (use != DFKD_MEMORY_DEVICE || !card));
}

static VkResult
allocate (DfkdVulkan *vulkan, VkBuffer buffer, DfkdMemoryUse use, VkDeviceMemory *allocated, VkMemoryPropertyFlags *flags)
{
  VkMemoryAllocateInfo info = { .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO };
  VkMemoryRequirements requirements;
  VkResult result = VK_ERROR_FEATURE_NOT_PRESENT;
  guint32 type;

  vkGetBufferMemoryRequirements (vulkan->device, buffer, &requirements);
  info.allocationSize = requirements.size;
  while ((type = dfkd_vulkan_choose_memory (&vulkan->memory, requirements.memoryTypeBits, use, vulkan->unified)) != G_MAXUINT32)
    {
      info.memoryTypeIndex = type;
      *flags = vulkan->memory.memoryTypes[type].propertyFlags;
      result = info.allocationSize > vulkan->memory.memoryHeaps[vulkan->memory.memoryTypes[type].heapIndex].size
                   ? VK_ERROR_OUT_OF_DEVICE_MEMORY
                   : vkAllocateMemory (vulkan->device, &info, NULL, allocated);
      if (result == VK_SUCCESS || !next_will_do (vulkan, use, result))
        break;
      requirements.memoryTypeBits &= ~(1u << type);
    }
  return result;
}

static gsize
largest_heap (DfkdVulkan *vulkan)
{
  gsize largest = 0;

  for (guint32 i = 0; i < vulkan->memory.memoryHeapCount; i++)
    largest = MAX (largest, vulkan->memory.memoryHeaps[i].size);
  return largest;
}

gboolean
dfkd_vulkan_buffer_new (DfkdVulkan *vulkan, gsize bytes, DfkdMemoryUse use, const char *what,
                        DfkdVulkanBuffer *buffer, GError **error)
{
  /* a multiple of the alignment, so that the last tensor may be bound in whole words */
  VkBufferCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
    .size = dfkd_aligned (MAX (bytes, 1)),
    .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT
             | VK_BUFFER_USAGE_TRANSFER_DST_BIT | VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT,
    .sharingMode = VK_SHARING_MODE_EXCLUSIVE,
  };
  const VkMemoryPropertyFlags readable = VK_MEMORY_PROPERTY_HOST_COHERENT_BIT | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
  VkMemoryPropertyFlags flags = 0;
  VkResult result;

  memset (buffer, 0, sizeof *buffer);
  /* some drivers promise more than they have and fail at the first use */
  result = info.size > MIN (largest_heap (vulkan), vulkan->largest_buffer)
               ? VK_ERROR_OUT_OF_DEVICE_MEMORY
               : vkCreateBuffer (vulkan->device, &info, NULL, &buffer->buffer);
  if (result == VK_SUCCESS)
    result = allocate (vulkan, buffer->buffer, use, &buffer->memory, &flags);
  if (result != VK_SUCCESS)
    {
      dfkd_vulkan_buffer_clear (vulkan, buffer);
      if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY)
        {
          g_autofree char *size = g_format_size_full (info.size, G_FORMAT_SIZE_IEC_UNITS);

          g_set_error (error, DFKD_ERROR, DFKD_ERROR_MEMORY,
                       _ ("%s has too little memory: %s wanted for %s; use a smaller batch or --device cpu"),
                       vulkan->properties.deviceName, size, what);
          return FALSE;
        }
      return dfkd_vulkan_check (result, "vkAllocateMemory", error);
    }
  vulkan->counters->allocations++;
  buffer->bytes = info.size;
  if (!dfkd_vulkan_check (vkBindBufferMemory (vulkan->device, buffer->buffer, buffer->memory, 0),
                          "vkBindBufferMemory", error)
      || ((use != DFKD_MEMORY_DEVICE
           || (vulkan->unified && (flags & readable) == readable))
          && !dfkd_vulkan_check (
              vkMapMemory (vulkan->device, buffer->memory, 0, VK_WHOLE_SIZE, 0, &buffer->mapped),
              "vkMapMemory", error)))
    {
      dfkd_vulkan_buffer_clear (vulkan, buffer);
      return FALSE;
    }
  return TRUE;
}

void
dfkd_vulkan_buffer_clear (DfkdVulkan *vulkan, DfkdVulkanBuffer *buffer)
{
  if (buffer->buffer != VK_NULL_HANDLE)
    vkDestroyBuffer (vulkan->device, buffer->buffer, NULL);
  if (buffer->memory != VK_NULL_HANDLE)
    vkFreeMemory (vulkan->device, buffer->memory, NULL);
  memset (buffer, 0, sizeof *buffer);
}

static gboolean
begin_transfer (DfkdVulkan *vulkan, GError **error)
{
  VkCommandBufferBeginInfo info = { .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                    .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT };
  VkMemoryBarrier barrier = { .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                              .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
                              .dstAccessMask = VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT };

  if (!dfkd_vulkan_check (vkBeginCommandBuffer (vulkan->transfer, &info), "vkBeginCommandBuffer", error))
    return FALSE;
  /* that the host has waited for a program does not show its results to another submit */
  vkCmdPipelineBarrier (vulkan->transfer, DFKD_VULKAN_STAGES, VK_PIPELINE_STAGE_TRANSFER_BIT, 0, 1, &barrier, 0, NULL, 0, NULL);
  return TRUE;
}

/* Submits the transfer command buffer and waits for it. */
static gboolean
end_transfer (DfkdVulkan *vulkan, GError **error)
{
  VkSubmitInfo submit = { .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                          .commandBufferCount = 1,
                          .pCommandBuffers = &vulkan->transfer };
  VkMemoryBarrier barrier = { .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                              .srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT,
                              .dstAccessMask = VK_ACCESS_HOST_READ_BIT | VK_ACCESS_HOST_WRITE_BIT };

  vkCmdPipelineBarrier (vulkan->transfer, VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_HOST_BIT, 0, 1,
                        &barrier, 0, NULL, 0, NULL);
  if (!dfkd_vulkan_check (vkEndCommandBuffer (vulkan->transfer), "vkEndCommandBuffer", error)
      || !dfkd_vulkan_check_queue (vulkan, vkQueueSubmit (vulkan->queue, 1, &submit, VK_NULL_HANDLE), "vkQueueSubmit",
                                   error))
    return FALSE;
  vulkan->busy = TRUE;
  return dfkd_vulkan_idle (vulkan, error);
}

static void
free_storage (gpointer data)
{
  Storage *storage = data;

  dfkd_vulkan_idle (storage->vulkan, NULL);
  dfkd_vulkan_buffer_clear (storage->vulkan, &storage->buffer);
  g_free (storage);
}

gboolean
dfkd_vulkan_allocate (DfkdDevice *device, DfkdBlock *block, GError **error)
{
  DfkdVulkan *vulkan = device->backend;
  Storage *storage = g_new0 (Storage, 1);

  storage->vulkan = vulkan;
  if (!dfkd_vulkan_buffer_new (vulkan, block->bytes, DFKD_MEMORY_DEVICE, block->name, &storage->buffer,
                               error))
    {
      g_free (storage);
      return FALSE;
    }
  block->storage = storage;
  block->free_storage = free_storage;
  if (storage->buffer.mapped != NULL)
    {
      memset (storage->buffer.mapped, 0, storage->buffer.bytes);
      return TRUE;
    }
  if (!dfkd_vulkan_idle (vulkan, error) || !begin_transfer (vulkan, error))
    return FALSE;
  vkCmdFillBuffer (vulkan->transfer, storage->buffer.buffer, 0, VK_WHOLE_SIZE, 0);
  return end_transfer (vulkan, error);
}

const DfkdVulkanBuffer *
dfkd_vulkan_block_buffer (DfkdVulkan *vulkan, const DfkdBlock *block)
{
  Storage *storage = block->storage;

  return storage != NULL && block->free_storage == free_storage && storage->vulkan == vulkan
             ? &storage->buffer
             : NULL;
}

/* Moves @bytes between the host and a block; exactly one of @source and @target is given. */
static gboolean
transfer (DfkdDevice *device, DfkdBlock *block, gsize offset, const guint8 *source, guint8 *target,
          gsize bytes, GError **error)
{
  DfkdVulkan *vulkan = device->backend;
  const DfkdVulkanBuffer *buffer = dfkd_vulkan_block_buffer (vulkan, block);

  g_return_val_if_fail (buffer != NULL, FALSE);
  g_return_val_if_fail (offset <= block->bytes && bytes <= block->bytes - offset, FALSE);
  if (!dfkd_vulkan_idle (vulkan, error))
    return FALSE;
  if (buffer->mapped != NULL)
    {
      if (source != NULL)
        memcpy ((guint8 *) buffer->mapped + offset, source, bytes);
      else
        memcpy (target, (guint8 *) buffer->mapped + offset, bytes);
      return TRUE;
    }
  if (vulkan->staging.buffer == VK_NULL_HANDLE
      && !dfkd_vulkan_buffer_new (vulkan, STAGING_BYTES, DFKD_MEMORY_TO_HOST, _ ("copies"), &vulkan->staging,
                                  error))
    return FALSE;
  for (gsize done = 0; done < bytes;)
    {
      gsize piece = MIN (bytes - done, STAGING_BYTES);
      VkBufferCopy copy = { .size = piece };

      if (!begin_transfer (vulkan, error))
        return FALSE;
      if (source != NULL)
        {
          memcpy (vulkan->staging.mapped, source + done, piece);
          copy.dstOffset = offset + done;
          vkCmdCopyBuffer (vulkan->transfer, vulkan->staging.buffer, buffer->buffer, 1, &copy);
        }
      else
        {
          copy.srcOffset = offset + done;
          vkCmdCopyBuffer (vulkan->transfer, buffer->buffer, vulkan->staging.buffer, 1, &copy);
        }
      if (!end_transfer (vulkan, error))
        return FALSE;
      if (target != NULL)
        memcpy (target + done, vulkan->staging.mapped, piece);
      done += piece;
    }
  return TRUE;
}

gboolean
dfkd_vulkan_write (DfkdDevice *device, DfkdBlock *block, gsize offset, const void *data, gsize bytes,
                   GError **error)
{
  return transfer (device, block, offset, data, NULL, bytes, error);
}

gboolean
dfkd_vulkan_read (DfkdDevice *device, DfkdBlock *block, gsize offset, void *data, gsize bytes, GError **error)
{
  return transfer (device, block, offset, NULL, data, bytes, error);
}
