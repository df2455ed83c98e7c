/* program.c: a plan recorded once for each lane, replayed in turn.
 *
 * Each lane has its own parameters, read-back memory and timestamps, so that one can be filled while others
 * run. Running allocates and records nothing. */
#include "emit.h"
#include "pipeline-cache.h"
#include "recorder.h"
#include "tuning.h"

#include "errors.h"

#include <glib/gi18n-lib.h>

#include <string.h>

/* about as much as one command buffer may move, as it may compute vulkan->most_flop */
static const double BUFFER_BYTES = 2e9;

/* how much faster than the host's a device's clock may go */
static const double DRIFT = 1.01;

typedef struct
{
  DfkdVulkanBuffer dials, reads;
  VkCommandBuffer *commands; /* n_buffers of the program */
  VkQueryPool stamps;
  guint64 last; /* the number of the last command buffer of its last run; 0: none */
  gint64 started;
  double elapsed; /* seconds from then until the host saw the run done */
  double share;   /* of the seconds in which it and those beside it were done, as the host saw it */
} Lane;

typedef struct
{
  DfkdVulkan *vulkan;
  DfkdVulkanBuffer *slab; /* its pieces */
  guint n_pieces;
  gsize slab_bytes; /* as counted by the device */
  VkDescriptorPool pool;
  GArray *views; /* of VkBufferView */
  Lane *lanes;
  guint n_lanes;
  guint64 n_runs, n_waited; /* runs so far, and when they were last waited for */
  gint64 started;           /* the first since then */
  guint n_buffers;
  guint n_stamps;
  guint *stamp_region; /* region that ends at stamp i + 1 */
  guint64 *stamps;
  guint n_regions;
} Program;

static gboolean
create_lane (Program *program, const DfkdPlan *plan, Lane *lane, GError **error)
{
  DfkdVulkan *vulkan = program->vulkan;
  VkCommandBufferAllocateInfo commands = {
    .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
    .commandPool = vulkan->pool,
    .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
    .commandBufferCount = program->n_buffers,
  };
  VkQueryPoolCreateInfo stamps = {
    .sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO,
    .queryType = VK_QUERY_TYPE_TIMESTAMP,
    .queryCount = program->n_stamps,
  };

  lane->commands = g_new0 (VkCommandBuffer, program->n_buffers);
  if (!dfkd_vulkan_buffer_new (vulkan, plan->dial_bytes, DFKD_MEMORY_TO_DEVICE, _ ("parameters"),
                               &lane->dials, error)
      || !dfkd_vulkan_buffer_new (vulkan, plan->read_bytes, DFKD_MEMORY_TO_HOST, _ ("results"), &lane->reads,
                                  error)
      || !dfkd_vulkan_check (vkAllocateCommandBuffers (vulkan->device, &commands, lane->commands),
                             "vkAllocateCommandBuffers", error))
    return FALSE;
  memset (lane->reads.mapped, 0, lane->reads.bytes);
  return vulkan->timestamp_bits == 0
         || dfkd_vulkan_check (vkCreateQueryPool (vulkan->device, &stamps, NULL, &lane->stamps),
                               "vkCreateQueryPool", error);
}

static gboolean
uses_lane (const DfkdCommand *command)
{
  for (guint i = 0; i < command->n_operands; i++)
    if (command->operand[i].kind == DFKD_PLACE_DIAL || command->operand[i].kind == DFKD_PLACE_READ)
      return TRUE;
  return FALSE;
}

static VkBuffer
operand_buffer (const Lane *lane, const DfkdOperand *operand)
{
  return operand->kind == DFKD_PLACE_DIAL   ? lane->dials.buffer
         : operand->kind == DFKD_PLACE_READ ? lane->reads.buffer
                                            : operand->buffer;
}

static guint
texels_of (const DfkdCommand *command)
{
  return command->operand[0].texels != VK_FORMAT_UNDEFINED ? 1 : 0;
}

