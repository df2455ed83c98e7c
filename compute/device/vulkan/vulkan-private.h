/* vulkan-private.h: what the files of the Vulkan backend share: the device, its buffers and its pipelines.
 *
 * Nothing outside this folder may see it, and no op is known here (emit.h knows those). */
#pragma once

#include "device-private.h"

#include <vulkan/vulkan.h>

G_BEGIN_DECLS

enum
{
  DFKD_VULKAN_MAX_BINDINGS = 6, /* of adam.comp, channel-mix.comp and epilogue.glsl, which have the most */
  DFKD_VULKAN_TEXELS = 2,       /* operands that a shader may read as texel buffers: its first */
  DFKD_VULKAN_MAX_CONSTANTS = 13,
  DFKD_VULKAN_MAX_PUSH = 32,    /* words: the 128 bytes that every device has */
  DFKD_VULKAN_GROUP_SIZE = 128, /* the largest work group that every device has */
  DFKD_VULKAN_STAGES = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT, /* of all commands here */
};

typedef struct
{
  VkBuffer buffer;
  VkDeviceMemory memory;
  gsize bytes;
  void *mapped; /* NULL where the host cannot reach it */
} DfkdVulkanBuffer;

typedef struct
{
  VkInstance instance;
  VkDebugUtilsMessengerEXT messenger; /* only with DFKD_VALIDATE=1 */
} DfkdVulkanInstance;

typedef struct _DfkdTuning DfkdTuning;

typedef enum
{
  DFKD_WINOGRAD_NEVER,
  DFKD_WINOGRAD_BY_SHAPE,
  DFKD_WINOGRAD_ALWAYS, /* wherever it is possible, for tests */
} DfkdWinograd;

/** DfkdMatrices: the cooperative matrices that kernels use (matrices.h) */
typedef struct
{
  guint32 rows, columns, depth; /* 0: there are none */
  guint32 subgroup;             /* invocations */
  guint32 most_subgroups;       /* of a work group */
  gboolean emulated;            /* by ordinary arithmetic, for tests */
  gint spoiled;                 /* the tiling that computes something wrong, for tests; −1: none */
} DfkdMatrices;

typedef struct
{
  DfkdVulkanInstance instance;
  VkPhysicalDevice physical;
  VkPhysicalDeviceProperties properties;
  VkPhysicalDeviceMemoryProperties memory;
  guint64 largest_buffer; /* bytes */
  double most_flop;       /* about as much as one command buffer may compute, and one dispatch */
  gsize piece;            /* bytes of the buffers that temporaries lie in, all but the last */
  guint8 uuid[VK_UUID_SIZE];
  gboolean software;  /* a driver that runs on the processor: other kernels are fast there */
  gboolean shared;    /* kernels for real GPUs: shared memory instead of large register tiles */
  DfkdWinograd winograd;
  gboolean fuses;     /* kernels do what comes next to their results */
  gboolean float16;   /* shaders may compute in float16 */
  DfkdMatrices matrices;
  gboolean subgroups; /* invocations of a subgroup may read each other's values */
  /* the same tiling for every product, for tests and measurements, and whether it is one of matrices; −1: the best */
  gint forced_tiling;
  gboolean forced_matrices;
  gboolean unified;   /* the host may map device memory where it is cached: it reads that at full speed */
  guint32 family, timestamp_bits;

  DfkdTuning *tuning;              /* NULL: tilings are guessed */
  const struct _DfkdTiling *trial; /* the tiling being timed */
  struct _DfkdProblem *asked;      /* where the next problem is noted, if anywhere */
  gboolean wipes;                  /* programs that are prepared begin with temporaries that are no numbers */

  VkDevice device;
  VkQueue queue;
  gboolean lost;               /* for good: nothing runs on it any more */
  gboolean busy;               /* something was submitted since the host last waited for the queue */
  VkSemaphore done;            /* counts the command buffers that are done */
  guint64 submitted, finished; /* the last one submitted, the last that is known to be done */
  gint64 seen;                 /* when the host last saw a program's runs done */
  GArray *collected;           /* of VkSubmitInfo: what the next submit hands over, a command buffer each */
  GArray *signals, *numbers;   /* of VkTimelineSemaphoreSubmitInfo, guint64: those of the last submit */
  gboolean batching;           /* runs wait for dfkd_device_end_batch() */
  DfkdDeviceCounters *counters;

  VkCommandPool pool;
  VkCommandBuffer transfer;
  DfkdVulkanBuffer staging; /* made at the first transfer that needs it */
  DfkdVulkanBuffer nothing; /* bound where an optional operand is absent */

  /* by number of bindings, and by whether the first DFKD_VULKAN_TEXELS of them are texel buffers */
  VkDescriptorSetLayout set_layout[2][DFKD_VULKAN_MAX_BINDINGS + 1];
  VkPipelineLayout layout[2][DFKD_VULKAN_MAX_BINDINGS + 1];
  VkPipelineCache cache;
  gsize cache_bytes;     /* of its file */
  GHashTable *modules;   /* shader name → VkShaderModule */
  GHashTable *pipelines; /* PipelineKey → Pipeline, of pipelines.c */
  GPtrArray *wanted;     /* those of them that are to be made */
} DfkdVulkan;

