/* recorder.c: collects dispatches and finds where the device must wait.
 *
 * A barrier is needed where a command touches bytes that an earlier one since the last barrier has touched,
 * unless both only read. It knows buffers and ranges, not ops. */
#include "recorder.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

#include <string.h>

typedef struct
{
  DfkdOperand operand;
  DfkdAccess access;
} Touch;

void
dfkd_vulkan_recorder_init (DfkdVulkanRecorder *recorder, DfkdVulkan *vulkan, const DfkdVulkanBuffer *slab, DfkdPrecision precision)
{
  memset (recorder, 0, sizeof *recorder);
  recorder->vulkan = vulkan;
  recorder->slab = slab;
  recorder->precision = precision;
  recorder->slices = 1;
  recorder->commands = g_array_new (FALSE, TRUE, sizeof (DfkdCommand));
  recorder->touched = g_array_new (FALSE, FALSE, sizeof (Touch));
}

void
dfkd_vulkan_recorder_clear (DfkdVulkanRecorder *recorder)
{
  g_array_unref (recorder->commands);
  g_array_unref (recorder->touched);
  g_clear_error (&recorder->error);
}

void
dfkd_vulkan_recorder_fail (DfkdVulkanRecorder *recorder, const char *format, ...)
{
  va_list arguments;

  if (recorder->error != NULL)
    return;
  va_start (arguments, format);
  recorder->error = g_error_new_valist (DFKD_ERROR, DFKD_ERROR_DEVICE, format, arguments);
  va_end (arguments);
}

static DfkdOperand
resolve (DfkdVulkanRecorder *recorder, const DfkdPlace *place)
{
  DfkdOperand operand = { .kind = place->kind, .offset = place->offset, .bytes = place->bytes };
  const DfkdVulkanBuffer *buffer;

  switch (place->kind)
    {
    case DFKD_PLACE_NONE:
      operand.buffer = recorder->vulkan->nothing.buffer;
      operand.bytes = DFKD_ALIGNMENT;
      break;
    case DFKD_PLACE_SLAB:
      if (recorder->slab != NULL)
        operand.buffer = recorder->slab[place->offset / recorder->vulkan->piece].buffer;
      operand.offset = place->offset % recorder->vulkan->piece;
      break;
    case DFKD_PLACE_BLOCK:
      buffer = dfkd_vulkan_block_buffer (recorder->vulkan, place->block);
      if (buffer == NULL)
        dfkd_vulkan_recorder_fail (recorder, _ ("The tensors “%s” have no storage on this device"),
                            place->block->name);
      else
        operand.buffer = buffer->buffer;
      break;
    case DFKD_PLACE_DIAL:
    case DFKD_PLACE_READ:
    case DFKD_PLACE_SLICE: /* this device asks for no chains */
      break;
    }
  return operand;
}

static gboolean
overlap (const DfkdOperand *a, const DfkdOperand *b)
{
  return a->kind == b->kind && a->buffer == b->buffer && a->offset < b->offset + b->bytes
         && b->offset < a->offset + a->bytes;
}

/* Notes what the command touches; TRUE if it must wait first. */
static gboolean
touch (DfkdVulkanRecorder *recorder, const DfkdCommand *command, const DfkdAccess *access)
{
  gboolean wait = FALSE;

  for (guint i = 0; i < recorder->touched->len && !wait; i++)
    for (guint j = 0; j < command->n_operands && !wait; j++)
      {
        const Touch *earlier = &g_array_index (recorder->touched, Touch, i);

        wait = ((earlier->access | access[j]) & DFKD_ACCESS_WRITE) != 0
               && overlap (&earlier->operand, &command->operand[j]);
      }
  if (wait)
    g_array_set_size (recorder->touched, 0);
  for (guint j = 0; j < command->n_operands; j++)
    {
      Touch now = { command->operand[j], access[j] };

      if (now.operand.kind != DFKD_PLACE_NONE && now.operand.kind != DFKD_PLACE_DIAL)
        g_array_append_val (recorder->touched, now);
    }
  return wait;
}