static gboolean
create_descriptor_pool (Program *program, const GArray *commands, GError **error)
{
  VkDescriptorPoolSize sizes[] = {
    { .type = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, .descriptorCount = 1 },
    { .type = VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER, .descriptorCount = 1 },
  };
  VkDescriptorPoolCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
    .maxSets = 1,
    .poolSizeCount = G_N_ELEMENTS (sizes),
    .pPoolSizes = sizes,
  };

  for (guint i = 0; i < commands->len; i++)
    {
      const DfkdCommand *command = &g_array_index (commands, DfkdCommand, i);
      guint32 copies = uses_lane (command) ? program->n_lanes : 1;
      guint32 texels = texels_of (command) * DFKD_VULKAN_TEXELS;

      info.maxSets += copies;
      sizes[0].descriptorCount += copies * (command->n_operands - texels);
      sizes[1].descriptorCount += copies * texels;
    }
  return dfkd_vulkan_check (vkCreateDescriptorPool (program->vulkan->device, &info, NULL, &program->pool),
                            "vkCreateDescriptorPool", error);
}

static gboolean
create_view (Program *program, VkBuffer buffer, const DfkdOperand *operand, VkBufferView *view,
             GError **error)
{
  VkBufferViewCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO,
    .buffer = buffer,
    .format = operand->texels,
    .offset = operand->offset,
    .range = operand->bytes,
  };

  if (!dfkd_vulkan_check (vkCreateBufferView (program->vulkan->device, &info, NULL, view),
                          "vkCreateBufferView", error))
    return FALSE;
  g_array_append_val (program->views, *view);
  return TRUE;
}

static gboolean
write_set (Program *program, const Lane *lane, const DfkdCommand *command, VkDescriptorSet *set,
           GError **error)
{
  DfkdVulkan *vulkan = program->vulkan;
  VkDescriptorSetAllocateInfo allocate = {
    .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
    .descriptorPool = program->pool,
    .descriptorSetCount = 1,
    .pSetLayouts = &vulkan->set_layout[texels_of (command)][command->n_operands],
  };

  if (!dfkd_vulkan_check (vkAllocateDescriptorSets (vulkan->device, &allocate, set),
                          "vkAllocateDescriptorSets", error))
    return FALSE;
  for (guint32 i = 0; i < command->n_operands; i++)
    {
      const DfkdOperand *operand = &command->operand[i];
      VkDescriptorBufferInfo buffer = { operand_buffer (lane, operand), operand->offset, operand->bytes };
      VkBufferView view;
      VkWriteDescriptorSet write = {
        .sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
        .dstSet = *set,
        .dstBinding = i,
        .descriptorCount = 1,
        .descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
        .pBufferInfo = &buffer,
      };

      if (operand->texels != VK_FORMAT_UNDEFINED)
        {
          if (!create_view (program, buffer.buffer, operand, &view, error))
            return FALSE;
          write.descriptorType = VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER;
          write.pBufferInfo = NULL;
          write.pTexelBufferView = &view;
        }
      vkUpdateDescriptorSets (vulkan->device, 1, &write, 0, NULL);
    }
  return TRUE;
}

static void
stamp (VkCommandBuffer commands, const Lane *lane, guint32 index)
{
  if (lane->stamps != VK_NULL_HANDLE)
    vkCmdWriteTimestamp (commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, lane->stamps, index);
}

static void
memory_barrier (VkCommandBuffer commands, VkPipelineStageFlags from, VkAccessFlags written,
                VkPipelineStageFlags to, VkAccessFlags wanted)
{
  VkMemoryBarrier barrier
      = { .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER, .srcAccessMask = written, .dstAccessMask = wanted };

  vkCmdPipelineBarrier (commands, from, to, 0, 1, &barrier, 0, NULL, 0, NULL);
}

static void
device_barrier (VkCommandBuffer commands)
{
  memory_barrier (commands, DFKD_VULKAN_STAGES, VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
                  DFKD_VULKAN_STAGES,
                  VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_READ_BIT
                      | VK_ACCESS_TRANSFER_WRITE_BIT);
}