/** dfkd_vulkan_check: TRUE for success; else sets @error naming @call, with what to do where that is known.
 */
gboolean dfkd_vulkan_check (VkResult result, const char *call, GError **error);

/* instance.c */
gboolean dfkd_vulkan_instance_open (DfkdVulkanInstance *instance, GError **error);
void dfkd_vulkan_instance_close (DfkdVulkanInstance *instance);
gboolean dfkd_vulkan_has_extension (const VkExtensionProperties *extensions, guint32 n, const char *name);
/** dfkd_vulkan_enumerate: (element-type VkPhysicalDevice): all devices with Vulkan 1.2, in the driver's order: positions are
 * what "vulkan:N" counts. */
GArray *dfkd_vulkan_enumerate (VkInstance instance, GError **error);
/** dfkd_vulkan_choose_family: the queue family to compute on: one without graphics, which does not keep the screen waiting, if
 * it times as well as the first that computes; G_MAXUINT32 if none does. */
guint32 dfkd_vulkan_choose_family (const VkQueueFamilyProperties *families, guint32 n);
void dfkd_vulkan_describe (VkPhysicalDevice physical, guint index, DfkdDeviceDescription *description);

/* memory.c */
typedef enum
{
  DFKD_MEMORY_DEVICE,    /* fastest for the device */
  DFKD_MEMORY_TO_DEVICE, /* mapped; written by the host, little and often */
  DFKD_MEMORY_TO_HOST,   /* mapped, cached; read by the host */
} DfkdMemoryUse;

/** dfkd_vulkan_choose_memory: the type of memory for @use among those of the bits @allowed; @unified: that of the device is mapped.
 * G_MAXUINT32 if none will do. */
guint32 dfkd_vulkan_choose_memory (const VkPhysicalDeviceMemoryProperties *memory, guint32 allowed, DfkdMemoryUse use,
                                   gboolean unified);
gboolean dfkd_vulkan_buffer_new (DfkdVulkan *vulkan, gsize bytes, DfkdMemoryUse use, const char *what,
                                 DfkdVulkanBuffer *buffer, GError **error);
void dfkd_vulkan_buffer_clear (DfkdVulkan *vulkan, DfkdVulkanBuffer *buffer);
gboolean dfkd_vulkan_allocate (DfkdDevice *device, DfkdBlock *block, GError **error);
gboolean dfkd_vulkan_write (DfkdDevice *device, DfkdBlock *block, gsize offset, const void *data, gsize bytes,
                            GError **error);
gboolean dfkd_vulkan_read (DfkdDevice *device, DfkdBlock *block, gsize offset, void *data, gsize bytes,
                           GError **error);
