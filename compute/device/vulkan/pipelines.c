/* pipelines.c: shader modules and pipelines by name and specialisation.
 *
 * A pipeline is made once a device, when the first program that needs it is prepared: together with all that the program needs,
 * on as many threads as there are processors, since a driver takes up to a tenth of a second for one. */
#include "vulkan-private.h"

#include "pipeline-cache.h"
#include "shader-resources.h"

#include <gio/gio.h>

#include <string.h>

enum
{
  MAX_THREADS = 16,
};

typedef struct
{
  char shader[64];
  guint32 n_bindings, texels, subgroup, based, n_constants, constants[DFKD_VULKAN_MAX_CONSTANTS];
} PipelineKey;

typedef struct
{
  PipelineKey key;
  VkShaderModule module; /* not its own */
  VkPipeline pipeline;   /* VK_NULL_HANDLE until it is made */
} Pipeline;

/* what the threads share: they take the next until there is none */
typedef struct
{
  DfkdVulkan *vulkan;
  gint next;
  gint result; /* VkResult: the last that was no success */
} Making;

static guint
hash_key (gconstpointer data)
{
  const guint8 *bytes = data;
  guint hash = 5381;

  for (gsize i = 0; i < sizeof (PipelineKey); i++)
    hash = hash * 33 + bytes[i];
  return hash;
}

static gboolean
equal_key (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (PipelineKey)) == 0;
}

static gboolean
create_layout (DfkdVulkan *vulkan, guint32 n, guint texels, GError **error)
{
  VkDescriptorSetLayoutBinding bindings[DFKD_VULKAN_MAX_BINDINGS];
  VkPushConstantRange push
      = { .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT, .size = DFKD_VULKAN_MAX_PUSH * sizeof (guint32) };
  VkDescriptorSetLayoutCreateInfo set = {
    .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
    .bindingCount = n,
    .pBindings = bindings,
  };
  VkPipelineLayoutCreateInfo layout = {
    .sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
    .setLayoutCount = 1,
    .pSetLayouts = &vulkan->set_layout[texels][n],
    .pushConstantRangeCount = 1,
    .pPushConstantRanges = &push,
  };

  for (guint32 i = 0; i < n; i++)
    bindings[i] = (VkDescriptorSetLayoutBinding){
      .binding = i,
      .descriptorType = texels > 0 && i < DFKD_VULKAN_TEXELS ? VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER
                                                             : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
      .descriptorCount = 1,
      .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
    };
  return dfkd_vulkan_check (
             vkCreateDescriptorSetLayout (vulkan->device, &set, NULL, &vulkan->set_layout[texels][n]),
             "vkCreateDescriptorSetLayout", error)
         && dfkd_vulkan_check (
             vkCreatePipelineLayout (vulkan->device, &layout, NULL, &vulkan->layout[texels][n]),
             "vkCreatePipelineLayout", error);
}

static gboolean
create_layouts (DfkdVulkan *vulkan, GError **error)
{
  for (guint32 n = 1; n <= DFKD_VULKAN_MAX_BINDINGS; n++)
    for (guint texels = 0; texels < 2; texels++)
      if (!create_layout (vulkan, n, texels, error))
        return FALSE;
  return TRUE;
}

gboolean
dfkd_vulkan_pipelines_open (DfkdVulkan *vulkan, GError **error)
{
  gsize bytes;
  g_autofree char *saved = dfkd_pipeline_cache_load (vulkan, &bytes);
  VkPipelineCacheCreateInfo info = { .sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO,
                                     .initialDataSize = bytes,
                                     .pInitialData = saved };

  vulkan->cache_bytes = bytes;
  vulkan->modules = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  vulkan->pipelines = g_hash_table_new_full (hash_key, equal_key, NULL, g_free);
  vulkan->wanted = g_ptr_array_new ();
  if (vkCreatePipelineCache (vulkan->device, &info, NULL, &vulkan->cache) != VK_SUCCESS)
    {
      info.initialDataSize = 0;
      if (!dfkd_vulkan_check (vkCreatePipelineCache (vulkan->device, &info, NULL, &vulkan->cache),
                              "vkCreatePipelineCache", error))
        return FALSE;
    }
  return create_layouts (vulkan, error);
}