/* the part of @command's groups that is slice number @slice */
static void
record_dispatch (Program *program, VkCommandBuffer commands, const DfkdCommand *command, VkDescriptorSet set, guint32 slice)
{
  VkPipelineLayout layout = program->vulkan->layout[texels_of (command)][command->n_operands];
  guint32 first = command->groups[1] * slice / command->slices, end = command->groups[1] * (slice + 1) / command->slices;

  vkCmdBindPipeline (commands, VK_PIPELINE_BIND_POINT_COMPUTE, *command->pipeline);
  vkCmdBindDescriptorSets (commands, VK_PIPELINE_BIND_POINT_COMPUTE, layout, 0, 1, &set, 0, NULL);
  if (command->n_push > 0)
    vkCmdPushConstants (commands, layout, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                        command->n_push * (guint32) sizeof (guint32), command->push);
  if (command->slices > 1)
    vkCmdDispatchBase (commands, 0, first, 0, command->groups[0], end - first, 1);
  else
    vkCmdDispatch (commands, command->groups[0], command->groups[1], 1);
}

static gboolean
begin_buffer (VkCommandBuffer commands, GError **error)
{
  VkCommandBufferBeginInfo begin = { .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO };

  if (!dfkd_vulkan_check (vkBeginCommandBuffer (commands, &begin), "vkBeginCommandBuffer", error))
    return FALSE;
  device_barrier (commands); /* programs, and the parts of one, run one after another */
  return TRUE;
}

/* ends **@commands and begins the one behind it */
static gboolean
next_buffer (VkCommandBuffer **commands, GError **error)
{
  return dfkd_vulkan_check (vkEndCommandBuffer (**commands), "vkEndCommandBuffer", error) && begin_buffer (*++*commands, error);
}

/* @commands: moves on with each slice but the first */
static gboolean
record_command (Program *program, const Lane *lane, VkCommandBuffer **commands, const DfkdCommand *command,
                VkDescriptorSet set, GError **error)
{
  if (command->barrier && !command->split) /* a command buffer begins with one */
    device_barrier (**commands);
  if (command->pipeline == NULL)
    {
      VkBufferCopy copy
          = { command->operand[0].offset, command->operand[1].offset, command->operand[0].bytes };

      vkCmdCopyBuffer (**commands, operand_buffer (lane, &command->operand[0]),
                       operand_buffer (lane, &command->operand[1]), 1, &copy);
      return TRUE;
    }
  record_dispatch (program, **commands, command, set, 0);
  for (guint32 slice = 1; slice < command->slices; slice++)
    {
      if (!next_buffer (commands, error))
        return FALSE;
      record_dispatch (program, **commands, command, set, slice);
    }
  return TRUE;
}

static gboolean
write_sets (Program *program, const Lane *lane, const GArray *list, VkDescriptorSet *sets, GError **error)
{
  for (guint i = 0; i < list->len; i++)
    {
      const DfkdCommand *command = &g_array_index (list, DfkdCommand, i);

      if (command->pipeline != NULL && (sets[i] == VK_NULL_HANDLE || uses_lane (command))
          && !write_set (program, lane, command, &sets[i], error))
        return FALSE;
    }
  return TRUE;
}

static void
wipe_slab (Program *program, VkCommandBuffer commands)
{
  for (guint i = 0; i < program->n_pieces; i++)
    vkCmdFillBuffer (commands, program->slab[i].buffer, 0, VK_WHOLE_SIZE, G_MAXUINT32);
  device_barrier (commands);
}

static gboolean
record_lane (Program *program, const Lane *lane, const GArray *list, VkDescriptorSet *sets, GError **error)
{
  VkCommandBuffer *commands = lane->commands;
  guint region = 0;
  guint32 stamps = 0;

  if (!write_sets (program, lane, list, sets, error) || !begin_buffer (*commands, error))
    return FALSE;
  if (program->vulkan->wipes)
    wipe_slab (program, *commands);
  if (lane->stamps != VK_NULL_HANDLE)
    vkCmdResetQueryPool (*commands, lane->stamps, 0, program->n_stamps);
  stamp (*commands, lane, stamps++);
  for (guint i = 0; i < list->len; i++)
    {
      const DfkdCommand *command = &g_array_index (list, DfkdCommand, i);

      if (command->split && !next_buffer (&commands, error))
        return FALSE;
      if (i > 0 && command->region != region)
        stamp (*commands, lane, stamps++);
      region = command->region;
      if (!record_command (program, lane, &commands, command, sets[i], error))
        return FALSE;
    }
  stamp (*commands, lane, stamps);
  /* of what was copied for reading, and of blocks that are mapped */
  memory_barrier (*commands, DFKD_VULKAN_STAGES, VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
                  VK_PIPELINE_STAGE_HOST_BIT, VK_ACCESS_HOST_READ_BIT | VK_ACCESS_HOST_WRITE_BIT);
  program->vulkan->counters->recordings += program->n_buffers;
  return dfkd_vulkan_check (vkEndCommandBuffer (*commands), "vkEndCommandBuffer", error);
}