/** dfkd_vulkan_block_buffer: the buffer behind a block, NULL if another device or none allocated it. */
const DfkdVulkanBuffer *dfkd_vulkan_block_buffer (DfkdVulkan *vulkan, const DfkdBlock *block);
/* queue.c */
/** dfkd_vulkan_check_queue: dfkd_vulkan_check() of a call that tells when the device is lost, which is noted. */
gboolean dfkd_vulkan_check_queue (DfkdVulkan *vulkan, VkResult result, const char *call, GError **error);
gboolean dfkd_vulkan_queue_open (DfkdVulkan *vulkan, GError **error);
void dfkd_vulkan_queue_close (DfkdVulkan *vulkan);
/** dfkd_vulkan_collect: adds command buffers to the next submit; they stay the caller's. Returns the number of the last one.
 */
guint64 dfkd_vulkan_collect (DfkdVulkan *vulkan, const VkCommandBuffer *commands, guint n);
/** dfkd_vulkan_submit: hands over what is collected, if anything is. */
gboolean dfkd_vulkan_submit (DfkdVulkan *vulkan, GError **error);
gboolean dfkd_vulkan_is_done (DfkdVulkan *vulkan, guint64 number);
/** dfkd_vulkan_wait_for: waits for command buffer @number, which is handed over now if it was only collected. */
gboolean dfkd_vulkan_wait_for (DfkdVulkan *vulkan, guint64 number, GError **error);
/** dfkd_vulkan_idle: hands over what is collected and waits until everything is done. */
gboolean dfkd_vulkan_idle (DfkdVulkan *vulkan, GError **error);
void dfkd_vulkan_begin_batch (DfkdDevice *device);
gboolean dfkd_vulkan_end_batch (DfkdDevice *device, GError **error);

/* pipelines.c */
gboolean dfkd_vulkan_pipelines_open (DfkdVulkan *vulkan, GError **error);
void dfkd_vulkan_pipelines_close (DfkdVulkan *vulkan);
/** dfkd_vulkan_pipeline: asks for a pipeline.
 * @subgroup: the size of full subgroups that it has to have; 0: any
 * @based: its dispatches need not begin with the first group
 * Returns: (transfer none): where it is after dfkd_vulkan_make_pipelines(); NULL with @error */
const VkPipeline *dfkd_vulkan_pipeline (DfkdVulkan *vulkan, const char *shader, guint n_bindings, gboolean texels,
                                        guint32 subgroup, gboolean based, const guint32 *constants, guint n_constants, GError **error);
/** dfkd_vulkan_make_pipelines: makes all that were asked for since the last call and are not there yet. Errors: DFKD_ERROR_DEVICE
 * if the driver makes one of them not; the others are made all the same. */
gboolean dfkd_vulkan_make_pipelines (DfkdVulkan *vulkan, GError **error);
/** dfkd_vulkan_forget_pipelines: those asked for since are not needed. */
void dfkd_vulkan_forget_pipelines (DfkdVulkan *vulkan);

/* emit.c */
/** dfkd_vulkan_workspace: bytes of scratch that the kernels of @step want; depends on shapes and limits only.
 */
gsize dfkd_vulkan_workspace (DfkdVulkan *vulkan, const DfkdStep *step);

/* program.c */
gboolean dfkd_vulkan_prepare (DfkdDevice *device, DfkdProgram *program, GError **error);
void dfkd_vulkan_release (DfkdProgram *program);
gboolean dfkd_vulkan_run (DfkdProgram *program, GError **error);
gboolean dfkd_vulkan_wait (DfkdProgram *program, GError **error);
/** dfkd_vulkan_probe: @seconds: what a run would take if all of its command buffers took as long as the first, which runs alone: what it
 * leaves is no result; 0 where there is only one, which does not run */
gboolean dfkd_vulkan_probe (DfkdProgram *program, double *seconds, GError **error);
/** dfkd_vulkan_profile: prepares the plan once more, with memory of its own. */
gboolean dfkd_vulkan_profile (DfkdProgram *program, double *seconds, GError **error);
gconstpointer dfkd_vulkan_results (DfkdProgram *program, guint age, double *seconds);

G_END_DECLS