static void
append (DfkdVulkanRecorder *recorder)
{
  DfkdCommand *command = &recorder->command;

  command->region = recorder->region;
  command->split = recorder->split;
  recorder->split = FALSE;
  command->barrier = touch (recorder, command, recorder->access);
  g_array_append_val (recorder->commands, *command);
}

void
dfkd_dispatch_begin (DfkdVulkanRecorder *recorder, const char *shader)
{
  memset (&recorder->command, 0, sizeof recorder->command);
  recorder->n_constants = 0;
  recorder->subgroup = 0;
  g_strlcpy (recorder->shader, shader, sizeof recorder->shader);
}

void
dfkd_dispatch_begin_lanes (DfkdVulkanRecorder *recorder, const char *shader, gboolean fours)
{
  dfkd_dispatch_begin (recorder, shader);
  if (fours)
    g_strlcat (recorder->shader, "-4", sizeof recorder->shader);
}

void
dfkd_dispatch_constant (DfkdVulkanRecorder *recorder, guint32 value)
{
  g_return_if_fail (recorder->n_constants < DFKD_VULKAN_MAX_CONSTANTS);
  recorder->constants[recorder->n_constants++] = value;
}

void
dfkd_dispatch_subgroups (DfkdVulkanRecorder *recorder, guint32 size)
{
  recorder->subgroup = size;
}

static void
bind (DfkdVulkanRecorder *recorder, const DfkdPlace *place, DfkdAccess access)
{
  const VkPhysicalDeviceLimits *limits = &recorder->vulkan->properties.limits;
  DfkdCommand *command = &recorder->command;
  DfkdOperand *operand = &command->operand[command->n_operands];

  g_return_if_fail (command->n_operands < DFKD_VULKAN_MAX_BINDINGS);
  recorder->access[command->n_operands++] = access;
  *operand = resolve (recorder, place);
  /* shaders see whole groups of four words; the gap behind a tensor is its own */
  operand->bytes = (operand->bytes + 15) / 16 * 16;
  if (operand->bytes > limits->maxStorageBufferRange)
    {
      g_autofree char *size = g_format_size_full (operand->bytes, G_FORMAT_SIZE_IEC_UNITS);
      g_autofree char *most = g_format_size_full (limits->maxStorageBufferRange, G_FORMAT_SIZE_IEC_UNITS);

      dfkd_vulkan_recorder_fail (recorder,
                          _ ("A tensor of %s is larger than %s allows (%s); use a smaller batch or pool, or "
                             "--device cpu"),
                          size, recorder->vulkan->properties.deviceName, most);
    }
}

void
dfkd_dispatch_read (DfkdVulkanRecorder *recorder, const DfkdPlace *place)
{
  bind (recorder, place, DFKD_ACCESS_READ);
}

gboolean
dfkd_vulkan_recorder_has_texels (DfkdVulkanRecorder *recorder, gsize bytes, gsize width)
{
  return recorder->vulkan->software
         && bytes / (width * sizeof (float)) <= recorder->vulkan->properties.limits.maxTexelBufferElements;
}

void
dfkd_dispatch_read_texels (DfkdVulkanRecorder *recorder, const DfkdPlace *place, gboolean fours)
{
  bind (recorder, place, DFKD_ACCESS_READ);
  recorder->command.operand[recorder->command.n_operands - 1].texels
      = fours ? VK_FORMAT_R32G32B32A32_SFLOAT : VK_FORMAT_R32_SFLOAT;
}

void
dfkd_dispatch_write (DfkdVulkanRecorder *recorder, const DfkdPlace *place)
{
  bind (recorder, place, DFKD_ACCESS_WRITE);
}

void
dfkd_dispatch_update (DfkdVulkanRecorder *recorder, const DfkdPlace *place)
{
  bind (recorder, place, DFKD_ACCESS_UPDATE);
}

void
dfkd_dispatch_uint (DfkdVulkanRecorder *recorder, gsize value)
{
  DfkdCommand *command = &recorder->command;

  g_return_if_fail (command->n_push < DFKD_VULKAN_MAX_PUSH);
  if (value > G_MAXINT32) /* half the range, so that index arithmetic in shaders cannot wrap */
    dfkd_vulkan_recorder_fail (recorder,
                        _ ("A tensor has more than 2³¹ elements; use a smaller batch or --device cpu"));
  command->push[command->n_push++] = (guint32) value;
}