/* Emits every step, and begins another command buffer where one has enough to do: also in the midst of a dispatch; asks for their
 * pipelines. */
static gboolean
emit_steps (Program *program, const DfkdPlan *plan, DfkdVulkanRecorder *recorder, GError **error)
{
  double flop = 0.0, bytes = 0.0;

  program->n_buffers = 1;
  for (guint i = 0; i < plan->n_steps; i++)
    {
      const DfkdStep *step = &plan->steps[i];
      double step_flop, step_bytes;

      dfkd_step_cost (step, &step_flop, &step_bytes);
      flop += step_flop;
      bytes += step_bytes;
      if (recorder->commands->len > 0 && (flop > recorder->vulkan->most_flop || bytes > BUFFER_BYTES))
        {
          recorder->split = TRUE;
          program->n_buffers++;
          flop = step_flop;
          bytes = step_bytes;
        }
      recorder->region = step->region;
      dfkd_vulkan_emit (recorder, step);
      if (recorder->error != NULL)
        {
          g_autofree char *name = dfkd_step_name (step);

          g_propagate_prefixed_error (error, g_steal_pointer (&recorder->error), "%s, %s: ", plan->name, name);
          return FALSE;
        }
    }
  for (guint i = 0; i < recorder->commands->len; i++)
    program->n_buffers += MAX (g_array_index (recorder->commands, DfkdCommand, i).slices, 1) - 1;
  return TRUE;
}

/* Two stamps and one more for every change of region. */
static void
lay_out_stamps (Program *program, const GArray *list)
{
  program->stamp_region = g_new0 (guint, list->len + 1);
  program->n_stamps = 1;
  for (guint i = 0; i < list->len; i++)
    {
      guint region = g_array_index (list, DfkdCommand, i).region;

      if (i == 0 || region != program->stamp_region[program->n_stamps - 2])
        program->stamp_region[program->n_stamps++ - 1] = region;
    }
  if (program->n_stamps == 1) /* a program that does nothing still has a beginning and an end */
    program->n_stamps = 2;
  program->stamps = g_new0 (guint64, program->n_stamps);
}

/* as many buffers as the temporaries have pieces, at least one */
static gboolean
create_slab (Program *program, const DfkdPlan *plan, GError **error)
{
  const gsize piece = program->vulkan->piece;
  const guint n = (guint) MAX (plan->slab_bytes / piece + (plan->slab_bytes % piece != 0), 1);

  program->slab = g_new0 (DfkdVulkanBuffer, n);
  for (; program->n_pieces < n; program->n_pieces++)
    if (!dfkd_vulkan_buffer_new (program->vulkan, MIN (piece, plan->slab_bytes - program->n_pieces * piece), DFKD_MEMORY_DEVICE, plan->name,
                                 &program->slab[program->n_pieces], error))
      return FALSE;
  return TRUE;
}

