/* recorder.h: the list of dispatches and copies that a program replays, being written.
 *
 * An op's emit function says what a dispatch binds, in the order of the shader's bindings, and whether it
 * reads or writes it; barriers follow from that alone. Errors stick: after the first nothing is recorded.
 *
 *   dfkd_dispatch_begin (r, "unary");
 *   dfkd_dispatch_read (r, &step->input[0]);
 *   dfkd_dispatch_write (r, &step->output);
 *   dfkd_dispatch_uint (r, count);
 *   dfkd_dispatch_threads (r, count);
 */
#pragma once

#include "vulkan-private.h"

G_BEGIN_DECLS

typedef enum
{
  DFKD_ACCESS_READ = 1,
  DFKD_ACCESS_WRITE = 2,
  DFKD_ACCESS_UPDATE = 3,
} DfkdAccess;

typedef struct
{
  DfkdPlaceKind kind;
  VkBuffer buffer; /* NULL for DIAL and READ: another one in each lane */
  gsize offset, bytes;
  VkFormat texels; /* of a texel buffer; VK_FORMAT_UNDEFINED for a storage buffer */
} DfkdOperand;

typedef struct
{
  const VkPipeline *pipeline; /* made after all is recorded; NULL for a copy from operand[0] to operand[1] */
  DfkdOperand operand[DFKD_VULKAN_MAX_BINDINGS];
  guint n_operands;
  guint32 push[DFKD_VULKAN_MAX_PUSH];
  guint n_push;
  guint32 groups[2];
  guint32 slices;   /* of its groups, along the second axis, each in a command buffer of its own */
  gboolean barrier; /* wait for what came before */
  gboolean split;   /* begins another command buffer */
  guint region;
} DfkdCommand;

typedef struct
{
  DfkdVulkan *vulkan;
  const DfkdVulkanBuffer *slab; /* the pieces of it; NULL: nothing recorded will run */
  DfkdPrecision precision;
  GArray *commands; /* of DfkdCommand */
  GArray *touched;  /* of what the commands since the last barrier have touched */
  guint region;
  gboolean split; /* the next command begins another command buffer */
  guint slices;   /* that the dispatches of this step are cut into */
  GError *error;

  /* the dispatch being described */
  char shader[64];
  DfkdCommand command;
  DfkdAccess access[DFKD_VULKAN_MAX_BINDINGS];
  guint32 constants[DFKD_VULKAN_MAX_CONSTANTS];
  guint n_constants;
  guint32 subgroup;
} DfkdVulkanRecorder;

enum {
  DFKD_SOFTWARE_TURNS = 65535, /* of all loops of an invocation */
};

void dfkd_vulkan_recorder_init (DfkdVulkanRecorder *recorder, DfkdVulkan *vulkan, const DfkdVulkanBuffer *slab, DfkdPrecision precision);
void dfkd_vulkan_recorder_clear (DfkdVulkanRecorder *recorder);
void dfkd_vulkan_recorder_fail (DfkdVulkanRecorder *recorder, const char *format, ...) G_GNUC_PRINTF (2, 3);

void dfkd_dispatch_begin (DfkdVulkanRecorder *recorder, const char *shader);
/** dfkd_dispatch_begin_lanes: the same for a shader of lanes.glsl, in fours if @fours. */
void dfkd_dispatch_begin_lanes (DfkdVulkanRecorder *recorder, const char *shader, gboolean fours);
/** dfkd_dispatch_constant: the next specialisation constant, by constant_id */
void dfkd_dispatch_constant (DfkdVulkanRecorder *recorder, guint32 value);
/** dfkd_dispatch_subgroups: the shader counts on full subgroups of @size. */
void dfkd_dispatch_subgroups (DfkdVulkanRecorder *recorder, guint32 size);
void dfkd_dispatch_read (DfkdVulkanRecorder *recorder, const DfkdPlace *place);
/** dfkd_dispatch_read_texels: reads a texel buffer of float32 (@fours: in fours); for the first two operands,
 * both or none, where dfkd_vulkan_recorder_has_texels() */
void dfkd_dispatch_read_texels (DfkdVulkanRecorder *recorder, const DfkdPlace *place, gboolean fours);
/** dfkd_vulkan_recorder_has_texels: TRUE where texel buffers are faster and hold @bytes in elements of @width
 * floats. */
gboolean dfkd_vulkan_recorder_has_texels (DfkdVulkanRecorder *recorder, gsize bytes, gsize width);
void dfkd_dispatch_write (DfkdVulkanRecorder *recorder, const DfkdPlace *place);
void dfkd_dispatch_update (DfkdVulkanRecorder *recorder, const DfkdPlace *place);
/** dfkd_dispatch_uint: the next word of the push constants */
void dfkd_dispatch_uint (DfkdVulkanRecorder *recorder, gsize value);
void dfkd_dispatch_int (DfkdVulkanRecorder *recorder, gint value);
void dfkd_dispatch_float (DfkdVulkanRecorder *recorder, float value);
/** dfkd_dispatch_turns: an invocation makes so many turns of its loops, their ends included: more than DFKD_SOFTWARE_TURNS fail where Mesa's
 * software driver would end them, and say nothing */
void dfkd_dispatch_turns (DfkdVulkanRecorder *recorder, gsize turns);
/** dfkd_dispatch_threads: ends the dispatch: @count invocations, split over two dimensions where need be */
void dfkd_dispatch_threads (DfkdVulkanRecorder *recorder, gsize count);
/** dfkd_dispatch_groups: the same in work groups, for shaders that choose their own size */
void dfkd_dispatch_groups (DfkdVulkanRecorder *recorder, gsize groups);

/** dfkd_record_copy: copies the bytes of @source to the start of @target. */
void dfkd_record_copy (DfkdVulkanRecorder *recorder, const DfkdPlace *source, const DfkdPlace *target);

/** dfkd_place_part: a piece of a place; @offset is a multiple of DFKD_ALIGNMENT. */
DfkdPlace dfkd_place_part (const DfkdPlace *place, gsize offset, gsize bytes);

G_END_DECLS
