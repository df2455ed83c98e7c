/* pipelines.c: shader modules and pipelines by name and specialisation, and their cache on disk.
 *
 * A pipeline is made once a device, when the first program that needs it is prepared. The cache file is a
 * convenience: whatever is wrong with it, it is ignored and written anew. */
#include "vulkan-private.h"

#include "errors.h"
#include "shader-resources.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include <string.h>

typedef struct
{
  char shader[64];
  guint32 n_bindings, texels, subgroup, n_constants, constants[DFKD_VULKAN_MAX_CONSTANTS];
} PipelineKey;

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

static char *
cache_path (DfkdVulkan *vulkan)
{
  g_autoptr (GString) name = g_string_new ("pipelines-");

  for (guint i = 0; i < VK_UUID_SIZE; i++)
    g_string_append_printf (name, "%02x", vulkan->properties.pipelineCacheUUID[i]);
  for (guint i = 0; i < VK_UUID_SIZE; i++)
    g_string_append_printf (name, "%02x", vulkan->uuid[i]);
  return g_build_filename (g_get_user_cache_dir (), "dfkd", name->str, NULL);
}

/* Drivers must check the header, but some trust it: so check it here too (Vulkan 1.2, 10.6). */
static gboolean
cache_fits (DfkdVulkan *vulkan, const char *data, gsize bytes)
{
  guint32 header[4];

  if (bytes < sizeof header + VK_UUID_SIZE)
    return FALSE;
  memcpy (header, data, sizeof header);
  return header[0] >= sizeof header + VK_UUID_SIZE && header[1] == VK_PIPELINE_CACHE_HEADER_VERSION_ONE
         && header[2] == vulkan->properties.vendorID && header[3] == vulkan->properties.deviceID
         && memcmp (data + sizeof header, vulkan->properties.pipelineCacheUUID, VK_UUID_SIZE) == 0;
}

/* A checksum stands after the driver's data: a file cut short must not reach the driver. */
static char *
load_cache (DfkdVulkan *vulkan, gsize *bytes)
{
  g_autofree char *path = cache_path (vulkan), *data = NULL, *sum = NULL;
  gsize length;

  *bytes = 0;
  if (!g_file_get_contents (path, &data, &length, NULL) || length < 64)
    return NULL;
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) data, length - 64);
  if (memcmp (sum, data + length - 64, 64) != 0 || !cache_fits (vulkan, data, length - 64))
    return NULL;
  *bytes = length - 64;
  return g_steal_pointer (&data);
}

static void
save_cache (DfkdVulkan *vulkan)
{
  g_autofree char *path = cache_path (vulkan), *folder = g_path_get_dirname (path), *sum = NULL;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  size_t bytes = 0;

  if (vkGetPipelineCacheData (vulkan->device, vulkan->cache, &bytes, NULL) != VK_SUCCESS
      || bytes == vulkan->cache_bytes)
    return;
  g_byte_array_set_size (file, (guint) bytes);
  if (vkGetPipelineCacheData (vulkan->device, vulkan->cache, &bytes, file->data) != VK_SUCCESS)
    return;
  g_byte_array_set_size (file, (guint) bytes);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, file->data, file->len);
  g_byte_array_append (file, (const guint8 *) sum, 64);
  g_mkdir_with_parents (folder, 0700);
  /* failing to save is no error: the next start is slower, nothing else */
  g_file_set_contents_full (path, (const char *) file->data, (gssize) file->len,
                            G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
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
  g_autofree char *saved = load_cache (vulkan, &bytes);
  VkPipelineCacheCreateInfo info = { .sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO,
                                     .initialDataSize = bytes,
                                     .pInitialData = saved };

  vulkan->cache_bytes = bytes;
  vulkan->modules = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  vulkan->pipelines = g_hash_table_new_full (hash_key, equal_key, g_free, NULL);
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
      save_cache (vulkan);
      vkDestroyPipelineCache (vulkan->device, vulkan->cache, NULL);
    }
  if (vulkan->pipelines != NULL)
    {
      g_hash_table_iter_init (&iter, vulkan->pipelines);
      while (g_hash_table_iter_next (&iter, NULL, &value))
        vkDestroyPipeline (vulkan->device, (VkPipeline) value, NULL);
      g_hash_table_unref (vulkan->pipelines);
    }
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

VkPipeline
dfkd_vulkan_pipeline (DfkdVulkan *vulkan, const char *shader, guint n_bindings, gboolean texels, guint32 subgroup,
                      const guint32 *constants, guint n_constants, GError **error)
{
  PipelineKey key
      = { .n_bindings = n_bindings, .texels = texels ? 1 : 0, .subgroup = subgroup, .n_constants = n_constants };
  VkPipelineShaderStageRequiredSubgroupSizeCreateInfo size
      = { .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO,
          .requiredSubgroupSize = subgroup };
  VkSpecializationMapEntry entries[DFKD_VULKAN_MAX_CONSTANTS];
  VkSpecializationInfo specialisation = { .mapEntryCount = n_constants,
                                          .pMapEntries = entries,
                                          .dataSize = n_constants * sizeof (guint32),
                                          .pData = constants };
  VkComputePipelineCreateInfo info = {
    .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
    .stage = { .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
               .pNext = subgroup > 0 ? &size : NULL,
               .flags = subgroup > 0 ? VK_PIPELINE_SHADER_STAGE_CREATE_REQUIRE_FULL_SUBGROUPS_BIT : 0,
               .stage = VK_SHADER_STAGE_COMPUTE_BIT,
               .pName = "main",
               .pSpecializationInfo = &specialisation },
    .layout = vulkan->layout[texels ? 1 : 0][n_bindings],
  };
  VkPipeline pipeline;

  g_return_val_if_fail (strlen (shader) < sizeof key.shader, VK_NULL_HANDLE);
  memcpy (key.shader, shader, strlen (shader));
  memcpy (key.constants, constants, n_constants * sizeof (guint32));
  pipeline = g_hash_table_lookup (vulkan->pipelines, &key);
  if (pipeline != VK_NULL_HANDLE)
    return pipeline;
  info.stage.module = get_module (vulkan, shader, error);
  if (info.stage.module == VK_NULL_HANDLE)
    return VK_NULL_HANDLE;
  for (guint32 i = 0; i < n_constants; i++)
    entries[i] = (VkSpecializationMapEntry){ .constantID = i,
                                             .offset = i * (guint32) sizeof (guint32),
                                             .size = sizeof (guint32) };
  if (!dfkd_vulkan_check (vkCreateComputePipelines (vulkan->device, vulkan->cache, 1, &info, NULL, &pipeline),
                          "vkCreateComputePipelines", error))
    return VK_NULL_HANDLE;
  vulkan->counters->pipelines++;
  g_hash_table_insert (vulkan->pipelines, g_memdup2 (&key, sizeof key), pipeline);
  return pipeline;
}