gboolean
dfkd_vulkan_prepare (DfkdDevice *device, DfkdProgram *owner, GError **error)
{
  DfkdVulkan *vulkan = device->backend;
  const DfkdPlan *plan = owner->plan;
  Program *program = g_new0 (Program, 1);
  g_autofree VkDescriptorSet *sets = NULL;
  DfkdVulkanRecorder recorder;
  gboolean good = FALSE;

  dfkd_tuning_prepare (device, plan, owner->precision);
  owner->backend = program;
  program->vulkan = vulkan;
  program->n_lanes = owner->n_lanes;
  program->lanes = g_new0 (Lane, program->n_lanes);
  program->views = g_array_new (FALSE, FALSE, sizeof (VkBufferView));
  while (plan->regions[program->n_regions] != NULL)
    program->n_regions++;
  if (!create_slab (program, plan, error))
    {
      dfkd_vulkan_release (owner);
      return FALSE;
    }
  program->slab_bytes = plan->slab_bytes;
  device->counters.arena_bytes += program->slab_bytes;
  dfkd_vulkan_recorder_init (&recorder, vulkan, program->slab, owner->precision);
  dfkd_vulkan_forget_pipelines (vulkan); /* of what could not be prepared */
  if (!emit_steps (program, plan, &recorder, error) || !dfkd_vulkan_make_pipelines (vulkan, error))
    goto out;
  if (vulkan->trial == NULL) /* a first start that is cut off need not be one again */
    dfkd_pipeline_cache_save (vulkan);
  lay_out_stamps (program, recorder.commands);
  sets = g_new0 (VkDescriptorSet, recorder.commands->len + 1);
  good = create_descriptor_pool (program, recorder.commands, error);
  for (guint i = 0; i < program->n_lanes && good; i++)
    good = create_lane (program, plan, &program->lanes[i], error)
           && record_lane (program, &program->lanes[i], recorder.commands, sets, error);
  owner->results = program->lanes[0].reads.mapped;

out:
  dfkd_vulkan_recorder_clear (&recorder);
  if (!good)
    dfkd_vulkan_release (owner);
  return good;
}

void
dfkd_vulkan_release (DfkdProgram *owner)
{
  Program *program = g_steal_pointer (&owner->backend);
  DfkdVulkan *vulkan;

  if (program == NULL)
    return;
  vulkan = program->vulkan;
  dfkd_vulkan_idle (vulkan, NULL);
  for (guint i = 0; i < program->n_lanes; i++)
    {
      Lane *lane = &program->lanes[i];

      dfkd_vulkan_buffer_clear (vulkan, &lane->dials);
      dfkd_vulkan_buffer_clear (vulkan, &lane->reads);
      if (lane->commands != NULL && lane->commands[0] != VK_NULL_HANDLE)
        vkFreeCommandBuffers (vulkan->device, vulkan->pool, program->n_buffers, lane->commands);
      g_free (lane->commands);
      if (lane->stamps != VK_NULL_HANDLE)
        vkDestroyQueryPool (vulkan->device, lane->stamps, NULL);
    }
  for (guint i = 0; i < program->views->len; i++)
    vkDestroyBufferView (vulkan->device, g_array_index (program->views, VkBufferView, i), NULL);
  g_array_unref (program->views);
  if (program->pool != VK_NULL_HANDLE)
    vkDestroyDescriptorPool (vulkan->device, program->pool, NULL);
  for (guint i = 0; i < program->n_pieces; i++)
    dfkd_vulkan_buffer_clear (vulkan, &program->slab[i]);
  g_free (program->slab);
  owner->device->counters.arena_bytes -= program->slab_bytes;
  g_free (program->stamp_region);
  g_free (program->stamps);
  g_free (program->lanes);
  g_free (program);
  owner->results = NULL;
}

gboolean
dfkd_vulkan_run (DfkdProgram *owner, GError **error)
{
  Program *program = owner->backend;
  DfkdVulkan *vulkan = program->vulkan;
  Lane *lane = &program->lanes[program->n_runs % program->n_lanes];

  if (!dfkd_vulkan_is_done (vulkan, lane->last))
    vulkan->counters->waits++; /* the caller's own waits are counted where they are asked for */
  if (!dfkd_vulkan_wait_for (vulkan, lane->last, error))
    return FALSE;
  if (owner->plan->dial_bytes > 0)
    memcpy (lane->dials.mapped, owner->dials, owner->plan->dial_bytes);
  lane->started = g_get_monotonic_time ();
  if (program->n_runs == program->n_waited)
    program->started = lane->started;
  lane->last = dfkd_vulkan_collect (vulkan, lane->commands, program->n_buffers);
  program->n_runs++;
  return vulkan->batching || dfkd_vulkan_submit (vulkan, error);
}

