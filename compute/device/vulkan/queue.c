/* queue.c: handing recorded work to the device, one run at a time or several collected into one submit, and waiting for it.
 *
 * A timeline semaphore counts command buffers: work is done when the count has reached the number of its last one. Each of them
 * signals, since drivers (Mesa's) make one job of neighbours that do not, and kernels end a job that runs for long. */
#include "vulkan-private.h"

gboolean
dfkd_vulkan_check_queue (DfkdVulkan *vulkan, VkResult result, const char *call, GError **error)
{
  vulkan->lost = vulkan->lost || result == VK_ERROR_DEVICE_LOST;
  return dfkd_vulkan_check (result, call, error);
}

gboolean
dfkd_vulkan_queue_open (DfkdVulkan *vulkan, GError **error)
{
  VkSemaphoreTypeCreateInfo type = { .sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO,
                                     .semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE };
  VkSemaphoreCreateInfo info = { .sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, .pNext = &type };

  vulkan->collected = g_array_sized_new (FALSE, FALSE, sizeof (VkSubmitInfo), 64);
  vulkan->signals = g_array_sized_new (FALSE, FALSE, sizeof (VkTimelineSemaphoreSubmitInfo), 64);
  vulkan->numbers = g_array_sized_new (FALSE, FALSE, sizeof (guint64), 64);
  return dfkd_vulkan_check (vkCreateSemaphore (vulkan->device, &info, NULL, &vulkan->done),
                            "vkCreateSemaphore", error);
}

void
dfkd_vulkan_queue_close (DfkdVulkan *vulkan)
{
  g_clear_pointer (&vulkan->collected, g_array_unref);
  g_clear_pointer (&vulkan->signals, g_array_unref);
  g_clear_pointer (&vulkan->numbers, g_array_unref);
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
                              .pCommandBuffers = &commands[i],
                              .signalSemaphoreCount = 1,
                              .pSignalSemaphores = &vulkan->done };

      g_array_append_val (vulkan->collected, submit);
    }
  return vulkan->submitted + vulkan->collected->len;
}

/* Has each command buffer that is collected signal its number. */
static VkSubmitInfo *
number_collected (DfkdVulkan *vulkan)
{
  guint n = vulkan->collected->len;
  VkSubmitInfo *submits = (VkSubmitInfo *) (gpointer) vulkan->collected->data;
  VkTimelineSemaphoreSubmitInfo *signals;
  guint64 *numbers;

  g_array_set_size (vulkan->signals, n);
  g_array_set_size (vulkan->numbers, n);
  signals = (VkTimelineSemaphoreSubmitInfo *) (gpointer) vulkan->signals->data;
  numbers = (guint64 *) (gpointer) vulkan->numbers->data;
  for (guint i = 0; i < n; i++)
    {
      numbers[i] = vulkan->submitted + 1 + i;
      signals[i] = (VkTimelineSemaphoreSubmitInfo){ .sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO,
                                                    .signalSemaphoreValueCount = 1,
                                                    .pSignalSemaphoreValues = &numbers[i] };
      submits[i].pNext = &signals[i];
    }
  return submits;
}

gboolean
dfkd_vulkan_submit (DfkdVulkan *vulkan, GError **error)
{
  guint n = vulkan->collected->len;
  const VkSubmitInfo *submits = number_collected (vulkan);

  if (n == 0)
    return TRUE;
  g_array_set_size (vulkan->collected, 0); /* also after a failure: what was lost is not tried again */
  if (!dfkd_vulkan_check_queue (vulkan, vkQueueSubmit (vulkan->queue, n, submits, VK_NULL_HANDLE), "vkQueueSubmit", error))
    return FALSE;
  vulkan->submitted += n;
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
  if (!dfkd_vulkan_check_queue (vulkan, vkWaitSemaphores (vulkan->device, &info, G_MAXUINT64), "vkWaitSemaphores", error))
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
  if (!dfkd_vulkan_check_queue (vulkan, vkQueueWaitIdle (vulkan->queue), "vkQueueWaitIdle", error))
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