void
dfkd_vulkan_pipelines_close (DfkdVulkan *vulkan)
{
  GHashTableIter iter;
  gpointer value;

  if (vulkan->cache != VK_NULL_HANDLE)
    {
      dfkd_pipeline_cache_save (vulkan);
      vkDestroyPipelineCache (vulkan->device, vulkan->cache, NULL);
    }
  if (vulkan->pipelines != NULL)
    {
      g_hash_table_iter_init (&iter, vulkan->pipelines);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        vkDestroyPipeline (vulkan->device, ((const Pipeline *) value)->pipeline, NULL);
      g_hash_table_unref (vulkan->pipelines);
    }
  g_clear_pointer (&vulkan->wanted, g_ptr_array_unref);
  if (vulkan->modules != NULL)
    {
      g_hash_table_iter_init (&iter, vulkan->modules);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        vkDestroyShaderModule (vulkan->device, (VkShaderModule) value, NULL);
      g_hash_table_unref (vulkan->modules);
    }
  for (guint n = 1; n <= DFKD_VULKAN_MAX_BINDINGS; n++)
    for (guint texels = 0; texels < 2; texels++)
      {
        if (vulkan->layout[texels][n] != VK_NULL_HANDLE)
          vkDestroyPipelineLayout (vulkan->device, vulkan->layout[texels][n], NULL);
        if (vulkan->set_layout[texels][n] != VK_NULL_HANDLE)
          vkDestroyDescriptorSetLayout (vulkan->device, vulkan->set_layout[texels][n], NULL);
      }
}