void
dfkd_dispatch_int (DfkdVulkanRecorder *recorder, gint value)
{
  DfkdCommand *command = &recorder->command;

  g_return_if_fail (command->n_push < DFKD_VULKAN_MAX_PUSH);
  memcpy (&command->push[command->n_push++], &value, sizeof value);
}

void
dfkd_dispatch_float (DfkdVulkanRecorder *recorder, float value)
{
  DfkdCommand *command = &recorder->command;

  g_return_if_fail (command->n_push < DFKD_VULKAN_MAX_PUSH);
  memcpy (&command->push[command->n_push++], &value, sizeof value);
}

void
dfkd_dispatch_turns (DfkdVulkanRecorder *recorder, gsize turns)
{
  if (recorder->vulkan->software && turns > DFKD_SOFTWARE_TURNS)
    dfkd_vulkan_recorder_fail (recorder, _ ("A loop of %u turns is longer than %s computes rightly; use smaller images or --device cpu"),
                        (guint) MIN (turns, G_MAXUINT), recorder->vulkan->properties.deviceName);
}

void
dfkd_dispatch_groups (DfkdVulkanRecorder *recorder, gsize groups)
{
  const guint32 *most = recorder->vulkan->properties.limits.maxComputeWorkGroupCount;
  DfkdCommand *command = &recorder->command;
  gsize rows = MAX ((groups + most[0] - 1) / most[0], MIN (MIN (recorder->slices, most[1]), groups)), columns;

  if (recorder->error != NULL)
    return;
  if (rows > most[1])
    {
      dfkd_vulkan_recorder_fail (recorder,
                          _ ("A tensor has more than 2³¹ elements; use a smaller batch or --device cpu"));
      return;
    }
  columns = (groups + rows - 1) / MAX (rows, 1);
  rows = (groups + columns - 1) / MAX (columns, 1);
  command->groups[0] = (guint32) columns;
  command->groups[1] = (guint32) rows;
  command->slices = (guint32) MAX (MIN (recorder->slices, rows), 1);
  command->pipeline = dfkd_vulkan_pipeline (recorder->vulkan, recorder->shader, command->n_operands,
                                            command->operand[0].texels != VK_FORMAT_UNDEFINED,
                                            recorder->subgroup, command->slices > 1, recorder->constants, recorder->n_constants, &recorder->error);
  if (command->pipeline != NULL)
    append (recorder);
}

void
dfkd_dispatch_threads (DfkdVulkanRecorder *recorder, gsize count)
{
  if (count > G_MAXINT32)
    dfkd_vulkan_recorder_fail (recorder,
                        _ ("A tensor has more than 2³¹ elements; use a smaller batch or --device cpu"));
  dfkd_dispatch_groups (recorder, (count + DFKD_VULKAN_GROUP_SIZE - 1) / DFKD_VULKAN_GROUP_SIZE);
}

void
dfkd_record_copy (DfkdVulkanRecorder *recorder, const DfkdPlace *source, const DfkdPlace *target)
{
  if (recorder->error != NULL)
    return;
  memset (&recorder->command, 0, sizeof recorder->command);
  recorder->command.operand[0] = resolve (recorder, source);
  recorder->command.operand[1] = resolve (recorder, target);
  recorder->command.operand[1].bytes = recorder->command.operand[0].bytes;
  recorder->command.n_operands = 2;
  recorder->access[0] = DFKD_ACCESS_READ;
  recorder->access[1] = DFKD_ACCESS_WRITE;
  if (recorder->error == NULL)
    append (recorder);
}

DfkdPlace
dfkd_place_part (const DfkdPlace *place, gsize offset, gsize bytes)
{
  DfkdPlace part = *place;

  g_return_val_if_fail (offset % DFKD_ALIGNMENT == 0 && offset + bytes <= place->bytes, part);
  part.offset += offset;
  part.bytes = bytes;
  return part;
}