gboolean
dfkd_vulkan_probe (DfkdProgram *owner, double *seconds, GError **error)
{
  Program *program = owner->backend;
  gint64 started;

  *seconds = 0.0;
  if (program->n_buffers == 1)
    return TRUE;
  if (!dfkd_vulkan_idle (program->vulkan, error))
    return FALSE;
  started = g_get_monotonic_time ();
  dfkd_vulkan_collect (program->vulkan, program->lanes[0].commands, 1);
  if (!dfkd_vulkan_idle (program->vulkan, error))
    return FALSE;
  *seconds = (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC * program->n_buffers;
  return TRUE;
}

/* by region; FALSE where the stamps tell nothing, or what cannot be: there are drivers that leave some at zero */
static gboolean
read_stamps (Program *program, const Lane *lane, double *seconds)
{
  DfkdVulkan *vulkan = program->vulkan;
  guint64 mask
      = vulkan->timestamp_bits >= 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT (1) << vulkan->timestamp_bits) - 1;
  double sum = 0.0;

  if (lane->stamps == VK_NULL_HANDLE
      || vkGetQueryPoolResults (vulkan->device, lane->stamps, 0, program->n_stamps, program->n_stamps * sizeof (guint64),
                                program->stamps, sizeof (guint64), VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT)
             != VK_SUCCESS)
    return FALSE;
  for (guint i = 0; i + 1 < program->n_stamps; i++)
    {
      guint64 ticks = (program->stamps[i + 1] - program->stamps[i]) & mask;
      double passed = (double) ticks * (double) vulkan->properties.limits.timestampPeriod * 1e-9;

      if (ticks > mask / 2) /* backwards */
        return FALSE;
      seconds[program->stamp_region[i]] += passed;
      sum += passed;
    }
  return sum > 0.0 && sum <= DRIFT * lane->elapsed;
}

/* Where the device cannot tell all is the first region's, by the host's clock: a run never fails for its times. */
static void
read_seconds (Program *program, const Lane *lane, double *seconds)
{
  memset (seconds, 0, program->n_regions * sizeof *seconds);
  if (read_stamps (program, lane, seconds))
    return;
  memset (seconds, 0, program->n_regions * sizeof *seconds);
  seconds[0] = lane->share;
}

/* of the runs that are done now, as far as their lanes are still theirs; what was seen done before them is none of their time */
static void
note_elapsed (Program *program)
{
  gint64 now = g_get_monotonic_time ();
  double all = (double) (now - MAX (program->started, program->vulkan->seen)) / G_USEC_PER_SEC;

  for (guint64 i = MAX (program->n_waited, program->n_runs - MIN (program->n_runs, program->n_lanes)); i < program->n_runs; i++)
    {
      Lane *lane = &program->lanes[i % program->n_lanes];

      lane->elapsed = (double) (now - lane->started) / G_USEC_PER_SEC;
      lane->share = all / (double) (program->n_runs - program->n_waited);
    }
  program->vulkan->seen = now;
}

gboolean
dfkd_vulkan_wait (DfkdProgram *owner, GError **error)
{
  Program *program = owner->backend;
  const Lane *lane;

  if (program->n_runs == program->n_waited)
    return TRUE;
  lane = &program->lanes[(program->n_runs - 1) % program->n_lanes];
  if (!dfkd_vulkan_wait_for (program->vulkan, lane->last, error))
    return FALSE;
  note_elapsed (program);
  program->n_waited = program->n_runs;
  owner->results = lane->reads.mapped;
  read_seconds (program, lane, owner->seconds);
  return TRUE;
}

gconstpointer
dfkd_vulkan_results (DfkdProgram *owner, guint age, double *seconds)
{
  Program *program = owner->backend;
  const Lane *lane;

  /* runs since then may have taken the lane again */
  if (age >= program->n_waited || program->n_runs - program->n_waited + age >= program->n_lanes)
    return NULL;
  lane = &program->lanes[(program->n_waited - 1 - age) % program->n_lanes];
  if (seconds != NULL)
    read_seconds (program, lane, seconds);
  return lane->reads.mapped;
}
