/* queue.c: handing recorded work to the device, one submit at a time or collected into one, and waiting for
 * it.
 *
 * A timeline semaphore counts submits: work is done when the count has reached the number its submit was
 * given. */
#include "vulkan-private.h"

gboolean
dfkd_vulkan_queue_open (DfkdVulkan *vulkan, GError **error)
{
  VkSemaphoreTypeCreateInfo type = { .sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO,
                                     .semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE };
  VkSemaphoreCreateInfo info = { .sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, .pNext = &type };

  vulkan->collected = g_array_sized_new (FALSE, FALSE, sizeof (VkSubmitInfo), 64);
  return dfkd_vulkan_check (vkCreateSemaphore (vulkan->device, &info, NULL, &vulkan->done),
                            "vkCreateSemaphore", error);
}

void
dfkd_vulkan_queue_close (DfkdVulkan *vulkan)
{
  g_clear_pointer (&vulkan->collected, g_array_unref);
  if (vulkan->done != VK_NULL_HANDLE)
    vkDestroySemaphore (vulkan->device, vulkan->done, NULL);
}

guint64
dfkd_vulkan_collect (DfkdVulkan *vulkan, const VkCommandBuffer *commands, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      VkSubmitInfo submit = { .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                              .commandBufferCount = 1,
                              .pCommandBuffers = &commands[i] };

      g_array_append_val (vulkan->collected, submit);
    }
  return vulkan->submitted + 1;
}

gboolean
dfkd_vulkan_submit (DfkdVulkan *vulkan, GError **error)
{
  guint64 number = vulkan->submitted + 1;
  VkTimelineSemaphoreSubmitInfo timeline = { .sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO,
                                             .signalSemaphoreValueCount = 1,
                                             .pSignalSemaphoreValues = &number };
  VkSubmitInfo *submits = (VkSubmitInfo *) (gpointer) vulkan->collected->data;
  guint n = vulkan->collected->len;

  if (n == 0)
    return TRUE;
  submits[n - 1].pNext = &timeline;
  submits[n - 1].signalSemaphoreCount = 1;
  submits[n - 1].pSignalSemaphores = &vulkan->done;
  g_array_set_size (vulkan->collected, 0); /* also after a failure: what was lost is not tried again */
  if (!dfkd_vulkan_check (vkQueueSubmit (vulkan->queue, n, submits, VK_NULL_HANDLE), "vkQueueSubmit", error))
    return FALSE;
  vulkan->submitted = number;
  vulkan->busy = TRUE;
  vulkan->counters->submissions++;
  return TRUE;
}

gboolean
dfkd_vulkan_is_done (DfkdVulkan *vulkan, guint64 number)
{
  return number <= vulkan->finished;
}

gboolean
dfkd_vulkan_wait_for (DfkdVulkan *vulkan, guint64 number, GError **error)
{
  VkSemaphoreWaitInfo info = { .sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO,
                               .semaphoreCount = 1,
                               .pSemaphores = &vulkan->done,
                               .pValues = &number };

  if (dfkd_vulkan_is_done (vulkan, number))
    return TRUE;
  if (number > vulkan->submitted && !dfkd_vulkan_submit (vulkan, error))
    return FALSE;
  if (number > vulkan->submitted) /* its submit failed, and was reported then */
    return TRUE;
  if (!dfkd_vulkan_check (vkWaitSemaphores (vulkan->device, &info, G_MAXUINT64), "vkWaitSemaphores", error))
    return FALSE;
  vulkan->finished = MAX (vulkan->finished, number);
  return TRUE;
}

gboolean
dfkd_vulkan_idle (DfkdVulkan *vulkan, GError **error)
{
  if (vulkan->collected != NULL && !dfkd_vulkan_submit (vulkan, error))
    return FALSE;
  if (!vulkan->busy)
    return TRUE;
  vulkan->counters->waits++;
  if (!dfkd_vulkan_check (vkQueueWaitIdle (vulkan->queue), "vkQueueWaitIdle", error))
    return FALSE;
  vulkan->busy = FALSE;
  vulkan->finished = vulkan->submitted;
  return TRUE;
}

void
dfkd_vulkan_begin_batch (DfkdDevice *device)
{
  ((DfkdVulkan *) device->backend)->batching = TRUE;
}

gboolean
dfkd_vulkan_end_batch (DfkdDevice *device, GError **error)
{
  DfkdVulkan *vulkan = device->backend;

  vulkan->batching = FALSE;
  return dfkd_vulkan_submit (vulkan, error);
}