static VkShaderModule
get_module (DfkdVulkan *vulkan, const char *shader, GError **error)
{
  VkShaderModule module = g_hash_table_lookup (vulkan->modules, shader);
  g_autofree char *path = g_strdup_printf ("/org/dfkd/shaders/%s.spv", shader);
  g_autoptr (GBytes) code = NULL;
  g_autofree guint32 *words = NULL; /* the resource need not be aligned to words */
  gsize bytes;
  VkShaderModuleCreateInfo info = { .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO };

  if (module != VK_NULL_HANDLE)
    return module;
  code = g_resource_lookup_data (dfkd_shaders_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (code == NULL)
    return VK_NULL_HANDLE;
  words = g_memdup2 (g_bytes_get_data (code, &bytes), g_bytes_get_size (code));
  info.codeSize = bytes;
  info.pCode = words;
  if (!dfkd_vulkan_check (vkCreateShaderModule (vulkan->device, &info, NULL, &module), "vkCreateShaderModule",
                          error))
    return VK_NULL_HANDLE;
  g_hash_table_insert (vulkan->modules, g_strdup (shader), module);
  return module;
}

const VkPipeline *
dfkd_vulkan_pipeline (DfkdVulkan *vulkan, const char *shader, guint n_bindings, gboolean texels, guint32 subgroup, gboolean based,
                      const guint32 *constants, guint n_constants, GError **error)
{
  PipelineKey key
      = { .n_bindings = n_bindings, .texels = texels ? 1 : 0, .subgroup = subgroup, .based = based ? 1 : 0, .n_constants = n_constants };
  Pipeline *pipeline;

  g_return_val_if_fail (strlen (shader) < sizeof key.shader, NULL);
  memcpy (key.shader, shader, strlen (shader));
  memcpy (key.constants, constants, n_constants * sizeof (guint32));
  pipeline = g_hash_table_lookup (vulkan->pipelines, &key);
  if (pipeline == NULL)
    {
      VkShaderModule module = get_module (vulkan, shader, error);

      if (module == VK_NULL_HANDLE)
        return NULL;
      pipeline = g_new0 (Pipeline, 1);
      pipeline->key = key;
      pipeline->module = module;
      g_hash_table_insert (vulkan->pipelines, &pipeline->key, pipeline);
    }
  if (pipeline->pipeline == VK_NULL_HANDLE && !g_ptr_array_find (vulkan->wanted, pipeline, NULL))
    g_ptr_array_add (vulkan->wanted, pipeline);
  return &pipeline->pipeline;
}

static VkResult
make (DfkdVulkan *vulkan, Pipeline *pipeline)
{
  const PipelineKey *key = &pipeline->key;
  VkPipelineShaderStageRequiredSubgroupSizeCreateInfo size
      = { .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO,
          .requiredSubgroupSize = key->subgroup };
  VkSpecializationMapEntry entries[DFKD_VULKAN_MAX_CONSTANTS];
  VkSpecializationInfo specialisation = { .mapEntryCount = key->n_constants,
                                          .pMapEntries = entries,
                                          .dataSize = key->n_constants * sizeof (guint32),
                                          .pData = key->constants };
  VkComputePipelineCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
    .flags = key->based ? VK_PIPELINE_CREATE_DISPATCH_BASE_BIT : 0,
    .stage = { .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
               .pNext = key->subgroup > 0 ? &size : NULL,
               .flags = key->subgroup > 0 ? VK_PIPELINE_SHADER_STAGE_CREATE_REQUIRE_FULL_SUBGROUPS_BIT : 0,
               .stage = VK_SHADER_STAGE_COMPUTE_BIT,
               .module = pipeline->module,
               .pName = "main",
               .pSpecializationInfo = &specialisation },
    .layout = vulkan->layout[key->texels][key->n_bindings],
  };

  for (guint32 i = 0; i < key->n_constants; i++)
    entries[i] = (VkSpecializationMapEntry){ .constantID = i,
                                             .offset = i * (guint32) sizeof (guint32),
                                             .size = sizeof (guint32) };
  return vkCreateComputePipelines (vulkan->device, vulkan->cache, 1, &info, NULL, &pipeline->pipeline);
}

static gpointer
make_next (gpointer data)
{
  Making *making = data;
  gint next;

  while ((next = g_atomic_int_add (&making->next, 1)) < (gint) making->vulkan->wanted->len)
    {
      Pipeline *pipeline = making->vulkan->wanted->pdata[next];
      VkResult result = make (making->vulkan, pipeline);

      if (result != VK_SUCCESS)
        {
          pipeline->pipeline = VK_NULL_HANDLE;
          g_atomic_int_set (&making->result, result);
        }
    }
  return NULL;
}

gboolean
dfkd_vulkan_make_pipelines (DfkdVulkan *vulkan, GError **error)
{
  guint wanted = vulkan->wanted->len, n_threads = MIN (MIN (wanted, g_get_num_processors ()), MAX_THREADS);
  Making making = { .vulkan = vulkan, .result = VK_SUCCESS };
  GThread *threads[MAX_THREADS];

  if (wanted == 0)
    return TRUE;
  for (guint i = 1; i < n_threads; i++)
    threads[i] = g_thread_try_new ("pipelines", make_next, &making, NULL);
  make_next (&making);
  for (guint i = 1; i < n_threads; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
  for (guint i = 0; i < wanted; i++)
    vulkan->counters->pipelines += ((const Pipeline *) vulkan->wanted->pdata[i])->pipeline != VK_NULL_HANDLE;
  dfkd_vulkan_forget_pipelines (vulkan);
  return dfkd_vulkan_check ((VkResult) making.result, "vkCreateComputePipelines", error);
}

void
dfkd_vulkan_forget_pipelines (DfkdVulkan *vulkan)
{
  g_ptr_array_set_size (vulkan->wanted, 0);
}
